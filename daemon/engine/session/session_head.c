/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_head.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double METRICS_HZ = 50;

void session_head_finish(struct session_head *head)
{
    array_layout_finish(&head->layout);
    free(head->zero);
    free(head->settings);
    free(head->channels);
    free(head->plan_text);
    memset(head, 0, sizeof *head);
}

uint32_t session_metrics_every(double rate_hz)
{
    long n = lround(rate_hz / METRICS_HZ);
    return n < 1 ? 1 : (uint32_t)n;
}
