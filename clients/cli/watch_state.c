/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_state.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void watch_state_init(struct watch_state *state)
{
    memset(state, 0, sizeof *state);
}

void watch_state_finish(struct watch_state *state)
{
    for (unsigned i = 0; i < state->n_devices; i++)
        free(state->devices[i].matrix);
    memset(state, 0, sizeof *state);
}

static struct watch_event *new_event(struct watch_state *state, double time_s, unsigned device,
                                     enum watch_mood mood)
{
    struct watch_event *event = &state->events[state->n_events++ % WATCH_EVENTS_MAX];
    *event = (struct watch_event){.time_s = time_s, .device = device, .mood = mood, .n = 1};
    return event;
}

void watch_state_log(struct watch_state *state, double time_s, unsigned device,
                     enum watch_mood mood, const char *format, ...)
{
    struct watch_event *event = new_event(state, time_s, device, mood);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(event->text, sizeof event->text, format, arguments);
    va_end(arguments);
}

const struct watch_event *watch_state_event(const struct watch_state *state, unsigned i)
{
    if (i >= state->n_events || i >= WATCH_EVENTS_MAX)
        return NULL;
    return &state->events[(state->n_events - 1 - i) % WATCH_EVENTS_MAX];
}

const struct watch_device *watch_state_selected(const struct watch_state *state)
{
    return state->n_devices ? &state->devices[state->selected] : NULL;
}

double watch_device_silence_s(const struct watch_device *device, double now_s)
{
    if (isnan(device->heard_s))
        return (double)NAN;
    double silence_s = now_s - device->heard_s;
    return silence_s > WATCH_STALE_S ? silence_s : 0;
}

/* Index of a device, made when it is new; -1 when there are too many. */
static int device_of(struct watch_state *state, const struct thenar_topic *topic)
{
    for (unsigned i = 0; i < state->n_devices; i++)
        if (strcmp(state->devices[i].name, topic->device) == 0 &&
            strcmp(state->devices[i].station, topic->station) == 0)
            return (int)i;
    if (state->n_devices == WATCH_DEVICES_MAX)
        return -1;
    struct watch_device *device = &state->devices[state->n_devices];
    *device = (struct watch_device){.heard_s = (double)NAN};
    memcpy(device->station, topic->station, sizeof device->station);
    memcpy(device->name, topic->device, sizeof device->name);
    return (int)state->n_devices++;
}

static void take_metrics(struct watch_device *device, const struct thenar_feed_metrics *metrics,
                         double now_s)
{
    bool first = device->metrics.technique[0] == '\0';
    if (first || device->metrics.uncalibrated != metrics->uncalibrated) {
        watch_scale_init(&device->force, metrics->uncalibrated ? 1.0F : 10.0F);
        watch_scale_init(&device->peak, metrics->uncalibrated ? 0.1F : 10.0F);
    }
    device->metrics = *metrics;
    if (!isnan(metrics->phase))
        device->beat = (double)metrics->phase;
    device->heard_s = now_s;
    (void)watch_scale_execute(&device->force,
                              metrics->uncalibrated ? metrics->force_rel : metrics->force_n, now_s);
    (void)watch_scale_execute(&device->peak,
                              metrics->uncalibrated ? metrics->peak_rel : metrics->peak_kpa, now_s);
}

static enum thenar_status take_frame(struct watch_device *device,
                                     const struct thenar_feed_message *message, double now_s)
{
    const struct thenar_feed_frame *frame = &message->payload.frame;
    if (message->n_matrix > device->n_matrix) {
        float *matrix = realloc(device->matrix, message->n_matrix * sizeof *matrix);
        if (!matrix)
            return THENAR_ERR_MEMORY;
        device->matrix = matrix;
        device->n_matrix = message->n_matrix;
    }
    if (device->frame.n_rows == 0 || device->frame.uncalibrated != frame->uncalibrated)
        watch_scale_init(&device->map, frame->uncalibrated ? 0.1F : 10.0F);
    float largest = 0;
    for (size_t i = 0; i < message->n_matrix; i++)
        largest = fmaxf(largest, message->matrix[i]);
    if (message->n_matrix)
        memcpy(device->matrix, message->matrix, message->n_matrix * sizeof *device->matrix);
    (void)watch_scale_execute(&device->map, largest, now_s);
    device->frame = *frame;
    device->heard_s = now_s;
    return THENAR_OK;
}

static struct watch_event *event_at(struct watch_state *state, unsigned i)
{
    return &state->events[(state->n_events - 1 - i) % WATCH_EVENTS_MAX];
}

/* The newest event of a device, if it is among the lines that may be on view: it becomes the
 * newest of all, so that the log stays in the order of time. */
static struct watch_event *last_of(struct watch_state *state, unsigned index, const char *technique)
{
    enum { ON_VIEW = 8 };
    unsigned i = 0;
    while (i < ON_VIEW && i < state->n_events && event_at(state, i)->device != index)
        i++;
    if (i == ON_VIEW || i == state->n_events ||
        strcmp(event_at(state, i)->technique, technique) != 0)
        return NULL;
    struct watch_event event = *event_at(state, i);
    for (; i > 0; i--)
        *event_at(state, i) = *event_at(state, i - 1);
    *event_at(state, 0) = event;
    return event_at(state, 0);
}

