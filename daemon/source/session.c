/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.c - session:FILE[?speed=N|max]: a session's file, as it happened */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_reader.h"
#include "frame_wait.h"
#include "source_kinds.h"

struct session_source {
    struct source source;
    struct session_reader *reader;
    struct source_description description;
    struct session_command_row *commands; /* [n_commands]; tares are done where they were */
    size_t n_commands, next_command;
    double speed; /* 0: as fast as it is taken */

    bool is_described, is_over, has_frame; /* has_frame: read, and waiting for its time */
    struct session_frame frame;
    bool is_started;
    int64_t start_ns; /* when time_s was 0 */
    double time_s;    /* since the first frame, with the time that the device was away */
    double last_t_device;
};

static enum thenar_status read_frame(struct session_source *s)
{
    struct thenar_error ignored;
    enum thenar_status status = session_reader_next(s->reader, &s->frame, &ignored);
    if (status != THENAR_OK)
        return status;
    double t = s->frame.row->t_device;
    if (s->frame.index > 0 && t > s->last_t_device)
        s->time_s += t - s->last_t_device;
    s->last_t_device = t;
    return THENAR_OK;
}

static enum thenar_status give(struct session_source *s, struct source_event *event,
                               enum source_event_kind kind)
{
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->arrival = moment_now();
    if (kind == SOURCE_DESCRIBED) {
        event->description = &s->description;
    } else if (kind == SOURCE_FRAME) {
        const struct session_frame_row *row = s->frame.row;
        s->has_frame = false;
        event->frame = (struct source_frame){.sequence = row->sequence,
                                             .ticks = row->ticks,
                                             .device_s = row->device_s,
                                             .scan_s = (double)row->scan_s,
                                             .n_dropped = row->n_dropped,
                                             .n_late = row->n_late,
                                             .trigger = row->flags & SESSION_FRAME_TRIGGER,
                                             .counts = s->frame.counts,
                                             .samples = s->frame.samples};
    }
    return THENAR_OK;
}

/* The tare that holds from this frame on, if there is one. */
static bool take_tare(struct session_source *s, struct source_event *event)
{
    while (s->next_command < s->n_commands &&
           s->commands[s->next_command].frame <= s->frame.index) {
        const struct session_command_row *command = &s->commands[s->next_command++];
        if (!command->is_done || strncmp(command->command, "tare", sizeof command->command) != 0)
            continue;
        (void)give(s, event, SOURCE_TARE);
        event->tare = (struct source_tare){(float)command->value, command->is_loaded != 0};
        return true;
    }
    return false;
}

static enum thenar_status next(struct source *source, int wake_fd, int timeout_ms,
                               struct source_event *event)
{
    struct session_source *s = (struct session_source *)source;
    int64_t until_ns = moment_monotonic_ns() + (int64_t)timeout_ms * NS_PER_MS;
    if (!s->is_described) {
        s->is_described = true;
        return give(s, event, SOURCE_DESCRIBED);
    }
    if (s->is_over) {
        (void)frame_wait_until(INT64_MAX, wake_fd, until_ns);
        return THENAR_PENDING;
    }
    if (!s->has_frame) {
        s->is_over = read_frame(s) != THENAR_OK;
        if (s->is_over)
            return give(s, event, SOURCE_END);
        s->has_frame = true;
        s->source.damage.n_messages++;
    }
    if (take_tare(s, event))
        return THENAR_OK;
    if (s->speed == 0)
        return give(s, event, SOURCE_FRAME);
    if (!s->is_started)
        s->start_ns = moment_monotonic_ns();
    s->is_started = true;
    int64_t due_ns = s->start_ns + (int64_t)(s->time_s / s->speed * NS_PER_S);
    return frame_wait_until(due_ns, wake_fd, until_ns) ? give(s, event, SOURCE_FRAME)
                                                       : THENAR_PENDING;
}

static void close_session(struct source *source)
{
    struct session_source *s = (struct session_source *)source;
    session_reader_close(s->reader);
    array_layout_finish(&s->description.layout);
    free(s->commands);
    free(s);
}

static enum thenar_status read_speed(const struct uri *uri, double *speed,
                                     struct thenar_error *error)
{
    static const char *const names[] = {"speed"};
    const char *text = uri_value(uri, "speed");
    *speed = 1;
    enum thenar_status status = uri_allow(uri, names, 1, NULL, error);
    if (status != THENAR_OK)
        return status;
    if (!text || strcmp(text, "max") != 0)
        return uri_number(uri, "speed", 0.01, 1000, speed, error);
    *speed = 0;
    return THENAR_OK;
}

static enum thenar_status describe(struct session_source *s, struct thenar_error *error)
{
    const struct session_head *head = session_reader_head(s->reader);
    struct source_description *d = &s->description;
    if (array_layout_copy(&d->layout, &head->layout) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session");
    (void)snprintf(d->model, sizeof d->model, "%.31s", head->model);
    (void)snprintf(d->serial, sizeof d->serial, "%.31s", head->serial);
    (void)snprintf(d->firmware, sizeof d->firmware, "%.31s", head->firmware);
    d->tick_hz = head->tick_hz;
    d->gives_floats = head->is_float;
    d->is_calibrated_already = true;
    d->zero = head->zero;
    d->zero_is_loaded = head->zero_is_loaded != 0;
    d->gate_counts = (uint16_t)head->gate_counts;
    d->rate_min_hz = d->rate_max_hz = (double)head->layout.rate_hz;
    return THENAR_OK;
}

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    double speed;
    enum thenar_status status = read_speed(uri, &speed, error);
    if (status != THENAR_OK)
        return status;
    struct session_source *s = calloc(1, sizeof *s);
    if (!s)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session");
    s->source.next = next;
    s->source.close = close_session;
    s->source.can_wait = s->source.is_recording = true;
    s->speed = speed;
    status = session_reader_open(&s->reader, uri->path, error);
    if (status == THENAR_OK)
        status = session_reader_all(s->reader, SESSION_COMMANDS, (void **)&s->commands,
                                    &s->n_commands, error);
    if (status == THENAR_OK)
        status = describe(s, error);
    if (status != THENAR_OK) {
        close_session(&s->source);
        return status;
    }
    *out = &s->source;
    return THENAR_OK;
}

const struct source_kind source_session = {
    .scheme = "session",
    .usage = "session:FILE[?speed=N|max]",
    .help = "a recorded session, as it happened",
    .open = open_source,
};
