/* SPDX-License-Identifier: MIT */
/* topic.h - names on the feed: `kind.station.device` (FEED.md, "Topics")
 *
 * A topic is subscribed with its closing dot (`metrics.s1.`), so that s12 does not match; for one
 * device, subscribe to `metrics.s1.pad` and compare what arrives. */
#ifndef THENAR_TOPIC_H
#define THENAR_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

enum {
    THENAR_TOPIC_NAME_BYTES = 32, /* a station's or device's name with its closing zero */
    THENAR_TOPIC_BYTES = 80,      /* a whole topic with its closing zero */
    THENAR_FEED_PORT = 9872,
    THENAR_CONTROL_PORT = 9873
};
#define THENAR_FEED_ADDRESS "tcp://127.0.0.1:9872"
#define THENAR_CONTROL_ADDRESS "tcp://127.0.0.1:9873"

enum thenar_topic_kind {
    THENAR_TOPIC_METRICS, /* what the array feels now, in a few numbers */
    THENAR_TOPIC_CONTACT, /* one contact */
    THENAR_TOPIC_STROKE,  /* one cycle of hand movement that ended */
    THENAR_TOPIC_EPISODE, /* a run of one technique that ended */
    THENAR_TOPIC_CUE,     /* what the coach says */
    THENAR_TOPIC_FRAME,   /* the pressure matrix */
    THENAR_TOPIC_STATUS,  /* the state of a device, each second */
    THENAR_TOPIC_SESSION, /* what is recorded of a device, each second while a session goes on */
    THENAR_TOPIC_GAP,     /* frames were lost */
    THENAR_TOPIC_MOTION,  /* one reading of a device's motion sensor */
    THENAR_TOPIC_PLAN,    /* the plan in force: its step and score, each second */
    THENAR_TOPIC_COMFORT, /* the receiver said how it feels */
    THENAR_N_TOPIC_KINDS
};

struct thenar_topic {
    enum thenar_topic_kind kind;
    char station[THENAR_TOPIC_NAME_BYTES];
    char device[THENAR_TOPIC_NAME_BYTES];
};

/** "metrics", "contact", ...; NULL when `kind` is none of them. */
const char *thenar_topic_kind_name(enum thenar_topic_kind kind);

/** True for 1 to 31 of [a-z0-9_-]: what stations and devices may be called. NULL is false. */
bool thenar_name_is_valid(const char *name);

/**
 * Write `kind.station.device`.
 *
 * @param text    [n_space] out: with a closing zero; THENAR_TOPIC_BYTES is always enough
 * @param n_text  out: octets without the zero; 0 unless THENAR_OK; NULL is allowed
 * @return THENAR_OK; THENAR_ERR_ARGUMENT a name or the kind is not allowed; THENAR_ERR_SPACE
 * Context: any thread; allocates nothing
 */
THENAR_NODISCARD enum thenar_status thenar_topic_encode(enum thenar_topic_kind kind,
                                                        const char *station, const char *device,
                                                        char *text, size_t n_space, size_t *n_text);

/**
 * Read `kind.station.device`.
 *
 * @param text   [n_text] as received, no closing zero needed
 * @param topic  out: written when THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SYNTAX not three parts, or a name that is not allowed;
 *         THENAR_ERR_TYPE a kind that this end does not know
 * Context: any thread; allocates nothing
 */
THENAR_NODISCARD enum thenar_status thenar_topic_decode(const char *text, size_t n_text,
                                                        struct thenar_topic *topic);

/* What a subscriber wants: whole parts only, never half a name. */
struct thenar_topic_filter {
    char
        prefix[THENAR_TOPIC_BYTES]; /* for ZeroMQ: "", "metrics.", "metrics.s1." or a whole topic */
    size_t n_prefix;
    bool exact; /* a whole topic: compare what arrives, the prefix lets longer names through */
};

/**
 * Read what a person asks for: nothing (all), `metrics`, `metrics.s1` or `metrics.s1.pad`, each
 * with or without a closing dot.
 *
 * @return THENAR_OK; THENAR_ERR_SYNTAX; THENAR_ERR_TYPE an unknown kind
 */
THENAR_NODISCARD enum thenar_status thenar_topic_filter_decode(const char *text,
                                                               struct thenar_topic_filter *filter);

/** True when a received topic is among what the filter asks for. */
bool thenar_topic_filter_matches(const struct thenar_topic_filter *filter, const char *topic,
                                 size_t n_topic);

#endif
