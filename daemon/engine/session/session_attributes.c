/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_attributes.h"

#include <math.h>
#include <string.h>

enum kind { KIND_TEXT, KIND_U16, KIND_U32, KIND_U64, KIND_F32, KIND_F64, KIND_BOOL, KIND_ENUM };

struct attribute {
    const char *name;
    enum kind kind;
    size_t offset, n_bytes;
    unsigned n_values; /* above 1: an array */
    const char *words; /* KIND_ENUM: its words between bars */
};

static const char MOUNTS[] = "pad|torso|mat|glove";             /* enum array_mount */
static const char CIRCUITS[] = "divider|transimpedance|linear"; /* enum sensor_circuit */
static const char UNITS[] = "counts|kpa|n";                     /* enum sample_unit */
static const char STATES[] = "recording|closed|repaired";       /* enum session_state */

/* clang-format off */
#define HEAD(name, member, kind) \
    {name, KIND_##kind, offsetof(struct session_head, member), sizeof(((struct session_head *)0)->member), 1, NULL}
#define WORDS(name, member, words) \
    {name, KIND_ENUM, offsetof(struct session_head, member), sizeof(((struct session_head *)0)->member), 1, words}
#define MANY(name, member, kind, n) \
    {name, KIND_##kind, offsetof(struct session_head, member), sizeof(((struct session_head *)0)->member), n, NULL}
#define SUM(name, member, kind) \
    {name, KIND_##kind, offsetof(struct session_summary, member), sizeof(((struct session_summary *)0)->member), 1, NULL}

static const struct attribute head_attributes[] = {
    HEAD("session", about.id, TEXT),
    HEAD("station", about.station, TEXT),
    HEAD("participant", about.participant, TEXT),
    HEAD("operator", about.operator_id, TEXT),
    HEAD("plan", about.plan, TEXT),
    HEAD("note", about.note, TEXT),
    HEAD("software", about.software, TEXT),
    HEAD("start_unix_s", about.start_unix_s, F64),
    HEAD("device", device, TEXT),
    HEAD("uri", uri, TEXT),
    HEAD("part", part, U32),
    HEAD("model", model, TEXT),
    HEAD("serial", serial, TEXT),
    HEAD("firmware", firmware, TEXT),
    WORDS("mount", layout.mount, MOUNTS),
    HEAD("n_rows", layout.n_rows, U16),
    HEAD("n_cols", layout.n_cols, U16),
    HEAD("rate_hz", layout.rate_hz, F32),
    HEAD("pitch_x_mm", layout.pitch_x_mm, F32),
    HEAD("pitch_y_mm", layout.pitch_y_mm, F32),
    HEAD("tick_hz", tick_hz, F64),
    HEAD("gate_counts", gate_counts, U32),
    HEAD("is_float", is_float, U32),
    HEAD("calibration", calibration, TEXT),
    HEAD("zero_is_loaded", zero_is_loaded, U32),
    HEAD("has_sneak_paths", layout.has_sneak_paths, BOOL),
    WORDS("sensor_unit", layout.sensor.unit, UNITS),
    WORDS("sensor_circuit", layout.sensor.circuit, CIRCUITS),
    HEAD("sensor_full_scale_counts", layout.sensor.full_scale_counts, F32),
    HEAD("sensor_reference_ohm", layout.sensor.reference_ohm, F32),
    HEAD("sensor_calibrated", layout.sensor.calibrated, BOOL),
    HEAD("sensor_conductance_100kpa_us", layout.sensor.conductance_100kpa_us, F32),
    HEAD("sensor_exponent", layout.sensor.exponent, F32),
    HEAD("sensor_uncertainty_pct", layout.sensor.uncertainty_pct, F32),
    HEAD("sensor_spline_knots", layout.sensor.spline.n_knots, U32),
    MANY("sensor_spline_conductance_us", layout.sensor.spline.conductance_us, F32, SENSOR_KNOTS_MAX),
    MANY("sensor_spline_pressure_kpa", layout.sensor.spline.pressure_kpa, F32, SENSOR_KNOTS_MAX),
    HEAD("sensor_creep_pct_decade", layout.sensor.creep.pct_decade, F32),
    HEAD("sensor_creep_reference_s", layout.sensor.creep.reference_s, F32),
    HEAD("sensor_creep_onset_s", layout.sensor.creep.onset_s, F32),
    HEAD("sensor_creep_limit_s", layout.sensor.creep.limit_s, F32),
    HEAD("sensor_repeatability_pct", layout.sensor.uncertainty.repeatability_pct, F32),
    HEAD("sensor_hysteresis_pct", layout.sensor.uncertainty.hysteresis_pct, F32),
    HEAD("sensor_creep_pct", layout.sensor.uncertainty.creep_pct, F32),
    HEAD("sensor_fit_pct", layout.sensor.uncertainty.fit_pct, F32),
    HEAD("sensor_reference_pct", layout.sensor.uncertainty.reference_pct, F32),
    HEAD("gate_kpa", gate_kpa, F32),
    HEAD("filter_form", filter_form, TEXT),
    HEAD("filter_taps", filter_taps, U32),
    HEAD("filter_pass_hz", filter_pass_hz, F32),
    HEAD("filter_stop_hz", filter_stop_hz, F32),
    HEAD("filter_delay_ms", filter_delay_ms, F32),
    HEAD("technique_model", technique_model, TEXT),
    HEAD("metrics_every", metrics_every, U32),
};

static const struct attribute summary_attributes[] = {
    {"state", KIND_ENUM, offsetof(struct session_summary, state), sizeof(uint32_t), 1, STATES},
    SUM("n_frames", n_frames, U64),
    SUM("lost_device", lost_device, U64),
    SUM("lost_link", lost_link, U64),
    SUM("lost_host", lost_host, U64),
    SUM("lost_disk", lost_disk, U64),
    SUM("n_gaps", n_gaps, U64),
    SUM("n_strokes", n_strokes, U64),
    SUM("n_episodes", n_episodes, U64),
    SUM("first_unix_s", first_s, F64),
    SUM("last_unix_s", last_s, F64),
    SUM("end_unix_s", end_unix_s, F64),
    /* Since version 2: */
    SUM("score_plan", score_plan, TEXT),
    SUM("practice_score", score.practice_score, F32),
    SUM("score_pressure_pct", score.pressure_pct, F32),
    SUM("score_pace_pct", score.pace_pct, F32),
    SUM("score_holds_pct", score.holds_pct, F32),
    SUM("score_regularity_pct", score.regularity_pct, F32),
    SUM("score_time_pct", score.time_pct, F32),
};
/* clang-format on */

enum {
    N_HEAD = sizeof head_attributes / sizeof *head_attributes,
    N_SUMMARY = sizeof summary_attributes / sizeof *summary_attributes,
    N_SUMMARY_1 = N_SUMMARY - 7, /* of version 1 */
    WORD_BYTES = 24
};

static hid_t type_of(const struct attribute *attribute)
{
    switch (attribute->kind) {
    case KIND_TEXT:
        return session_hdf5_text_type(attribute->n_bytes);
    case KIND_U16:
        return H5Tcopy(H5T_STD_U16LE);
    case KIND_U32:
        return H5Tcopy(H5T_STD_U32LE);
    case KIND_U64:
        return H5Tcopy(H5T_STD_U64LE);
    case KIND_F32:
        return H5Tcopy(H5T_IEEE_F32LE);
    case KIND_F64:
        return H5Tcopy(H5T_IEEE_F64LE);
    case KIND_BOOL:
        return H5Tcopy(H5T_STD_U8LE);
    case KIND_ENUM:
        return session_hdf5_text_type(WORD_BYTES);
    }
    return -1;
}

static void put_word(const char *words, unsigned index, char word[static WORD_BYTES])
{
    memset(word, 0, WORD_BYTES);
    while (index > 0 && *words) {
        words += strcspn(words, "|");
        words += *words == '|';
        index--;
    }
    memcpy(word, words, strcspn(words, "|"));
}

/* @return negative when it is none of them */
static int find_word(const char *words, const char *word)
{
    size_t n_word = strnlen(word, WORD_BYTES);
    for (int index = 0; *words; index++) {
        size_t n = strcspn(words, "|");
        if (n == n_word && memcmp(words, word, n) == 0)
            return index;
        words += n + (words[n] == '|');
    }
    return -1;
}

static bool write_one(hid_t id, hid_t type, const struct attribute *attribute, const void *record)
{
    const char *member = (const char *)record + attribute->offset;
    if (attribute->kind != KIND_ENUM)
        return H5Awrite(id, type, member) >= 0;
    char word[WORD_BYTES];
    unsigned index;
    memcpy(&index, member, sizeof index); /* an enum, or uint32_t */
    put_word(attribute->words, index, word);
    return H5Awrite(id, type, word) >= 0;
}

static bool create_one(hid_t file, const struct attribute *attribute, const void *record)
{
    hsize_t n_values = attribute->n_values;
    hid_t space = n_values > 1 ? H5Screate_simple(1, &n_values, NULL) : H5Screate(H5S_SCALAR);
    hid_t type = type_of(attribute);
    hid_t id = H5Acreate2(file, attribute->name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool is_good = id >= 0 && write_one(id, type, attribute, record);
    if (id >= 0)
        (void)H5Aclose(id);
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    return is_good;
}

static bool read_one(hid_t file, const struct attribute *attribute, void *record)
{
    char *member = (char *)record + attribute->offset;
    hid_t id = H5Aopen(file, attribute->name, H5P_DEFAULT);
    if (id < 0)
        return false;
    hid_t type = type_of(attribute);
    hid_t space = H5Aget_space(id);
    bool is_good = H5Sget_simple_extent_npoints(space) == (hssize_t)attribute->n_values;
    if (is_good && attribute->kind == KIND_ENUM) {
        char word[WORD_BYTES] = "";
        is_good = H5Aread(id, type, word) >= 0;
        int index = is_good ? find_word(attribute->words, word) : -1;
        is_good = index >= 0;
        unsigned value = (unsigned)index;
        if (is_good)
            memcpy(member, &value, sizeof value);
    } else if (is_good) {
        is_good = H5Aread(id, type, member) >= 0;
        if (is_good && attribute->kind == KIND_TEXT)
            member[attribute->n_bytes - 1] = '\0';
        if (is_good && attribute->kind == KIND_BOOL)
            *member = *(unsigned char *)member != 0;
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Aclose(id);
    return is_good;
}

static const struct attribute version_attribute = {"format_version", KIND_U32, 0, 4, 1, NULL};
static const struct attribute format_attribute = {"format", KIND_TEXT, 0, WORD_BYTES, 1, NULL};
static const char FORMAT[WORD_BYTES] = "thenar session";

enum thenar_status session_attributes_create(hid_t file, const struct session_head *head)
{
    const uint32_t version = SESSION_FORMAT_VERSION;
    struct session_summary summary = {.state = SESSION_RECORDING,
                                      .first_s = (double)NAN,
                                      .last_s = (double)NAN,
                                      .end_unix_s = (double)NAN};
    session_summary_clear_score(&summary);
    bool is_good = create_one(file, &format_attribute, FORMAT) &&
                   create_one(file, &version_attribute, &version);
    for (size_t i = 0; i < N_HEAD && is_good; i++)
        is_good = create_one(file, &head_attributes[i], head);
    for (size_t i = 0; i < N_SUMMARY && is_good; i++)
        is_good = create_one(file, &summary_attributes[i], &summary);
    return is_good ? THENAR_OK : THENAR_ERR_OS;
}

enum thenar_status session_attributes_write_summary(hid_t file,
                                                    const struct session_summary *summary)
{
    for (size_t i = 0; i < N_SUMMARY; i++) {
        if (i >= N_SUMMARY_1 && H5Aexists(file, summary_attributes[i].name) == 0)
            continue; /* a file of version 1, repaired */
        hid_t type = type_of(&summary_attributes[i]);
        hid_t id = H5Aopen(file, summary_attributes[i].name, H5P_DEFAULT);
        bool is_good = id >= 0 && write_one(id, type, &summary_attributes[i], summary);
        if (id >= 0)
            (void)H5Aclose(id);
        (void)H5Tclose(type);
        if (!is_good)
            return THENAR_ERR_OS;
    }
    return THENAR_OK;
}

enum thenar_status session_attributes_read(hid_t file, struct session_head *head,
                                           struct session_summary *summary,
                                           struct thenar_error *error)
{
    char format[WORD_BYTES] = "";
    uint32_t version = 0;
    if (!read_one(file, &format_attribute, format) || memcmp(format, FORMAT, WORD_BYTES) != 0 ||
        !read_one(file, &version_attribute, &version))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "an HDF5 file, but no session of thenard's");
    if (version < 1 || version > SESSION_FORMAT_VERSION)
        return thenar_fail(error, THENAR_ERR_VERSION,
                           "session format %u; this program reads formats 1 to %d", version,
                           SESSION_FORMAT_VERSION);
    for (size_t i = 0; i < N_HEAD; i++)
        if (!read_one(file, &head_attributes[i], head))
            return thenar_fail(error, THENAR_ERR_SYNTAX, "attribute '%s' is missing or damaged",
                               head_attributes[i].name);
    head->format_version = version;
    session_summary_clear_score(summary);
    for (size_t i = 0; i < (version < 2 ? N_SUMMARY_1 : N_SUMMARY); i++)
        if (!read_one(file, &summary_attributes[i], summary))
            return thenar_fail(error, THENAR_ERR_SYNTAX, "attribute '%s' is missing or damaged",
                               summary_attributes[i].name);
    return THENAR_OK;
}
