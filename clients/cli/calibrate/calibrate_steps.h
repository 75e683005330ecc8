/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate_steps.h - what is to be put on the array, in order: the procedure of a calibration
 *
 * It comes from a script (libconfig; docs/calibration.md) or is made of the weights there are. */
#ifndef CALIBRATE_STEPS_H
#define CALIBRATE_STEPS_H

#include "error.h"
#include "signal/calibration_run.h"
#include "signal/sensor_calibration.h"

enum { STEPS_MAX = CALIBRATION_HOLDS_MAX, WEIGHTS_MAX = 40 };

struct calibrate_step {
    enum hold_kind kind;
    double mass_kg;     /* NaN: not a weight */
    double load_kpa;    /* NaN: not known (an even load), or read from the reference */
    double diameter_mm; /* of the puck */
    double hold_s;
    double at_s;    /* device time since the first frame at which the hold begins; NaN: asked for */
    bool from_live; /* the load is what the reference instrument says meanwhile */
    bool lift;      /* take everything off before: another place */
    char label[HOLD_LABEL_BYTES];
};

struct calibrate_procedure {
    char reference[CALIBRATION_TEXT_BYTES], operator_name[CALIBRATION_TEXT_BYTES],
        note[CALIBRATION_TEXT_BYTES];
    double uncertainty_pct; /* of the reference */
    double temperature_c;   /* NaN: as the device tells */
    unsigned n_steps;
    struct calibrate_step steps[STEPS_MAX];
};

/* What a procedure is made of when there is no script. */
struct calibrate_choice {
    unsigned n_weights;
    double weights_kg[WEIGHTS_MAX]; /* the puck's own mass counted in; any order */
    double puck_mm;
    unsigned n_even;
    double even_kpa[4]; /* NaN: an even load of unknown pressure */
    double hold_s, long_hold_s;
};

/** Pressure of a mass on a round puck. */
double calibrate_kpa(double mass_kg, double diameter_mm);

/** Zero; even loads; the weights up and down; a long hold of the middle one, and three of them
 * again, at other places. @return THENAR_OK; THENAR_ERR_VALUE */
THENAR_NODISCARD enum thenar_status calibrate_steps_make(struct calibrate_procedure *procedure,
                                                         const struct calibrate_choice *choice,
                                                         struct thenar_error *error);

/** "0.7 1.5, 3 kg": numbers, apart by blanks or commas. @return THENAR_OK; THENAR_ERR_VALUE */
THENAR_NODISCARD enum thenar_status calibrate_weights_read(struct calibrate_choice *choice,
                                                           const char *text,
                                                           struct thenar_error *error);

/** Read a script. @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE with file and line;
 * THENAR_ERR_ABSENT, THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status calibrate_script_read(struct calibrate_procedure *procedure,
                                                          const char *path,
                                                          struct thenar_error *error);
THENAR_NODISCARD enum thenar_status calibrate_script_parse(struct calibrate_procedure *procedure,
                                                           const char *text, const char *name,
                                                           struct thenar_error *error);

#endif
