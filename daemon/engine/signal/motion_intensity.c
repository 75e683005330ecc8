/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "motion_intensity.h"

#include <math.h>
#include <string.h>

static const double time_constant_s = 0.25, longest_silence_s = 1.0;

void motion_intensity_reset(struct motion_intensity *intensity)
{
    memset(intensity, 0, sizeof *intensity);
}

static void add(struct motion_intensity *intensity, const struct motion_sample *sample)
{
    double passed_s = sample->device_s - intensity->last_s, square = 0;
    bool begins = !intensity->has_last || passed_s < 0 || passed_s > longest_silence_s;
    double weight = begins ? 1 : 1 - exp(-passed_s / time_constant_s);
    for (unsigned i = 0; i < 3; i++) {
        double value = (double)sample->acceleration_m_s2[i];
        intensity->mean[i] += weight * (value - intensity->mean[i]);
        square += value * value;
    }
    intensity->mean_square += weight * (square - intensity->mean_square);
    intensity->last_s = sample->device_s;
    intensity->has_last = true;
}

void motion_intensity_execute(struct motion_intensity *intensity,
                              const struct motion_sample *samples, size_t n_samples)
{
    for (size_t i = 0; i < n_samples; i++)
        if (isfinite(samples[i].acceleration_m_s2[0]))
            add(intensity, &samples[i]);
}

float motion_intensity_m_s2(const struct motion_intensity *intensity, double device_s)
{
    if (!intensity->has_last || device_s - intensity->last_s > longest_silence_s)
        return NAN;
    double steady = 0;
    for (unsigned i = 0; i < 3; i++)
        steady += intensity->mean[i] * intensity->mean[i];
    double left = intensity->mean_square - steady;
    return left > 0 ? (float)sqrt(left) : 0;
}
