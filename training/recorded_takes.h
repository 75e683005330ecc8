/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recorded_takes.h - labelled windows of a researcher's recordings
 *
 * A list, a CSV file with named columns, tells the recordings:
 *
 *     file,person,technique,episodes,rows,cols,pitch_mm,rate_hz,unit,mount,weight
 *
 * `file` is a table of p0, p1, ... (recording_csv.h) or a session's file (.h5), beside the list
 * unless its path is whole. What was done in it tells either `technique`, of the whole file, or
 * `episodes`, a CSV file with start_s, end_s (or t_start, t_end; seconds from its first frame) and
 * technique, as `thenar label` writes it. Columns may come in any order; all but file, one of
 * technique and episodes, and of tables rows and cols, may be left out: a session tells its array
 * itself; `weight` tells how many times a recording counts, 1 to 100. Rows of rest and unknown
 * teach nothing. A technique may be any word: names of design techniques count as them, and so does
 * "petrissage/my_own". */
#ifndef RECORDED_TAKES_H
#define RECORDED_TAKES_H

#include "error.h"
#include "training/sample_table.h"

struct recorded_takes_options {
    double every_s;
    /** Told after each recording; NULL: nobody. */
    void (*progress)(void *context, unsigned n_done);
    void *context;
};

/** All recordings of the list, their windows added to `table`. */
THENAR_NODISCARD enum thenar_status recorded_takes_add(struct sample_table *table, const char *path,
                                                       const struct recorded_takes_options *options,
                                                       struct thenar_error *error);

#endif
