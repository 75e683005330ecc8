/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/technique_tracker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "technique/afterglow.h"
#include "technique/beat.h"
#include "technique/cell_features.h"
#include "technique/cell_history.h"
#include "technique/contacts.h"
#include "technique/episodes.h"
#include "technique/hand_change.h"
#include "technique/history.h"
#include "technique/naming.h"
#include "technique/pace.h"
#include "technique/pressure_flow.h"
#include "technique/strokes.h"

struct technique_tracker {
    struct array_layout layout;
    const struct classifier *classifier;
    struct afterglow *afterglow; /* NULL: a mat, where the body below a hand is light beside it */
    struct contacts *contacts;
    struct pressure_flow *flow;
    struct history *history;
    struct pace *pace;
    struct strokes *strokes;
    bool sees_cells; /* the classifier does, and a mat's rules do not */
    struct cell_history *cells;
    struct cell_features_maker *cell_maker;
    struct window_features_maker *maker;
    struct window_features features;
    struct naming naming;
    struct episodes episodes;
    struct hand_change hand_change;
    float values[N_SIGNALS];
    struct technique_state state;
    enum stroke_reader reader; /* of the name in force */
    bool running, finished;
    bool rested;    /* a rest was named and no touch has followed yet */
    double begin_s; /* of the first touch after it */
    double fresh_s; /* when the windows begin anew after it; INFINITY: not due */
    double next_s, last_s;
    struct beat beat;
    double named_s; /* since when the name in force stands */
};

/* A touch after a rest: laying on takes a moment, and is not yet what the hands came to do. */
static const double lay_on_s = 0.15;
/* And so little of it says nothing yet. */
static const double young_s = 0.35;
/* No lock of a soft tissue release is longer. */
static const double lock_longest_s = 10.0;
/* The longest push, and the least that a hand covers. */
static const float push_longest_s = 11.0F, hand_cm2 = 14.0F;
/* A name that stands so long may be given to strokes. */
static const double settled_s = 0.6;

enum thenar_status technique_tracker_create(struct technique_tracker **out,
                                            const struct array_layout *layout,
                                            const struct classifier *classifier)
{
    *out = NULL;
    if (layout->n_taxels == 0 || !(layout->rate_hz > 0))
        return THENAR_ERR_ARGUMENT;
    struct technique_tracker *t = calloc(1, sizeof *t);
    if (!t)
        return THENAR_ERR_MEMORY;
    float pitch_mm = fmaxf(layout->pitch_x_mm, layout->pitch_y_mm);
    enum thenar_status status = array_layout_copy(&t->layout, layout);
    if (status == THENAR_OK && layout->mount != MOUNT_MAT)
        status = afterglow_create(&t->afterglow, layout);
    if (status == THENAR_OK)
        status = contacts_create(&t->contacts, &t->layout);
    if (status == THENAR_OK)
        status = pressure_flow_create(&t->flow, &t->layout);
    if (status == THENAR_OK)
        status = history_create(&t->history, layout->rate_hz);
    if (status == THENAR_OK)
        status = pace_create(&t->pace, history_rate_hz(t->history), pitch_mm);
    if (status == THENAR_OK)
        status = strokes_create(&t->strokes, pitch_mm);
    if (status == THENAR_OK)
        status = cell_history_create(&t->cells, &t->layout);
    if (status == THENAR_OK)
        status = cell_features_create(&t->cell_maker, t->cells);
    if (status == THENAR_OK)
        status = window_features_create(&t->maker, layout, history_rate_hz(t->history));
    if (status != THENAR_OK) {
        technique_tracker_destroy(t);
        return status;
    }
    t->classifier = classifier;
    t->sees_cells = classifier->sees_cells && layout->mount != MOUNT_MAT;
    for (unsigned i = 0; i < N_CELL_FEATURES; i++)
        t->features.cell[i] = NAN;
    naming_init(&t->naming, layout->mount);
    episodes_init(&t->episodes, t->classifier->final_share);
    t->state = (struct technique_state){.technique = TECHNIQUE_UNKNOWN,
                                        .pace_cpm = NAN,
                                        .pace_confidence = NAN,
                                        .regularity_pct = NAN,
                                        .pace_hand_cpm = NAN,
                                        .phase = NAN,
                                        .phase_confidence = NAN,
                                        .speed_mm_s = NAN};
    t->reader = N_STROKE_READERS;
    t->beat = beat_none();
    t->fresh_s = (double)INFINITY;
    t->begin_s = (double)-INFINITY;
    *out = t;
    return THENAR_OK;
}

