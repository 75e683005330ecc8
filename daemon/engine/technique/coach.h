/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coach.h - what a teacher would say now: one short cue, or nothing
 *
 * Looks at what is done beside the step in force, ten times a second. The rules of the house:
 *   - above the ceiling: "stop", whatever else;
 *   - "deeper" never above the ceiling, on a saturated or uncalibrated contact, or after the
 *     receiver reported pain; a report while hands are on gives "lighter";
 *   - no pressure cue on a mat;
 *   - bands that are conventions or analogues correct nobody, unless all are asked for.
 * It never nags: a fault must last, one thing is spoken of at a time, after a cue there is silence,
 * the same cue comes again later and later. Praise comes now and then, and only where nothing that
 * the step wants is known to be wrong: no correction and no praise mean that it cannot tell. Pure;
 * allocates nothing. */
#ifndef COACH_H
#define COACH_H

#include <stddef.h>

#include "technique/hold_watch.h"
#include "technique/plan.h"

/* Cues in any minute of time, "stop" not counted. */
enum { COACH_CUES_A_MINUTE = 6, COACH_TEXT_BYTES = 200 };

/* Seconds. */
#define COACH_QUIET_S 8.0      /* between two cues */
#define COACH_AGAIN_S 20.0     /* until the same cue comes again; then twice that, and so on */
#define COACH_STOP_AGAIN_S 5.0 /* after the third in a row twice that, then 20 and 30 s */
#define COACH_PRAISE_S                                                                            \
    45.0                     /* between two praises; in the same step twice that, then four times \
                              */
#define COACH_DWELL_S 3.0    /* how long a fault must last */
#define COACH_TOO_LATE_S 6.0 /* before a step's end: nothing can be mended any more */
#define COACH_SETTLE_S 5.0   /* doing the step before anything is said of how */
#define COACH_OTHER_S 10.0   /* surely doing one other thing */
#define COACH_AWAY_S 15.0    /* hands off while the step's time runs */

/* How sure a name must be to tell somebody that it is the wrong one. */
#define COACH_SURE 0.7F

/* From here on a report of pain (0 none, 10 the worst) is one that the coach obeys. */
#define COACH_PAIN 4.0F
/* And from here on easing off is not enough. */
#define COACH_SEVERE_PAIN 8.0F

enum coach_word {
    COACH_NOTHING,
    COACH_LIGHTER,
    COACH_DEEPER,
    COACH_SLOWER,
    COACH_FASTER,
    COACH_STEADIER,
    COACH_HOLD,
    COACH_MOVE_ON,
    COACH_GOOD,
    COACH_STOP,
    N_COACH_WORDS
};

enum coach_measure {
    COACH_OF_NOTHING,
    COACH_OF_PRESSURE, /* kPa */
    COACH_OF_PACE,     /* cycles a minute */
    COACH_OF_REGULARITY,
    COACH_OF_HOLD, /* s */
    COACH_OF_TIME, /* s */
    COACH_OF_COMFORT,
    COACH_OF_TECHNIQUE
};

struct coach_cue {
    enum coach_word word;
    enum coach_measure measure;
    float value, low, high; /* what was measured, and what is wanted; NaN */
    enum plan_mark mark;    /* of the band behind it; PLAN_MARK_NONE: there is none */
    char text[COACH_TEXT_BYTES];
};

/* What is to be judged now. NaN: not known, not there, or not to be judged. */
struct coach_view {
    double device_s;
    const struct plan_step *step; /* NULL: no plan is running */
    float ceiling_kpa;
    bool is_touched;
    bool is_on_step;     /* what is done is what the step wants */
    enum technique seen; /* what is surely done instead; TECHNIQUE_UNKNOWN: nobody can tell */
    enum technique next; /* what the step after this one wants; TECHNIQUE_UNKNOWN: it is the last */
    bool is_away;        /* hands are off, and the step's time runs */
    bool is_saturated;   /* lately: the pressure is at least what is said */
    float peak_kpa;      /* largest of the last tenth of a second */
    float pressure_kpa;  /* of the last cycle, or of the hold lately */
    float look_back_s;   /* over how long it was the largest */
    float pace_cpm, regularity_pct;
    float pace_u_cpm, regularity_u_pct; /* standard uncertainty: nobody is told what is not sure */
    float left_s;                       /* until the step ends by itself; NaN: it does not */
    struct hold_reading hold;
};

