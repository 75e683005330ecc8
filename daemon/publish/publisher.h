/* SPDX-License-Identifier: GPL-3.0-or-later */
/* publisher.h - the thread that turns records of all devices into messages on one PUB socket
 *
 * The high-water mark is 1000 messages a subscriber and 250 more for each device after the first:
 * about four seconds of everything that a table says. A subscriber that is slower than that loses
 * its own messages, sees it by `seq`, and holds nobody else up.
 *
 * The last status of each device is kept for the control server. */
#ifndef PUBLISHER_H
#define PUBLISHER_H

#include "device/device_thread.h"
#include "feed_address.h"
#include "feed_topics.h"
#include "recorder.h"

struct publisher_device {
    const char *name, *uri; /* borrowed */
    struct ring *ring;      /* borrowed */
    struct feed_rates rates;
    struct recorder *recorder; /* borrowed */
    size_t index;              /* of this device there */
};

struct publisher;

/**
 * Bind the feed.
 * @param context   of ZeroMQ, borrowed
 * @param place     its address was checked before
 * @param published the waker that the rings were made with; borrowed
 * @param devices   [n_most] borrowed; the first n_devices are filled in
 * @return THENAR_OK; THENAR_ERR_BUSY, THENAR_ERR_OS the address; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status publisher_create(struct publisher **out, void *context,
                                                     const struct feed_place *place,
                                                     const char *station, struct waker *published,
                                                     struct publisher_device *devices,
                                                     size_t n_devices, size_t n_most,
                                                     struct thenar_error *error);

/** devices[n_devices] has been filled in: publish it too. Context: one thread, not the publisher's
 */
void publisher_add_device(struct publisher *publisher);

/** The address in force ("tcp://127.0.0.1:40001" when port * was asked for); borrowed. */
const char *publisher_address(const struct publisher *publisher);

THENAR_NODISCARD enum thenar_status publisher_start(struct publisher *publisher,
                                                    struct thenar_error *error);

/** Publish what is still in the rings, then end the thread. The devices must have ended. */
void publisher_stop(struct publisher *publisher);

/** Close the socket, after it had a moment to send; NULL is allowed. */
void publisher_destroy(struct publisher *publisher);

struct publisher_counts {
    uint64_t n_messages; /* handed to the socket */
    uint64_t n_failed;   /* that the socket, or the encoder, refused */
};

/**
 * Copy the last status of each device.
 * @param states  out: [n_most], of which the devices there are now are filled in
 * Context: any thread but the publisher's; takes a lock that the publisher takes once a second
 */
void publisher_states(struct publisher *publisher, struct thenar_feed_status *states,
                      struct publisher_counts *counts);

#endif