void technique_tracker_destroy(struct technique_tracker *tracker)
{
    if (!tracker)
        return;
    window_features_destroy(tracker->maker);
    cell_features_destroy(tracker->cell_maker);
    cell_history_destroy(tracker->cells);
    strokes_destroy(tracker->strokes);
    pace_destroy(tracker->pace);
    history_destroy(tracker->history);
    pressure_flow_destroy(tracker->flow);
    contacts_destroy(tracker->contacts);
    afterglow_destroy(tracker->afterglow);
    array_layout_finish(&tracker->layout);
    free(tracker);
}

void technique_tracker_reset(struct technique_tracker *tracker)
{
    if (tracker->afterglow)
        afterglow_reset(tracker->afterglow);
    contacts_reset(tracker->contacts);
    pressure_flow_reset(tracker->flow);
    history_reset(tracker->history);
    cell_history_reset(tracker->cells);
    pace_reset(tracker->pace);
    strokes_reset(tracker->strokes);
    hand_change_reset(&tracker->hand_change);
    memset(tracker->values, 0, sizeof tracker->values);
    tracker->beat = beat_none();
    tracker->running = false;
}

static void remember(struct technique_tracker *t, const struct technique_input *input,
                     const float *pressure, const struct contacts_sum *sum)
{
    const struct pressure_flow_sample *flow = pressure_flow_execute(
        t->flow, input->device_s, pressure, input->features->n_touched, input->gate_kpa);
    float *v = t->values;
    v[SIGNAL_FLOW_X] = flow->x_mm_s;
    v[SIGNAL_FLOW_Y] = flow->y_mm_s;
    v[SIGNAL_SPREAD] = flow->spread_per_s;
    v[SIGNAL_TURN] = flow->turn_per_s;
    v[SIGNAL_GAIN] = flow->gain_per_s;
    v[SIGNAL_UNEXPLAINED] = flow->unexplained;
    memcpy(v + SIGNAL_ZONE, flow->zone_n, sizeof flow->zone_n);
    v[SIGNAL_FORCE] = sum->force_n;
    v[SIGNAL_AREA] = sum->area_cm2;
    v[SIGNAL_MAJOR] = sum->major_mm;
    v[SIGNAL_MINOR] = sum->minor_mm;
    v[SIGNAL_MEAN] = sum->mean_kpa;
    v[SIGNAL_PEAK] = sum->peak_kpa;
    v[SIGNAL_LOBES] = (float)sum->n_lobes;
    v[SIGNAL_DISTANCE] = sum->hands.distance_mm;
    v[SIGNAL_GAP] = sum->hands.gap_mm;
    v[SIGNAL_TOUCHED] = strokes_touched(t->strokes) ? 1.0F : 0.0F;
    if (sum->force_n > 0) { /* else the last place stands */
        v[SIGNAL_X] = sum->cop_x_mm;
        v[SIGNAL_Y] = sum->cop_y_mm;
    }
    history_push(t->history, input->device_s, v);
    if (t->sees_cells)
        cell_history_push(t->cells, pressure);
}

/* Which events are this technique's cycles. */
static enum stroke_reader reader_of(const struct technique_tracker *t, enum technique technique)
{
    const struct rhythm *force = pace_rhythm(t->pace, PACE_OF_FORCE);
    const struct rhythm *place = pace_rhythm(t->pace, PACE_OF_PLACE);
    switch (technique) {
    case TECHNIQUE_PETRISSAGE:
    case TECHNIQUE_TAPOTEMENT:
    case TECHNIQUE_VIBRATION:
        return READ_FORCE;
    case TECHNIQUE_ROLLING:
    case TECHNIQUE_FRICTION:
        return READ_PLACE;
    case TECHNIQUE_SHAKING: /* one swing, though the force may ripple twice */
        return place->swing > 4.0F && place->strength > 0.9F * force->strength ? READ_PLACE
                                                                               : READ_FORCE;
    case TECHNIQUE_RHYTHM:
        return place->strength > force->strength && force->swing < 0.5F ? READ_PLACE : READ_FORCE;
    case TECHNIQUE_EFFLEURAGE: /* turns without lifting are strokes too */
        return strokes_turns(t->strokes) >= 2 ? READ_PLACE : READ_TOUCH;
    case TECHNIQUE_MUSCLE_ENERGY:
        return READ_PUSH;
    case TECHNIQUE_SOFT_TISSUE_RELEASE: /* hands that ease off between the locks do not lift */
        return strokes_touched(t->strokes) &&
                       t->last_s - strokes_change_s(t->strokes) > lock_longest_s
                   ? READ_FORCE
                   : READ_TOUCH;
    case TECHNIQUE_REST:
        return N_STROKE_READERS;
    case TECHNIQUE_COMPRESSION:
    case TECHNIQUE_MYOFASCIAL_RELEASE:
    case TECHNIQUE_STRETCHING:
    case TECHNIQUE_HOLD:
    case TECHNIQUE_UNKNOWN:
    case N_TECHNIQUES:
    default:
        return READ_TOUCH;
    }
}

