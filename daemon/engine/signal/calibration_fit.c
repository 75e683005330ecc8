/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration_creep.h"
#include "signal/calibration_gains.h"
#include "signal/calibration_law.h"
#include "signal/calibration_uncertainty.h"

static const double unsteady = 0.06; /* within a hold */

struct fit {
    struct sensor_calibration *c;
    struct calibration_report *report;
    struct hold_scene scene;
    unsigned n_views;
    struct hold_view *views; /* [n_holds] pucks and even loads */
    struct thenar_error *error;
};

static enum thenar_status look_at_all(struct fit *f)
{
    enum thenar_status status = THENAR_OK;
    for (unsigned k = 0; k < f->scene.run->n_holds && status == THENAR_OK; k++)
        if (f->scene.run->holds[k].kind != HOLD_ZERO)
            status = hold_view_init(&f->views[f->n_views++], &f->scene, k, f->error);
    return status;
}

static enum thenar_status fit_creep(struct fit *f)
{
    return calibration_creep(&f->c->law, f->report, f->views, f->n_views, f->error);
}

static enum thenar_status take_points(struct fit *f)
{
    for (unsigned v = 0; v < f->n_views; v++) {
        const struct hold_view *view = &f->views[v];
        double stray = 0.0, g = view->is_full
                                    ? (double)NAN
                                    : calibration_settled_us(&f->c->law.creep, view, &stray);
        if (stray > unsteady + 0.02 * (view->hold->load_kpa < 10.0))
            return thenar_fail(
                f->error, THENAR_ERR_VALUE,
                "step %u (%s): the load was not steady, it changed by %.0f %% while it "
                "was measured. Wait until it stands still, and repeat this step",
                view->step, view->hold->label, 100.0 * stray);
        if (view->hold->kind != HOLD_PUCK)
            continue;
        struct calibration_point *point = &f->report->points[f->report->n_points++];
        *point = (struct calibration_point){.step = view->step,
                                            .load_kpa = view->hold->load_kpa,
                                            .conductance_us = g,
                                            .reading_kpa = (double)NAN,
                                            .x_mm = view->place.x_mm,
                                            .y_mm = view->place.y_mm,
                                            .n_taxels = view->n_whole,
                                            .rising = view->rising,
                                            .used = !view->is_full && g > 0.0};
        memcpy(point->label, view->hold->label, sizeof point->label);
        if (view->is_full)
            calibration_warn(
                f->report, "step %u (%s) is left out: the taxels under the puck are at full scale",
                view->step, view->hold->label);
    }
    if (f->report->n_points == 0)
        return thenar_fail(
            f->error, THENAR_ERR_VALUE,
            "no load of known weight: after the even load, put weights on a puck, from "
            "light to heavy and back");
    return THENAR_OK;
}

static void find_range(struct fit *f)
{
    f->c->low_kpa = INFINITY;
    for (unsigned k = 0; k < f->report->n_points; k++)
        if (f->report->points[k].used) {
            f->c->low_kpa = fminf(f->c->low_kpa, (float)f->report->points[k].load_kpa);
            f->c->high_kpa = fmaxf(f->c->high_kpa, (float)f->report->points[k].load_kpa);
        }
}

static void warn_of_taxels(struct fit *f)
{
    static const enum taxel_mark marks[] = {TAXEL_DEAD, TAXEL_STUCK, TAXEL_SATURATED, TAXEL_UNEVEN};
    static const char *const says[][2] = {
        {"reads nothing", "read nothing"},
        {"is stuck", "are stuck"},
        {"was at full scale", "were at full scale"},
        {"does not follow the others", "do not follow the others"}};
    for (unsigned m = 0; m < 4; m++) {
        unsigned n = 0;
        char list[120] = "";
        for (size_t i = 0; i < f->c->n_taxels; i++) {
            if (f->c->mark[i] != marks[m] || ++n > 5)
                continue;
            size_t used = strlen(list);
            (void)snprintf(list + used, sizeof list - used, "%srow %zu col %zu", n > 1 ? ", " : "",
                           i / f->c->n_cols, i % f->c->n_cols);
        }
        if (n > 0)
            calibration_warn(f->report, "%u taxel%s %s and got no gain of %s own: %s%s", n,
                             n == 1 ? "" : "s", says[m][n > 1], n == 1 ? "its" : "their", list,
                             n > 5 ? ", ..." : "");
    }
}

static bool has_kind(const struct calibration_run *run, enum hold_kind kind)
{
    for (unsigned k = 0; k < run->n_holds; k++)
        if (run->holds[k].kind == kind)
            return true;
    return false;
}

static enum thenar_status look_only(struct fit *f)
{
    enum thenar_status status =
        calibration_zero(f->scene.run, f->scene.zero_counts, f->scene.noise_counts, f->error);
    if (status != THENAR_OK || !has_kind(f->scene.run, HOLD_EVEN))
        return status;
    status = calibration_gains(f->c, f->scene.run, f->scene.layout, f->scene.zero_counts,
                               f->scene.noise_counts, f->error);
    if (status == THENAR_OK)
        status = look_at_all(f);
    if (status == THENAR_OK)
        status = fit_creep(f);
    return status == THENAR_OK && has_kind(f->scene.run, HOLD_PUCK) ? take_points(f) : status;
}

