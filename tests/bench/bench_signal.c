/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times of the signal stages, in nanoseconds a taxel a frame: the median of many short runs, and
 * the quartiles beside it.
 *
 *     bench_signal          both tables
 *     bench_signal --quick  fewer runs, to see that it works
 *
 * "All, true" is all three with creep taken back and the zero followed; sneak currents, which few
 * front ends have, are bench_crosstalk's.
 * Stages and kernels take turns within each round, so that a busy neighbour troubles all alike. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "signal/calibration.h"
#include "signal/creep.h"
#include "signal/denormals.h"
#include "signal/frame_features.h"
#include "signal/lowpass_blocks.h"
#include "signal/lowpass_design.h"
#include "signal/lowpass_direct.h"
#include "signal/noise_floor.h"
#include "signal/taxel_health.h"
#include "signal/zero_tracker.h"

enum { N_FRAMES = 512, ROUNDS_MAX = 41, N_STAGES = 9 };

static const char *const stage_names[N_STAGES] = {"calibrate", "filter", "features",
                                                  "all three", "noise",  "health",
                                                  "zero",      "creep",  "all, true"};

struct array_bench {
    struct array_layout layout;
    struct lowpass_design design;
    struct calibration *calibration;
    struct lowpass_direct *lowpass;
    struct frame_features_map *features;
    struct noise_floor *noise;
    struct taxel_health *health;
    struct zero_tracker *zero_tracker;
    struct creep *creep;
    double device_s;
    uint16_t *counts;      /* [N_FRAMES][n_taxels] */
    float *raw, *filtered; /* [n_taxels] */
};

static int n_rounds = ROUNDS_MAX;
static float sink; /* results go here, or the compiler would leave the work out */

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void need(enum thenar_status status, const char *what)
{
    if (status == THENAR_OK)
        return;
    fprintf(stderr, "bench_signal: %s failed with status %d\n", what, (int)status);
    exit(EXIT_FAILURE);
}

static void *zeroed(size_t n, size_t bytes)
{
    void *memory = calloc(n, bytes);
    if (!memory)
        need(THENAR_ERR_MEMORY, "allocation");
    return memory;
}

/* A hand that glides over the array, and noise: a third of the taxels is pressed. */
static void fill_counts(struct array_bench *bench)
{
    unsigned random = 12345;
    size_t n_rows = bench->layout.n_rows, n_cols = bench->layout.n_cols;
    for (size_t t = 0; t < N_FRAMES; t++)
        for (size_t i = 0; i < bench->layout.n_taxels; i++) {
            float row = (float)(i / n_cols) / (float)n_rows - 0.5F;
            float col = (float)(i % n_cols) / (float)n_cols - 0.5F;
            float place = 0.3F * sinf(6.2832F * (float)t / 256.0F);
            float hand = 1500.0F * expf(-20.0F * (row * row + (col - place) * (col - place)));
            random = random * 1664525U + 1013904223U;
            float value = hand + (float)(random >> 29) - 3.0F;
            bench->counts[t * bench->layout.n_taxels + i] = (uint16_t)fmaxf(value, 0.0F);
        }
}

static void open_array(struct array_bench *bench, uint16_t n_side)
{
    need(array_layout_init(&bench->layout, n_side, n_side, 15.0F, 15.0F, 200.0F), "layout");
    bench->layout.sensor = (struct sensor_law){
        .unit = UNIT_COUNTS,
        .circuit = SENSOR_TRANSIMPEDANCE,
        .full_scale_counts = 4095.0F,
        .reference_ohm = 1000.0F,
        .calibrated = true,
        .conductance_100kpa_us = 240.0F,
        .exponent = 0.95F,
        .creep = {.pct_decade = 3.0F, .reference_s = 3.0F, .onset_s = 1.0F, .limit_s = 60.0F}};
    size_t n_taxels = bench->layout.n_taxels;
    need(lowpass_design_make(&bench->design, 200.0F), "design");
    need(calibration_create(&bench->calibration, &bench->layout), "calibration");
    need(lowpass_direct_create(&bench->lowpass, bench->design.taps, bench->design.n_taps, n_taxels),
         "low-pass");
    need(frame_features_create(&bench->features, &bench->layout), "features");
    need(noise_floor_create(&bench->noise, &bench->layout, bench->design.noise_gain), "noise");
    need(taxel_health_create(&bench->health, &bench->layout), "health");
    need(zero_tracker_create(&bench->zero_tracker, &bench->layout), "zero");
    need(creep_create(&bench->creep, &bench->layout), "creep");
    bench->counts = zeroed(N_FRAMES * n_taxels, sizeof *bench->counts);
    bench->raw = zeroed(n_taxels, sizeof *bench->raw);
    bench->filtered = zeroed(n_taxels, sizeof *bench->filtered);
    fill_counts(bench);
}

