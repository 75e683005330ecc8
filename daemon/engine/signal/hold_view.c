/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/hold_view.h"

#include <math.h>
#include <stdlib.h>

#include "signal/calibration_gains.h"

static const double moved_pitches = 0.2;
static const double most_outside = 0.25;

double hold_conductance_us(const struct hold_scene *scene, const struct calibration_hold *hold,
                           unsigned bin, size_t i)
{
    const struct sensor_law *law = &scene->layout->sensor;
    double counts = (double)hold->counts[bin * scene->run->n_taxels + i];
    return (sensor_law_conductance_us(law, counts) -
            sensor_law_conductance_us(law, (double)scene->zero_counts[i])) /
           (double)scene->calibration->gain[i];
}

/* Mean over some bins, of all taxels that are of use; the others are -1. */
static void feel(const struct hold_scene *scene, const struct calibration_hold *hold, unsigned from,
                 unsigned to)
{
    for (size_t i = 0; i < scene->run->n_taxels; i++) {
        scene->felt[i] = scene->calibration->mark[i] == TAXEL_GOOD ? 0.0 : -1.0;
        for (unsigned b = from; b < to && scene->calibration->mark[i] == TAXEL_GOOD; b++)
            scene->felt[i] += hold_conductance_us(scene, hold, b, i) / (to - from);
    }
}

static enum thenar_status check_presence(const struct hold_scene *scene,
                                         const struct hold_view *view, struct thenar_error *error)
{
    const struct sensor_law *law = &scene->layout->sensor;
    double most = 0.0, floor_us = 0.0;
    for (size_t i = 0; i < scene->run->n_taxels; i++)
        if (scene->felt[i] > most) {
            most = scene->felt[i];
            double counts =
                (double)scene->zero_counts[i] + fmax(4.0, 3.0 * (double)scene->noise_counts[i]);
            floor_us = sensor_law_conductance_us(law, counts) -
                       sensor_law_conductance_us(law, (double)scene->zero_counts[i]);
        }
    if (most > floor_us)
        return THENAR_OK;
    return thenar_fail(
        error, THENAR_ERR_VALUE,
        "step %u (%s): nothing pressed on the array. Was the load beside it, or put on "
        "too late? If it lay on the array, it is too light for these sensors",
        view->step, view->hold->label);
}

static enum thenar_status check_place(const struct hold_scene *scene, const struct hold_view *view,
                                      struct thenar_error *error)
{
    const struct puck_place *place = &view->place;
    if (place->outside > most_outside)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "step %u (%s): %.0f %% of what was felt lies outside the puck (%.0f mm "
                           "wide): did a hand or cable touch the array, or is the diameter wrong?",
                           view->step, view->hold->label, 100.0 * place->outside,
                           view->hold->diameter_mm);
    if (place->overhang_mm > 2.0)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "step %u (%s): the puck hangs %.0f mm over the edge of the array, so part "
            "of its weight was not felt: move it inwards",
            view->step, view->hold->label, place->overhang_mm);
    if (place->n_whole == 0)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "step %u (%s): no working taxel lay wholly under the puck (%.0f mm, middle "
            "at x %.0f, y %.0f mm). Lay it on the middle of a taxel, or take one of "
            "%.0f mm or more",
            view->step, view->hold->label, view->hold->diameter_mm, place->x_mm, place->y_mm,
            ceil(puck_easy_mm(scene->layout)));
    return THENAR_OK;
}

static enum thenar_status check_still(const struct hold_scene *scene, const struct hold_view *view,
                                      struct thenar_error *error)
{
    const struct calibration_hold *hold = view->hold;
    unsigned third = hold->n_bins > 3 ? hold->n_bins / 3 : 1;
    double x0, y0, x1, y1, pitch_mm = (double)scene->layout->pitch_x_mm;
    feel(scene, hold, 0, third);
    puck_middle(scene->layout, scene->felt, &x0, &y0);
    feel(scene, hold, hold->n_bins - third, hold->n_bins);
    puck_middle(scene->layout, scene->felt, &x1, &y1);
    double moved_mm = hypot(x1 - x0, y1 - y0);
    if (moved_mm <= fmax(1.5, moved_pitches * pitch_mm))
        return THENAR_OK;
    return thenar_fail(
        error, THENAR_ERR_VALUE,
        "step %u (%s): the puck moved by %.0f mm while it was measured. Leave it alone "
        "from the signal on, and repeat this step",
        view->step, hold->label, moved_mm);
}

