/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_scene.c - how well the pipeline names what the virtual therapist does
 *
 *     bench_scene [--rows N] [--cols N] [--pitch-mm X] [--rate-hz X] [--mount pad|torso|mat|glove]
 *                 [--seed N] [--takes N] [--unseen] [--uncalibrated] [--script FILE] [--list]
 *
 * Each technique is done --takes times with pace, force, size, direction and style drawn over wide
 * bands by the seed, with rests between; --unseen: in the styles that the shipped model never
 * learned from (virtual_recipes.c). Prints time-weighted confusion, live and final, and how
 * far the pace was from the cycles that were really done. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_run.h"
#include "bench_truth.h"
#include "training/virtual_recipes.h"

struct options {
    struct bench_options run;
    unsigned n_takes;
    bool list, unseen;
    const char *script;
};

static enum technique final_at(const struct bench_run *run, double at_s)
{
    for (size_t i = 0; i < run->n_episodes; i++)
        if (at_s >= run->episodes[i].start_s && at_s < run->episodes[i].end_s)
            return run->episodes[i].technique;
    return TECHNIQUE_UNKNOWN;
}

/* --takes steps a technique, of styles kept back, in scripts of a few steps each. */
static void write_unseen(int fd, const struct options *o)
{
    enum { STEPS = 6, TEXT_BYTES = 8192 };
    static char text[TEXT_BYTES];
    unsigned recipe_of[STEPS];
    struct pcg draws;
    FILE *file = fdopen(fd, "w");
    if (!file)
        bench_die("script", "cannot be written");
    pcg_init(&draws, o->run.seed, 5);
    for (unsigned i = 0; i < 2 * o->n_takes; i++) {
        virtual_recipes_script(&draws, STYLES_TESTING,
                               o->run.mount == MOUNT_GLOVE ? SURFACE_GLOVE : SURFACE_TABLE, STEPS,
                               recipe_of, text, sizeof text);
        (void)fputs(text, file);
    }
    (void)fclose(file);
}

/* A parent is right, live, where what is done is of its kind and only history tells which. */
static bool is_parent_of(enum technique answer, enum technique truth)
{
    return answer == TECHNIQUE_HOLD &&
           (truth == TECHNIQUE_COMPRESSION || truth == TECHNIQUE_MYOFASCIAL_RELEASE ||
            truth == TECHNIQUE_MUSCLE_ENERGY || truth == TECHNIQUE_STRETCHING);
}

struct confusion {
    double s[N_TECHNIQUES][N_TECHNIQUES];
};

/* Mean of the classes' F1 over time. */
static double macro_f1(const struct confusion *c, bool with_parents)
{
    double sum = 0;
    unsigned n = 0;
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        double truth = 0, answered = 0, right = c->s[i][i];
        for (unsigned j = 0; j < N_TECHNIQUES; j++) {
            bool parent = with_parents && is_parent_of((enum technique)j, (enum technique)i);
            truth += c->s[i][j];
            answered += c->s[j][i];
            right += parent ? c->s[i][j] : 0;
            answered += parent ? c->s[i][j] : 0;
        }
        if (!(truth > 0))
            continue;
        sum += 2 * right / (truth + answered);
        n++;
    }
    return n ? sum / n : 0;
}

static void print_confusion(const char *title, const struct confusion *c)
{
    double right = 0, parent = 0, unknown = 0, all = 0;
    (void)printf("%s: seconds, truth down, answer across\n%-20s", title, "");
    for (unsigned j = 0; j < N_TECHNIQUES; j++)
        (void)printf(" %5.5s", technique_name((enum technique)j));
    (void)printf("  right\n");
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        double sum = 0;
        for (unsigned j = 0; j < N_TECHNIQUES; j++)
            sum += c->s[i][j];
        if (!(sum > 0))
            continue;
        (void)printf("%-20s", technique_name((enum technique)i));
        for (unsigned j = 0; j < N_TECHNIQUES; j++)
            (void)(c->s[i][j] > 0.05 ? printf(" %5.1f", c->s[i][j]) : printf("     ."));
        (void)printf("  %.3f\n", c->s[i][i] / sum);
        all += sum;
        right += c->s[i][i];
        parent += c->s[i][TECHNIQUE_HOLD] + c->s[i][TECHNIQUE_RHYTHM];
        unknown += c->s[i][TECHNIQUE_UNKNOWN];
    }
    (void)printf("%s: right %.3f, parent %.3f, unknown %.3f, wrong %.3f of %.0f s\n", title,
                 right / all, parent / all, unknown / all, (all - right - parent - unknown) / all,
                 all);
    (void)printf("%s: macro-F1 %.3f; hold counted as right for what is held %.3f\n\n", title,
                 macro_f1(c, false), macro_f1(c, true));
}

