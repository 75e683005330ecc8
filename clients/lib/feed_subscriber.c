/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "curve_client.h"
#include "loss_count.h"
#include "thenar.h"

enum {
    N_PARTS = 4,
    RECEIVE_QUEUE = 10000 /* messages: two seconds of a full class; beyond it, ours are lost */
};

struct thenar_feed {
    void *own_context; /* NULL when the caller's is used */
    void *socket;
    struct thenar_topic_filter *filters; /* [n_filters] */
    size_t n_filters;
    zmq_msg_t part[N_PARTS]; /* of the last message; the matrix is used in place */
    float *matrix;           /* [n_matrix_space] where the part is not aligned, or not our order */
    size_t n_matrix_space;
    char *json; /* [n_json_space] */
    size_t n_json_space;
    char name[THENAR_TOPIC_BYTES];
    struct loss_count losses;
    uint64_t n_messages, n_bad;
};

static enum thenar_status os_fail(struct thenar_error *error, const char *what, const char *address)
{
    int reason = errno;
    bool mistaken = reason == EINVAL || reason == EPROTONOSUPPORT || reason == ENOCOMPATPROTO ||
                    reason == ENODEV;
    return thenar_fail(error, mistaken ? THENAR_ERR_ARGUMENT : THENAR_ERR_OS, "%s '%s': %s%s", what,
                       address, zmq_strerror(reason),
                       mistaken ? "; addresses look like tcp://127.0.0.1:9872 or ipc:///path" : "");
}

static enum thenar_status read_topics(struct thenar_feed *feed, const char *const *topics,
                                      size_t n_topics, struct thenar_error *error)
{
    feed->n_filters = n_topics ? n_topics : 1;
    feed->filters = calloc(feed->n_filters, sizeof *feed->filters);
    if (!feed->filters)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n_topics; i++) {
        enum thenar_status status = thenar_topic_filter_decode(topics[i], &feed->filters[i]);
        if (status == THENAR_ERR_TYPE)
            return thenar_fail(error, status,
                               "topic '%s': there are metrics, contact, stroke, episode, cue, "
                               "frame, status, session, gap and motion",
                               topics[i]);
        if (status != THENAR_OK)
            return thenar_fail(error, status,
                               "topic '%s': write kind, kind.station or kind.station.device",
                               topics[i]);
    }
    return THENAR_OK;
}

static enum thenar_status subscribe(struct thenar_feed *feed, const char *address,
                                    struct thenar_error *error)
{
    const int queue = RECEIVE_QUEUE, linger = 0, back_off_ms = 2000;
    (void)zmq_setsockopt(feed->socket, ZMQ_RCVHWM, &queue, sizeof queue);
    (void)zmq_setsockopt(feed->socket, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(feed->socket, ZMQ_RECONNECT_IVL_MAX, &back_off_ms, sizeof back_off_ms);
    for (size_t i = 0; i < feed->n_filters; i++)
        if (zmq_setsockopt(feed->socket, ZMQ_SUBSCRIBE, feed->filters[i].prefix,
                           feed->filters[i].n_prefix) != 0)
            return os_fail(error, "cannot subscribe to", feed->filters[i].prefix);
    enum thenar_status status = curve_client_prepare(feed->socket, address, error);
    if (status != THENAR_OK)
        return status;
    if (zmq_connect(feed->socket, address) != 0)
        return os_fail(error, "cannot connect to the feed", address);
    return THENAR_OK;
}

enum thenar_status thenar_feed_open_in(struct thenar_feed **out, void *zmq_context,
                                       const char *address, const char *const *topics,
                                       size_t n_topics, struct thenar_error *error)
{
    *out = NULL;
    struct thenar_feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < N_PARTS; i++)
        (void)zmq_msg_init(&feed->part[i]);
    enum thenar_status status = read_topics(feed, topics, n_topics, error);
    if (status != THENAR_OK)
        goto fail;
    if (!zmq_context)
        zmq_context = feed->own_context = zmq_ctx_new();
    feed->socket = zmq_context ? zmq_socket(zmq_context, ZMQ_SUB) : NULL;
    if (!feed->socket) {
        status = os_fail(error, "cannot make a socket for", address ? address : "the feed");
        goto fail;
    }
    status = subscribe(feed, address ? address : THENAR_FEED_ADDRESS, error);
    if (status != THENAR_OK)
        goto fail;
    *out = feed;
    return THENAR_OK;
fail:
    thenar_feed_close(feed);
    return status;
}

enum thenar_status thenar_feed_open(struct thenar_feed **out, const char *address,
                                    const char *const *topics, size_t n_topics,
                                    struct thenar_error *error)
{
    return thenar_feed_open_in(out, NULL, address, topics, n_topics, error);
}

void thenar_feed_close(struct thenar_feed *feed)
{
    if (!feed)
        return;
    for (size_t i = 0; i < N_PARTS; i++)
        (void)zmq_msg_close(&feed->part[i]);
    if (feed->socket)
        (void)zmq_close(feed->socket);
    if (feed->own_context)
        (void)zmq_ctx_term(feed->own_context);
    loss_count_finish(&feed->losses);
    free(feed->filters);
    free(feed->matrix);
    free(feed->json);
    free(feed);
}

