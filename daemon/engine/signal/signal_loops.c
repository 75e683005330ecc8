/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors are written with the compilers' own vector types, as wide as the instruction set has
 * them: gcc and clang give good code for that without intrinsics. Element by element the
 * arithmetic is the same for every width. */
#include "signal/signal_loops.h"

#include <string.h>

#if defined(__AVX2__)
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif

typedef float vector __attribute__((vector_size(4 * WIDTH)));
typedef int32_t mask __attribute__((vector_size(4 * WIDTH)));
typedef float quad __attribute__((vector_size(16)));

enum { LANE_VECTORS = SIGNAL_LANES / WIDTH, TILE_VECTORS = SIGNAL_TILE / WIDTH };

extern const struct signal_loops SIGNAL_LOOPS;

static inline vector load(const float *from)
{
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(float *to, vector v)
{
    memcpy(to, &v, sizeof v);
}

static inline vector where(mask m, vector v)
{
    return (vector)((mask)v & m);
}

static inline vector larger(vector a, vector b)
{
    mask m = a > b;
    return (vector)(((mask)a & m) | ((mask)b & ~m));
}

/* ---- counts and samples to pressure ---- */

/* Element by element: no slower than a gather instruction, which not every processor has or does
 * quickly. */
static inline vector table_at(const float *table, const uint16_t *counts)
{
    vector v;
    for (int l = 0; l < WIDTH; l++)
        v[l] = table[counts[l]];
    return v;
}

static unsigned count_saturated(const struct table_job *job, const uint16_t *counts)
{
    unsigned n_saturated = 0;
    uint16_t n_top = job->n_top;
    const uint16_t *exists = job->exists;
    for (size_t i = 0; i < job->n_taxels; i++)
        n_saturated += (counts[i] & exists[i]) >= n_top;
    return n_saturated;
}

static unsigned look_up(const struct table_job *job, const uint16_t *counts, float *pressure)
{
    size_t i = 0;
    for (; i + WIDTH <= job->n_taxels; i += WIDTH)
        store(pressure + i,
              table_at(job->table, counts + i) * load(job->scale + i) - load(job->zero + i));
    for (; i < job->n_taxels; i++)
        pressure[i] = job->table[counts[i]] * job->scale[i] - job->zero[i];
    return count_saturated(job, counts);
}

static void scale_samples(const float *samples, const float *scale, const float *zero, float limit,
                          size_t n_taxels, float *pressure)
{
    for (size_t i = 0; i < n_taxels; i++) {
        float s = samples[i];
        float good = s >= -limit && s <= limit ? s : 0.0F;
        pressure[i] = good * scale[i] - zero[i];
    }
}

/* ---- the low-pass ---- */

/* A tile's frames lie one after the other, so the ring streams through the cache in one piece; the
 * sums of a tile stay in registers. */
static void fir_tile(const struct fir_job *job, float *frames, const float *in, float *out)
{
    size_t n_taps = job->n_taps;
    const float *weight = job->weights;
    memcpy(frames + job->slot * SIGNAL_TILE, in, SIGNAL_TILE * sizeof *in);
    vector sum[TILE_VECTORS];
    for (int j = 0; j < TILE_VECTORS; j++)
        sum[j] = (vector){0};
    for (size_t s = job->slot + 1; s < n_taps; s++, weight++)
        for (int j = 0; j < TILE_VECTORS; j++)
            sum[j] += *weight * load(frames + s * SIGNAL_TILE + j * WIDTH);
    for (size_t s = 0; s <= job->slot; s++, weight++)
        for (int j = 0; j < TILE_VECTORS; j++)
            sum[j] += *weight * load(frames + s * SIGNAL_TILE + j * WIDTH);
    for (int j = 0; j < TILE_VECTORS; j++)
        store(out + j * WIDTH, sum[j]);
}

static void fir(const struct fir_job *job, const float *pressure, float *filtered)
{
    size_t tile_floats = job->n_taps * SIGNAL_TILE;
    float *frames = job->ring;
    size_t i = 0;
    for (; i + SIGNAL_TILE <= job->n_taxels; i += SIGNAL_TILE, frames += tile_floats)
        fir_tile(job, frames, pressure + i, filtered + i);
    if (i < job->n_taxels) {
        float in[SIGNAL_TILE] = {0}, out[SIGNAL_TILE];
        memcpy(in, pressure + i, (job->n_taxels - i) * sizeof *in);
        fir_tile(job, frames, in, out);
        memcpy(filtered + i, out, (job->n_taxels - i) * sizeof *out);
    }
}

static void respond(const float *response, size_t n_rows, float *rows)
{
    for (size_t r = 0; r < n_rows; r++, rows += SIGNAL_TILE) {
        float re = response[2 * r], im = response[2 * r + 1];
        for (int l = 0; l < SIGNAL_TILE; l += 2) {
            float row_re = rows[l], row_im = rows[l + 1];
            rows[l] = row_re * re - row_im * im;
            rows[l + 1] = row_re * im + row_im * re;
        }
    }
}

/* ---- sums over a frame ---- */

struct lane_sums {
    vector force[LANE_VECTORS], moment_x[LANE_VECTORS], moment_y[LANE_VECTORS];
    vector area[LANE_VECTORS], peak[LANE_VECTORS], peak_raw[LANE_VECTORS];
    mask n_touched[LANE_VECTORS];
};

static inline __attribute__((always_inline)) void add_lanes(struct lane_sums *sums,
                                                            const struct sum_job *job, size_t i,
                                                            const float *filtered, const float *raw,
                                                            float gate)
{
    for (int j = 0; j < LANE_VECTORS; j++) {
        size_t at = i + (size_t)(j * WIDTH);
        vector cell = load(job->cell_mm2 + at);
        vector p = load(filtered + j * WIDTH);
        mask alive = cell > 0.0F;
        mask touched = (p > gate) & alive;
        vector touched_cell = where(touched, cell);
        vector force = touched_cell * p;
        sums->force[j] += force;
        sums->moment_x[j] += force * load(job->x_mm + at);
        sums->moment_y[j] += force * load(job->y_mm + at);
        sums->area[j] += touched_cell;
        sums->n_touched[j] -= touched;
        sums->peak[j] = larger(where(touched, p), sums->peak[j]);
        sums->peak_raw[j] = larger(where(alive, load(raw + j * WIDTH)), sums->peak_raw[j]);
    }
}

/* Halves onto each other, 16 lanes to 1: the order of these additions is part of the result. */
static float fold(const vector *lanes)
{
    quad q[SIGNAL_LANES / 4];
    memcpy(q, lanes, sizeof q);
    quad v = (q[0] + q[2]) + (q[1] + q[3]);
    return (v[0] + v[2]) + (v[1] + v[3]);
}

static float larger_of_two(float a, float b)
{
    return a > b ? a : b;
}

static float fold_max(const vector *lanes)
{
    vector v = lanes[0];
    for (int j = 1; j < LANE_VECTORS; j++)
        v = larger(v, lanes[j]);
    quad q[WIDTH / 4];
    memcpy(q, &v, sizeof q);
    float largest = 0.0F;
    for (int k = 0; k < WIDTH / 4; k++)
        largest = larger_of_two(largest, larger_of_two(larger_of_two(q[k][0], q[k][2]),
                                                       larger_of_two(q[k][1], q[k][3])));
    return largest;
}

static unsigned fold_count(const mask *lanes)
{
    int32_t v[SIGNAL_LANES], n = 0;
    memcpy(v, lanes, sizeof v);
    for (int l = 0; l < SIGNAL_LANES; l++)
        n += v[l];
    return (unsigned)n;
}

static void sum(const struct sum_job *job, const float *filtered, const float *raw, float gate,
                struct frame_sums *out)
{
    struct lane_sums sums;
    memset(&sums, 0, sizeof sums);
    size_t i = 0;
    for (; i + SIGNAL_LANES <= job->n_taxels; i += SIGNAL_LANES)
        add_lanes(&sums, job, i, filtered + i, raw + i, gate);
    if (i < job->n_taxels) {
        float p[SIGNAL_LANES] = {0}, r[SIGNAL_LANES] = {0};
        memcpy(p, filtered + i, (job->n_taxels - i) * sizeof *p);
        memcpy(r, raw + i, (job->n_taxels - i) * sizeof *r);
        add_lanes(&sums, job, i, p, r, gate);
    }
    *out = (struct frame_sums){
        .force = fold(sums.force),
        .moment_x = fold(sums.moment_x),
        .moment_y = fold(sums.moment_y),
        .area_mm2 = fold(sums.area),
        .peak = fold_max(sums.peak),
        .peak_raw = fold_max(sums.peak_raw),
        .n_touched = fold_count(sums.n_touched),
    };
}

const struct signal_loops SIGNAL_LOOPS = {
    .look_up = look_up,
    .scale = scale_samples,
    .fir = fir,
    .respond = respond,
    .sum = sum,
};
