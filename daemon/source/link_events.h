/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_events.h - what the conversation with a device has to tell: a short queue of events
 *
 * Frames do not come through here. The command under way is kept here too, since its answer is told
 * whatever becomes of the link. */
#ifndef LINK_EVENTS_H
#define LINK_EVENTS_H

#include "source.h"

enum { LINK_EVENTS_MAX = 4 };

struct link_events {
    struct source_event queue[LINK_EVENTS_MAX]; /* to be handed out before more is read */
    unsigned n_queued;
    bool has_command; /* asked by source_command, not yet answered */
    struct source_command command;
    bool is_lost; /* said that there are no frames, and why */
    struct thenar_error reason;
};

/** @return the new event, all zero but for kind and arrival, to be filled in */
struct source_event *link_events_push(struct link_events *events, enum source_event_kind kind);

/** @return false when there is none */
bool link_events_pop(struct link_events *events, struct source_event *event);

/**
 * Answer the command under way.
 * @return the answer, for findings; NULL: there is none under way
 */
struct source_answer *link_events_answer(struct link_events *events, enum thenar_status status,
                                         double value, const char *text);

/** Say once why there are no frames; the same reason is not said again. */
void link_events_lost(struct link_events *events, const struct thenar_error *reason);

/** The device can be used: say that it returned, if it was lost, and what it is. */
void link_events_described(struct link_events *events,
                           const struct source_description *description);

#endif
