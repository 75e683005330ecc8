/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/strokes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "technique/strokes_state.h"

/* Touch: a share of the recent peak, since an FSR creeps back for seconds after a lift. */
static const float touch_on = 0.04F, touch_off = 0.025F, recent_s = 6.0F;
static const float stays_after_rest = 0.25F; /* of that peak */
static const float settle_s = 0.12F;         /* after touch, until the place counts */
static const float speck = 0.03F;            /* of the peak of a touch: a touch below was none */
static const float pressing = 0.35F;         /* of the touch's peak: beyond it the place counts */
static const float hands_apart_mm = 12.0F;   /* or a pitch: hands in turn are further */
static const double wait_s = 3.0;            /* for a name */
static const float leak_usual_s = 1.5F, leak_push_s = 25.0F;
static const float leak_cycles = 2.0F;                       /* of a known rhythm */
static const float least_swell = 0.08F;                      /* of the recent peak */
static const float least_turn_mm = 1.2F, least_turn = 0.06F; /* or of the pitch */
static const float step_jitters = 3, turn_jitters = 6; /* what the noise of the place never does */
static const float least_push = 0.30F;
static const float stay_mm = 5.0F; /* less is no direction */
static const double push_least_s = 2.5;
static const double whole = 0.6; /* of a cycle, for the last one to count */
static const double idle_least_s = 0.3, idle_cycles = 1.8; /* untouched: the rhythm is over */

enum thenar_status strokes_create(struct strokes **out, float pitch_mm)
{
    struct strokes *strokes = calloc(1, sizeof *strokes);
    *out = strokes;
    if (!strokes)
        return THENAR_ERR_MEMORY;
    strokes->pitch_mm = pitch_mm;
    strokes->step_mm = fmaxf(0.4F, 0.03F * pitch_mm);
    strokes->cosine = 1;
    strokes->given_end_s = (double)-INFINITY;
    strokes->force.leak_s = strokes->place.leak_s = leak_usual_s;
    strokes->push.leak_s = leak_push_s;
    strokes_reset(strokes);
    return THENAR_OK;
}

void strokes_destroy(struct strokes *strokes)
{
    free(strokes);
}

void strokes_reset(struct strokes *s)
{
    s->started = s->touched = s->has_base = false;
    s->n_past = s->n_turns = s->n_pushes = 0;
    s->touch_begin_last_s = (double)NAN;
    s->touch_times.n = 0;
    s->jitter = (struct place_jitter){0};
    hand_turns_reset(&s->force_hands);
    hand_turns_reset(&s->touch_hands);
    stroke_cycle_reset(&s->force, true);
    stroke_cycle_reset(&s->place, true);
    stroke_cycle_reset(&s->push, true);
    for (unsigned i = 0; i < N_STROKE_READERS; i++)
        s->waiting[i].n = 0;
}

/* What happened between two marks. */
static struct stroke measure(const struct stroke_mark *begin, const struct stroke_mark *end)
{
    struct stroke stroke = {.start_s = begin->at_s, .end_s = end->at_s, .interval_s = NAN};
    double span_s = fmax(end->at_s - begin->at_s, 1e-6);
    double touched_s = fmax(end->touched_s - begin->touched_s, 1e-6);
    double impulse = end->impulse_n_s - begin->impulse_n_s;
    double mean = impulse / touched_s;
    double square = (end->square_n2_s - begin->square_n2_s) / touched_s;
    stroke.impulse_n_s = (float)impulse;
    stroke.mean_force_n = (float)mean;
    stroke.mean_kpa = (float)((end->mean_kpa_s - begin->mean_kpa_s) / touched_s);
    stroke.contact_cm2 = (float)((end->area_cm2_s - begin->area_cm2_s) / touched_s);
    stroke.path_mm = (float)(end->path_mm - begin->path_mm);
    stroke.speed_mm_s = stroke.path_mm / (float)span_s;
    double spread = mean > 0 ? sqrt(fmax(square - mean * mean, 0)) / mean : 1;
    stroke.evenness_pct = (float)(100 * fmax(0, 1 - spread));
    stroke.direction_deg = NAN;
    return stroke;
}

