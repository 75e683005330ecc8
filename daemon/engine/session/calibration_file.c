/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/calibration_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/calibration_words.h"
#include "session/json_fields.h"

#define ONLY(fields, object, parent, ...)                                        \
    json_fields_only(fields, object, parent, (const char *const[]){__VA_ARGS__}, \
                     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static float read_float(struct json_fields *f, const json_t *object, const char *parent,
                        const char *key, double least, double most)
{
    return (float)json_fields_number(f, object, parent, key, least, most);
}

/* "2026-11-21" */
static void read_day(struct json_fields *f, const json_t *root, const char *key, char *out)
{
    json_fields_text(f, root, "", key, out, CALIBRATION_DATE_BYTES);
    unsigned year, month, day;
    char rest;
    if (f->status == THENAR_OK && (strlen(out) != 10 || strspn(out, "0123456789-") != 10 ||
                                   sscanf(out, "%4u-%2u-%2u%c", &year, &month, &day, &rest) != 3 ||
                                   month < 1 || month > 12 || day < 1 || day > 31))
        json_fields_fail(f, "", key, "'%s' is not a day such as 2026-11-21", out);
}

static void read_identity(struct json_fields *f, const json_t *root,
                          struct calibration_identity *id)
{
    const json_t *device = json_fields_object(f, root, "", "device");
    json_fields_text(f, device, "device", "serial", id->serial, sizeof id->serial);
    json_fields_text(f, device, "device", "model", id->model, sizeof id->model);
    json_fields_text(f, device, "device", "firmware", id->firmware, sizeof id->firmware);
    ONLY(f, device, "device", "serial", "model", "firmware");
    read_day(f, root, "date", id->date);
    read_day(f, root, "expires", id->expires);
    const json_t *reference = json_fields_object(f, root, "", "reference");
    json_fields_text(f, reference, "reference", "instrument", id->reference, sizeof id->reference);
    id->reference_uncertainty_pct =
        read_float(f, reference, "reference", "standard_uncertainty_pct", 0, 100);
    ONLY(f, reference, "reference", "instrument", "standard_uncertainty_pct");
    json_fields_text(f, root, "", "operator", id->operator_name, sizeof id->operator_name);
    json_fields_text(f, root, "", "note", id->note, sizeof id->note);
    id->temperature_c = (float)json_fields_number_or_null(f, root, "", "temperature_c", -60, 150);
    if (f->status == THENAR_OK && id->serial[0] == '\0')
        json_fields_fail(f, "device", "serial", "is empty, and a calibration is of one device");
}

static void read_front_end(struct json_fields *f, const json_t *root, struct sensor_law *law)
{
    char word[20];
    const json_t *front = json_fields_object(f, root, "", "front_end");
    json_fields_text(f, front, "front_end", "circuit", word, sizeof word);
    unsigned k = 0;
    while (k < 3 && strcmp(word, calibration_circuit_words[k]) != 0)
        k++;
    if (f->status == THENAR_OK && k == 3)
        json_fields_fail(f, "front_end", "circuit",
                         "'%s' is not known; there are divider, transimpedance and linear", word);
    law->circuit = k < 3 ? (enum sensor_circuit)k : SENSOR_LINEAR;
    law->full_scale_counts = read_float(f, front, "front_end", "full_scale_counts", 1, 65535);
    law->reference_ohm = read_float(f, front, "front_end", "reference_ohm", 1e-3, 1e9);
    ONLY(f, front, "front_end", "circuit", "full_scale_counts", "reference_ohm");
}

static void read_pair(struct json_fields *f, const json_t *list, size_t at, const char *parent,
                      const char *key, float *first, float *second)
{
    const json_t *pair = json_array_get(list, at);
    if (f->status != THENAR_OK)
        return;
    if (!json_is_array(pair) || json_array_size(pair) != 2 ||
        !json_is_number(json_array_get(pair, 0)) || !json_is_number(json_array_get(pair, 1))) {
        json_fields_fail(f, parent, key, "entry %zu is not a pair of numbers", at + 1);
        return;
    }
    *first = (float)json_number_value(json_array_get(pair, 0));
    *second = (float)json_number_value(json_array_get(pair, 1));
}

static void read_law(struct json_fields *f, const json_t *root, struct sensor_law *law)
{
    char form[12];
    const json_t *object = json_fields_object(f, root, "", "law");
    json_fields_text(f, object, "law", "form", form, sizeof form);
    law->conductance_100kpa_us = read_float(f, object, "law", "conductance_100kpa_us", 1e-6, 1e9);
    law->exponent = read_float(f, object, "law", "exponent", 0.05, 20);
    bool is_spline = strcmp(form, "spline") == 0;
    if (f->status == THENAR_OK && !is_spline && strcmp(form, "power") != 0)
        json_fields_fail(f, "law", "form", "'%s' is not known; there are power and spline", form);
    const json_t *knots =
        json_fields_array(f, object, "law", "knots_us_kpa", is_spline ? SENSOR_KNOTS_MIN : 0,
                          is_spline ? SENSOR_KNOTS_MAX : 0);
    ONLY(f, object, "law", "form", "conductance_100kpa_us", "exponent", "knots_us_kpa");
    for (size_t k = 0; k < json_array_size(knots) && f->status == THENAR_OK; k++)
        read_pair(f, knots, k, "law", "knots_us_kpa", &law->spline.conductance_us[k],
                  &law->spline.pressure_kpa[k]);
    law->spline.n_knots = (unsigned)json_array_size(knots);
    if (f->status == THENAR_OK && is_spline && !sensor_spline_is_good(&law->spline))
        json_fields_fail(f, "law", "knots_us_kpa", "both columns must be positive and rise");
}

static void read_quality(struct json_fields *f, const json_t *root, struct sensor_law *law)
{
    const json_t *creep = json_fields_object(f, root, "", "creep");
    law->creep.pct_decade = read_float(f, creep, "creep", "pct_decade", 0, 100);
    law->creep.reference_s = read_float(f, creep, "creep", "reference_s", 1e-3, 1e5);
    law->creep.onset_s = read_float(f, creep, "creep", "onset_s", 0, 1e5);
    law->creep.limit_s = read_float(f, creep, "creep", "limit_s", 0, 1e7);
    ONLY(f, creep, "creep", "pct_decade", "reference_s", "onset_s", "limit_s");
    const json_t *u = json_fields_object(f, root, "", "uncertainty_pct");
    static const char parent[] = "uncertainty_pct";
    law->uncertainty.repeatability_pct = read_float(f, u, parent, "repeatability", 0, 1000);
    law->uncertainty.hysteresis_pct = read_float(f, u, parent, "hysteresis", 0, 1000);
    law->uncertainty.creep_pct = read_float(f, u, parent, "creep", 0, 1000);
    law->uncertainty.fit_pct = read_float(f, u, parent, "fit_residual", 0, 1000);
    law->uncertainty.reference_pct = read_float(f, u, parent, "reference", 0, 1000);
    law->uncertainty_pct = read_float(f, u, parent, "total", 0, 1000);
    ONLY(f, u, parent, "repeatability", "hysteresis", "creep", "fit_residual", "reference",
         "total");
}

/* One taxel; false with the fault told. */
static bool read_taxel(struct json_fields *f, struct sensor_calibration *c, size_t i,
                       const json_t *gain, const json_t *residual, const json_t *mark)
{
    const json_t *g = json_array_get(gain, i), *r = json_array_get(residual, i);
    const char *word = json_string_value(json_array_get(mark, i));
    double value = json_number_value(g), off = json_is_null(r) ? 0.0 : json_number_value(r);
    if (!json_is_number(g) || !(value >= 0.01 && value <= 100.0))
        json_fields_fail(f, "taxels", "gain", "of row %zu, col %zu is not from 0.01 to 100",
                         i / c->n_cols, i % c->n_cols);
    else if (!(json_is_null(r) || json_is_number(r)) || !(off >= 0.0 && off <= 1e6))
        json_fields_fail(f, "taxels", "residual_pct", "of row %zu, col %zu is no number or null",
                         i / c->n_cols, i % c->n_cols);
    else if (!word || !taxel_mark_of(word, &c->mark[i]))
        json_fields_fail(f, "taxels", "mark", "of row %zu, col %zu is not known", i / c->n_cols,
                         i % c->n_cols);
    c->gain[i] = (float)value;
    c->residual_pct[i] = json_is_null(r) ? NAN : (float)off;
    return f->status == THENAR_OK;
}

static void read_taxels(struct json_fields *f, const json_t *root, struct sensor_calibration *c)
{
    size_t n = c->n_taxels;
    const json_t *taxels = json_fields_object(f, root, "", "taxels");
    const json_t *gain = json_fields_array(f, taxels, "taxels", "gain", n, n);
    const json_t *residual = json_fields_array(f, taxels, "taxels", "residual_pct", n, n);
    const json_t *mark = json_fields_array(f, taxels, "taxels", "mark", n, n);
    ONLY(f, taxels, "taxels", "gain", "residual_pct", "mark");
    for (size_t i = 0; f->status == THENAR_OK && i < n; i++)
        if (!read_taxel(f, c, i, gain, residual, mark))
            return;
}

static void read_array(struct json_fields *f, const json_t *root, struct sensor_calibration *c)
{
    const json_t *array = json_fields_object(f, root, "", "array");
    double rows = json_fields_number(f, array, "array", "rows", 1, 4096);
    double cols = json_fields_number(f, array, "array", "cols", 1, 4096);
    ONLY(f, array, "array", "rows", "cols");
    if (f->status != THENAR_OK)
        return;
    if (rows != floor(rows) || cols != floor(cols) || rows * cols > CALIBRATION_MAX_TAXELS) {
        json_fields_fail(f, "array", "rows", "%g x %g is not an array of up to %d taxels", rows,
                         cols, CALIBRATION_MAX_TAXELS);
        return;
    }
    if (sensor_calibration_init(c, (uint16_t)rows, (uint16_t)cols) != THENAR_OK)
        f->status = thenar_fail(f->error, THENAR_ERR_MEMORY, "%s: out of memory", f->name);
}

static void read_all(struct json_fields *f, const json_t *root, struct sensor_calibration *c)
{
    char word[40];
    read_array(f, root, c);
    if (f->status != THENAR_OK)
        return;
    read_identity(f, root, &c->identity);
    c->law = (struct sensor_law){.unit = UNIT_COUNTS, .calibrated = true};
    read_front_end(f, root, &c->law);
    read_law(f, root, &c->law);
    read_quality(f, root, &c->law);
    const json_t *range = json_fields_array(f, root, "", "measured_range_kpa", 2, 2);
    c->low_kpa = (float)json_number_value(json_array_get(range, 0));
    c->high_kpa = (float)json_number_value(json_array_get(range, 1));
    if (f->status == THENAR_OK && !(c->low_kpa > 0 && c->high_kpa > c->low_kpa))
        json_fields_fail(f, "", "measured_range_kpa", "is not two pressures that rise");
    read_taxels(f, root, c);
    json_fields_text(f, root, "", "checksum", word, sizeof word);
    ONLY(f, root, "", "format", "version", "device", "date", "expires", "reference", "operator",
         "note", "temperature_c", "array", "front_end", "law", "measured_range_kpa", "creep",
         "uncertainty_pct", "taxels", "checksum");
}

static enum thenar_status check_head(const json_t *root, const char *name,
                                     struct thenar_error *error)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, "thenar-calibration") != 0)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: not a calibration: \"format\": \"thenar-calibration\" is not in it",
                           name);
    json_int_t version = json_integer_value(json_object_get(root, "version"));
    if (version != CALIBRATION_FILE_VERSION)
        return thenar_fail(
            error, THENAR_ERR_VERSION,
            "%s: version %lld of the format; this Thenar reads version %d. Use a newer "
            "one, or calibrate again",
            name, (long long)version, CALIBRATION_FILE_VERSION);
    return THENAR_OK;
}

