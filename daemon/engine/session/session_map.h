/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_map.h - where the pressure was: a map of the whole session, and one of each of its parts
 *
 * Counts through the calibration, less the zero in force; tares that were asked for in the session
 * are taken again. Neither filter nor the corrections of sneak currents and creep are applied: over
 * seconds the first makes no difference, and the others' is stated in docs/measurement.md. Long
 * sessions are sampled: whole chunks, evenly spread, about `n_frames_most` in all. */
#ifndef SESSION_MAP_H
#define SESSION_MAP_H

#include "session/session_reader.h"

struct session_map {
    size_t n_taxels, n_parts;
    float *mean;    /* [n_taxels] kPa or 0..1; not below 0, NaN where no taxel is; owned */
    float *highest; /* [n_taxels] largest mean of a tenth of a second; owned */
    float *parts;   /* [n_parts][n_taxels] mean of each equal part; NaN: nothing read; owned */
    uint64_t n_frames_read, n_frames;
};

/**
 * @param n_parts        1 or more
 * @param n_frames_most  0: all
 * @return THENAR_OK; THENAR_ERR_MEMORY; as session_reader_samples
 * Owner: session_map_finish frees, also after a failure
 */
THENAR_NODISCARD enum thenar_status session_map_read(struct session_map *map,
                                                     struct session_reader *reader, size_t n_parts,
                                                     uint64_t n_frames_most,
                                                     struct thenar_error *error);
void session_map_finish(struct session_map *map);

/** Share (0 to 1) of all pressure that is on the busiest quarter of the taxels; NaN: none at all.
 */
THENAR_NODISCARD enum thenar_status session_map_quarter_share(const struct session_map *map,
                                                              float *share);

#endif
