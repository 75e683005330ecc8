/* SPDX-License-Identifier: MIT */
/* hand_motion.h - what a motion sensor on the back of the working hand reads
 *
 * The hand follows the pose's centre of force as a mass on a critically damped spring does, so that
 * its path has an acceleration everywhere, also where the script lifts it and puts it elsewhere.
 * Force presses it into the flesh; where it touches nothing it hangs above. It leans into the way
 * that it is pushed. The sensor adds gravity, the palm facing down, and a little noise.
 * Plausible and no more: no limb is modelled. Samples stand on a grid of 208 Hz from the first
 * scan on, whatever the rate of scans, so that they follow from the script alone. */
#ifndef HAND_MOTION_H
#define HAND_MOTION_H

#include <stdbool.h>

#include "stimulus.h"
#include "therapist/move.h"
#include "therapist/pcg.h"

enum { HAND_MOTION_KEPT = 32, HAND_MOTION_RATE_HZ = 208 };

/* One coordinate of the hand, drawn after its target. */
struct hand_coordinate {
    double at, speed, acceleration;
};

struct hand_motion {
    bool started;
    double time_s;    /* of the last pose */
    double wanted[3]; /* there: x and y on the body, depth into it; metres */
    uint64_t n_steps; /* of the grid, since the beginning */
    double target[3]; /* wanted, at the speed of an arm at most */
    struct hand_coordinate place[3], lean[2]; /* lean: radians about the hand's x and y */
    struct pcg noise;

    struct stimulus_motion kept[HAND_MOTION_KEPT];
    unsigned oldest, n_kept;
};

void hand_motion_init(struct hand_motion *motion);

/**
 * The hand goes on to where `pose` has it at `time_s`, which never goes back.
 * @param hands  enum hands_used: the right hand wears the glove if it takes part, else the left
 */
void hand_motion_follow(struct hand_motion *motion, const struct pose *pose, unsigned hands,
                        double time_s);

/** The oldest sample that was not taken yet; of more than HAND_MOTION_KEPT the oldest go. */
bool hand_motion_take(struct hand_motion *motion, struct stimulus_motion *sample);

#endif
