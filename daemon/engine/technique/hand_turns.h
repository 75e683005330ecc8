/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hand_turns.h - do two hands take turns?
 *
 * Where each of the last cycles pressed. With two hands in turn the place goes to and fro from
 * cycle to cycle; a hand that wanders goes on in one way. So the second difference, taken with
 * alternating sign, is the way from hand to hand, and its spread says whether to believe it. */
#ifndef HAND_TURNS_H
#define HAND_TURNS_H

#include <stdbool.h>

enum { HAND_TURNS_MAX = 8 };

struct hand_turns {
    unsigned n;
    float x_mm[HAND_TURNS_MAX], y_mm[HAND_TURNS_MAX]; /* oldest first */
    bool apart;                                       /* two hands are told apart */
    unsigned last; /* hand of the last cycle: 1 or 2, the second further along +x, or +y when
                      they lie above each other; 0: not told */
};

void hand_turns_reset(struct hand_turns *turns);

/**
 * A cycle that pressed there.
 * @param least_mm  hands are never nearer
 * @return its hand: 1, 2; 0: not told apart
 */
unsigned hand_turns_add(struct hand_turns *turns, float x_mm, float y_mm, float least_mm);

#endif
