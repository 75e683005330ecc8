/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensor_calibration.h - what was measured of one device's sensors: the law, each taxel, how sure
 *
 * `thenar calibrate` fits it (calibration_fit.h), a file keeps it (calibration_file.h), and
 * sensor_calibration_apply() puts it into an array_layout, from which the pipeline takes all that
 * it uses: sensor_law (curve, creep, uncertainty) and the gain of each taxel. Plain data. */
#ifndef SENSOR_CALIBRATION_H
#define SENSOR_CALIBRATION_H

#include "array_layout.h"
#include "error.h"

enum { CALIBRATION_TEXT_BYTES = 96, CALIBRATION_DATE_BYTES = 12, CALIBRATION_MAX_TAXELS = 4096 };

/* What became of a taxel in the calibration. Only GOOD ones have a measured gain. */
enum taxel_mark {
    TAXEL_GOOD,
    TAXEL_ABSENT,    /* does not exist */
    TAXEL_DEAD,      /* read nothing under the even load */
    TAXEL_STUCK,     /* read the same whatever the load */
    TAXEL_SATURATED, /* at full scale under a load that the others measured */
    TAXEL_UNEVEN,    /* answers, but does not follow the law that the others share */
    N_TAXEL_MARKS
};

/* With what and by whom; days are UTC, "2026-11-21". */
struct calibration_identity {
    char serial[CALIBRATION_TEXT_BYTES]; /* of the device: the key */
    char model[CALIBRATION_TEXT_BYTES];
    char firmware[CALIBRATION_TEXT_BYTES];
    char date[CALIBRATION_DATE_BYTES];
    char expires[CALIBRATION_DATE_BYTES];       /* first day on which it no longer holds */
    char reference[CALIBRATION_TEXT_BYTES];     /* "dead weights M1 set 4711, puck 25 mm" */
    float reference_uncertainty_pct;            /* standard, of the reference's reading */
    char operator_name[CALIBRATION_TEXT_BYTES]; /* may be "" */
    char note[CALIBRATION_TEXT_BYTES];          /* may be "" */
    float temperature_c;                        /* NaN: unknown */
};

struct sensor_calibration {
    struct calibration_identity identity;
    uint16_t n_rows, n_cols;
    size_t n_taxels;
    struct sensor_law law;   /* unit COUNTS, calibrated; also the front end it was taken on */
    float low_kpa, high_kpa; /* the loads that were measured; beyond them it extrapolates */
    float *gain;             /* [n_taxels] 1 where not measured */
    float *residual_pct;     /* [n_taxels] rms of the fit, of pressure; NaN: not measured */
    enum taxel_mark *mark;   /* [n_taxels] */
};

/** All taxels absent, gain 1. @return THENAR_OK; THENAR_ERR_ARGUMENT size; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status sensor_calibration_init(struct sensor_calibration *calibration,
                                                            uint16_t n_rows, uint16_t n_cols);
/** One of zeros, or finished before, is allowed. */
void sensor_calibration_finish(struct sensor_calibration *calibration);

/**
 * Let `layout` use it: its sensor law becomes the calibration's, its gains the measured ones.
 * Taxels that are dead or stuck keep existing: the pipeline finds those by itself.
 *
 * @return THENAR_OK; THENAR_ERR_VALUE it was taken on an array of another size, or on another front
 *         end (circuit, resistor, ADC): the sentence says which; `layout` is as it was
 */
THENAR_NODISCARD enum thenar_status sensor_calibration_apply(
    const struct sensor_calibration *calibration, struct array_layout *layout,
    struct thenar_error *error);

/** Whether it no longer holds on `day` ("2026-11-21"). */
bool sensor_calibration_is_expired(const struct sensor_calibration *calibration, const char *day);

unsigned sensor_calibration_n_marked(const struct sensor_calibration *calibration,
                                     enum taxel_mark mark);

/** Conductance behind a reading of the front end, microsiemens; readings that are linear in what
 * was measured (SENSOR_LINEAR) stand for themselves. At full scale a divider's is that of one count
 * less. */
double sensor_law_conductance_us(const struct sensor_law *law, double counts);

/** Pressure of a taxel of gain 1 by a calibrated law: its spline, or its power. */
double sensor_law_pressure_kpa(const struct sensor_law *law, double conductance_us);

/** All parts of the uncertainty together: the root of the sum of squares. */
float sensor_uncertainty_total_pct(const struct sensor_uncertainty *uncertainty);

/** "good", "dead", ...; and back: false when there is none of that name. */
const char *taxel_mark_name(enum taxel_mark mark);
bool taxel_mark_of(const char *name, enum taxel_mark *mark);

#endif
