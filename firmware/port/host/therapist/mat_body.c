/* SPDX-License-Identifier: MIT */
#include "therapist/mat_body.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "therapist/ease.h"

/* Who lies there: in half extents of the mat, along its longer side. Shares of a supine body's
 * weight from segment masses (Winter, Biomechanics and Motor Control of Human Movement, table 4.1:
 * head 8 %, trunk 50 %, an arm 5 %, a leg 16 %), rounded. `breath` is what a breath adds. */
struct place {
    float along, across, long_axis, cross_axis, force_n, breath;
    int side; /* -1 left, 1 right, 0 both */
};

static const struct place places[MAT_PLACES] = {
    {-0.84F, 0.00F, 0.11F, 0.26F, 55.0F, 0.0F, 0},
    {-0.48F, -0.30F, 0.22F, 0.34F, 95.0F, 0.05F, -1},
    {-0.48F, 0.30F, 0.22F, 0.34F, 95.0F, 0.05F, 1},
    {-0.02F, -0.24F, 0.22F, 0.32F, 100.0F, -0.03F, -1},
    {-0.02F, 0.24F, 0.22F, 0.32F, 100.0F, -0.03F, 1},
    {0.28F, -0.30F, 0.26F, 0.22F, 70.0F, 0.0F, -1},
    {0.28F, 0.30F, 0.26F, 0.22F, 70.0F, 0.0F, 1},
    {0.72F, -0.32F, 0.24F, 0.18F, 40.0F, 0.0F, -1},
    {0.72F, 0.32F, 0.24F, 0.18F, 40.0F, 0.0F, 1},
    {-0.15F, 0.00F, 0.24F, 0.90F, 35.0F, -0.08F, 0}, /* arms, at both sides of the trunk */
};

enum { BODY_STREAM = 201 };

static const double breath_least_hz = 0.2, breath_most_hz = 0.3;
static const double shift_every_s = 35.0, shift_least_s = 12.0, shift_takes_s = 1.5;
static const double tissue_lag_s = 0.03;                      /* 5 Hz: a choice of this model */
static const float tissue_a_mm = 110.0F, tissue_b_mm = 90.0F; /* the same */

static void lay_down(struct mat_body *body, const struct surface *surface)
{
    bool along_y = surface->half_y_mm >= surface->half_x_mm;
    float half_long = along_y ? surface->half_y_mm : surface->half_x_mm;
    float half_cross = along_y ? surface->half_x_mm : surface->half_y_mm;
    for (size_t k = 0; k < MAT_PLACES; k++) {
        const struct place *place = &places[k];
        float along = place->along * half_long, across = place->across * half_cross;
        struct lobe lobe = {
            .x_mm = surface->centre_x_mm + (along_y ? across : along),
            .y_mm = surface->centre_y_mm + (along_y ? along : across),
            .cosine = along_y ? 0.0F : 1.0F,
            .sine = along_y ? 1.0F : 0.0F,
            .a_mm = place->long_axis * half_long,
            .b_mm = place->cross_axis * half_cross,
            .force_n = place->force_n,
        };
        surface_press(surface, &lobe, body->weight_kpa + k * body->n_taxels);
        body->share[k] = body->share_from[k] = 1.0F;
    }
}

static double draw_shift_wait_s(struct mat_body *body)
{
    double wait_s = -shift_every_s * log(1.0 - 0.999 * pcg_uniform(&body->draws));
    return shift_least_s + fmin(wait_s, 3.0 * shift_every_s);
}

static void draw_breath(struct mat_body *body, double start_s)
{
    double hz = breath_least_hz + (breath_most_hz - breath_least_hz) *
                                      (0.5 + 0.2 * pcg_gauss_within(&body->draws, 2.5));
    body->breath_start_s = start_s;
    body->breath_end_s = start_s + 1.0 / hz;
    body->breath_depth = 1.0 + 0.15 * pcg_gauss_within(&body->draws, 2.0);
}