static void average_bins(const struct hold_scene *scene, struct hold_view *view)
{
    for (unsigned b = 0; b < view->hold->n_bins; b++) {
        double sum = 0.0;
        for (size_t i = 0; i < scene->run->n_taxels; i++)
            if (view->whole[i])
                sum += hold_conductance_us(scene, view->hold, b, i);
        view->bin_g[b] = sum / view->n_whole;
    }
}

static enum thenar_status look_at_puck(const struct hold_scene *scene, struct hold_view *view,
                                       struct thenar_error *error)
{
    feel(scene, view->hold, 0, view->hold->n_bins);
    enum thenar_status status = check_presence(scene, view, error);
    if (status != THENAR_OK)
        return status;
    puck_find(&view->place, scene->layout, scene->felt, view->hold->diameter_mm, view->whole);
    status = check_place(scene, view, error);
    if (status == THENAR_OK)
        status = check_still(scene, view, error);
    if (status != THENAR_OK)
        return status;
    for (size_t i = 0; i < scene->run->n_taxels; i++)
        if (view->whole[i] &&
            calibration_hold_is_full(scene->run, view->hold, &scene->layout->sensor, i)) {
            view->whole[i] = false;
            view->n_whole--;
        }
    view->n_whole += view->place.n_whole;
    view->is_full = view->n_whole == 0;
    return THENAR_OK;
}

static void look_at_even(const struct hold_scene *scene, struct hold_view *view)
{
    for (size_t i = 0; i < scene->run->n_taxels; i++) {
        view->whole[i] =
            scene->calibration->mark[i] == TAXEL_GOOD &&
            !calibration_hold_is_full(scene->run, view->hold, &scene->layout->sensor, i);
        view->n_whole += view->whole[i];
    }
    view->is_full = view->n_whole == 0;
}

/* Reached from below, when the load before it was lighter, elsewhere, or none. */
static bool is_rising(const struct hold_scene *scene, unsigned k)
{
    const struct calibration_hold *hold = &scene->run->holds[k];
    if (k == 0 || scene->run->holds[k - 1].kind != hold->kind)
        return true;
    const struct calibration_hold *before = &scene->run->holds[k - 1];
    /* Without lifting, contact is older by all the time that the hold before took. */
    bool fresh = hold->contact_s < before->contact_s + 0.9 * HOLD_BIN_S * before->n_bins;
    return fresh || before->load_kpa <= hold->load_kpa;
}

enum thenar_status hold_view_init(struct hold_view *view, const struct hold_scene *scene,
                                  unsigned k, struct thenar_error *error)
{
    const struct calibration_hold *hold = &scene->run->holds[k];
    enum thenar_status status = THENAR_OK;
    *view = (struct hold_view){.step = k + 1, .hold = hold, .rising = is_rising(scene, k)};
    view->whole = calloc(scene->run->n_taxels, sizeof *view->whole);
    view->bin_g = calloc(hold->n_bins, sizeof *view->bin_g);
    if (!view->whole || !view->bin_g)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the fit");
    if (hold->kind == HOLD_EVEN)
        look_at_even(scene, view);
    else
        status = look_at_puck(scene, view, error);
    if (status == THENAR_OK && !view->is_full)
        average_bins(scene, view);
    return status;
}

void hold_view_finish(struct hold_view *view)
{
    free(view->whole);
    free(view->bin_g);
}

double hold_view_age_s(const struct hold_view *view, unsigned bin)
{
    return view->hold->contact_s + view->hold->time_s[bin];
}
