/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publisher.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <zmq.h>

enum {
    HIGH_WATER = 1000,
    HIGH_WATER_A_DEVICE = 250,
    LINGER_MS = 200, /* for what a healthy subscriber has not taken yet when we end */
    BURST = 16,      /* records of one device before the next has its turn */
    STACK_BYTES = 256 * 1024
};

struct publisher {
    void *socket;
    char address[256];
    struct waker *published;
    struct publisher_device *devices;
    struct feed_topics *topics; /* [n_most] */
    atomic_size_t n_devices;    /* grows only */
    char station[THENAR_TOPIC_NAME_BYTES];
    pthread_t thread;
    bool has_thread;
    atomic_bool is_stopping;
    pthread_mutex_t lock;              /* of the two below */
    struct thenar_feed_status *states; /* [n_most] */
    struct publisher_counts counts;
};

static size_t count_devices(struct publisher *publisher)
{
    return atomic_load_explicit(&publisher->n_devices, memory_order_acquire);
}

static void keep_state(struct publisher *publisher, size_t device)
{
    struct publisher_counts counts = {0, 0};
    for (size_t i = 0, n = count_devices(publisher); i < n; i++) {
        counts.n_messages += publisher->topics[i].n_messages;
        counts.n_failed += publisher->topics[i].n_failed;
    }
    pthread_mutex_lock(&publisher->lock);
    publisher->states[device] = publisher->topics[device].state;
    publisher->counts = counts;
    pthread_mutex_unlock(&publisher->lock);
}

/* State, like status: each second while there is something to say. */
static void say_session(struct publisher *publisher, size_t device)
{
    const struct publisher_device *from = &publisher->devices[device];
    struct thenar_feed_session session;
    if (from->recorder && recorder_device_state(from->recorder, from->index, &session))
        feed_topics_publish_session(&publisher->topics[device], &session);
}

/* Returns whether there was anything to do. */
static bool drain(struct publisher *publisher)
{
    bool any = false;
    for (size_t i = 0, n = count_devices(publisher); i < n; i++) {
        struct ring *ring = publisher->devices[i].ring;
        const struct device_record *record;
        for (int k = 0; k < BURST && (record = ring_peek(ring)); k++) {
            bool is_state = feed_topics_publish(&publisher->topics[i], record);
            ring_release(ring);
            if (is_state) {
                keep_state(publisher, i);
                say_session(publisher, i);
            }
            any = true;
        }
    }
    return any;
}

static bool is_idle(struct publisher *publisher)
{
    for (size_t i = 0, n = count_devices(publisher); i < n; i++)
        if (ring_peek(publisher->devices[i].ring))
            return false;
    return true;
}

static void *run(void *argument)
{
    struct publisher *publisher = argument;
    (void)prctl(PR_SET_NAME, "publisher");
    for (;;) {
        bool is_last = atomic_load_explicit(&publisher->is_stopping, memory_order_acquire);
        if (drain(publisher))
            continue;
        if (is_last)
            return NULL;
        waker_prepare(publisher->published);
        if (is_idle(publisher) && !atomic_load(&publisher->is_stopping)) {
            struct pollfd fd = {.fd = publisher->published->fd, .events = POLLIN};
            (void)poll(&fd, 1, -1);
        }
        waker_finish_sleep(publisher->published);
    }
}

static enum thenar_status open_socket(struct publisher *publisher, void *context,
                                      const struct feed_place *place, size_t n_devices,
                                      struct thenar_error *error)
{
    int n_more = n_devices > 1 ? (int)n_devices - 1 : 0;
    int high_water = HIGH_WATER + HIGH_WATER_A_DEVICE * n_more;
    int linger_ms = LINGER_MS;
    publisher->socket = zmq_socket(context, ZMQ_PUB);
    if (!publisher->socket)
        return thenar_fail(error, THENAR_ERR_OS, "feed: %s", zmq_strerror(errno));
    (void)zmq_setsockopt(publisher->socket, ZMQ_SNDHWM, &high_water, sizeof high_water);
    (void)zmq_setsockopt(publisher->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    return feed_address_bind(publisher->socket, "feed", place, publisher->address,
                             sizeof publisher->address, error);
}

enum thenar_status publisher_create(struct publisher **out, void *context,
                                    const struct feed_place *place, const char *station,
                                    struct waker *published, struct publisher_device *devices,
                                    size_t n_devices, size_t n_most, struct thenar_error *error)
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    if (!publisher)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the feed");
    pthread_mutex_init(&publisher->lock, NULL);
    atomic_init(&publisher->is_stopping, false);
    publisher->published = published;
    publisher->devices = devices;
    atomic_init(&publisher->n_devices, 0);
    (void)snprintf(publisher->station, sizeof publisher->station, "%s", station);
    publisher->topics = calloc(n_most, sizeof *publisher->topics);
    publisher->states = calloc(n_most, sizeof *publisher->states);
    if (!publisher->topics || !publisher->states) {
        publisher_destroy(publisher);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the feed");
    }
    enum thenar_status status = open_socket(publisher, context, place, n_devices, error);
    if (status != THENAR_OK) {
        publisher_destroy(publisher);
        return status;
    }
    for (size_t i = 0; i < n_devices; i++)
        publisher_add_device(publisher);
    *out = publisher;
    return THENAR_OK;
}

void publisher_add_device(struct publisher *publisher)
{
    size_t at = count_devices(publisher);
    struct publisher_device *device = &publisher->devices[at];
    feed_topics_init(&publisher->topics[at], publisher->socket, publisher->station, device->name,
                     device->uri, &device->rates, moment_monotonic_ns());
    pthread_mutex_lock(&publisher->lock);
    publisher->states[at] = publisher->topics[at].state;
    pthread_mutex_unlock(&publisher->lock);
    atomic_store_explicit(&publisher->n_devices, at + 1, memory_order_release);
}

const char *publisher_address(const struct publisher *publisher)
{
    return publisher->address;
}

enum thenar_status publisher_start(struct publisher *publisher, struct thenar_error *error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failure = pthread_create(&publisher->thread, &attributes, run, publisher);
    pthread_attr_destroy(&attributes);
    if (failure)
        return thenar_fail(error, THENAR_ERR_OS, "cannot start the publisher: %s",
                           strerror(failure));
    publisher->has_thread = true;
    return THENAR_OK;
}

void publisher_stop(struct publisher *publisher)
{
    if (!publisher->has_thread)
        return;
    atomic_store(&publisher->is_stopping, true);
    waker_wake(publisher->published);
    (void)pthread_join(publisher->thread, NULL);
    publisher->has_thread = false;
}

void publisher_destroy(struct publisher *publisher)
{
    if (!publisher)
        return;
    publisher_stop(publisher);
    feed_address_remove(publisher->address);
    if (publisher->socket)
        zmq_close(publisher->socket);
    pthread_mutex_destroy(&publisher->lock);
    free(publisher->topics);
    free(publisher->states);
    free(publisher);
}

void publisher_states(struct publisher *publisher, struct thenar_feed_status *states,
                      struct publisher_counts *counts)
{
    pthread_mutex_lock(&publisher->lock);
    memcpy(states, publisher->states, count_devices(publisher) * sizeof *states);
    *counts = publisher->counts;
    pthread_mutex_unlock(&publisher->lock);
}
