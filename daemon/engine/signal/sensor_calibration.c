/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/sensor_calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const mark_names[N_TAXEL_MARKS] = {
    [TAXEL_GOOD] = "good",   [TAXEL_ABSENT] = "absent",       [TAXEL_DEAD] = "dead",
    [TAXEL_STUCK] = "stuck", [TAXEL_SATURATED] = "saturated", [TAXEL_UNEVEN] = "uneven",
};

enum thenar_status sensor_calibration_init(struct sensor_calibration *calibration, uint16_t n_rows,
                                           uint16_t n_cols)
{
    struct sensor_calibration *c = calibration;
    memset(c, 0, sizeof *c);
    size_t n = (size_t)n_rows * n_cols;
    if (n == 0 || n > CALIBRATION_MAX_TAXELS)
        return THENAR_ERR_ARGUMENT;
    c->n_rows = n_rows;
    c->n_cols = n_cols;
    c->n_taxels = n;
    c->identity.temperature_c = NAN;
    c->gain = calloc(n, sizeof *c->gain);
    c->residual_pct = calloc(n, sizeof *c->residual_pct);
    c->mark = calloc(n, sizeof *c->mark);
    if (!c->gain || !c->residual_pct || !c->mark) {
        sensor_calibration_finish(c);
        return THENAR_ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        c->gain[i] = 1.0F;
        c->residual_pct[i] = NAN;
        c->mark[i] = TAXEL_ABSENT;
    }
    return THENAR_OK;
}

void sensor_calibration_finish(struct sensor_calibration *calibration)
{
    free(calibration->gain);
    free(calibration->residual_pct);
    free(calibration->mark);
    memset(calibration, 0, sizeof *calibration);
}

static const char *circuit_name(enum sensor_circuit circuit)
{
    return circuit == SENSOR_DIVIDER          ? "a voltage divider"
           : circuit == SENSOR_TRANSIMPEDANCE ? "a transimpedance stage"
                                              : "a linear reading";
}

static bool is_near(float a, float b)
{
    return fabsf(a - b) <= 1e-3F * fabsf(b);
}

enum thenar_status sensor_calibration_apply(const struct sensor_calibration *calibration,
                                            struct array_layout *layout, struct thenar_error *error)
{
    const struct sensor_calibration *c = calibration;
    const struct sensor_law *now = &layout->sensor;
    if (c->n_rows != layout->n_rows || c->n_cols != layout->n_cols)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the calibration is of %u x %u taxels and the device has %u x %u: "
                           "calibrate this device",
                           c->n_rows, c->n_cols, layout->n_rows, layout->n_cols);
    if (now->unit != UNIT_COUNTS)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the values are %s already: a calibration is for counts",
                           now->unit == UNIT_KPA ? "kPa" : "newtons");
    if (c->law.circuit != now->circuit)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the calibration was taken with %s and the device has %s: calibrate it "
                           "anew",
                           circuit_name(c->law.circuit), circuit_name(now->circuit));
    if (!is_near(c->law.full_scale_counts, now->full_scale_counts))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the calibration was taken with a full scale of %g counts and the "
                           "device has %g: calibrate it anew",
                           (double)c->law.full_scale_counts, (double)now->full_scale_counts);
    if (now->reference_ohm > 0 && !is_near(c->law.reference_ohm, now->reference_ohm))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the calibration was taken with a resistor of %g ohm and the device "
                           "has %g ohm: calibrate it anew",
                           (double)c->law.reference_ohm, (double)now->reference_ohm);
    layout->sensor = c->law;
    memcpy(layout->gain, c->gain, c->n_taxels * sizeof *c->gain);
    return THENAR_OK;
}

bool sensor_calibration_is_expired(const struct sensor_calibration *calibration, const char *day)
{
    return strcmp(day, calibration->identity.expires) >= 0;
}

unsigned sensor_calibration_n_marked(const struct sensor_calibration *calibration,
                                     enum taxel_mark mark)
{
    unsigned n = 0;
    for (size_t i = 0; i < calibration->n_taxels; i++)
        n += calibration->mark[i] == mark;
    return n;
}

double sensor_law_conductance_us(const struct sensor_law *law, double counts)
{
    double full = (double)law->full_scale_counts, c = fmin(fmax(counts, 0.0), full);
    double us_full = 1e6 / (law->reference_ohm > 0 ? (double)law->reference_ohm : 1.0);
    switch (law->circuit) {
    case SENSOR_DIVIDER:
        c = fmin(c, full - 1.0);
        return us_full * c / (full - c);
    case SENSOR_TRANSIMPEDANCE:
        return us_full * c / full;
    case SENSOR_LINEAR:
        break;
    }
    return c;
}

double sensor_law_pressure_kpa(const struct sensor_law *law, double conductance_us)
{
    if (law->spline.n_knots > 0)
        return sensor_spline_pressure_kpa(&law->spline, conductance_us);
    return conductance_us > 0.0 ? 100.0 * pow(conductance_us / (double)law->conductance_100kpa_us,
                                              1.0 / (double)law->exponent)
                                : 0.0;
}

float sensor_uncertainty_total_pct(const struct sensor_uncertainty *uncertainty)
{
    const struct sensor_uncertainty *u = uncertainty;
    return sqrtf(u->repeatability_pct * u->repeatability_pct +
                 u->hysteresis_pct * u->hysteresis_pct + u->creep_pct * u->creep_pct +
                 u->fit_pct * u->fit_pct + u->reference_pct * u->reference_pct);
}

const char *taxel_mark_name(enum taxel_mark mark)
{
    return mark_names[mark];
}

bool taxel_mark_of(const char *name, enum taxel_mark *mark)
{
    for (unsigned k = 0; k < N_TAXEL_MARKS; k++)
        if (strcmp(name, mark_names[k]) == 0) {
            *mark = (enum taxel_mark)k;
            return true;
        }
    return false;
}
