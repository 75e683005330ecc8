/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "compare.h"
#include "plan_print.h"
#include "technique/plan.h"

static void print_run(FILE *out, const struct recording_takes *takes, int index)
{
    char name[40];
    if (index < 0) {
        (void)fprintf(out, "%-36s", "-");
        return;
    }
    const struct episode *episode = &takes->episodes[index];
    plan_print_technique(name, sizeof name, episode->technique);
    (void)fprintf(out, "%3d:%04.1f  %-19s %5.1f s  ", (int)(episode->start_s / 60),
                  fmod(episode->start_s, 60), name, episode->end_s - episode->start_s);
}

static void print_pairs(FILE *out, const struct compare_result *result,
                        const struct recording_takes *reference,
                        const struct recording_takes *recording)
{
    unsigned n_missing = 0, n_added = 0;
    (void)fprintf(out, "What was done, side by side\n\n  %-36s%s\n", "reference", "recording");
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct compare_pair *pair = &result->pairs[i];
        (void)fputs("  ", out);
        print_run(out, reference, pair->reference);
        print_run(out, recording, pair->recording);
        n_missing += pair->recording < 0;
        n_added += pair->reference < 0;
        (void)fputs(pair->recording < 0   ? "missing\n"
                    : pair->reference < 0 ? "added\n"
                                          : "\n",
                    out);
    }
    if (result->n_pairs == 0)
        (void)fputs("  nothing was named in either\n", out);
    else if (n_missing == 0 && n_added == 0)
        (void)fputs("\n  The same techniques in the same order.\n", out);
    else
        (void)fprintf(out, "\n  %u missing in the recording, %u added.\n", n_missing, n_added);
}

static void print_difference(FILE *out, const char *title, const char *more, const char *less,
                             const char *unit, const struct compare_difference *d)
{
    if (d->reference.n == 0 || d->recording.n == 0)
        return;
    (void)fprintf(out, "    %-10s %.3g (%.3g to %.3g) beside %.3g (%.3g to %.3g) %s; ", title,
                  (double)d->recording.median, (double)d->recording.low, (double)d->recording.high,
                  (double)d->reference.median, (double)d->reference.low, (double)d->reference.high,
                  unit);
    if (isnan(d->low) && d->is_apart)
        (void)fprintf(out, "%s by %.3g, as far as %zu and %zu can tell: they do not overlap\n",
                      d->difference > 0 ? more : less, (double)fabsf(d->difference), d->recording.n,
                      d->reference.n);
    else if (isnan(d->low))
        (void)fprintf(out, "too few to tell (%zu and %zu)\n", d->recording.n, d->reference.n);
    else if (d->low <= 0 && d->high >= 0)
        (void)fprintf(out, "no difference can be told (%+.3g, 95 %% within %+.3g and %+.3g)\n",
                      (double)d->difference, (double)d->low, (double)d->high);
    else
        (void)fprintf(out, "%s by %.3g (95 %% within %.3g and %.3g)\n",
                      d->difference > 0 ? more : less, (double)fabsf(d->difference),
                      (double)fminf(fabsf(d->low), fabsf(d->high)),
                      (double)fmaxf(fabsf(d->low), fabsf(d->high)));
}

static void print_regularity(FILE *out, const float pct[2])
{
    if (isnan(pct[0]) || isnan(pct[1]))
        return;
    (void)fprintf(out, "    %-10s intervals vary by %.0f %% beside %.0f %%; %s\n", "regularity",
                  (double)pct[1], (double)pct[0],
                  pct[1] > 1.5F * pct[0] + 2   ? "less even"
                  : pct[0] > 1.5F * pct[1] + 2 ? "more even"
                                               : "about as even");
}

void compare_print(FILE *out, const struct compare_result *result,
                   const struct recording_takes *reference, const struct recording_takes *recording)
{
    bool is_relative = reference->is_relative || recording->is_relative;
    print_pairs(out, result, reference, recording);
    (void)fputs("\nHow it was done: median (10th to 90th percentile) of the strokes, recording "
                "beside reference\n",
                out);
    for (int t = TECHNIQUE_EFFLEURAGE; t <= TECHNIQUE_STRETCHING; t++) {
        const struct compare_technique *technique = &result->techniques[t];
        char name[40];
        if (!technique->is_there[0] && !technique->is_there[1])
            continue;
        plan_print_technique(name, sizeof name, (enum technique)t);
        (void)fprintf(out, "\n  %s: %.0f s in %u run%s beside %.0f s in %u\n", name,
                      technique->time_s[1], technique->n_runs[1],
                      technique->n_runs[1] == 1 ? "" : "s", technique->time_s[0],
                      technique->n_runs[0]);
        if (!technique->is_there[0] || !technique->is_there[1]) {
            (void)fprintf(out, "    only in the %s\n",
                          technique->is_there[0] ? "reference" : "recording");
            continue;
        }
        print_difference(out, "pressure", "deeper", "lighter", is_relative ? "relative" : "kPa",
                         &technique->values[COMPARE_PRESSURE]);
        if (plan_is_held((enum technique)t)) {
            print_difference(out, "hold", "longer", "shorter", "s",
                             &technique->values[COMPARE_STROKE]);
        } else {
            print_difference(out, "pace", "faster", "slower", "a minute",
                             &technique->values[COMPARE_PACE]);
            print_regularity(out, technique->regularity_pct);
        }
    }
    if (is_relative)
        (void)fputs("\nPressures are relative to each sensor's full scale: they compare only "
                    "within one array.\n",
                    out);
}
