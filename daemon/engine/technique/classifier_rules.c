/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules: each technique's definition (design.md, section 5) as a product of soft conditions in
 * physical units. What fits nothing well leaves its share to the parents and to unknown. */
#include <math.h>

#include "technique/classifier.h"

/* The rhythms of now, and the windows under short names. */
struct view {
    const struct span_features *fast, *middle, *along;
    const struct touch_summary *touch;
    const struct push_summary *push;
    const struct cycle_summary *swells, *turns;
    float force_hz, force_swing, place_hz, place_swing; /* 0 where there is no rhythm */
    float force_strength, place_strength;
    float way_mm; /* to and fro */
    float swell;  /* how deep the force goes within a cycle, of its mean */
    float rest, still, broad;
    bool has_place; /* the mount tells where the hands are, not only how they press */
};

/* Soft comparisons: 1/2 at the bound, nearly sure two widths beyond; NaN is neither. */
static float above(float x, float bound, float width)
{
    if (isnan(x))
        return 0.0F;
    float z = 2.0F * (x - bound) / width;
    return 1.0F / (1.0F + expf(-fminf(fmaxf(z, -30.0F), 30.0F)));
}

static float below(float x, float bound, float width)
{
    return isnan(x) ? 0.0F : 1.0F - above(x, bound, width);
}

static float within(float x, float low, float low_width, float high, float high_width)
{
    return above(x, low, low_width) * below(x, high, high_width);
}

static float known(float x)
{
    return isnan(x) ? 0.0F : x;
}

/* The newest window that shows a rhythm, unless a longer one shows another much better. */
static const struct rhythm *newest(const struct rhythm *fast, const struct rhythm *best)
{
    return fast->strength > 0.9F * best->strength ? fast : best;
}

/* Untouched for longer than this technique pauses. */
static float rest_of(const struct touch_summary *touch)
{
    if (touch->touched)
        return 0.0F;
    float patience_s = 0.45F;
    bool flickers = touch->past_pause_max_s < 0.1F; /* light hands, not lifted ones */
    if (touch->past_pause_s > 0 && touch->past_touch_s < 9.0F &&
        !(flickers && touch_travelled(touch))) /* as before, and a little */
        patience_s = fminf(fmaxf(0.3F, 1.25F * touch->past_pause_s + 0.12F), 5.0F);
    else if (touch->n_past && touch_travelled(touch))
        patience_s = touch_way_back_s(touch);
    else if (touch->past_touch_s > 1.5F) /* what it does, it does without lifting */
        patience_s = 0.2F;
    return above(touch->age_s, patience_s, 0.12F);
}

static struct view look(const struct window_features *f)
{
    struct view v = {.fast = &f->span[SPAN_FAST],
                     .middle = &f->span[SPAN_MIDDLE],
                     .along = &f->span[SPAN_LONG],
                     .touch = &f->touch,
                     .push = &f->push,
                     .swells = &f->swell,
                     .turns = &f->turn};
    const struct rhythm *force = newest(&f->fast_force, &f->force);
    const struct rhythm *place = newest(&f->fast_place, &f->place);
    v.force_hz = known(force->hz);
    v.force_strength = force->strength;
    v.force_swing = force->strength > 0 ? force->swing : 0.0F;
    v.place_hz = known(place->hz);
    v.place_strength = place->strength;
    v.place_swing = place->strength > 0 ? place->swing : 0.0F;
    /* Beside the slow rise of laying on. */
    v.swell = v.force_hz > 1.4F ? known(v.fast->ripple_cv) : known(v.middle->ripple_cv);
    v.swell = 2.83F * fmaxf(v.swell, 0.35F * v.force_swing);
    v.way_mm = v.place_strength > 0        ? v.place_swing
               : f->turn.interval_s < 1.0F ? known(v.fast->reach_mm)
                                           : known(v.middle->reach_mm);
    v.has_place = f->mount != MOUNT_GLOVE;
    v.rest = rest_of(&f->touch);
    v.broad = known(v.fast->area_cm2);
    v.still = f->touch.touched ? below(v.fast->speed_mm_s, 14.0F, 4.0F) *
                                     below(v.fast->ripple_cv, 0.15F, 0.04F) *
                                     below(v.fast->reach_mm, 14.0F, 4.0F)
                               : 0.0F;
    return v;
}

/* Short swells with long troughs: blows on something soft, which the force does not leave quite. */
static float blows(const struct view *v)
{
    const struct cycle_summary *s = v->swells;
    if (s->n < 3)
        return 0.0F;
    return below(s->interval_s, 1.2F, 0.15F) * below(s->up_share, 0.33F, 0.05F) *
           below(s->since_s, 1.6F * s->interval_s, 0.3F) * above(v->fast->force_cv, 0.3F, 0.06F);
}

