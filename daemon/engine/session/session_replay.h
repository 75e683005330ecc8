/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_replay.h - the pipeline once more over the counts of a session file
 *
 * The same build gives the same strokes, episodes and metrics, bit for bit, because the pipeline
 * began with the file, sees the same frames with the same device times, begins anew where it did,
 * and is tared where it was. That holds as far as no frame was lost at the disk: those the live
 * pipeline saw and the file does not have. */
#ifndef SESSION_REPLAY_H
#define SESSION_REPLAY_H

#include "pipeline.h"
#include "session/session_reader.h"

struct session_replay_sink {
    /**
     * @param pressure  [n_taxels] as pipeline_execute gives it; NULL at the end, when only strokes
     *                  and episodes come
     * @return false to stop
     */
    bool (*take)(void *user, const struct session_frame *frame,
                 const struct pipeline_output *output, const float *pressure);
    void *user;
};

struct session_replay_result {
    uint64_t n_frames;
    uint64_t n_strokes, n_episodes, n_metrics; /* that came out now */
    uint64_t n_strokes_other, n_episodes_other,
        n_metrics_other;        /* that differ from the file's, are missing or too many */
    uint64_t first_other_frame; /* index of the frame of the first; UINT64_MAX: none */
    bool has_disk_gap;          /* then differences after it are to be expected */
    bool is_cut; /* the file was cut off: what went on then has no last rows; not counted */
    char filter_form[SESSION_NAME_BYTES], technique_model[SESSION_NAME_BYTES]; /* in force now */
    bool is_same_form; /* the recorded one was taken again: this machine has it */
};

/**
 * Run all of a file through a pipeline, and compare with what it holds.
 *
 * @param classifier  names the techniques, as when it was recorded; NULL: the one that ships
 * @param sink  told of every frame; NULL: only compare
 * @return THENAR_OK it ran: `result` tells whether it is the same; THENAR_END the sink stopped it;
 *         as session_reader_open; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status session_replay(struct session_reader *reader,
                                                   const struct classifier *classifier,
                                                   const struct session_replay_sink *sink,
                                                   struct session_replay_result *result,
                                                   struct thenar_error *error);

/** Nothing differs. */
static inline bool session_replay_is_same(const struct session_replay_result *result)
{
    return result->n_strokes_other + result->n_episodes_other + result->n_metrics_other == 0;
}

#endif
