/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hold_watch.h - holds, told by the force alone: how many, how long, how deep, in what rhythm
 *
 * For techniques that are held (compression, the releases, muscle energy, stretching), and for what
 * a mount cannot name: the plan or a person declares it, and this measures it. A hold begins when
 * the force has come up well above what it was, and ends when it has gone back; what lies beneath
 * is followed and left out. Pure; allocates nothing. */
#ifndef HOLD_WATCH_H
#define HOLD_WATCH_H

#include <stdbool.h>

enum { HOLD_STARTS = 5 };

struct hold_reading {
    bool is_holding;
    float age_s;      /* of the hold under way; NaN */
    unsigned n_holds; /* that ended, 1 s long at least */
    float hold_s;     /* length of the last that ended; NaN */
    float lock_kpa;   /* mean pressure of the hold under way, else of the last, without the way up
                       * and down; NaN */
    float now_kpa;    /* of the hold under way, its last second or so; NaN */
    float rhythm_cpm; /* holds a minute, begin to begin, over the last ones; NaN: fewer than two */
};

struct hold_watch {
    float swing_least_n; /* that must come and go */
    bool is_running, is_holding;
    double last_s, start_s;
    float low, high; /* what the force moves between */
    float level_n;   /* of the hold under way, lately */
    struct hold_span {
        double kpa_s, time_s;
    } settled, late, latest; /* pressure over time: the hold, and its last moments */
    unsigned n_holds, n_starts;
    double starts_s[HOLD_STARTS];
    float hold_s, lock_kpa, now_kpa;
};

/** @param is_mat  the force is a change of load on a mat: breath and creep are no holds */
void hold_watch_init(struct hold_watch *watch, bool is_mat);

/** One frame. @param pressure_kpa NaN where there is no such thing */
void hold_watch_execute(struct hold_watch *watch, double device_s, float force_n,
                        float pressure_kpa);

/** What is known now. */
void hold_watch_read(const struct hold_watch *watch, struct hold_reading *reading);

#endif
