/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops over taxels; built once for each instruction set. */
#include "signal/signal_loops.h"

#include <stdbool.h>
#include <string.h>

#include "signal/signal_vector.h"
#include "signal/taxel_runs.h"

enum { LANE_VECTORS = SIGNAL_LANES / WIDTH, TILE_VECTORS = SIGNAL_TILE / WIDTH };
enum { RUN_VECTORS = SIGNAL_RUN_LANES / WIDTH };

extern const struct signal_loops SIGNAL_LOOPS;

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

/* Nearly always none: one quick look at all tells. */
static unsigned count_saturated(const struct table_job *job, const uint16_t *counts)
{
    unsigned n_saturated = 0;
    uint16_t n_top = job->n_top, most = 0;
    for (size_t i = 0; i < job->n_taxels; i++)
        most = counts[i] > most ? counts[i] : most;
    if (most < n_top)
        return 0;
    const uint16_t *exists = job->exists;
    for (size_t i = 0; i < job->n_taxels; i++)
        n_saturated += (counts[i] & exists[i]) >= n_top;
    return n_saturated;
}

static unsigned look_up(const struct table_job *job, const uint16_t *counts, float *pressure)
{
    /* What is stored cannot be the job's own: the compiler does not know. */
    const struct table_job own = *job;
    size_t i = 0;
    for (; i + WIDTH <= own.n_taxels; i += WIDTH)
        store(pressure + i,
              table_at(own.table, counts + i) * load(own.scale + i) - load(own.zero + i));
    for (; i < own.n_taxels; i++)
        pressure[i] = own.table[counts[i]] * own.scale[i] - own.zero[i];
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

/* Most of a table is untouched: there, only the raw peak is looked for. Sums of zeros would come to
 * the same. */
static inline bool is_touched(const float *filtered, float gate)
{
    mask touched = {0};
    for (int j = 0; j < LANE_VECTORS; j++)
        touched |= load(filtered + j * WIDTH) > gate;
    return sign_bits(touched) != 0;
}

static inline void add_quiet_lanes(struct lane_sums *sums, const struct sum_job *job, size_t i,
                                   const float *raw)
{
    for (int j = 0; j < LANE_VECTORS; j++) {
        mask alive = load(job->cell_mm2 + i + (size_t)(j * WIDTH)) > 0.0F;
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
    for (; i + SIGNAL_LANES <= job->n_taxels; i += SIGNAL_LANES) {
        if (is_touched(filtered + i, gate))
            add_lanes(&sums, job, i, filtered + i, raw + i, gate);
        else
            add_quiet_lanes(&sums, job, i, raw + i);
    }
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

/* ---- runs of touched taxels ---- */

static uint64_t bits_above(const float *pressure, float level)
{
    uint64_t bits = 0;
    for (int j = 0; j < 64 / WIDTH; j++)
        bits |= (uint64_t)sign_bits(load(pressure + j * WIDTH) > level) << (j * WIDTH);
    return bits;
}

static void above(const float *pressure, size_t n_taxels, float level, uint64_t *bits)
{
    size_t i = 0;
    for (; i + 64 <= n_taxels; i += 64)
        *bits++ = bits_above(pressure + i, level);
    *bits = 0;
    for (size_t bit = 0; i + bit < n_taxels; bit++)
        *bits |= (uint64_t)(pressure[i + bit] > level) << bit;
}

/* Eight lanes of each sum. */
struct run_lanes {
    vector w[RUN_VECTORS], wx[RUN_VECTORS], wy[RUN_VECTORS];
    vector wxx[RUN_VECTORS], wyy[RUN_VECTORS], wxy[RUN_VECTORS];
    vector cell[RUN_VECTORS], peak[RUN_VECTORS];
};

/* The taxels first..last that lie in the lanes from `at` on. */
static inline void add_stretch(struct run_lanes *lanes, const struct run_job *job,
                               const float *pressure, size_t at, int32_t first, int32_t last)
{
    static const int32_t places[SIGNAL_RUN_LANES] = {0, 1, 2, 3, 4, 5, 6, 7};
    for (int j = 0; j < RUN_VECTORS; j++) {
        size_t from = at + (size_t)(j * WIDTH);
        mask place;
        memcpy(&place, places + j * WIDTH, sizeof place);
        place += (int32_t)at;
        mask inside = (place >= first) & (place <= last);
        vector p = where(inside, load(pressure + from));
        vector cell = where(inside, load(job->cell_mm2 + from));
        vector x = load(job->x_mm + from), y = load(job->y_mm + from);
        vector f = p * cell, fx = f * x, fy = f * y;
        lanes->w[j] += f;
        lanes->wx[j] += fx;
        lanes->wy[j] += fy;
        lanes->wxx[j] += fx * x;
        lanes->wyy[j] += fy * y;
        lanes->wxy[j] += fx * y;
        lanes->cell[j] += cell;
        lanes->peak[j] = larger(p, lanes->peak[j]);
    }
}

static inline quad halves(const vector *lanes)
{
    quad q[SIGNAL_RUN_LANES / 4];
    memcpy(q, lanes, sizeof q);
    return q[0] + q[1];
}

/* The sums of four quads, side by side. */
static inline quad pairs(quad a, quad b)
{
    return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
}

static inline float peak_of(const vector *lanes)
{
    quad q[SIGNAL_RUN_LANES / 4];
    memcpy(q, lanes, sizeof q);
    return larger_of_two(
        larger_of_two(larger_of_two(q[0][0], q[1][0]), larger_of_two(q[0][1], q[1][1])),
        larger_of_two(larger_of_two(q[0][2], q[1][2]), larger_of_two(q[0][3], q[1][3])));
}

static void sum_runs(const struct run_job *job, const float *pressure, const struct taxel_run *runs,
                     size_t n_runs, struct run_sums *sums)
{
    const size_t last_at = job->n_taxels - SIGNAL_RUN_LANES;
    for (size_t k = 0; k < n_runs; k++) {
        struct run_lanes lanes;
        memset(&lanes, 0, sizeof lanes);
        for (size_t i = runs[k].first; i <= runs[k].last; i += SIGNAL_RUN_LANES)
            add_stretch(&lanes, job, pressure, i < last_at ? i : last_at, (int32_t)i,
                        (int32_t)runs[k].last);
        quad first = pairs(pairs(halves(lanes.w), halves(lanes.wx)),
                           pairs(halves(lanes.wy), halves(lanes.wxx)));
        quad second = pairs(pairs(halves(lanes.wyy), halves(lanes.wxy)),
                            pairs(halves(lanes.cell), (quad){0}));
        sums[k] = (struct run_sums){first[0],  first[1],  first[2],  first[3],
                                    second[0], second[1], second[2], peak_of(lanes.peak)};
    }
}

const struct signal_loops SIGNAL_LOOPS = {
    .look_up = look_up,
    .scale = scale_samples,
    .fir = fir,
    .respond = respond,
    .sum = sum,
    .above = above,
    .sum_runs = sum_runs,
};
