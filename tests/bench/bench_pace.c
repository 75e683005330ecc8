/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_pace.c - every rhythmic technique at paces from 6 to 720 a minute, on several arrays
 *
 *     bench_pace [--irregularity-pct X] [--seed N] [--verbose]
 *
 * The virtual therapist does each technique at each pace on each array; the whole pipeline says the
 * pace. From 3 s or three cycles on (whichever is longer), until the hands leave:
 *   given   share of the time that has a pace
 *   right   of that, within max(1/min, 1 %) of the cycles really done lately (over the last 3 s or
 *           five cycles)
 *   octave  of that, within 5 % of half, twice, or one and a half of the pace
 *   wrong   of that, off by more than max(1/min, 5 %) in any other way
 *   episode the error of the whole episode's pace
 *   phase   share of it that has a phase; how far ahead of the truth's cycle that is on the mean,
 * in cycles (a cycle of the truth begins where the hand does, a phase where the force rises), and
 * how much it scatters about that hands   share of it in which two hands are told apart A technique
 * that is given another name with another cycle shows here as wrong. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_run.h"
#include "bench_truth.h"

enum { PACES_MAX = 9 };

struct ladder {
    const char *technique;
    const char *keys;
    double cpm[PACES_MAX]; /* 0 ends */
};

static const struct ladder ladders[] = {
    {"effleurage", "", {6, 10, 15, 24, 36}},
    {"petrissage", "style=kneading", {12, 20, 36, 60, 84}},
    {"petrissage", "style=skin_rolling", {12, 20, 36, 60}},
    {"rolling", "style=forearm", {20, 40, 60, 90, 120}},
    {"friction", "style=transverse", {60, 90, 120, 150, 200}},
    {"friction", "style=circular", {60, 90, 120, 150, 200}},
    {"tapotement", "style=hacking", {120, 200, 300, 420, 540, 660, 720}},
    {"tapotement", "style=cupping hand=both", {120, 200, 300, 420, 540}},
    {"vibration", "", {400, 500, 600, 720}},
    {"shaking", "", {200, 260, 330, 420}},
    {"soft_tissue_release", "", {7, 10, 14, 18}},
};

enum { N_LADDERS = sizeof ladders / sizeof ladders[0] };

static const struct {
    unsigned n_rows, n_cols;
    float pitch_mm, rate_hz;
} arrays[] = {{12, 12, 22, 60}, {16, 16, 20, 100}, {24, 24, 15, 150}, {32, 32, 10, 200}};

struct tally {
    double all, given, right, octave, wrong; /* frames */
    double n_episodes, episode_right, worst_pct;
    double phased, sine, cosine; /* frames with a phase; its error as a pointer, summed */
    double length;               /* of that pointer, summed by step: the sense of an axis is free */
    double two_hands;            /* frames in which two hands are told apart */
};

struct options {
    double irregularity_pct;
    unsigned long seed;
    bool verbose;
};

static void write_script(int fd, const struct ladder *ladder, double irregularity_pct)
{
    FILE *file = fdopen(fd, "w");
    if (!file)
        bench_die("script", "cannot write it");
    (void)fprintf(file, "rest 3\n");
    for (unsigned i = 0; i < PACES_MAX && ladder->cpm[i] > 0; i++)
        (void)fprintf(file, "%s %.1f %s pace_cpm=%g irregularity_pct=%g\nrest 4\n",
                      ladder->technique, fmax(14, 8 * 60 / ladder->cpm[i]), ladder->keys,
                      ladder->cpm[i], irregularity_pct);
    (void)fclose(file);
}

/* Where in its cycle the hand really was; NaN outside. */
static double true_phase(const struct bench_truth *truth, const struct bench_step *step,
                         double at_s)
{
    const double *begin_s = truth->cycles_s + step->first_cycle;
    for (unsigned i = 0; i + 1 < step->n_cycles; i++)
        if (at_s >= begin_s[i] && at_s < begin_s[i + 1])
            return (at_s - begin_s[i]) / (begin_s[i + 1] - begin_s[i]);
    return (double)NAN;
}