static void set_direction(struct stroke *stroke, float dx_mm, float dy_mm)
{
    if (hypotf(dx_mm, dy_mm) >= stay_mm)
        stroke->direction_deg = 57.2957795F * atan2f(dy_mm, dx_mm);
}

static void wait_for_name(struct strokes *s, enum stroke_reader reader, const struct stroke *stroke)
{
    stroke_queue_push(&s->waiting[reader], stroke, s->now.at_s);
}

static void wait_cycle(struct strokes *s, enum stroke_reader reader,
                       const struct cycle_event *event)
{
    /* Where the hands lift between two cycles, the stroke is the touch: foot to foot. */
    bool lifts = reader == READ_FORCE && event->low < touch_on * event->high;
    struct stroke stroke =
        lifts ? measure(&event->rise, &event->fall) : measure(&event->begin, &event->end);
    stroke.peak_kpa = event->peak_kpa;
    stroke.interval_s = (float)event->interval_s;
    if (reader == READ_FORCE)
        stroke.hand = hand_turns_add(&s->force_hands, event->turn.x_mm, event->turn.y_mm,
                                     fmaxf(hands_apart_mm, s->pitch_mm));
    wait_for_name(s, reader, &stroke);
}

/* The hands lifted: the last cycle was whole if it took most of the time of the one before. */
static void end_cycles(struct strokes *s, struct stroke_cycle *cycle, enum stroke_reader reader)
{
    struct cycle_event event;
    double usual_s = cycle->under_way.interval_s;
    if (stroke_cycle_end(cycle, &event) && event.end.at_s - event.begin.at_s > whole * usual_s)
        wait_cycle(s, reader, &event);
}

/* A touch began at `start`. */
static void touch(struct strokes *s, const struct stroke_mark *start, float major_mm)
{
    s->touched = true;
    s->touch_start = *start;
    s->change_s = start->at_s;
    s->touch_peak_kpa = s->touch_peak_n = 0;
    s->has_base = false;
    s->far_x_mm = s->base_x_mm = start->x_mm;
    s->far_y_mm = s->base_y_mm = start->y_mm;
    s->base_major_mm = s->major_mm = major_mm;
    s->n_turns = s->n_pushes = 0;
    s->push_s = s->rest_s = 0;
    s->push_high_n = s->push_low_n = 0;
    stroke_cycle_reset(&s->place, true);
    stroke_cycle_reset(&s->push, true);
    cycle_times_add(&s->touch_times, start->at_s);
}

static void lift(struct strokes *s, const struct stroke_mark *end)
{
    struct stroke stroke = measure(&s->touch_start, end);
    struct past_touch past = {.start_s = stroke.start_s,
                              .end_s = stroke.end_s,
                              .dx_mm = s->far_x_mm - s->base_x_mm,
                              .dy_mm = s->far_y_mm - s->base_y_mm,
                              .peak_n = s->touch_peak_n,
                              .path_mm = stroke.path_mm,
                              .n_turns = s->n_turns,
                              .spread_mm = s->major_mm - s->base_major_mm};
    past.glide_mm = hypotf(past.dx_mm, past.dy_mm);
    stroke.peak_kpa = s->touch_peak_kpa;
    stroke.hand = hand_turns_add(&s->touch_hands, s->base_x_mm, s->base_y_mm,
                                 fmaxf(hands_apart_mm, s->pitch_mm));
    stroke.interval_s = (float)(stroke.start_s - s->touch_begin_last_s);
    set_direction(&stroke, past.dx_mm, past.dy_mm);
    s->touch_begin_last_s = stroke.start_s;
    wait_for_name(s, READ_TOUCH, &stroke);
    if (s->n_past == PAST_MAX) {
        memmove(s->past, s->past + 1, (PAST_MAX - 1) * sizeof past);
        s->n_past--;
    }
    s->past[s->n_past++] = past;
    s->touched = false;
    s->change_s = end->at_s;
    end_cycles(s, &s->place, READ_PLACE);
    end_cycles(s, &s->push, READ_PUSH); /* the longer hold that the last push earned */
    stroke_cycle_reset(&s->push, true);
}

