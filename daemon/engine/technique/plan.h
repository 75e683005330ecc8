/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h - a treatment plan: what is to be done, in steps, and between which bounds
 *
 * Plain data; plan_file.h reads and writes it. Every band says where it comes from: a number that
 * nobody measured must not sound like one that somebody did (docs/plans.md). */
#ifndef PLAN_H
#define PLAN_H

#include "error.h"
#include "technique/technique.h"

enum {
    PLAN_STEPS_MAX = 48,
    PLAN_NAME_BYTES = 64,    /* names and regions, with the closing zero */
    PLAN_SOURCE_BYTES = 160, /* where a band comes from */
    PLAN_TEXT_BYTES = 512    /* goal, assessment, aftercare: a few sentences */
};

/* Pressures outside are mistakes of units: 0.1 kPa is less than a hair's weight, 1000 kPa is beyond
 * any hand. */
#define PLAN_KPA_LEAST 0.1F
#define PLAN_KPA_MOST 1000.0F

/* By how much intervals may vary when the plan says nothing: a convention of this program. */
#define PLAN_REGULARITY_PCT 25.0F

/* A hold of less is a hand on its way, not one let go too early (where such short ones are not what
 * is wanted). */
#define PLAN_MEANT_S 3.0F

/* Of a band's ends: see plan_band_place. */
#define PLAN_GRACE 0.05F

enum plan_mark {
    PLAN_MARK_NONE,       /* no band */
    PLAN_MARK_MEASURED,   /* somebody measured it on people, and published it */
    PLAN_MARK_CONVENTION, /* teaching texts and practice say so */
    PLAN_MARK_ANALOGUE,   /* measured on something like it: animals, another treatment */
    PLAN_MARK_INSTRUCTOR, /* from the instructor's own hands, or word */
    N_PLAN_MARKS
};

/* Who moves in soft tissue release: no sensor here knows, so it is declared. */
enum plan_variant {
    PLAN_VARIANT_NONE,
    PLAN_VARIANT_PASSIVE,
    PLAN_VARIANT_ACTIVE,
    PLAN_VARIANT_WEIGHT_BEARING,
    N_PLAN_VARIANTS
};

enum plan_advance {
    PLAN_ADVANCE_TIME,   /* a step ends when its time is over */
    PLAN_ADVANCE_COMMAND /* "move on" is said then, and the step ends on command */
};

/* Whose bands are heard. */
enum plan_cues {
    PLAN_CUES_TRUSTED, /* measured bands and the instructor's */
    PLAN_CUES_ALL,     /* conventions and analogues too */
    PLAN_CUES_OFF,     /* nothing but "stop", "lighter" after a report of pain, and the steps */
    N_PLAN_CUES
};

struct plan_band {
    enum plan_mark mark; /* PLAN_MARK_NONE: there is no band, low and high are NaN */
    float low, high;     /* low <= high */
    char source[PLAN_SOURCE_BYTES];
};

struct plan_step {
    char region[PLAN_NAME_BYTES];
    char note[PLAN_SOURCE_BYTES]; /* a word to the therapist; "" */
    enum technique technique;
    enum plan_variant variant;
    float duration_s;
    unsigned repeats;                /* of a hold; 0: not said */
    struct plan_band pressure_kpa;   /* largest pressure under the hand, of a stroke or a hold */
    struct plan_band pace_cpm;       /* cycles a minute */
    struct plan_band regularity_pct; /* coefficient of variation of the intervals; low is 0 */
    struct plan_band hold_s;         /* length of one hold */
};

struct plan {
    char name[PLAN_NAME_BYTES]; /* as the file is called, without .plan */
    char title[PLAN_SOURCE_BYTES];
    char goal[PLAN_TEXT_BYTES];
    char assessment_before[PLAN_TEXT_BYTES], assessment_after[PLAN_TEXT_BYTES];
    char caution[PLAN_TEXT_BYTES]; /* when not to; "" */
    char aftercare[PLAN_TEXT_BYTES];
    char next_visit[PLAN_SOURCE_BYTES];
    struct plan_band ceiling_kpa; /* high is the ceiling: "stop" above it; always there */
    enum plan_advance advance;
    enum plan_cues cues; /* unless it is started with others */
    unsigned n_steps;
    struct plan_step steps[PLAN_STEPS_MAX];
};

/** "measured", "convention", "analogue", "instructor"; "" for none. */
const char *plan_mark_name(enum plan_mark mark);
/** The other way; PLAN_MARK_NONE when it is none of them. */
enum plan_mark plan_mark_from_name(const char *name);

/** "trusted", "all", "off". */
const char *plan_cues_name(enum plan_cues cues);
/** The other way; N_PLAN_CUES when it is none of them. */
enum plan_cues plan_cues_from_name(const char *name);

/** Whether a band gives cues. */
bool plan_cues_heed(enum plan_cues cues, enum plan_mark mark);

/** "passive", "active", "weight_bearing"; "" for none. */
const char *plan_variant_name(enum plan_variant variant);
/** The other way; N_PLAN_VARIANTS when it is none of them. */
enum plan_variant plan_variant_from_name(const char *name);

/** Whether the technique is held rather than repeated: compression, the releases, stretching ... */
bool plan_is_held(enum technique technique);

/** Whether a hand can be asked to do it: not rest, unknown, or a parent. */
bool plan_is_technique(enum technique technique);

/** All steps together. */
float plan_duration_s(const struct plan *plan);

/**
 * Where a value stands: -1 below the band, 0 within, 1 above.
 *
 * A twentieth beyond either end is still within: so near, no hand and no sensor can tell, and what
 * is not worth a word must not cost points.
 * @param value  not NaN
 */
int plan_band_place(const struct plan_band *band, float value);

/** How many bands there are in all steps, and how many of them give cues. */
unsigned plan_n_bands(const struct plan *plan);
unsigned plan_n_heard(const struct plan *plan, enum plan_cues cues);

/** No band. */
void plan_band_clear(struct plan_band *band);

/**
 * What a band must be, whoever made it.
 * @param what   begins the sentence: "step 2: pressure_kpa"
 * @return THENAR_OK; THENAR_ERR_VALUE and what to do
 */
THENAR_NODISCARD enum thenar_status plan_band_check(const struct plan_band *band, const char *what,
                                                    float least, float most,
                                                    struct thenar_error *error);

#endif
