/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recording_takes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/episode_table.h"
#include "stop_signal.h"
#include "technique/plan.h"

void recording_takes_finish(struct recording_takes *takes)
{
    free(takes->episodes);
    free(takes->strokes);
    *takes = (struct recording_takes){0};
}

/* Room for `n_more` more elements of an array that grows by doubling. */
static bool reserve(void **array, size_t n, size_t n_more, size_t bytes)
{
    size_t n_space = 16;
    while (n_space < n)
        n_space *= 2;
    if (*array && n + n_more <= n_space)
        return true;
    while (n_space < n + n_more)
        n_space *= 2;
    void *larger = realloc(*array, n_space * bytes);
    if (larger)
        *array = larger;
    return larger != NULL;
}

static bool take(struct recording_takes *takes, const struct pipeline_output *output,
                 double first_s)
{
    if (!reserve((void **)&takes->strokes, takes->n_strokes, output->n_strokes,
                 sizeof *takes->strokes) ||
        !reserve((void **)&takes->episodes, takes->n_episodes, output->n_episodes,
                 sizeof *takes->episodes))
        return false;
    for (unsigned i = 0; i < output->n_strokes; i++) {
        struct stroke *stroke = &takes->strokes[takes->n_strokes++];
        *stroke = output->strokes[i];
        stroke->start_s -= first_s;
        stroke->end_s -= first_s;
    }
    for (unsigned i = 0; i < output->n_episodes; i++) {
        struct episode *episode = &takes->episodes[takes->n_episodes++];
        *episode = output->episodes[i];
        episode->start_s -= first_s;
        episode->end_s -= first_s;
    }
    return true;
}

