/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "device_name.h"
#include "nearest.h"
#include "publish/feed_address.h"
#include "session/calibration_folder.h"
#include "session/session_folder.h"
#include "source/source.h"

static const char *const key_names[N_CONF_KEYS] = {
    [CONF_STATION] = "station",
    [CONF_FEED] = "feed",
    [CONF_CONTROL] = "control",
    [CONF_SESSIONS] = "sessions",
    [CONF_CALIBRATIONS] = "calibrations",
    [CONF_KEYS] = "keys",
    [CONF_MODEL] = "model",
    [CONF_METRICS_RATE_HZ] = "metrics_rate_hz",
    [CONF_FRAME_RATE_HZ] = "frame_rate_hz",
    [CONF_GATE_KPA] = "gate_kpa",
    [CONF_LOG] = "log",
    [CONF_DEVICES] = "devices",
};

const char *conf_key_name(enum conf_key key)
{
    return key_names[key];
}

enum conf_key conf_key_find(const char *name)
{
    int key = 0;
    while (key < N_CONF_KEYS && strcmp(name, key_names[key]) != 0)
        key++;
    return (enum conf_key)key;
}

enum thenar_status conf_init(struct conf *config, struct thenar_error *error)
{
    memset(config, 0, sizeof *config);
    config->devices = calloc(CONF_DEVICES_MAX, sizeof *config->devices);
    if (!config->devices)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the settings");
    (void)snprintf(config->station, sizeof config->station, "s1");
    (void)snprintf(config->feed, sizeof config->feed, "%s", THENAR_FEED_ADDRESS);
    (void)snprintf(config->control, sizeof config->control, "%s", THENAR_CONTROL_ADDRESS);
    calibration_folder_default(config->calibrations, sizeof config->calibrations);
    session_folder_default(config->sessions, sizeof config->sessions);
    config->metrics_rate_hz = 50;
    config->frame_rate_hz = (double)NAN;
    config->gate_kpa = (double)NAN;
    config->log = LOG_LEVEL_INFO;
    for (int key = 0; key < N_CONF_KEYS; key++)
        (void)snprintf(config->origins[key], CONF_ORIGIN_BYTES, "built in");
    return THENAR_OK;
}

void conf_finish(struct conf *config)
{
    free(config->devices);
    config->devices = NULL;
}

static enum thenar_status set_text(char *to, const char *value, const char *origin,
                                   struct thenar_error *error)
{
    if (strlen(value) >= CONF_TEXT_BYTES)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: longer than %d characters", origin,
                           CONF_TEXT_BYTES - 1);
    memcpy(to, value, strlen(value) + 1);
    return THENAR_OK;
}

static enum thenar_status set_number(double *to, enum conf_key key, const char *value,
                                     double largest, const char *origin, struct thenar_error *error)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(number))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: '%s' is not a number", origin, value);
    if (number < 0 || number > largest)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: %s is %g; it must be from 0 to %g", origin,
                           conf_key_name(key), number, largest);
    *to = number;
    return THENAR_OK;
}

static enum thenar_status set_station(struct conf *config, const char *value, const char *origin,
                                      struct thenar_error *error)
{
    if (!thenar_name_is_valid(value))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: '%s' cannot name a station; use 1 to 31 of a-z, 0-9, _ and -",
                           origin, value);
    memcpy(config->station, value, strlen(value) + 1);
    return THENAR_OK;
}

static enum thenar_status set_address(char *to, const char *what, const char *value,
                                      const char *origin, struct thenar_error *error)
{
    struct thenar_error inner;
    enum thenar_status status = feed_address_check(what, value, &inner);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%s: %.400s", origin, inner.text);
    return set_text(to, value, origin, error);
}

static enum thenar_status set_log(struct conf *config, const char *value, const char *origin,
                                  struct thenar_error *error)
{
    for (int level = 0; level < N_LOG_LEVELS; level++)
        if (strcmp(value, log_level_names[level]) == 0) {
            config->log = (enum log_level)level;
            return THENAR_OK;
        }
    char hint[160];
    nearest_hint(hint, sizeof hint, value, log_level_names, N_LOG_LEVELS);
    return thenar_fail(error, THENAR_ERR_VALUE, "%s: unknown log level '%s'%s", origin, value,
                       hint);
}

