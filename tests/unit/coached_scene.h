/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coached_scene.h - a whole session of the virtual therapist under a plan, through the pipeline */
#ifndef COACHED_SCENE_H
#define COACHED_SCENE_H

#include "technique/coaching.h"

enum { COACHED_SAID_MAX = 200, COACHED_COMMANDS_MAX = 24 };

/* What somebody says or does meanwhile. */
struct coached_command {
    double at_s;
    enum { COACHED_NEXT, COACHED_COMFORT, COACHED_DECLARE } kind;
    float pain;               /* COMFORT; NaN: the button */
    enum technique technique; /* DECLARE */
};

struct coached_scene {
    const char *script; /* the therapist's, as text */
    const struct plan *plan;
    enum plan_cues cues;
    bool follows_hands;
    struct coached_command commands[COACHED_COMMANDS_MAX]; /* by time */
    unsigned n_commands;
    /* what comes of it */
    unsigned n_said;
    struct {
        double at_s;
        unsigned step; /* from 1 */
        struct coach_cue cue;
    } said[COACHED_SAID_MAX];
    struct coaching_report report; /* at the end; its step is borrowed from the plan */
    double on_step_s[PLAN_STEPS_MAX];
};

/** On a pad of 16 x 16 taxels, 25 mm, 100 frames a second, calibrated. Fails the test on errors. */
void coached_scene_play(struct coached_scene *scene);

/** How often a word was said between two times. */
unsigned coached_scene_count(const struct coached_scene *scene, enum coach_word word, double from_s,
                             double to_s);

/** What was said, with its times, for whoever reads why a test failed. */
void coached_scene_print(const struct coached_scene *scene);

#endif
