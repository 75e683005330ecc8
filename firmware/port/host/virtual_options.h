/* SPDX-License-Identifier: MIT */
/* virtual_options.h - the command line of thenar-virtual */
#ifndef VIRTUAL_OPTIONS_H
#define VIRTUAL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "fault_plan.h"

struct virtual_options {
    const char *model;   /* "table32", "glove16", "array" */
    long n_rows, n_cols; /* array only; 0: not said */
    double pitch_mm;     /* 0: not said */
    double rate_hz;      /* 0: not said */
    const char *mount;   /* NULL: not said */
    const char *serial;  /* NULL: from model and seed */
    uint64_t seed;

    const char *script; /* NULL: not said */
    const char *truth;
    const char *recording;
    double recording_rate_hz; /* 0: from its times */
    double full_scale_counts; /* 0: guessed from the recording */
    bool loop, until_end;
    bool uncalibrated;
    double noise_counts; /* NAN: the usual */
    long n_dead;
    bool sneak_paths;

    struct fault_plan faults;

    double speed;      /* device seconds a second */
    bool speed_max;    /* as fast as the host reads */
    double duration_s; /* 0: for ever */

    const char *listen; /* PATH or @NAME; NULL: the default path */
    int listen_fd;      /* -1: none */
    bool help, version;
};

/**
 * Read the command line.
 * @param options  out: texts are borrowed from argv
 * @return THENAR_OK; THENAR_ERR_ARGUMENT, with a sentence that names the option
 */
THENAR_NODISCARD enum thenar_status virtual_options_parse(struct virtual_options *options, int argc,
                                                          char **argv, struct thenar_error *error);

/** What --help prints. */
extern const char virtual_options_help[];

#endif
