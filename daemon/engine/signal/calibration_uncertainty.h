/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_uncertainty.h - how far off the law may be, by all that is known beside the loads
 *
 * The residuals of the taxels that a puck covered, the loop, loads that were put on twice, creep
 * and the loads' own uncertainty, each apart; and whether a second reference (an even load of known
 * pressure) and a third (the law that the factory gave) agree. */
#ifndef CALIBRATION_UNCERTAINTY_H
#define CALIBRATION_UNCERTAINTY_H

#include "signal/calibration_report.h"
#include "signal/hold_view.h"

/**
 * @param calibration  in: law, gains; out: residual_pct of the taxels that were covered, and the
 *                     law's uncertainty
 * @param report       in: points, loop_pct, repeat_pct; out: warnings of what is not known
 */
void calibration_uncertainty(struct sensor_calibration *calibration,
                             struct calibration_report *report, const struct hold_scene *scene,
                             const struct hold_view *views, unsigned n_views,
                             double reference_uncertainty_pct);

/**
 * @param report  out: even_pct, and a warning when the even load is in doubt
 * @return THENAR_OK; THENAR_ERR_VALUE the even load and the weights contradict each other
 */
THENAR_NODISCARD enum thenar_status calibration_compare_even(const struct sensor_law *law,
                                                             struct calibration_report *report,
                                                             const struct hold_view *views,
                                                             unsigned n_views,
                                                             struct thenar_error *error);

/** The factory's law may be old, so it only makes doubtful. @param report  out: a warning */
void calibration_compare_factory(const struct sensor_law *factory,
                                 struct calibration_report *report);

#endif
