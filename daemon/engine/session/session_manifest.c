/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/session_folder.h"
#include "session/session_reader.h"
#include "session/session_verify.h"

enum { PATH_BYTES = 4096 };

static const char FORMAT[] = "thenar session";
static const char *const state_names[] = {"recording", "closed", "repaired"};

void session_manifest_finish(struct session_manifest *manifest)
{
    free(manifest->devices);
    manifest->devices = NULL;
    manifest->n_devices = 0;
}

/* ---- one table for both ways ---- */

struct member {
    const char *name;
    enum { MEMBER_TEXT, MEMBER_COUNT, MEMBER_U32, MEMBER_TIME, MEMBER_F32 } kind;
    size_t offset, n_bytes;
    bool is_late; /* manifests of format 1 have not got it */
};

/* clang-format off */
#define ABOUT(name, member) \
    {name, MEMBER_TEXT, offsetof(struct session_about, member), sizeof(((struct session_about *)0)->member), false}
#define DEVICE(name, member, kind) \
    {name, MEMBER_##kind, offsetof(struct session_manifest_device, member), \
     sizeof(((struct session_manifest_device *)0)->member), false}
#define LATE(name, member, kind) \
    {name, MEMBER_##kind, offsetof(struct session_manifest_device, member), \
     sizeof(((struct session_manifest_device *)0)->member), true}

static const struct member about_members[] = {
    ABOUT("id", id), ABOUT("station", station), ABOUT("participant", participant),
    ABOUT("operator", operator_id), ABOUT("plan", plan), ABOUT("note", note),
    ABOUT("software", software),
    {"start_unix_s", MEMBER_TIME, offsetof(struct session_about, start_unix_s), sizeof(double), false},
};
static const struct member device_members[] = {
    DEVICE("file", file, TEXT), DEVICE("device", device, TEXT), DEVICE("model", model, TEXT),
    DEVICE("serial", serial, TEXT), DEVICE("part", part, U32),
    DEVICE("n_frames", summary.n_frames, COUNT),
    DEVICE("lost_device", summary.lost_device, COUNT), DEVICE("lost_link", summary.lost_link, COUNT),
    DEVICE("lost_host", summary.lost_host, COUNT), DEVICE("lost_disk", summary.lost_disk, COUNT),
    DEVICE("n_gaps", summary.n_gaps, COUNT), DEVICE("n_strokes", summary.n_strokes, COUNT),
    DEVICE("n_episodes", summary.n_episodes, COUNT),
    DEVICE("first_unix_s", summary.first_s, TIME), DEVICE("last_unix_s", summary.last_s, TIME),
    DEVICE("size_bytes", size_bytes, COUNT),
    LATE("score_plan", summary.score_plan, TEXT),
    LATE("practice_score", summary.score.practice_score, F32),
    LATE("score_pressure_pct", summary.score.pressure_pct, F32),
    LATE("score_pace_pct", summary.score.pace_pct, F32),
    LATE("score_holds_pct", summary.score.holds_pct, F32),
    LATE("score_regularity_pct", summary.score.regularity_pct, F32),
    LATE("score_time_pct", summary.score.time_pct, F32),
};
/* clang-format on */

static void put_members(json_t *object, const struct member *members, size_t n_members,
                        const void *record)
{
    for (size_t i = 0; i < n_members; i++) {
        const char *at = (const char *)record + members[i].offset;
        uint64_t count = 0;
        uint32_t small;
        double time_s;
        float number;
        json_t *value = NULL;
        switch (members[i].kind) {
        case MEMBER_TEXT:
            value = json_string(at);
            break;
        case MEMBER_U32:
            memcpy(&small, at, sizeof small);
            value = json_integer(small);
            break;
        case MEMBER_COUNT:
            memcpy(&count, at, sizeof count);
            value = json_integer((json_int_t)count);
            break;
        case MEMBER_TIME:
            memcpy(&time_s, at, sizeof time_s);
            value = isnan(time_s) ? json_null() : json_real(time_s);
            break;
        case MEMBER_F32:
            memcpy(&number, at, sizeof number);
            value = isnan(number) ? json_null() : json_real((double)number);
            break;
        }
        (void)json_object_set_new(object, members[i].name, value);
    }
}