static float tapotement(const struct view *v)
{
    const struct touch_summary *t = v->touch;
    float lifts = below(v->fast->force_floor, 0.24F, 0.06F);
    float by_rhythm = above(v->force_strength, 0.6F, 0.1F) * above(v->force_hz, 1.9F, 0.25F);
    /* Slow taps: touches much shorter than a squeeze. */
    float by_touch = t->n_past >= 3
                         ? below(t->past_touch_s, 0.36F, 0.1F) *
                               below(t->past_pause_s, 1.3F, 0.3F) * below(t->age_s, 0.6F, 0.15F)
                         : 0.0F;
    return fmaxf(lifts * fmaxf(by_rhythm, by_touch), 0.9F * blows(v));
}

/* Ripples on a held contact, fast ones: where shaking ends and vibration begins depends on how far
 * the hand swings. */
static float fast_hz(const struct view *v)
{
    /* Shaking swings sideways once, but may press twice a cycle. */
    bool by_place = v->place_swing > 4.0F && v->place_strength > 0.7F;
    return by_place ? v->place_hz : v->force_hz;
}

static float vibration(const struct view *v)
{
    float wide = fminf(fmaxf((v->place_swing - 3.0F) / 3.0F, -0.4F), 1.3F);
    return above(fast_hz(v), 7.2F + wide, 0.7F) * above(v->force_strength, 0.6F, 0.1F) *
           above(v->force_swing, 0.05F, 0.02F) * above(v->fast->force_floor, 0.24F, 0.06F);
}

static float shaking(const struct view *v)
{
    float wide = fminf(fmaxf((v->place_swing - 3.0F) / 3.0F, -0.4F), 1.3F);
    float hz = fast_hz(v);
    float from_hz = v->broad < 22.0F && v->force_swing < 0.25F ? 4.9F : 3.4F;
    return within(hz, from_hz, 0.5F, 7.2F + wide, 0.7F) *
           fmaxf(above(v->force_swing, 0.12F, 0.05F), above(v->place_swing, 4.0F, 1.0F)) *
           above(v->fast->force_floor, 0.24F, 0.06F);
}

/* Turns by events, before three of them fill a window, or where they are too uneven for one. */
static float turning(const struct view *v, float least_s, float most_s)
{
    const struct cycle_summary *t = v->turns;
    if (t->n < 2 || !v->touch->touched)
        return 0.0F;
    return within(t->interval_s, least_s, 0.15F * least_s, most_s, 0.15F * most_s) *
           below(t->variation, 0.3F, 0.08F) * below(t->since_s / t->interval_s, 1.5F, 0.15F);
}

static float friction(const struct view *v)
{
    float to_hz = v->broad < 22.0F && v->force_swing < 0.25F ? 4.9F : 3.4F;
    float by_rhythm =
        above(v->place_strength, 0.6F, 0.1F) * within(v->place_hz, 0.6F, 0.2F, to_hz, 0.5F);
    float rhythm = fmaxf(by_rhythm, 0.9F * turning(v, 1.0F / to_hz, 1.3F));
    return rhythm * within(v->way_mm, 2.5F, 1.0F, 24.0F, 3.0F) * below(v->swell, 0.9F, 0.2F) *
           below(v->broad, 150.0F, 25.0F);
}

static float rolling(const struct view *v)
{
    float by_rhythm =
        above(v->place_strength, 0.6F, 0.1F) * within(v->place_hz, 0.28F, 0.08F, 2.8F, 0.4F);
    float rhythm = fmaxf(by_rhythm, 0.9F * turning(v, 0.4F, 3.2F));
    return rhythm * within(v->way_mm, 24.0F, 3.0F, 190.0F, 25.0F) * below(v->swell, 0.9F, 0.2F) *
           above(v->fast->touched_share, 0.9F, 0.05F);
}

static float petrissage(const struct view *v)
{
    const struct cycle_summary *s = v->swells;
    float by_rhythm =
        above(v->force_strength, 0.6F, 0.1F) * within(v->force_hz, 0.17F, 0.04F, 1.9F, 0.25F);
    /* Slow squeezes show themselves by events before three of them fill a window. */
    float by_events = s->n >= 1 ? within(s->interval_s, 0.35F, 0.08F, 5.5F, 0.7F) *
                                      (s->n >= 2 ? below(s->variation, 0.3F, 0.08F) : 0.6F) *
                                      below(s->since_s, 1.6F * s->interval_s, 0.5F)
                                : 0.0F;
    float squeezes = fmaxf(by_rhythm, by_events) * above(v->swell, 0.55F, 0.12F) *
                     (1.0F - blows(v)) * above(v->fast->force_cv, 0.04F, 0.015F);
    if (!v->has_place)
        return squeezes;
    /* A hand that squeezes a fold is not small; a fingertip that comes and goes is only a rhythm.
     */
    squeezes *= above(v->broad, 26.0F, 6.0F);
    if (s->n >= 2) /* it stays where it squeezes, though the next may be elsewhere */
        return squeezes * below(s->up_way_mm, 38.0F, 5.0F);
    float past =
        above((float)v->touch->n_past, 0.5F, 0.2F) * above(v->touch->past_glide_mm, 50.0F, 8.0F);
    float now = above(v->touch->glide_mm, 70.0F, 10.0F) * below(v->touch->age_s, 4.0F, 0.5F);
    return squeezes * (1.0F - past) * (1.0F - now);
}

