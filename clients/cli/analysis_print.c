/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_print.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "feed/json_text.h"

enum { LINE_BYTES = 16384 };

/* The engine's relative units count full scale as 100, as if kPa; so a force of 1 N, which is
 * 1 kPa over 10 cm2, stands for 10 / 100 cm2 of full scale. */
static const double REL_A_KPA = 1.0 / RELATIVE_FULL_SCALE;
static const double REL_CM2_A_N = 10.0 / RELATIVE_FULL_SCALE;

static void put_name(struct json_text *out, const char *name)
{
    json_text_put_string(out, name, strlen(name));
    json_text_put(out, ":", 1);
}

static void put_text(struct json_text *out, const char *name, const char *text)
{
    put_name(out, name);
    json_text_put_string(out, text, strlen(text));
    json_text_put(out, ",", 1);
}

static void put_count(struct json_text *out, const char *name, uint64_t count)
{
    put_name(out, name);
    json_text_put_integer(out, count);
    json_text_put(out, ",", 1);
}

static void put_flag(struct json_text *out, const char *name, bool flag)
{
    put_name(out, name);
    json_text_put(out, flag ? "true," : "false,", flag ? 5 : 6);
}

/* Absent when NaN. */
static void put_number(struct json_text *out, const char *name, double number)
{
    if (!json_text_is_number(number))
        return;
    put_name(out, name);
    json_text_put_number(out, number, 6);
    json_text_put(out, ",", 1);
}

/* Under the name that its unit allows. */
static void put_either(struct json_text *out, bool uncalibrated, const char *name,
                       const char *name_rel, double value, double rel_a_unit)
{
    put_number(out, uncalibrated ? name_rel : name, uncalibrated ? value * rel_a_unit : value);
}

static void begin(struct json_text *out, char *line, const char *type)
{
    json_text_init(out, line, LINE_BYTES);
    json_text_put(out, "{", 1);
    put_text(out, "type", type);
}

static void finish(struct json_text *out, FILE *file, const char *line)
{
    size_t n_text;
    json_text_close(out, '}');
    if (json_text_finish(out, &n_text) == THENAR_OK)
        (void)fprintf(file, "%s\n", line);
}

void analysis_print_stroke(FILE *out, const struct stroke *stroke, bool uncalibrated)
{
    char line[LINE_BYTES];
    struct json_text text;
    begin(&text, line, "stroke");
    put_text(&text, "technique", technique_name(stroke->technique));
    put_number(&text, "start_s", stroke->start_s);
    put_number(&text, "end_s", stroke->end_s);
    put_number(&text, "duration_s", stroke->end_s - stroke->start_s);
    put_either(&text, uncalibrated, "peak_kpa", "peak_rel", (double)stroke->peak_kpa, REL_A_KPA);
    put_either(&text, uncalibrated, "mean_kpa", "mean_rel", (double)stroke->mean_kpa, REL_A_KPA);
    put_either(&text, uncalibrated, "mean_force_n", "mean_force_rel", (double)stroke->mean_force_n,
               REL_CM2_A_N);
    put_either(&text, uncalibrated, "impulse_n_s", "impulse_rel_s", (double)stroke->impulse_n_s,
               REL_CM2_A_N);
    put_number(&text, "path_mm", (double)stroke->path_mm);
    put_number(&text, "direction_deg", (double)stroke->direction_deg);
    put_number(&text, "speed_mm_s", (double)stroke->speed_mm_s);
    put_number(&text, "contact_cm2", (double)stroke->contact_cm2);
    put_number(&text, "evenness_pct", (double)stroke->evenness_pct);
    put_number(&text, "interval_s", (double)stroke->interval_s);
    if (stroke->hand)
        put_count(&text, "hand", stroke->hand);
    finish(&text, out, line);
}

void analysis_print_episode(FILE *out, const struct episode *episode, bool uncalibrated)
{
    char line[LINE_BYTES];
    struct json_text text;
    begin(&text, line, "episode");
    put_text(&text, "technique", technique_name(episode->technique));
    put_number(&text, "start_s", episode->start_s);
    put_number(&text, "end_s", episode->end_s);
    put_number(&text, "duration_s", episode->end_s - episode->start_s);
    put_number(&text, "confidence", (double)episode->confidence);
    put_count(&text, "strokes", episode->n_strokes);
    put_number(&text, "pace_cpm", (double)episode->pace_cpm);
    put_number(&text, "regularity_pct", (double)episode->regularity_pct);
    put_number(&text, "pace_hand_cpm", (double)episode->pace_hand_cpm);
    put_either(&text, uncalibrated, "peak_kpa", "peak_rel", (double)episode->peak_kpa, REL_A_KPA);
    put_either(&text, uncalibrated, "mean_kpa", "mean_rel", (double)episode->mean_kpa, REL_A_KPA);
    put_either(&text, uncalibrated, "mean_force_n", "mean_force_rel", (double)episode->mean_force_n,
               REL_CM2_A_N);
    put_number(&text, "contact_cm2", (double)episode->contact_cm2);
    finish(&text, out, line);
}

