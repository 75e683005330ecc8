/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_verify.h"

/* A mean by weights that passes over what is not known. */
struct mean {
    double sum, weight;
};

static void mean_add(struct mean *mean, double value, double weight)
{
    if (isnan(value) || !(weight > 0))
        return;
    mean->sum += value * weight;
    mean->weight += weight;
}

static float mean_of(const struct mean *mean)
{
    return mean->weight > 0 ? (float)(mean->sum / mean->weight) : NAN;
}

struct technique_sums {
    struct mean pace, regularity, mean, force, contact, evenness;
};

enum technique session_digest_technique(const char *word)
{
    char name[SESSION_WORD_BYTES + 1] = {0};
    memcpy(name, word, SESSION_WORD_BYTES);
    return technique_from_name(name);
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float median(const float *sorted, size_t n)
{
    if (n == 0)
        return NAN;
    return n % 2 ? sorted[n / 2] : 0.5F * (sorted[n / 2 - 1] + sorted[n / 2]);
}

static float variation_pct(const float *values, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)values[i];
    double mean = n ? sum / (double)n : 0;
    for (size_t i = 0; i < n; i++)
        squares += ((double)values[i] - mean) * ((double)values[i] - mean);
    return n >= 3 && mean > 0 ? (float)(100 * sqrt(squares / (double)(n - 1)) / mean) : NAN;
}

/* ---- episodes ---- */

static void add_episode(struct session_technique *t, struct technique_sums *sums,
                        const struct session_episode_row *row)
{
    double time_s = row->end_s - row->start_s;
    t->time_s += time_s;
    t->longest_s = fmax(t->longest_s, time_s);
    t->n_episodes++;
    t->n_strokes += row->n_strokes;
    t->peak = fmaxf(t->peak, row->peak);
    mean_add(&sums->pace, (double)row->pace_cpm, time_s);
    mean_add(&sums->regularity, (double)row->regularity_pct, time_s);
    mean_add(&sums->mean, (double)row->mean, time_s);
    mean_add(&sums->force, (double)row->mean_force, time_s);
    mean_add(&sums->contact, (double)row->contact_cm2, time_s);
}

/* Hands are off in rest, and where no episode is. */
static void add_pauses(struct session_digest *d, double first_s,
                       const struct session_episode_row *episodes, size_t n)
{
    double last_touch_s = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        if (session_digest_technique(episodes[i].technique) == TECHNIQUE_REST)
            continue;
        double pause_s = episodes[i].t_start - last_touch_s;
        if (pause_s > d->longest_pause_s) {
            d->longest_pause_s = pause_s;
            d->longest_pause_at_s = last_touch_s - first_s;
        }
        last_touch_s = episodes[i].t_end;
    }
}

static void add_episodes(struct session_digest *d, struct session_technique *all,
                         struct technique_sums *sums, const struct session_episode_row *episodes,
                         size_t n)
{
    struct mean pace = {0}, regularity = {0};
    for (size_t i = 0; i < n; i++) {
        enum technique technique = session_digest_technique(episodes[i].technique);
        double time_s = episodes[i].end_s - episodes[i].start_s;
        add_episode(&all[technique], &sums[technique], &episodes[i]);
        if (technique == TECHNIQUE_REST)
            continue;
        d->n_episodes++;
        d->hands_on_s += time_s;
        if (technique == TECHNIQUE_UNKNOWN)
            d->unknown_s += time_s;
        mean_add(&pace, (double)episodes[i].pace_cpm, time_s);
        mean_add(&regularity, (double)episodes[i].regularity_pct, time_s);
    }
    d->pace_cpm = mean_of(&pace);
    d->regularity_pct = mean_of(&regularity);
}

/* ---- strokes ---- */

static void add_stroke(struct session_technique *t, struct mean *evenness, double first_s,
                       const struct session_stroke_row *row)
{
    mean_add(evenness, (double)row->evenness_pct, 1);
    if (!(row->peak <= t->highest)) {
        t->highest = row->peak;
        t->highest_at_s = (float)(row->t_start - first_s);
    }
}