/* Swells that travel: strokes that press on their way and hardly on the way back, on something that
 * is slow to let go. */
static float travelling(const struct view *v)
{
    const struct cycle_summary *s = v->swells;
    if (s->n < 2)
        return 0.0F;
    return above(s->up_way_mm, 38.0F, 5.0F) * within(s->interval_s, 0.7F, 0.12F, 9.0F, 1.0F) *
           below(s->variation, 0.45F, 0.1F) * above(v->swell, 0.55F, 0.12F) *
           below(v->fast->major_trend_mm_s, 25.0F, 5.0F) *
           below(s->since_s, 1.6F * s->interval_s, 0.5F);
}

static float effleurage(const struct view *v)
{
    const struct touch_summary *t = v->touch;
    float straight = t->glide_mm / fmaxf(t->path_mm, 1.0F);
    float now = t->touched ? above(t->glide_mm, 48.0F, 6.0F) * above(straight, 0.6F, 0.1F) *
                                 above(t->age_s, 0.9F, 0.15F) * below(t->age_s, 15.0F, 2.0F) *
                                 below(fabsf(t->spread_mm) / fmaxf(t->glide_mm, 1.0F), 0.7F, 0.15F)
                           : 0.0F;
    float past = t->n_past ? above(t->past_glide_mm, 55.0F, 6.0F) *
                                 below(fabsf(t->past_spread_mm) / fmaxf(t->past_glide_mm, 1.0F),
                                       0.7F, 0.15F) *
                                 within(t->past_touch_s, 0.35F, 0.1F, 15.0F, 2.0F)
                           : 0.0F;
    if (t->touched) /* what was done before holds until this touch shows itself */
        past *= fmaxf(below(t->age_s, 2.0F, 0.3F),
                      above(t->glide_mm, 40.0F, 8.0F) * above(straight, 0.6F, 0.1F));
    /* Without lifting: the hands return lightly, or the way is long and slow. */
    float returning =
        above(v->place_strength, 0.6F, 0.1F) * within(v->place_hz, 0.06F, 0.02F, 0.7F, 0.1F) *
        above(v->place_swing, 60.0F, 8.0F) *
        fmaxf(above(v->swell, 0.7F, 0.15F),
              below(v->place_hz, 0.42F, 0.06F) * above(v->place_swing, 110.0F, 15.0F));
    float strokes = fmaxf(fmaxf(now, past), fmaxf(returning, 0.95F * travelling(v)));
    if (v->swells->n >= 2 &&
        v->swells->interval_s < 3.0F) /* hands in turn are not one that glides */
        strokes *= above(v->swells->up_way_mm, 24.0F, 5.0F);
    return strokes;
}

/* One contact pinned, another drawn away: the whole grows longer, the centre goes half the way, and
 * straight. */
static float soft_tissue_release(const struct view *v)
{
    const struct touch_summary *t = v->touch;
    float straight = t->glide_mm / fmaxf(t->path_mm, 1.0F);
    float past_straight = t->past_glide_mm / fmaxf(t->past_path_mm, 1.0F);
    float now = t->touched ? within(t->age_s, 1.6F, 0.2F, 20.0F, 3.0F) *
                                 above(v->fast->major_trend_mm_s, 16.0F, 4.0F) *
                                 above(t->spread_mm, 30.0F, 6.0F) * above(straight, 0.32F, 0.06F) *
                                 above(v->fast->n_lobes, 1.3F, 0.1F)
                           : 0.0F;
    float past = t->n_past
                     ? above(t->past_spread_mm, 38.0F, 7.0F) *
                           above(t->past_spread_mm / fmaxf(t->past_glide_mm, 1.0F), 0.8F, 0.2F) *
                           within(t->past_touch_s, 1.2F, 0.2F, 15.0F, 2.0F) *
                           above(past_straight, 0.3F, 0.06F) * below(t->age_s, 12.0F, 2.0F)
                     : 0.0F;
    if (t->touched) /* this touch is to do the same, in its time, and nothing quick */
        past *= fmaxf(below(t->age_s, 2.0F, 0.3F),
                      above(t->spread_mm, 25.0F, 6.0F) * above(straight, 0.3F, 0.06F)) *
                (1.0F - above(v->force_strength, 0.6F, 0.1F) * above(v->force_hz, 1.5F, 0.3F));
    return fmaxf(now, past);
}

