/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "class_tally_file.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static float number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? (float)json_number_value(value) : NAN;
}

static uint64_t count(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 ? (uint64_t)value : 0;
}

static void put_text(char *field, size_t n_space, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    (void)snprintf(field, n_space, "%s", text ? text : "");
}

/* ---- a device's file, told as the feed would have told it */

/* How long the runs of each step of the plan were. */
static void add_steps(float *spans_s, const json_t *episodes)
{
    size_t i;
    const json_t *episode;
    for (i = 0; i < TALLY_STEPS_MAX; i++)
        spans_s[i] = NAN;
    json_array_foreach(episodes, i, episode)
    {
        const json_t *step = json_object_get(episode, "step");
        json_int_t index = json_is_integer(step) ? json_integer_value(step) : -1;
        float span_s = number(episode, "end_s") - number(episode, "start_s");
        if (index >= 0 && index < TALLY_STEPS_MAX && span_s > 0)
            spans_s[index] = span_s + (isnan(spans_s[index]) ? 0 : spans_s[index]);
    }
}

static void tell_plan(struct class_tally *tally, struct thenar_feed_message *message,
                      const json_t *device)
{
    const json_t *steps = json_object_get(json_object_get(device, "plan"), "steps");
    const json_t *score = json_object_get(device, "score");
    float spans_s[TALLY_STEPS_MAX];
    struct thenar_feed_plan *plan = &message->payload.plan;
    message->topic.kind = THENAR_TOPIC_PLAN;
    add_steps(spans_s, json_object_get(device, "episodes"));
    for (size_t i = 0; i < json_array_size(steps) && i < TALLY_STEPS_MAX; i++) {
        const json_t *step = json_array_get(steps, i);
        *plan = (struct thenar_feed_plan){.step = (uint32_t)(i + 1),
                                          .n_steps = (uint32_t)json_array_size(steps),
                                          .elapsed_s = spans_s[i],
                                          .duration_s = number(step, "duration_s"),
                                          .practice_score = number(score, "practice_score"),
                                          .score_pressure_pct = number(score, "pressure_pct"),
                                          .score_pace_pct = number(score, "pace_pct"),
                                          .score_regularity_pct = number(score, "regularity_pct"),
                                          .score_holds_pct = number(score, "holds_pct"),
                                          .score_time_pct = number(score, "time_pct")};
        put_text(plan->technique, sizeof plan->technique, step, "technique");
        put_text(plan->region, sizeof plan->region, step, "region");
        class_tally_take(tally, message);
    }
}

static void tell_episodes(struct class_tally *tally, struct thenar_feed_message *message,
                          const json_t *episodes)
{
    size_t i;
    const json_t *row;
    message->topic.kind = THENAR_TOPIC_EPISODE;
    json_array_foreach(episodes, i, row)
    {
        struct thenar_feed_episode *episode = &message->payload.episode;
        *episode = (struct thenar_feed_episode){
            .duration_s = fmaxf(0, number(row, "end_s") - number(row, "start_s")),
            .strokes = (uint32_t)count(row, "n_strokes")};
        put_text(episode->technique, sizeof episode->technique, row, "technique");
        if (episode->technique[0])
            class_tally_take(tally, message);
    }
}

static void tell_cues(struct class_tally *tally, struct thenar_feed_message *message,
                      const json_t *cues)
{
    size_t i;
    const json_t *row;
    message->topic.kind = THENAR_TOPIC_CUE;
    json_array_foreach(cues, i, row)
    {
        struct thenar_feed_cue *cue = &message->payload.cue;
        *cue = (struct thenar_feed_cue){0};
        put_text(cue->cue, sizeof cue->cue, row, "cue");
        if (cue->cue[0])
            class_tally_take(tally, message);
    }
}

/* What the receiver said stands among the commands, as it was asked. */
static void tell_comfort(struct class_tally *tally, struct thenar_feed_message *message,
                         const json_t *commands)
{
    size_t i;
    const json_t *row;
    message->topic.kind = THENAR_TOPIC_COMFORT;
    json_array_foreach(commands, i, row)
    {
        const char *name = json_string_value(json_object_get(row, "command"));
        const char *text = json_string_value(json_object_get(row, "request"));
        json_t *request = name && text && strcmp(name, "comfort") == 0 &&
                                  json_is_true(json_object_get(row, "is_done"))
                              ? json_loads(text, 0, NULL)
                              : NULL;
        if (!request)
            continue;
        float pain = number(request, "pain");
        message->payload.comfort =
            (struct thenar_feed_comfort){.pain = pain, .button = isnan(pain)};
        class_tally_take(tally, message);
        json_decref(request);
    }
}

/* One that waited for the first touch counts from there. */
static float length_s(const json_t *device)
{
    size_t i;
    const json_t *row;
    float from_s = 0;
    json_array_foreach(json_object_get(device, "events"), i, row)
    {
        const char *event = json_string_value(json_object_get(row, "event"));
        if (event && strcmp(event, "touched") == 0)
            from_s = fmaxf(0, number(row, "at_s"));
    }
    return fmaxf(0, number(json_object_get(device, "digest"), "length_s") - from_s);
}