static enum thenar_status run_fit(struct fit *f, double reference_uncertainty_pct)
{
    enum thenar_status status =
        calibration_zero(f->scene.run, f->scene.zero_counts, f->scene.noise_counts, f->error);
    if (status == THENAR_OK)
        status = calibration_gains(f->c, f->scene.run, f->scene.layout, f->scene.zero_counts,
                                   f->scene.noise_counts, f->error);
    if (status != THENAR_OK)
        return status;
    warn_of_taxels(f);
    status = look_at_all(f);
    if (status == THENAR_OK)
        status = fit_creep(f);
    if (status == THENAR_OK)
        status = take_points(f);
    if (status == THENAR_OK)
        status = calibration_law(&f->c->law, f->report, f->error);
    if (status != THENAR_OK)
        return status;
    status = calibration_compare_even(&f->c->law, f->report, f->views, f->n_views, f->error);
    calibration_compare_factory(&f->scene.layout->sensor, f->report);
    calibration_uncertainty(f->c, f->report, &f->scene, f->views, f->n_views,
                            reference_uncertainty_pct);
    find_range(f);
    return status;
}

static void begin_law(struct sensor_law *law, const struct array_layout *layout)
{
    *law = (struct sensor_law){.unit = UNIT_COUNTS,
                               .circuit = layout->sensor.circuit,
                               .full_scale_counts = layout->sensor.full_scale_counts,
                               .reference_ohm = layout->sensor.reference_ohm,
                               .calibrated = true};
    if (!(law->reference_ohm > 0))
        law->reference_ohm = 1.0F;
}

static enum thenar_status fit_or_look(struct sensor_calibration *calibration,
                                      struct calibration_report *report,
                                      const struct calibration_run *run,
                                      const struct array_layout *layout,
                                      double reference_uncertainty_pct, bool only_look,
                                      struct thenar_error *error)
{
    memset(report, 0, sizeof *report);
    report->loop_pct = report->repeat_pct = report->even_pct = (double)NAN;
    enum thenar_status status =
        sensor_calibration_init(calibration, layout->n_rows, layout->n_cols);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "cannot calibrate %u x %u taxels", layout->n_rows,
                           layout->n_cols);
    if (run->n_taxels != layout->n_taxels)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the steps were taken on %u x %u taxels and the device has %u x %u",
                           run->n_rows, run->n_cols, layout->n_rows, layout->n_cols);
    begin_law(&calibration->law, layout);
    calibration->identity.reference_uncertainty_pct = (float)reference_uncertainty_pct;
    struct fit f = {.c = calibration,
                    .report = report,
                    .scene = {.run = run,
                              .layout = layout,
                              .calibration = calibration,
                              .zero_counts = calloc(run->n_taxels, sizeof *f.scene.zero_counts),
                              .noise_counts = calloc(run->n_taxels, sizeof *f.scene.noise_counts),
                              .felt = calloc(run->n_taxels, sizeof *f.scene.felt)},
                    .views = calloc(run->n_holds + 1, sizeof *f.views),
                    .error = error};
    if (!f.scene.zero_counts || !f.scene.noise_counts || !f.scene.felt || !f.views)
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the fit");
    else
        status = only_look ? look_only(&f) : run_fit(&f, reference_uncertainty_pct);
    for (unsigned v = 0; v < f.n_views; v++)
        hold_view_finish(&f.views[v]);
    free(f.scene.zero_counts);
    free(f.scene.noise_counts);
    free(f.scene.felt);
    free(f.views);
    return status;
}

/* An even load on floating lines: as many detours as taxels, and a taxel hardly shows in its own
 * reading (docs/measurement.md). Gains from it would look fine and be wrong. */
static bool has_hidden_gains(const struct array_layout *layout)
{
    static const size_t most_taxels = 64;
    return layout->has_sneak_paths && layout->n_taxels > most_taxels;
}

enum thenar_status calibration_fit(struct sensor_calibration *calibration,
                                   struct calibration_report *report,
                                   const struct calibration_run *run,
                                   const struct array_layout *layout,
                                   double reference_uncertainty_pct, struct thenar_error *error)
{
    if (has_hidden_gains(layout)) {
        *calibration = (struct sensor_calibration){0};
        *report = (struct calibration_report){0};
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the unread lines of this front end float, and an even load on %u x %u "
                           "taxels is not resolved well enough there for gains: calibrate the "
                           "sheet on a front end that holds its lines",
                           (unsigned)layout->n_rows, (unsigned)layout->n_cols);
    }
    return fit_or_look(calibration, report, run, layout, reference_uncertainty_pct, false, error);
}

enum thenar_status calibration_look(struct calibration_report *report,
                                    const struct calibration_run *run,
                                    const struct array_layout *layout, struct thenar_error *error)
{
    struct sensor_calibration unused;
    enum thenar_status status = fit_or_look(&unused, report, run, layout, 0.0, true, error);
    sensor_calibration_finish(&unused);
    return status;
}
