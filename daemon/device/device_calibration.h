/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_calibration.h - the calibration file of a device, when it says what it is
 *
 * Found by the serial number in the folder of calibrations. One that cannot be used is said on the
 * status and in the log, and the device goes on as it was; one that has expired is used and said to
 * be expired everywhere. Context: the device's thread, when a device describes itself. */
#ifndef DEVICE_CALIBRATION_H
#define DEVICE_CALIBRATION_H

#include "array_layout.h"
#include "error.h"
#include "feed/payload.h"
#include "signal/sensor_calibration.h"

struct device_calibration {
    bool is_used, is_expired;
    char date[CALIBRATION_DATE_BYTES], expires[CALIBRATION_DATE_BYTES];
    float uncertainty_pct;
    char problem[THENAR_ERROR_TEXT_BYTES]; /* why one that is there is not used; "": nothing */
    char *text;                            /* owned; of the file that is used; NULL: none */
    char file[THENAR_LABEL_BYTES];         /* its name */
};

/**
 * Look for it, and let `layout` use it.
 * @param calibration  out: device_calibration_finish frees what it owns
 * @param folder  NULL or "": nowhere
 * @param layout  as the device described itself; changed only where the calibration fits
 */
void device_calibration_find(struct device_calibration *calibration, const char *folder,
                             const char *serial, struct array_layout *layout);

void device_calibration_finish(struct device_calibration *calibration);

/** Into the status, which says already what the device is; what is wrong goes to the log as well.
 */
void device_calibration_tell(const struct device_calibration *calibration,
                             struct thenar_feed_status *state, const char *name);

#endif
