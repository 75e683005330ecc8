/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coaching_print.h - what the coach said of a recording, and the practice score */
#ifndef COACHING_PRINT_H
#define COACHING_PRINT_H

#include <stdio.h>

#include "coaching_run.h"

/** {"type":"cue",...}: the last that was said. */
void coaching_print_cue(FILE *out, const struct coaching_run *run);

/** {"type":"practice_score",...} */
void coaching_print_score(FILE *out, const struct coaching_run *run);

/** All of it, as a page for people. */
void coaching_print_page(FILE *out, const struct coaching_run *run);

#endif