static bool has_pace(enum technique technique)
{
    return technique != TECHNIQUE_REST && technique != TECHNIQUE_HOLD &&
           technique != TECHNIQUE_COMPRESSION && technique != TECHNIQUE_MYOFASCIAL_RELEASE &&
           technique != TECHNIQUE_STRETCHING && technique != TECHNIQUE_UNKNOWN;
}

static void read_pace(struct technique_tracker *t, double device_s)
{
    struct pace_reading reading = {NAN, NAN, NAN};
    if (has_pace(t->naming.technique) && t->reader < N_STROKE_READERS) {
        enum pace_signal signal = t->reader == READ_PLACE ? PACE_OF_PLACE : PACE_OF_FORCE;
        reading = pace_read(t->pace, signal, strokes_times(t->strokes, t->reader), device_s);
    }
    t->state.pace_cpm = reading.pace_cpm;
    t->state.pace_confidence = reading.confidence;
    t->state.regularity_pct = reading.regularity_pct;
    t->state.pace_hand_cpm =
        strokes_two_hands(t->strokes, t->reader) ? 0.5F * reading.pace_cpm : NAN;
    t->beat = beat_find(strokes_times(t->strokes, t->reader), reading.pace_cpm);
    t->state.phase_confidence = reading.confidence * t->beat.confidence;
}

static void tell_episodes(struct technique_tracker *t, double device_s)
{
    struct episode_moment moment = {.device_s = device_s,
                                    .technique = t->naming.technique,
                                    .probability = t->naming.probability,
                                    .begin_s = t->begin_s,
                                    .touched = strokes_touched(t->strokes),
                                    .change_s = strokes_change_s(t->strokes)};
    episodes_moment(&t->episodes, &moment);
}

/* Live, a hand that presses and is still may be the first push of muscle energy, which only the
 * push's end tells. A thumb or an elbow does not push so. */
static bool could_be_a_push(const struct technique_tracker *t)
{
    const struct span_features *now = &t->features.span[SPAN_FAST];
    return t->naming.technique == TECHNIQUE_COMPRESSION &&
           t->features.touch.age_s < push_longest_s && span_pressed_cm2(now) >= hand_cm2 &&
           technique_is_visible(TECHNIQUE_MUSCLE_ENERGY, t->layout.mount);
}

/* Ten times a second, unless the table rests. */
static void think(struct technique_tracker *t, double device_s)
{
    float cosine, sine, probability[N_TECHNIQUES];
    enum technique before = t->naming.technique;
    pace_set_jitter(t->pace, strokes_jitter_mm(t->strokes));
    pace_execute(t->pace, t->history);
    pace_axis(t->pace, &cosine, &sine);
    strokes_set_axis(t->strokes, cosine, sine);
    strokes_set_rhythm(t->strokes, pace_rhythm(t->pace, PACE_OF_FORCE)->hz,
                       pace_rhythm(t->pace, PACE_OF_PLACE)->hz);
    window_features_execute(t->maker, t->history, t->pace, t->strokes, device_s, &t->features);
    if (t->sees_cells)
        cell_features_execute(t->cell_maker, t->cells, t->features.cell);
    t->classifier->evaluate(t->classifier, &t->features, probability);
    bool in_air = !t->features.touch.touched && t->features.touch.age_s > 0.25F;
    if (device_s - t->begin_s < young_s)
        naming_forget(&t->naming);
    else
        naming_execute(&t->naming, probability, in_air);
    t->state.technique = could_be_a_push(t) ? TECHNIQUE_HOLD : t->naming.technique;
    t->state.confidence = t->naming.technique == TECHNIQUE_UNKNOWN ? NAN : t->naming.confidence;
    if (t->naming.technique != before)
        t->named_s = device_s;
    if (t->naming.technique == TECHNIQUE_REST && before != TECHNIQUE_REST) {
        strokes_forget(t->strokes);
        t->rested = true;
    }
    t->reader = reader_of(t, t->naming.technique);
    read_pace(t, device_s);
    tell_episodes(t, device_s);
}

