/* SPDX-License-Identifier: MIT */
#include "therapist/hand.h"

#include <assert.h>
#include <math.h>

/* A lobe in the hand's own axes: u along the fingers, v to the thumb's other side. */
struct patch {
    float u_mm, v_mm;
    float turn_rad; /* of the lobe, from u */
    float straight_mm, a_mm, b_mm;
    float share; /* of the force */
    uint8_t part;
};

static const float quarter_turn = 1.57079633F;

static void add(struct pose *pose, const struct hand_place *place, const struct patch *patch,
                float force_n)
{
    assert(pose->n_lobes < LOBES_MAX);
    /* The left hand is the right one in a mirror. */
    float mirror = place->hand == HAND_LEFT ? -1.0F : 1.0F;
    float u = place->size * patch->u_mm, v = mirror * place->size * patch->v_mm;
    float c = cosf(place->angle_rad), s = sinf(place->angle_rad);
    float turn = place->angle_rad + mirror * patch->turn_rad;
    pose->lobes[pose->n_lobes++] = (struct lobe){
        .x_mm = place->x_mm + c * u - s * v,
        .y_mm = place->y_mm + s * u + c * v,
        .cosine = cosf(turn),
        .sine = sinf(turn),
        .straight_mm = place->size * patch->straight_mm,
        .a_mm = place->size * patch->a_mm,
        .b_mm = place->size * patch->b_mm,
        .force_n = patch->share * force_n,
        .hand = (uint8_t)place->hand,
        .part = patch->part,
    };
}

static void add_all(struct pose *pose, const struct hand_place *place, const struct patch *patches,
                    size_t n_patches, float force_n)
{
    for (size_t i = 0; i < n_patches; i++)
        add(pose, place, &patches[i], force_n);
}

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

