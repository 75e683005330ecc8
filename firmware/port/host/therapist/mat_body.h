/* SPDX-License-Identifier: MIT */
/* mat_body.h - a person lying on the mat: weight, breath and restlessness
 *
 * About 700 N lie on the mat in ten places. Breathing (0.2-0.3 Hz) shifts some of the trunk's load
 * between chest and pelvis; now and then the person moves, and load goes from one side to the
 * other. Hands on top arrive as broad, delayed changes of load: the body between spreads a contact
 * over some 20 cm and takes the edge off fast strokes. */
#ifndef MAT_BODY_H
#define MAT_BODY_H

#include "therapist/move.h"
#include "therapist/pcg.h"
#include "therapist/surface.h"

enum { MAT_PLACES = 10 };

struct mat_body {
    size_t n_taxels;
    float *weight_kpa; /* [MAT_PLACES * n_taxels] of each place at rest; owned */
    struct pcg draws;
    double breath_start_s, breath_end_s, breath_depth;
    double shift_start_s, shift_next_s;
    float share[MAT_PLACES], share_from[MAT_PLACES]; /* of the weight at rest */
    double last_s;
    float felt_n[N_HANDS], felt_x_mm[N_HANDS], felt_y_mm[N_HANDS]; /* hands, through the body */
};

THENAR_NODISCARD enum thenar_status mat_body_init(struct mat_body *body,
                                                  const struct surface *surface, uint64_t seed);
void mat_body_finish(struct mat_body *body);

/**
 * Press the body's weight, and the hands through it.
 * @param time_s        scene time; never goes back
 * @param pose          hands on top of the body; borrowed
 * @param pressure_kpa  in and out: [n_taxels]
 * Context: allocates nothing
 */
void mat_body_press(struct mat_body *body, const struct surface *surface, double time_s,
                    const struct pose *pose, float *pressure_kpa);

#endif
