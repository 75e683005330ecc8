/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "class_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- writing */

static void put_text(json_t *object, const char *key, const char *text)
{
    if (text[0])
        (void)json_object_set_new(object, key, json_string(text));
}

/* Numbers that people read have three places; NaN is absent. */
static void put_number(json_t *object, const char *key, double number)
{
    if (isfinite(number))
        (void)json_object_set_new(object, key, json_real(round(number * 1000) / 1000));
}

static void put_count(json_t *object, const char *key, uint64_t count)
{
    (void)json_object_set_new(object, key, json_integer((json_int_t)count));
}

static json_t *device_json(const struct tally_device *device)
{
    json_t *object = json_object();
    put_text(object, "device", device->device);
    put_number(object, "score", (double)device->score);
    put_number(object, "pressure_pct", (double)device->pressure_pct);
    put_number(object, "pace_pct", (double)device->pace_pct);
    put_number(object, "regularity_pct", (double)device->regularity_pct);
    put_number(object, "holds_pct", (double)device->holds_pct);
    put_number(object, "time_pct", (double)device->time_pct);
    put_count(object, "frames", device->n_frames);
    put_count(object, "lost", device->n_lost);
    return object;
}

static json_t *step_json(const struct tally_step *step)
{
    json_t *object = json_object();
    put_text(object, "technique", step->technique);
    put_text(object, "region", step->region);
    put_number(object, "span_s", (double)step->span_s);
    put_number(object, "wanted_s", (double)step->wanted_s);
    return object;
}

static void put_tally(json_t *object, const struct class_tally *tally)
{
    json_t *devices = json_array(), *techniques = json_array(), *steps = json_array(),
           *cues = json_array();
    for (uint32_t i = 0; i < tally->n_devices; i++)
        (void)json_array_append_new(devices, device_json(&tally->devices[i]));
    for (uint32_t i = 0; i < tally->n_techniques; i++) {
        const struct tally_technique *one = &tally->techniques[i];
        json_t *technique = json_object();
        put_text(technique, "technique", one->technique);
        put_number(technique, "span_s", (double)one->span_s);
        put_count(technique, "strokes", one->n_strokes);
        (void)json_array_append_new(techniques, technique);
    }
    for (uint32_t i = 0; i < tally->n_steps; i++)
        (void)json_array_append_new(steps, step_json(&tally->steps[i]));
    for (uint32_t i = 0; i < tally->n_cues; i++) {
        json_t *cue = json_object();
        put_text(cue, "cue", tally->cues[i].cue);
        put_count(cue, "n", tally->cues[i].n);
        (void)json_array_append_new(cues, cue);
    }
    put_number(object, "length_s", (double)tally->length_s);
    (void)json_object_set_new(object, "devices", devices);
    (void)json_object_set_new(object, "techniques", techniques);
    (void)json_object_set_new(object, "steps", steps);
    (void)json_object_set_new(object, "cues", cues);
    put_number(object, "worst_pain", (double)tally->worst_pain);
    put_count(object, "complaints", tally->n_complaints);
}

json_t *class_json_session(const struct class_session *session)
{
    json_t *object = json_object(), *levels = json_array();
    put_text(object, "session", session->session);
    put_text(object, "station", session->station);
    put_text(object, "giver", session->giver);
    put_text(object, "receiver", session->receiver);
    put_text(object, "plan", session->plan);
    put_number(object, "began_unix_s", session->began_unix_s);
    (void)json_object_set_new(object, "closed", json_boolean(session->is_closed));
    (void)json_object_set_new(object, "read", json_boolean(session->is_read));
    put_tally(object, &session->tally);
    for (size_t i = 0; i < session->n_levels; i++) {
        json_t *level = json_object();
        put_text(level, "criterion", session->levels[i].criterion);
        put_count(level, "level", session->levels[i].level);
        (void)json_array_append_new(levels, level);
    }
    (void)json_object_set_new(object, "levels", levels);
    put_number(object, "own_score", (double)session->own_score);
    put_text(object, "remark", session->remark);
    return object;
}

