/* SPDX-License-Identifier: GPL-3.0-or-later */
/* episodes.h - runs of one technique, rest among them
 *
 * A change of name counts when it has lasted a second, and then from where it began; what a touch
 * was taken for in its first seconds gives way to what it shows itself to be. Shorter blips belong
 * to what surrounds them, and so do hands in the air for less than 0.8 s, unless they were still.
 * Parents and unknown are taken up by a name of their kind; a still touch that later shows itself
 * (muscle energy) is renamed as a whole, but two still touches apart in time and place are two
 * episodes. */
#ifndef EPISODES_H
#define EPISODES_H

#include <stdbool.h>

#include "technique/contacts.h"
#include "technique/technique.h"

enum { EPISODES_QUEUE = 4, EPISODE_STROKES_MAX = 512 };

/* What a moment says, ten times a second. */
struct episode_moment {
    double device_s;
    enum technique technique; /* as named live; parents and unknown included */
    const float *probability; /* [N_TECHNIQUES] smoothed */
    double begin_s;           /* the first touch since the last rest */
    bool touched;
    double change_s; /* where that changed last: touch or lift */
};

/* Sums over touched frames. */
struct episode_sums {
    double touched_s, force_s, mean_kpa_s, area_s;
    float peak_kpa;
};

/* The strokes that fell into it; the last EPISODE_STROKES_MAX by time. */
struct episode_strokes {
    unsigned n, n_kept;
    double start_s[EPISODE_STROKES_MAX];
    float interval_s[EPISODE_STROKES_MAX];
    unsigned char hand[EPISODE_STROKES_MAX];
};

struct episodes {
    float final_share; /* as the classifier has it */
    bool active;
    enum technique name;
    double start_s, last_s;
    enum technique candidate;
    double candidate_s, onset_s;
    double lift_s; /* when a rest was named last that may yet be a pause */
    float evidence[N_TECHNIQUES];
    struct episode_sums sums, candidate_sums;
    struct episode_strokes strokes;
    float sorted[EPISODE_STROKES_MAX]; /* scratch */
    unsigned n_queued;
    struct episode queue[EPISODES_QUEUE];
};

/** @param final_share  of the classifier (classifier.h) */
void episodes_init(struct episodes *episodes, float final_share);

/** Every frame: what it adds to the episode's means. */
void episodes_frame(struct episodes *episodes, double device_s, bool touched,
                    const struct contacts_sum *sum);

/** A stroke was given out. */
void episodes_stroke(struct episodes *episodes, const struct stroke *stroke);

/** Ten times a second. */
void episodes_moment(struct episodes *episodes, const struct episode_moment *moment);

/** The hands lifted at `end_s`, and what they do since `start_s` is something else. */
void episodes_part(struct episodes *episodes, double end_s, double start_s);

/** Take those that ended. */
unsigned episodes_take(struct episodes *episodes, struct episode *out, unsigned n_max);

/** The end of it all. */
void episodes_finish(struct episodes *episodes, double device_s);

#endif
