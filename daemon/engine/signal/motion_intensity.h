/* SPDX-License-Identifier: GPL-3.0-or-later */
/* motion_intensity.h - how strongly the hand is moved, from an accelerometer on it
 *
 *     intensity = sqrt(E|a|^2 - |E a|^2)    E: mean with exponentially falling weight
 *
 * The mean of a is gravity, and what does not change is not motion: so the result is the root mean
 * square of what is left, 0 for a hand at rest however it is held. It follows within half a second,
 * and a turning hand counts too, since gravity turns with it. */
#ifndef MOTION_INTENSITY_H
#define MOTION_INTENSITY_H

#include <stdbool.h>
#include <stddef.h>

/* One reading of a motion sensor, along x, y and z of the array; what is not measured is NaN. */
struct motion_sample {
    double device_s;
    float acceleration_m_s2[3]; /* as an accelerometer reads: at rest 9.81 upwards */
    float angular_rate_rad_s[3];
};

struct motion_intensity {
    bool has_last;
    double last_s, mean[3], mean_square;
};

/** Forget all; nothing is known until the first sample. */
void motion_intensity_reset(struct motion_intensity *intensity);

/** Samples in the order of their times. @param samples [n_samples] */
void motion_intensity_execute(struct motion_intensity *intensity,
                              const struct motion_sample *samples, size_t n_samples);

/** m/s^2; NaN: no sample for a second before `device_s`, or none at all. */
float motion_intensity_m_s2(const struct motion_intensity *intensity, double device_s);

#endif
