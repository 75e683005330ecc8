/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hub.h - what the gateway knows of all stations: the newest of each kind, and the last events
 *
 * Fed with the feed's messages, read by viewers. No socket, no browser, no clock: each change gets
 * a number of its own, and a viewer that remembers a number knows whether it has seen the thing.
 * Newest wins; nothing waits in a queue but a short history of events.
 *
 * Context: one thread, the gateway's. */
#ifndef HUB_H
#define HUB_H

#include "thenar.h"

enum { HUB_DEVICES_MAX = 512, HUB_EVENTS = 64 };

struct hub_text {
    char *text; /* [n_bytes] JSON as it came, closed by a zero; NULL before the first */
    size_t n_bytes;
    size_t n_space;
    uint64_t version; /* 0: never */
};

/* A stroke, an episode, a cue, a word of the receiver's, or a gap. */
struct hub_event {
    enum thenar_topic_kind kind;
    struct hub_text payload;
};

struct hub_map {
    struct thenar_feed_frame frame;
    float *matrix; /* [n_rows * n_cols] NaN where there is no taxel, or a dead one */
    size_t n_matrix;
    uint64_t version; /* 0: never */
};

struct hub_device {
    char station[THENAR_TOPIC_NAME_BYTES], name[THENAR_TOPIC_NAME_BYTES];
    unsigned daemon; /* which one it belongs to, as hub_take was told */
    struct hub_text newest[THENAR_N_TOPIC_KINDS]; /* of the kinds that are state */
    struct hub_map map;
    struct hub_event events[HUB_EVENTS]; /* a ring: the newest is (n_events - 1) % HUB_EVENTS */
    uint64_t n_events;                   /* ever */
    struct thenar_feed_status status;    /* decoded, for pages of the gateway's own */
    struct thenar_feed_metrics metrics;  /* likewise */
};

struct hub {
    struct hub_device *devices[HUB_DEVICES_MAX]; /* [n_devices] in the order of their coming */
    size_t n_devices;
    uint64_t version;              /* of the last change */
    uint64_t n_messages, n_unheld; /* unheld: devices beyond HUB_DEVICES_MAX */
};

/** A hub of zeros is empty; finish frees what it grew. */
void hub_finish(struct hub *hub);

/**
 * Take a message in.
 * @param daemon  the number of the daemon that sent it
 * @return THENAR_OK; THENAR_ERR_MEMORY: the message is dropped, the hub stays as it was
 */
THENAR_NODISCARD enum thenar_status hub_take(struct hub *hub, unsigned daemon,
                                             const struct thenar_feed_message *message);

/** Strokes, episodes, cues, comfort and gaps: they happen once. The other kinds are state. */
bool hub_is_event(enum thenar_topic_kind kind);

/** The device of that name; NULL when nobody spoke of it yet. */
const struct hub_device *hub_find(const struct hub *hub, const char *station, const char *name);

/** The first device of a station; NULL when nobody spoke of it yet. */
const struct hub_device *hub_find_station(const struct hub *hub, const char *station);

#endif
