/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mat_load.h - what a mat under a lying person can say: change of load, pace, breath, shifts
 *
 * The person's weight is on the mat all the time, and the body between spreads a hand over a
 * hand's breadth: pressure at the skin and place cannot be seen here. What can be told apart is
 * told by what each does to the whole load and to its distribution over 4 x 4 zones:
 *
 *   hands       add to the whole load; its rhythm is their pace
 *   breath      moves load between chest and pelvis and hardly changes the whole: the main
 * component of the zones, once their part in the whole is taken off, 6 to 30 times a minute a shift
 * moves load from some zones to others within three seconds, and it stays there
 *
 * The change of load is counted from the lying body: from a tare, or from the first four quiet
 * seconds. That zero follows creep while the change is within 8 N, stands still while hands press,
 * and is taken anew when the person shifts, lies down or gets up. A pause of a hand that was there
 * when the zero was taken reads as negative until the load has been quiet for four seconds.
 *
 * In the array's unit: newtons when calibrated, else relative (RELATIVE_FULL_SCALE for kPa). */
#ifndef MAT_LOAD_H
#define MAT_LOAD_H

#include "array_layout.h"

struct mat_reading {
    float load_change_n; /* NaN: no zero yet, or this is no mat */
    float pace_cpm, pace_confidence;
    float breath_cpm, breath_confidence; /* NaN: not seen, or hands move as fast */
    float shift_n;     /* load that the last shift moved, within 10 %; NaN: none */
    float shift_age_s; /* since it was over; NaN with it */
};

/** Nothing: what every other mount reads. */
struct mat_reading mat_reading_none(void);

struct mat_load;

/** @param layout  read, not kept. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status mat_load_create(struct mat_load **out,
                                                    const struct array_layout *layout);
void mat_load_destroy(struct mat_load *mat);

/** Histories begin anew with the next frame, after a gap; the zero stays. */
void mat_load_reset(struct mat_load *mat);

/** What is felt now has just become zero. */
void mat_load_tared(struct mat_load *mat);

/**
 * One frame.
 * @param pressure  [n_taxels] filtered, below zero too; 0 where no taxel exists
 * @return borrowed until the next call
 * Context: pipeline thread; allocates nothing
 */
const struct mat_reading *mat_load_execute(struct mat_load *mat, double device_s,
                                           const float *pressure);

#endif
