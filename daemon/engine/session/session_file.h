/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_file.h - write one device's session file (docs/session-file.md)
 *
 *     session_file_create(&file, path, &head, &error);    everything is made, SWMR begins
 *     session_file_add_frame(file, &row, counts);         kept until a chunk is full (0.4 s)
 *     session_file_add(file, SESSION_STROKES, &stroke);
 *     session_file_flush(file, false);                    after each chunk: readers see it
 *     session_file_sync(file);                            each second: it survives a power cut
 *     session_file_close(file, &summary, &error);
 *
 * Frames are written in whole compressed chunks; other tables are not compressed, so that a row
 * can follow at any time. Any failure is final: the file takes nothing more, and can be closed.
 * Context: one thread a file; files may be open in several. Blocks as long as the disk does. */
#ifndef SESSION_FILE_H
#define SESSION_FILE_H

#include "session/session_head.h"
#include "session/session_tables.h"

struct session_file;

/* How the samples are packed. */
enum session_packing {
    SESSION_PACK_BEST,   /* szip if this HDF5 can write it, else deflate */
    SESSION_PACK_SZIP,   /* nearest neighbour, blocks of 16 */
    SESSION_PACK_DEFLATE /* shuffle and deflate 1 */
};

/**
 * Make the file, mode 0600; it must not exist.
 *
 * @param head  copied where it is needed
 * @return THENAR_OK; THENAR_ERR_BUSY it exists; THENAR_ERR_SPACE, THENAR_ERR_DENIED,
 *         THENAR_ERR_OS, THENAR_ERR_MEMORY, with a sentence
 */
THENAR_NODISCARD enum thenar_status session_file_create(struct session_file **out, const char *path,
                                                        const struct session_head *head,
                                                        enum session_packing packing,
                                                        struct thenar_error *error);

/**
 * One frame; its checksum is set here.
 * @param samples  [n_taxels] uint16 counts, or float32 if the head says so
 * @return THENAR_OK; THENAR_PENDING a chunk is full: flush; THENAR_ERR_OS the file failed
 */
THENAR_NODISCARD enum thenar_status session_file_add_frame(struct session_file *file,
                                                           const struct session_frame_row *row,
                                                           const void *samples);

/** One row of another table, of its struct; its checksum is set in place. @return as above */
THENAR_NODISCARD enum thenar_status session_file_add(struct session_file *file,
                                                     enum session_table table, void *row);

/**
 * Hand to the system what there is.
 * @param with_partial  also frames that do not fill their chunk: costs some space when the rest
 *                      follows; for a stream that paused
 */
THENAR_NODISCARD enum thenar_status session_file_flush(struct session_file *file,
                                                       bool with_partial);

/** Wait until all that was flushed is on the disk. */
THENAR_NODISCARD enum thenar_status session_file_sync(struct session_file *file);

/** Set room aside for what is to come (session_disk.h). */
THENAR_NODISCARD enum thenar_status session_file_reserve(struct session_file *file);

/**
 * Write the summary and close; the file is gone from memory in any case. NULL is allowed.
 * @param summary  its counts of frames, gaps, strokes and episodes, and the last score, are filled
 * in here
 * @return THENAR_OK; THENAR_ERR_OS, with a sentence: repair is needed; THENAR_ERR_ABSENT it was
 *         removed or moved meanwhile, and is not concluded
 */
THENAR_NODISCARD enum thenar_status session_file_close(struct session_file *file,
                                                       struct session_summary *summary,
                                                       struct thenar_error *error);

/* Whether the file still lies where it was made: somebody may have removed or moved it, and then
 * what is written goes where nobody finds it. */
enum session_file_place { SESSION_FILE_THERE, SESSION_FILE_MOVED, SESSION_FILE_REMOVED };
enum session_file_place session_file_place(const struct session_file *file);

uint64_t session_file_n_frames(const struct session_file *file); /* flushed or not */
uint64_t session_file_n_rows(const struct session_file *file, enum session_table table);
uint64_t session_file_size_bytes(const struct session_file *file);

#endif
