/* SPDX-License-Identifier: MIT */
/* truth_log.h - what the hands really did, as CSV
 *
 * kind,technique,style,hand,start_s,end_s,pace_cpm,mean_force_n,peak_force_n,path_mm,direction_deg
 *
 * A row `cycle` when a cycle is over, a row `step` when the hands have left. Times are the
 * device's. What does not apply is left empty. */
#ifndef TRUTH_LOG_H
#define TRUTH_LOG_H

#include <stdio.h>

#include "error.h"
#include "therapist/move.h"

struct truth_log;

/* One cycle as it came out. */
struct truth_cycle {
    unsigned hands; /* enum hands_used */
    double start_s, end_s;
    double mean_force_n, peak_force_n; /* of all hands together, while they touch */
    double path_mm;                    /* way of the tracked hand's centre of force */
    double direction_deg;              /* of its displacement, from +x; NAN below 5 mm */
};

/* A step as it adds up. */
struct truth_sum {
    uint64_t n_cycles;
    double first_start_s, last_start_s, last_period_s;
    double contact_s, impulse_n_s, peak_force_n;
};

/** @return THENAR_OK; THENAR_ERR_OS with the reason; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status truth_log_open(struct truth_log **out, const char *path,
                                                   struct thenar_error *error);
/** The same into a stream that the caller keeps open until truth_log_close, and closes. */
THENAR_NODISCARD enum thenar_status truth_log_attach(struct truth_log **out, FILE *file,
                                                     struct thenar_error *error);
void truth_log_close(struct truth_log *log);

/** Device time of scene time 0. */
void truth_log_origin(struct truth_log *log, double origin_s);

/** NULL is allowed and drops the row. Rows are flushed. Context: allocates nothing. */
void truth_log_cycle(struct truth_log *log, const struct step *step,
                     const struct truth_cycle *cycle);
void truth_log_step(struct truth_log *log, const struct step *step, double start_s, double end_s,
                    const struct truth_sum *sum);

/** Add a cycle, of `period_s` to the next, to its step's sum. */
void truth_sum_add(struct truth_sum *sum, const struct truth_cycle *cycle, double period_s);

/** Cycles a minute as realised; NAN with fewer than two cycles. */
double truth_sum_pace_cpm(const struct truth_sum *sum);

#endif
