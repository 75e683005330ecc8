/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "class_tally.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Weights within the practice score (FEED.md, "plan"). */
#define PACE_WEIGHT 25.0f
#define REGULARITY_WEIGHT 15.0f
#define PAIN_FROM 4.0f

static const char *const measure_names[N_TALLY_MEASURES] = {
    [TALLY_SCORE] = "score",
    [TALLY_PRESSURE_PCT] = "pressure_pct",
    [TALLY_PACE_PCT] = "pace_pct",
    [TALLY_REGULARITY_PCT] = "regularity_pct",
    [TALLY_RHYTHM_PCT] = "rhythm_pct",
    [TALLY_HOLDS_PCT] = "holds_pct",
    [TALLY_TECHNIQUE_PCT] = "technique_pct",
    [TALLY_COVERAGE_PCT] = "coverage_pct",
    [TALLY_WORST_PAIN] = "worst_pain",
    [TALLY_CUES_PER_MINUTE] = "cues_per_minute",
};

void class_tally_init(struct class_tally *tally)
{
    memset(tally, 0, sizeof *tally);
    tally->worst_pain = NAN;
}

/* ---- what the feed says */

static struct tally_device *device_of(struct class_tally *tally, const char *name)
{
    for (uint32_t i = 0; i < tally->n_devices; i++)
        if (strcmp(tally->devices[i].device, name) == 0)
            return &tally->devices[i];
    if (tally->n_devices == TALLY_DEVICES_MAX)
        return NULL;
    struct tally_device *device = &tally->devices[tally->n_devices++];
    *device = (struct tally_device){.score = NAN,
                                    .pressure_pct = NAN,
                                    .pace_pct = NAN,
                                    .regularity_pct = NAN,
                                    .holds_pct = NAN,
                                    .time_pct = NAN};
    (void)snprintf(device->device, sizeof device->device, "%s", name);
    return device;
}

static void take_session(struct class_tally *tally, const char *name,
                         const struct thenar_feed_session *session)
{
    struct tally_device *device = device_of(tally, name);
    tally->length_s = fmaxf(tally->length_s, session->length_s);
    if (!device)
        return;
    device->n_frames = session->frames;
    device->n_lost =
        session->lost_device + session->lost_link + session->lost_host + session->lost_disk;
}

static void take_step(struct class_tally *tally, const struct thenar_feed_plan *plan)
{
    uint32_t n_steps = plan->n_steps < TALLY_STEPS_MAX ? plan->n_steps : TALLY_STEPS_MAX;
    for (; tally->n_steps < n_steps; tally->n_steps++)
        tally->steps[tally->n_steps] = (struct tally_step){.span_s = NAN, .wanted_s = NAN};
    if (plan->step < 1 || plan->step > tally->n_steps || !isfinite(plan->elapsed_s))
        return;
    struct tally_step *step = &tally->steps[plan->step - 1];
    (void)snprintf(step->technique, sizeof step->technique, "%s", plan->technique);
    (void)snprintf(step->region, sizeof step->region, "%s", plan->region);
    step->span_s = fmaxf(step->span_s, plan->elapsed_s); /* fmaxf passes over NaN */
    step->wanted_s = plan->duration_s;
}

static void take_plan(struct class_tally *tally, const char *name,
                      const struct thenar_feed_plan *plan)
{
    struct tally_device *device = device_of(tally, name);
    if (plan->step == 0)
        return; /* no plan any more: what was reached stays */
    take_step(tally, plan);
    if (!device || !isfinite(plan->practice_score))
        return;
    device->score = plan->practice_score;
    device->pressure_pct = plan->score_pressure_pct;
    device->pace_pct = plan->score_pace_pct;
    device->regularity_pct = plan->score_regularity_pct;
    device->holds_pct = plan->score_holds_pct;
    device->time_pct = plan->score_time_pct;
}

static void take_episode(struct class_tally *tally, const struct thenar_feed_episode *episode)
{
    uint32_t i = 0;
    while (i < tally->n_techniques &&
           strcmp(tally->techniques[i].technique, episode->technique) != 0)
        i++;
    if (i == TALLY_TECHNIQUES_MAX)
        return;
    struct tally_technique *technique = &tally->techniques[i];
    if (i == tally->n_techniques) {
        tally->n_techniques++;
        (void)snprintf(technique->technique, sizeof technique->technique, "%s", episode->technique);
    }
    technique->span_s += episode->duration_s;
    technique->n_strokes += episode->strokes;
}

