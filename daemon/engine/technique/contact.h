/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact.h - one connected region above the gate, followed from frame to frame */
#ifndef CONTACT_H
#define CONTACT_H

#include <stdint.h>

enum { CONTACTS_MAX = 16 };

struct contact {
    uint32_t id; /* 1.. in order of birth; the larger part keeps it through a split or merge */
    float age_s;
    float force_n;  /* N, or relative */
    float peak_kpa; /* kPa, or relative */
    float area_cm2;
    float cop_x_mm, cop_y_mm;
    float velocity_x_mm_s, velocity_y_mm_s; /* of the centre of pressure, smoothed over ~50 ms */
    float major_mm, minor_mm; /* full lengths of the axes: 4 standard deviations of the pressure */
    float angle_deg;          /* of the major axis from +x, -90..90 */
};

#endif