json_t *class_json_station(const struct class_station *station)
{
    json_t *object = json_object();
    put_text(object, "station", station->station);
    put_text(object, "giver", station->giver);
    put_text(object, "receiver", station->receiver);
    put_text(object, "plan", station->plan);
    return object;
}

json_t *class_json_codes(const struct class_book *book)
{
    json_t *codes = json_array();
    for (size_t i = 0; i < book->n_codes; i++)
        (void)json_array_append_new(codes, json_string(book->codes[i]));
    return codes;
}

json_t *class_json_book(const struct class_book *book)
{
    json_t *object = json_object(), *stations = json_array(), *sessions = json_array();
    put_text(object, "title", book->title);
    put_number(object, "began_unix_s", book->began_unix_s);
    put_number(object, "ended_unix_s", book->ended_unix_s);
    (void)json_object_set_new(object, "codes", class_json_codes(book));
    for (size_t i = 0; i < book->n_stations; i++)
        (void)json_array_append_new(stations, class_json_station(&book->stations[i]));
    for (size_t i = 0; i < book->n_sessions; i++)
        (void)json_array_append_new(sessions, class_json_session(&book->sessions[i]));
    (void)json_object_set_new(object, "stations", stations);
    (void)json_object_set_new(object, "sessions", sessions);
    return object;
}

/* ---- reading */

/* What is being read, for the sentence; the first fault stays. */
struct place {
    const char *where, *list;
    size_t number; /* of the entry, from 1; 0: none */
    struct thenar_error *error;
    enum thenar_status status;
};

static void fail_at(struct place *place, enum thenar_status status, const char *key,
                    const char *wanted)
{
    if (place->status != THENAR_OK)
        return;
    place->status =
        place->number
            ? thenar_fail(place->error, status, "%s: %s %zu: \"%s\" must be %s", place->where,
                          place->list, place->number, key, wanted)
            : thenar_fail(place->error, status, "%s: \"%s\" must be %s", place->where, key, wanted);
}

/* Absent is "". */
static void read_text(struct place *place, const json_t *object, const char *key, char *text,
                      size_t n_space)
{
    const json_t *value = json_object_get(object, key);
    text[0] = '\0';
    if (!value)
        return;
    if (!json_is_string(value) || json_string_length(value) >= n_space ||
        strlen(json_string_value(value)) != json_string_length(value)) {
        fail_at(place, THENAR_ERR_VALUE, key, "a text, and not so long");
        return;
    }
    (void)snprintf(text, n_space, "%s", json_string_value(value));
}

/* Absent, or empty, or a name that a station can have. */
static void read_name(struct place *place, const json_t *object, const char *key, char *text)
{
    read_text(place, object, key, text, THENAR_TOPIC_NAME_BYTES);
    if (text[0] && !thenar_name_is_valid(text))
        fail_at(place, THENAR_ERR_VALUE, key, "1 to 31 of a-z, 0-9, _ and -");
}

static double read_number(struct place *place, const json_t *object, const char *key, double least,
                          double most, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        return otherwise;
    double number = json_number_value(value);
    if (json_is_number(value) && number >= least && number <= most)
        return number;
    fail_at(place, THENAR_ERR_VALUE, key, "a number within its range");
    return otherwise;
}

static uint64_t read_count(struct place *place, const json_t *object, const char *key,
                           uint64_t most)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        return 0;
    json_int_t count = json_integer_value(value);
    if (json_is_integer(value) && count >= 0 && (uint64_t)count <= most)
        return (uint64_t)count;
    fail_at(place, THENAR_ERR_VALUE, key, "a whole number within its range");
    return 0;
}

/* @return how many entries the list has; absent is none */
static size_t list_size(struct place *place, const json_t *object, const char *key, size_t most)
{
    const json_t *list = json_object_get(object, key);
    if (!list)
        return 0;
    if (json_is_array(list) && json_array_size(list) <= most)
        return json_array_size(list);
    fail_at(place, THENAR_ERR_VALUE, key, "a list, and not so long");
    return 0;
}

static const json_t *entry(const json_t *object, const char *key, size_t i)
{
    return json_array_get(json_object_get(object, key), i);
}

