/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_layout.h - make all that a session file will ever hold, before SWMR begins
 *
 * SWMR takes no new object and no new attribute: they would be accepted and lost. So the root's
 * attributes, the samples and every table are made here, empty; the array, the settings and the
 * channels are filled. Callers hold the lock (session_hdf5.h). */
#ifndef SESSION_LAYOUT_H
#define SESSION_LAYOUT_H

#include "session/session_file.h"
#include "session/session_hdf5.h"

/* The samples' shape in the file: [n_rows][n_cols][frames], so that a taxel's values lie together:
 * packed they take half the room that they take frame by frame. */
struct session_shape {
    uint16_t n_rows, n_cols;
    size_t sample_bytes, frame_bytes;
    unsigned chunk_frames; /* 0.4 s */
    bool is_relative;      /* columns have their other names */
};

void session_shape_of(struct session_shape *shape, const struct session_head *head);

/** Rows of a chunk of a table. */
unsigned session_layout_chunk_rows(const struct session_table_form *form,
                                   const struct session_shape *shape);

/** Fill the empty file at `path`, and close it. @return THENAR_OK; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status session_layout_create(const char *path,
                                                          const struct session_head *head,
                                                          const struct session_shape *shape,
                                                          enum session_packing packing,
                                                          struct thenar_error *error);

/** The name of the samples' dataset: "counts", or "samples" when they are floats. */
const char *session_layout_samples_name(size_t sample_bytes);

/** Open the samples for writing whole chunks past the cache; negative on failure. */
hid_t session_layout_open_samples(hid_t file, const struct session_shape *shape);

/** Open a closed file once more, write the summary, and bring all to the disk. */
THENAR_NODISCARD enum thenar_status session_layout_conclude(const char *path,
                                                            const struct session_summary *summary,
                                                            struct thenar_error *error);

#endif