static void take_cue(struct class_tally *tally, const struct thenar_feed_cue *cue)
{
    uint32_t i = 0;
    while (i < tally->n_cues && strcmp(tally->cues[i].cue, cue->cue) != 0)
        i++;
    if (i == TALLY_CUES_MAX)
        return;
    if (i == tally->n_cues) {
        tally->n_cues++;
        (void)snprintf(tally->cues[i].cue, sizeof tally->cues[i].cue, "%s", cue->cue);
    }
    tally->cues[i].n++;
}

static void take_comfort(struct class_tally *tally, const struct thenar_feed_comfort *comfort)
{
    bool has_number = isfinite(comfort->pain);
    if (has_number)
        tally->worst_pain = fmaxf(tally->worst_pain, comfort->pain);
    if (comfort->button || (has_number && comfort->pain >= PAIN_FROM))
        tally->n_complaints++;
}

void class_tally_take(struct class_tally *tally, const struct thenar_feed_message *message)
{
    const char *device = message->topic.device;
    switch ((int)message->topic.kind) { /* of all the kinds, these count */
    case THENAR_TOPIC_SESSION:
        take_session(tally, device, &message->payload.session);
        break;
    case THENAR_TOPIC_PLAN:
        take_plan(tally, device, &message->payload.plan);
        break;
    case THENAR_TOPIC_EPISODE:
        take_episode(tally, &message->payload.episode);
        break;
    case THENAR_TOPIC_CUE:
        take_cue(tally, &message->payload.cue);
        break;
    case THENAR_TOPIC_COMFORT:
        take_comfort(tally, &message->payload.comfort);
        break;
    default:
        break;
    }
}

/* ---- what it came to */

const char *tally_measure_name(enum tally_measure measure)
{
    return measure_names[measure];
}

enum thenar_status tally_measure_read(const char *name, enum tally_measure *measure)
{
    for (size_t i = 0; i < N_TALLY_MEASURES; i++)
        if (strcmp(measure_names[i], name) == 0) {
            *measure = (enum tally_measure)i;
            return THENAR_OK;
        }
    return THENAR_ERR_VALUE;
}

static float rhythm_pct(const struct tally_device *device)
{
    if (!isfinite(device->pace_pct))
        return device->regularity_pct;
    if (!isfinite(device->regularity_pct))
        return device->pace_pct;
    return (PACE_WEIGHT * device->pace_pct + REGULARITY_WEIGHT * device->regularity_pct) /
           (PACE_WEIGHT + REGULARITY_WEIGHT);
}

static float device_value(const struct tally_device *device, enum tally_measure measure)
{
    switch ((int)measure) { /* the others are the whole session's */
    case TALLY_SCORE:
        return device->score;
    case TALLY_PRESSURE_PCT:
        return device->pressure_pct;
    case TALLY_PACE_PCT:
        return device->pace_pct;
    case TALLY_REGULARITY_PCT:
        return device->regularity_pct;
    case TALLY_RHYTHM_PCT:
        return rhythm_pct(device);
    case TALLY_HOLDS_PCT:
        return device->holds_pct;
    case TALLY_TECHNIQUE_PCT:
        return device->time_pct;
    default:
        return NAN;
    }
}

static float coverage_pct(const struct class_tally *tally)
{
    float sum = 0;
    for (uint32_t i = 0; i < tally->n_steps; i++) {
        const struct tally_step *step = &tally->steps[i];
        if (isfinite(step->span_s))
            sum += step->wanted_s > 0 ? fminf(1, step->span_s / step->wanted_s) : 1;
    }
    return tally->n_steps ? 100 * sum / (float)tally->n_steps : NAN;
}

static float cues_per_minute(const struct class_tally *tally)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < tally->n_cues; i++)
        if (strcmp(tally->cues[i].cue, "good") != 0)
            n += tally->cues[i].n;
    return tally->length_s > 0 ? (float)n * 60 / tally->length_s : NAN;
}

float class_tally_value(const struct class_tally *tally, enum tally_measure measure)
{
    if (measure == TALLY_COVERAGE_PCT)
        return coverage_pct(tally);
    if (measure == TALLY_CUES_PER_MINUTE)
        return cues_per_minute(tally);
    if (measure == TALLY_WORST_PAIN)
        return tally->worst_pain;
    float sum = 0;
    unsigned n = 0;
    for (uint32_t i = 0; i < tally->n_devices; i++) {
        float value = device_value(&tally->devices[i], measure);
        if (isfinite(value)) {
            sum += value;
            n++;
        }
    }
    return n ? sum / (float)n : NAN;
}
