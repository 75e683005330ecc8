/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_tally.h - what one session of a class came to, counted from the feed while it went on
 *
 * The session's files lie beside each table, perhaps on another machine; what the class needs at
 * its end (score and parts, techniques, time in each step, cues, comfort) is said on the feed, so
 * it is kept from there. A gateway that was away meanwhile has counted less: class_tally_file.h.
 *
 * Pure. Context: one thread, the gateway's. */
#ifndef CLASS_TALLY_H
#define CLASS_TALLY_H

#include "thenar.h"

enum {
    TALLY_DEVICES_MAX = 8,
    TALLY_TECHNIQUES_MAX = 24,
    TALLY_STEPS_MAX = 48,
    TALLY_CUES_MAX = 12
};

/* One device's newest score; parts in % (FEED.md, "plan"), NaN: nothing was judged. */
struct tally_device {
    char device[THENAR_TOPIC_NAME_BYTES];
    float score, pressure_pct, pace_pct, regularity_pct, holds_pct, time_pct;
    uint64_t n_frames, n_lost;
};

struct tally_technique {
    char technique[THENAR_WORD_BYTES];
    float span_s; /* of its episodes, of all devices together */
    uint32_t n_strokes;
};

struct tally_step {
    char technique[THENAR_WORD_BYTES], region[THENAR_LABEL_BYTES];
    float span_s, wanted_s; /* NaN: never begun */
};

struct tally_cue {
    char cue[THENAR_WORD_BYTES];
    uint32_t n;
};

struct class_tally {
    float length_s;
    struct tally_device devices[TALLY_DEVICES_MAX]; /* [n_devices] */
    struct tally_technique techniques[TALLY_TECHNIQUES_MAX];
    struct tally_step steps[TALLY_STEPS_MAX]; /* [n_steps] of the plan */
    struct tally_cue cues[TALLY_CUES_MAX];
    uint32_t n_devices, n_techniques, n_steps, n_cues;
    float worst_pain;      /* 0..10 that the receiver said; NaN: nothing was said */
    uint32_t n_complaints; /* times that it said 4 and more, or pressed the button */
};

/* What a session can be judged by. */
enum tally_measure {
    TALLY_SCORE,        /* practice score, 0..100 */
    TALLY_PRESSURE_PCT, /* parts of it, of the judged time */
    TALLY_PACE_PCT,
    TALLY_REGULARITY_PCT,
    TALLY_RHYTHM_PCT, /* pace and regularity together, in the score's own weights */
    TALLY_HOLDS_PCT,
    TALLY_TECHNIQUE_PCT,   /* time of the steps spent doing what they want */
    TALLY_COVERAGE_PCT,    /* of the plan's steps, each as far as its time was used */
    TALLY_WORST_PAIN,      /* 0..10 */
    TALLY_CUES_PER_MINUTE, /* praise not counted */
    N_TALLY_MEASURES
};

/** Nothing counted. */
void class_tally_init(struct class_tally *tally);

/** Take in what a device of the session's station said: session, plan, episode, cue, comfort. */
void class_tally_take(struct class_tally *tally, const struct thenar_feed_message *message);

/** "score", "pressure_pct", ... */
const char *tally_measure_name(enum tally_measure measure);

/** @return THENAR_OK; THENAR_ERR_VALUE no such measure */
THENAR_NODISCARD enum thenar_status tally_measure_read(const char *name,
                                                       enum tally_measure *measure);

/** Of several devices, two gloves for instance, the mean of those that were judged. @return NaN:
 * nothing to judge by */
float class_tally_value(const struct class_tally *tally, enum tally_measure measure);

#endif
