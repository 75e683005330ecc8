/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three things to work on, in plain words: the measures that are furthest from what this program
 * takes for good. The marks below are conventions (docs/session-export.md), not findings; a
 * reference recording puts the instructor's own in their place. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "session_command.h"
#include "session_report.h"

enum { CANDIDATES = 40 };
static const float NEARLY = 0.12F; /* so near to good is good */

/* A measure and how far it is from good: 0 is good, 1 is far off. */
struct candidate {
    float weight;
    struct report_advice advice;
};

struct candidates {
    struct candidate all[CANDIDATES];
    size_t n;
};

/* How far `value` is on the way from `good` to `poor`; may be below 0 and above 1. */
static float way(float value, float good, float poor)
{
    return (value - good) / (poor - good);
}

/* @param tip  what to do about it; left out when there is no need */
__attribute__((format(printf, 6, 7))) static void put(struct candidates *c, float weight,
                                                      const char *aim, const char *fine,
                                                      const char *tip, const char *format, ...)
{
    va_list arguments;
    if (isnan(weight) || c->n >= CANDIDATES)
        return;
    struct candidate *one = &c->all[c->n++];
    one->weight = weight;
    one->advice.is_fine = weight <= NEARLY;
    (void)snprintf(one->advice.aim, sizeof one->advice.aim, "%s", one->advice.is_fine ? fine : aim);
    va_start(arguments, format);
    (void)vsnprintf(one->advice.why, sizeof one->advice.why, format, arguments);
    va_end(arguments);
    size_t used = strlen(one->advice.why);
    if (!one->advice.is_fine && tip[0])
        (void)snprintf(one->advice.why + used, sizeof one->advice.why - used, " %s", tip);
}

/* ---- from the session alone ---- */

static void on_rhythm(struct candidates *c, const struct report *r)
{
    const struct session_technique *worst = NULL;
    char word[REPORT_WORD_BYTES];
    for (size_t i = 0; i < r->digest.n_techniques; i++) {
        const struct session_technique *t = &r->digest.techniques[i];
        if (!isnan(t->regularity_pct) && t->n_strokes >= 4 &&
            (!worst || t->regularity_pct > worst->regularity_pct))
            worst = t;
    }
    if (!worst)
        return;
    report_technique_word(word, worst->technique);
    put(c, way(worst->regularity_pct, 10, 30), "Keep a steadier rhythm", "A steady rhythm",
        "Count aloud, or let a metronome tick, until it is below 10 %.",
        "In %s the time from one stroke to the next varied by %.0f %%, at %.0f a minute.", word,
        (double)worst->regularity_pct, (double)worst->pace_cpm);
}

static void on_evenness(struct candidates *c, const struct report *r)
{
    const struct session_technique *t = session_digest_find(&r->digest, TECHNIQUE_EFFLEURAGE);
    if (!t || isnan(t->evenness_pct))
        return;
    put(c, way(t->evenness_pct, 75, 35), "Glide with an even pressure", "Even gliding strokes",
        "75 % is a good aim: lean in with your weight rather than pushing with the arm.",
        "In effleurage the force was %.0f %% even from the beginning of a stroke to its end.",
        (double)t->evenness_pct);
}

static void on_likeness(struct candidates *c, const struct report *r)
{
    const struct session_technique *worst = NULL;
    char word[REPORT_WORD_BYTES], typical[REPORT_WORD_BYTES];
    for (size_t i = 0; i < r->digest.n_techniques; i++) {
        const struct session_technique *t = &r->digest.techniques[i];
        if (!isnan(t->stroke_peak_pct) && t->n_strokes >= 5 &&
            (!worst || t->stroke_peak_pct > worst->stroke_peak_pct))
            worst = t;
    }
    if (!worst)
        return;
    report_technique_word(word, worst->technique);
    report_pressure(typical, r, worst->stroke_peak);
    put(c, way(worst->stroke_peak_pct, 15, 50), "Make one stroke like the next",
        "Strokes that are alike",
        "Choose one pressure and stay with it; change it on purpose only.",
        "In %s the pressure differed by %.0f %% from stroke to stroke (typically %s).", word,
        (double)worst->stroke_peak_pct, typical);
}

