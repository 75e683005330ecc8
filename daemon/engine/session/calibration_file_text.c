/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writing half of calibration_file.h: one member a line, so that people can read and compare.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <zlib.h>

#include "session/calibration_file.h"
#include "session/calibration_words.h"

const char *const calibration_circuit_words[3] = {[SENSOR_DIVIDER] = "divider",
                                                  [SENSOR_TRANSIMPEDANCE] = "transimpedance",
                                                  [SENSOR_LINEAR] = "linear"};

uint32_t calibration_file_checksum(const char *text, size_t n_bytes)
{
    return (uint32_t)crc32(0, (const unsigned char *)text, (uInt)n_bytes);
}

/* What a float says, and no more: 0.97, not 0.97000002861022949. */
static json_t *number(double value)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.7g", value);
    return isfinite(value) ? json_real(strtod(text, NULL)) : json_null();
}

static json_t *law_object(const struct sensor_law *law)
{
    json_t *object = json_pack("{s:s, s:o, s:o}", "form", law->spline.n_knots ? "spline" : "power",
                               "conductance_100kpa_us", number((double)law->conductance_100kpa_us),
                               "exponent", number((double)law->exponent));
    json_t *knots = json_array();
    for (unsigned k = 0; k < law->spline.n_knots; k++)
        (void)json_array_append_new(knots, json_pack("[o, o]",
                                                     number((double)law->spline.conductance_us[k]),
                                                     number((double)law->spline.pressure_kpa[k])));
    (void)json_object_set_new(object, "knots_us_kpa", knots);
    return object;
}

static json_t *uncertainty_object(const struct sensor_law *law)
{
    const struct sensor_uncertainty *u = &law->uncertainty;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o}", "repeatability", number((double)u->repeatability_pct),
        "hysteresis", number((double)u->hysteresis_pct), "creep", number((double)u->creep_pct),
        "fit_residual", number((double)u->fit_pct), "reference", number((double)u->reference_pct),
        "total", number((double)law->uncertainty_pct));
}

static json_t *taxels_object(const struct sensor_calibration *c)
{
    json_t *gain = json_array(), *residual = json_array(), *mark = json_array();
    for (size_t i = 0; i < c->n_taxels; i++) {
        (void)json_array_append_new(gain, number((double)c->gain[i]));
        (void)json_array_append_new(residual, number((double)c->residual_pct[i]));
        (void)json_array_append_new(mark, json_string(taxel_mark_name(c->mark[i])));
    }
    return json_pack("{s:o, s:o, s:o}", "gain", gain, "residual_pct", residual, "mark", mark);
}

static json_t *whole_object(const struct sensor_calibration *c)
{
    const struct calibration_identity *id = &c->identity;
    const struct sensor_law *law = &c->law;
    json_t *object = json_object();
    (void)json_object_set_new(object, "format", json_string("thenar-calibration"));
    (void)json_object_set_new(object, "version", json_integer(CALIBRATION_FILE_VERSION));
    (void)json_object_set_new(object, "device",
                              json_pack("{s:s, s:s, s:s}", "serial", id->serial, "model", id->model,
                                        "firmware", id->firmware));
    (void)json_object_set_new(object, "date", json_string(id->date));
    (void)json_object_set_new(object, "expires", json_string(id->expires));
    (void)json_object_set_new(object, "reference",
                              json_pack("{s:s, s:o}", "instrument", id->reference,
                                        "standard_uncertainty_pct",
                                        number((double)id->reference_uncertainty_pct)));
    (void)json_object_set_new(object, "operator", json_string(id->operator_name));
    (void)json_object_set_new(object, "note", json_string(id->note));
    (void)json_object_set_new(object, "temperature_c", number((double)id->temperature_c));
    (void)json_object_set_new(object, "array",
                              json_pack("{s:i, s:i}", "rows", c->n_rows, "cols", c->n_cols));
    (void)json_object_set_new(object, "front_end",
                              json_pack("{s:s, s:o, s:o}", "circuit",
                                        calibration_circuit_words[law->circuit],
                                        "full_scale_counts", number((double)law->full_scale_counts),
                                        "reference_ohm", number((double)law->reference_ohm)));
    (void)json_object_set_new(object, "law", law_object(law));
    (void)json_object_set_new(
        object, "measured_range_kpa",
        json_pack("[o, o]", number((double)c->low_kpa), number((double)c->high_kpa)));
    (void)json_object_set_new(object, "creep",
                              json_pack("{s:o, s:o, s:o, s:o}", "pct_decade",
                                        number((double)law->creep.pct_decade), "reference_s",
                                        number((double)law->creep.reference_s), "onset_s",
                                        number((double)law->creep.onset_s), "limit_s",
                                        number((double)law->creep.limit_s)));
    (void)json_object_set_new(object, "uncertainty_pct", uncertainty_object(law));
    (void)json_object_set_new(object, "taxels", taxels_object(c));
    return object;
}

/* Objects a member a line; lists of the taxels in one line each, or the file would be long. */
static char *dump(const json_t *object)
{
    size_t n_space = 0, used = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &n_space);
    if (!out)
        return NULL;
    const char *key, *inner;
    json_t *value, *entry;
    size_t n_left = json_object_size(object);
    (void)fputs("{\n", out);
    json_object_foreach((json_t *)object, key, value)
    {
        used++;
        if (!json_is_object(value)) {
            char *one = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(7));
            (void)fprintf(out, "  \"%s\": %s,\n", key, one ? one : "null");
            free(one);
            continue;
        }
        (void)fprintf(out, "  \"%s\": {\n", key);
        size_t n_inner = json_object_size(value);
        json_object_foreach(value, inner, entry)
        {
            char *one = json_dumps(entry, JSON_ENCODE_ANY | JSON_REAL_PRECISION(7));
            (void)fprintf(out, "    \"%s\": %s%s\n", inner, one ? one : "null",
                          --n_inner ? "," : "");
            free(one);
        }
        (void)fputs("  },\n", out);
    }
    bool whole = used == n_left && fclose(out) == 0;
    if (!whole) {
        free(text);
        return NULL;
    }
    return text;
}

enum thenar_status calibration_file_text(const struct sensor_calibration *calibration, char **text)
{
    *text = NULL;
    json_t *object = whole_object(calibration);
    char *body = object ? dump(object) : NULL;
    json_decref(object);
    if (!body)
        return THENAR_ERR_MEMORY;
    size_t n_bytes = strlen(body), n_space = n_bytes + 64;
    *text = malloc(n_space);
    if (*text)
        (void)snprintf(*text, n_space, "%s  \"checksum\": \"crc32:%08x\"\n}\n", body,
                       (unsigned)calibration_file_checksum(body, n_bytes));
    free(body);
    return *text ? THENAR_OK : THENAR_ERR_MEMORY;
}
