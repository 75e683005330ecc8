/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hold_view.h - how one hold of a calibration looked: where the load lay, which taxels it covered,
 * and what they showed over time
 *
 * A hold that cannot be used is refused with a sentence that names its step and says what to do:
 * nothing pressed, something beside the puck, a puck that hangs over the edge, covers no taxel
 * wholly, or moved. */
#ifndef HOLD_VIEW_H
#define HOLD_VIEW_H

#include "error.h"
#include "signal/calibration_puck.h"
#include "signal/calibration_run.h"
#include "signal/sensor_calibration.h"

/* Contact is felt at once and settles: what is measured sooner is still being put on. */
#define HOLD_SETTLES_S 1.0

/* What holds are looked at with. */
struct hold_scene {
    const struct calibration_run *run;
    const struct array_layout *layout;
    const struct sensor_calibration *calibration; /* gains and marks */
    float *zero_counts, *noise_counts;            /* [n_taxels] */
    double *felt;                                 /* [n_taxels] room for work */
};

struct hold_view {
    unsigned step; /* the hold's number in the run, from 1 */
    const struct calibration_hold *hold;
    struct puck_place place;
    unsigned n_whole;
    bool *whole;   /* [n_taxels] wholly under the load, and not at full scale; owned */
    double *bin_g; /* [n_bins] mean conductance over gain of the whole taxels, uS; owned */
    bool is_full;  /* at full scale: not used */
    bool rising;   /* reached from below: the load before it was lighter, elsewhere, or none */
};

/**
 * Look at hold k, an even load or a puck.
 * @param view  out; finished by the caller, also after a failure
 * @return THENAR_OK; THENAR_ERR_VALUE it cannot be used; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status hold_view_init(struct hold_view *view,
                                                   const struct hold_scene *scene, unsigned k,
                                                   struct thenar_error *error);
void hold_view_finish(struct hold_view *view);

/** Conductance over gain of taxel i in one bin, above what it shows of nothing, uS. */
double hold_conductance_us(const struct hold_scene *scene, const struct calibration_hold *hold,
                           unsigned bin, size_t i);

/** Time since contact in the middle of a bin. */
double hold_view_age_s(const struct hold_view *view, unsigned bin);

#endif