/* @return false when one is missing or of another kind */
static bool get_members(const json_t *object, const struct member *members, size_t n_members,
                        void *record)
{
    for (size_t i = 0; i < n_members; i++) {
        char *at = (char *)record + members[i].offset;
        const json_t *value = json_object_get(object, members[i].name);
        double time_s = json_is_number(value) ? json_number_value(value) : (double)NAN;
        float number = (float)time_s;
        uint64_t count = json_is_integer(value) ? (uint64_t)json_integer_value(value) : 0;
        uint32_t small = (uint32_t)count;
        switch (members[i].kind) {
        case MEMBER_TEXT:
            if (members[i].is_late && !value)
                break;
            if (!json_is_string(value) || strlen(json_string_value(value)) >= members[i].n_bytes)
                return false;
            (void)snprintf(at, members[i].n_bytes, "%s", json_string_value(value));
            break;
        case MEMBER_U32:
            memcpy(at, &small, sizeof small);
            break;
        case MEMBER_COUNT:
            memcpy(at, &count, sizeof count);
            break;
        case MEMBER_TIME:
            memcpy(at, &time_s, sizeof time_s);
            break;
        case MEMBER_F32:
            memcpy(at, &number, sizeof number);
            break;
        }
    }
    return true;
}

#define N_OF(members) (sizeof(members) / sizeof *(members))

/* ---- writing ---- */

static json_t *encode(const struct session_manifest *manifest)
{
    json_t *root = json_object(), *devices = json_array();
    (void)json_object_set_new(root, "format", json_string(FORMAT));
    (void)json_object_set_new(root, "format_version", json_integer(SESSION_FORMAT_VERSION));
    put_members(root, about_members, N_OF(about_members), &manifest->about);
    (void)json_object_set_new(root, "end_unix_s",
                              isnan(manifest->end_unix_s) ? json_null()
                                                          : json_real(manifest->end_unix_s));
    (void)json_object_set_new(root, "state", json_string(state_names[manifest->state]));
    for (size_t i = 0; i < manifest->n_devices; i++) {
        json_t *device = json_object();
        put_members(device, device_members, N_OF(device_members), &manifest->devices[i]);
        (void)json_object_set_new(device, "state",
                                  json_string(state_names[manifest->devices[i].summary.state]));
        (void)json_array_append_new(devices, device);
    }
    (void)json_object_set_new(root, "devices", devices);
    return root;
}

static enum thenar_status put_file(const char *path, const char *text, struct thenar_error *error)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    size_t n_text = strlen(text);
    bool is_good = fd >= 0 && write(fd, text, n_text) == (ssize_t)n_text && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        (void)close(fd);
    if (is_good)
        return THENAR_OK;
    if (fd >= 0)
        (void)unlink(path);
    return thenar_fail(error,
                       reason == ENOSPC || reason == EDQUOT || reason == EFBIG ? THENAR_ERR_SPACE
                       : reason == EACCES || reason == EROFS                   ? THENAR_ERR_DENIED
                                                                               : THENAR_ERR_OS,
                       "%.300s: %s", path, strerror(reason));
}

enum thenar_status session_manifest_write(const struct session_manifest *manifest,
                                          const char *folder, struct thenar_error *error)
{
    char path[PATH_BYTES], fresh[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, SESSION_MANIFEST_NAME);
    (void)snprintf(fresh, sizeof fresh, "%s/%s", folder, SESSION_MANIFEST_NEW);
    json_t *root = encode(manifest);
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(16));
    json_decref(root);
    if (!text)
        return thenar_fail(error, THENAR_ERR_MEMORY,
                           "%.300s: out of memory, or a text that is not UTF-8", path);
    enum thenar_status status = put_file(fresh, text, error);
    free(text);
    if (status == THENAR_OK && rename(fresh, path) != 0)
        status = thenar_fail(error, THENAR_ERR_OS, "%.300s: %s", path, strerror(errno));
    return status;
}

/* ---- reading ---- */

static bool find_state(const json_t *object, uint32_t *state)
{
    const char *word = json_string_value(json_object_get(object, "state"));
    for (uint32_t i = 0; word && i < sizeof state_names / sizeof *state_names; i++)
        if (strcmp(word, state_names[i]) == 0) {
            *state = i;
            return true;
        }
    return false;
}

static bool decode(const json_t *root, struct session_manifest *manifest)
{
    const json_t *devices = json_object_get(root, "devices"), *device;
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *end = json_object_get(root, "end_unix_s");
    uint32_t state = 0;
    size_t i;
    if (!format || strcmp(format, FORMAT) != 0 || !json_is_array(devices) ||
        !get_members(root, about_members, N_OF(about_members), &manifest->about) ||
        !find_state(root, &state))
        return false;
    manifest->state = (enum session_state)state;
    manifest->end_unix_s = json_is_number(end) ? json_number_value(end) : (double)NAN;
    manifest->devices = calloc(json_array_size(devices) + 1, sizeof *manifest->devices);
    if (!manifest->devices)
        return false;
    json_array_foreach(devices, i, device)
    {
        struct session_manifest_device *to = &manifest->devices[i];
        if (!get_members(device, device_members, N_OF(device_members), to) ||
            !find_state(device, &to->summary.state) || strchr(to->file, '/'))
            return false;
        manifest->n_devices++;
    }
    return true;
}