/* Cycles a minute lately: over the last 3 s or five cycles that were over at `at_s`. */
static double lately(const struct bench_truth *truth, const struct bench_step *step, double at_s)
{
    const double *begin_s = truth->cycles_s + step->first_cycle;
    unsigned last = 0;
    while (last + 1 < step->n_cycles && begin_s[last + 1] <= at_s)
        last++;
    unsigned n = 0;
    while (n < last && (n < 5 || begin_s[last - n] > at_s - 3.0))
        n++;
    return n ? 60 * n / (begin_s[last] - begin_s[last - n]) : step->pace_cpm;
}

static bool near(double ratio, double wanted)
{
    return fabs(ratio / wanted - 1) < 0.05;
}

static void weigh_live(const struct bench_run *run, const struct bench_truth *truth,
                       const struct bench_step *step, struct tally *tally)
{
    double rate_hz = (double)run->layout.rate_hz;
    double from_s = step->start_s + fmax(3.0, 3.0 * 60.0 / step->pace_cpm) + 0.3;
    for (size_t i = 0; i < run->n_live; i++) {
        double at_s = (double)i / rate_hz;
        if (at_s < from_s || at_s > step->end_s - 0.4)
            continue;
        double cpm = (double)run->live[i].pace_cpm;
        tally->all++;
        if (isnan(cpm))
            continue;
        double true_cpm = lately(truth, step, at_s - 0.1), off = fabs(cpm - true_cpm);
        double ratio = cpm / true_cpm;
        tally->given++;
        tally->two_hands += !isnan(run->live[i].pace_hand_cpm);
        double turn = 6.283185307 * ((double)run->live[i].phase - true_phase(truth, step, at_s));
        if (!isnan(turn)) {
            tally->phased++;
            tally->cosine += cos(turn);
            tally->sine += sin(turn);
        }
        tally->right += off <= fmax(1, 0.01 * true_cpm);
        if (near(ratio, 2) || near(ratio, 0.5) || near(ratio, 1.5) || near(ratio, 2.0 / 3))
            tally->octave++;
        else
            tally->wrong += off > fmax(1, 0.05 * true_cpm);
    }
}

static void weigh_episode(const struct bench_run *run, const struct bench_step *step,
                          struct tally *tally)
{
    for (size_t i = 0; i < run->n_episodes; i++) {
        const struct episode *e = &run->episodes[i];
        double both_s = fmin(e->end_s, step->end_s) - fmax(e->start_s, step->start_s);
        if (e->technique == TECHNIQUE_REST || both_s < 0.5 * (step->end_s - step->start_s))
            continue;
        double off = fabs((double)e->pace_cpm - step->pace_cpm);
        tally->n_episodes++;
        tally->episode_right += off <= fmax(1, 0.01 * step->pace_cpm);
        if (off > fmax(1, 0.01 * step->pace_cpm))
            tally->worst_pct = fmax(tally->worst_pct, 100 * off / step->pace_cpm);
    }
}

static void add(struct tally *sum, const struct tally *tally)
{
    sum->all += tally->all;
    sum->given += tally->given;
    sum->right += tally->right;
    sum->octave += tally->octave;
    sum->wrong += tally->wrong;
    sum->phased += tally->phased;
    sum->length += tally->length > 0 ? tally->length : hypot(tally->sine, tally->cosine);
    sum->sine += tally->sine;
    sum->cosine += tally->cosine;
    sum->two_hands += tally->two_hands;
    sum->n_episodes += tally->n_episodes;
    sum->episode_right += tally->episode_right;
    sum->worst_pct = fmax(sum->worst_pct, tally->worst_pct);
}

