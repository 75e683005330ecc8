/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder_settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "session/session_convert.h"

static void put(struct session_setting_row *row, const char *key, const char *value)
{
    session_convert_text(row->key, sizeof row->key, key);
    session_convert_text(row->value, sizeof row->value, value);
}

static void put_number(struct session_setting_row *row, enum conf_key key, double value,
                       const char *when_absent)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.9g", value);
    put(row, conf_key_name(key), isnan(value) ? when_absent : text);
}

enum thenar_status recorder_settings_of(const struct conf *config,
                                        struct session_setting_row **rows, size_t *n_rows)
{
    *n_rows = 0;
    struct session_setting_row *list = calloc(N_CONF_KEYS + config->n_devices, sizeof *list);
    *rows = list;
    if (!list)
        return THENAR_ERR_MEMORY;
    size_t n = 0;
    put(&list[n++], conf_key_name(CONF_STATION), config->station);
    put(&list[n++], conf_key_name(CONF_FEED), config->feed);
    put(&list[n++], conf_key_name(CONF_CONTROL), config->control);
    put(&list[n++], conf_key_name(CONF_SESSIONS), config->sessions);
    put(&list[n++], conf_key_name(CONF_CALIBRATIONS), config->calibrations);
    put(&list[n++], conf_key_name(CONF_MODEL), config->model);
    put_number(&list[n++], CONF_METRICS_RATE_HZ, config->metrics_rate_hz, "");
    put_number(&list[n++], CONF_FRAME_RATE_HZ, config->frame_rate_hz, "as each device scans");
    put_number(&list[n++], CONF_GATE_KPA, config->gate_kpa, "from the noise of the array");
    for (size_t i = 0; i < config->n_devices; i++) {
        char text[SESSION_VALUE_BYTES];
        (void)snprintf(text, sizeof text, "%s=%.200s", config->devices[i].name,
                       config->devices[i].uri);
        put(&list[n++], "device", text);
    }
    *n_rows = n;
    return THENAR_OK;
}