/* Strokes of one technique in a row share a line: tapotement makes ten a second. */
static void take_stroke(struct watch_state *state, unsigned index,
                        const struct thenar_feed_stroke *stroke)
{
    state->devices[index].beat = 0;
    struct watch_event *event = last_of(state, index, stroke->technique);
    if (event)
        event->n++;
    else
        event = new_event(state, stroke->t_end, index, WATCH_PLAIN);
    event->time_s = stroke->t_end;
    memcpy(event->technique, stroke->technique, sizeof event->technique);
    char count[16] = "";
    if (event->n > 1)
        (void)snprintf(count, sizeof count, " x%u", event->n);
    if (stroke->uncalibrated)
        (void)snprintf(event->text, sizeof event->text, "stroke   %s%s, %.2f s, peak %.0f %%",
                       stroke->technique, count, (double)stroke->duration_s,
                       100.0 * (double)stroke->peak_rel);
    else
        (void)snprintf(event->text, sizeof event->text, "stroke   %s%s, %.2f s, peak %.0f kPa",
                       stroke->technique, count, (double)stroke->duration_s,
                       (double)stroke->peak_kpa);
}

static void take_episode(struct watch_state *state, unsigned index,
                         const struct thenar_feed_episode *episode)
{
    char pace[40] = "";
    if (!isnan(episode->pace_cpm))
        (void)snprintf(pace, sizeof pace, ", %.0f/min", (double)episode->pace_cpm);
    watch_state_log(state, episode->t_end, index, WATCH_GOOD,
                    "episode  %s, %.1f s, %" PRIu32 " stroke%s%s", episode->technique,
                    (double)episode->duration_s, episode->strokes, episode->strokes == 1 ? "" : "s",
                    pace);
}

static void take_gap(struct watch_state *state, double time_s, unsigned index,
                     const struct thenar_feed_gap *gap)
{
    if (gap->frames_lost)
        watch_state_log(state, time_s, index, WATCH_BAD,
                        "gap      %" PRIu32 " frames lost (%s): %s", gap->frames_lost, gap->side,
                        gap->reason);
    else
        watch_state_log(state, time_s, index, WATCH_BAD, "gap      %.2f s without frames (%s): %s",
                        (double)gap->lost_s, gap->side, gap->reason);
}

static void take_status(struct watch_state *state, unsigned index,
                        const struct thenar_feed_status *status)
{
    struct watch_device *device = &state->devices[index];
    bool first = device->status.state[0] == '\0';
    bool streams = strcmp(status->state, "streaming") == 0;
    if (strcmp(device->status.state, status->state) != 0 && !(first && streams))
        watch_state_log(state, status->stamp.t_publish, index, streams ? WATCH_GOOD : WATCH_BAD,
                        "device   %s%s%s", streams ? "is back" : status->state,
                        status->reason[0] ? ": " : "", status->reason);
    device->status = *status;
}

enum thenar_status watch_state_take(struct watch_state *state,
                                    const struct thenar_feed_message *message, double now_s)
{
    int found = device_of(state, &message->topic);
    if (found < 0)
        return THENAR_OK; /* more devices than the view can choose from */
    unsigned index = (unsigned)found;
    struct watch_device *device = &state->devices[index];
    if (message->n_missed)
        watch_state_log(state, message->time_s, index, WATCH_BAD,
                        "missed   %" PRIu64 " message%s of %s", message->n_missed,
                        message->n_missed == 1 ? "" : "s", message->name);
    const union thenar_payload *payload = &message->payload;
    switch (message->topic.kind) {
    case THENAR_TOPIC_METRICS:
        take_metrics(device, &payload->metrics, now_s);
        break;
    case THENAR_TOPIC_FRAME:
        return take_frame(device, message, now_s);
    case THENAR_TOPIC_STROKE:
        take_stroke(state, index, &payload->stroke);
        break;
    case THENAR_TOPIC_EPISODE:
        take_episode(state, index, &payload->episode);
        break;
    case THENAR_TOPIC_STATUS:
        take_status(state, index, &payload->status);
        break;
    case THENAR_TOPIC_GAP:
        take_gap(state, message->time_s, index, &payload->gap);
        break;
    case THENAR_TOPIC_PLAN:
        device->plan = payload->plan;
        break;
    case THENAR_TOPIC_CUE:
        device->cue = payload->cue;
        device->cue_s = now_s;
        watch_state_log(state, message->time_s, index,
                        strcmp(payload->cue.cue, "good") == 0   ? WATCH_GOOD
                        : strcmp(payload->cue.cue, "stop") == 0 ? WATCH_BAD
                                                                : WATCH_PLAIN,
                        "coach    %s", payload->cue.text);
        break;
    case THENAR_TOPIC_COMFORT:
        watch_state_log(state, message->time_s, index, WATCH_PLAIN,
                        payload->comfort.button ? "comfort  it hurts" : "comfort  %.0f of 10",
                        (double)payload->comfort.pain);
        break;
    case THENAR_TOPIC_CONTACT:
    case THENAR_TOPIC_MOTION:
        break;
    case THENAR_TOPIC_SESSION:
        state->devices[index].session = payload->session;
        break;
    case THENAR_N_TOPIC_KINDS:
        break;
    }
    return THENAR_OK;
}

void watch_state_tick(struct watch_state *state, double now_s)
{
    double passed_s = state->ticked_s > 0 ? now_s - state->ticked_s : 0;
    state->ticked_s = now_s;
    for (unsigned i = 0; i < state->n_devices; i++) {
        struct watch_device *device = &state->devices[i];
        double pace_cpm = (double)device->metrics.pace_cpm;
        device->ticked_s = now_s;
        device->beat = pace_cpm > 0 ? fmod(device->beat + passed_s * pace_cpm / 60.0, 1.0) : 0;
    }
}
