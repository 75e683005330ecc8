/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate_ask.h - which loads there are: by options, by a script, or asked for
 *
 * Questions go to standard output and answers come from standard input, where a person is there to
 * answer. */
#ifndef CALIBRATE_ASK_H
#define CALIBRATE_ASK_H

#include "calibrate/calibrate_steps.h"

enum { CALIBRATE_ANSWERS_BYTES = 600 };

/* The command line; NULL, 0 or NaN: not given. */
struct calibrate_options {
    const char *script, *weights, *even_kpa, *reference, *operator_name, *note;
    double puck_mm, hold_s, long_hold_s, uncertainty_pct, temperature_c;
    unsigned valid_months, baud;
    const char *live, *live_unit;
    const char *out, *folder, *run, *fit, *picture;
    bool fresh, quiet;
};

/**
 * @param procedure  out: the steps, and what is said of the reference
 * @param layout     of the device: how wide a puck must be
 * @param answers    out: [CALIBRATE_ANSWERS_BYTES] what was asked for, as options that say it
 * again; untouched when nothing was
 * @return THENAR_OK; THENAR_ERR_VALUE, _SYNTAX, _OS with a sentence
 */
THENAR_NODISCARD enum thenar_status calibrate_ask(struct calibrate_procedure *procedure,
                                                  const struct calibrate_options *options,
                                                  const struct array_layout *layout, char *answers,
                                                  struct thenar_error *error);

#endif