static void print_tally(const char *what, const char *keys, const struct tally *t)
{
    double given = fmax(t->given, 1);
    double length = (t->length > 0 ? t->length : hypot(t->sine, t->cosine)) / fmax(t->phased, 1);
    (void)printf("%-20s %-24s %6.1f%% %6.1f%% %6.1f%% %6.1f%%   %3.0f of %3.0f  %5.1f%%  %5.1f%% "
                 "%+.2f %.3f  %5.1f%%\n",
                 what, keys, 100 * t->given / fmax(t->all, 1), 100 * t->right / given,
                 100 * t->octave / given, 100 * t->wrong / given, t->episode_right, t->n_episodes,
                 t->worst_pct, 100 * t->phased / given, atan2(t->sine, t->cosine) / 6.283185307,
                 sqrt(-2 * log(fmin(fmax(length, 1e-9), 1))) / 6.283185307,
                 100 * t->two_hands / given);
}

static void measure(const struct ladder *ladder, unsigned array, const struct options *o,
                    struct tally *sum)
{
    static struct bench_run run;
    char script[] = "/tmp/thenar-pace-XXXXXX", truth_path[] = "/tmp/thenar-truth-XXXXXX";
    int script_fd = mkstemp(script), truth_fd = mkstemp(truth_path);
    if (script_fd < 0 || truth_fd < 0)
        bench_die("/tmp", "cannot write there");
    write_script(script_fd, ladder, o->irregularity_pct);
    (void)close(truth_fd);
    struct bench_options options = {.n_rows = arrays[array].n_rows,
                                    .n_cols = arrays[array].n_cols,
                                    .pitch_mm = arrays[array].pitch_mm,
                                    .rate_hz = arrays[array].rate_hz,
                                    .seed = o->seed,
                                    .calibrated = true};
    memset(&run, 0, sizeof run);
    bench_run_open(&run, &options, script, truth_path);
    bench_run_play(&run, options.rate_hz);
    struct bench_truth *truth = bench_truth_read(truth_path);
    for (size_t i = 0; i < truth->n_steps; i++) {
        const struct bench_step *step = &truth->steps[i];
        struct tally tally = {0};
        if (isnan(step->pace_cpm))
            continue;
        weigh_live(&run, truth, step, &tally);
        weigh_episode(&run, step, &tally);
        add(sum, &tally);
        if (o->verbose) {
            char what[32], keys[48];
            (void)snprintf(what, sizeof what, "%ux%u %.0f/s", options.n_rows, options.n_cols,
                           (double)options.rate_hz);
            (void)snprintf(keys, sizeof keys, "%.4s %.16s %.1f", ladder->technique, ladder->keys,
                           step->pace_cpm);
            print_tally(what, keys, &tally);
        }
    }
    free(truth);
    bench_run_finish(&run);
    (void)unlink(script);
    (void)unlink(truth_path);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {{"irregularity-pct", required_argument, 0, 'i'},
                                          {"seed", required_argument, 0, 's'},
                                          {"verbose", no_argument, 0, 'v'},
                                          {0, 0, 0, 0}};
    struct options o = {.irregularity_pct = 2, .seed = 1};
    int c;
    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (c == 'i')
            o.irregularity_pct = strtod(optarg, NULL);
        else if (c == 's')
            o.seed = strtoul(optarg, NULL, 10);
        else if (c == 'v')
            o.verbose = true;
        else
            bench_die("usage", "see the head of bench_pace.c");
    }
    struct tally all = {0};
    (void)printf("cycles that vary by %g %%, seed %lu\n%-45s %7s %7s %7s %7s   %s\n",
                 o.irregularity_pct, o.seed, "", "given", "right", "octave", "wrong",
                 "episodes  worst   phase mean  scatter  hands");
    for (unsigned i = 0; i < N_LADDERS; i++) {
        struct tally tally = {0};
        for (unsigned k = 0; k < sizeof arrays / sizeof arrays[0]; k++)
            measure(&ladders[i], k, &o, &tally);
        print_tally(ladders[i].technique, ladders[i].keys, &tally);
        add(&all, &tally);
    }
    print_tally("all", "", &all);
    return 0;
}
