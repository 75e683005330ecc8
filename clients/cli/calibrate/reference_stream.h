/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference_stream.h - a load cell or a scale that says its own reading, line by line
 *
 * Live: a serial port, a pipe, anything that is not a plain file. Each line's last number is the
 * reading; what stands round it (a time, a sign of stability, a unit) is passed over.
 * Recorded: a plain file with two columns, time and reading; the time is the device's, from its
 * first frame. Readings are newtons, kilograms or kPa, as the caller says. */
#ifndef REFERENCE_STREAM_H
#define REFERENCE_STREAM_H

#include <stdbool.h>

#include "error.h"

enum reference_unit { REFERENCE_N, REFERENCE_KG, REFERENCE_KPA };

struct reference_stream;

/**
 * @param path  a file, or a port; its speed is set to `baud` where it has one
 * @return THENAR_OK; THENAR_ERR_OS; THENAR_ERR_SYNTAX a plain file without two columns;
 *         THENAR_ERR_VALUE not a usual speed; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status reference_stream_open(struct reference_stream **out,
                                                          const char *path, long baud,
                                                          struct thenar_error *error);
void reference_stream_close(struct reference_stream *stream);

/** Begin a mean at device time `now_s`; what arrived before is dropped. */
void reference_stream_begin(struct reference_stream *stream, double now_s);

/** Take what has arrived; call at least each second while a mean is under way. */
void reference_stream_poll(struct reference_stream *stream);

/**
 * The mean since begin, to device time `now_s`.
 * @return THENAR_OK; THENAR_ERR_ABSENT it said nothing; THENAR_ERR_VALUE it was not steady: its
 *         readings differ by more than 5 % from the mean
 */
THENAR_NODISCARD enum thenar_status reference_stream_end(struct reference_stream *stream,
                                                         double now_s, double *mean,
                                                         struct thenar_error *error);

/** The last number in a line. @return false when there is none */
bool reference_line_value(const char *line, double *value);

#endif
