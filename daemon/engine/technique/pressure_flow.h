/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pressure_flow.h - how the pressure image moves, and how its parts share the load
 *
 * Flow: the change of the image from one look to the next is taken for a movement of what was
 * there, and fitted by least squares (B. Lucas, T. Kanade, "An iterative image registration
 * technique", IJCAI 1981; the affine terms after J. Shi, C. Tomasi, "Good features to track", CVPR
 * 1994), with a gain beside it:
 *
 *     dp/dt = -vx px - vy py - d (x px + y py) - r (x py - y px) + g p
 *
 * x and y from the centre of pressure. Zones: the contact of the last two seconds, in the frame of
 * its own axes, is cut into three by three at +-0.6 standard deviations; each zone's force is told.
 * Both are in millimetres and seconds, so nothing depends on the array's pitch or rate. */
#ifndef PRESSURE_FLOW_H
#define PRESSURE_FLOW_H

#include "array_layout.h"

enum { FLOW_ZONES = 9 };

struct pressure_flow_sample {
    float x_mm_s, y_mm_s;     /* translation */
    float spread_per_s;       /* divergence: > 0 grows */
    float turn_per_s;         /* rotation */
    float gain_per_s;         /* growth of the pressure itself */
    float unexplained;        /* 0..1, of the change: what no movement of the whole accounts for */
    float zone_n[FLOW_ZONES]; /* force, or relative; [3 * across + along], low to high */
};

struct pressure_flow;

/** @param layout borrowed until destroy. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status pressure_flow_create(struct pressure_flow **out,
                                                         const struct array_layout *layout);
void pressure_flow_destroy(struct pressure_flow *flow);
void pressure_flow_reset(struct pressure_flow *flow);

/**
 * One frame; every one is given, and about 60 a second are looked at.
 * @param pressure   [n_taxels]
 * @param n_touched  taxels above the gate; with none, nothing is looked at
 * @return the newest look; borrowed until the next call
 * Context: allocates nothing
 */
const struct pressure_flow_sample *pressure_flow_execute(struct pressure_flow *flow,
                                                         double device_s, const float *pressure,
                                                         unsigned n_touched, float gate_kpa);

#endif
