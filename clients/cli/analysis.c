/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis.h"

#include <math.h>

void analysis_init(struct analysis *analysis, const struct array_layout *layout)
{
    *analysis = (struct analysis){.uncalibrated = !array_layout_is_kpa(layout),
                                  .period_s = 1.0 / (double)layout->rate_hz};
}

static void take_episode(struct analysis *analysis, const struct episode *episode)
{
    struct analysis_technique *sums = &analysis->techniques[episode->technique];
    double time_s = episode->end_s - episode->start_s;
    sums->time_s += time_s;
    sums->n_episodes++;
    sums->n_strokes += episode->n_strokes;
    sums->force_sum += time_s * (double)episode->mean_force_n;
    sums->peak_kpa = fmaxf(sums->peak_kpa, episode->peak_kpa);
    if (!isnan(episode->pace_cpm)) {
        sums->pace_time_s += time_s;
        sums->pace_sum += time_s * (double)episode->pace_cpm;
    }
    if (!isnan(episode->regularity_pct)) {
        sums->regularity_time_s += time_s;
        sums->regularity_sum += time_s * (double)episode->regularity_pct;
    }
    analysis->n_episodes++;
}

void analysis_take_end(struct analysis *analysis, const struct pipeline_output *output)
{
    analysis->n_strokes += output->n_strokes;
    for (unsigned i = 0; i < output->n_episodes; i++)
        take_episode(analysis, &output->episodes[i]);
}

void analysis_take(struct analysis *analysis, const struct pipeline_output *output)
{
    double interval_s = output->device_s - analysis->last_s;
    if (analysis->n_frames == 0) {
        analysis->first_s = output->device_s;
    } else if (interval_s > 1.5 * analysis->period_s) {
        analysis->n_gaps++;
        analysis->gap_s += interval_s - analysis->period_s;
    }
    analysis->last_s = output->device_s;
    analysis->n_frames++;
    analysis->peak_kpa = fmaxf(analysis->peak_kpa, output->features.peak_kpa);
    analysis->force_n = fmaxf(analysis->force_n, output->features.force_n);
    if (output->features.n_touched)
        analysis->touched_s += analysis->period_s;
    if (output->features.n_saturated)
        analysis->n_saturated_frames++;
    analysis_take_end(analysis, output);
}

double analysis_pace_cpm(const struct analysis_technique *technique)
{
    return technique->pace_time_s > 0 ? technique->pace_sum / technique->pace_time_s : (double)NAN;
}

double analysis_regularity_pct(const struct analysis_technique *technique)
{
    return technique->regularity_time_s > 0
               ? technique->regularity_sum / technique->regularity_time_s
               : (double)NAN;
}

double analysis_duration_s(const struct analysis *analysis)
{
    return analysis->n_frames ? analysis->last_s - analysis->first_s + analysis->period_s : 0;
}