static float read_pct(struct place *place, const json_t *object, const char *key)
{
    return (float)read_number(place, object, key, 0, 100, (double)NAN);
}

static void read_device(struct place *place, const json_t *object, struct tally_device *device)
{
    read_name(place, object, "device", device->device);
    device->score = read_pct(place, object, "score");
    device->pressure_pct = read_pct(place, object, "pressure_pct");
    device->pace_pct = read_pct(place, object, "pace_pct");
    device->regularity_pct = read_pct(place, object, "regularity_pct");
    device->holds_pct = read_pct(place, object, "holds_pct");
    device->time_pct = read_pct(place, object, "time_pct");
    device->n_frames = read_count(place, object, "frames", INT64_MAX);
    device->n_lost = read_count(place, object, "lost", INT64_MAX);
}

static void read_technique(struct place *place, const json_t *object,
                           struct tally_technique *technique)
{
    read_text(place, object, "technique", technique->technique, sizeof technique->technique);
    technique->span_s = (float)read_number(place, object, "span_s", 0, 1e9, 0);
    technique->n_strokes = (uint32_t)read_count(place, object, "strokes", UINT32_MAX);
}

static void read_step(struct place *place, const json_t *object, struct tally_step *step)
{
    read_text(place, object, "technique", step->technique, sizeof step->technique);
    read_text(place, object, "region", step->region, sizeof step->region);
    step->span_s = (float)read_number(place, object, "span_s", 0, 1e9, (double)NAN);
    step->wanted_s = (float)read_number(place, object, "wanted_s", 0, 1e9, (double)NAN);
}

static void read_tally(struct place *place, const json_t *object, struct class_tally *tally)
{
    class_tally_init(tally);
    tally->length_s = (float)read_number(place, object, "length_s", 0, 1e9, 0);
    tally->worst_pain = (float)read_number(place, object, "worst_pain", 0, 10, (double)NAN);
    tally->n_complaints = (uint32_t)read_count(place, object, "complaints", UINT32_MAX);
    tally->n_devices = (uint32_t)list_size(place, object, "devices", TALLY_DEVICES_MAX);
    tally->n_techniques = (uint32_t)list_size(place, object, "techniques", TALLY_TECHNIQUES_MAX);
    tally->n_steps = (uint32_t)list_size(place, object, "steps", TALLY_STEPS_MAX);
    tally->n_cues = (uint32_t)list_size(place, object, "cues", TALLY_CUES_MAX);
    for (uint32_t i = 0; i < tally->n_devices; i++)
        read_device(place, entry(object, "devices", i), &tally->devices[i]);
    for (uint32_t i = 0; i < tally->n_techniques; i++)
        read_technique(place, entry(object, "techniques", i), &tally->techniques[i]);
    for (uint32_t i = 0; i < tally->n_steps; i++)
        read_step(place, entry(object, "steps", i), &tally->steps[i]);
    for (uint32_t i = 0; i < tally->n_cues; i++) {
        const json_t *cue = entry(object, "cues", i);
        read_text(place, cue, "cue", tally->cues[i].cue, sizeof tally->cues[i].cue);
        tally->cues[i].n = (uint32_t)read_count(place, cue, "n", UINT32_MAX);
    }
}

static void read_levels(struct place *place, const json_t *object, struct class_session *session)
{
    size_t n_levels = list_size(place, object, "levels", CLASS_CRITERIA_MAX);
    for (size_t i = 0; i < n_levels; i++) {
        char criterion[CLASS_CRITERION_BYTES];
        const json_t *level = entry(object, "levels", i);
        read_text(place, level, "criterion", criterion, sizeof criterion);
        if (class_session_judge(session, criterion,
                                (unsigned)read_count(place, level, "level", CLASS_LEVELS_MAX)))
            fail_at(place, THENAR_ERR_SPACE, "levels", "a shorter list");
    }
}

