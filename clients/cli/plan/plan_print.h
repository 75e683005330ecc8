/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_print.h - a treatment plan as a page for people */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include <stdio.h>

#include "technique/plan.h"

void plan_print_page(FILE *out, const struct plan *plan);

/** "myofascial release". @param text out: [n_space] */
void plan_print_technique(char *text, size_t n_space, enum technique technique);

/** "90 s", "4 min", "4 min 30 s". @param text out: [n_space] */
void plan_print_duration(char *text, size_t n_space, double duration_s);

#endif