enum thenar_status conf_set(struct conf *config, enum conf_key key, const char *value,
                            const char *origin, struct thenar_error *error)
{
    enum thenar_status status = THENAR_ERR_ARGUMENT;
    switch (key) {
    case CONF_STATION:
        status = set_station(config, value, origin, error);
        break;
    case CONF_FEED:
        status = set_address(config->feed, "feed", value, origin, error);
        break;
    case CONF_CONTROL:
        status = set_address(config->control, "control", value, origin, error);
        break;
    case CONF_SESSIONS:
        status = set_text(config->sessions, value, origin, error);
        break;
    case CONF_CALIBRATIONS:
        status = set_text(config->calibrations, value, origin, error);
        break;
    case CONF_KEYS:
        status = set_text(config->keys, value, origin, error);
        break;
    case CONF_MODEL:
        status = set_text(config->model, value, origin, error);
        break;
    case CONF_METRICS_RATE_HZ:
        status = set_number(&config->metrics_rate_hz, key, value, 2000, origin, error);
        break;
    case CONF_FRAME_RATE_HZ:
        status = set_number(&config->frame_rate_hz, key, value, 2000, origin, error);
        break;
    case CONF_GATE_KPA:
        status = set_number(&config->gate_kpa, key, value, 1000, origin, error);
        break;
    case CONF_LOG:
        status = set_log(config, value, origin, error);
        break;
    case CONF_DEVICES:
        return conf_add_device(config, value, origin, error);
    case N_CONF_KEYS:
        break;
    }
    if (status == THENAR_OK)
        (void)snprintf(config->origins[key], CONF_ORIGIN_BYTES, "%s", origin);
    return status;
}

enum thenar_status conf_check(const struct conf *config, struct thenar_error *error)
{
    static const enum conf_key keys[] = {CONF_FEED, CONF_CONTROL};
    const char *const addresses[] = {config->feed, config->control};
    for (size_t i = 0; i < 2 && config->keys[0] == '\0'; i++)
        if (feed_address_is_reached(addresses[i]))
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "%s: %s: %.300s is reached by other machines, so it needs keys: "
                               "run 'thenar keys make', and say keys = \"FOLDER\" or --keys FOLDER "
                               "(thenard(1), OTHER MACHINES)",
                               config->origins[keys[i]], conf_key_name(keys[i]), addresses[i]);
    return THENAR_OK;
}

/* ---- devices ---- */

/* A device of that name other than `self`, which may be NULL. */
static struct conf_device *find_other(struct conf *config, const char *name,
                                      const struct conf_device *self)
{
    for (size_t i = 0; i < config->n_devices; i++)
        if (&config->devices[i] != self && strcmp(config->devices[i].name, name) == 0)
            return &config->devices[i];
    return NULL;
}

/* Number a name until no other device has it. `self` is the one that is named, if it is listed. */
static void make_unique(struct conf *config, char *name, size_t n_space,
                        const struct conf_device *self)
{
    char plain[THENAR_TOPIC_NAME_BYTES];
    (void)snprintf(plain, sizeof plain, "%s", name);
    for (unsigned n = 2; find_other(config, name, self); n++) {
        (void)snprintf(name, n_space, "%s", plain);
        device_name_number(name, n_space, n);
    }
}

/* A name that was given is kept; one that was only made steps aside for it. */
static enum thenar_status choose_name(struct conf *config, struct conf_device *device,
                                      const char *name, const struct uri *uri, const char *origin,
                                      struct thenar_error *error)
{
    device->is_named = name;
    if (!name) {
        device_name_make(uri->path, device->name, sizeof device->name);
        make_unique(config, device->name, sizeof device->name, NULL);
        return THENAR_OK;
    }
    if (!thenar_name_is_valid(name))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: '%s' cannot name a device; use 1 to 31 of a-z, 0-9, _ and -",
                           origin, name);
    struct conf_device *other = find_other(config, name, NULL);
    if (other && other->is_named)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: two devices are named '%s'", origin, name);
    memcpy(device->name, name, strlen(name) + 1);
    if (other) {
        device_name_number(other->name, sizeof other->name, 2);
        make_unique(config, other->name, sizeof other->name, other);
    }
    return THENAR_OK;
}