static void read_session(struct place *place, const json_t *object, struct class_book *book)
{
    char id[THENAR_LABEL_BYTES];
    struct class_session *session;
    read_text(place, object, "session", id, sizeof id);
    if (id[0] == '\0' || class_book_session(book, id)) {
        fail_at(place, THENAR_ERR_VALUE, "session", "an id, each only once");
        return;
    }
    enum thenar_status status = class_book_add_session(book, id, &session);
    if (status != THENAR_OK) {
        fail_at(place, status, "session", "among fewer of them");
        return;
    }
    read_name(place, object, "station", session->station);
    read_text(place, object, "giver", session->giver, sizeof session->giver);
    read_text(place, object, "receiver", session->receiver, sizeof session->receiver);
    read_text(place, object, "plan", session->plan, sizeof session->plan);
    read_text(place, object, "remark", session->remark, sizeof session->remark);
    session->began_unix_s = read_number(place, object, "began_unix_s", 0, 1e12, 0);
    session->is_closed = json_is_true(json_object_get(object, "closed"));
    session->is_read = json_is_true(json_object_get(object, "read"));
    session->own_score = (float)read_number(place, object, "own_score", 0, 100, (double)NAN);
    read_tally(place, object, &session->tally);
    read_levels(place, object, session);
}

static void read_station(struct place *place, const json_t *object, struct class_book *book)
{
    char name[THENAR_TOPIC_NAME_BYTES], giver[CLASS_CODE_BYTES], receiver[CLASS_CODE_BYTES];
    read_name(place, object, "station", name);
    if (name[0] == '\0' || class_book_station(book, name)) {
        fail_at(place, THENAR_ERR_VALUE, "station", "a name, each only once");
        return;
    }
    struct class_station *station = class_book_add_station(book, name);
    read_text(place, object, "plan", station->plan, sizeof station->plan);
    read_text(place, object, "giver", giver, sizeof giver);
    read_text(place, object, "receiver", receiver, sizeof receiver);
    if (class_book_seat(book, name, giver, receiver, NULL) != THENAR_OK)
        fail_at(place, THENAR_ERR_VALUE, "giver\", \"receiver", "two of the codes");
}

static void read_book(struct place *place, const json_t *root, struct class_book *book)
{
    read_text(place, root, "title", book->title, sizeof book->title);
    book->began_unix_s = read_number(place, root, "began_unix_s", 0, 1e12, 0);
    book->ended_unix_s = read_number(place, root, "ended_unix_s", 0, 1e12, 0);
    size_t n_codes = list_size(place, root, "codes", CLASS_CODES_MAX);
    size_t n_stations = list_size(place, root, "stations", CLASS_STATIONS_MAX);
    size_t n_sessions = list_size(place, root, "sessions", CLASS_SESSIONS_MAX);
    place->list = "code";
    for (size_t i = 0; i < n_codes && place->status == THENAR_OK; i++) {
        const char *code = json_string_value(entry(root, "codes", i));
        place->number = i + 1;
        if (!code || class_book_add_code(book, code, NULL) != THENAR_OK)
            fail_at(place, THENAR_ERR_VALUE, "codes", "pseudonyms such as A1, each only once");
    }
    place->list = "station";
    for (size_t i = 0; i < n_stations && place->status == THENAR_OK; i++) {
        place->number = i + 1;
        read_station(place, entry(root, "stations", i), book);
    }
    place->list = "session";
    for (size_t i = 0; i < n_sessions && place->status == THENAR_OK; i++) {
        place->number = i + 1;
        read_session(place, entry(root, "sessions", i), book);
    }
}

enum thenar_status class_json_decode(const char *text, size_t n_text, const char *where,
                                     struct class_book *book, struct thenar_error *error)
{
    json_error_t fault;
    memset(book, 0, sizeof *book);
    json_t *root = json_loadb(text, n_text, JSON_REJECT_DUPLICATES, &fault);
    if (!root)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: %s", where, fault.line, fault.text);
    struct place place = {.where = where, .list = "", .error = error};
    if (!json_is_object(root))
        place.status =
            thenar_fail(error, THENAR_ERR_SYNTAX, "%s: it is no JSON object, and no class", where);
    else
        read_book(&place, root, book);
    json_decref(root);
    if (place.status != THENAR_OK)
        class_book_finish(book);
    return place.status;
}
