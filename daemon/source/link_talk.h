/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_talk.h - the host's side of the conversation with a device (LINK.md)
 *
 *     closed -> stopping -> (rating | testing | leaving) -> describing -> starting -> streaming
 *
 * Each phase sends a command and awaits its reply by a deadline; a silent device is asked three
 * times, then the link is opened anew. What there is to tell goes into `events`.
 * Context: one thread; sends through the transport, reads nothing */
#ifndef LINK_TALK_H
#define LINK_TALK_H

#include "link/hello.h"
#include "link/message.h"
#include "link_events.h"
#include "link_source.h"

/* How far the conversation has come. Between STOPPING and STARTING, one command awaits its reply.
 */
enum link_phase {
    PHASE_CLOSED, /* not open; again at the deadline */
    PHASE_STOPPING,
    PHASE_RATING,
    PHASE_TESTING,
    PHASE_LEAVING, /* to its boot loader */
    PHASE_DESCRIBING,
    PHASE_STARTING,
    PHASE_STREAMING
};

struct link_talk {
    struct transport *transport;
    struct link_source_times times;
    struct link_events events;

    enum link_phase phase;
    int64_t deadline_ns; /* then the command is repeated, the link given up, or opened again */
    int pause_ms;        /* before the next opening */
    int n_tries;
    uint16_t first_request, last_request; /* of the command in this phase, with its repetitions */

    /* What it said of itself; link_messages.c fills it in. */
    bool has_hello;
    struct thenar_hello hello;
    uint8_t paged[THENAR_MAX_TAXELS / 8]; /* bit a taxel: its page has come */
    struct source_description description;
    unsigned n_strange_frames; /* in a row, that do not fit the array */
    bool start_is_due;         /* described, and the one who asked may prepare before frames come */

    uint32_t wanted_rate_mhz; /* 0: leave the device's own; set anew when it comes back */
    uint16_t identify_request;
};

/** @param times copied; NULL: the usual */
void link_talk_init(struct link_talk *talk, struct transport *transport,
                    const struct link_source_times *times);

/** Tell a streaming device to stop, and free all, the transport too. */
void link_talk_finish(struct link_talk *talk);

/** The deadline has come. @return true: the link was opened; what was read before counts no more */
bool link_talk_on_deadline(struct link_talk *talk);

/** Octets have come. */
void link_talk_heard(struct link_talk *talk, int64_t now_ns);

/** Start the stream, if that is what comes next: whoever was told of DESCRIBED has come back. */
void link_talk_start_if_due(struct link_talk *talk);

/** Frames have come: the reply to START was damaged on the way. */
void link_talk_has_started(struct link_talk *talk);

void link_talk_on_reply(struct link_talk *talk, const struct thenar_reply *reply);

/** The device is there, but what it streams, or that it streams, is no longer what we agreed. */
void link_talk_begin_again(struct link_talk *talk, const char *why);

/** The link cannot be used now; it is opened again after a pause. */
void link_talk_give_up(struct link_talk *talk, const struct thenar_error *reason);

/** What source_command says. */
enum thenar_status link_talk_command(struct link_talk *talk, const struct source_command *wanted);

#endif