/* The last line that begins with "checksum": what stands before it is what was summed. */
static enum thenar_status check_sum(const char *text, const json_t *root, const char *name,
                                    struct thenar_error *error)
{
    const char *at = NULL;
    for (const char *next = text; (next = strstr(next, "  \"checksum\"")); next++)
        at = next;
    const char *written = json_string_value(json_object_get(root, "checksum"));
    if (!at || !written)
        return thenar_fail(error, THENAR_ERR_CRC,
                           "%s: no checksum at its end: the file is not whole, or was made by hand",
                           name);
    char wanted[24];
    (void)snprintf(wanted, sizeof wanted, "crc32:%08x",
                   (unsigned)calibration_file_checksum(text, (size_t)(at - text)));
    if (strcmp(wanted, written) != 0)
        return thenar_fail(error, THENAR_ERR_CRC,
                           "%s: the checksum is %s and should be %s: the file was changed after it "
                           "was written. Take it from a backup, or calibrate again",
                           name, written, wanted);
    return THENAR_OK;
}

enum thenar_status calibration_file_parse(struct sensor_calibration *calibration, const char *text,
                                          size_t n_bytes, const char *name,
                                          struct thenar_error *error)
{
    memset(calibration, 0, sizeof *calibration);
    if (n_bytes > CALIBRATION_FILE_MAX_BYTES)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: larger than a calibration can be", name);
    char *copy = malloc(n_bytes + 1);
    if (!copy)
        return thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", name);
    if (n_bytes > 0)
        memcpy(copy, text, n_bytes);
    copy[n_bytes] = '\0';
    json_error_t fault;
    json_t *root = json_loadb(copy, n_bytes, JSON_REJECT_DUPLICATES, &fault);
    enum thenar_status status;
    if (!json_is_object(root))
        status = thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: not JSON: %.120s", name,
                             root ? 1 : fault.line, root ? "no object" : fault.text);
    else
        status = check_head(root, name, error);
    if (status == THENAR_OK)
        status = check_sum(copy, root, name, error);
    if (status == THENAR_OK) {
        struct json_fields fields;
        json_fields_init(&fields, name, copy, error);
        read_all(&fields, root, calibration);
        status = fields.status;
    }
    json_decref(root);
    free(copy);
    if (status != THENAR_OK)
        sensor_calibration_finish(calibration);
    return status;
}