/* All parts of one message; those beyond the fourth are passed over. n_parts 0: none is there. */
static enum thenar_status receive(struct thenar_feed *feed, size_t *n_parts,
                                  struct thenar_error *error)
{
    *n_parts = 0;
    for (int more = 1; more;) {
        zmq_msg_t spare;
        zmq_msg_t *part = *n_parts < N_PARTS ? &feed->part[*n_parts] : &spare;
        if (part == &spare)
            (void)zmq_msg_init(&spare);
        int result;
        do /* later parts are there as soon as the first is */
            result = zmq_msg_recv(part, feed->socket, ZMQ_DONTWAIT);
        while (result < 0 && errno == EINTR);
        if (result < 0 && errno == EAGAIN && *n_parts == 0)
            return THENAR_OK;
        if (result < 0)
            return thenar_fail(error, THENAR_ERR_OS, "receiving from the feed: %s",
                               zmq_strerror(errno));
        more = zmq_msg_more(part);
        if (part == &spare)
            (void)zmq_msg_close(&spare);
        ++*n_parts;
    }
    return THENAR_OK;
}

static bool is_wanted(const struct thenar_feed *feed, const char *topic, size_t n_topic)
{
    for (size_t i = 0; i < feed->n_filters; i++)
        if (thenar_topic_filter_matches(&feed->filters[i], topic, n_topic))
            return true;
    return false;
}

/* A buffer of at least `n_bytes`; the old one stays valid on failure. */
static bool make_space(void *buffer, size_t *n_space, size_t n_wanted, size_t n_bytes_each)
{
    void **at = buffer;
    if (n_wanted <= *n_space)
        return true;
    void *grown = realloc(*at, n_wanted * n_bytes_each);
    if (!grown)
        return false;
    *at = grown;
    *n_space = n_wanted;
    return true;
}

static bool keep_json(struct thenar_feed *feed, struct thenar_feed_message *message)
{
    size_t n_json = zmq_msg_size(&feed->part[1]);
    if (!make_space(&feed->json, &feed->n_json_space, n_json + 1, 1))
        return false;
    memcpy(feed->json, zmq_msg_data(&feed->part[1]), n_json);
    feed->json[n_json] = '\0';
    message->json = feed->json;
    message->n_json = n_json;
    return true;
}

static bool keep_matrix(struct thenar_feed *feed, struct thenar_feed_message *message)
{
    const struct thenar_feed_frame *frame = &message->payload.frame;
    size_t n = (size_t)frame->n_rows * frame->n_cols;
    if (frame->n_rows > UINT16_MAX || frame->n_cols > UINT16_MAX ||
        zmq_msg_size(&feed->part[3]) != 4 * n ||
        !make_space(&feed->matrix, &feed->n_matrix_space, n, sizeof(float)))
        return false;
    const uint8_t *bytes = zmq_msg_data(&feed->part[3]);
    for (size_t i = 0; i < n; i++, bytes += 4) {
        uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                        (uint32_t)bytes[3] << 24;
        memcpy(&feed->matrix[i], &bits, sizeof bits);
    }
    message->matrix = feed->matrix;
    message->n_matrix = n;
    return true;
}

/* The parts that were received as a message; false when it is none. */
static bool read_message(struct thenar_feed *feed, size_t n_parts,
                         struct thenar_feed_message *message)
{
    const char *name = zmq_msg_data(&feed->part[0]);
    size_t n_name = zmq_msg_size(&feed->part[0]);
    memset(message, 0, sizeof *message);
    if (n_parts < 3 || n_name >= sizeof feed->name ||
        thenar_topic_decode(name, n_name, &message->topic) != THENAR_OK ||
        thenar_time_decode(zmq_msg_data(&feed->part[2]), zmq_msg_size(&feed->part[2]),
                           &message->time_s) != THENAR_OK ||
        !keep_json(feed, message))
        return false;
    memcpy(feed->name, name, n_name);
    feed->name[n_name] = '\0';
    message->name = feed->name;
    enum thenar_topic_kind kind = message->topic.kind;
    if (!thenar_payload_record(kind))
        return true;
    if (thenar_payload_decode(kind, message->json, message->n_json, &message->payload, NULL) !=
        THENAR_OK)
        return false;
    if (kind == THENAR_TOPIC_FRAME && (n_parts < 4 || !keep_matrix(feed, message)))
        return false;
    return loss_count_execute(&feed->losses, name, n_name, message->payload.stamp.seq,
                              &message->n_missed) == THENAR_OK;
}

enum thenar_status thenar_feed_next(struct thenar_feed *feed, int timeout_ms,
                                    struct thenar_feed_message *message, struct thenar_error *error)
{
    for (bool waited = false;;) {
        size_t n_parts;
        enum thenar_status status = receive(feed, &n_parts, error);
        if (status != THENAR_OK)
            return status;
        if (n_parts > 0) {
            if (!is_wanted(feed, zmq_msg_data(&feed->part[0]), zmq_msg_size(&feed->part[0])))
                continue; /* a longer name that begins like one of ours */
            if (read_message(feed, n_parts, message)) {
                feed->n_messages++;
                return THENAR_OK;
            }
            feed->n_bad++;
            continue;
        }
        if (timeout_ms == 0 || (waited && timeout_ms > 0))
            return THENAR_PENDING;
        zmq_pollitem_t item = {.socket = feed->socket, .events = ZMQ_POLLIN};
        if (zmq_poll(&item, 1, timeout_ms) < 0)
            return errno == EINTR ? THENAR_PENDING
                                  : thenar_fail(error, THENAR_ERR_OS, "waiting for the feed: %s",
                                                zmq_strerror(errno));
        waited = true;
    }
}

struct thenar_feed_counts thenar_feed_counts(const struct thenar_feed *feed)
{
    return (struct thenar_feed_counts){
        .n_messages = feed->n_messages,
        .n_missed = feed->losses.n_missed,
        .n_bad = feed->n_bad,
        .n_restarts = feed->losses.n_restarts,
    };
}
