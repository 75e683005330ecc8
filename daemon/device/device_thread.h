/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_thread.h - one device, one thread: it sleeps in the source, and hands on what comes
 *
 *     source --> device_array (what it is) --------.
 *            --> device_frames (clock, pipeline) ---+--> device_outbox --> publisher
 *            --> device_report (its condition) -----+
 *                                                    '--> device_tape --> recorder
 *     control server <--> device_letters
 *
 * After the device described itself, nothing is allocated, locked or logged a frame. */
#ifndef DEVICE_THREAD_H
#define DEVICE_THREAD_H

#include "device_letters.h"
#include "error.h"
#include "ring.h"
#include "waker.h"

struct device_thread_options {
    const char *name; /* borrowed for the device's life, like uri */
    const char *uri;
    float gate_kpa;                      /* NaN: from the noise of the array itself */
    const char *calibrations;            /* folder, borrowed; NULL or "": none are looked for */
    const struct classifier *classifier; /* borrowed; NULL: the one that ships */
    struct waker *published;             /* woken when a record is in the ring */
    struct waker *answered;              /* woken when an answer is there */
};

struct device_thread;

/**
 * Open the source; no thread yet.
 * @return THENAR_OK; what source_open says; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status device_thread_create(
    struct device_thread **out, const struct device_thread_options *options,
    struct thenar_error *error);

/** Start its thread. @return THENAR_OK; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status device_thread_start(struct device_thread *device,
                                                        struct thenar_error *error);

/** Ask the thread to end: it says what was still going on, and closes the source. Returns at once.
 */
void device_thread_stop(struct device_thread *device);

/** Wait for the thread, free all; the ring must be drained before. NULL is allowed. */
void device_thread_join(struct device_thread *device);
void device_thread_destroy(struct device_thread *device);

/** The ring of struct device_record; its consumer is the publisher. */
struct ring *device_thread_ring(struct device_thread *device);

/** The ring of struct tape_record; its consumer is the recorder. */
struct ring *device_thread_tape(struct device_thread *device);

/** @return false when too many commands wait. Context: one thread, the control server's */
THENAR_NODISCARD bool device_thread_command(struct device_thread *device,
                                            const struct device_command *command);

/** The oldest answer. @return false when there is none. Context: as device_thread_command */
THENAR_NODISCARD bool device_thread_answer(struct device_thread *device,
                                           struct device_answer *answer);

#endif
