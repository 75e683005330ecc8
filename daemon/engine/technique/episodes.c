/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/episodes.h"

#include <math.h>
#include <string.h>

static const double confirm_s = 1.0; /* a change lasts so long before it counts */
static const double lag_s = 0.8;     /* of a name behind its beginning, within a touch */
static const double pause_s = 0.8;   /* hands that are back sooner go on with what they did */
static const double guess_s = 5.0;   /* of a touch: what it was taken for first may be wrong */
static const double blip_s = 1.0;    /* shorter episodes belong to their neighbours */
static const double touch_reach_s = 3.0;
static const float history_weight = 3.0F; /* what only history tells weighs more once it does */
static const float second_share = 0.15F;  /* enough where the first cannot be */
static const float each_hand = 0.3F;      /* of the strokes, for two hands to have taken turns */

static bool is_open(enum technique technique)
{
    return technique == TECHNIQUE_UNKNOWN || technique == TECHNIQUE_HOLD ||
           technique == TECHNIQUE_RHYTHM;
}

void episodes_init(struct episodes *episodes, float final_share)
{
    memset(episodes, 0, sizeof *episodes);
    episodes->final_share = final_share;
    episodes->lift_s = (double)-INFINITY;
}

static void add_frame(struct episode_sums *sums, double step_s, const struct contacts_sum *sum)
{
    sums->touched_s += step_s;
    sums->force_s += (double)sum->force_n * step_s;
    sums->mean_kpa_s += (double)sum->mean_kpa * step_s;
    sums->area_s += (double)sum->area_cm2 * step_s;
    sums->peak_kpa = fmaxf(sums->peak_kpa, sum->peak_kpa);
}

void episodes_frame(struct episodes *e, double device_s, bool touched,
                    const struct contacts_sum *sum)
{
    double step_s = device_s - e->last_s;
    e->last_s = device_s;
    if (!touched || !(step_s > 0) || step_s > 1.0)
        return;
    add_frame(&e->sums, step_s, sum);
    if (e->candidate != e->name)
        add_frame(&e->candidate_sums, step_s, sum);
}

void episodes_stroke(struct episodes *e, const struct stroke *stroke)
{
    struct episode_strokes *strokes = &e->strokes;
    if (strokes->n_kept == EPISODE_STROKES_MAX) {
        unsigned half = EPISODE_STROKES_MAX / 2;
        memmove(strokes->start_s, strokes->start_s + half, half * sizeof strokes->start_s[0]);
        memmove(strokes->interval_s, strokes->interval_s + half,
                half * sizeof strokes->interval_s[0]);
        memmove(strokes->hand, strokes->hand + half, half);
        strokes->n_kept = half;
    }
    strokes->start_s[strokes->n_kept] = stroke->start_s;
    strokes->hand[strokes->n_kept] = (unsigned char)stroke->hand;
    strokes->interval_s[strokes->n_kept++] = stroke->interval_s;
    strokes->n++;
}

/* How many of the kept strokes began before `time_s`, within an eye-blink. */
static unsigned strokes_before(const struct episode_strokes *strokes, double time_s)
{
    unsigned n = strokes->n_kept;
    while (n > 0 && strokes->start_s[n - 1] > time_s - 0.25)
        n--;
    return n;
}

/* A new episode: what began after its onset is its own. */
static void start(struct episodes *e, enum technique name, double start_s)
{
    struct episode_strokes *strokes = &e->strokes;
    unsigned from = strokes_before(strokes, start_s), n = strokes->n_kept - from;
    memmove(strokes->start_s, strokes->start_s + from, n * sizeof strokes->start_s[0]);
    memmove(strokes->interval_s, strokes->interval_s + from, n * sizeof strokes->interval_s[0]);
    memmove(strokes->hand, strokes->hand + from, n);
    strokes->n = strokes->n_kept = n;
    e->active = true;
    e->name = e->candidate = name;
    e->start_s = start_s;
    e->sums = e->candidate_sums;
    memset(e->evidence, 0, sizeof e->evidence);
}

static float median_of(float *x, unsigned n)
{
    /* Insertion sort: at most 512 values, once an episode. */
    for (unsigned i = 1; i < n; i++) {
        float value = x[i];
        unsigned at = i;
        for (; at > 0 && x[at - 1] > value; at--)
            x[at] = x[at - 1];
        x[at] = value;
    }
    return n % 2 ? x[n / 2] : 0.5F * (x[n / 2 - 1] + x[n / 2]);
}

static bool takes_turns(const struct episode_strokes *strokes, unsigned n)
{
    unsigned by_hand[3] = {0};
    for (unsigned i = 0; i < n; i++)
        by_hand[strokes->hand[i]]++;
    float fewer = (float)(by_hand[1] < by_hand[2] ? by_hand[1] : by_hand[2]);
    return fewer > each_hand * (float)n;
}

