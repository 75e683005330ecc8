/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_convert.h - what the pipeline says, as rows of a session file
 *
 * Recorder and replay both go through here, so that their rows can be compared octet by octet. */
#ifndef SESSION_CONVERT_H
#define SESSION_CONVERT_H

#include "pipeline.h"
#include "session/session_rows.h"

/* Which frame the output belongs to. */
struct session_place {
    uint64_t frame;  /* index of its row */
    double t_device; /* Unix time of its scan */
    double device_s;
    bool is_relative; /* the device is not calibrated */
};

void session_convert_metrics(const struct session_place *place,
                             const struct pipeline_output *output, struct session_metrics_row *row);
void session_convert_stroke(const struct session_place *place, const struct stroke *stroke,
                            struct session_stroke_row *row);
void session_convert_episode(const struct session_place *place, const struct episode *episode,
                             struct session_episode_row *row);

/** Copy a text into a field of a row, cut at a whole character, filled with zeros. */
void session_convert_text(char *field, size_t n_bytes, const char *text);

#endif
