/* SPDX-License-Identifier: GPL-3.0-or-later */
/* technique.h - the names of strokes, and what is said of them (design.md, section 5) */
#ifndef TECHNIQUE_H
#define TECHNIQUE_H

#include <stdint.h>

#include "array_layout.h"

enum technique {
    TECHNIQUE_UNKNOWN, /* an answer, and better than a wrong name */
    TECHNIQUE_REST,
    TECHNIQUE_EFFLEURAGE,
    TECHNIQUE_PETRISSAGE,
    TECHNIQUE_ROLLING,
    TECHNIQUE_FRICTION,
    TECHNIQUE_TAPOTEMENT,
    TECHNIQUE_VIBRATION,
    TECHNIQUE_SHAKING,
    TECHNIQUE_COMPRESSION,
    TECHNIQUE_MYOFASCIAL_RELEASE,
    TECHNIQUE_SOFT_TISSUE_RELEASE,
    TECHNIQUE_MUSCLE_ENERGY,
    TECHNIQUE_STRETCHING,
    TECHNIQUE_HOLD,   /* live parent: still, until history decides */
    TECHNIQUE_RHYTHM, /* live parent: rhythmic, until history decides */
    N_TECHNIQUES
};

/** Lower-case name as on the feed: "effleurage", "myofascial_release", "unknown". */
const char *technique_name(enum technique technique);

/** The other way; TECHNIQUE_UNKNOWN when the name is none of them. */
enum technique technique_from_name(const char *name);

/** Whether it is told by staying where it is; their parent, hold, among them. */
bool technique_is_still(enum technique technique);

/** Whether a mount can show it at all (design.md, "What each mounting can see"). */
bool technique_is_visible(enum technique technique, enum array_mount mount);

/* What is going on now. */
struct technique_state {
    enum technique technique; /* may be a parent, or unknown */
    float confidence;         /* 0..1; NaN for unknown, which claims nothing */
    float pace_cpm;           /* cycles a minute; NaN: none */
    float pace_confidence;    /* 0..1; NaN with it */
    float regularity_pct;     /* coefficient of variation of the cycle intervals; NaN */
    float pace_hand_cpm;      /* of each hand, where two that take turns are told apart; NaN */
    float phase;              /* 0..1 of the cycle at this frame (beat.h); NaN */
    float phase_confidence;   /* 0..1; NaN with it */
    float speed_mm_s; /* of the centre of pressure of the strongest contact, smoothed; NaN */
    unsigned n_contacts;
};

/* One cycle of hand movement. Published when it ends. */
struct stroke {
    enum technique technique;
    double start_s, end_s; /* device time */
    float peak_kpa, mean_kpa, mean_force_n;
    float impulse_n_s;
    float path_mm;       /* way of the centre of pressure */
    float direction_deg; /* from start to end, from +x; NaN when it stayed in place */
    float speed_mm_s;    /* path over duration */
    float contact_cm2;   /* mean */
    float evenness_pct;  /* 100 - coefficient of variation of the force, not below 0 */
    float interval_s;    /* from the one before, between the same points of both cycles; NaN for
                            the first */
    unsigned hand;       /* where two take turns: 1, or 2, which is further along x (or y, when they
                            lie above each other); 0: not told apart */
};

/* A run of one technique. Published when it ends, with its final name. */
struct episode {
    enum technique technique;
    double start_s, end_s;
    float confidence; /* 0..1; NaN for unknown */
    unsigned n_strokes;
    float pace_cpm, regularity_pct; /* NaN where there is no rhythm */
    float pace_hand_cpm;            /* of each of two hands that took turns; NaN */
    float peak_kpa, mean_kpa, mean_force_n;
    float contact_cm2;
};

#endif