enum thenar_status session_manifest_read(struct session_manifest *manifest, const char *folder,
                                         struct thenar_error *error)
{
    char path[PATH_BYTES];
    json_error_t reason;
    memset(manifest, 0, sizeof *manifest);
    (void)snprintf(path, sizeof path, "%s/%s", folder, SESSION_MANIFEST_NAME);
    if (access(path, R_OK) != 0)
        return thenar_fail(error, errno == EACCES ? THENAR_ERR_DENIED : THENAR_ERR_ABSENT,
                           "%.300s: %s", path, strerror(errno));
    json_t *root = json_load_file(path, 0, &reason);
    if (!root)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s:%d: %s", path, reason.line,
                           reason.text);
    bool is_good = decode(root, manifest);
    json_decref(root);
    if (is_good)
        return THENAR_OK;
    session_manifest_finish(manifest);
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s: no manifest of a session", path);
}

/* ---- from the files ---- */

static enum thenar_status collect_file(struct session_manifest *manifest, const char *folder,
                                       const char *file, struct thenar_error *error)
{
    struct session_reader *reader;
    struct stat facts;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    const struct session_head *head = session_reader_head(reader);
    const struct session_summary *summary = session_reader_summary(reader);
    struct session_manifest_device *to = &manifest->devices[manifest->n_devices++];
    manifest->about = head->about;
    (void)snprintf(to->file, sizeof to->file, "%s", file);
    memcpy(to->device, head->device, sizeof to->device);
    memcpy(to->model, head->model, sizeof to->model);
    memcpy(to->serial, head->serial, sizeof to->serial);
    to->part = head->part;
    to->summary = *summary;
    if (summary->state == SESSION_RECORDING) {
        status = session_verify_summarize(reader, &to->summary, error);
        to->summary.state = SESSION_RECORDING;
    }
    to->size_bytes = stat(path, &facts) == 0 ? (uint64_t)facts.st_size : 0;
    if (to->summary.state != SESSION_CLOSED && manifest->state != SESSION_RECORDING)
        manifest->state = (enum session_state)to->summary.state;
    if (!isnan(summary->end_unix_s) && !(manifest->end_unix_s > summary->end_unix_s))
        manifest->end_unix_s = summary->end_unix_s;
    session_reader_close(reader);
    return status;
}

enum thenar_status session_manifest_collect(struct session_manifest *manifest, const char *folder,
                                            struct thenar_error *error)
{
    char **files;
    size_t n_files;
    memset(manifest, 0, sizeof *manifest);
    enum thenar_status status = session_folder_files(folder, &files, &n_files, error);
    if (status != THENAR_OK)
        return status;
    manifest->state = SESSION_CLOSED;
    manifest->end_unix_s = (double)NAN;
    manifest->devices = calloc(n_files + 1, sizeof *manifest->devices);
    if (!manifest->devices)
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session");
    else if (n_files == 0)
        status = thenar_fail(error, THENAR_ERR_ABSENT, "%.300s: no session files in it", folder);
    for (size_t i = 0; manifest->devices && i < n_files && status == THENAR_OK; i++)
        status = collect_file(manifest, folder, files[i], error);
    session_folder_free(files, n_files);
    if (status != THENAR_OK)
        session_manifest_finish(manifest);
    return status;
}

double session_manifest_length_s(const struct session_manifest *manifest)
{
    double first_s = (double)INFINITY, last_s = -(double)INFINITY;
    for (size_t i = 0; i < manifest->n_devices; i++) {
        first_s = fmin(first_s, manifest->devices[i].summary.first_s);
        last_s = fmax(last_s, manifest->devices[i].summary.last_s);
    }
    return last_s > first_s ? last_s - first_s : 0;
}

const char *session_manifest_plan(const struct session_manifest *manifest)
{
    if (manifest->about.plan[0])
        return manifest->about.plan;
    for (size_t i = 0; i < manifest->n_devices; i++)
        if (manifest->devices[i].summary.score_plan[0])
            return manifest->devices[i].summary.score_plan;
    return "";
}

const struct session_manifest_device *session_manifest_scored(
    const struct session_manifest *manifest)
{
    const struct session_manifest_device *found = NULL;
    for (size_t i = 0; i < manifest->n_devices; i++) {
        const struct session_manifest_device *device = &manifest->devices[i];
        if (!isnan(device->summary.score.practice_score) &&
            (!found || device->summary.n_strokes > found->summary.n_strokes))
            found = device;
    }
    return found;
}
