/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_calibration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "session/calibration_file.h"

/* The day in UTC, as calibrations have it. */
static void write_today(char day[CALIBRATION_DATE_BYTES])
{
    time_t now = time(NULL);
    struct tm parts;
    (void)gmtime_r(&now, &parts);
    (void)strftime(day, CALIBRATION_DATE_BYTES, "%Y-%m-%d", &parts);
}

/* For the files of sessions; when memory is short they do without. */
static void keep_text(struct device_calibration *calibration,
                      const struct sensor_calibration *found, const char *folder,
                      const char *serial)
{
    char path[CALIBRATION_PATH_BYTES];
    calibration_file_path(path, folder, serial);
    const char *slash = strrchr(path, '/');
    (void)snprintf(calibration->file, sizeof calibration->file, "%.63s", slash ? slash + 1 : path);
    if (calibration_file_text(found, &calibration->text) != THENAR_OK)
        calibration->text = NULL;
}

void device_calibration_finish(struct device_calibration *calibration)
{
    free(calibration->text);
    calibration->text = NULL;
}

void device_calibration_find(struct device_calibration *calibration, const char *folder,
                             const char *serial, struct array_layout *layout)
{
    struct sensor_calibration found;
    struct thenar_error error = {0};
    char today[CALIBRATION_DATE_BYTES];
    memset(calibration, 0, sizeof *calibration);
    if (!folder || folder[0] == '\0' || serial[0] == '\0' || layout->sensor.unit != UNIT_COUNTS)
        return;
    enum thenar_status status = calibration_file_find(&found, folder, serial, &error);
    if (status == THENAR_OK)
        status = sensor_calibration_apply(&found, layout, &error);
    if (status == THENAR_OK) {
        write_today(today);
        calibration->is_used = true;
        calibration->is_expired = sensor_calibration_is_expired(&found, today);
        memcpy(calibration->date, found.identity.date, sizeof calibration->date);
        memcpy(calibration->expires, found.identity.expires, sizeof calibration->expires);
        calibration->uncertainty_pct = found.law.uncertainty_pct;
        keep_text(calibration, &found, folder, serial);
    } else if (status != THENAR_ERR_ABSENT) {
        memcpy(calibration->problem, error.text, sizeof calibration->problem);
    }
    sensor_calibration_finish(&found);
}

void device_calibration_tell(const struct device_calibration *calibration,
                             struct thenar_feed_status *state, const char *name)
{
    const struct device_calibration *c = calibration;
    (void)snprintf(state->calibration_date, sizeof state->calibration_date, "%s", c->date);
    (void)snprintf(state->calibration_expires, sizeof state->calibration_expires, "%s", c->expires);
    (void)snprintf(state->calibration_problem, sizeof state->calibration_problem, "%.*s",
                   THENAR_REASON_BYTES - 1, c->problem);
    if (c->problem[0])
        log_say(LOG_LEVEL_WARNING, name, "its calibration is not used: %s", c->problem);
    if (!c->is_used)
        return;
    state->uncalibrated = false;
    state->calibration_uncertainty_pct = c->uncertainty_pct;
    (void)snprintf(state->calibration, sizeof state->calibration, "%s",
                   c->is_expired ? "expired" : "calibrated");
    if (c->is_expired)
        log_say(LOG_LEVEL_WARNING, name,
                "its calibration of %s expired on %s: calibrate it again (thenar calibrate)",
                c->date, c->expires);
}