/* Pace and regularity over the episode; pauses between two bouts are left out. */
static void describe_rhythm(struct episodes *e, unsigned n_strokes, struct episode *episode)
{
    episode->pace_cpm = episode->regularity_pct = episode->pace_hand_cpm = NAN;
    unsigned n_all = 0, n = 0;
    for (unsigned i = 0; i < n_strokes; i++)
        if (e->strokes.interval_s[i] > 0)
            e->sorted[n_all++] = e->strokes.interval_s[i];
    if (n_all < 2)
        return;
    float median = median_of(e->sorted, n_all);
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < n_all; i++) {
        double interval_s = (double)e->sorted[i];
        if (interval_s > 1.7 * (double)median || interval_s < (double)median / 1.7)
            continue;
        sum += interval_s;
        squares += interval_s * interval_s;
        n++;
    }
    double mean = sum / n;
    double cpm = 60.0 / mean;
    if (n < 2 || cpm > 760.0)
        return;
    episode->pace_cpm = (float)cpm;
    if (takes_turns(&e->strokes, n_strokes))
        episode->pace_hand_cpm = (float)(0.5 * cpm);
    episode->regularity_pct = (float)(100.0 * sqrt(fmax(squares / n - mean * mean, 0)) / mean);
}

/* Strokes a minute below which it is not that technique, whatever it looked like. */
static float slowest_cpm(enum technique technique)
{
    return technique == TECHNIQUE_VIBRATION    ? 150.0F
           : technique == TECHNIQUE_SHAKING    ? 120.0F
           : technique == TECHNIQUE_TAPOTEMENT ? 60.0F
                                               : 0.0F;
}

/* How fast its strokes came: by their pace, or twice as fast as they were counted, since some are
 * missed; NaN when hardly one was. */
static float stroke_rate_cpm(const struct episode *episode)
{
    double span_s = episode->end_s - episode->start_s;
    if (!isnan(episode->pace_cpm))
        return episode->pace_cpm;
    return episode->n_strokes >= 2 ? (float)(2 * 60.0 * episode->n_strokes / span_s) : NAN;
}

/* The name that all of it together speaks for; a parent when no name does; unknown, with no
 * confidence (NaN), when not even that. */
static enum technique final_name(const struct episodes *e, float rate_cpm, float *confidence)
{
    float sum = 0, still = 0, most[2] = {0, 0}; /* of any, and of those that are that slow */
    enum technique best[2] = {TECHNIQUE_UNKNOWN, TECHNIQUE_UNKNOWN};
    *confidence = 1;
    if (e->name == TECHNIQUE_REST)
        return TECHNIQUE_REST;
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        enum technique technique = (enum technique)i;
        float evidence = e->evidence[i];
        if (technique == TECHNIQUE_MUSCLE_ENERGY || technique == TECHNIQUE_SOFT_TISSUE_RELEASE)
            evidence *= history_weight;
        if (technique == TECHNIQUE_REST)
            continue;
        sum += evidence;
        if (technique_is_still(technique))
            still += evidence;
        for (unsigned slow = 0; slow < 2; slow++) {
            if (is_open(technique) || evidence <= most[slow] ||
                (slow && rate_cpm < slowest_cpm(technique)))
                continue;
            most[slow] = evidence;
            best[slow] = technique;
        }
    }
    unsigned chosen = most[1] >= second_share * sum; /* else the strokes were not seen well */
    *confidence = sum > 0 ? most[chosen] / sum : 0.0F;
    if (best[chosen] != TECHNIQUE_UNKNOWN &&
        (*confidence >= e->final_share || best[0] != best[chosen]))
        return best[chosen];
    *confidence = sum > 0 ? still / sum : 0.0F;
    if (*confidence > 0.5F)
        return TECHNIQUE_HOLD;
    *confidence = NAN;
    return TECHNIQUE_UNKNOWN;
}

static void end(struct episodes *e, double end_s)
{
    struct episode episode = {.start_s = e->start_s, .end_s = end_s};
    if (e->n_queued == EPISODES_QUEUE)
        return; /* taken every frame, so there is room: episodes last a second at least */
    if (e->name != TECHNIQUE_REST) {
        double touched_s = e->sums.touched_s > 0 ? e->sums.touched_s : 1;
        unsigned n_kept = strokes_before(&e->strokes, end_s);
        episode.n_strokes = e->strokes.n - (e->strokes.n_kept - n_kept);
        describe_rhythm(e, n_kept, &episode);
        episode.peak_kpa = e->sums.peak_kpa;
        episode.mean_force_n = (float)(e->sums.force_s / touched_s);
        episode.mean_kpa = (float)(e->sums.mean_kpa_s / touched_s);
        episode.contact_cm2 = (float)(e->sums.area_s / touched_s);
    } else {
        episode.pace_cpm = episode.regularity_pct = episode.pace_hand_cpm = NAN;
    }
    episode.technique = final_name(e, stroke_rate_cpm(&episode), &episode.confidence);
    e->queue[e->n_queued++] = episode;
}