enum thenar_status calibration_file_read(struct sensor_calibration *calibration, const char *path,
                                         struct thenar_error *error)
{
    memset(calibration, 0, sizeof *calibration);
    FILE *file = fopen(path, "rb");
    if (!file) {
        enum thenar_status why = errno == ENOENT   ? THENAR_ERR_ABSENT
                                 : errno == EACCES ? THENAR_ERR_DENIED
                                                   : THENAR_ERR_OS;
        return thenar_fail(error, why, "%s: cannot read the calibration: %s", path,
                           strerror(errno));
    }
    char *text = malloc(CALIBRATION_FILE_MAX_BYTES + 1);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (text) {
        size_t n_bytes = fread(text, 1, CALIBRATION_FILE_MAX_BYTES + 1, file);
        status = ferror(file) ? thenar_fail(error, THENAR_ERR_OS, "%s: %s", path, strerror(errno))
                              : calibration_file_parse(calibration, text, n_bytes, path, error);
    } else {
        status = thenar_fail(error, status, "%s: out of memory", path);
    }
    free(text);
    (void)fclose(file);
    return status;
}

/* Older ones are kept, as NAME.1, NAME.2, ... */
static void keep_old(const char *path)
{
    char aside[CALIBRATION_PATH_BYTES + 16];
    if (access(path, F_OK) != 0)
        return;
    for (unsigned n = 1; n < 1000; n++) {
        (void)snprintf(aside, sizeof aside, "%s.%u", path, n);
        if (link(path, aside) == 0 || errno != EEXIST)
            return;
    }
}

