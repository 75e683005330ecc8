/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_motion.h"

#include <math.h>
#include <string.h>

void device_motion_describe(struct device_motion *motion,
                            const struct source_description *description)
{
    memset(motion, 0, sizeof *motion);
    for (unsigned i = 0; i < description->n_aux; i++) {
        const struct thenar_aux_channel *channel = &description->aux[i];
        if (channel->n_values != 3)
            continue;
        if (channel->kind == THENAR_AUX_ACCELERATION && !motion->acceleration)
            motion->acceleration = channel;
        else if (channel->kind == THENAR_AUX_ANGULAR_RATE && !motion->angular_rate)
            motion->angular_rate = channel;
    }
}

static void begin_part(struct device_motion *motion, double device_s)
{
    motion->has_part = true;
    motion->part.device_s = device_s;
    for (unsigned i = 0; i < 3; i++)
        motion->part.acceleration_m_s2[i] = motion->part.angular_rate_rad_s[i] = NAN;
}

static bool has_all(const struct device_motion *motion)
{
    return (!motion->acceleration || !isnan(motion->part.acceleration_m_s2[0])) &&
           (!motion->angular_rate || !isnan(motion->part.angular_rate_rad_s[0]));
}

bool device_motion_take(struct device_motion *motion, const struct source_aux *aux,
                        struct motion_sample *whole)
{
    const struct thenar_aux_channel *channel;
    float *values;
    uint8_t id = aux->sample.id;
    if (motion->acceleration && motion->acceleration->id == id) {
        channel = motion->acceleration;
        values = motion->part.acceleration_m_s2;
    } else if (motion->angular_rate && motion->angular_rate->id == id) {
        channel = motion->angular_rate;
        values = motion->part.angular_rate_rad_s;
    } else {
        return false;
    }
    /* A part whose other half was lost on the way is worth less than an even stream. */
    if (!motion->has_part || motion->part.device_s != aux->device_s)
        begin_part(motion, aux->device_s);
    for (unsigned i = 0; i < 3; i++)
        values[i] = (float)(aux->sample.values[i] * (1e-9 * channel->scale_nano));
    if (!has_all(motion))
        return false;
    motion->has_part = false;
    *whole = motion->part;
    if (motion->n_samples < DEVICE_MOTION_MAX)
        motion->samples[motion->n_samples++] = *whole;
    return true;
}

void device_motion_clear(struct device_motion *motion)
{
    motion->n_samples = 0;
}