enum thenar_status conf_add_named(struct conf *config, const char *name, const char *uri_text,
                                  const char *origin, struct thenar_error *error)
{
    struct uri uri;
    struct thenar_error inner;
    if (config->n_devices == CONF_DEVICES_MAX)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: more than %d devices", origin,
                           CONF_DEVICES_MAX);
    if (uri_parse(&uri, uri_text, &inner) != THENAR_OK || !source_kind_of(&uri, &inner))
        return thenar_fail(error, inner.status, "%s: %.400s", origin, inner.text);
    struct conf_device device = {0};
    enum thenar_status status = choose_name(config, &device, name, &uri, origin, error);
    if (status != THENAR_OK)
        return status;
    memcpy(device.uri, uri_text, strlen(uri_text) + 1);
    (void)snprintf(device.origin, sizeof device.origin, "%s", origin);
    config->devices[config->n_devices++] = device;
    (void)snprintf(config->origins[CONF_DEVICES], CONF_ORIGIN_BYTES, "%s", origin);
    return THENAR_OK;
}

enum thenar_status conf_add_device(struct conf *config, const char *text, const char *origin,
                                   struct thenar_error *error)
{
    /* A scheme ends in a colon, which no name holds: what comes first tells them apart. */
    size_t n_name = strcspn(text, "=:");
    if (text[n_name] != '=')
        return conf_add_named(config, NULL, text, origin, error);
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", n_name < sizeof name ? (int)n_name : 63, text);
    return conf_add_named(config, name, text + n_name + 1, origin, error);
}

/* ---- printing ---- */

static void print_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c < ' ')
            fprintf(out, "\\x%02x", *c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

static void print_line(const struct conf *config, enum conf_key key, const char *text, FILE *out)
{
    fprintf(out, "# %s\n%s = ", config->origins[key], key_names[key]);
    print_text(out, text);
    fputs(";\n", out);
}

static void print_number(const struct conf *config, enum conf_key key, double value,
                         const char *when_absent, FILE *out)
{
    if (isnan(value))
        fprintf(out, "# %s: %s\n# %s = ...;\n", config->origins[key], when_absent, key_names[key]);
    else
        fprintf(out, "# %s\n%s = %.9g;\n", config->origins[key], key_names[key], value);
}

void conf_print(const struct conf *config, FILE *out)
{
    fputs("# thenard: the settings in force; above each, where it comes from\n", out);
    print_line(config, CONF_STATION, config->station, out);
    print_line(config, CONF_FEED, config->feed, out);
    print_line(config, CONF_CONTROL, config->control, out);
    print_line(config, CONF_SESSIONS, config->sessions, out);
    print_line(config, CONF_CALIBRATIONS, config->calibrations, out);
    print_line(config, CONF_KEYS, config->keys, out);
    print_line(config, CONF_MODEL, config->model, out);
    print_number(config, CONF_METRICS_RATE_HZ, config->metrics_rate_hz, "", out);
    print_number(config, CONF_FRAME_RATE_HZ, config->frame_rate_hz, "as each device scans", out);
    print_number(config, CONF_GATE_KPA, config->gate_kpa, "from the noise of the array", out);
    print_line(config, CONF_LOG, log_level_names[config->log], out);
    fprintf(out, "# %s\ndevices = (", config->origins[CONF_DEVICES]);
    for (size_t i = 0; i < config->n_devices; i++) {
        fputs(i ? ",\n    { name = " : "\n    { name = ", out);
        print_text(out, config->devices[i].name);
        fputs("; uri = ", out);
        print_text(out, config->devices[i].uri);
        fputs("; }", out);
    }
    fputs(config->n_devices ? "\n);\n" : ");\n", out);
}
