/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_motion.h - from a device's auxiliary channels to samples of its motion sensor
 *
 * Acceleration and angular rate come as a message each, with the same device time when they were
 * taken together; here they become one sample. Those that came since the last frame are kept for
 * the pipeline. Channels of other kinds are passed over. Context: the device's thread; allocates
 * nothing */
#ifndef DEVICE_MOTION_H
#define DEVICE_MOTION_H

#include "engine/pipeline.h"
#include "source/source.h"

enum { DEVICE_MOTION_MAX = 64 /* between two frames; more than these are passed over */ };

struct device_motion {
    const struct thenar_aux_channel *acceleration, *angular_rate; /* NULL: there is none */
    bool has_part;                                                /* `part` waits for the other */
    struct motion_sample part;
    size_t n_samples; /* since the last frame */
    struct motion_sample samples[DEVICE_MOTION_MAX];
};

/** The device said which channels it has. @param description  borrowed until the next */
void device_motion_describe(struct device_motion *motion,
                            const struct source_description *description);

/**
 * One message of a channel.
 * @param whole  out: a whole sample; what it lacks, for want of the channel, is NaN
 * @return true when there is one
 */
bool device_motion_take(struct device_motion *motion, const struct source_aux *aux,
                        struct motion_sample *whole);

/** The samples were used with a frame, or are too old to be. */
void device_motion_clear(struct device_motion *motion);

#endif
