/* SPDX-License-Identifier: GPL-3.0-or-later */
/* array_layout.h - the sensing array and its sensors, as the engine sees them
 *
 * Plain data: the daemon fills it from a device's HELLO, the offline tools from their options. */
#ifndef ARRAY_LAYOUT_H
#define ARRAY_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor_spline.h"
#include "status.h"

enum array_mount { MOUNT_PAD, MOUNT_TORSO, MOUNT_MAT, MOUNT_GLOVE, N_MOUNTS };

enum sensor_circuit {
    SENSOR_DIVIDER,        /* counts = full scale * G R / (1 + G R) */
    SENSOR_TRANSIMPEDANCE, /* counts = full scale * G R */
    SENSOR_LINEAR          /* counts are proportional to whatever was measured (a recording) */
};

/* What the samples of the source are, and what the engine's values therefore mean. */
enum sample_unit {
    UNIT_COUNTS, /* ADC counts: kPa when `calibrated`, relative otherwise */
    UNIT_KPA,    /* already pressure */
    UNIT_N       /* already force a taxel */
};

/* How conductance goes on rising under a load that stays: t seconds after the load came,
 *     G(t) = G(reference_s) * (1 + pct_decade / 100 * log10(t / reference_s)),   onset_s <= t <=
 * limit_s and it goes back the same way when the load does. The curve of the law is that of
 * reference_s. */
struct sensor_creep {
    float pct_decade;  /* of conductance; 0: none, or not measured */
    float reference_s; /* > 0 where pct_decade is not 0 */
    float onset_s;     /* earlier than this the fit did not look */
    float limit_s;     /* nor later than this: the longest hold that was measured */
};

/* Standard uncertainties (k = 1) of a calibrated pressure, of the reading; 0: not known apart. */
struct sensor_uncertainty {
    float repeatability_pct; /* the same load put on again */
    float hysteresis_pct;    /* on the way up or down: it is not known which */
    float creep_pct;         /* what the creep model leaves, within its limits */
    float fit_pct;           /* rms residual of the law. Not an accuracy */
    float reference_pct;     /* of the weights, scale or load cell, and of the puck's area */
};

struct sensor_law {
    enum sample_unit unit;
    enum sensor_circuit circuit;
    float full_scale_counts; /* 2^adc_bits - 1, or the largest value that a recording can hold */
    float reference_ohm;
    bool calibrated;             /* the law below was measured on this device */
    float conductance_100kpa_us; /* microsiemens, of a taxel of gain 1 */
    float exponent;              /* G = gain * G100 * (p / 100 kPa)^exponent */
    float uncertainty_pct;       /* standard uncertainty of a calibrated reading, of the reading */
    struct sensor_spline spline; /* with knots: p = spline(G) * gain^(-1 / exponent) instead */
    struct sensor_creep creep;
    struct sensor_uncertainty uncertainty; /* uncertainty_pct in its parts */
};

/* Uncalibrated, the engine works in relative units: full scale counts as 100, as if kPa. Publish
 * such values divided by this, under names that end in _rel, 0..1. */
enum { RELATIVE_FULL_SCALE = 100 };

struct array_layout {
    enum array_mount mount;
    uint16_t n_rows, n_cols;
    size_t n_taxels; /* n_rows * n_cols */
    float rate_hz;   /* nominal frame rate */
    float pitch_x_mm, pitch_y_mm;
    float *x_mm;        /* [n_taxels] from the array's centre; x grows with the column */
    float *y_mm;        /* [n_taxels] y grows with the row */
    float *cell_mm2;    /* [n_taxels] surface that the taxel stands for: force = sum of p * cell */
    float *sensing_mm2; /* [n_taxels] area that the taxel itself feels; force a taxel / this = p */
    float *gain;        /* [n_taxels] of the sensor law; 1 when unknown */
    bool *exists;       /* [n_taxels] */
    bool has_sneak_paths; /* lines that are not read float: readings hold the whole network */
    struct sensor_law sensor;
};

/**
 * Make a regular grid: every taxel exists, cell = pitch x pitch, sensing = cell, gain 1, sensor
 * zeroed. The caller changes what differs.
 *
 * @return THENAR_OK; THENAR_ERR_ARGUMENT no rows or columns, more than 4096 taxels, pitch or rate
 *         not positive; THENAR_ERR_MEMORY. On failure `layout` is finished already.
 * Owner: caller; array_layout_finish frees the arrays
 */
THENAR_NODISCARD enum thenar_status array_layout_init(struct array_layout *layout, uint16_t n_rows,
                                                      uint16_t n_cols, float pitch_x_mm,
                                                      float pitch_y_mm, float rate_hz);

/** Copy, arrays included. */
THENAR_NODISCARD enum thenar_status array_layout_copy(struct array_layout *layout,
                                                      const struct array_layout *from);

/** Free the arrays; a layout of zeros, or one finished before, is allowed. */
void array_layout_finish(struct array_layout *layout);

/** True when values are in kPa rather than relative. */
static inline bool array_layout_is_kpa(const struct array_layout *layout)
{
    return layout->sensor.unit != UNIT_COUNTS || layout->sensor.calibrated;
}

#endif