static void on_sudden_peak(struct candidates *c, const struct report *r)
{
    char at[REPORT_WORD_BYTES], peak[REPORT_WORD_BYTES], typical[REPORT_WORD_BYTES];
    char word[REPORT_WORD_BYTES];
    const struct session_technique *worst = NULL;
    float times = 0;
    for (size_t i = 0; i < r->digest.n_techniques; i++) {
        const struct session_technique *t = &r->digest.techniques[i];
        if (t->n_strokes >= 5 && t->highest > times * t->stroke_peak) {
            worst = t;
            times = t->highest / t->stroke_peak;
        }
    }
    if (!worst)
        return;
    report_technique_word(word, worst->technique);
    report_clock(at, (double)worst->highest_at_s);
    report_pressure(peak, r, worst->highest);
    report_pressure(typical, r, worst->stroke_peak);
    put(c, way(times, 2, 5), "Sink in slowly, without sudden pressure", "No sudden pressure",
        "Take a breath's time to reach your depth.",
        "In %s one stroke, at %s, reached %s: %.1f times the typical one (%s).", word, at, peak,
        (double)times, typical);
}

static void on_pauses(struct candidates *c, const struct report *r)
{
    char length[REPORT_WORD_BYTES], at[REPORT_WORD_BYTES];
    if (r->digest.n_episodes < 2)
        return;
    float share_pct = (float)(100 * r->digest.hands_on_s / r->digest.length_s);
    session_print_span(length, sizeof length, r->digest.longest_pause_s);
    report_clock(at, r->digest.longest_pause_at_s);
    put(c, way(share_pct, 85, 50), "Keep your hands on", "Hands that stay on",
        "When you change technique, let one hand stay.",
        "Your hands were on for %.0f %% of the time; the longest pause took %s, at %s.",
        (double)share_pct, length, at);
}

static void on_clearness(struct candidates *c, const struct report *r)
{
    if (!(r->digest.hands_on_s > 0))
        return;
    float share_pct = (float)(100 * r->digest.unknown_s / r->digest.hands_on_s);
    put(c, way(share_pct, 15, 60), "Make each technique clear", "Clear techniques",
        "Finish one before the next begins, and stay on the sensors.",
        "%.0f %% of the hands-on time was not recognised as any technique.", (double)share_pct);
}

static void on_surface(struct candidates *c, const struct report *r)
{
    if (r->head->layout.mount == MOUNT_GLOVE || r->head->layout.mount == MOUNT_MAT)
        return;
    put(c, way(r->quarter_share, 0.7F, 1.1F), "Use more of the surface", "The whole surface in use",
        "If the treatment is not meant for one spot, let the strokes reach further.",
        "%.0f %% of all pressure was on one quarter of the sensors.",
        100 * (double)r->quarter_share);
}

/* "Press more" is not said after the receiver spoke of pain, nor beyond the plan's ceiling. */
static bool may_say_more(const struct report *r, float aim_kpa)
{
    return !r->has_pain && !(r->has_plan && aim_kpa > r->plan.ceiling_kpa.high);
}

/* ---- against the reference: these weigh more ---- */