static void close_array(struct array_bench *bench)
{
    calibration_destroy(bench->calibration);
    lowpass_direct_destroy(bench->lowpass);
    frame_features_destroy(bench->features);
    noise_floor_destroy(bench->noise);
    taxel_health_destroy(bench->health);
    zero_tracker_destroy(bench->zero_tracker);
    creep_destroy(bench->creep);
    free(bench->counts);
    free(bench->raw);
    free(bench->filtered);
    array_layout_finish(&bench->layout);
}

/* The corrections of slow things: a few taxels a frame. */
static void correct(struct array_bench *bench, bool zero, bool creep)
{
    bench->device_s += 1.0 / 200.0;
    if (zero)
        zero_tracker_execute(bench->zero_tracker, bench->filtered, 1.0F, 0.1F, bench->calibration);
    if (creep)
        creep_execute(bench->creep, bench->filtered, bench->device_s, bench->calibration);
}

/* One frame through one stage, or through the first three, or these with zero and creep. */
static void run_stage(struct array_bench *bench, int stage, const uint16_t *counts)
{
    struct frame_features features;
    unsigned n_saturated = 0;
    if (stage == 0 || stage == 3 || stage == 8)
        calibration_execute_counts(bench->calibration, counts, bench->raw, &n_saturated);
    if (stage == 1 || stage == 3 || stage == 8)
        lowpass_direct_execute(bench->lowpass, bench->raw, bench->filtered);
    if (stage == 2 || stage == 3 || stage == 8) {
        frame_features_execute(bench->features, bench->filtered, bench->raw, 1.0F, n_saturated,
                               &features);
        sink += features.force_n;
    }
    if (stage == 4)
        noise_floor_execute(bench->noise, bench->raw, bench->filtered);
    if (stage == 5)
        sink += (float)taxel_health_execute(bench->health, counts, NULL, bench->raw, 1.0F);
    if (stage >= 6 && stage <= 8)
        correct(bench, stage != 7, stage != 6);
    sink += bench->filtered[0];
}

static double time_stage(struct array_bench *bench, int stage)
{
    double start = now_ns();
    for (size_t t = 0; t < N_FRAMES; t++)
        run_stage(bench, stage, bench->counts + t * bench->layout.n_taxels);
    return (now_ns() - start) / N_FRAMES / (double)bench->layout.n_taxels;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* "median (lower quartile-upper quartile)" of [n_rounds] */
static void print_times(double *times)
{
    qsort(times, (size_t)n_rounds, sizeof *times, by_value);
    printf("  %5.2f (%4.2f-%5.2f)", times[n_rounds / 2], times[n_rounds / 4],
           times[3 * n_rounds / 4]);
}

static void bench_stages(uint16_t n_side)
{
    static double times[N_SIGNAL_KERNELS][N_STAGES][ROUNDS_MAX];
    struct array_bench bench = {0};
    open_array(&bench, n_side);
    for (int round = 0; round < n_rounds; round++)
        for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
            enum signal_kernel kernel = (enum signal_kernel)k;
            if (!signal_kernel_is_available(kernel))
                continue;
            calibration_set_kernel(bench.calibration, kernel);
            lowpass_direct_set_kernel(bench.lowpass, kernel);
            frame_features_set_kernel(bench.features, kernel);
            for (int stage = 0; stage < N_STAGES; stage++)
                times[k][stage][round] = time_stage(&bench, stage);
        }
    for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
        if (!signal_kernel_is_available((enum signal_kernel)k))
            continue;
        printf("%2ux%-2u %-8s", n_side, n_side, signal_kernel_name((enum signal_kernel)k));
        for (int stage = 0; stage < N_STAGES; stage++)
            print_times(times[k][stage]);
        printf("\n");
    }
    close_array(&bench);
}

