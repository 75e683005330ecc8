/* SPDX-License-Identifier: MIT */
#include "therapist/surface.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const float cover_mm = 2.0F;

static void measure(struct surface *surface)
{
    const struct stimulus_array *array = surface->array;
    float low_x = FLT_MAX, high_x = -FLT_MAX, low_y = FLT_MAX, high_y = -FLT_MAX;
    for (size_t row = 0; row < array->n_rows; row++) {
        surface->row_low_mm[row] = FLT_MAX;
        surface->row_high_mm[row] = -FLT_MAX;
        for (size_t col = 0; col < array->n_cols; col++) {
            size_t i = row * array->n_cols + col;
            if (!array->exists[i])
                continue;
            float x_mm = array->x_mm[i], y_mm = array->y_mm[i];
            low_x = fminf(low_x, x_mm);
            high_x = fmaxf(high_x, x_mm);
            surface->row_low_mm[row] = fminf(surface->row_low_mm[row], y_mm);
            surface->row_high_mm[row] = fmaxf(surface->row_high_mm[row], y_mm);
            surface->spread_mm[i] =
                sqrtf(cover_mm * cover_mm + fmaxf(array->sensing_mm2[i], 0.0F) / 12.0F);
            surface->spread_max_mm = fmaxf(surface->spread_max_mm, surface->spread_mm[i]);
        }
        low_y = fminf(low_y, surface->row_low_mm[row]);
        high_y = fmaxf(high_y, surface->row_high_mm[row]);
    }
    if (low_x > high_x)
        return; /* no taxel at all: nothing will ever be pressed */
    surface->half_x_mm = 0.5F * (high_x - low_x + array->pitch_x_mm);
    surface->half_y_mm = 0.5F * (high_y - low_y + array->pitch_y_mm);
    surface->centre_x_mm = 0.5F * (low_x + high_x);
    surface->centre_y_mm = 0.5F * (low_y + high_y);
}

enum thenar_status surface_init(struct surface *surface, const struct stimulus_array *array)
{
    size_t n_taxels = (size_t)array->n_rows * array->n_cols;
    *surface = (struct surface){.array = array, .n_taxels = n_taxels};
    surface->spread_mm = calloc(n_taxels, sizeof *surface->spread_mm);
    surface->row_low_mm = calloc(array->n_rows, sizeof *surface->row_low_mm);
    surface->row_high_mm = calloc(array->n_rows, sizeof *surface->row_high_mm);
    if (!surface->spread_mm || !surface->row_low_mm || !surface->row_high_mm) {
        surface_finish(surface);
        return THENAR_ERR_MEMORY;
    }
    measure(surface);
    return THENAR_OK;
}

void surface_finish(struct surface *surface)
{
    free(surface->spread_mm);
    free(surface->row_low_mm);
    free(surface->row_high_mm);
    *surface = (struct surface){0};
}

/* The profile of lobe.h at a point, as a share of the peak. */
static float profile(const struct lobe *lobe, float dx_mm, float dy_mm)
{
    float u = fabsf(dx_mm * lobe->cosine + dy_mm * lobe->sine) - lobe->straight_mm;
    float v = (dy_mm * lobe->cosine - dx_mm * lobe->sine) / lobe->b_mm;
    u = u > 0.0F ? u / lobe->a_mm : 0.0F;
    float inside = 1.0F - u * u - v * v;
    return inside > 0.0F ? inside * inside : 0.0F;
}

void surface_press(const struct surface *surface, const struct lobe *lobe, float *pressure_kpa)
{
    const struct stimulus_array *array = surface->array;
    if (!(lobe->force_n > 0.0F))
        return;
    float along = lobe->straight_mm + lobe->a_mm;
    float reach_x =
        fabsf(lobe->cosine) * along + fabsf(lobe->sine) * lobe->b_mm + surface->spread_max_mm;
    float reach_y =
        fabsf(lobe->sine) * along + fabsf(lobe->cosine) * lobe->b_mm + surface->spread_max_mm;
    float quarter_kpa = 0.25F * lobe_peak_kpa(lobe);
    for (size_t row = 0; row < array->n_rows; row++) {
        if (surface->row_low_mm[row] > lobe->y_mm + reach_y ||
            surface->row_high_mm[row] < lobe->y_mm - reach_y)
            continue;
        for (size_t col = 0; col < array->n_cols; col++) {
            size_t i = row * array->n_cols + col;
            float dx = array->x_mm[i] - lobe->x_mm, dy = array->y_mm[i] - lobe->y_mm;
            if (fabsf(dx) > reach_x || fabsf(dy) > reach_y || !array->exists[i])
                continue;
            float d = surface->spread_mm[i];
            pressure_kpa[i] +=
                quarter_kpa * (profile(lobe, dx - d, dy - d) + profile(lobe, dx + d, dy - d) +
                               profile(lobe, dx - d, dy + d) + profile(lobe, dx + d, dy + d));
        }
    }
}

void surface_press_evenly(const struct surface *surface, float even_kpa, float *pressure_kpa)
{
    for (size_t i = 0; i < surface->n_taxels; i++)
        if (surface->array->exists[i])
            pressure_kpa[i] += even_kpa;
}

/* The part of a square of this side, centred at (dx, dy) from the plate's middle, that is under it.
 * A disc blurred by a Gaussian keeps its area when its rim lies at sqrt(R^2 - cover^2). */
static float covered_part(float radius_mm, float dx_mm, float dy_mm, float side_mm)
{
    enum { N = 8 };
    float rim_mm = sqrtf(fmaxf(radius_mm * radius_mm - cover_mm * cover_mm, 0.0F));
    float sum = 0.0F;
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++) {
            float x = dx_mm + side_mm * (((float)a + 0.5F) / N - 0.5F);
            float y = dy_mm + side_mm * (((float)b + 0.5F) / N - 0.5F);
            sum += 0.5F * erfcf((hypotf(x, y) - rim_mm) / (1.41421356F * cover_mm));
        }
    return sum / (N * N);
}

void surface_press_puck(const struct surface *surface, const struct puck *puck, float *pressure_kpa)
{
    const struct stimulus_array *array = surface->array;
    if (!(puck->force_n > 0.0F))
        return;
    float kpa = 1000.0F * puck->force_n / (3.14159265F * puck->radius_mm * puck->radius_mm);
    for (size_t i = 0; i < surface->n_taxels; i++) {
        float dx = array->x_mm[i] - puck->x_mm, dy = array->y_mm[i] - puck->y_mm;
        float side_mm = sqrtf(fmaxf(array->sensing_mm2[i], 0.0F));
        if (array->exists[i] && hypotf(dx, dy) < puck->radius_mm + side_mm + 4.0F * cover_mm)
            pressure_kpa[i] += kpa * covered_part(puck->radius_mm, dx, dy, side_mm);
    }
}
