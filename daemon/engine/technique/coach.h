/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coach.h - what a teacher would say now: one short cue, or nothing
 *
 * Looks at what is done beside the step in force, ten times a second. The rules of the house:
 *   - above the ceiling: "stop", whatever else;
 *   - "deeper" never above the ceiling, on a saturated or uncalibrated contact, or after the
 *     receiver reported pain; a report while hands are on gives "lighter";
 *   - no pressure cue on a mat;
 *   - bands that are conventions or analogues give no cue, unless all are asked for.
 * It never nags: a fault must last, one thing is spoken of at a time, after a cue there is silence,
 * the same cue comes again later and later, and praise is rare. Pure; allocates nothing. */
#ifndef COACH_H
#define COACH_H

#include "technique/hold_watch.h"
#include "technique/plan.h"

/* Cues in any minute of time, "stop" not counted. */
enum { COACH_CUES_A_MINUTE = 6, COACH_TEXT_BYTES = 200 };

/* Seconds. */
#define COACH_QUIET_S 8.0  /* between two cues */
#define COACH_AGAIN_S 20.0 /* until the same cue comes again; then twice that, and so on */
#define COACH_STOP_AGAIN_S 5.0
#define COACH_PRAISE_S 45.0  /* between two praises */
#define COACH_DWELL_S 3.0    /* how long a fault must last */
#define COACH_TOO_LATE_S 6.0 /* before a step's end: nothing can be mended any more */
#define COACH_SETTLE_S 5.0   /* doing the step before anything is said of how */

/* From here on a report of pain (0 none, 10 the worst) is one that the coach obeys. */
#define COACH_PAIN 4.0F

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

enum coach_policy {
    COACH_TRUSTED, /* measured bands and the instructor's */
    COACH_ALL,     /* conventions and analogues too */
    COACH_OFF,     /* nothing but "stop", and "lighter" after a report of pain */
    N_COACH_POLICIES
};

enum coach_measure {
    COACH_OF_NOTHING,
    COACH_OF_PRESSURE, /* kPa */
    COACH_OF_PACE,     /* cycles a minute */
    COACH_OF_REGULARITY,
    COACH_OF_HOLD, /* s */
    COACH_OF_TIME, /* s */
    COACH_OF_COMFORT
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
    bool is_on_step;    /* what is done is what the step wants */
    bool is_saturated;  /* lately: the pressure is at least what is said */
    float peak_kpa;     /* largest of the last tenth of a second */
    float pressure_kpa; /* of the last cycle, or of the hold */
    float pace_cpm, regularity_pct;
    float left_s; /* until the step ends by itself; NaN: it does not */
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
    double spoken_s; /* when it was spoken of last in this step; -inf */
    unsigned n_spoken;
};

struct coach {
    enum coach_policy policy;
    double last_cue_s, last_praise_s, last_stop_s;
    double recent_s[COACH_CUES_A_MINUTE]; /* when the last cues were given */
    double on_step_since_s, well_since_s; /* NaN */
    struct coach_fault_state faults[N_COACH_FAULTS];
    bool was_corrected; /* praise is due when it is mended */
    double hold_cue_s;
    unsigned n_hold_cues, n_holds_seen;
    bool hold_praised, hold_overdue;
    bool has_pain, pain_is_new; /* a report stands; it has not been answered */
    float pain;                 /* NaN: the button */
    float pain_limit_kpa;       /* where it hurt, less a fifth; NaN */
};

void coach_init(struct coach *coach, enum coach_policy policy);

/** Another step: faults are forgotten, the receiver's pain is not. */
void coach_begin_step(struct coach *coach);

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

/** Whether a band gives cues under a policy. */
bool coach_heeds(enum coach_policy policy, enum plan_mark mark);

/** "lighter", "move on", ... as on the feed. */
const char *coach_word_name(enum coach_word word);

/** "pressure", "pace", ...; "" for none. And the unit of its numbers. */
const char *coach_measure_name(enum coach_measure measure);
const char *coach_measure_unit(enum coach_measure measure);

/** "trusted", "all", "off". */
const char *coach_policy_name(enum coach_policy policy);
/** The other way; N_COACH_POLICIES when it is none of them. */
enum coach_policy coach_policy_from_name(const char *name);

#endif