/* Touches that were hardly any beside the one under way, as noise before the first hand, are
 * forgotten. */
static void forget_specks(struct strokes *s)
{
    unsigned n = 0;
    while (n < s->n_past && s->past[n].peak_n < speck * s->touch_peak_n)
        n++;
    if (n == 0)
        return;
    s->n_past -= n;
    memmove(s->past, s->past + n, s->n_past * sizeof s->past[0]);
}

/* Between two frames, where the force passed `level`. */
static struct stroke_mark mark_at(const struct stroke_mark *from, float from_n,
                                  const struct stroke_mark *to, float to_n, float level)
{
    float rise = to_n - from_n;
    float share = rise != 0 ? fminf(fmaxf((level - from_n) / rise, 0.0F), 1.0F) : 1.0F;
    struct stroke_mark mark = share < 0.5F ? *from : *to;
    mark.at_s = from->at_s + (double)share * (to->at_s - from->at_s);
    return mark;
}

static void follow_touch(struct strokes *s, const struct stroke_mark *before, float before_n,
                         const struct contacts_sum *sum)
{
    float on = touch_on * s->recent_n, off = touch_off * s->recent_n;
    if (!s->touched && sum->force_n > on && sum->force_n > 0) {
        struct stroke_mark start = mark_at(before, before_n, &s->now, sum->force_n, on);
        start.x_mm = s->now.x_mm;
        start.y_mm = s->now.y_mm;
        touch(s, &start, sum->major_mm);
    } else if (s->touched && !(sum->force_n > off)) {
        struct stroke_mark end = mark_at(before, before_n, &s->now, sum->force_n, off);
        lift(s, &end);
    }
    if (!s->touched)
        return;
    s->touch_peak_kpa = fmaxf(s->touch_peak_kpa, sum->peak_kpa);
    s->touch_peak_n = fmaxf(s->touch_peak_n, sum->force_n);
    forget_specks(s);
    if (s->now.at_s - s->touch_start.at_s < (double)settle_s ||
        sum->force_n < pressing * s->touch_peak_n)
        return;
    if (!s->has_base) {
        s->has_base = true;
        s->base_x_mm = s->far_x_mm = s->now.x_mm;
        s->base_y_mm = s->far_y_mm = s->now.y_mm;
        s->base_major_mm = s->major_mm = sum->major_mm;
    }
    /* The furthest counts, not the last: two hands seldom lift at once. */
    float way = hypotf(s->now.x_mm - s->base_x_mm, s->now.y_mm - s->base_y_mm);
    if (way > hypotf(s->far_x_mm - s->base_x_mm, s->far_y_mm - s->base_y_mm)) {
        s->far_x_mm = s->now.x_mm;
        s->far_y_mm = s->now.y_mm;
    }
    s->major_mm = fmaxf(s->major_mm, sum->major_mm);
}

static void follow_force(struct strokes *s, const struct contacts_sum *sum)
{
    struct cycle_event event;
    if (!s->touched && s->force.open) {
        double usual_s = s->force.under_way.interval_s > 0 ? s->force.under_way.interval_s : 0.5;
        if (s->now.at_s - s->change_s > idle_least_s + idle_cycles * usual_s)
            end_cycles(s, &s->force, READ_FORCE);
    }
    if (stroke_cycle_push(&s->force, &s->now, sum->force_n, sum->peak_kpa,
                          least_swell * s->recent_n, &event))
        wait_cycle(s, READ_FORCE, &event);
}

