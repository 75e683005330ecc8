/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary for people. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis_print.h"

/* Pressure and force in the words of the recording's unit. */
static void unit_text(const struct analysis *analysis, double kpa, double n, char *peak,
                      char *force, size_t n_space)
{
    if (analysis->uncalibrated) {
        (void)snprintf(peak, n_space, "%.1f %%", 100.0 * kpa / RELATIVE_FULL_SCALE);
        (void)snprintf(force, n_space, "%.2f cm2", 10.0 * n / RELATIVE_FULL_SCALE);
    } else {
        (void)snprintf(peak, n_space, "%.1f kPa", kpa);
        (void)snprintf(force, n_space, "%.1f N", n);
    }
}

static void print_technique(FILE *out, const struct analysis *analysis, enum technique technique)
{
    const struct analysis_technique *sums = &analysis->techniques[technique];
    char pace[24] = "-", evenness[24] = "-", peak[24], force[24];
    double duration_s = analysis_duration_s(analysis);
    if (!isnan(analysis_pace_cpm(sums)))
        (void)snprintf(pace, sizeof pace, "%.1f/min", analysis_pace_cpm(sums));
    if (!isnan(analysis_regularity_pct(sums)))
        (void)snprintf(evenness, sizeof evenness, "%.0f %%", analysis_regularity_pct(sums));
    double mean_n = sums->time_s > 0 ? sums->force_sum / sums->time_s : 0;
    unit_text(analysis, (double)sums->peak_kpa, mean_n, peak, force, sizeof peak);
    (void)fprintf(out, "  %-20s %7.1f s %4.0f %% %8u %10s %7s %10s %10s\n",
                  technique_name(technique), sums->time_s,
                  duration_s > 0 ? 100.0 * sums->time_s / duration_s : 0, sums->n_strokes, pace,
                  evenness, peak, force);
}

/* Techniques by time, the longest first. */
static void print_techniques(FILE *out, const struct analysis *analysis)
{
    bool printed[N_TECHNIQUES] = {false};
    (void)fprintf(out, "\n  %-20s %9s %6s %8s %10s %7s %10s %10s\n", "technique", "time", "share",
                  "strokes", "pace", "varies", "peak", "mean force");
    for (;;) {
        int longest = -1;
        for (int i = 0; i < N_TECHNIQUES; i++)
            if (!printed[i] && analysis->techniques[i].n_episodes &&
                (longest < 0 ||
                 analysis->techniques[i].time_s > analysis->techniques[longest].time_s))
                longest = i;
        if (longest < 0)
            return;
        printed[longest] = true;
        print_technique(out, analysis, (enum technique)longest);
    }
}

static void print_damage(FILE *out, const struct analysis_source *source,
                         const struct analysis *analysis)
{
    const struct recording_csv_info *info = source->info;
    bool any = false;
    if (info->n_bad_rows) {
        (void)fprintf(out,
                      "  Damage: %" PRIu64
                      " row(s) do not parse and were passed over; the first is "
                      "line %" PRIu64 ".\n",
                      info->n_bad_rows, info->first_bad_line);
        any = true;
    }
    if (info->n_back_rows) {
        (void)fprintf(out,
                      "  Damage: in %" PRIu64 " row(s) the time runs back, first in line %" PRIu64
                      "; they count as the next frame.\n",
                      info->n_back_rows, info->first_back_line);
        any = true;
    }
    if (analysis->n_gaps) {
        (void)fprintf(out, "  Damage: %u gap%s, %.2f s in all.\n", analysis->n_gaps,
                      analysis->n_gaps == 1 ? "" : "s", analysis->gap_s);
        any = true;
    }
    if (analysis->n_saturated_frames) {
        (void)fprintf(out,
                      "  Saturated: in %" PRIu64 " frames some taxel is at the end of its range; "
                      "pressures there are at least what is said.\n",
                      analysis->n_saturated_frames);
        any = true;
    }
    if (analysis->n_dead) {
        (void)fprintf(out, "  Dead: %u taxel%s never answered.\n", analysis->n_dead,
                      analysis->n_dead == 1 ? "" : "s");
        any = true;
    }
    if (!any)
        (void)fprintf(out, "  No damage found: no bad rows, no gaps, nothing saturated or dead.\n");
}

void analysis_print_page(FILE *out, const struct analysis_source *source,
                         const struct analysis *analysis)
{
    const struct array_layout *layout = source->layout;
    char peak[24], force[24];
    (void)fprintf(out, "%s: %.1f s, %" PRIu64 " frames of %ux%u taxels (%g mm), %.4g frames/s\n",
                  source->path, analysis_duration_s(analysis), analysis->n_frames, layout->n_rows,
                  layout->n_cols, (double)layout->pitch_x_mm, (double)layout->rate_hz);
    if (analysis->uncalibrated)
        (void)fprintf(out,
                      "  Counts without a calibration: pressures are parts of full scale (%g), "
                      "forces are cm2 of full scale.\n",
                      (double)layout->sensor.full_scale_counts);
    if (source->calibration)
        (void)fprintf(
            out,
            "  In kPa by the calibration of %s of %s, which %s %s; standard uncertainty of "
            "a reading %.1f %%.\n",
            source->calibration->serial, source->calibration->date,
            source->is_expired ? "EXPIRED on" : "holds until", source->calibration->expires,
            (double)layout->sensor.uncertainty_pct);
    if (source->pitch_assumed)
        (void)fprintf(out, "  The pitch is assumed (--pitch-mm): lengths, areas and forces scale "
                           "with it.\n");
    if (source->rest->n_frames && source->rest->is_by_taxel)
        (void)fprintf(out, "  Zero is the lowest half second of each taxel, for hands never lift; "
                           "--tare none takes the readings as they are.\n");
    else if (source->rest->n_frames)
        (void)fprintf(out,
                      "  Zero is what the array reads from %.2f to %.2f s%s; --tare none takes the "
                      "readings as they are.\n",
                      source->rest->from_s, source->rest->to_s,
                      strcmp(source->tare, "auto") == 0 ? ", where it is quiet" : "");
    (void)fprintf(out, "  Named by %s (%s).\n", source->technique_model, source->technique_recipe);
    print_techniques(out, analysis);
    unit_text(analysis, (double)analysis->peak_kpa, (double)analysis->force_n, peak, force,
              sizeof peak);
    (void)fprintf(
        out, "\n  %u stroke%s in %u episode%s; touched for %.1f s; peak %s, largest force %s\n",
        analysis->n_strokes, analysis->n_strokes == 1 ? "" : "s", analysis->n_episodes,
        analysis->n_episodes == 1 ? "" : "s", analysis->touched_s, peak, force);
    print_damage(out, source, analysis);
}
