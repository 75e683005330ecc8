/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers say to the window features. */
#include <math.h>

#include "technique/strokes_state.h"

static const float past_s = 30.0F; /* touches older than this are forgotten */

void strokes_touch_summary(const struct strokes *s, double device_s, struct touch_summary *summary)
{
    float dx = s->far_x_mm - s->base_x_mm, dy = s->far_y_mm - s->base_y_mm;
    float along_x = 0, along_y = 0, way = 0;
    unsigned n_pauses = 0;
    *summary = (struct touch_summary){
        .touched = s->touched, .age_s = (float)(device_s - s->change_s), .past_aligned = NAN};
    if (s->touched) {
        summary->glide_mm = hypotf(dx, dy);
        summary->path_mm = (float)(s->now.path_mm - s->touch_start.path_mm);
        summary->spread_mm = s->major_mm - s->base_major_mm;
    }
    for (unsigned i = 0; i < s->n_past; i++) {
        const struct past_touch *past = &s->past[i];
        if (past->end_s < device_s - (double)past_s)
            continue;
        summary->n_past++;
        summary->past_touch_s += (float)(past->end_s - past->start_s);
        summary->past_glide_mm += past->glide_mm;
        summary->past_path_mm += past->path_mm;
        summary->past_turns += (float)past->n_turns;
        summary->past_spread_mm += past->spread_mm;
        along_x += past->dx_mm;
        along_y += past->dy_mm;
        way += past->glide_mm;
        double next_s = i + 1 < s->n_past ? s->past[i + 1].start_s
                        : s->touched      ? s->touch_start.at_s
                                          : (double)NAN;
        if (isnan(next_s))
            continue;
        float pause_s = (float)(next_s - past->end_s);
        n_pauses++;
        summary->past_pause_s += pause_s;
        summary->past_pause_max_s = fmaxf(summary->past_pause_max_s, pause_s);
    }
    float n = (float)summary->n_past; /* none: NaN */
    summary->past_touch_s /= n;
    summary->past_glide_mm /= n;
    summary->past_path_mm /= n;
    summary->past_turns /= n;
    summary->past_spread_mm /= n;
    summary->past_pause_s /= (float)n_pauses;
    if (way > 0)
        summary->past_aligned = hypotf(along_x, along_y) / way;
}

bool touch_went_to_and_fro(const struct touch_summary *touch)
{
    /* A path that is somewhat longer may be noise, unless a turn was seen in it. */
    float straight = touch->past_turns >= 1 ? 0.5F : 0.35F;
    return touch->past_glide_mm < straight * touch->past_path_mm;
}

bool touch_travelled(const struct touch_summary *touch)
{
    bool far = touch->past_glide_mm > 45.0F && !touch_went_to_and_fro(touch);
    return touch->past_touch_s < 9.0F && (far || touch->past_spread_mm > 30.0F);
}

float touch_way_back_s(const struct touch_summary *touch)
{
    return fminf(fmaxf(1.9F, 0.8F * touch->past_touch_s), 5.0F);
}

void strokes_push_summary(const struct strokes *s, struct push_summary *summary)
{
    float n = (float)s->n_pushes; /* none: NaN */
    summary->n_pushes = s->touched ? s->n_pushes : 0;
    summary->push_s = (float)s->push_s / n;
    summary->rest_s = s->n_pushes ? fmaxf((float)s->rest_s,
                                          s->push.up ? 0.0F : (float)(s->now.at_s - s->push_end_s))
                                  : NAN;
    summary->depth = s->n_pushes ? 1.0F - s->push_low_n / s->push_high_n : NAN;
}

void strokes_cycle_summary(const struct strokes *s, enum stroke_reader reader,
                           struct cycle_summary *summary)
{
    const struct stroke_cycle *cycle = reader == READ_PLACE ? &s->place : &s->force;
    const struct cycle_times *times = &cycle->times;
    double sum = 0, squares = 0;
    unsigned n = 0;
    *summary = (struct cycle_summary){
        .interval_s = NAN, .variation = NAN, .since_s = NAN, .up_share = NAN, .up_way_mm = NAN};
    if (times->n == 0)
        return;
    for (unsigned i = times->n; i-- > 1 && n < 4; n++) {
        double interval_s = times->at_s[i] - times->at_s[i - 1];
        if (interval_s > 7.0 || (n && interval_s > 3.0 * sum / n))
            break; /* a pause */
        sum += interval_s;
        squares += interval_s * interval_s;
    }
    summary->n = n;
    summary->since_s = (float)(s->now.at_s - times->at_s[times->n - 1]);
    if (n == 0)
        return;
    double mean = sum / n;
    summary->interval_s = (float)mean;
    summary->variation = (float)(sqrt(fmax(squares / n - mean * mean, 0)) / mean);
    summary->up_share = cycle->up_share;
    summary->up_way_mm = cycle->up_way_mm;
}