static void follow_place(struct strokes *s, const struct contacts_sum *sum)
{
    struct cycle_event event;
    float along = s->cosine * s->now.x_mm + s->sine * s->now.y_mm + s->along_mm;
    if (!s->touched || sum->force_n < 0.5F * pressing * s->touch_peak_n)
        return;
    float least_mm = fmaxf(fmaxf(least_turn_mm, least_turn * s->pitch_mm),
                           turn_jitters * place_jitter_mm(&s->jitter));
    if (!stroke_cycle_push(&s->place, &s->now, along, sum->peak_kpa, least_mm, &event))
        return;
    s->n_turns++;
    wait_cycle(s, READ_PLACE, &event);
}

static void follow_push(struct strokes *s, const struct contacts_sum *sum)
{
    struct cycle_event event;
    if (!s->touched)
        return;
    bool was_up = s->push.up;
    bool ended = stroke_cycle_push(&s->push, &s->now, sum->force_n, sum->peak_kpa,
                                   least_push * s->touch_peak_n, &event);
    if (was_up && !s->push.up && s->push.down_s - s->push.cross_s >= push_least_s) {
        /* The push is over; what follows is the rest, should it last. */
        s->push_s += s->push.down_s - s->push.cross_s;
        s->n_pushes++;
        s->push_end_s = s->push.down_s;
        s->push_high_n = s->push.high_v;
        s->push_low_n = sum->force_n;
    }
    if (!s->push.up && s->n_pushes)
        s->push_low_n = s->push.low_v;
    if (!ended)
        return;
    s->rest_s = s->push.cross_s - event.cross_s - event.up_s;
    wait_cycle(s, READ_PUSH, &event);
}

static void add_up(struct strokes *s, double device_s, const struct contacts_sum *sum)
{
    struct stroke_mark *now = &s->now;
    double step_s = s->started ? device_s - now->at_s : 0;
    now->at_s = device_s;
    if (!(sum->force_n > 0)) {
        place_jitter_break(&s->jitter);
        return;
    }
    double force = (double)sum->force_n;
    now->impulse_n_s += force * step_s;
    now->square_n2_s += force * force * step_s;
    now->area_cm2_s += (double)sum->area_cm2 * step_s;
    now->mean_kpa_s += (double)sum->mean_kpa * step_s;
    now->touched_s += step_s;
    now->x_mm = sum->cop_x_mm;
    now->y_mm = sum->cop_y_mm;
    if (s->touched && s->has_base)
        place_jitter_push(&s->jitter, device_s, now->x_mm, now->y_mm);
    float moved = hypotf(now->x_mm - s->anchor_x_mm, now->y_mm - s->anchor_y_mm);
    if (moved < fmaxf(s->step_mm, step_jitters * place_jitter_mm(&s->jitter)))
        return;
    if (s->touched && s->has_base)
        now->path_mm += (double)moved;
    s->anchor_x_mm = now->x_mm;
    s->anchor_y_mm = now->y_mm;
}

void strokes_execute(struct strokes *s, double device_s, const struct contacts_sum *sum)
{
    struct stroke_mark before = s->now;
    float before_n = s->force_n, step_s = s->started ? (float)(device_s - before.at_s) : 0;
    add_up(s, device_s, sum);
    if (!s->started) {
        before = s->now;
        before_n = 0;
        s->started = true;
        s->change_s = device_s;
    }
    s->recent_n -= s->recent_n * step_s / (recent_s + step_s);
    s->recent_n = fmaxf(s->recent_n, sum->force_n);
    follow_touch(s, &before, before_n, sum);
    follow_force(s, sum);
    follow_place(s, sum);
    follow_push(s, sum);
    s->force_n = sum->force_n;
}

