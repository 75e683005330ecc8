/* SPDX-License-Identifier: MIT */
/* acting.h - strings the cycles of a script's steps together, and tells the truth about them
 *
 * A step begins with the hands in the air; they are laid on, do as many whole cycles as fit, and
 * are lifted. Each cycle draws its length, force and place; each step draws from a stream of its
 * own, so that what it does never depends on when or how often anyone looks. */
#ifndef ACTING_H
#define ACTING_H

#include "error.h"
#include "therapist/move.h"
#include "therapist/pcg.h"
#include "therapist/therapist_script.h"
#include "therapist/truth_log.h"
#include "therapist/unrest.h"

struct acting_cycle {
    double start_s; /* scene time */
    struct cycle_plan plan;
    uint64_t index;
    float x_mm, y_mm, force_n;                /* as drawn, reached at the cycle's end */
    float from_x_mm, from_y_mm, from_force_n; /* of the cycle before, where hands stay on */
};

enum acting_state { ACTING_CYCLES, ACTING_DONE };

struct acting {
    const struct therapist_script *script; /* borrowed */
    struct stage stage;
    uint64_t seed;
    bool loop;
    struct truth_log *truth; /* borrowed; NULL: nowhere */

    bool over;
    enum acting_state state;
    uint64_t n_loops;
    size_t step_index;
    double step_start_s, budget_end_s;
    double hands_on_s, hands_off_s; /* hands_off: known once the last cycle is over */
    struct pcg draws;
    struct unrest unrest;
    struct acting_cycle cycle;
    struct truth_sum sum; /* of the step so far */
};

/** Begin at scene time 0. */
void acting_init(struct acting *acting, const struct therapist_script *script,
                 const struct stage *stage, uint64_t seed, bool loop, struct truth_log *truth);

/** Go on to `time_s`, which never goes back; what ended by then is written to the truth. */
void acting_advance(struct acting *acting, double time_s);

/** End the step under way at `time_s`, so that the truth has it. */
void acting_stop(struct acting *acting, double time_s);

/** Where the hands are at `time_s`, within the cycle that acting_advance() reached. */
void acting_pose(const struct acting *acting, double time_s, struct pose *pose);

/** enum hands_used of the step under way. */
unsigned acting_hands(const struct acting *acting);

/** The length of time that a step's cycles may take of its duration; for the script's checks. */
double acting_budget_s(const struct step *step);

#endif
