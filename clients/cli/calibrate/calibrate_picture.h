/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate_picture.h - the result of a calibration as a drawing (SVG): curve, residuals, taxels */
#ifndef CALIBRATE_PICTURE_H
#define CALIBRATE_PICTURE_H

#include "error.h"
#include "signal/calibration_fit.h"

/** Write it to a file. @return THENAR_OK; THENAR_ERR_OS with the reason */
THENAR_NODISCARD enum thenar_status calibrate_picture_write(
    const struct sensor_calibration *calibration, const struct calibration_report *report,
    const char *path, struct thenar_error *error);

#endif
