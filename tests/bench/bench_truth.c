/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench_truth.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A parameter drawn evenly between two bounds; NULL ends. */
struct band {
    const char *name;
    double low, high;
};

struct recipe {
    const char *technique;
    double least_s, most_s; /* of a take */
    const char *styles[3];
    struct band bands[4];
};

/* Wider than what the therapist does by itself. Sizes, directions and wandering are added. */
static const struct recipe recipes[] = {
    {"effleurage", 16, 26, {0}, {{"pace_cpm", 9, 30}, {"force_n", 25, 90}}},
    {"petrissage",
     12,
     20,
     {"kneading", "skin_rolling"},
     {{"pace_cpm", 18, 70}, {"force_n", 20, 60}}},
    {"petrissage", 12, 20, {"kneading hand=both"}, {{"pace_cpm", 24, 70}, {"force_n", 20, 60}}},
    {"rolling",
     10,
     18,
     {"forearm", "fist"},
     {{"pace_cpm", 30, 120}, {"force_n", 20, 60}, {"glide_mm", 45, 110}}},
    {"friction", 8, 16, {"transverse", "circular"}, {{"pace_cpm", 70, 190}, {"force_n", 15, 55}}},
    {"tapotement",
     8,
     14,
     {"hacking", "cupping", "pounding"},
     {{"pace_cpm", 200, 600}, {"force_n", 12, 45}}},
    {"vibration",
     8,
     14,
     {0},
     {{"pace_cpm", 480, 700}, {"force_n", 20, 90}, {"ripple_pct", 10, 35}}},
    {"shaking", 8, 14, {0}, {{"pace_cpm", 250, 430}, {"force_n", 15, 45}, {"glide_mm", 7, 18}}},
    {"compression", 10, 24, {"thumb", "elbow"}, {{"force_n", 25, 80}}},
    {"myofascial_release", 16, 30, {0}, {{"force_n", 15, 45}, {"speed_mm_s", 0.8, 4}}},
    {"soft_tissue_release", 20, 30, {0}, {{"pace_cpm", 8, 15}, {"force_n", 30, 80}}},
    {"stretching", 16, 30, {0}, {{"force_n", 30, 90}}},
    {"muscle_energy", 44, 64, {0}, {{"force_n", 40, 110}, {"push_s", 6, 10}, {"hold_s", 9, 16}}},
};

enum { N_RECIPES = sizeof recipes / sizeof recipes[0] };

/* xorshift64*: enough for a bench, and the same everywhere. */
static double draw(uint64_t *state, double low, double high)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    double share = (double)((*state * UINT64_C(2685821657736338717)) >> 11) / 9007199254740992.0;
    return low + share * (high - low);
}

void bench_truth_write_script(int fd, unsigned long seed, unsigned n_takes, enum array_mount mount)
{
    FILE *file = fdopen(fd, "w");
    uint64_t state = UINT64_C(88172645463325252) ^ ((uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15));
    if (!file)
        exit(EXIT_FAILURE);
    (void)fprintf(file, "rest 3\n");
    for (unsigned i = 0; i < n_takes * N_RECIPES; i++) {
        const struct recipe *r = &recipes[(unsigned)draw(&state, 0, N_RECIPES) % N_RECIPES];
        unsigned n_styles = 0;
        (void)fprintf(file, "%s %.1f", r->technique, draw(&state, r->least_s, r->most_s));
        while (n_styles < 3 && r->styles[n_styles])
            n_styles++;
        unsigned style = (unsigned)draw(&state, 0, n_styles ? n_styles : 1);
        if (n_styles)
            (void)fprintf(file, " style=%s", r->styles[style]);
        for (unsigned k = 0; k < 4 && r->bands[k].name; k++)
            (void)fprintf(file, " %s=%.2f", r->bands[k].name,
                          draw(&state, r->bands[k].low, r->bands[k].high));
        (void)fprintf(file, " size=%.2f irregularity_pct=%.1f", draw(&state, 0.88, 1.12),
                      draw(&state, 1, 8));
        if (mount != MOUNT_GLOVE)
            (void)fprintf(file, " angle_deg=%.0f", draw(&state, -180, 180));
        (void)fprintf(file, "\n");
        if (draw(&state, 0, 1) < 0.7)
            (void)fprintf(file, "rest %.1f\n", draw(&state, 1.5, 5));
    }
    (void)fprintf(file, "rest 3\n");
    (void)fclose(file);
}

static unsigned split(char *line, char **fields, unsigned n_most)
{
    unsigned n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    while (n < n_most) {
        fields[n++] = line;
        line = strchr(line, ',');
        if (!line)
            break;
        *line++ = '\0';
    }
    return n;
}

struct bench_truth *bench_truth_read(const char *path)
{
    struct bench_truth *truth = calloc(1, sizeof *truth);
    FILE *file = fopen(path, "r");
    char line[1024], *fields[16];
    if (!truth || !file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    unsigned n_cycles = 0;
    while (fgets(line, sizeof line, file)) {
        if (split(line, fields, 16) < 7)
            continue;
        if (strcmp(fields[0], "cycle") == 0) {
            n_cycles++;
            if (truth->n_cycles < BENCH_CYCLES_MAX)
                truth->cycles_s[truth->n_cycles++] = strtod(fields[4], NULL);
        }
        if (strcmp(fields[0], "step") || truth->n_steps == BENCH_STEPS_MAX)
            continue;
        struct bench_step *step = &truth->steps[truth->n_steps++];
        step->technique = technique_from_name(fields[1]);
        step->start_s = strtod(fields[4], NULL);
        step->end_s = strtod(fields[5], NULL);
        step->pace_cpm = *fields[6] ? strtod(fields[6], NULL) : (double)NAN;
        step->n_cycles = n_cycles;
        step->first_cycle = truth->n_cycles - n_cycles;
        n_cycles = 0;
    }
    (void)fclose(file);
    return truth;
}

enum technique bench_truth_at(const struct bench_truth *truth, double at_s)
{
    for (size_t i = 0; i < truth->n_steps; i++)
        if (at_s >= truth->steps[i].start_s && at_s < truth->steps[i].end_s)
            return truth->steps[i].technique;
    return TECHNIQUE_REST;
}
