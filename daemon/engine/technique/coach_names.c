/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "technique/coach.h"

const char *coach_word_name(enum coach_word word)
{
    static const char *const names[N_COACH_WORDS] = {
        [COACH_NOTHING] = "",      [COACH_LIGHTER] = "lighter", [COACH_DEEPER] = "deeper",
        [COACH_SLOWER] = "slower", [COACH_FASTER] = "faster",   [COACH_STEADIER] = "steadier",
        [COACH_HOLD] = "hold",     [COACH_MOVE_ON] = "move on", [COACH_GOOD] = "good",
        [COACH_STOP] = "stop",
    };
    return (unsigned)word < N_COACH_WORDS ? names[word] : "";
}

const char *coach_measure_name(enum coach_measure measure)
{
    static const char *const names[] = {"",     "pressure", "pace",    "regularity",
                                        "hold", "time",     "comfort", "technique"};
    return (unsigned)measure < sizeof names / sizeof *names ? names[measure] : "";
}

const char *coach_measure_unit(enum coach_measure measure)
{
    static const char *const units[] = {"", "kPa", "1/min", "%", "s", "s", "", ""};
    return (unsigned)measure < sizeof units / sizeof *units ? units[measure] : "";
}

void coach_tell_technique(char *text, size_t n_space, enum technique technique)
{
    (void)snprintf(text, n_space, "%s", technique_name(technique));
    for (char *c = text; *c; c++)
        if (*c == '_')
            *c = ' ';
}
