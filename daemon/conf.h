/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf.h - the daemon's settings, and where each came from
 *
 * A setting has one name: a key of the configuration file, and an option (with dashes) of the
 * command line. An option wins over the file, the file over what is built in. */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"
#include "feed/topic.h"
#include "log.h"

enum { CONF_TEXT_BYTES = 1024, CONF_ORIGIN_BYTES = 256, CONF_DEVICES_MAX = 256 };

enum conf_key {
    CONF_STATION,
    CONF_FEED,
    CONF_CONTROL,
    CONF_SESSIONS,
    CONF_CALIBRATIONS,
    CONF_KEYS,
    CONF_MODEL,
    CONF_METRICS_RATE_HZ,
    CONF_FRAME_RATE_HZ,
    CONF_GATE_KPA,
    CONF_LOG,
    CONF_DEVICES,
    N_CONF_KEYS
};

struct conf_device {
    char name[THENAR_TOPIC_NAME_BYTES];
    char uri[CONF_TEXT_BYTES];
    char origin[CONF_ORIGIN_BYTES];
    bool is_named; /* by the user: not to be changed */
};

struct conf {
    char station[THENAR_TOPIC_NAME_BYTES];
    char feed[CONF_TEXT_BYTES], control[CONF_TEXT_BYTES];
    char sessions[CONF_TEXT_BYTES];     /* "": none are recorded */
    char calibrations[CONF_TEXT_BYTES]; /* "": none are looked for */
    char keys[CONF_TEXT_BYTES];         /* "": none; other machines are not let in */
    char model[CONF_TEXT_BYTES];        /* file of a technique model; "": the one that ships */
    double metrics_rate_hz;             /* 0: off */
    double frame_rate_hz;               /* 0: off; NaN: as each device scans */
    double gate_kpa;                    /* NaN: from the noise of the array itself */
    enum log_level log;
    size_t n_devices;
    struct conf_device *devices; /* [CONF_DEVICES_MAX] owned */
    bool takes_new; /* `auto` was among them: what is plugged in later becomes a device too */
    char origins[N_CONF_KEYS][CONF_ORIGIN_BYTES]; /* "built in", "FILE:LINE", "option" */
};

/** Name of a key: "metrics_rate_hz". */
const char *conf_key_name(enum conf_key key);

/** The key of a name; N_CONF_KEYS and a sentence with the nearest when there is none. */
enum conf_key conf_key_find(const char *name);

/** Everything as built in. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status conf_init(struct conf *config, struct thenar_error *error);
void conf_finish(struct conf *config);

/**
 * Set one key from text, checked: the way of options.
 * @param origin  where it comes from, begins the error sentence too
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE
 */
THENAR_NODISCARD enum thenar_status conf_set(struct conf *config, enum conf_key key,
                                             const char *value, const char *origin,
                                             struct thenar_error *error);

/**
 * Add a device, `NAME=URI` or `URI` alone.
 * @return THENAR_OK; THENAR_ERR_SYNTAX; THENAR_ERR_VALUE the name is not allowed, or taken
 */
THENAR_NODISCARD enum thenar_status conf_add_device(struct conf *config, const char *text,
                                                    const char *origin, struct thenar_error *error);

/** The same with the name apart; NULL: made from the URI. */
THENAR_NODISCARD enum thenar_status conf_add_named(struct conf *config, const char *name,
                                                   const char *uri, const char *origin,
                                                   struct thenar_error *error);

/**
 * Look at what only all settings together tell: an address that other machines reach needs keys.
 * @return THENAR_OK; THENAR_ERR_VALUE, with the origin of the setting
 */
THENAR_NODISCARD enum thenar_status conf_check(const struct conf *config,
                                               struct thenar_error *error);

/** Write all in the file's own syntax, each line with its origin. */
void conf_print(const struct conf *config, FILE *out);

#endif