void hand_add_flat(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {0.0F, 0.0F, 0.0F, 6.0F, 36.0F, 38.0F, 0.60F, PART_PALM},
        {22.0F, -48.0F, -0.6F, 12.0F, 11.0F, 10.0F, 0.08F, PART_THUMB},
        {76.0F, -30.0F, -0.08F, 20.0F, 10.0F, 9.0F, 0.09F, PART_INDEX},
        {84.0F, -10.0F, 0.0F, 22.0F, 10.0F, 9.0F, 0.09F, PART_MIDDLE},
        {78.0F, 10.0F, 0.05F, 20.0F, 10.0F, 9.0F, 0.08F, PART_RING},
        {64.0F, 29.0F, 0.15F, 15.0F, 9.0F, 8.0F, 0.06F, PART_LITTLE},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_palm(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {-22.0F, 0.0F, 0.0F, 0.0F, 34.0F, 36.0F, 0.40F, PART_HEEL},
        {12.0F, 0.0F, 0.0F, 0.0F, 40.0F, 40.0F, 0.60F, PART_PALM},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_grip(struct pose *pose, const struct hand_place *place, float opening_mm,
                   float force_n)
{
    float half_mm = 0.5F * opening_mm / place->size;
    /* The fingers press from +v, the thumb with its ball from -v. */
    const struct patch patches[] = {
        {0.0F, -half_mm, 0.3F, 10.0F, 17.0F, 14.0F, 0.46F, PART_THUMB},
        {28.0F, half_mm, 1.3F, 6.0F, 11.0F, 9.0F, 0.15F, PART_INDEX},
        {9.0F, half_mm + 4.0F, 1.5F, 6.0F, 11.0F, 9.0F, 0.15F, PART_MIDDLE},
        {-10.0F, half_mm + 2.0F, 1.6F, 6.0F, 11.0F, 9.0F, 0.13F, PART_RING},
        {-28.0F, half_mm - 4.0F, 1.8F, 5.0F, 10.0F, 8.0F, 0.11F, PART_LITTLE},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_thumb(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch thumb = {0.0F, 0.0F, 0.0F, 0.0F, 14.0F, 11.5F, 1.0F, PART_THUMB};
    add(pose, place, &thumb, force_n);
}

void hand_add_elbow(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch elbow = {0.0F, 0.0F, 0.0F, 0.0F, 17.0F, 15.0F, 1.0F, PART_FOREARM};
    add(pose, place, &elbow, force_n);
}

void hand_add_fist(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch fist = {0.0F,  0.0F,  quarter_turn, 18.0F,
                                      22.0F, 22.0F, 1.0F,         PART_FIST};
    add(pose, place, &fist, force_n);
}

void hand_add_edge(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {-20.0F, 0.0F, 0.0F, 18.0F, 13.0F, 12.0F, 0.6F, PART_EDGE},
        {40.0F, 0.0F, 0.0F, 22.0F, 10.0F, 9.0F, 0.4F, PART_LITTLE},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_cup(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {-42.0F, 0.0F, quarter_turn, 16.0F, 13.0F, 13.0F, 0.30F, PART_HEEL},
        {2.0F, 36.0F, 0.0F, 22.0F, 12.0F, 10.0F, 0.22F, PART_EDGE},
        {2.0F, -36.0F, 0.3F, 14.0F, 12.0F, 11.0F, 0.20F, PART_THUMB},
        {48.0F, 0.0F, quarter_turn, 20.0F, 11.0F, 11.0F, 0.28F, PART_MIDDLE},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_forearm(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch bar = {0.0F,  0.0F,  quarter_turn, 55.0F,
                                     20.0F, 19.0F, 1.0F,         PART_FOREARM};
    add(pose, place, &bar, force_n);
}

void hand_add_fingers(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {0.0F, -19.0F, 0.0F, 4.0F, 10.0F, 8.5F, 0.33F, PART_INDEX},
        {5.0F, 0.0F, 0.0F, 4.0F, 10.0F, 8.5F, 0.37F, PART_MIDDLE},
        {1.0F, 18.0F, 0.0F, 4.0F, 10.0F, 8.5F, 0.30F, PART_RING},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_heel(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch heel = {0.0F,  0.0F,  quarter_turn, 12.0F,
                                      22.0F, 20.0F, 1.0F,         PART_HEEL};
    add(pose, place, &heel, force_n);
}

void hand_add_roller(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch bar = {0.0F,  0.0F,  quarter_turn, 95.0F,
                                     14.0F, 14.0F, 1.0F,         PART_FOREARM};
    add(pose, place, &bar, force_n);
}

void hand_add_pads(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {31.0F, 0.0F, quarter_turn, 25.0F, 13.0F, 12.0F, 0.30F, PART_PALM},
        {-15.0F, -23.0F, -0.5F, 9.0F, 19.0F, 16.0F, 0.40F, PART_HEEL},
        {-25.0F, 23.0F, 0.1F, 10.0F, 18.0F, 14.0F, 0.30F, PART_HEEL},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_hand(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {48.0F, -29.0F, -0.06F, 10.0F, 9.0F, 8.0F, 0.03F, PART_INDEX},
        {82.0F, -32.0F, -0.08F, 5.0F, 9.5F, 8.5F, 0.07F, PART_INDEX},
        {53.0F, -10.0F, 0.0F, 11.0F, 9.0F, 8.0F, 0.03F, PART_MIDDLE},
        {92.0F, -10.0F, 0.0F, 5.0F, 9.5F, 8.5F, 0.08F, PART_MIDDLE},
        {49.0F, 9.0F, 0.04F, 10.0F, 9.0F, 8.0F, 0.03F, PART_RING},
        {85.0F, 11.0F, 0.05F, 5.0F, 9.5F, 8.5F, 0.06F, PART_RING},
        {40.0F, 27.0F, 0.12F, 8.0F, 8.5F, 7.5F, 0.02F, PART_LITTLE},
        {67.0F, 31.0F, 0.15F, 4.0F, 8.5F, 7.5F, 0.04F, PART_LITTLE},
        {26.0F, -56.0F, -0.6F, 7.0F, 11.0F, 9.5F, 0.06F, PART_THUMB},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
    hand_add_pads(pose, place, 0.58F * force_n);
}

void hand_add_thumbs(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {0.0F, -12.0F, 0.3F, 3.0F, 13.0F, 11.0F, 0.52F, PART_THUMB},
        {2.0F, 12.0F, -0.3F, 3.0F, 13.0F, 11.0F, 0.48F, PART_THUMB},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

void hand_add_knuckles(struct pose *pose, const struct hand_place *place, float force_n)
{
    static const struct patch patches[] = {
        {1.0F, -31.0F, 0.0F, 2.0F, 10.0F, 9.0F, 0.25F, PART_FIST},
        {6.0F, -10.0F, 0.0F, 2.0F, 10.5F, 9.0F, 0.31F, PART_FIST},
        {2.0F, 11.0F, 0.0F, 2.0F, 10.0F, 9.0F, 0.25F, PART_FIST},
        {-5.0F, 30.0F, 0.0F, 2.0F, 9.5F, 8.5F, 0.19F, PART_FIST},
    };
    add_all(pose, place, patches, N_OF(patches), force_n);
}

const char *const hand_shape_names[N_HAND_SHAPES] = {
    "usual", "flat", "palm",    "thumb",  "fingers", "heel", "fist",   "elbow",
    "edge",  "cup",  "forearm", "roller", "pads",    "hand", "thumbs", "knuckles",
};

void hand_add_shape(struct pose *pose, const struct hand_place *place, const struct step *step,
                    enum hand_shape usual, float force_n)
{
    static void (*const adds[N_HAND_SHAPES])(struct pose *, const struct hand_place *, float) = {
        NULL,
        hand_add_flat,
        hand_add_palm,
        hand_add_thumb,
        hand_add_fingers,
        hand_add_heel,
        hand_add_fist,
        hand_add_elbow,
        hand_add_edge,
        hand_add_cup,
        hand_add_forearm,
        hand_add_roller,
        hand_add_pads,
        hand_add_hand,
        hand_add_thumbs,
        hand_add_knuckles,
    };
    adds[step->shape == SHAPE_USUAL ? (unsigned)usual : step->shape](pose, place, force_n);
}
