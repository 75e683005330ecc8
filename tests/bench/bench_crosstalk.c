/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well sneak currents are taken out, against the exact solution of the network.
 *
 *     bench_crosstalk [--quick]
 *
 * Random contacts (two to five spots of 1 to 4 taxels' radius) on matrices whose unread lines
 * float. The virtual device's own code (sneak_paths.c: dense node equations) makes the readings,
 * which are rounded to 12 bits and get the converter's noise. A ghost is what is found on a taxel
 * that nothing touches, as a part of the true peak; with noise, in the mean of 20 frames, which
 * stands for the low-pass after it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "signal/crosstalk.h"
#include "therapist/sneak_paths.h"

enum { FRAMES_WARM = 20, SPOTS_MAX = 5, SCENES_MAX = 400 };

static const double full_counts = 4095.0, leak = 1e-5;
static const double full_reach = 1.6; /* readings of a whole mesh may be larger than one taxel's */

struct tally {
    double before[SCENES_MAX], after[SCENES_MAX], error[SCENES_MAX], flagged[SCENES_MAX];
    double first_us[SCENES_MAX], next_us[SCENES_MAX];
    size_t n;
};

static uint64_t random_state;

static double draw(double low, double high)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(random_state >> 11) / 9007199254740992.0;
}

static double gauss(void)
{
    return sqrt(-2.0 * log(draw(1e-12, 1.0))) * cos(6.283185307179586 * draw(0.0, 1.0));
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static void need(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "bench_crosstalk: %s failed\n", what);
    exit(EXIT_FAILURE);
}

/* Spots of pressure with a soft edge; conductance as a part of full scale. */
static void touch(float *g, size_t n_side)
{
    memset(g, 0, n_side * n_side * sizeof *g);
    int n_spots = (int)draw(2.0, SPOTS_MAX + 1);
    for (int s = 0; s < n_spots; s++) {
        double x = draw(0.0, (double)n_side - 1.0), y = draw(0.0, (double)n_side - 1.0);
        double radius = draw(1.0, 4.0), top = draw(0.05, 0.4);
        for (size_t i = 0; i < n_side * n_side; i++) {
            size_t row = i / n_side;
            double dx = (double)(i % n_side) - x, dy = (double)row - y;
            double rest = 1.0 - (dx * dx + dy * dy) / (radius * radius);
            if (rest > 0.0)
                g[i] = fmaxf(g[i], (float)(top * (0.15 + 0.85 * rest)));
        }
    }
}

static void measure(struct sneak_paths *paths, const float *g, float *shown, size_t n, double noise,
                    uint16_t *counts)
{
    memcpy(shown, g, n * sizeof *g);
    sneak_paths_execute(paths, shown, leak);
    for (size_t i = 0; i < n; i++) {
        double value = full_counts * (double)shown[i] / full_reach + noise * gauss() + 0.5;
        counts[i] = (uint16_t)fmin(fmax(value, 0.0), full_counts);
    }
}

static void judge(const float *g, const uint16_t *counts, const float *corrected, size_t n,
                  struct tally *tally)
{
    double peak = 0.0, before = 0.0, after = 0.0, error = 0.0, n_touched = 0.0;
    for (size_t i = 0; i < n; i++)
        peak = fmax(peak, (double)g[i]);
    for (size_t i = 0; i < n; i++) {
        double found = (double)corrected[i] / full_counts * full_reach;
        if (g[i] > 0.0F) {
            error += (found - (double)g[i]) * (found - (double)g[i]);
            n_touched++;
            continue;
        }
        before = fmax(before, counts[i] / full_counts * full_reach);
        after = fmax(after, found);
    }
    tally->before[tally->n] = 100.0 * before / peak;
    tally->after[tally->n] = 100.0 * after / peak;
    tally->error[tally->n] = 100.0 * sqrt(error / n_touched) / peak;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void print(const char *name, double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    printf("  %-9s %8.2f %8.2f %8.2f\n", name, values[n / 2], values[n * 95 / 100], values[n - 1]);
}

static void bench(uint16_t n_side, double noise, size_t n_scenes)
{
    static struct tally tally;
    struct array_layout layout;
    struct crosstalk *crosstalk;
    struct sneak_paths *paths;
    size_t n = (size_t)n_side * n_side;
    float *g = calloc(n, sizeof *g), *shown = calloc(n, sizeof *shown);
    float *corrected = calloc(n, sizeof *corrected), *mean = calloc(n, sizeof *mean);
    uint16_t *counts = calloc(n, sizeof *counts);
    need(g && shown && corrected && mean && counts, "allocation");
    need(array_layout_init(&layout, n_side, n_side, 10, 10, 200) == THENAR_OK, "layout");
    layout.sensor = (struct sensor_law){.unit = UNIT_COUNTS,
                                        .circuit = SENSOR_TRANSIMPEDANCE,
                                        .full_scale_counts = (float)full_counts};
    need(crosstalk_create(&crosstalk, &layout) == THENAR_OK, "solver");
    need(sneak_paths_create(&paths, n_side, n_side) == THENAR_OK, "network");
    random_state = 42;
    for (tally.n = 0; tally.n < n_scenes; tally.n++) {
        unsigned n_ghosts = 0;
        touch(g, n_side);
        measure(paths, g, shown, n, noise, counts);
        crosstalk_reset(crosstalk);
        double start = now_us();
        (void)crosstalk_execute(crosstalk, counts, corrected);
        tally.first_us[tally.n] = now_us() - start;
        tally.next_us[tally.n] = 0.0;
        memset(mean, 0, n * sizeof *mean);
        for (int k = 0; k < FRAMES_WARM; k++) {
            if (noise > 0.0)
                measure(paths, g, shown, n, noise, counts);
            start = now_us();
            n_ghosts = crosstalk_execute(crosstalk, counts, corrected);
            tally.next_us[tally.n] += (now_us() - start) / FRAMES_WARM;
            for (size_t i = 0; i < n; i++)
                mean[i] += corrected[i] / FRAMES_WARM;
        }
        tally.flagged[tally.n] = n_ghosts;
        judge(g, counts, mean, n, &tally);
    }
    printf("%ux%u, noise %g counts: median, p95, worst of %zu contacts\n", n_side, n_side, noise,
           n_scenes);
    print("before %", tally.before, n_scenes);
    print("after %", tally.after, n_scenes);
    print("rms %", tally.error, n_scenes);
    print("flagged", tally.flagged, n_scenes);
    print("first us", tally.first_us, n_scenes);
    print("next us", tally.next_us, n_scenes);
    sneak_paths_destroy(paths);
    crosstalk_destroy(crosstalk);
    array_layout_finish(&layout);
    free(g);
    free(shown);
    free(corrected);
    free(mean);
    free(counts);
}

int main(int argc, char **argv)
{
    size_t n_scenes = argc > 1 && strcmp(argv[1], "--quick") == 0 ? 20 : 200;
    printf(
        "Ghosts, largest a contact, in %% of the true peak; error of touched taxels (rms, %% of "
        "the peak);\ntaxels flagged; time of the first frame of a contact and of the next ones\n");
    for (int noisy = 0; noisy < 2; noisy++) {
        bench(8, 2.5 * noisy, n_scenes);
        bench(16, 2.5 * noisy, n_scenes);
        bench(32, 2.5 * noisy, n_scenes);
    }
    bench(64, 2.5, n_scenes / 4);
    return EXIT_SUCCESS;
}
