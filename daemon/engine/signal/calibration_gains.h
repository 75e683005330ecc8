/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_gains.h - one even load over all taxels: what each gives of it, and which do not */
#ifndef CALIBRATION_GAINS_H
#define CALIBRATION_GAINS_H

#include "error.h"
#include "signal/calibration_run.h"
#include "signal/sensor_calibration.h"

/** [n_taxels] mean counts of all holds without load into `zero`, the noise of a reading into
 * `noise`.
 * @return THENAR_OK; THENAR_ERR_VALUE there is no such hold */
THENAR_NODISCARD enum thenar_status calibration_zero(const struct calibration_run *run, float *zero,
                                                     float *noise, struct thenar_error *error);

/** Counts of taxel i over a whole hold. */
double calibration_hold_mean(const struct calibration_run *run, const struct calibration_hold *hold,
                             size_t i);

/** Whether a taxel is at full scale in any bin of a hold. */
bool calibration_hold_is_full(const struct calibration_run *run,
                              const struct calibration_hold *hold, const struct sensor_law *law,
                              size_t i);

/**
 * @param calibration  gain, mark and residual_pct (between the even loads, of conductance) are set
 * @param zero, noise  [n_taxels] from calibration_zero
 * @return THENAR_OK; THENAR_ERR_VALUE no even load; it was not there, not even, or too many taxels
 *         did not answer; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status calibration_gains(struct sensor_calibration *calibration,
                                                      const struct calibration_run *run,
                                                      const struct array_layout *layout,
                                                      const float *zero, const float *noise,
                                                      struct thenar_error *error);

#endif
