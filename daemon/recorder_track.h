/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recorder_track.h - one device's tape, and the file that is written from it
 *
 * Context: the recorder's thread; the counts are copied out under its lock. */
#ifndef RECORDER_TRACK_H
#define RECORDER_TRACK_H

#include "device/tape_record.h"
#include "feed/payload.h"
#include "moment.h"
#include "ring.h"
#include "session/session_file.h"
#include "session/session_manifest.h"

enum track_state { TRACK_IDLE, TRACK_RECORDING, TRACK_FULL, TRACK_FAILED };

/* What a session has of one device, over all its files. */
struct recorder_totals {
    uint64_t n_frames, lost_device, lost_link, lost_host, lost_disk, n_gaps, size_bytes;
};

struct recorder_track {
    const char *device;
    struct ring *tape;
    enum track_state state;
    struct session_file *file;
    char session[SESSION_ID_BYTES];       /* which all below is of; "": none yet */
    bool has_part;                        /* one is begun and not ended, with a file or without */
    struct session_manifest_device entry; /* what the manifest will say of that part */
    struct recorder_totals ended;         /* of the parts before it */
    char path[4096 + SESSION_FILE_NAME_BYTES];
    char reason[THENAR_REASON_BYTES];
    double rate_hz;
    bool has_unflushed, has_unsynced;
    unsigned n_chunks;                                 /* since the file began */
    int64_t frame_ns, flushed_ns, synced_ns, tried_ns; /* when, last */
    struct session_gap_row hole; /* frames that the disk had no room for, not yet told */
    struct session_frame_row last;
    bool has_last;
    unsigned n_free, n_held;    /* frames in a row without a hand, and with one */
    bool was_free, was_touched; /* since the file began: no hand was on it; one came after that */
};

/* What goes into every file of a session; borrowed. */
struct recorder_papers {
    const struct session_about *about;
    const struct session_setting_row *settings; /* [n_settings] the configuration */
    size_t n_settings;
    const struct session_documents *documents; /* the plan that was named at its start */
};

/* What a step led to. */
enum track_news { TRACK_NOTHING, TRACK_BEGUN, TRACK_ENDED, TRACK_TROUBLE };

/**
 * Take one record from the tape, if there is one.
 * @param folder    of the session; NULL: there is none, and files are refused
 * @param papers    go into new files
 * @param news      out
 * @return false: the tape is empty
 */
bool recorder_track_step(struct recorder_track *track, const char *folder,
                         const struct recorder_papers *papers, enum track_news *news);

/** Write down that the session counts from here. */
enum track_news recorder_track_mark_touch(struct recorder_track *track);

/**
 * What time asks for: flush, sync, look for room.
 * @return TRACK_TROUBLE when its state changed
 */
enum track_news recorder_track_tick(struct recorder_track *track, int64_t now_ns);

/** All parts of the session together. @param session  its id; of another: zeros */
struct recorder_totals recorder_track_totals(const struct recorder_track *track,
                                             const char *session);

#endif
