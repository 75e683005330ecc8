/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/calibration_run_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/calibration_words.h"
#include "session/json_fields.h"

enum { RUN_FILE_VERSION = 1, RUN_FILE_MAX_BYTES = 512 << 20 };

void calibration_run_head_finish(struct calibration_run_head *head)
{
    array_layout_finish(&head->layout);
}

/* ---- writing ---- */

static void put_floats(FILE *out, const char *name, const float *values, size_t n)
{
    (void)fprintf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(out, "%s%.7g", i ? "," : "", (double)values[i]);
    (void)fputc(']', out);
}

/* JSON's own quoting. */
static void put_text(FILE *out, const char *name, const char *value)
{
    json_t *text = json_string(value);
    char *quoted = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
    (void)fprintf(out, ",\"%s\":%s", name, quoted ? quoted : "\"\"");
    free(quoted);
    json_decref(text);
}

static enum thenar_status finish_writing(FILE *file, const char *path, struct thenar_error *error)
{
    bool good = fflush(file) == 0 && fsync(fileno(file)) == 0;
    int reason = errno;
    if (fclose(file) != 0 || !good)
        return thenar_fail(error, THENAR_ERR_OS, "%s: cannot write what was measured: %s", path,
                           strerror(reason));
    return THENAR_OK;
}

static FILE *open_file(const char *path, const char *mode, struct thenar_error *error)
{
    FILE *file = fopen(path, mode);
    if (!file)
        (void)thenar_fail(error, errno == ENOENT ? THENAR_ERR_ABSENT : THENAR_ERR_OS,
                          "%s: cannot keep what is measured: %s", path, strerror(errno));
    return file;
}

enum thenar_status calibration_run_file_begin(const char *path,
                                              const struct calibration_run_head *head,
                                              struct thenar_error *error)
{
    const struct array_layout *layout = &head->layout;
    const struct sensor_law *law = &layout->sensor;
    FILE *file = open_file(path, "we", error);
    if (!file)
        return THENAR_ERR_OS;
    (void)fprintf(file, "{\"format\":\"thenar-calibration-run\",\"version\":%d", RUN_FILE_VERSION);
    put_text(file, "serial", head->serial);
    put_text(file, "model", head->model);
    put_text(file, "firmware", head->firmware);
    (void)fprintf(file, ",\"rows\":%u,\"cols\":%u,\"rate_hz\":%.7g", layout->n_rows, layout->n_cols,
                  (double)layout->rate_hz);
    (void)fprintf(file, ",\"pitch_x_mm\":%.7g,\"pitch_y_mm\":%.7g,\"circuit\":\"%s\"",
                  (double)layout->pitch_x_mm, (double)layout->pitch_y_mm,
                  calibration_circuit_words[law->circuit]);
    (void)fprintf(file, ",\"full_scale_counts\":%.7g,\"reference_ohm\":%.7g",
                  (double)law->full_scale_counts, (double)law->reference_ohm);
    (void)fprintf(file, ",\"sneak_paths\":%s", layout->has_sneak_paths ? "true" : "false");
    put_floats(file, "x_mm", layout->x_mm, layout->n_taxels);
    put_floats(file, "y_mm", layout->y_mm, layout->n_taxels);
    put_floats(file, "sensing_mm2", layout->sensing_mm2, layout->n_taxels);
    (void)fputs(",\"exists\":[", file);
    for (size_t i = 0; i < layout->n_taxels; i++)
        (void)fprintf(file, "%s%d", i ? "," : "", layout->exists[i]);
    (void)fputs("]}\n", file);
    return finish_writing(file, path, error);
}

enum thenar_status calibration_run_file_append(const char *path,
                                               const struct calibration_hold *hold, size_t n_taxels,
                                               struct thenar_error *error)
{
    FILE *file = open_file(path, "ae", error);
    if (!file)
        return THENAR_ERR_OS;
    (void)fprintf(file, "{\"kind\":\"%s\"", hold_kind_name(hold->kind));
    put_text(file, "label", hold->label);
    if (isnan(hold->load_kpa))
        (void)fputs(",\"load_kpa\":null", file);
    else
        (void)fprintf(file, ",\"load_kpa\":%.9g", hold->load_kpa);
    (void)fprintf(file, ",\"diameter_mm\":%.7g,\"contact_s\":%.7g", hold->diameter_mm,
                  hold->contact_s);
    (void)fputs(",\"time_s\":[", file);
    for (unsigned b = 0; b < hold->n_bins; b++)
        (void)fprintf(file, "%s%.6g", b ? "," : "", hold->time_s[b]);
    (void)fputc(']', file);
    put_floats(file, "counts", hold->counts, hold->n_bins * n_taxels);
    put_floats(file, "noise_counts", hold->noise_counts, n_taxels);
    (void)fputs("}\n", file);
    return finish_writing(file, path, error);
}

/* ---- reading ---- */

