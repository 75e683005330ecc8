/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rubric.h - what a class is judged by: a few criteria, each with levels, in a file that a teacher
 * edits (libconfig; docs/web.md)
 *
 * A criterion stands on one measure (class_tally.h), and its bounds part the levels: with
 * [50, 70, 85] level 1 is below 50, level 4 from 85 on. Falling bounds, as of pain, mean that less
 * is better: with [7, 5, 3] level 1 is above 7, level 4 is 3 and less. */
#ifndef RUBRIC_H
#define RUBRIC_H

#include "class_book.h"

enum { RUBRIC_TITLE_BYTES = 96, RUBRIC_FILE_BYTES_MAX = 64 * 1024 };

struct rubric_criterion {
    char name[CLASS_CRITERION_BYTES]; /* a column of the gradebook */
    char title[RUBRIC_TITLE_BYTES];
    enum tally_measure measure;
    float bounds[CLASS_LEVELS_MAX - 1]; /* [n_levels - 1] rising or falling */
};

struct rubric {
    char title[RUBRIC_TITLE_BYTES];
    char levels[CLASS_LEVELS_MAX][RUBRIC_TITLE_BYTES]; /* [n_levels] their names, worst first */
    size_t n_levels;
    struct rubric_criterion criteria[CLASS_CRITERIA_MAX]; /* [n_criteria] */
    size_t n_criteria;
};

/** The built-in one as the text of a file, to begin with. */
const char *rubric_default_text(void);

/**
 * @param text   the file, closed by a zero
 * @param where  its name, for the sentence
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE with line or criterion
 */
THENAR_NODISCARD enum thenar_status rubric_parse(const char *text, const char *where,
                                                 struct rubric *rubric, struct thenar_error *error);

/** @return also THENAR_ERR_ABSENT; THENAR_ERR_OS; THENAR_ERR_LENGTH */
THENAR_NODISCARD enum thenar_status rubric_load(const char *path, struct rubric *rubric,
                                                struct thenar_error *error);

/** $XDG_CONFIG_HOME/thenar/rubric.conf or ~/.config/thenar/rubric.conf. */
void rubric_default_path(char *path, size_t n_space);

/** The criterion of that name; NULL: none. */
const struct rubric_criterion *rubric_find(const struct rubric *rubric, const char *name);

/** As measured. @return 1..n_levels; 0: it was not measured */
unsigned rubric_level(const struct rubric *rubric, const struct rubric_criterion *criterion,
                      const struct class_tally *tally);

#endif