static void on_reference(struct candidates *c, const struct report *r)
{
    char word[REPORT_WORD_BYTES], own[REPORT_WORD_BYTES], theirs[REPORT_WORD_BYTES];
    for (size_t i = 0; i < r->reference.n_techniques; i++) {
        const struct session_technique *want = &r->reference.techniques[i];
        const struct session_technique *t = session_digest_find(&r->digest, want->technique);
        if (!t)
            continue;
        report_technique_word(word, want->technique);
        float pace = fabsf(logf(t->pace_cpm / want->pace_cpm));
        put(c, 1.5F * way(pace, 0.1F, 0.5F),
            t->pace_cpm > want->pace_cpm ? "Slow down to the reference"
                                         : "Be as brisk as the "
                                           "reference",
            "The pace of the reference", "", "In %s: %.0f a minute, the reference has %.0f.", word,
            (double)t->pace_cpm, (double)want->pace_cpm);
        if (r->is_relative || r->reference_is_relative ||
            (t->stroke_peak < want->stroke_peak && !may_say_more(r, want->stroke_peak)))
            continue;
        report_pressure(own, r, t->stroke_peak);
        report_pressure(theirs, r, want->stroke_peak);
        float pressure = fabsf(logf(t->stroke_peak / want->stroke_peak));
        put(c, 1.5F * way(pressure, 0.15F, 0.7F),
            t->stroke_peak > want->stroke_peak ? "Press less, as the reference does"
                                               : "Press more, as the reference does",
            "The pressure of the reference", "", "In %s: typically %s, the reference has %s.", word,
            own, theirs);
    }
}

/* ---- against the plan ---- */

static void on_band(struct candidates *c, const struct report *r, bool is_pressure,
                    const struct report_band_count *n, enum technique technique, const char *more,
                    const char *less, const char *fine, const char *unit)
{
    char word[REPORT_WORD_BYTES];
    if (n->n < REPORT_STROKES_LEAST || n->is_convention)
        return;
    report_technique_word(word, technique);
    if (is_pressure && n->n_below > n->n_above && !may_say_more(r, n->low))
        return;
    float out_pct = 100 * (float)(n->n_below + n->n_above) / (float)n->n;
    put(c, 1.5F * way(out_pct, 20, 70), n->n_below > n->n_above ? more : less, fine, "",
        "In %s %u of %u strokes were below the plan's band and %u above it (%.3g to %.3g %s).",
        word, n->n_below, n->n, n->n_above, (double)n->low, (double)n->high, unit);
}

static void on_plan_time(struct candidates *c, const struct report *r)
{
    char wanted[REPORT_WORD_BYTES], took[REPORT_WORD_BYTES];
    double plan_s = (double)plan_duration_s(&r->plan);
    report_clock(wanted, plan_s);
    report_clock(took, r->digest.length_s);
    if (r->digest.length_s < 0.8 * plan_s)
        put(c, 0.3F, "Take the time that the plan takes", "", "",
            "The plan is %s long; this session was over after %s.", wanted, took);
    else
        put(c, way(r->score.time_pct, 90, 40), "Give each technique its time",
            "The plan's times were kept", "Stay with each until its time is over.",
            "%.0f %% of the time that the plan wants was spent on its techniques.",
            (double)r->score.time_pct);
}

static void on_plan(struct candidates *c, const struct report *r)
{
    on_plan_time(c, r);
    for (int t = 0; t < N_TECHNIQUES; t++) {
        on_band(c, r, true, &r->pressure_counts[t], (enum technique)t,
                "Press more, as the plan has it", "Press less, as the plan has it",
                "Pressure as the plan has it", "kPa");
        on_band(c, r, false, &r->pace_counts[t], (enum technique)t,
                "Be quicker, as the plan has it", "Take your time, as the plan has it",
                "Pace as the plan has it", "a minute");
    }
}

static int compare_down(const void *a, const void *b)
{
    float x = ((const struct candidate *)a)->weight, y = ((const struct candidate *)b)->weight;
    return (x < y) - (x > y);
}

void report_advise(struct report *r)
{
    struct candidates c = {0};
    if (r->has_reference)
        on_reference(&c, r);
    if (r->has_plan)
        on_plan(&c, r);
    on_rhythm(&c, r);
    on_evenness(&c, r);
    on_likeness(&c, r);
    on_sudden_peak(&c, r);
    on_pauses(&c, r);
    on_clearness(&c, r);
    on_surface(&c, r);
    qsort(c.all, c.n, sizeof *c.all, compare_down);
    r->n_advice = c.n < REPORT_ADVICE ? c.n : REPORT_ADVICE;
    for (size_t i = 0; i < r->n_advice; i++)
        r->advice[i] = c.all[i].advice;
}