static void confuse(const struct bench_run *run, const struct bench_truth *truth, float rate_hz)
{
    static struct confusion live, final;
    double step_s = 1.0 / (double)rate_hz;
    for (size_t i = 0; i < run->n_live; i++) {
        double at_s = (double)i * step_s;
        enum technique true_one = bench_truth_at(truth, at_s);
        live.s[true_one][run->live[i].technique] += step_s;
        final.s[true_one][final_at(run, at_s)] += step_s;
    }
    print_confusion("live", &live);
    print_confusion("final", &final);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where the name is right: the error of the live pace against the step's, from 3 s or three cycles.
 */
static void print_pace(const struct bench_run *run, const struct bench_truth *truth, float rate_hz)
{
    (void)printf("%-20s %7s %7s %9s %9s %7s %9s %9s\n", "pace", "truth", "given", "live med",
                 "live p95", "cycles", "strokes", "episodes");
    for (size_t k = 0; k < truth->n_steps; k++) {
        const struct bench_step *step = &truth->steps[k];
        if (isnan(step->pace_cpm))
            continue;
        double from_s = step->start_s + fmax(3.0, 3.0 * 60.0 / step->pace_cpm) + 0.3;
        size_t n = 0, n_all = 0, most = run->n_live;
        double *error = calloc(most, sizeof *error);
        for (size_t i = 0; error && i < most; i++) {
            double at_s = (double)i / (double)rate_hz;
            if (at_s < from_s || at_s > step->end_s - 0.4)
                continue;
            n_all++;
            if (!isnan(run->live[i].pace_cpm))
                error[n++] = fabs((double)run->live[i].pace_cpm / step->pace_cpm - 1) * 100;
        }
        if (error)
            qsort(error, n, sizeof *error, by_value);
        double pace_cpm = (double)NAN, n_strokes = 0;
        const char *name = "-";
        for (size_t i = 0; i < run->n_episodes; i++) {
            const struct episode *e = &run->episodes[i];
            if (e->start_s < step->end_s - 1 && e->end_s > step->start_s + 1 &&
                e->technique != TECHNIQUE_REST) {
                pace_cpm = (double)e->pace_cpm;
                n_strokes = e->n_strokes;
                name = technique_name(e->technique);
            }
        }
        (void)printf("%-20s %7.1f %6.0f%% %8.2f%% %8.2f%% %7u %9.0f %9.1f %s\n",
                     technique_name(step->technique), step->pace_cpm,
                     n_all ? 100.0 * (double)n / (double)n_all : 0.0, n ? error[n / 2] : -1,
                     n ? error[n * 95 / 100] : -1, step->n_cycles, n_strokes, pace_cpm, name);
        free(error);
    }
    (void)printf("\n");
}

static void list(const struct bench_run *run, const struct bench_truth *truth)
{
    for (size_t i = 0; i < truth->n_steps; i++)
        (void)printf("%8.2f %8.2f %s\n", truth->steps[i].start_s, truth->steps[i].end_s,
                     technique_name(truth->steps[i].technique));
    for (size_t i = 0; i < run->n_episodes; i++) {
        const struct episode *e = &run->episodes[i];
        (void)printf("%8.2f %8.2f %-20s conf %.2f strokes %3u pace %6.1f cv %5.1f force %6.1f\n",
                     e->start_s, e->end_s, technique_name(e->technique), (double)e->confidence,
                     e->n_strokes, (double)e->pace_cpm, (double)e->regularity_pct,
                     (double)e->mean_force_n);
    }
}

static struct options parse(int argc, char **argv)
{
    static const struct option known[] = {
        {"rows", required_argument, 0, 'r'},     {"cols", required_argument, 0, 'c'},
        {"pitch-mm", required_argument, 0, 'p'}, {"rate-hz", required_argument, 0, 'f'},
        {"mount", required_argument, 0, 'm'},    {"seed", required_argument, 0, 's'},
        {"takes", required_argument, 0, 't'},    {"uncalibrated", no_argument, 0, 'u'},
        {"script", required_argument, 0, 'S'},   {"list", no_argument, 0, 'l'},
        {"unseen", no_argument, 0, 'n'},         {0, 0, 0, 0}};
    static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};
    struct options o = {.run = {.n_rows = 32,
                                .n_cols = 32,
                                .pitch_mm = 15,
                                .rate_hz = 200,
                                .seed = 1,
                                .calibrated = true},
                        .n_takes = 3};
    int c;
    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (c) {
        case 'r':
            o.run.n_rows = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'c':
            o.run.n_cols = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'p':
            o.run.pitch_mm = strtof(optarg, NULL);
            break;
        case 'f':
            o.run.rate_hz = strtof(optarg, NULL);
            break;
        case 's':
            o.run.seed = strtoul(optarg, NULL, 10);
            break;
        case 't':
            o.n_takes = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'u':
            o.run.calibrated = false;
            break;
        case 'S':
            o.script = optarg;
            break;
        case 'n':
            o.unseen = true;
            break;
        case 'l':
            o.list = true;
            break;
        case 'm':
            for (unsigned i = 0; i < N_MOUNTS; i++)
                if (strcmp(optarg, mounts[i]) == 0)
                    o.run.mount = (enum array_mount)i;
            break;
        default:
            bench_die("usage", "see the head of bench_scene.c");
        }
    }
    return o;
}

int main(int argc, char **argv)
{
    static struct bench_run run;
    struct options o = parse(argc, argv);
    char script[] = "/tmp/thenar-scene-XXXXXX", truth_path[] = "/tmp/thenar-truth-XXXXXX";
    int script_fd = mkstemp(script), truth_fd = mkstemp(truth_path);
    if (script_fd < 0 || truth_fd < 0)
        bench_die("/tmp", "cannot write there");
    if (o.unseen)
        write_unseen(script_fd, &o);
    else
        bench_truth_write_script(script_fd, o.run.seed, o.n_takes, o.run.mount);
    (void)close(truth_fd);
    bench_run_open(&run, &o.run, o.script ? o.script : script, truth_path);
    bench_run_play(&run, o.run.rate_hz);
    struct bench_truth *truth = bench_truth_read(truth_path);
    (void)printf("%ux%u, %g mm, %g frames/s, %s, seed %lu\n\n", o.run.n_rows, o.run.n_cols,
                 (double)o.run.pitch_mm, (double)o.run.rate_hz,
                 o.run.calibrated ? "calibrated" : "uncalibrated", o.run.seed);
    if (o.list)
        list(&run, truth);
    print_pace(&run, truth, o.run.rate_hz);
    confuse(&run, truth, o.run.rate_hz);
    free(truth);
    bench_run_finish(&run);
    (void)unlink(script);
    (void)unlink(truth_path);
    return 0;
}
