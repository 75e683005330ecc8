/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_law.h - a curve through loads and conductances, and whether they lie on one
 *
 * Loads within 3 % of each other are one level. A power law is fitted to the rising levels; where
 * there are six or more, a monotone spline is tried too, and taken when it predicts a level that it
 * has not seen clearly better. Each load is also predicted from the others: one that lies far off
 * while they agree is named, since that is what a weight with the wrong number on it looks like. */
#ifndef CALIBRATION_LAW_H
#define CALIBRATION_LAW_H

#include "error.h"
#include "signal/calibration_report.h"
#include "signal/sensor_calibration.h"

/**
 * @param law     in: the front end; out: curve (conductance_100kpa_us, exponent, spline)
 * @param report  in: points; out: n_levels, power_rms_pct, loop_pct, repeat_pct, and reading_kpa of
 *                each point
 * @return THENAR_OK; THENAR_ERR_VALUE the points do not support a curve
 */
THENAR_NODISCARD enum thenar_status calibration_law(struct sensor_law *law,
                                                    struct calibration_report *report,
                                                    struct thenar_error *error);

/** Rms of the rising points about the rising curve, % of pressure. */
double calibration_law_rms_pct(const struct sensor_law *law,
                               const struct calibration_report *report);

/** Pressure by the rising curve alone: the law's without the share of the loop. */
double calibration_law_rising_kpa(const struct sensor_law *law,
                                  const struct calibration_report *report, double conductance_us);

#endif