void strokes_set_axis(struct strokes *strokes, float cosine, float sine)
{
    /* An axis has no sense of its own: keep the one in force. */
    float along = cosine * strokes->cosine + sine * strokes->sine;
    float c = along < 0 ? -cosine : cosine, s = along < 0 ? -sine : sine;
    /* What is followed goes on from where it was: a new axis is no movement. */
    if (c != strokes->cosine || s != strokes->sine)
        stroke_cycle_break(&strokes->place);
    strokes->along_mm += (strokes->cosine - c) * strokes->now.x_mm;
    strokes->along_mm += (strokes->sine - s) * strokes->now.y_mm;
    strokes->cosine = c;
    strokes->sine = s;
}

void strokes_set_rhythm(struct strokes *strokes, float force_hz, float place_hz)
{
    strokes->force.leak_s = force_hz > 0 ? leak_cycles / force_hz : leak_usual_s;
    strokes->place.leak_s = place_hz > 0 ? leak_cycles / place_hz : leak_usual_s;
}

bool strokes_touched(const struct strokes *strokes)
{
    return strokes->touched;
}

double strokes_change_s(const struct strokes *strokes)
{
    return strokes->change_s;
}

float strokes_jitter_mm(const struct strokes *strokes)
{
    return place_jitter_mm(&strokes->jitter);
}

unsigned strokes_turns(const struct strokes *strokes)
{
    return strokes->n_turns;
}

bool strokes_two_hands(const struct strokes *strokes, enum stroke_reader reader)
{
    return (reader == READ_FORCE && strokes->force_hands.apart) ||
           (reader == READ_TOUCH && strokes->touch_hands.apart);
}

const struct cycle_times *strokes_times(const struct strokes *strokes, enum stroke_reader reader)
{
    switch (reader) {
    case READ_TOUCH:
        return &strokes->touch_times;
    case READ_PLACE:
        return &strokes->place.times;
    case READ_PUSH:
        return &strokes->push.times;
    case READ_FORCE:
    case N_STROKE_READERS:
    default:
        return &strokes->force.times;
    }
}

void strokes_forget(struct strokes *strokes)
{
    /* How high the last technique rose says nothing of where the next one's cycles begin, and
     * little of how lightly the hands are laid on. */
    if (strokes->force.open)
        end_cycles(strokes, &strokes->force, READ_FORCE);
    stroke_cycle_reset(&strokes->force, true);
    strokes->recent_n *= stays_after_rest;
    strokes->n_past = 0;
    strokes->touch_times.n = 0;
    strokes->force.times.n = strokes->place.times.n = 0;
    strokes->touch_begin_last_s = (double)NAN;
    hand_turns_reset(&strokes->force_hands);
    hand_turns_reset(&strokes->touch_hands);
}

unsigned strokes_take(struct strokes *s, double device_s, enum technique technique,
                      enum stroke_reader reader, bool settled, struct stroke *out, unsigned n_max)
{
    unsigned n = 0, used = 0;
    if (reader < N_STROKE_READERS) {
        struct stroke_queue *waiting = &s->waiting[reader];
        for (; used < waiting->n && n < n_max; used++) {
            const struct stroke *stroke = &waiting->stroke[used];
            if (!settled && waiting->ended_s[used] > device_s - wait_s)
                break;
            /* What overlaps a stroke given out by another reader was counted there. */
            double span_s = stroke->end_s - stroke->start_s;
            if (stroke->start_s < s->given_end_s - 0.25 * span_s)
                continue;
            out[n] = *stroke;
            out[n++].technique = technique;
            s->given_end_s = stroke->end_s;
        }
        stroke_queue_drop(waiting, used);
    }
    for (unsigned i = 0; i < N_STROKE_READERS; i++) {
        struct stroke_queue *other = &s->waiting[i];
        if (i == (unsigned)reader || other->n == 0)
            continue;
        if (other->ended_s[0] < device_s - wait_s)
            stroke_queue_drop(other, 1);
    }
    return n;
}

void strokes_finish(struct strokes *s, double device_s)
{
    end_cycles(s, &s->force, READ_FORCE);
    if (s->touched) {
        struct stroke_mark end = s->now;
        end.at_s = device_s;
        lift(s, &end);
    }
}
