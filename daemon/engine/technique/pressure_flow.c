/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/pressure_flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_TERMS = 5 };

static const double look_s = 1.0 / 66.0;
static const float memory_s = 2.0F; /* of the contact's place and axes */
static const float zone_edge = 0.6F;
static const float ridge = 3e-3F; /* of the normal equations' own diagonal: one taxel has no flow */

/* Force-weighted moments. */
struct moments {
    float w, x, y, xx, yy, xy;
};

struct pressure_flow {
    const struct array_layout *layout;
    bool has_before;
    double before_s;
    float *before; /* [n_taxels] the image at the last look */
    struct moments slow;
    struct pressure_flow_sample sample;
};

enum thenar_status pressure_flow_create(struct pressure_flow **out,
                                        const struct array_layout *layout)
{
    struct pressure_flow *flow = calloc(1, sizeof *flow);
    *out = NULL;
    if (!flow)
        return THENAR_ERR_MEMORY;
    flow->layout = layout;
    flow->before = calloc(layout->n_taxels, sizeof *flow->before);
    if (!flow->before) {
        free(flow);
        return THENAR_ERR_MEMORY;
    }
    *out = flow;
    return THENAR_OK;
}

void pressure_flow_destroy(struct pressure_flow *flow)
{
    if (!flow)
        return;
    free(flow->before);
    free(flow);
}

void pressure_flow_reset(struct pressure_flow *flow)
{
    flow->has_before = false;
    memset(&flow->slow, 0, sizeof flow->slow);
    memset(&flow->sample, 0, sizeof flow->sample);
}

/* Rows and columns, both included, of what is touched. */
struct box {
    unsigned top, bottom, left, right;
};

static struct box touched_box(const struct array_layout *layout, const float *pressure,
                              float gate_kpa)
{
    struct box box = {layout->n_rows, 0, layout->n_cols, 0};
    for (unsigned r = 0; r < layout->n_rows; r++) {
        const float *row = pressure + (size_t)r * layout->n_cols;
        for (unsigned c = 0; c < layout->n_cols; c++) {
            if (row[c] <= gate_kpa)
                continue;
            box.top = r < box.top ? r : box.top;
            box.bottom = r > box.bottom ? r : box.bottom;
            box.left = c < box.left ? c : box.left;
            box.right = c > box.right ? c : box.right;
        }
    }
    return box;
}

static struct moments moments_of(const struct array_layout *layout, const float *pressure,
                                 const struct box *box, float gate_kpa)
{
    struct moments m = {0};
    for (unsigned r = box->top; r <= box->bottom; r++) {
        for (unsigned c = box->left; c <= box->right; c++) {
            size_t i = (size_t)r * layout->n_cols + c;
            float w = pressure[i] > gate_kpa ? pressure[i] * layout->cell_mm2[i] : 0.0F;
            float x = layout->x_mm[i], y = layout->y_mm[i], wx = w * x, wy = w * y;
            m.w += w;
            m.x += wx;
            m.y += wy;
            m.xx += wx * x;
            m.yy += wy * y;
            m.xy += wx * y;
        }
    }
    return m;
}

/* Solve A x = b for a symmetric positive A, in place. */
static void solve(float a[N_TERMS][N_TERMS], float *b)
{
    for (unsigned k = 0; k < N_TERMS; k++) {
        float pivot = a[k][k] > 0 ? 1.0F / a[k][k] : 0.0F;
        for (unsigned i = k + 1; i < N_TERMS; i++) {
            float factor = a[i][k] * pivot;
            for (unsigned j = k; j < N_TERMS; j++)
                a[i][j] -= factor * a[k][j];
            b[i] -= factor * b[k];
        }
    }
    for (unsigned k = N_TERMS; k-- > 0;) {
        for (unsigned j = k + 1; j < N_TERMS; j++)
            b[k] -= a[k][j] * b[j];
        b[k] = a[k][k] > 0 ? b[k] / a[k][k] : 0.0F;
    }
}

/* What one taxel adds to the normal equations; lengths are in units of the contact's own size, so
 * that the terms weigh alike. */
