/* SPDX-License-Identifier: MIT */
/* unrest.h - what no hand can help: its force and its place wander, each pad's share of the load
 * too
 *
 * Sums of sinusoids from a twentieth of a hertz to a few, incommensurate, each hand's and each
 * pad's by phases of its own: smooth, never the same twice in a step, and a pure function of time,
 * so that nothing depends on when anyone looks. The weights fall with frequency, as they do in
 * recordings of held forces (1/f: Slifkin & Newell 1999, doi 10.1037/0096-1523.25.3.837). */
#ifndef UNREST_H
#define UNREST_H

#include "therapist/move.h"

/* Of one step, as drawn. */
struct unrest {
    double tremor_hz, drift_hz; /* 8-12, and 0.05-0.15 */
    double tremor_turn, drift_turn;
};

/**
 * Lets a pose waver by the step's unrest_pct and sway_mm; leaves it when both are 0.
 * @param in_s  since the step began
 */
void unrest_apply(const struct unrest *unrest, const struct step *step, double in_s,
                  struct pose *pose);

#endif
