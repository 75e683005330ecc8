/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate_capture.h - raw counts from a device, gathered into holds
 *
 * A calibration takes every raw count at the device's own rate and clock, with nobody else changing
 * rate, gate or zero meanwhile; so it opens the device itself, through the same sources as thenard,
 * and not by way of the feed. A thenard that has the device must let it go first. */
#ifndef CALIBRATE_CAPTURE_H
#define CALIBRATE_CAPTURE_H

#include "signal/calibration_run.h"
#include "source/source.h"

struct capture;

/**
 * Open the device and wait until it said what it is, at most 10 s.
 * @param uri  as thenard's --device
 * @return THENAR_OK; as source_open; THENAR_ERR_TIMEOUT it is not there: with its last word
 */
THENAR_NODISCARD enum thenar_status capture_open(struct capture **out, const char *uri,
                                                 struct thenar_error *error);
void capture_close(struct capture *capture);

/** What it is, and its temperature as it last told (NaN: it did not). Borrowed until close. */
const struct source_description *capture_device(const struct capture *capture);
double capture_temperature_c(const struct capture *capture);

/** Device time since the first frame, and what the whole array reads above its zero, counts. */
double capture_now_s(const struct capture *capture);
double capture_level(const struct capture *capture);

/**
 * Take frames until device time `until_s`, or `wake_fd` becomes readable (-1: none).
 * @return THENAR_OK it is that time; THENAR_PENDING `wake_fd`, or a signal to stop;
 *         THENAR_ERR_ABSENT, THENAR_END the device went, or the recording is over
 */
THENAR_NODISCARD enum thenar_status capture_wait(struct capture *capture, double until_s,
                                                 int wake_fd, struct thenar_error *error);

/** Until the level has stayed within 1 % for a second; at most `most_s`. @return as capture_wait */
THENAR_NODISCARD enum thenar_status capture_settle(struct capture *capture, double most_s,
                                                   struct thenar_error *error);

/**
 * Measure one hold from now on.
 * @param hold    its kind, label, load and diameter are kept; the rest is filled, and owned by the
 *                caller
 * @param hold_s  how long, to the next half second
 * @param show    called each half second with the part that is done; NULL: not
 * @param context  for `show`
 * @return as capture_wait; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status capture_hold(struct capture *capture,
                                                 struct calibration_hold *hold, double hold_s,
                                                 void (*show)(void *context, double part),
                                                 void *context, struct thenar_error *error);

#endif