static void fit_flow(struct pressure_flow *flow, const float *pressure, const struct moments *now,
                     const struct box *box, float step_s)
{
    const struct array_layout *l = flow->layout;
    float x0 = now->x / now->w, y0 = now->y / now->w;
    float spread = now->xx / now->w - x0 * x0 + now->yy / now->w - y0 * y0;
    float size = sqrtf(fmaxf(0.5F * spread, 0.25F * l->pitch_x_mm * l->pitch_x_mm));
    float scale_x = 0.25F * size / l->pitch_x_mm, scale_y = 0.25F * size / l->pitch_y_mm;
    unsigned top = box->top ? box->top - 1 : 0, left = box->left ? box->left - 1 : 0;
    unsigned bottom = box->bottom + 1u < l->n_rows ? box->bottom + 1u : box->bottom;
    unsigned right = box->right + 1u < l->n_cols ? box->right + 1u : box->right;
    float a[N_TERMS][N_TERMS] = {{0}}, b[N_TERMS] = {0}, all = 0;
    for (unsigned r = top; r <= bottom; r++) {
        size_t up = (r ? r - 1 : r) * (size_t)l->n_cols;
        size_t down = (r + 1u < l->n_rows ? r + 1u : r) * (size_t)l->n_cols;
        for (unsigned c = left; c <= right; c++) {
            size_t i = (size_t)r * l->n_cols + c, before = c ? i - 1 : i;
            size_t after = c + 1u < l->n_cols ? i + 1 : i;
            float change = pressure[i] - flow->before[i],
                  p = 0.5F * (pressure[i] + flow->before[i]);
            float px = scale_x * (pressure[after] - pressure[before] + flow->before[after] -
                                  flow->before[before]);
            float py = scale_y * (pressure[down + c] - pressure[up + c] + flow->before[down + c] -
                                  flow->before[up + c]);
            float x = (l->x_mm[i] - x0) / size, y = (l->y_mm[i] - y0) / size;
            float t[N_TERMS] = {-px, -py, -(x * px + y * py), -(x * py - y * px), p};
            for (unsigned j = 0; j < N_TERMS; j++) {
                b[j] += t[j] * change;
                for (unsigned k = j; k < N_TERMS; k++)
                    a[j][k] += t[j] * t[k];
            }
            all += change * change;
        }
    }
    float most = 0, right_side[N_TERMS];
    for (unsigned j = 0; j < N_TERMS; j++)
        most = fmaxf(most, a[j][j]);
    for (unsigned j = 0; j < N_TERMS; j++) {
        for (unsigned k = 0; k < j; k++)
            a[j][k] = a[k][j];
        a[j][j] += ridge * most;
        right_side[j] = b[j];
    }
    solve(a, b);
    float explained = 0;
    for (unsigned j = 0; j < N_TERMS; j++)
        explained += b[j] * right_side[j];
    struct pressure_flow_sample *s = &flow->sample;
    s->x_mm_s = b[0] * size / step_s;
    s->y_mm_s = b[1] * size / step_s;
    s->spread_per_s = b[2] / step_s;
    s->turn_per_s = b[3] / step_s;
    s->gain_per_s = b[4] / step_s;
    s->unexplained = all > 0 ? fminf(fmaxf(1.0F - explained / all, 0.0F), 1.0F) : 0.0F;
}

static void share_zones(struct pressure_flow *flow, const float *pressure, const struct box *box,
                        float gate_kpa)
{
    const struct array_layout *l = flow->layout;
    const struct moments *m = &flow->slow;
    float x0 = m->x / m->w, y0 = m->y / m->w;
    float xx = m->xx / m->w - x0 * x0, yy = m->yy / m->w - y0 * y0, xy = m->xy / m->w - x0 * y0;
    float angle = 0.5F * atan2f(2.0F * xy, xx - yy), c = cosf(angle), s = sinf(angle);
    float along = c * c * xx + 2.0F * c * s * xy + s * s * yy;
    float across = s * s * xx - 2.0F * c * s * xy + c * c * yy;
    float least = 0.25F * l->pitch_x_mm * l->pitch_x_mm;
    float edge_u = zone_edge * sqrtf(fmaxf(along, least));
    float edge_v = zone_edge * sqrtf(fmaxf(across, least));
    float *zone = flow->sample.zone_n;
    for (unsigned row = box->top; row <= box->bottom; row++) {
        for (unsigned col = box->left; col <= box->right; col++) {
            size_t i = (size_t)row * l->n_cols + col;
            if (pressure[i] <= gate_kpa)
                continue;
            float x = l->x_mm[i] - x0, y = l->y_mm[i] - y0, u = c * x + s * y, v = c * y - s * x;
            int along_at = (u > -edge_u) + (u > edge_u), across_at = (v > -edge_v) + (v > edge_v);
            zone[3 * across_at + along_at] += 1e-3F * pressure[i] * l->cell_mm2[i];
        }
    }
}

static void follow(struct moments *slow, const struct moments *now, float step_s)
{
    float keep = expf(-step_s / memory_s);
    slow->w = keep * slow->w + now->w * step_s;
    slow->x = keep * slow->x + now->x * step_s;
    slow->y = keep * slow->y + now->y * step_s;
    slow->xx = keep * slow->xx + now->xx * step_s;
    slow->yy = keep * slow->yy + now->yy * step_s;
    slow->xy = keep * slow->xy + now->xy * step_s;
}

const struct pressure_flow_sample *pressure_flow_execute(struct pressure_flow *flow,
                                                         double device_s, const float *pressure,
                                                         unsigned n_touched, float gate_kpa)
{
    double step_s = device_s - flow->before_s;
    if (flow->has_before && step_s < look_s)
        return &flow->sample;
    memset(&flow->sample, 0, sizeof flow->sample);
    flow->before_s = device_s;
    if (n_touched == 0) {
        flow->has_before = false;
        return &flow->sample;
    }
    struct box box = touched_box(flow->layout, pressure, gate_kpa);
    struct moments now = {0};
    if (box.top <= box.bottom)
        now = moments_of(flow->layout, pressure, &box, gate_kpa);
    if (now.w > 0) {
        if (flow->has_before)
            fit_flow(flow, pressure, &now, &box, (float)step_s);
        follow(&flow->slow, &now, flow->has_before ? (float)step_s : (float)look_s);
        share_zones(flow, pressure, &box, gate_kpa);
    }
    memcpy(flow->before, pressure, flow->layout->n_taxels * sizeof *pressure);
    flow->has_before = true;
    return &flow->sample;
}
