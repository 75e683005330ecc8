/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recording_run.h - a recording through the whole pipeline, for every command that reads one
 *
 *     struct recording_options o;  recording_options_init(&o);
 *     const struct option_row rows[] = {RECORDING_OPTION_ROWS(o), ...};
 *     code = recording_options_check(&table, &o, &result);
 *     recording_run_open(&run, path, &o, &error);
 *     while ((status = recording_run_next(run, &output)) == THENAR_OK) ...
 *     while (recording_run_finish(run, &output)) ...          what ends with the recording
 */
#ifndef RECORDING_RUN_H
#define RECORDING_RUN_H

#include "analysis_rest.h"
#include "cli_options.h"
#include "pipeline.h"
#include "session/calibration_file.h"
#include "session/recording_csv.h"
#include "session/session_rows.h"

struct recording_options {
    unsigned n_rows, n_cols;
    double pitch_mm, rate_hz, full_scale_counts; /* 0: not given */
    const char *unit, *mount, *tare;
    const char *calibration; /* file; NULL: none */
    const char *sessions;    /* folder of sessions; NULL: the daemon's */
    const char *model;       /* file of a technique model; NULL: the one that ships */
};

/* The rows of these options in a command's table. */
/* clang-format off */
#define RECORDING_OPTION_ROWS(o)                                                                   \
    {"rows", OPTION_COUNT, &(o).n_rows, "R", "rows of the array", 1, 4096},                        \
    {"cols", OPTION_COUNT, &(o).n_cols, "C", "columns of the array", 1, 4096},                     \
    {"pitch-mm", OPTION_NUMBER, &(o).pitch_mm, "P",                                                \
     "from taxel to taxel (else 15 is assumed)", 0.1, 1000},                                       \
    {"rate", OPTION_NUMBER, &(o).rate_hz, "HZ",                                                    \
     "frames a second (else from the column t_s)", 1, 2000},                                       \
    {"unit", OPTION_TEXT, &(o).unit, "UNIT", "kpa, n or counts (counts: relative values)", 0, 0},  \
    {"full-scale", OPTION_NUMBER, &(o).full_scale_counts, "C",                                     \
     "largest count (else guessed: 255, 256, 1023, 4095 or 65535)", 1, 65535},                     \
    {"calibration", OPTION_TEXT, &(o).calibration, "FILE",                                         \
     "of the device: counts become kPa", 0, 0},                                                    \
    {"mount", OPTION_TEXT, &(o).mount, "MOUNT", "pad, torso, mat or glove (pad)", 0, 0},           \
    {"model", OPTION_TEXT, &(o).model, "FILE", "technique model, from thenar train", 0, 0},         \
    {"sessions", OPTION_TEXT, &(o).sessions, "DIR",                                                \
     "folder of sessions (else the daemon's)", 0, 0},                                              \
    {"tare", OPTION_TEXT, &(o).tare, "SPAN",                                                       \
     "when nothing touches: A-B in seconds, none, or auto (auto)", 0, 0}
/* clang-format on */

void recording_options_init(struct recording_options *options);

/** @return -1 go on; else an exit code, and it was told why */
int recording_options_check(const struct option_table *table,
                            const struct recording_options *options);

struct recording_run;

/** @return THENAR_OK; else as recording_csv_open and pipeline_create */
THENAR_NODISCARD enum thenar_status recording_run_open(struct recording_run **out, const char *path,
                                                       const struct recording_options *options,
                                                       struct thenar_error *error);
void recording_run_close(struct recording_run *run);

/**
 * One frame. @param output out; borrowed by nobody
 * @return THENAR_OK; THENAR_END; THENAR_ERR_* the file broke off, and `error` says where
 */
THENAR_NODISCARD enum thenar_status recording_run_next(struct recording_run *run,
                                                       struct pipeline_output *output,
                                                       struct thenar_error *error);

/** What was still going on ends. @return true when there is more to fetch */
THENAR_NODISCARD bool recording_run_finish(struct recording_run *run,
                                           struct pipeline_output *output);

/**
 * A session's commands that took effect by the frame that was given last, each once, in their
 * order.
 * @return borrowed; NULL: there is none, or no more
 */
const struct session_command_row *recording_run_command(struct recording_run *run);

/** All of them. @param n_commands out */
const struct session_command_row *recording_run_commands(const struct recording_run *run,
                                                         size_t *n_commands);

/** Whether a path names a session's file (.h5), which tells its array itself. */
bool recording_run_is_session(const char *path);

/** Unit of the samples, and mount, in words. */
const char *recording_run_unit(const struct recording_run *run);
const char *recording_run_mount(const struct recording_run *run);

const struct array_layout *recording_run_layout(const struct recording_run *run);
const struct recording_csv_info *recording_run_info(const struct recording_run *run);
const struct pipeline *recording_run_pipeline(const struct recording_run *run);

/** Where its zero came from; and its calibration, NULL: none. Borrowed. */
const struct analysis_rest *recording_run_rest(const struct recording_run *run);
const struct sensor_calibration *recording_run_calibration(const struct recording_run *run);

/** 0..1 of the file. */
double recording_run_progress(const struct recording_run *run);

#endif