static void tell_device(struct class_tally *tally, const json_t *device)
{
    struct thenar_feed_message message = {.topic.kind = THENAR_TOPIC_SESSION};
    const json_t *ledger = json_object_get(device, "ledger");
    if (json_object_get(device, "error"))
        return; /* a file that cannot be read says nothing */
    put_text(message.topic.device, sizeof message.topic.device, device, "device");
    message.payload.session =
        (struct thenar_feed_session){.length_s = length_s(device),
                                     .frames = count(ledger, "n_frames"),
                                     .lost_device = count(ledger, "lost_device"),
                                     .lost_link = count(ledger, "lost_link"),
                                     .lost_host = count(ledger, "lost_host"),
                                     .lost_disk = count(ledger, "lost_disk")};
    class_tally_take(tally, &message);
    tell_plan(tally, &message, device);
    tell_episodes(tally, &message, json_object_get(device, "episodes"));
    tell_cues(tally, &message, json_object_get(device, "cues"));
    tell_comfort(tally, &message, json_object_get(device, "commands"));
}

/* ---- both together */

static void join_devices(struct class_tally *tally, const struct class_tally *file)
{
    for (uint32_t i = 0; i < file->n_devices; i++) {
        const struct tally_device *from = &file->devices[i];
        uint32_t k = 0;
        while (k < tally->n_devices && strcmp(tally->devices[k].device, from->device) != 0)
            k++;
        if (k == TALLY_DEVICES_MAX)
            continue;
        struct tally_device *to = &tally->devices[k];
        if (k == tally->n_devices) {
            *to = *from;
            tally->n_devices++;
            continue;
        }
        struct tally_device heard = *to;
        *to = isfinite(from->score) ? *from : heard;
        to->n_frames = from->n_frames > heard.n_frames ? from->n_frames : heard.n_frames;
        to->n_lost = from->n_lost > heard.n_lost ? from->n_lost : heard.n_lost;
    }
}

static void join_techniques(struct class_tally *tally, const struct class_tally *file)
{
    for (uint32_t i = 0; i < file->n_techniques; i++) {
        const struct tally_technique *from = &file->techniques[i];
        uint32_t k = 0;
        while (k < tally->n_techniques &&
               strcmp(tally->techniques[k].technique, from->technique) != 0)
            k++;
        if (k == TALLY_TECHNIQUES_MAX)
            continue;
        struct tally_technique *to = &tally->techniques[k];
        if (k == tally->n_techniques)
            tally->techniques[tally->n_techniques++] = *from;
        else if (from->span_s > to->span_s)
            *to = *from;
    }
}

static void join_cues(struct class_tally *tally, const struct class_tally *file)
{
    for (uint32_t i = 0; i < file->n_cues; i++) {
        const struct tally_cue *from = &file->cues[i];
        uint32_t k = 0;
        while (k < tally->n_cues && strcmp(tally->cues[k].cue, from->cue) != 0)
            k++;
        if (k == TALLY_CUES_MAX)
            continue;
        if (k == tally->n_cues)
            tally->cues[tally->n_cues++] = *from;
        else if (from->n > tally->cues[k].n)
            tally->cues[k].n = from->n;
    }
}

static void join(struct class_tally *tally, const struct class_tally *file)
{
    tally->length_s = fmaxf(tally->length_s, file->length_s);
    join_devices(tally, file);
    join_techniques(tally, file);
    join_cues(tally, file);
    for (uint32_t i = 0; i < file->n_steps; i++)
        if (i >= tally->n_steps || isnan(tally->steps[i].span_s) ||
            file->steps[i].span_s > tally->steps[i].span_s)
            tally->steps[i] = file->steps[i];
    if (file->n_steps > tally->n_steps)
        tally->n_steps = file->n_steps;
    tally->worst_pain = fmaxf(tally->worst_pain, file->worst_pain); /* passes over NaN */
    if (file->n_complaints > tally->n_complaints)
        tally->n_complaints = file->n_complaints;
}

enum thenar_status class_tally_take_file(struct class_tally *tally, const char *json, size_t n_json)
{
    json_t *root = json_loadb(json, n_json, 0, NULL);
    const json_t *devices = json_object_get(root, "devices");
    const char *state = json_string_value(json_object_get(root, "state"));
    enum thenar_status status = !json_is_array(devices) || !state ? THENAR_ERR_SYNTAX
                                : strcmp(state, "recording") == 0 ? THENAR_PENDING
                                                                  : THENAR_OK;
    struct class_tally *file = status == THENAR_OK ? malloc(sizeof *file) : NULL;
    if (status == THENAR_OK && !file)
        status = THENAR_ERR_MEMORY;
    if (status == THENAR_OK) {
        size_t i;
        const json_t *device;
        class_tally_init(file);
        json_array_foreach(devices, i, device) tell_device(file, device);
        join(tally, file);
    }
    free(file);
    json_decref(root);
    return status;
}
