/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_file.h"

#include <errno.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "nearest.h"

enum { FILE_BYTES_MAX = 1024 * 1024 };

static void write_origin(char *origin, const char *name, const config_setting_t *setting)
{
    (void)snprintf(origin, CONF_ORIGIN_BYTES, "%s:%u", name,
                   (unsigned)config_setting_source_line(setting));
}

/* A number may be written 50 or 50.0, a text in quotes; either becomes text for conf_set. */
static enum thenar_status scalar_text(const config_setting_t *setting, bool wants_number,
                                      char *text, size_t n_space, const char *origin,
                                      struct thenar_error *error)
{
    const char *name = config_setting_name(setting);
    if (!wants_number && config_setting_type(setting) == CONFIG_TYPE_STRING)
        (void)snprintf(text, n_space, "%s", config_setting_get_string(setting));
    else if (wants_number && config_setting_type(setting) == CONFIG_TYPE_FLOAT)
        (void)snprintf(text, n_space, "%.17g", config_setting_get_float(setting));
    else if (wants_number && config_setting_is_number(setting))
        (void)snprintf(text, n_space, "%lld", config_setting_get_int64(setting));
    else
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: %s must be %s", origin, name,
                           wants_number ? "a number, as in 50" : "a text in quotes");
    return THENAR_OK;
}

static enum thenar_status read_group(struct conf *config, const config_setting_t *group,
                                     const char *origin, struct thenar_error *error)
{
    static const char *const names[] = {"name", "uri"};
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *member = config_setting_get_elem(group, i);
        const char *name = config_setting_name(member);
        if (strcmp(name, "name") == 0 || strcmp(name, "uri") == 0)
            continue;
        char hint[96];
        nearest_hint(hint, sizeof hint, name, names, 2);
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: unknown setting '%s' of a device%s",
                           origin, name, hint);
    }
    const char *name = NULL, *uri = NULL;
    if (config_setting_get_member(group, "name") &&
        !config_setting_lookup_string(group, "name", &name))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: name must be a text in quotes", origin);
    if (!config_setting_lookup_string(group, "uri", &uri))
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: a device needs uri = \"...\", as in uri = \"serial:/dev/ttyACM0\"",
                           origin);
    return conf_add_named(config, name, uri, origin, error);
}

static enum thenar_status read_devices(struct conf *config, const config_setting_t *list,
                                       const char *name, const char *origin,
                                       struct thenar_error *error)
{
    if (!config_setting_is_list(list) && !config_setting_is_array(list))
        return thenar_fail(
            error, THENAR_ERR_SYNTAX,
            "%s: devices must be a list, as in devices = ( \"table=virtual:table32\" "
            ");",
            origin);
    config->n_devices = 0;
    enum thenar_status status = THENAR_OK;
    for (unsigned i = 0; i < (unsigned)config_setting_length(list) && status == THENAR_OK; i++) {
        const config_setting_t *item = config_setting_get_elem(list, i);
        char at[CONF_ORIGIN_BYTES];
        write_origin(at, name, item);
        if (config_setting_is_group(item))
            status = read_group(config, item, at, error);
        else if (config_setting_type(item) == CONFIG_TYPE_STRING)
            status = conf_add_device(config, config_setting_get_string(item), at, error);
        else
            status = thenar_fail(error, THENAR_ERR_SYNTAX,
                                 "%s: a device is { name = \"...\"; uri = \"...\"; } or "
                                 "\"name=uri\"",
                                 at);
    }
    if (status == THENAR_OK)
        (void)snprintf(config->origins[CONF_DEVICES], CONF_ORIGIN_BYTES, "%s", origin);
    return status;
}

static enum thenar_status read_setting(struct conf *config, const config_setting_t *setting,
                                       const char *name, struct thenar_error *error)
{
    const char *word = config_setting_name(setting);
    enum conf_key key = conf_key_find(word);
    char origin[CONF_ORIGIN_BYTES], text[2 * CONF_TEXT_BYTES];
    write_origin(origin, name, setting);
    if (key == N_CONF_KEYS) {
        const char *words[N_CONF_KEYS];
        char hint[240];
        for (int i = 0; i < N_CONF_KEYS; i++)
            words[i] = conf_key_name((enum conf_key)i);
        nearest_hint(hint, sizeof hint, word, words, N_CONF_KEYS);
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: unknown setting '%s'%s", origin, word,
                           hint);
    }
    if (key == CONF_DEVICES)
        return read_devices(config, setting, name, origin, error);
    bool wants_number =
        key == CONF_METRICS_RATE_HZ || key == CONF_FRAME_RATE_HZ || key == CONF_GATE_KPA;
    enum thenar_status status =
        scalar_text(setting, wants_number, text, sizeof text, origin, error);
    return status == THENAR_OK ? conf_set(config, key, text, origin, error) : status;
}

enum thenar_status conf_file_parse(struct conf *config, const char *text, const char *name,
                                   struct thenar_error *error)
{
    config_t parsed;
    config_init(&parsed);
    enum thenar_status status = THENAR_OK;
    if (config_read_string(&parsed, text) != CONFIG_TRUE) {
        status = thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: %s", name,
                             config_error_line(&parsed), config_error_text(&parsed));
    } else {
        const config_setting_t *root = config_root_setting(&parsed);
        for (unsigned i = 0; i < (unsigned)config_setting_length(root) && status == THENAR_OK; i++)
            status = read_setting(config, config_setting_get_elem(root, i), name, error);
    }
    config_destroy(&parsed);
    return status;
}

static enum thenar_status read_text(const char *path, char **text, struct thenar_error *error)
{
    *text = NULL;
    FILE *file = fopen(path, "re");
    struct stat kind;
    if (!file || fstat(fileno(file), &kind) != 0) {
        int reason = errno;
        if (file)
            fclose(file);
        enum thenar_status status = reason == ENOENT   ? THENAR_ERR_ABSENT
                                    : reason == EACCES ? THENAR_ERR_DENIED
                                                       : THENAR_ERR_OS;
        return thenar_fail(error, status, "%s: %s", path, strerror(reason));
    }
    size_t n = 0;
    if (S_ISREG(kind.st_mode) && kind.st_size <= FILE_BYTES_MAX) {
        *text = calloc(1, (size_t)kind.st_size + 1);
        if (*text)
            n = fread(*text, 1, (size_t)kind.st_size, file);
    }
    fclose(file);
    if (!*text)
        return thenar_fail(error, THENAR_ERR_OS, "%s: not a configuration file", path);
    if (strlen(*text) != n) {
        free(*text);
        *text = NULL;
        (void)thenar_fail(error, THENAR_ERR_SYNTAX, "%s: not a text", path);
        return THENAR_ERR_SYNTAX;
    }
    return THENAR_OK;
}

enum thenar_status conf_file_read(struct conf *config, const char *path, struct thenar_error *error)
{
    char *text;
    enum thenar_status status = read_text(path, &text, error);
    if (status != THENAR_OK)
        return status;
    status = conf_file_parse(config, text, path, error);
    free(text);
    return status;
}
