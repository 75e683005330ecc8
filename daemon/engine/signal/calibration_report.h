/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_report.h - what the fit of a calibration saw: each load, and what it warns of */
#ifndef CALIBRATION_REPORT_H
#define CALIBRATION_REPORT_H

#include "signal/calibration_run.h"

#define CALIBRATION_REFERENCE_S 3.0
enum { CALIBRATION_WARNINGS_MAX = 12, CALIBRATION_WARNING_BYTES = 240 };

/* One hold of the puck, as the fit saw it. */
struct calibration_point {
    unsigned step; /* the hold's number in the run, from 1 */
    char label[HOLD_LABEL_BYTES];
    double load_kpa;
    double conductance_us; /* of a taxel of gain 1, at the reference time */
    double reading_kpa;    /* by the law that came out */
    double x_mm, y_mm;     /* the puck's middle */
    unsigned n_taxels;     /* wholly under it */
    bool rising;           /* reached from below */
    bool used;             /* false: at full scale */
};

struct calibration_report {
    unsigned n_points;
    struct calibration_point points[CALIBRATION_HOLDS_MAX];
    unsigned n_levels;    /* different rising loads */
    double power_rms_pct; /* residual of the power law, of pressure */
    double loop_pct;      /* falling above rising, of pressure; NaN: no falling loads */
    double repeat_pct;    /* same load again; NaN: none was repeated */
    double creep_s;       /* longest hold that the creep was fitted to; 0: none */
    double even_pct;      /* an even load of known pressure by the law, off by; NaN: not known */
    unsigned n_warnings;
    char warnings[CALIBRATION_WARNINGS_MAX][CALIBRATION_WARNING_BYTES];
};

/** One more warning, as printf; those beyond CALIBRATION_WARNINGS_MAX are dropped. */
__attribute__((format(printf, 2, 3))) void calibration_warn(struct calibration_report *report,
                                                            const char *format, ...);

#endif
