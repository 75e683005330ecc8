/* SPDX-License-Identifier: GPL-3.0-or-later */
/* health_page.h - what machines ask the gateway: /metrics for Prometheus, /healthz */
#ifndef HEALTH_PAGE_H
#define HEALTH_PAGE_H

#include <stdbool.h>

struct gateway;

/** Text exposition format 0.0.4; for free(); NULL: out of memory. */
char *health_page_metrics(const struct gateway *gateway);

/** True when at least one daemon has said something in the last five seconds. */
bool health_page_is_well(const struct gateway *gateway);

#endif
