/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_file.h - the class on disk: one JSON file (class_json.h), mode 0600, put in place at once
 *
 * The gateway's loop never waits for the disk: a worker writes. When a new class begins, what was
 * before is kept beside it as class-DATE.json. */
#ifndef CLASS_FILE_H
#define CLASS_FILE_H

#include "class_book.h"

enum { CLASS_FILE_PATH_BYTES = 1024, CLASS_FILE_BYTES_MAX = 16 * 1024 * 1024 };

/** $STATE_DIRECTORY, else $XDG_STATE_HOME/thenar, else ~/.local/state/thenar, and class.json.
 * @param path  [n_space] out; "": no such folder is known */
void class_file_default(char *path, size_t n_space);

/**
 * @param book  out: empty when there is no such file yet, and on failure
 * @return THENAR_OK; as class_json_decode; THENAR_ERR_DENIED others may read it; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status class_file_load(const char *path, struct class_book *book,
                                                    struct thenar_error *error);

/** The file's text. @return for free(); NULL: out of memory */
char *class_file_text(const struct class_book *book);

/** Replaces the file at once, making its folder (0700) if need be. @return THENAR_OK;
 * THENAR_ERR_OS. Context: any one thread at a time */
THENAR_NODISCARD enum thenar_status class_file_write(const char *path, const char *text,
                                                     struct thenar_error *error);

/** Where a class that is over is kept: beside the file, by the time of its begin. */
void class_file_kept(const char *path, double began_unix_s, char *kept, size_t n_space);

#endif
