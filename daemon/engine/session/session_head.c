/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_head.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double METRICS_HZ = 50;

void session_summary_clear_score(struct session_summary *summary)
{
    memset(summary->score_plan, 0, sizeof summary->score_plan);
    summary->score = (struct score_parts){NAN, NAN, NAN, NAN, NAN, NAN};
}

void session_summary_take_score(struct session_summary *summary,
                                const struct session_score_row *row)
{
    session_summary_clear_score(summary);
    if (row->plan[0] == '\0')
        return;
    memcpy(summary->score_plan, row->plan, sizeof summary->score_plan - 1);
    summary->score = (struct score_parts){.practice_score = row->practice_score,
                                          .pressure_pct = row->pressure_pct,
                                          .pace_pct = row->pace_pct,
                                          .regularity_pct = row->regularity_pct,
                                          .holds_pct = row->holds_pct,
                                          .time_pct = row->time_pct};
}

void session_head_finish(struct session_head *head)
{
    array_layout_finish(&head->layout);
    free(head->zero);
    free(head->settings);
    free(head->channels);
    session_documents_finish(&head->documents);
    memset(head, 0, sizeof *head);
}

uint32_t session_metrics_every(double rate_hz)
{
    long n = lround(rate_hz / METRICS_HZ);
    return n < 1 ? 1 : (uint32_t)n;
}