/* ---- direct form against overlap-save, by taps ---- */

static double time_direct(struct lowpass_direct *lowpass, const float *in, float *out, size_t n)
{
    double start = now_ns();
    for (size_t t = 0; t < N_FRAMES; t++)
        lowpass_direct_execute(lowpass, in + t * n, out + t * n);
    return (now_ns() - start) / N_FRAMES / (double)n;
}

static double time_blocks(struct lowpass_blocks *lowpass, const float *in, float *out, size_t n)
{
    double start = now_ns();
    lowpass_blocks_execute(lowpass, in, N_FRAMES, out);
    return (now_ns() - start) / N_FRAMES / (double)n;
}

static void bench_forms(size_t n_taxels, size_t n_taps)
{
    static double direct_times[ROUNDS_MAX], block_times[ROUNDS_MAX];
    float *taps = zeroed(n_taps, sizeof *taps);
    float *in = zeroed(N_FRAMES * n_taxels, sizeof *in);
    float *out = zeroed(N_FRAMES * n_taxels, sizeof *out);
    for (size_t k = 0; k < n_taps; k++)
        taps[k] = 1.0F / (float)n_taps;
    for (size_t i = 0; i < N_FRAMES * n_taxels; i++)
        in[i] = (float)(i % 251);
    struct lowpass_direct *direct;
    struct lowpass_blocks *blocks;
    need(lowpass_direct_create(&direct, taps, n_taps, n_taxels), "direct form");
    need(lowpass_blocks_create(&blocks, taps, n_taps, n_taxels, N_FRAMES), "overlap-save");
    for (int round = 0; round < n_rounds; round++) {
        direct_times[round] = time_direct(direct, in, out, n_taxels);
        block_times[round] = time_blocks(blocks, in, out, n_taxels);
        sink += out[0];
    }
    printf("%6zu %5zu", n_taxels, n_taps);
    print_times(direct_times);
    print_times(block_times);
    printf("  %5.2f  %zu\n", direct_times[n_rounds / 2] / block_times[n_rounds / 2],
           lowpass_blocks_n_fft(blocks));
    lowpass_direct_destroy(direct);
    lowpass_blocks_destroy(blocks);
    free(taps);
    free(in);
    free(out);
}

int main(int argc, char **argv)
{
    static const size_t taps[] = {16, 33, 65, 129, 257, 513};
    if (argc > 1 && strcmp(argv[1], "--quick") == 0)
        n_rounds = 3;
    denormals_flush_to_zero();
    printf(
        "ns a taxel a frame: median (quartiles) of %d runs of %d frames; filter for 200 frames/s\n",
        n_rounds, N_FRAMES);
    printf("array kernel  ");
    for (int stage = 0; stage < N_STAGES; stage++)
        printf("  %-18s", stage_names[stage]);
    printf("\n");
    bench_stages(16);
    bench_stages(32);
    bench_stages(64);
    printf("\nThe two forms of the low-pass, ns a taxel a frame, %d frames a block, best kernel\n"
           "taxels  taps  direct              overlap-save        ratio  transform\n",
           N_FRAMES);
    for (size_t n_taxels = 256; n_taxels <= 4096; n_taxels *= 4)
        for (size_t k = 0; k < sizeof taps / sizeof *taps; k++)
            bench_forms(n_taxels, taps[k]);
    return isnan(sink) ? EXIT_FAILURE : EXIT_SUCCESS;
}