enum coach_fault {
    COACH_FAULT_LIGHTER,
    COACH_FAULT_DEEPER,
    COACH_FAULT_SLOWER,
    COACH_FAULT_FASTER,
    COACH_FAULT_UNEVEN,
    N_COACH_FAULTS
};

struct coach_fault_state {
    double since_s;  /* the fault is there since; NaN: it is not */
    double seen_s;   /* when it was last seen to be there */
    double spoken_s; /* when it was spoken of last in this step; -inf */
    unsigned n_spoken;
};

/* How holds are kept in this step. */
struct coach_holds {
    unsigned n_seen;
    double ended_s; /* when the last one ended that was not answered yet; -inf */
    double short_s; /* when "hold longer" was said last; -inf */
    unsigned n_short;
    unsigned n_kept; /* that were as long as wanted */
    bool was_short;  /* and it was not mended yet */
    bool is_told;    /* "hold it there" was said */
    bool is_overdue; /* "long enough" was said of this hold */
    bool repeats_told;
};

/* What else is done than the step. */
struct coach_attention {
    enum technique seen, told; /* now, and what was spoken of last */
    double since_s;            /* surely not the step, and by this name; NaN */
    double seen_s;
    double away_since_s; /* NaN */
    double spoken_s;     /* -inf */
    unsigned n_spoken;
};

struct coach {
    enum plan_cues policy;
    double last_cue_s, last_praise_s, last_stop_s, above_s; /* above: the ceiling, last */
    double recent_s[COACH_CUES_A_MINUTE];                   /* when the last cues were given */
    double on_step_since_s, well_since_s;                   /* NaN */
    struct coach_fault_state faults[N_COACH_FAULTS];
    enum coach_fault corrected; /* praise is due when it is mended; N_COACH_FAULTS: nothing is */
    unsigned n_praises;         /* in this step */
    unsigned n_stops;           /* in a row */
    struct coach_holds holds;
    struct coach_attention attention;
    bool has_pain, pain_is_new; /* a report stands; it has not been answered */
    unsigned n_pains;           /* reports of pain in a row */
    bool is_easing;             /* the last one was of less than the one before */
    float pain;                 /* NaN: the button */
    float pain_limit_kpa;       /* where it hurt, less a fifth; NaN */
};

void coach_init(struct coach *coach, enum plan_cues policy);

/**
 * Another step: faults are forgotten, the receiver's pain is not.
 * @param is_elsewhere  at another region: how hard it was where it hurt says nothing there
 */
void coach_begin_step(struct coach *coach, bool is_elsewhere);

/**
 * The receiver said how it feels.
 * @param pain  0 none .. 10 the worst; NaN: the button, which is pain without a number
 */
void coach_comfort(struct coach *coach, float pain);

/**
 * What to say now. Call ten times a second.
 * @param cue  out: set when the answer is not COACH_NOTHING
 */
enum coach_word coach_execute(struct coach *coach, const struct coach_view *view,
                              struct coach_cue *cue);

/** A cue that the plan gives, not the hands ("move on"): it counts for the silence after it. */
void coach_note(struct coach *coach, double device_s);

/** "lighter", "move on", ... as on the feed. */
const char *coach_word_name(enum coach_word word);

/** "pressure", "pace", ...; "" for none. And the unit of its numbers. */
const char *coach_measure_name(enum coach_measure measure);
const char *coach_measure_unit(enum coach_measure measure);

/** "myofascial release", as a person says it. @param text out: [n_space] */
void coach_tell_technique(char *text, size_t n_space, enum technique technique);

#endif
