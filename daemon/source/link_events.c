/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link_events.h"

#include <stdio.h>
#include <string.h>

struct source_event *link_events_push(struct link_events *events, enum source_event_kind kind)
{
    /* A full queue means that nobody takes events; the newest replaces the last. */
    unsigned at = events->n_queued < LINK_EVENTS_MAX ? events->n_queued++ : LINK_EVENTS_MAX - 1;
    struct source_event *event = &events->queue[at];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->arrival = moment_now();
    return event;
}

bool link_events_pop(struct link_events *events, struct source_event *event)
{
    if (events->n_queued == 0)
        return false;
    *event = events->queue[0];
    events->n_queued--;
    memmove(events->queue, events->queue + 1, events->n_queued * sizeof *events->queue);
    return true;
}

struct source_answer *link_events_answer(struct link_events *events, enum thenar_status status,
                                         double value, const char *text)
{
    if (!events->has_command)
        return NULL;
    events->has_command = false;
    struct source_answer *answer = &link_events_push(events, SOURCE_ANSWER)->answer;
    answer->ticket = events->command.ticket;
    answer->status = status;
    answer->value = value;
    (void)snprintf(answer->text, sizeof answer->text, "%s", text);
    return answer;
}

void link_events_lost(struct link_events *events, const struct thenar_error *reason)
{
    if (events->is_lost && strcmp(events->reason.text, reason->text) == 0)
        return;
    events->is_lost = true;
    events->reason = *reason;
    link_events_push(events, SOURCE_LOST)->reason = events->reason.text;
}

void link_events_described(struct link_events *events, const struct source_description *description)
{
    if (events->is_lost)
        link_events_push(events, SOURCE_RETURNED);
    events->is_lost = false;
    link_events_push(events, SOURCE_DESCRIBED)->description = description;
}
