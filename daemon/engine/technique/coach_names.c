/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

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
    static const char *const names[] = {"",     "pressure", "pace",   "regularity",
                                        "hold", "time",     "comfort"};
    return (unsigned)measure < sizeof names / sizeof *names ? names[measure] : "";
}

const char *coach_measure_unit(enum coach_measure measure)
{
    static const char *const units[] = {"", "kPa", "1/min", "%", "s", "s", ""};
    return (unsigned)measure < sizeof units / sizeof *units ? units[measure] : "";
}

static const char *const policies[N_COACH_POLICIES] = {"trusted", "all", "off"};

const char *coach_policy_name(enum coach_policy policy)
{
    return (unsigned)policy < N_COACH_POLICIES ? policies[policy] : "";
}

enum coach_policy coach_policy_from_name(const char *name)
{
    for (unsigned i = 0; i < N_COACH_POLICIES; i++)
        if (strcmp(policies[i], name) == 0)
            return (enum coach_policy)i;
    return N_COACH_POLICIES;
}