/* Load leans to one side, and each place changes a little; the whole weight stays. */
static void draw_shift(struct mat_body *body)
{
    float lean = 0.18F * (float)pcg_gauss_within(&body->draws, 2.0);
    float weight_n = 0.0F, drawn_n = 0.0F;
    for (size_t k = 0; k < MAT_PLACES; k++) {
        body->share_from[k] = body->share[k];
        body->share[k] = fmaxf(0.3F, 1.0F + lean * (float)places[k].side +
                                         0.08F * (float)pcg_gauss_within(&body->draws, 2.0));
        weight_n += places[k].force_n;
        drawn_n += places[k].force_n * body->share[k];
    }
    for (size_t k = 0; k < MAT_PLACES; k++)
        body->share[k] *= weight_n / drawn_n;
}

enum thenar_status mat_body_init(struct mat_body *body, const struct surface *surface,
                                 uint64_t seed)
{
    *body = (struct mat_body){.n_taxels = surface->n_taxels};
    body->weight_kpa = calloc(MAT_PLACES * surface->n_taxels, sizeof *body->weight_kpa);
    if (!body->weight_kpa)
        return THENAR_ERR_MEMORY;
    pcg_init(&body->draws, seed, BODY_STREAM);
    lay_down(body, surface);
    body->shift_start_s = -shift_takes_s;
    body->shift_next_s = draw_shift_wait_s(body);
    draw_breath(body, 0.0);
    return THENAR_OK;
}

void mat_body_finish(struct mat_body *body)
{
    free(body->weight_kpa);
    body->weight_kpa = NULL;
}

static void live_on(struct mat_body *body, double time_s)
{
    while (time_s >= body->breath_end_s || time_s >= body->shift_next_s) {
        if (body->breath_end_s <= body->shift_next_s) {
            draw_breath(body, body->breath_end_s);
            continue;
        }
        body->shift_start_s = body->shift_next_s;
        draw_shift(body);
        body->shift_next_s += draw_shift_wait_s(body);
    }
}

/* Each hand's whole force, at its centre, low-passed by the body between. */
static void press_hands(struct mat_body *body, const struct surface *surface, double time_s,
                        const struct pose *pose, float *pressure_kpa)
{
    float follow = (float)(1.0 - exp(-fmax(time_s - body->last_s, 0.0) / tissue_lag_s));
    body->last_s = time_s;
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        float force_n = 0.0F, x = 0.0F, y = 0.0F;
        for (unsigned i = 0; i < pose->n_lobes; i++) {
            if (pose->lobes[i].hand != hand)
                continue;
            force_n += pose->lobes[i].force_n;
            x += pose->lobes[i].force_n * pose->lobes[i].x_mm;
            y += pose->lobes[i].force_n * pose->lobes[i].y_mm;
        }
        if (force_n > 0.0F) {
            /* A hand that was off lands where it is, and does not slide there. */
            float slide = body->felt_n[hand] > 0.05F * force_n ? follow : 1.0F;
            body->felt_x_mm[hand] += slide * (x / force_n - body->felt_x_mm[hand]);
            body->felt_y_mm[hand] += slide * (y / force_n - body->felt_y_mm[hand]);
        }
        body->felt_n[hand] += follow * (force_n - body->felt_n[hand]);
        if (body->felt_n[hand] < 1e-3F)
            body->felt_n[hand] = 0.0F;
        struct lobe lobe = {.x_mm = body->felt_x_mm[hand],
                            .y_mm = body->felt_y_mm[hand],
                            .cosine = 1.0F,
                            .a_mm = tissue_a_mm,
                            .b_mm = tissue_b_mm,
                            .force_n = body->felt_n[hand]};
        surface_press(surface, &lobe, pressure_kpa);
    }
}

void mat_body_press(struct mat_body *body, const struct surface *surface, double time_s,
                    const struct pose *pose, float *pressure_kpa)
{
    live_on(body, time_s);
    double turn = (time_s - body->breath_start_s) / (body->breath_end_s - body->breath_start_s);
    float breath = (float)(body->breath_depth * (0.5 - 0.5 * cos(2.0 * M_PI * turn)));
    float moved = (float)ease((time_s - body->shift_start_s) / shift_takes_s);
    for (size_t k = 0; k < MAT_PLACES; k++) {
        float share = body->share_from[k] + moved * (body->share[k] - body->share_from[k]);
        share *= 1.0F + places[k].breath * breath;
        const float *weight_kpa = body->weight_kpa + k * body->n_taxels;
        for (size_t i = 0; i < body->n_taxels; i++)
            pressure_kpa[i] += share * weight_kpa[i];
    }
    press_hands(body, surface, time_s, pose, pressure_kpa);
}
