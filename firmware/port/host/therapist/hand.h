/* SPDX-License-Identifier: MIT */
/* hand.h - shapes of contact that a hand can make, as lobes
 *
 * Sizes are those of a middling adult hand, about 185 mm long and 85 mm broad. Each call adds to
 * the pose lobes whose forces sum to `force_n`. */
#ifndef HAND_H
#define HAND_H

#include "therapist/move.h"

/* What of the hand touches, when a script does not leave it to the technique. */
enum hand_shape {
    SHAPE_USUAL,
    SHAPE_FLAT,
    SHAPE_PALM,
    SHAPE_THUMB,
    SHAPE_FINGERS,
    SHAPE_HEEL,
    SHAPE_FIST,
    SHAPE_ELBOW,
    SHAPE_EDGE,
    SHAPE_CUP,
    SHAPE_FOREARM,
    SHAPE_ROLLER,
    SHAPE_PADS,
    SHAPE_HAND,
    SHAPE_THUMBS,
    SHAPE_KNUCKLES,
    N_HAND_SHAPES
};

/** As a script says it: "thumb". [N_HAND_SHAPES] */
extern const char *const hand_shape_names[N_HAND_SHAPES];

/* Where a hand is. */
struct hand_place {
    float x_mm, y_mm;
    float angle_rad; /* of the fingers' direction, from +x */
    float size;      /* 1 is middling */
    unsigned hand;   /* HAND_LEFT or HAND_RIGHT */
};

/** Flat on the skin: palm, thumb and four fingers. */
void hand_add_flat(struct pose *pose, const struct hand_place *place, float force_n);
/** The palm alone, broad; (x, y) is its centre. */
void hand_add_palm(struct pose *pose, const struct hand_place *place, float force_n);
/** Thumb against fingers across a fold; `opening_mm` between them. */
void hand_add_grip(struct pose *pose, const struct hand_place *place, float opening_mm,
                   float force_n);
void hand_add_thumb(struct pose *pose, const struct hand_place *place, float force_n);
void hand_add_elbow(struct pose *pose, const struct hand_place *place, float force_n);
void hand_add_fist(struct pose *pose, const struct hand_place *place, float force_n);
/** The little finger's edge, along the fingers. */
void hand_add_edge(struct pose *pose, const struct hand_place *place, float force_n);
/** A hollow hand: its rim. */
void hand_add_cup(struct pose *pose, const struct hand_place *place, float force_n);
/** A bar across the direction of movement. */
void hand_add_forearm(struct pose *pose, const struct hand_place *place, float force_n);
/** Three finger tips in a row. */
void hand_add_fingers(struct pose *pose, const struct hand_place *place, float force_n);
void hand_add_heel(struct pose *pose, const struct hand_place *place, float force_n);
/** A longer and thinner bar than a forearm: a stick or foam roller. */
void hand_add_roller(struct pose *pose, const struct hand_place *place, float force_n);

/** The palm as its pads feel on something firm: the heads of the metacarpals, the ball of the
 * thumb, the little finger's ball, with a hollow between. */
void hand_add_pads(struct pose *pose, const struct hand_place *place, float force_n);
/** The whole hand so: its pads, and each finger by its shaft and its tip. */
void hand_add_hand(struct pose *pose, const struct hand_place *place, float force_n);
/** Two thumbs side by side. */
void hand_add_thumbs(struct pose *pose, const struct hand_place *place, float force_n);
/** Four knuckles in a row, across the direction of movement. */
void hand_add_knuckles(struct pose *pose, const struct hand_place *place, float force_n);

/** The step's shape, or `usual` where it has none. */
void hand_add_shape(struct pose *pose, const struct hand_place *place, const struct step *step,
                    enum hand_shape usual, float force_n);

#endif
