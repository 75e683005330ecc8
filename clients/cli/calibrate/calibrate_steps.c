/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibrate_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double gravity_m_s2 = 9.80665;
static const double zero_s = 5.0;

double calibrate_kpa(double mass_kg, double diameter_mm)
{
    double area_mm2 = 0.25 * 3.14159265358979 * diameter_mm * diameter_mm;
    return 1000.0 * mass_kg * gravity_m_s2 / area_mm2;
}

static struct calibrate_step *add(struct calibrate_procedure *p, enum hold_kind kind, double hold_s)
{
    struct calibrate_step *step = &p->steps[p->n_steps++];
    *step = (struct calibrate_step){.kind = kind,
                                    .mass_kg = (double)NAN,
                                    .load_kpa = (double)NAN,
                                    .hold_s = hold_s,
                                    .at_s = (double)NAN};
    (void)snprintf(step->label, sizeof step->label, kind == HOLD_ZERO ? "no load" : "even load");
    return step;
}

static void add_zero(struct calibrate_procedure *p)
{
    (void)add(p, HOLD_ZERO, zero_s);
}

static void add_weight(struct calibrate_procedure *p, const struct calibrate_choice *choice,
                       double mass_kg, double hold_s, bool lift)
{
    struct calibrate_step *step = add(p, HOLD_PUCK, hold_s);
    step->mass_kg = mass_kg;
    step->diameter_mm = choice->puck_mm;
    step->load_kpa = calibrate_kpa(mass_kg, choice->puck_mm);
    step->lift = lift;
    (void)snprintf(step->label, sizeof step->label, "%.4g kg", mass_kg);
}

static int by_mass(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum thenar_status calibrate_steps_make(struct calibrate_procedure *procedure,
                                        const struct calibrate_choice *choice,
                                        struct thenar_error *error)
{
    struct calibrate_choice c = *choice;
    unsigned n = c.n_weights;
    procedure->n_steps = 0;
    if (n < 2)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%u weight%s: a law needs four different loads or more, from light to "
                           "heavy",
                           n, n == 1 ? "" : "s");
    if (!(c.puck_mm > 0))
        return thenar_fail(error, THENAR_ERR_VALUE, "how wide is the puck? Say --puck-mm");
    qsort(c.weights_kg, n, sizeof c.weights_kg[0], by_mass);
    add_zero(procedure);
    for (unsigned k = 0; k < c.n_even; k++) {
        struct calibrate_step *step = add(procedure, HOLD_EVEN, c.hold_s);
        step->load_kpa = c.even_kpa[k];
        if (!isnan(step->load_kpa))
            (void)snprintf(step->label, sizeof step->label, "even %.4g kPa", step->load_kpa);
    }
    add_zero(procedure);
    for (unsigned k = 0; k < n; k++)
        add_weight(procedure, &c, c.weights_kg[k], c.hold_s, k == 0);
    for (unsigned k = n - 1; k-- > 0;)
        add_weight(procedure, &c, c.weights_kg[k], c.hold_s, false);
    add_zero(procedure);
    add_weight(procedure, &c, c.weights_kg[n / 2], c.long_hold_s, true);
    add_zero(procedure);
    add_weight(procedure, &c, c.weights_kg[n / 4], c.hold_s, true);
    if (n > 3)
        add_weight(procedure, &c, c.weights_kg[n - 1], c.hold_s, false);
    return THENAR_OK;
}

enum thenar_status calibrate_weights_read(struct calibrate_choice *choice, const char *text,
                                          struct thenar_error *error)
{
    choice->n_weights = 0;
    for (const char *at = text; *(at += strspn(at, " ,;\tkg\n"));) {
        char *end;
        double mass_kg = strtod(at, &end);
        if (end == at || !(mass_kg > 0.0 && mass_kg <= 500.0))
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "'%.20s' is not a weight in kilograms: write them as 0.7 1.5 3 5 8",
                               at);
        if (choice->n_weights == WEIGHTS_MAX)
            return thenar_fail(error, THENAR_ERR_VALUE, "more than %d weights", WEIGHTS_MAX);
        choice->weights_kg[choice->n_weights++] = mass_kg;
        at = end;
    }
    return THENAR_OK;
}
