/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_from.h - `thenar plan from RECORDING`: the instructor's own hands become the bands */
#ifndef PLAN_FROM_H
#define PLAN_FROM_H

#include "recording_takes.h"
#include "technique/plan.h"

/* What only the instructor knows: texts, and where each step is. */
#define PLAN_FROM_BLANK "(fill this in)"
#define PLAN_FROM_REGION "(region)"

/** @param argc, argv  argv[0] is "from" @return enum exit_code */
int plan_from_command(int argc, char **argv);

/**
 * A plan of what was done, in its order: each run of a technique is a step.
 * @param takes  its runs are joined (recording_takes_join)
 * @param name  of the recording, for the bands' sources
 * @return THENAR_OK; THENAR_ERR_VALUE nothing in it makes a step, or its pressures are not kPa
 */
THENAR_NODISCARD enum thenar_status plan_from_takes(struct plan *plan,
                                                    struct recording_takes *takes, const char *name,
                                                    struct thenar_error *error);

#endif
