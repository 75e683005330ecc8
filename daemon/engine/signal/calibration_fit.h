/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_fit.h - from loads that were known to the law of the sensors, or why not
 *
 * 1. Zero. The mean of the holds without load is what each taxel shows of nothing.
 * 2. Gains (calibration_gains.h). Under an even load each taxel's conductance over their median.
 * 3. Places (calibration_puck.h). Where the puck lay, and which taxels lay wholly under it.
 * 4. Creep. In holds that began from nothing and lasted: ln G against log10 t, a straight line.
 * 5. Law (calibration_law.h). Conductance at CALIBRATION_REFERENCE_S after contact, creep taken
 * out, against pressure: a power law, or a monotone spline where that predicts held-out loads
 * better.
 *
 * Rising loads give the curve and falling ones the hysteresis, as in ISO 376 for force transducers.
 * A reading may have been reached from either side, more often from below; so the law lies a
 * quarter of the loop above the rising curve, which is least wrong when three readings of four come
 * from below. Both the loop and what it adds to the uncertainty are reported.
 *
 * A pure function of the run: nothing is asked of clock, chance or disk. The residual is that of
 * the fit; it says how well the curve passes through these loads, and is no accuracy. */
#ifndef CALIBRATION_FIT_H
#define CALIBRATION_FIT_H

#include "error.h"
#include "signal/calibration_report.h"
#include "signal/sensor_calibration.h"

/**
 * @param calibration  out: law, gains, marks, residuals, uncertainty; identity is left empty but
 * for reference_uncertainty_pct. Finished by the caller, also after a failure
 * @param report       out: filled as far as the fit came, also on failure
 * @param run          observed; needs a hold without load, one or more even loads, and the puck
 * @param layout       of the device: places, areas, front end
 * @param reference_uncertainty_pct  standard uncertainty of the loads, >= 0
 * @return THENAR_OK; THENAR_ERR_VALUE the data do not support a fit: the sentence says which step
 *         and what to do; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status calibration_fit(struct sensor_calibration *calibration,
                                                    struct calibration_report *report,
                                                    const struct calibration_run *run,
                                                    const struct array_layout *layout,
                                                    double reference_uncertainty_pct,
                                                    struct thenar_error *error);

/**
 * Look at the holds so far, without a law: is there something wrong with one of them already?
 * @param report  out: n_points, and points without readings
 * @return THENAR_OK; as calibration_fit
 */
THENAR_NODISCARD enum thenar_status calibration_look(struct calibration_report *report,
                                                     const struct calibration_run *run,
                                                     const struct array_layout *layout,
                                                     struct thenar_error *error);

#endif