static enum thenar_status write_text(const char *text, const char *path, struct thenar_error *error)
{
    char temporary[CALIBRATION_PATH_BYTES + 16];
    (void)snprintf(temporary, sizeof temporary, "%s.new", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) {
        int reason = errno;
        if (fd >= 0)
            (void)close(fd);
        return thenar_fail(error, reason == EACCES ? THENAR_ERR_DENIED : THENAR_ERR_OS,
                           "%s: cannot write the calibration: %s", path, strerror(reason));
    }
    bool good = fputs(text, file) >= 0 && fflush(file) == 0 && fsync(fd) == 0;
    good = fclose(file) == 0 && good;
    if (good)
        keep_old(path);
    if (!good || rename(temporary, path) != 0) {
        int reason = errno;
        (void)unlink(temporary);
        return thenar_fail(error, THENAR_ERR_OS, "%s: cannot write the calibration: %s", path,
                           strerror(reason));
    }
    return THENAR_OK;
}

enum thenar_status calibration_file_write(const struct sensor_calibration *calibration,
                                          const char *path, struct thenar_error *error)
{
    char *text;
    enum thenar_status status = calibration_file_text(calibration, &text);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%s: out of memory", path);
    status = write_text(text, path, error);
    free(text);
    return status;
}

void calibration_file_path(char path[CALIBRATION_PATH_BYTES], const char *folder,
                           const char *serial)
{
    char name[CALIBRATION_TEXT_BYTES];
    size_t n = 0;
    for (; serial[n] && n + 1 < sizeof name; n++) {
        unsigned char c = (unsigned char)serial[n];
        bool plain = (isalnum(c) && c < 128) || strchr("-_+.", c);
        name[n] = plain && !(c == '.' && n == 0) ? (char)c : '_';
    }
    name[n] = '\0';
    (void)snprintf(path, CALIBRATION_PATH_BYTES, "%s/%s.json", folder, name);
}

enum thenar_status calibration_file_find(struct sensor_calibration *calibration, const char *folder,
                                         const char *serial, struct thenar_error *error)
{
    char path[CALIBRATION_PATH_BYTES];
    calibration_file_path(path, folder, serial);
    enum thenar_status status = calibration_file_read(calibration, path, error);
    if (status != THENAR_OK || strcmp(calibration->identity.serial, serial) == 0)
        return status;
    status = thenar_fail(error, THENAR_ERR_VALUE,
                         "%s: the calibration of device %s, not of %s: the file has a wrong name",
                         path, calibration->identity.serial, serial);
    sensor_calibration_finish(calibration);
    return status;
}
