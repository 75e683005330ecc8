/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recorder.h - the thread that writes session files, and the session that goes on
 *
 *     device threads --tapes--> recorder --> sessions/ID/pad.h5, left.h5, manifest.json
 *
 * Its own thread, behind one bounded ring a device (device_tape.h): a disk that is slow or full
 * never holds up what is live. Chunks are written when they are full (0.4 s), all is brought to the
 * disk about each second. When there is no room left the files stay valid and open, frames are
 * counted as lost at the disk, and writing goes on when there is room again. */
#ifndef RECORDER_H
#define RECORDER_H

#include "conf.h"
#include "feed/payload.h"
#include "ring.h"
#include "session/session_head.h"

struct recorder;

struct recorder_options {
    const struct conf *config; /* borrowed: station, folder, settings for the record */
    struct waker *changed;     /* woken when a file was opened or closed; borrowed */
    size_t n_most;             /* devices */
};

/** Nothing is opened yet. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status recorder_create(struct recorder **out,
                                                    const struct recorder_options *options,
                                                    struct thenar_error *error);
THENAR_NODISCARD enum thenar_status recorder_start_thread(struct recorder *recorder,
                                                          struct thenar_error *error);

/** Write what is on the tapes, close all files, end the thread. The devices must have ended. */
void recorder_stop_thread(struct recorder *recorder);
void recorder_destroy(struct recorder *recorder); /* NULL is allowed */

/** One more device. @param tape borrowed. Context: the main thread */
void recorder_add_device(struct recorder *recorder, const char *name, struct ring *tape);

/**
 * Begin a session: checks, its folder and its manifest are made here and now.
 * @param about      participant, operator, plan, note; the rest is filled in
 * @param plan_text  the file of that plan, goes into every file; NULL: none
 * @param wait_s     0: it counts at once. Else from the first touch on; files are written all the
 *                   same, and removed when it ends without one. For how long it is worth waiting
 * @return THENAR_OK: tell the devices to record; THENAR_ERR_BUSY one goes on; THENAR_ERR_VALUE a
 *         name that is no pseudonym; THENAR_ERR_ABSENT no folder is set; THENAR_ERR_SPACE;
 *         THENAR_ERR_UNSUPPORTED a network share; THENAR_ERR_DENIED, THENAR_ERR_OS
 * Context: the main thread
 */
THENAR_NODISCARD enum thenar_status recorder_begin(struct recorder *recorder,
                                                   struct session_about *about,
                                                   const char *plan_text, double wait_s,
                                                   struct thenar_error *error);

/** The devices were told to end: when their files are closed, the session is. Context: as above */
void recorder_end(struct recorder *recorder);

/** Of all sessions, as configured; "": none. Borrowed. */
const char *recorder_folder(const struct recorder *recorder);

/* The session as a whole. */
struct recorder_state {
    bool is_recording; /* one goes on, or is being closed */
    bool is_ending;
    bool is_overdue; /* nobody touched for as long as was to be waited: it should be ended */
    char id[SESSION_ID_BYTES]; /* of this one, or of the last; "" */
    char folder[CONF_TEXT_BYTES];
    char state[THENAR_WORD_BYTES];    /* idle, armed, recording, full, failed, closed,
                                         dropped */
    char reason[THENAR_REASON_BYTES]; /* what is wrong and what to do */
    struct session_about about;
    double length_s; /* since it was begun, or first touched; 0 while it is armed */
    unsigned n_files_begun, n_files_open, n_files_failed;
    uint64_t n_frames, n_lost, n_lost_disk, n_gaps, size_bytes, free_bytes;
};

/** Context: any thread; takes a lock that is held for moments, and never while a disk is waited for
 */
void recorder_state(struct recorder *recorder, struct recorder_state *state);

/**
 * What the feed says of one device's part.
 * @param session  out: without its stamp
 * @return false: nothing is to be said
 */
bool recorder_device_state(struct recorder *recorder, size_t device,
                           struct thenar_feed_session *session);

#endif