#define ONLY(fields, object, ...)                                            \
    json_fields_only(fields, object, "", (const char *const[]){__VA_ARGS__}, \
                     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* [n] finite numbers within least..most. */
static void get_floats(struct json_fields *f, const json_t *object, const char *key, size_t n,
                       double least, double most, float *out)
{
    const json_t *list = json_fields_array(f, object, "", key, n, n);
    for (size_t i = 0; list && i < n; i++) {
        const json_t *entry = json_array_get(list, i);
        double value = json_number_value(entry);
        if (!json_is_number(entry) || !(value >= least && value <= most)) {
            json_fields_fail(f, "", key, "entry %zu is not a number from %g to %g", i + 1, least,
                             most);
            return;
        }
        out[i] = (float)value;
    }
}

static void read_circuit(struct json_fields *f, const json_t *object, struct sensor_law *law)
{
    char word[20];
    json_fields_text(f, object, "", "circuit", word, sizeof word);
    for (unsigned k = 0; k < 3; k++)
        if (strcmp(word, calibration_circuit_words[k]) == 0) {
            law->circuit = (enum sensor_circuit)k;
            return;
        }
    json_fields_fail(f, "", "circuit", "'%s' is not known", word);
}

static void read_head(struct json_fields *f, const json_t *object,
                      struct calibration_run_head *head)
{
    const char *format = json_string_value(json_object_get(object, "format"));
    if (!format || strcmp(format, "thenar-calibration-run") != 0) {
        json_fields_fail(f, "", "format", "is not \"thenar-calibration-run\"");
        return;
    }
    (void)json_fields_number(f, object, "", "version", RUN_FILE_VERSION, RUN_FILE_VERSION);
    json_fields_text(f, object, "", "serial", head->serial, sizeof head->serial);
    json_fields_text(f, object, "", "model", head->model, sizeof head->model);
    json_fields_text(f, object, "", "firmware", head->firmware, sizeof head->firmware);
    double rows = json_fields_number(f, object, "", "rows", 1, CALIBRATION_MAX_TAXELS);
    double cols = json_fields_number(f, object, "", "cols", 1, CALIBRATION_MAX_TAXELS);
    double rate_hz = json_fields_number(f, object, "", "rate_hz", 0.1, 1e5);
    double pitch_x = json_fields_number(f, object, "", "pitch_x_mm", 0.01, 1e4);
    double pitch_y = json_fields_number(f, object, "", "pitch_y_mm", 0.01, 1e4);
    if (f->status != THENAR_OK)
        return;
    struct array_layout *layout = &head->layout;
    if (rows != floor(rows) || cols != floor(cols) ||
        array_layout_init(layout, (uint16_t)rows, (uint16_t)cols, (float)pitch_x, (float)pitch_y,
                          (float)rate_hz) != THENAR_OK) {
        json_fields_fail(f, "", "rows", "%g x %g is not an array of up to %d taxels", rows, cols,
                         CALIBRATION_MAX_TAXELS);
        return;
    }
    size_t n = layout->n_taxels;
    read_circuit(f, object, &layout->sensor);
    layout->sensor.full_scale_counts =
        (float)json_fields_number(f, object, "", "full_scale_counts", 1, 65535);
    layout->sensor.reference_ohm =
        (float)json_fields_number(f, object, "", "reference_ohm", 0, 1e9);
    const json_t *sneak_paths = json_object_get(object, "sneak_paths"); /* files of old lack it */
    if (sneak_paths && !json_is_boolean(sneak_paths))
        json_fields_fail(f, "", "sneak_paths", "is neither true nor false");
    layout->has_sneak_paths = json_is_true(sneak_paths);
    get_floats(f, object, "x_mm", n, -1e5, 1e5, layout->x_mm);
    get_floats(f, object, "y_mm", n, -1e5, 1e5, layout->y_mm);
    get_floats(f, object, "sensing_mm2", n, 1e-3, 1e7, layout->sensing_mm2);
    float *exists = layout->cell_mm2; /* read as numbers, then put right */
    get_floats(f, object, "exists", n, 0, 1, exists);
    for (size_t i = 0; i < n; i++) {
        layout->exists[i] = exists[i] > 0.0F;
        layout->cell_mm2[i] = (float)(pitch_x * pitch_y);
    }
    ONLY(f, object, "format", "version", "serial", "model", "firmware", "rows", "cols", "rate_hz",
         "pitch_x_mm", "pitch_y_mm", "circuit", "full_scale_counts", "reference_ohm", "sneak_paths",
         "x_mm", "y_mm", "sensing_mm2", "exists");
}

static void read_hold(struct json_fields *f, const json_t *object, struct calibration_run *run)
{
    char word[12];
    struct calibration_hold hold, meta = {0};
    json_fields_text(f, object, "", "kind", word, sizeof word);
    if (f->status == THENAR_OK && !hold_kind_of(word, &meta.kind))
        json_fields_fail(f, "", "kind", "'%s' is not known; there are zero, even and puck", word);
    json_fields_text(f, object, "", "label", meta.label, sizeof meta.label);
    meta.load_kpa = json_fields_number_or_null(f, object, "", "load_kpa", 1e-6, 1e6);
    meta.diameter_mm = json_fields_number(f, object, "", "diameter_mm", 0, 1e4);
    meta.contact_s = json_fields_number(f, object, "", "contact_s", 0, 1e7);
    const json_t *times = json_fields_array(f, object, "", "time_s", 1, HOLD_BINS_MAX);
    if (f->status == THENAR_OK && meta.kind == HOLD_PUCK &&
        !(meta.load_kpa > 0 && meta.diameter_mm > 0))
        json_fields_fail(f, "", "load_kpa", "a puck needs its load and its diameter");
    if (f->status != THENAR_OK)
        return;
    unsigned n_bins = (unsigned)json_array_size(times);
    if (calibration_hold_init(&hold, run->n_taxels, n_bins) != THENAR_OK) {
        f->status = thenar_fail(f->error, THENAR_ERR_MEMORY, "%s: out of memory", f->name);
        return;
    }
    hold.kind = meta.kind;
    memcpy(hold.label, meta.label, sizeof hold.label);
    hold.load_kpa = meta.load_kpa;
    hold.diameter_mm = meta.diameter_mm;
    hold.contact_s = meta.contact_s;
    for (unsigned b = 0; b < n_bins; b++) {
        hold.time_s[b] = json_number_value(json_array_get(times, b));
        if (!(hold.time_s[b] > (b > 0 ? hold.time_s[b - 1] : 0.0) && hold.time_s[b] < 1e6))
            json_fields_fail(f, "", "time_s", "does not rise");
    }
    get_floats(f, object, "counts", n_bins * run->n_taxels, 0, 65535, hold.counts);
    get_floats(f, object, "noise_counts", run->n_taxels, 0, 65535, hold.noise_counts);
    ONLY(f, object, "kind", "label", "load_kpa", "diameter_mm", "contact_s", "time_s", "counts",
         "noise_counts");
    if (f->status == THENAR_OK && calibration_run_take(run, &hold) != THENAR_OK)
        json_fields_fail(f, "", "", "more than %d steps", CALIBRATION_HOLDS_MAX);
    calibration_hold_finish(&hold);
}

static void read_line(struct json_fields *f, const char *line, size_t n_bytes, bool is_first,
                      struct calibration_run_head *head, struct calibration_run *run)
{
    json_error_t fault;
    json_t *object = json_loadb(line, n_bytes, JSON_REJECT_DUPLICATES, &fault);
    if (!json_is_object(object)) {
        f->status = thenar_fail(f->error, THENAR_ERR_SYNTAX, "%s: not a JSON object: %.120s",
                                f->name, object ? "another value" : fault.text);
    } else if (is_first) {
        read_head(f, object, head);
        if (f->status == THENAR_OK &&
            calibration_run_init(run, head->layout.n_rows, head->layout.n_cols) != THENAR_OK)
            f->status = thenar_fail(f->error, THENAR_ERR_MEMORY, "%s: out of memory", f->name);
    } else {
        read_hold(f, object, run);
    }
    json_decref(object);
}

enum thenar_status calibration_run_file_parse(struct calibration_run_head *head,
                                              struct calibration_run *run, const char *text,
                                              size_t n_bytes, const char *name,
                                              struct thenar_error *error)
{
    struct json_fields fields;
    unsigned n_line = 0;
    memset(head, 0, sizeof *head);
    memset(run, 0, sizeof *run);
    json_fields_init(&fields, name, NULL, error);
    for (size_t at = 0; at < n_bytes && fields.status == THENAR_OK;) {
        const char *end = memchr(text + at, '\n', n_bytes - at);
        if (!end)
            break; /* a line that was cut off */
        char where[300];
        (void)snprintf(where, sizeof where, "%.280s, line %u", name, ++n_line);
        fields.name = where;
        read_line(&fields, text + at, (size_t)(end - (text + at)), n_line == 1, head, run);
        at = (size_t)(end - text) + 1;
    }
    if (fields.status == THENAR_OK && n_line == 0)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: nothing in it", name);
    return fields.status;
}

enum thenar_status calibration_run_file_read(struct calibration_run_head *head,
                                             struct calibration_run *run, const char *path,
                                             struct thenar_error *error)
{
    memset(head, 0, sizeof *head);
    memset(run, 0, sizeof *run);
    FILE *file = fopen(path, "re");
    if (!file)
        return thenar_fail(error, errno == ENOENT ? THENAR_ERR_ABSENT : THENAR_ERR_OS,
                           "%s: cannot read the steps of a calibration: %s", path, strerror(errno));
    enum thenar_status status = THENAR_ERR_OS;
    long n_bytes = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *text = NULL;
    if (n_bytes < 0 || n_bytes > RUN_FILE_MAX_BYTES || fseek(file, 0, SEEK_SET) != 0)
        status = thenar_fail(error, status, "%s: not a file of up to 512 MiB", path);
    else if (!(text = malloc((size_t)n_bytes + 1)))
        status = thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", path);
    else if (fread(text, 1, (size_t)n_bytes, file) != (size_t)n_bytes)
        status = thenar_fail(error, status, "%s: %s", path, strerror(errno));
    else {
        text[n_bytes] = '\0';
        status = calibration_run_file_parse(head, run, text, (size_t)n_bytes, path, error);
    }
    free(text);
    (void)fclose(file);
    return status;
}
