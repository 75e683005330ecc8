/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame_features.h - one frame in a few numbers
 *
 * Values are kPa and newtons, or relative (RELATIVE_FULL_SCALE) on an uncalibrated array; taxels
 * count as touched when above the gate. */
#ifndef FRAME_FEATURES_H
#define FRAME_FEATURES_H

#include "array_layout.h"

struct frame_features {
    float force_n;      /* sum of p * cell over touched taxels, N when p is kPa */
    float peak_kpa;     /* largest filtered value; 0 when nothing is touched */
    float peak_raw_kpa; /* largest unfiltered value of the same frame */
    float mean_kpa;     /* over touched taxels */
    float contact_cm2;  /* cell area of touched taxels */
    float cop_x_mm, cop_y_mm; /* centre of pressure; NaN when nothing is touched */
    unsigned n_touched;
    unsigned n_saturated; /* taxels at the end of their range in this frame */
};

#endif