static float muscle_energy(const struct view *v)
{
    const struct push_summary *p = v->push;
    if (!p->n_pushes)
        return 0.0F;
    return above(p->rest_s, 1.5F, 0.4F) * within(p->push_s, 3.0F, 0.4F, 25.0F, 4.0F) *
           within(p->depth, 0.28F, 0.06F, 0.86F, 0.03F) * below(v->middle->reach_mm, 30.0F, 6.0F) *
           below(v->fast->speed_mm_s, 25.0F, 5.0F);
}

/* Small, deep, still. */
static float compression(const struct view *v)
{
    /* One place; what else is touched hardly presses. */
    float one = fmaxf(below(v->fast->major_mm, 95.0F, 12.0F), below(v->fast->n_lobes, 1.5F, 0.2F));
    return v->still * below(v->broad, 45.0F, 8.0F) * one * above(v->touch->age_s, 1.4F, 0.25F);
}

static float myofascial_release(const struct view *v, bool is_kpa)
{
    float creeping = within(v->along->major_trend_mm_s, 1.0F, 0.3F, 12.0F, 3.0F) *
                     above(v->touch->age_s, 7.0F, 1.0F);
    float creeping_hand = within(v->middle->drift_mm_s, 1.0F, 0.3F, 6.0F, 1.0F);
    float gentle = is_kpa ? 0.75F * below(v->fast->mean_kpa, 3.4F, 0.8F) : 0.35F;
    gentle *= below(v->fast->gap_mm, 42.0F, 5.0F);
    return v->still * above(v->broad, 60.0F, 10.0F) * above(v->touch->age_s, 3.5F, 0.4F) *
           fmaxf(gentle, 0.95F * fmaxf(creeping, creeping_hand));
}

/* Two still contacts, held apart. */
static float stretching(const struct view *v)
{
    float creeping = within(v->along->major_trend_mm_s, 1.2F, 0.3F, 12.0F, 3.0F) *
                     above(v->along->length_s, 6.0F, 1.0F);
    return v->still * above(v->fast->n_lobes, 1.7F, 0.15F) *
           above(v->fast->distance_mm, 95.0F, 10.0F) * above(v->fast->gap_mm, 42.0F, 5.0F) *
           above(v->touch->age_s, 3.0F, 0.4F) * (1.0F - 0.9F * creeping);
}

static void evaluate(const struct classifier *classifier, const struct window_features *features,
                     float *probability)
{
    (void)classifier;
    struct view v = look(features);
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        probability[i] = 0.0F;
    probability[TECHNIQUE_TAPOTEMENT] = tapotement(&v);
    probability[TECHNIQUE_VIBRATION] = vibration(&v);
    probability[TECHNIQUE_SHAKING] = shaking(&v);
    probability[TECHNIQUE_FRICTION] = friction(&v);
    probability[TECHNIQUE_ROLLING] = rolling(&v);
    probability[TECHNIQUE_PETRISSAGE] = petrissage(&v);
    probability[TECHNIQUE_EFFLEURAGE] = effleurage(&v);
    probability[TECHNIQUE_SOFT_TISSUE_RELEASE] = soft_tissue_release(&v);
    probability[TECHNIQUE_MUSCLE_ENERGY] = muscle_energy(&v);
    float energy = 1.0F - probability[TECHNIQUE_MUSCLE_ENERGY];
    probability[TECHNIQUE_COMPRESSION] = energy * compression(&v);
    probability[TECHNIQUE_MYOFASCIAL_RELEASE] = energy * myofascial_release(&v, features->is_kpa);
    probability[TECHNIQUE_STRETCHING] = energy * stretching(&v);

    float most = 0.0F, sum = 0.0F;
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        probability[i] *= 1.0F - v.rest;
        most = fmaxf(most, probability[i]);
    }
    float open = (1.0F - most) * (1.0F - v.rest);
    float rhythmic = above(fmaxf(v.force_strength, v.place_strength), 0.6F, 0.1F);
    probability[TECHNIQUE_REST] = v.rest;
    probability[TECHNIQUE_HOLD] = open * v.still;
    probability[TECHNIQUE_RHYTHM] = open * (1.0F - v.still) * 0.6F * rhythmic;
    probability[TECHNIQUE_UNKNOWN] = 0.02F + 0.3F * open * (1.0F - fmaxf(v.still, rhythmic));
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        sum += probability[i];
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        probability[i] /= sum;
}

const struct classifier classifier_rules = {.name = "rules 1",
                                            .recipe = "thresholds from the definitions",
                                            .sees_cells = true, /* for who learns with them */
                                            .final_share =
                                                0.35F, /* they are seldom sure of anything */
                                            .evaluate = evaluate};
