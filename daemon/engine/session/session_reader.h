/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_reader.h - read a session file: its head, its tables, its frames
 *
 *     session_reader_open(&reader, path, &error);
 *     head = session_reader_head(reader);
 *     n = session_reader_n_rows(reader, SESSION_STROKES);
 *     session_reader_rows(reader, SESSION_STROKES, 0, n, strokes, &error);
 *     while (session_reader_next(reader, &frame, &error) == THENAR_OK) ...
 *
 * Files that are being recorded, or were never closed, can be read too. Nothing is checked against
 * checksums here; session_verify.h does. */
#ifndef SESSION_READER_H
#define SESSION_READER_H

#include "session/session_head.h"
#include "session/session_tables.h"

struct session_reader;

/* One frame as recorded; borrowed until the next call. */
struct session_frame {
    uint64_t index;
    const struct session_frame_row *row;
    const uint16_t *counts; /* [n_taxels] row-major, or NULL when the samples are floats */
    const float *samples;   /* the other way */
};

/**
 * @return THENAR_OK; THENAR_ERR_ABSENT, THENAR_ERR_DENIED; THENAR_ERR_SYNTAX not a session file, or
 *         damaged; THENAR_ERR_VERSION; THENAR_ERR_MEMORY
 * Context: one thread a reader
 */
THENAR_NODISCARD enum thenar_status session_reader_open(struct session_reader **out,
                                                        const char *path,
                                                        struct thenar_error *error);
void session_reader_close(struct session_reader *reader); /* NULL is allowed */

/** Borrowed until close. */
const struct session_head *session_reader_head(const struct session_reader *reader);

/** As in the file: of one that was never closed, all is zero and `state` is recording. */
const struct session_summary *session_reader_summary(const struct session_reader *reader);

/** Recording still goes on, or was cut off: no other program opens it before it is repaired. */
bool session_reader_is_open(const struct session_reader *reader);

uint64_t session_reader_n_rows(const struct session_reader *reader, enum session_table table);
static inline uint64_t session_reader_n_frames(const struct session_reader *reader)
{
    return session_reader_n_rows(reader, SESSION_FRAMES);
}

/** How many frames have samples; differs from the rows of `frames` only in a damaged file. */
uint64_t session_reader_n_samples(const struct session_reader *reader);

/** Frames a chunk: reading so many at a time, aligned, is fastest. */
unsigned session_reader_chunk_frames(const struct session_reader *reader);

/**
 * Rows of a table.
 * @param rows  out: [n_rows] of the table's struct (session_rows.h)
 * @return THENAR_OK; THENAR_ERR_ARGUMENT beyond the end; THENAR_ERR_SYNTAX damaged there
 */
THENAR_NODISCARD enum thenar_status session_reader_rows(struct session_reader *reader,
                                                        enum session_table table, uint64_t first,
                                                        size_t n_rows, void *rows,
                                                        struct thenar_error *error);

/** All rows of a table, for free(); NULL and OK when there are none. */
THENAR_NODISCARD enum thenar_status session_reader_all(struct session_reader *reader,
                                                       enum session_table table, void **rows,
                                                       size_t *n_rows, struct thenar_error *error);

/**
 * Samples of frames.
 * @param samples  out: [n_frames][n_taxels] uint16 or float32, frame by frame
 */
THENAR_NODISCARD enum thenar_status session_reader_samples(struct session_reader *reader,
                                                           uint64_t first, size_t n_frames,
                                                           void *samples,
                                                           struct thenar_error *error);

/** The next frame in order. @return THENAR_OK; THENAR_END; as session_reader_rows */
THENAR_NODISCARD enum thenar_status session_reader_next(struct session_reader *reader,
                                                        struct session_frame *frame,
                                                        struct thenar_error *error);

/** Go on with this frame. */
void session_reader_seek(struct session_reader *reader, uint64_t index);

#endif