/* Whether a name goes on in another without a new episode; `renames`: under the new one. */
static bool goes_on(const struct episodes *e, enum technique name, bool *renames)
{
    *renames = false;
    if (name == e->name || name == TECHNIQUE_UNKNOWN)
        return e->name != TECHNIQUE_REST || name == e->name;
    if (e->name == TECHNIQUE_REST || name == TECHNIQUE_REST)
        return false;
    if (is_open(e->name)) {
        /* An unnamed beginning belongs to the name that follows, unless it was long. */
        *renames = true;
        return (e->name == TECHNIQUE_HOLD && technique_is_still(name)) ||
               e->last_s - e->start_s < 4.0;
    }
    if (is_open(name))
        return (name == TECHNIQUE_HOLD) == technique_is_still(e->name);
    *renames = technique_is_still(name) && technique_is_still(e->name);
    return *renames;
}

/* Where the candidate began: with the first touch after a rest, with a touch that has lasted since,
 * or a little before it was named. */
static double onset_of(const struct episodes *e, const struct episode_moment *moment)
{
    double now_s = moment->device_s, touch_s = now_s - moment->change_s;
    bool just_touched = moment->touched && touch_s > lag_s && touch_s < touch_reach_s;
    double onset_s = now_s - lag_s;
    if (moment->technique == TECHNIQUE_REST || just_touched)
        onset_s = moment->change_s;
    if (moment->technique != TECHNIQUE_REST && now_s - moment->begin_s < touch_reach_s)
        onset_s = moment->begin_s;
    return fmax(onset_s, e->start_s);
}

/* The name before was of the first seconds of the touch that goes on. */
static bool was_first_guess(const struct episodes *e, const struct episode_moment *moment)
{
    return e->name != TECHNIQUE_REST && moment->technique != TECHNIQUE_REST && moment->touched &&
           moment->change_s < e->start_s + 0.5 && e->onset_s - e->start_s < guess_s;
}

/* How long a change must last. A still hand that is laid on again is another hold. */
static double confirmed_s(const struct episodes *e, bool rests)
{
    if (!rests)
        return confirm_s;
    return technique_is_still(e->name) ? 0 : pause_s;
}

static void change(struct episodes *e, enum technique name)
{
    double lifted_s = e->onset_s - e->lift_s;
    if (e->onset_s - e->start_s < blip_s) {
        /* Too short to be told of: its time goes to what follows. */
        e->onset_s = e->start_s;
    } else {
        end(e, lifted_s > 0 && lifted_s < pause_s ? e->lift_s : e->onset_s);
    }
    start(e, name, e->onset_s);
}

void episodes_moment(struct episodes *e, const struct episode_moment *moment)
{
    if (!e->active)
        start(e, moment->technique, moment->device_s);
    float step = 0.1F;
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        e->evidence[i] += step * moment->probability[i];
    bool renames;
    if (goes_on(e, moment->technique, &renames)) {
        if (renames)
            e->name = moment->technique;
        e->candidate = e->name;
        return;
    }
    if (moment->technique != e->candidate) {
        e->candidate = moment->technique;
        e->candidate_s = moment->device_s;
        e->onset_s = onset_of(e, moment);
        e->candidate_sums = (struct episode_sums){0};
    }
    bool rests = moment->technique == TECHNIQUE_REST;
    if (rests)
        e->lift_s = e->onset_s;
    if (moment->device_s - (rests ? e->onset_s : e->candidate_s) < confirmed_s(e, rests))
        return;
    if (was_first_guess(e, moment))
        e->name = e->candidate;
    else
        change(e, moment->technique);
}

void episodes_part(struct episodes *e, double end_s, double start_s)
{
    if (!e->active || e->name == TECHNIQUE_REST || end_s - e->start_s < blip_s)
        return;
    end(e, end_s);
    e->candidate_sums = (struct episode_sums){0};
    start(e, TECHNIQUE_UNKNOWN, start_s);
}

unsigned episodes_take(struct episodes *e, struct episode *out, unsigned n_max)
{
    unsigned n = e->n_queued < n_max ? e->n_queued : n_max;
    memcpy(out, e->queue, n * sizeof *out);
    memmove(e->queue, e->queue + n, (e->n_queued - n) * sizeof *out);
    e->n_queued -= n;
    return n;
}

void episodes_finish(struct episodes *e, double device_s)
{
    if (e->active && device_s - e->start_s > 0)
        end(e, device_s);
    e->active = false;
}
