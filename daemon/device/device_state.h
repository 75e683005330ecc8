/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_state.h - fill in what `status` says of a device, from what it says of itself
 *
 * Plain functions of their arguments; the device's thread calls them. */
#ifndef DEVICE_STATE_H
#define DEVICE_STATE_H

#include "engine/pipeline.h"
#include "feed/payload.h"
#include "source/source.h"

/** Nothing known yet: connecting. */
void device_state_init(struct thenar_feed_status *state, const char *uri);

/** @param word a state of FEED.md; @param reason what is wrong and what to do, "" for nothing */
void device_state_set(struct thenar_feed_status *state, const char *word, const char *reason);

/** What the device is. */
void device_state_describe(struct thenar_feed_status *state,
                           const struct source_description *description);

/** The filter in force. */
void device_state_describe_filter(struct thenar_feed_status *state,
                                  const struct pipeline *pipeline);

/** Whether a pipeline made for one serves the other: same array, places, sensors and rate. */
bool device_state_is_same_array(const struct array_layout *a, const struct array_layout *b);

#endif
