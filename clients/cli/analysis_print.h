/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis_print.h - strokes, episodes and the summary of a recording: JSON lines, or a page
 *
 * Uncalibrated recordings have relative values under names that end in _rel, as on the feed
 * (FEED.md): pressures 0 to 1 of full scale, forces in cm2 of full scale. */
#ifndef ANALYSIS_PRINT_H
#define ANALYSIS_PRINT_H

#include <stdio.h>

#include "analysis.h"
#include "analysis_rest.h"
#include "session/recording_csv.h"
#include "signal/sensor_calibration.h"

struct analysis_source {
    const char *path;
    const struct array_layout *layout;
    const struct recording_csv_info *info;
    const char *unit, *mount; /* as on the command line */
    bool pitch_assumed;
    const char *tare; /* as on the command line */
    const struct analysis_rest *rest;
    const struct calibration_identity *calibration; /* of --calibration; NULL: none */
    bool is_expired;                                /* today, that is */
    const char *technique_model, *technique_recipe; /* what named the techniques */
    const char *filter_form;
    double filter_delay_ms;
};

/** {"type":"stroke","technique":..,"start_s":..,...}, times from the recording's start. */
void analysis_print_stroke(FILE *out, const struct stroke *stroke, bool uncalibrated);

/** {"type":"episode",...} */
void analysis_print_episode(FILE *out, const struct episode *episode, bool uncalibrated);

/** {"type":"summary",...} */
void analysis_print_summary(FILE *out, const struct analysis_source *source,
                            const struct analysis *analysis);

/** The summary as a page for people. */
void analysis_print_page(FILE *out, const struct analysis_source *source,
                         const struct analysis *analysis);

#endif