static enum thenar_status run_through(struct recording_takes *takes, struct recording_run *run,
                                      struct thenar_error *error)
{
    struct pipeline_output output;
    enum thenar_status status;
    double first_s = 0;
    bool has_first = false;
    while ((status = recording_run_next(run, &output, error)) == THENAR_OK) {
        if (!has_first)
            first_s = output.device_s;
        has_first = true;
        takes->duration_s = output.device_s - first_s;
        if (!take(takes, &output, first_s))
            return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
        if (stop_signal_came())
            return thenar_fail(error, THENAR_ERR_OS, "stopped");
    }
    if (status != THENAR_END)
        return status;
    for (bool more = true; more;) {
        more = recording_run_finish(run, &output);
        if (!take(takes, &output, first_s))
            return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    return THENAR_OK;
}

/* Sums of the pipeline's episodes do not belong to other borders: they are left out. */
static enum thenar_status use_table(struct recording_takes *takes, const char *path,
                                    struct thenar_error *error)
{
    struct episode_table table;
    enum thenar_status status = episode_table_read(&table, path, error);
    if (status != THENAR_OK)
        return status;
    struct episode *episodes = calloc(table.n_rows + 1, sizeof *episodes);
    for (size_t i = 0; episodes && i < table.n_rows; i++)
        episodes[i] = (struct episode){.technique = table.rows[i].technique,
                                       .start_s = table.rows[i].start_s,
                                       .end_s = table.rows[i].end_s,
                                       .confidence = 1,
                                       .pace_cpm = NAN,
                                       .regularity_pct = NAN,
                                       .peak_kpa = NAN,
                                       .mean_kpa = NAN,
                                       .mean_force_n = NAN,
                                       .contact_cm2 = NAN};
    if (episodes) {
        free(takes->episodes);
        takes->episodes = episodes;
        takes->n_episodes = table.n_rows;
        for (size_t i = 0; i < takes->n_strokes; i++) {
            struct stroke *stroke = &takes->strokes[i];
            double middle_s = 0.5 * (stroke->start_s + stroke->end_s);
            stroke->technique = episode_table_at(&table, middle_s);
        }
    }
    episode_table_finish(&table);
    return episodes ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
}

enum thenar_status recording_takes_read(struct recording_takes *takes, const char *path,
                                        const char *table, const struct recording_options *options,
                                        struct thenar_error *error)
{
    struct recording_run *run = NULL;
    *takes = (struct recording_takes){0};
    enum thenar_status status = recording_run_open(&run, path, options, error);
    if (status == THENAR_OK) {
        takes->is_relative = !array_layout_is_kpa(recording_run_layout(run));
        status = run_through(takes, run, error);
    }
    recording_run_close(run);
    if (status == THENAR_OK && table)
        status = use_table(takes, table, error);
    return status;
}

void recording_takes_join(struct recording_takes *takes, double pause_s, double least_s)
{
    size_t n = 0;
    for (size_t i = 0; i < takes->n_episodes; i++) {
        const struct episode *episode = &takes->episodes[i];
        struct episode *last = n ? &takes->episodes[n - 1] : NULL;
        if (!plan_is_technique(episode->technique))
            continue;
        if (last && last->technique == episode->technique &&
            episode->start_s - last->end_s <= pause_s) {
            last->end_s = episode->end_s;
            last->n_strokes += episode->n_strokes;
        } else if (last && last->end_s - last->start_s < least_s) {
            *last = *episode;
        } else {
            takes->episodes[n++] = *episode;
        }
    }
    if (n && takes->episodes[n - 1].end_s - takes->episodes[n - 1].start_s < least_s)
        n--;
    takes->n_episodes = n;
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Linear between the two nearest. */
static float percentile(const float *sorted, size_t n, double part)
{
    double at = part * (double)(n - 1);
    size_t below = (size_t)at;
    size_t above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (float)(at - (double)below) * (sorted[above] - sorted[below]);
}

struct spread spread_of(float *values, size_t n)
{
    struct spread spread = {n, NAN, NAN, NAN};
    if (n == 0)
        return spread;
    qsort(values, n, sizeof *values, compare_floats);
    spread.low = percentile(values, n, 0.1);
    spread.median = percentile(values, n, 0.5);
    spread.high = percentile(values, n, 0.9);
    return spread;
}

static const float FAR = 2.2F; /* times the middle, or below its part */

/* NaN: no memory, or no values. */
static float middle_of(const float *values, size_t n_values)
{
    float *sorted = calloc(n_values + 1, sizeof *sorted);
    for (size_t i = 0; sorted && i < n_values; i++)
        sorted[i] = values[i];
    float middle = sorted ? spread_of(sorted, n_values).median : NAN;
    free(sorted);
    return middle;
}

static bool is_usual(float value, float middle)
{
    return value < FAR * middle && value > middle / FAR;
}

size_t recording_takes_usual(float *paces, size_t n_paces)
{
    static const double few = 0.15;
    float middle = middle_of(paces, n_paces);
    size_t n = 0;
    for (size_t i = 0; i < n_paces; i++)
        n += is_usual(paces[i], middle);
    if ((double)(n_paces - n) > few * (double)n_paces)
        return n_paces; /* no mistakes: there is more than one pace */
    n = 0;
    for (size_t i = 0; i < n_paces; i++)
        if (is_usual(paces[i], middle))
            paces[n++] = paces[i];
    return n;
}

float recording_takes_variation_pct(const float *paces, size_t n_paces)
{
    enum { LEAST = 5 };
    double sum = 0, squares = 0;
    size_t n = 0;
    float middle = middle_of(paces, n_paces);
    for (int round = 0; round < 2; round++) {
        double mean = n ? sum / (double)n : 0;
        for (size_t i = 0; i < n_paces; i++) {
            if (!is_usual(paces[i], middle))
                continue;
            double interval = 1 / (double)paces[i];
            n += round == 0;
            sum += round == 0 ? interval : 0;
            squares += round == 0 ? 0 : (interval - mean) * (interval - mean);
        }
    }
    return n < LEAST ? NAN : (float)(100 * sqrt(squares / (double)(n - 1)) * (double)n / sum);
}