static void add_strokes(struct session_digest *d, struct session_technique *all,
                        struct technique_sums *sums, double first_s,
                        const struct session_stroke_row *strokes, size_t n, float *peaks)
{
    struct mean evenness = {0};
    d->n_strokes = n;
    for (size_t i = 0; i < n; i++) {
        enum technique technique = session_digest_technique(strokes[i].technique);
        mean_add(&evenness, (double)strokes[i].evenness_pct, 1);
        add_stroke(&all[technique], &sums[technique].evenness, first_s, &strokes[i]);
        peaks[i] = strokes[i].peak;
    }
    d->evenness_pct = mean_of(&evenness);
    qsort(peaks, n, sizeof *peaks, compare_floats);
    d->stroke_peak = median(peaks, n);
    for (int t = 0; t < N_TECHNIQUES; t++) {
        size_t n_peaks = 0;
        for (size_t i = 0; i < n; i++)
            if (session_digest_technique(strokes[i].technique) == (enum technique)t)
                peaks[n_peaks++] = strokes[i].peak;
        qsort(peaks, n_peaks, sizeof *peaks, compare_floats);
        all[t].stroke_peak = median(peaks, n_peaks);
        all[t].stroke_peak_pct = variation_pct(peaks, n_peaks);
    }
}

/* ---- all ---- */

static int compare_times(const void *a, const void *b)
{
    double x = ((const struct session_technique *)a)->time_s;
    double y = ((const struct session_technique *)b)->time_s;
    return (x < y) - (x > y);
}

static void conclude(struct session_digest *d, struct session_technique *all,
                     const struct technique_sums *sums)
{
    for (int t = 0; t < N_TECHNIQUES; t++) {
        all[t].technique = (enum technique)t;
        all[t].pace_cpm = mean_of(&sums[t].pace);
        all[t].regularity_pct = mean_of(&sums[t].regularity);
        all[t].mean = mean_of(&sums[t].mean);
        all[t].mean_force = mean_of(&sums[t].force);
        all[t].contact_cm2 = mean_of(&sums[t].contact);
        all[t].evenness_pct = mean_of(&sums[t].evenness);
        if (all[t].n_episodes > 0 && t != TECHNIQUE_REST && t != TECHNIQUE_UNKNOWN)
            d->techniques[d->n_techniques++] = all[t];
    }
    qsort(d->techniques, d->n_techniques, sizeof *d->techniques, compare_times);
}

enum thenar_status session_digest_make(struct session_digest *digest, double first_s, double last_s,
                                       const struct session_episode_row *episodes,
                                       size_t n_episodes, const struct session_stroke_row *strokes,
                                       size_t n_strokes)
{
    struct session_technique all[N_TECHNIQUES] = {0};
    struct technique_sums sums[N_TECHNIQUES] = {0};
    float *peaks = (float *)calloc(n_strokes + 1, sizeof *peaks);
    if (!peaks)
        return THENAR_ERR_MEMORY;
    *digest = (struct session_digest){.start_unix_s = first_s};
    digest->length_s = last_s > first_s ? last_s - first_s : 0;
    for (int t = 0; t < N_TECHNIQUES; t++)
        all[t].peak = all[t].highest = all[t].highest_at_s = NAN;
    add_episodes(digest, all, sums, episodes, n_episodes);
    add_pauses(digest, first_s, episodes, n_episodes);
    add_strokes(digest, all, sums, first_s, strokes, n_strokes, peaks);
    conclude(digest, all, sums);
    free(peaks);
    return THENAR_OK;
}

enum thenar_status session_digest_read(struct session_digest *digest, struct session_reader *reader,
                                       struct thenar_error *error)
{
    struct session_summary summary = {0};
    struct session_episode_row *episodes = NULL;
    struct session_stroke_row *strokes = NULL;
    size_t n_episodes = 0, n_strokes = 0;
    enum thenar_status status = session_verify_summarize(reader, &summary, error);
    if (status == THENAR_OK)
        status =
            session_reader_all(reader, SESSION_EPISODES, (void **)&episodes, &n_episodes, error);
    if (status == THENAR_OK)
        status = session_reader_all(reader, SESSION_STROKES, (void **)&strokes, &n_strokes, error);
    if (status == THENAR_OK) {
        status = session_digest_make(digest, summary.first_s, summary.last_s, episodes, n_episodes,
                                     strokes, n_strokes);
        if (status != THENAR_OK)
            (void)thenar_fail(error, status, "out of memory for %zu strokes", n_strokes);
    }
    free(episodes);
    free(strokes);
    return status;
}

const struct session_technique *session_digest_find(const struct session_digest *digest,
                                                    enum technique technique)
{
    for (size_t i = 0; i < digest->n_techniques; i++)
        if (digest->techniques[i].technique == technique)
            return &digest->techniques[i];
    return NULL;
}
