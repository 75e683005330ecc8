/* SPDX-License-Identifier: MIT */
/* thenar.h - read the feed and talk to the daemon (FEED.md)
 *
 *     struct thenar_feed *feed;
 *     struct thenar_error error;
 *     const char *topics[] = {"metrics.s1.pad"};
 *     if (thenar_feed_open(&feed, NULL, topics, 1, &error) != THENAR_OK)
 *         die(error.text);
 *     struct thenar_feed_message message;
 *     while (thenar_feed_next(feed, 1000, &message, &error) >= THENAR_OK)
 *         ... message.payload.metrics.peak_kpa ...
 *     thenar_feed_close(feed);
 *
 * Daemons on other machines are reached by their keys, which are found in the folder of keys by the
 * host's name ('thenar keys', feed/key_folder.h): an address is all that a program says.
 *
 * Link with: pkg-config --cflags --libs thenar */
#ifndef THENAR_H
#define THENAR_H

#include "feed/control.h"
#include "feed/payload.h"
#include "feed/topic.h"

/* ---- the feed */

struct thenar_feed;

struct thenar_feed_message {
    struct thenar_topic topic;    /* kind, station, device */
    double time_s;                /* the message's third part, Unix seconds */
    union thenar_payload payload; /* the member that topic.kind names */
    const float *matrix;          /* frame: [n_rows * n_cols] row-major, NaN where there is no taxel
                                     or a dead one; borrowed until the next call; else NULL */
    size_t n_matrix;
    uint64_t n_missed; /* messages of this topic lost between the last one and this one */
    const char *json;  /* [n_json] the payload as it came, closed by a zero; borrowed likewise */
    size_t n_json;
    const char *name; /* the whole topic, closed by a zero; borrowed likewise */
};

struct thenar_feed_counts {
    uint64_t n_messages; /* given by thenar_feed_next */
    uint64_t n_missed;   /* lost on the way, by `seq` */
    uint64_t n_bad;      /* dropped: not a message by FEED.md */
    uint64_t n_restarts; /* topics whose `seq` began anew: the daemon was restarted */
};

/**
 * Subscribe. Connecting never waits: whether a daemon is there shows in what arrives.
 *
 * @param out       a feed, or NULL on failure
 * @param address   NULL: tcp://127.0.0.1:9872
 * @param topics    [n_topics] whole parts, with or without the closing dot: `metrics`,
 *                  `metrics.s1`, `metrics.s1.pad`; `metrics.s1` never matches s12
 * @param n_topics  0: everything
 * @param error     NULL is allowed
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_TYPE not such a topic; THENAR_ERR_ARGUMENT not
 *         an address, or another machine whose key is not known; THENAR_ERR_ABSENT,
 *         THENAR_ERR_DENIED, THENAR_ERR_VALUE this machine's own key; THENAR_ERR_OS;
 *         THENAR_ERR_MEMORY
 * Owner:   caller, thenar_feed_close
 * Context: one thread a feed
 */
THENAR_NODISCARD enum thenar_status thenar_feed_open(struct thenar_feed **out, const char *address,
                                                     const char *const *topics, size_t n_topics,
                                                     struct thenar_error *error);

/** The same within a ZeroMQ context of the caller's (inproc://, own threads); it must outlive. */
THENAR_NODISCARD enum thenar_status thenar_feed_open_in(struct thenar_feed **out, void *zmq_context,
                                                        const char *address,
                                                        const char *const *topics, size_t n_topics,
                                                        struct thenar_error *error);

/**
 * The next message of what was asked for. What is not a message by FEED.md is dropped and counted.
 *
 * @param timeout_ms  how long to wait; 0: not at all; negative: for ever
 * @param message     out: valid when THENAR_OK; what it borrows, until the next call
 * @return THENAR_OK; THENAR_PENDING nothing came in time, or a signal came; THENAR_ERR_OS
 * Context: the feed's thread; allocates (ZeroMQ, jansson)
 */
THENAR_NODISCARD enum thenar_status thenar_feed_next(struct thenar_feed *feed, int timeout_ms,
                                                     struct thenar_feed_message *message,
                                                     struct thenar_error *error);

/** What was counted since open. */
struct thenar_feed_counts thenar_feed_counts(const struct thenar_feed *feed);

/** NULL is allowed. */
void thenar_feed_close(struct thenar_feed *feed);

/* ---- control */

struct thenar_control;

/**
 * Get ready to send requests. Connecting never waits.
 *
 * @param address  NULL: tcp://127.0.0.1:9873
 * @return as thenar_feed_open
 * Owner:   caller, thenar_control_close
 * Context: one thread a control
 */
THENAR_NODISCARD enum thenar_status thenar_control_open(struct thenar_control **out,
                                                        const char *address,
                                                        struct thenar_error *error);

/** The same within a ZeroMQ context of the caller's. */
THENAR_NODISCARD enum thenar_status thenar_control_open_in(struct thenar_control **out,
                                                           void *zmq_context, const char *address,
                                                           struct thenar_error *error);

/**
 * Send one request and wait for its reply; a late reply to an earlier request is passed over.
 *
 * @param request     its id is set here
 * @param timeout_ms  how long to wait
 * @param json        out: the whole reply as it came, closed by a zero; borrowed until the next
 *                    call; NULL is allowed
 * @param error       out: on THENAR_ERR_DENIED the daemon's own sentence
 * @return THENAR_OK done; THENAR_ERR_DENIED the daemon refused; THENAR_ERR_TIMEOUT nobody answered;
 *         THENAR_ERR_VALUE the request lacks a field; THENAR_ERR_SYNTAX the answer is no reply;
 *         THENAR_ERR_OS
 * Context: the control's thread; allocates
 */
THENAR_NODISCARD enum thenar_status thenar_control_send(struct thenar_control *control,
                                                        struct thenar_control_request *request,
                                                        int timeout_ms, const char **json,
                                                        struct thenar_error *error);

/**
 * Read what the last reply held.
 *
 * @param reply, daemon, devices, n_space, n_devices  as thenar_control_reply_decode
 * @return THENAR_OK; THENAR_ERR_ABSENT there was none; as thenar_control_reply_decode
 */
THENAR_NODISCARD enum thenar_status thenar_control_reply(struct thenar_control *control,
                                                         struct thenar_control_reply *reply,
                                                         struct thenar_control_daemon *daemon,
                                                         struct thenar_feed_status *devices,
                                                         size_t n_space, size_t *n_devices,
                                                         struct thenar_error *error);

/** NULL is allowed. */
void thenar_control_close(struct thenar_control *control);

#endif
