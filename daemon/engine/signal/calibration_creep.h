/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_creep.h - how a reading rises under a load that stays
 *
 * In holds that began from nothing and lasted: ln G against log10 t, a straight line. What is
 * steady then has one conductance: that at CALIBRATION_REFERENCE_S after contact. */
#ifndef CALIBRATION_CREEP_H
#define CALIBRATION_CREEP_H

#include "signal/calibration_report.h"
#include "signal/hold_view.h"

/**
 * @param law     out: creep, uncertainty.creep_pct (of conductance)
 * @param report  out: creep_s, and a warning when creep is not well known
 * @return THENAR_OK; THENAR_ERR_VALUE a hold changes more than creep does
 */
THENAR_NODISCARD enum thenar_status calibration_creep(struct sensor_law *law,
                                                      struct calibration_report *report,
                                                      const struct hold_view *views,
                                                      unsigned n_views, struct thenar_error *error);

/** Conductance of an age over that at the reference time. */
double calibration_creep_factor(const struct sensor_creep *creep, double age_s);

/** Mean conductance of the whole taxels at the reference time, uS.
 * @param stray  out: how far the bins stray from it, a fraction */
double calibration_settled_us(const struct sensor_creep *creep, const struct hold_view *view,
                              double *stray);

#endif
