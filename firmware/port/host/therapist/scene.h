/* SPDX-License-Identifier: MIT */
/* scene.h - the virtual therapist: hands acting a script on a sensing array, with known truth
 *
 * script -> hands (where, how hard, how fast) -> pressure on the surface -> what the mount passes
 * on -> FSR taxels (law, spread, hysteresis, creep, noise) -> counts.
 * Everything follows from the seed: the same options give the same counts. The script begins with
 * the first scan, whenever that is. SCRIPT.md has the format of scripts and of the truth. */
#ifndef THENAR_SCENE_H
#define THENAR_SCENE_H

#include <stdio.h>

#include "stimulus.h"

struct scene_options {
    const char *script;     /* "demo", or the path of a script file; see thenar-virtual(1) */
    const char *truth_path; /* where to write what the hands really did; NULL: nowhere */
    uint64_t seed;
    bool loop;               /* begin anew at the script's end, with new draws */
    bool calibrated;         /* the virtual factory measured this device: HELLO carries the law */
    float noise_counts;      /* standard deviation of a reading; NAN: the board's usual */
    float spread_pct;        /* taxel-to-taxel spread of the gain; NAN: the usual */
    float hysteresis_pct;    /* NAN: the usual */
    float creep_pct_decade;  /* per decade of time; NAN: the usual */
    uint16_t n_dead;         /* taxels that read nothing, drawn by the seed */
    bool sneak_paths;        /* lines that are not read float */
    float lag_ms;            /* of a sensor that follows slowly, one pole; 0: none */
    float crosstalk_pct;     /* of a row's and a column's mean that its taxels also read; 0: none */
    const char *script_text; /* instead of `script`: the script itself */
    FILE *truth_file;        /* instead of `truth_path`: an open stream, borrowed until destroy */
};

/**
 * @param out    the stimulus, to be destroyed by its own destroy
 * @param array  borrowed until then
 * @param error  out: what is wrong, with the script's file and line
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE the script; THENAR_ERR_OS a file;
 *         THENAR_ERR_MEMORY
 * Context: one thread; allocates here and never in sample()
 */
THENAR_NODISCARD enum thenar_status scene_create(struct stimulus **out,
                                                 const struct stimulus_array *array,
                                                 const struct scene_options *options,
                                                 struct thenar_error *error);

#endif
