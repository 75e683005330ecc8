/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_verify.h - is everything there, and is it what was written?
 *
 * Every checksum is computed anew, every jump of the sequence is looked up among the gaps. Long
 * files may be checked in pieces, each with a reader of its own. */
#ifndef SESSION_VERIFY_H
#define SESSION_VERIFY_H

#include "session/session_reader.h"

/* What a stretch of frames showed. */
struct session_frames_check {
    uint64_t n_frames;
    uint64_t n_bad; /* their checksum differs, or they do not decode */
    uint64_t first_bad, last_bad;
    uint64_t n_unexplained; /* frames that the sequence lacks and no gap tells of */
    uint64_t first_unexplained;
    uint64_t n_back; /* times at which t_device did not grow */
};

struct session_verdict {
    struct session_frames_check frames;
    uint64_t n_expected; /* stored, and lost and counted */
    uint64_t n_stored;
    uint64_t lost_device, lost_link, lost_host, lost_disk;
    uint64_t n_gaps, n_away; /* gaps; of these, those that nobody can count */
    double away_s;           /* how long those took */
    uint64_t n_bad_rows[N_SESSION_TABLES];
    uint64_t n_without_samples; /* rows of `frames`, or samples, without the other */
    bool is_open;               /* being recorded, or cut off and not repaired */
    uint64_t n_end_most;        /* that may be missing at an end that was cut off; 0: closed */
    enum session_state state;
};

/**
 * Check frames.
 * @param first, n_frames  which; clipped to what there is
 * @param check            out
 * @return THENAR_OK, also when they are damaged: `check` tells; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status session_verify_frames(struct session_reader *reader,
                                                          uint64_t first, uint64_t n_frames,
                                                          struct session_frames_check *check,
                                                          struct thenar_error *error);

/** Put two stretches together; `later` follows `check`. */
void session_verify_join(struct session_frames_check *check,
                         const struct session_frames_check *later);

/** All but the frames: tables, gaps, state. @return as above */
THENAR_NODISCARD enum thenar_status session_verify_tables(struct session_reader *reader,
                                                          struct session_verdict *verdict,
                                                          struct thenar_error *error);

/** What is there is as it was written, and every hole is told; nothing is damaged. */
bool session_verdict_is_sound(const struct session_verdict *verdict);

/** Something is there, and nothing is missing, damaged or left open. */
bool session_verdict_is_good(const struct session_verdict *verdict);

/** Count a file's gaps and rows into a summary. @return as session_reader_rows */
THENAR_NODISCARD enum thenar_status session_verify_summarize(struct session_reader *reader,
                                                             struct session_summary *summary,
                                                             struct thenar_error *error);

#endif
