/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/stroke_rhythm.h"

#include <math.h>

/* Of the middle interval: longer is a pause, shorter a hand that bounced as it came. */
static const float PAUSE = 2.2F, BOUNCE = 0.3F;
static const float PAUSE_MOST_S = 15;     /* where there is no interval yet */
static const double OVER = 3, OVER_S = 1; /* mean intervals since the last stroke: it is over */
enum { STRANGE_MOST = 2 };                /* in a row: the rhythm is another one */

void stroke_rhythm_init(struct stroke_rhythm *r)
{
    *r = (struct stroke_rhythm){.start_s = (double)NAN, .end_s = (double)NAN};
}

static unsigned n_kept(const struct stroke_rhythm *r)
{
    return r->n < STROKE_RHYTHM_LAST ? r->n : STROKE_RHYTHM_LAST;
}

static float mean_s(const struct stroke_rhythm *r)
{
    float sum_s = 0;
    unsigned n = n_kept(r);
    for (unsigned i = 0; i < n; i++)
        sum_s += r->intervals_s[i];
    return n ? sum_s / (float)n : NAN;
}

/* NaN: there is none. */
static float median_s(const struct stroke_rhythm *r)
{
    float sorted[STROKE_RHYTHM_LAST];
    unsigned n = n_kept(r);
    for (unsigned i = 0; i < n; i++) {
        unsigned at = i;
        for (; at > 0 && sorted[at - 1] > r->intervals_s[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = r->intervals_s[i];
    }
    return n ? sorted[n / 2] : NAN;
}

/* What does not fit twice in a row is what fits from now on. */
static void note_strange(struct stroke_rhythm *r, const struct stroke *stroke)
{
    if (++r->n_strange < STRANGE_MOST)
        return;
    stroke_rhythm_init(r);
    r->start_s = stroke->start_s;
    r->end_s = stroke->end_s;
}

void stroke_rhythm_add(struct stroke_rhythm *r, const struct stroke *stroke)
{
    float since_s = (float)(stroke->start_s - r->start_s), usual_s = median_s(r);
    /* The stroke's own interval is between like points of both cycles, but ends at a lift. */
    bool is_fine = isnan(usual_s) ? stroke->interval_s > 0 : stroke->interval_s > BOUNCE * usual_s;
    float interval_s = is_fine ? stroke->interval_s : since_s;
    if (interval_s < BOUNCE * usual_s) {
        note_strange(r, stroke);
        return;
    }
    r->start_s = stroke->start_s;
    r->end_s = stroke->end_s;
    if (!(interval_s > 0))
        return;
    if (interval_s > (isnan(usual_s) ? PAUSE_MOST_S : PAUSE * usual_s)) {
        note_strange(r, stroke);
        return;
    }
    r->n_strange = 0;
    r->intervals_s[r->n % STROKE_RHYTHM_LAST] = interval_s;
    r->n++;
}

/* The intervals in their order, without the one that is farthest from their mean: a single odd one
 * in a dozen is not uneven. @return how many are left */
static unsigned take_usual(const struct stroke_rhythm *r, float *usual_s)
{
    unsigned n = n_kept(r), odd = 0;
    float mean = mean_s(r), farthest = -1;
    for (unsigned i = 0; i < n; i++) {
        usual_s[i] = r->intervals_s[(r->n - n + i) % STROKE_RHYTHM_LAST];
        if (fabsf(usual_s[i] - mean) <= farthest)
            continue;
        farthest = fabsf(usual_s[i] - mean);
        odd = i;
    }
    for (unsigned i = odd; i + 1 < n; i++)
        usual_s[i] = usual_s[i + 1];
    return n - 1;
}

static float variation(const float *intervals_s, unsigned n)
{
    float mean = 0, squares = 0, steps = 0;
    for (unsigned i = 0; i < n; i++)
        mean += intervals_s[i] / (float)n;
    for (unsigned i = 0; i < n; i++)
        squares += (intervals_s[i] - mean) * (intervals_s[i] - mean);
    for (unsigned i = 1; i < n; i++) {
        float step_s = intervals_s[i] - intervals_s[i - 1];
        steps += step_s * step_s;
    }
    return sqrtf(fminf(squares, steps / 2) / (float)(n - 1)) / mean;
}

void stroke_rhythm_read(const struct stroke_rhythm *r, double device_s,
                        struct stroke_rhythm_reading *reading)
{
    /* What is left of the variation of normal intervals, the oddest of n left out and the lesser of
     * both ways taken; and how far such a reading scatters (20 000 draws each). */
    static const float left[] = {0.575F, 0.628F, 0.664F, 0.693F, 0.715F, 0.734F, 0.751F, 0.766F};
    static const float scatter[] = {0.52F, 0.44F, 0.4F, 0.36F, 0.33F, 0.31F, 0.29F, 0.27F};
    float usual_s[STROKE_RHYTHM_LAST], last_s = 0;
    unsigned n = n_kept(r);
    *reading = (struct stroke_rhythm_reading){NAN, NAN, NAN, NAN};
    if (n < STROKE_RHYTHM_LEAST || device_s - r->end_s > OVER * (double)mean_s(r) + OVER_S)
        return;
    for (unsigned i = 1; i <= STROKE_RHYTHM_LEAST; i++)
        last_s += r->intervals_s[(r->n - i) % STROKE_RHYTHM_LAST];
    float part = variation(usual_s, take_usual(r, usual_s)) / left[n - STROKE_RHYTHM_LEAST];
    reading->pace_cpm = 60 * STROKE_RHYTHM_LEAST / last_s;
    reading->pace_u_cpm = reading->pace_cpm * part / sqrtf(STROKE_RHYTHM_LEAST);
    reading->regularity_pct = 100 * part;
    reading->regularity_u_pct = reading->regularity_pct * scatter[n - STROKE_RHYTHM_LEAST];
}
