/* SPDX-License-Identifier: MIT */
/* lobe.h - one smooth patch of pressure: a finger pad, a palm, a forearm
 *
 *     p(u, v) = p0 (1 - r^2)^2 within r < 1,   r^2 = (max(|u| - straight, 0) / a)^2 + (v / b)^2
 *
 * with u along the lobe and v across: an ellipse, drawn out by a straight part for a bar. It has
 * compact support and no edge, softer than Hertz's (1 - r^2)^(1/2), as flesh on flesh is. Its
 * integral is closed, so the force in newtons is exact: integral of p = p0 (2 straight b 16/15 + pi
 * a b / 3). */
#ifndef LOBE_H
#define LOBE_H

#include <stdint.h>

/* What of the hand it is; a glove feels by part. */
enum hand_part {
    PART_PALM,
    PART_HEEL,
    PART_THUMB,
    PART_INDEX,
    PART_MIDDLE,
    PART_RING,
    PART_LITTLE,
    PART_EDGE, /* the little finger's side, as in hacking */
    PART_FIST,
    PART_FOREARM,
    N_PARTS
};

enum { HAND_LEFT, HAND_RIGHT, N_HANDS };

struct lobe {
    float x_mm, y_mm;   /* centre, from the array's */
    float cosine, sine; /* of the angle of u from +x */
    float straight_mm;  /* half of the straight part; 0 for an ellipse */
    float a_mm, b_mm;   /* semi-axes along u and v, > 0 */
    float force_n;      /* >= 0 */
    uint8_t hand;       /* HAND_LEFT or HAND_RIGHT */
    uint8_t part;       /* enum hand_part */
};

/** Highest pressure under the lobe, before any blur. */
static inline float lobe_peak_kpa(const struct lobe *lobe)
{
    const float pi = 3.14159265F;
    float integral_mm2 =
        lobe->b_mm * (2.0F * lobe->straight_mm * (16.0F / 15.0F) + pi * lobe->a_mm / 3.0F);
    return 1000.0F * lobe->force_n / integral_mm2;
}

#endif
