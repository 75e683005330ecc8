/* SPDX-License-Identifier: MIT */
#include "therapist/glove_map.h"

#include <math.h>

/* Centre and semi-axes of each part, in half extents of the array: a glove's array is as large as
 * the hand. */
struct region {
    float x, y, a, b;
};

static const struct region regions[N_PARTS] = {
    [PART_PALM] = {0.15F, 0.25F, 0.50F, 0.30F},     [PART_HEEL] = {0.10F, 0.72F, 0.55F, 0.22F},
    [PART_THUMB] = {-0.78F, 0.12F, 0.18F, 0.28F},   [PART_INDEX] = {-0.42F, -0.55F, 0.16F, 0.30F},
    [PART_MIDDLE] = {-0.08F, -0.65F, 0.16F, 0.30F}, [PART_RING] = {0.27F, -0.57F, 0.16F, 0.30F},
    [PART_LITTLE] = {0.62F, -0.40F, 0.15F, 0.26F},  [PART_EDGE] = {0.78F, 0.30F, 0.17F, 0.45F},
    [PART_FIST] = {0.10F, -0.30F, 0.62F, 0.20F},    [PART_FOREARM] = {0.10F, 0.85F, 0.50F, 0.15F},
};

static const float shear_hz = 7.0F;     /* stick and slip over skin: a choice of this model */
static const float shear_share = 0.03F; /* of the pressure, at full speed */
static const float shear_full_mm_s = 60.0F;
static const float forearm_share = 0.1F; /* what the hand feels of a forearm's work */

void glove_map_pose(const struct stage *stage, unsigned hands, double time_s, struct pose *pose)
{
    unsigned worn = hands & HANDS_RIGHT ? HAND_RIGHT : HAND_LEFT;
    float moving = fminf(pose->glide_mm_s / shear_full_mm_s, 1.0F);
    float shear = 1.0F + shear_share * moving * (float)sin(2.0 * M_PI * (double)shear_hz * time_s);
    unsigned n_kept = 0;
    for (unsigned i = 0; i < pose->n_lobes; i++) {
        const struct lobe *lobe = &pose->lobes[i];
        if (lobe->hand != worn)
            continue;
        const struct region *region = &regions[lobe->part];
        float share = lobe->part == PART_FOREARM ? forearm_share : 1.0F;
        pose->lobes[n_kept++] = (struct lobe){
            .x_mm = stage->centre_x_mm + region->x * stage->half_x_mm,
            .y_mm = stage->centre_y_mm + region->y * stage->half_y_mm,
            .cosine = 1.0F,
            .a_mm = region->a * stage->half_x_mm,
            .b_mm = region->b * stage->half_y_mm,
            .force_n = share * shear * lobe->force_n,
            .hand = lobe->hand,
            .part = lobe->part,
        };
    }
    pose->n_lobes = n_kept;
}