/* What comes after a rest has nothing to do with what was before. */
static void begin_anew(struct technique_tracker *t, double device_s)
{
    if (t->rested && strokes_touched(t->strokes)) {
        t->rested = false;
        t->begin_s = strokes_change_s(t->strokes);
        t->fresh_s = t->begin_s + lay_on_s;
    }
    if (device_s < t->fresh_s)
        return;
    t->fresh_s = (double)INFINITY;
    history_reset(t->history);
    cell_history_reset(t->cells);
    pace_reset(t->pace);
}

/* A still hand was lifted and another is laid on elsewhere: a still touch says nothing about the
 * next, and one would hide in the other. */
static void part_still_touches(struct technique_tracker *t, double device_s,
                               const struct contacts_sum *sum)
{
    bool other = hand_change_execute(&t->hand_change, device_s, strokes_touched(t->strokes),
                                     strokes_change_s(t->strokes), sum);
    if (!other || !technique_is_still(t->naming.technique) ||
        !technique_is_visible(TECHNIQUE_STRETCHING, t->layout.mount)) /* it feels no place */
        return;
    t->begin_s = t->hand_change.touch_s;
    history_keep(t->history, device_s - t->begin_s - lay_on_s);
    cell_history_keep(t->cells, device_s - t->begin_s - lay_on_s);
    pace_reset(t->pace);
    strokes_forget(t->strokes);
    naming_forget(&t->naming);
    t->state.technique = t->naming.technique;
    t->state.confidence = NAN;
    episodes_part(&t->episodes, t->hand_change.lift_s, t->hand_change.touch_s);
}

static void take_events(struct technique_tracker *t, double device_s,
                        struct technique_output *output)
{
    enum technique name = t->naming.technique;
    bool settled = name != TECHNIQUE_UNKNOWN && name != TECHNIQUE_HOLD &&
                   name != TECHNIQUE_RHYTHM && device_s - t->named_s > settled_s;
    output->n_strokes = strokes_take(t->strokes, device_s, name, t->reader, settled,
                                     output->strokes, TRACKER_STROKES_MAX);
    for (unsigned i = 0; i < output->n_strokes; i++)
        episodes_stroke(&t->episodes, &output->strokes[i]);
    output->n_episodes = episodes_take(&t->episodes, output->episodes, TRACKER_EPISODES_MAX);
}

void technique_tracker_execute(struct technique_tracker *t, const struct technique_input *input,
                               struct technique_output *output)
{
    struct contacts_sum sum;
    double device_s = input->device_s;
    const float *pressure =
        t->afterglow ? afterglow_execute(t->afterglow, device_s, input->pressure) : input->pressure;
    output->n_contacts =
        contacts_execute(t->contacts, device_s, pressure, input->features->n_touched,
                         input->gate_kpa, output->contacts, &sum);
    strokes_execute(t->strokes, device_s, &sum);
    part_still_touches(t, device_s, &sum);
    begin_anew(t, device_s);
    remember(t, input, pressure, &sum);
    episodes_frame(&t->episodes, device_s, strokes_touched(t->strokes), &sum);
    t->state.n_contacts = output->n_contacts;
    t->state.speed_mm_s = output->n_contacts ? hypotf(output->contacts[0].velocity_x_mm_s,
                                                      output->contacts[0].velocity_y_mm_s)
                                             : NAN;
    t->last_s = device_s;
    if (!t->running) {
        t->running = true;
        t->next_s = device_s + PACE_STEP_S;
    } else if (device_s >= t->next_s) {
        t->next_s = fmax(t->next_s + PACE_STEP_S, device_s);
        if (t->rested && !strokes_touched(t->strokes))
            tell_episodes(t, device_s); /* nothing new can be seen on an untouched table */
        else
            think(t, device_s);
    }
    t->state.phase = beat_phase(&t->beat, device_s);
    take_events(t, device_s, output);
    output->state = t->state;
}

bool technique_tracker_finish(struct technique_tracker *t, struct technique_output *output)
{
    if (!t->finished) {
        t->finished = true;
        strokes_finish(t->strokes, t->last_s);
    }
    output->n_contacts = 0;
    take_events(t, t->last_s, output);
    if (output->n_strokes == 0 && output->n_episodes == 0 && t->episodes.active) {
        episodes_finish(&t->episodes, t->last_s);
        output->n_episodes = episodes_take(&t->episodes, output->episodes, TRACKER_EPISODES_MAX);
    }
    output->state = t->state;
    return output->n_strokes || output->n_episodes;
}

const struct window_features *technique_tracker_features(const struct technique_tracker *tracker)
{
    return &tracker->features;
}

const float *technique_tracker_probability(const struct technique_tracker *tracker)
{
    return tracker->naming.probability;
}
