/* SPDX-License-Identifier: MIT */
/* move.h - the techniques that the therapist knows, in one table
 *
 * A move says what its hands do within one cycle: where each lobe is and how hard it presses, as a
 * pure function of the cycle's draws and the time within it. Cycles are strung together by
 * acting.h. A file a family: move_glide.c, move_knead.c, move_strike.c, move_hold.c; move_weigh.c
 * has the loads of a calibration; move.c holds the table. */
#ifndef MOVE_H
#define MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "therapist/lobe.h"

/* What a script may set: name=value. Units end the name. */
enum move_param {
    PARAM_PACE_CPM,
    PARAM_FORCE_N,
    PARAM_X_MM,
    PARAM_Y_MM,
    PARAM_SIZE,
    PARAM_ANGLE_DEG,
    PARAM_IRREGULARITY_PCT,
    PARAM_VARIATION_PCT,
    PARAM_WANDER_MM,
    PARAM_GLIDE_MM,
    PARAM_RETURN_PCT,
    PARAM_CONTACT_MS,
    PARAM_RIPPLE_PCT,
    PARAM_SPEED_MM_S,
    PARAM_PUSH_S,
    PARAM_HOLD_S,
    PARAM_PRESSURE_KPA,
    PARAM_MASS_KG,
    PARAM_DIAMETER_MM,
    PARAM_SKEW_PCT,
    PARAM_HESITATION_PCT,
    PARAM_UNREST_PCT,
    PARAM_SWAY_MM,
    PARAM_SLACK_S,
    N_PARAMS
};

struct move_param_info {
    const char *name;
    float least, most;
};

/** [N_PARAMS] */
extern const struct move_param_info move_params[N_PARAMS];

enum { MOVE_STYLES_MAX = 4, LOBES_MAX = 24 };

enum hands_used { HANDS_LEFT = 1 << HAND_LEFT, HANDS_RIGHT = 1 << HAND_RIGHT, HANDS_BOTH = 3 };

struct move;

/* One line of a script. */
struct step {
    const struct move *move;
    unsigned line; /* in the script */
    double duration_s;
    unsigned hands;        /* enum hands_used */
    unsigned style;        /* index into the move's styles */
    unsigned shape;        /* enum hand_shape; 0: the technique's own */
    float value[N_PARAMS]; /* NAN: the move decides */
    /* Of a load that stands still: what stood there before, in its own unit, and whether the next
     * step goes on from this one. Then nothing is lifted in between. */
    float before;
    bool stays;
};

/* The part of the body that is there to be worked on: half extents of the array. */
struct stage {
    float centre_x_mm, centre_y_mm;
    float half_x_mm, half_y_mm;
};

/* How long a cycle is. */
struct cycle_plan {
    double period_s;  /* to the start of the next */
    double contact_s; /* how long the hands touch: the cycle as the truth tells it */
};

/* Where the hands are in a cycle: what a pose follows from. */
struct moment {
    const struct step *step;
    const struct stage *stage;
    struct cycle_plan plan; /* of this cycle, as drawn */
    double time_s;          /* within the cycle, 0..period_s */
    uint64_t index;         /* of the cycle within the step */
    float x_mm, y_mm;       /* place, with its wander */
    float force_n;          /* as drawn */
};

/* A stiff round plate on the skin: the same pressure all over it. */
struct puck {
    float force_n; /* 0: none */
    float x_mm, y_mm, radius_mm;
};

struct pose {
    float even_kpa; /* on every taxel alike: a bladder over the whole array */
    struct puck puck;
    unsigned n_lobes;
    struct lobe lobes[LOBES_MAX];
    float glide_mm_s; /* speed over the skin; what a glove feels of it is a ripple of shear */
    int tracked_hand; /* whose path is the cycle's; -1: of all hands */
};

struct move {
    const char *name; /* as design and feed have it */
    bool held;        /* the hands stay on between cycles; acting.h lays them on and lifts them */
    bool alternates;  /* with both hands, each takes every other cycle */
    bool stands;      /* not a hand but a load, there for the whole step */
    unsigned hands;   /* usual */
    float place_x, place_y;              /* usual place, of the stage's half extents */
    const char *styles[MOVE_STYLES_MAX]; /* the first is the usual; NULL ends */
    float usual[N_PARAMS];               /* NAN where the move decides */
    uint32_t takes;                      /* bit p: takes parameter p */

    /** The length of a cycle without irregularity, given that the step has `budget_s` for its
     * cycles. NULL: a rest. */
    struct cycle_plan (*plan)(const struct step *step, double budget_s);
    /** Where the hands are; `pose` comes emptied. */
    void (*pose)(const struct moment *moment, struct pose *pose);
};

/** [move_n] */
extern const struct move move_table[];
extern const size_t move_n;

/** NULL when there is none. */
const struct move *move_find(const char *name);

/** The move's own name for a style, "" when it has none. */
const char *move_style(const struct step *step);

/* Families. */
struct cycle_plan move_plan_pace(const struct step *step, double budget_s);
struct cycle_plan move_plan_effleurage(const struct step *step, double budget_s);
struct cycle_plan move_plan_release(const struct step *step, double budget_s);
struct cycle_plan move_plan_strike(const struct step *step, double budget_s);
struct cycle_plan move_plan_hold(const struct step *step, double budget_s);
struct cycle_plan move_plan_energy(const struct step *step, double budget_s);

/** The weight in a step's own unit: kilograms of a puck, kPa of an even load. */
float move_weight(const struct step *step);
/** Whether a load of `step` goes on as `next` without being lifted: same kind, place and plate. */
bool move_goes_on(const struct step *step, const struct step *next);

void move_pose_load(const struct moment *moment, struct pose *pose);
void move_pose_puck(const struct moment *moment, struct pose *pose);
void move_pose_effleurage(const struct moment *moment, struct pose *pose);
void move_pose_rolling(const struct moment *moment, struct pose *pose);
void move_pose_release(const struct moment *moment, struct pose *pose);
void move_pose_petrissage(const struct moment *moment, struct pose *pose);
void move_pose_friction(const struct moment *moment, struct pose *pose);
void move_pose_vibration(const struct moment *moment, struct pose *pose);
void move_pose_shaking(const struct moment *moment, struct pose *pose);
void move_pose_tapotement(const struct moment *moment, struct pose *pose);
void move_pose_compression(const struct moment *moment, struct pose *pose);
void move_pose_myofascial(const struct moment *moment, struct pose *pose);
void move_pose_energy(const struct moment *moment, struct pose *pose);
void move_pose_stretching(const struct moment *moment, struct pose *pose);

#endif
