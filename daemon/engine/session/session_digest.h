/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_digest.h - a session in a few numbers: what was done, for how long, how evenly
 *
 * Pure arithmetic over a file's episodes and strokes. Pressures are as in the tables: kPa, or 0 to
 * 1 of full scale of a device without calibration. Times are seconds from the first frame. */
#ifndef SESSION_DIGEST_H
#define SESSION_DIGEST_H

#include "session/session_reader.h"
#include "technique/technique.h"

/* All runs of one technique. Means are weighted by time; NaN where nothing is known. */
struct session_technique {
    enum technique technique;
    double time_s, longest_s;
    unsigned n_episodes;
    uint64_t n_strokes;
    float pace_cpm, regularity_pct, mean, peak, mean_force, contact_cm2;
    float stroke_peak;           /* median over the strokes */
    float stroke_peak_pct;       /* their coefficient of variation; NaN below three strokes */
    float evenness_pct;          /* mean over the strokes */
    float highest, highest_at_s; /* the stroke that pressed most, and when it began */
};

struct session_digest {
    double start_unix_s; /* of the first frame */
    double length_s, hands_on_s, unknown_s;
    double longest_pause_s, longest_pause_at_s; /* hands off, between the first and last touch */
    size_t n_techniques;
    struct session_technique techniques[N_TECHNIQUES]; /* longest first; neither rest nor unknown */
    uint64_t n_strokes;
    unsigned n_episodes;
    float pace_cpm, regularity_pct, evenness_pct;
    float stroke_peak; /* median over all strokes */
};

/**
 * @param first_s, last_s  Unix time of the first and last frame; NaN: there is none
 * @param episodes, strokes  [n_episodes], [n_strokes] as in the tables
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status session_digest_make(struct session_digest *digest,
                                                        double first_s, double last_s,
                                                        const struct session_episode_row *episodes,
                                                        size_t n_episodes,
                                                        const struct session_stroke_row *strokes,
                                                        size_t n_strokes);

/** The same from a file, closed or not. @return also as session_reader_rows */
THENAR_NODISCARD enum thenar_status session_digest_read(struct session_digest *digest,
                                                        struct session_reader *reader,
                                                        struct thenar_error *error);

/** The technique that a row names. @param word [SESSION_WORD_BYTES] as in the tables */
enum technique session_digest_technique(const char *word);

/** Of a technique; NULL: it was not done. */
const struct session_technique *session_digest_find(const struct session_digest *digest,
                                                    enum technique technique);

#endif