static double share_pct(const struct analysis *analysis, const struct analysis_technique *sums)
{
    double duration_s = analysis_duration_s(analysis);
    return duration_s > 0 ? 100.0 * sums->time_s / duration_s : 0;
}

static double mean_force(const struct analysis_technique *sums)
{
    return sums->time_s > 0 ? sums->force_sum / sums->time_s : (double)NAN;
}

static void put_technique(struct json_text *out, const struct analysis *analysis,
                          enum technique technique)
{
    const struct analysis_technique *sums = &analysis->techniques[technique];
    bool uncalibrated = analysis->uncalibrated;
    json_text_put(out, "{", 1);
    put_text(out, "technique", technique_name(technique));
    put_number(out, "time_s", sums->time_s);
    put_number(out, "share_pct", share_pct(analysis, sums));
    put_count(out, "episodes", sums->n_episodes);
    put_count(out, "strokes", sums->n_strokes);
    put_number(out, "pace_cpm", analysis_pace_cpm(sums));
    put_number(out, "regularity_pct", analysis_regularity_pct(sums));
    put_either(out, uncalibrated, "peak_kpa", "peak_rel", (double)sums->peak_kpa, REL_A_KPA);
    put_either(out, uncalibrated, "mean_force_n", "mean_force_rel", mean_force(sums), REL_CM2_A_N);
    json_text_close(out, '}');
    json_text_put(out, ",", 1);
}

static void put_recording(struct json_text *out, const struct analysis_source *source,
                          const struct analysis *analysis)
{
    const struct array_layout *layout = source->layout;
    put_text(out, "file", source->path);
    put_count(out, "frames", analysis->n_frames);
    put_number(out, "duration_s", analysis_duration_s(analysis));
    put_number(out, "rate_hz", (double)layout->rate_hz);
    put_count(out, "n_rows", layout->n_rows);
    put_count(out, "n_cols", layout->n_cols);
    put_number(out, "pitch_mm", (double)layout->pitch_x_mm);
    put_flag(out, "pitch_assumed", source->pitch_assumed);
    put_text(out, "mount", source->mount);
    put_text(out, "unit", source->unit);
    put_flag(out, "uncalibrated", analysis->uncalibrated);
    if (source->calibration) {
        put_text(out, "calibration", source->is_expired ? "expired" : "calibrated");
        put_text(out, "calibration_serial", source->calibration->serial);
        put_text(out, "calibration_date", source->calibration->date);
        put_text(out, "calibration_expires", source->calibration->expires);
        put_number(out, "calibration_uncertainty_pct", (double)layout->sensor.uncertainty_pct);
    }
    if (layout->sensor.unit == UNIT_COUNTS)
        put_number(out, "full_scale_counts", (double)layout->sensor.full_scale_counts);
    put_text(out, "tare",
             !source->rest->n_frames     ? "none"
             : source->rest->is_by_taxel ? "lowest"
                                         : source->tare);
    if (source->rest->n_frames) {
        put_number(out, "tare_from_s", source->rest->from_s);
        put_number(out, "tare_to_s", source->rest->to_s);
    }
    put_text(out, "technique_model", source->technique_model);
    put_text(out, "technique_recipe", source->technique_recipe);
    put_text(out, "filter_form", source->filter_form);
    put_number(out, "filter_delay_ms", source->filter_delay_ms);
}

void analysis_print_summary(FILE *out, const struct analysis_source *source,
                            const struct analysis *analysis)
{
    char line[LINE_BYTES];
    struct json_text text;
    begin(&text, line, "summary");
    put_recording(&text, source, analysis);
    put_count(&text, "strokes", analysis->n_strokes);
    put_count(&text, "episodes", analysis->n_episodes);
    put_number(&text, "touched_s", analysis->touched_s);
    put_either(&text, analysis->uncalibrated, "peak_kpa", "peak_rel", (double)analysis->peak_kpa,
               REL_A_KPA);
    put_either(&text, analysis->uncalibrated, "force_n", "force_rel", (double)analysis->force_n,
               REL_CM2_A_N);
    put_count(&text, "bad_rows", source->info->n_bad_rows);
    put_count(&text, "first_bad_line", source->info->first_bad_line);
    put_count(&text, "back_rows", source->info->n_back_rows);
    put_count(&text, "first_back_line", source->info->first_back_line);
    put_count(&text, "gaps", analysis->n_gaps);
    put_number(&text, "gap_s", analysis->gap_s);
    put_count(&text, "saturated_frames", analysis->n_saturated_frames);
    put_count(&text, "dead_taxels", analysis->n_dead);
    put_name(&text, "techniques");
    json_text_put(&text, "[", 1);
    for (int i = 0; i < N_TECHNIQUES; i++)
        if (analysis->techniques[i].n_episodes)
            put_technique(&text, analysis, (enum technique)i);
    json_text_close(&text, ']');
    finish(&text, out, line);
}
