/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recording_csv.h - read a pressure recording from a CSV file, plain or gzipped
 *
 * Columns: `t_s` (seconds, optional when a rate is given), `p0` .. `pN` row-major; other named
 * columns are passed over. Without a header line there are N+1 columns, or N+2 with the time first.
 *
 * Times that bunch (USB bursts) are made even: within a stretch without a gap, frames are 1 / rate
 * apart, and a pause of more than 0.25 s and five frames is a gap after which the file's own time
 * counts again; a time that runs back is counted, and its frame is taken for the next one. A row
 * that does not parse is passed over and counted; its time passes.
 *
 * A target of its own (thenar::recording), since the virtual device plays recordings too. */
#ifndef RECORDING_CSV_H
#define RECORDING_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct recording_csv;

struct recording_csv_info {
    uint64_t n_frames;        /* rows that parse */
    uint64_t n_bad_rows;      /* rows that do not */
    uint64_t first_bad_line;  /* line number of the first of these; 0: none */
    uint64_t n_back_rows;     /* rows whose time is before that of the row above */
    uint64_t first_back_line; /* line number of the first of these; 0: none */
    bool has_time;
    double rate_hz; /* asked for, or the mean between gaps */
    double duration_s;
    float smallest, largest; /* over all samples */
};

/**
 * Open a file and read it through once, to learn its rate, range and damage.
 *
 * @param n_taxels  columns p0..p(n-1) that must be there; more are an error
 * @param rate_hz   frames a second; 0: from `t_s`
 * @param error     out: what is wrong, with file and line
 * @return THENAR_OK; THENAR_ERR_ABSENT no such file; THENAR_ERR_DENIED; THENAR_ERR_OS;
 *         THENAR_ERR_SYNTAX not such a table, or no row parses; THENAR_ERR_ARGUMENT neither
 *         `t_s` nor a rate; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status recording_csv_open(struct recording_csv **out, const char *path,
                                                       size_t n_taxels, double rate_hz,
                                                       struct thenar_error *error);
void recording_csv_close(struct recording_csv *recording);

/** What the first reading found; borrowed until close. */
const struct recording_csv_info *recording_csv_info(const struct recording_csv *recording);

/**
 * The next frame.
 * @param time_s   out: from the first frame, even (see above)
 * @param samples  out: [n_taxels] as written in the file
 * @return THENAR_OK; THENAR_END; THENAR_ERR_OS the file broke off (a damaged .gz)
 * Context: one thread a recording; allocates nothing
 */
THENAR_NODISCARD enum thenar_status recording_csv_next(struct recording_csv *recording,
                                                       double *time_s, float *samples);

/** Back to the first frame. @return THENAR_OK; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status recording_csv_rewind(struct recording_csv *recording);

/** How much of the recording was given, 0..1: for a progress bar. */
double recording_csv_progress(const struct recording_csv *recording);

/**
 * The full scale to assume for counts when nobody says: the smallest of 255, 256, 1023, 4095,
 * 65535 that is not below the largest sample.
 */
float recording_csv_full_scale(const struct recording_csv_info *info);

#endif
