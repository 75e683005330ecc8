/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate_print.h - the result of a calibration, for the terminal */
#ifndef CALIBRATE_PRINT_H
#define CALIBRATE_PRINT_H

#include <stdio.h>

#include "signal/calibration_fit.h"

/** One page: the law, a table of the loads, what is uncertain, what to know. */
void calibrate_print_page(FILE *out, const struct sensor_calibration *calibration,
                          const struct calibration_report *report);

/** The loads alone, as far as a fit that was refused came. */
void calibrate_print_points(FILE *out, const struct calibration_report *report);

#endif
