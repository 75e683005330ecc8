/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/feature_vector.h"

#include <math.h>
#include <stdio.h>

#include "technique/classifier.h"

enum how { AS_IS, LOGARITHM, LOGARITHM_KPA /* only where the array knows kPa */ };

struct entry {
    const char *name;
    size_t offset;
    enum how how;
    float least; /* added before the logarithm: what counts as nothing */
};

#define OF(type, member) #member, offsetof(struct type, member)

static const struct entry of_span[] = {
    {OF(span_features, touched_share), AS_IS, 0},
    {OF(span_features, force_n), LOGARITHM_KPA, 0.5F},
    {OF(span_features, force_cv), LOGARITHM, 0.01F},
    {OF(span_features, force_floor), AS_IS, 0},
    {OF(span_features, ripple_cv), LOGARITHM, 0.005F},
    {OF(span_features, force_trend), AS_IS, 0},
    {OF(span_features, peak_kpa), LOGARITHM_KPA, 0.5F},
    {OF(span_features, mean_kpa), LOGARITHM_KPA, 0.5F},
    {OF(span_features, area_cm2), LOGARITHM, 1.0F},
    {OF(span_features, area_cv), LOGARITHM, 0.01F},
    {OF(span_features, major_mm), LOGARITHM, 5.0F},
    {OF(span_features, minor_mm), LOGARITHM, 5.0F},
    {OF(span_features, major_cv), LOGARITHM, 0.01F},
    {OF(span_features, major_trend_mm_s), AS_IS, 0},
    {OF(span_features, major_range_mm), LOGARITHM, 1.0F},
    {OF(span_features, reach_mm), LOGARITHM, 0.7F},
    {OF(span_features, reach_across_mm), LOGARITHM, 0.7F},
    {OF(span_features, speed_mm_s), LOGARITHM, 1.0F},
    {OF(span_features, drift_mm_s), LOGARITHM, 0.3F},
    {OF(span_features, n_lobes), AS_IS, 0},
    {OF(span_features, distance_mm), LOGARITHM, 10.0F},
    {OF(span_features, gap_mm), LOGARITHM, 10.0F},
};

static const struct entry of_rhythm[] = {
    {OF(rhythm, hz), LOGARITHM, 0.05F},
    {OF(rhythm, strength), AS_IS, 0},
    {OF(rhythm, swing), LOGARITHM, 0.02F},
};

static const struct entry of_touch[] = {
    {OF(touch_summary, age_s), LOGARITHM, 0.1F},
    {OF(touch_summary, glide_mm), LOGARITHM, 5.0F},
    {OF(touch_summary, path_mm), LOGARITHM, 5.0F},
    {OF(touch_summary, spread_mm), AS_IS, 0},
    {OF(touch_summary, past_touch_s), LOGARITHM, 0.05F},
    {OF(touch_summary, past_pause_s), LOGARITHM, 0.05F},
    {OF(touch_summary, past_glide_mm), LOGARITHM, 5.0F},
    {OF(touch_summary, past_path_mm), LOGARITHM, 5.0F},
    {OF(touch_summary, past_spread_mm), AS_IS, 0},
    {OF(touch_summary, past_aligned), AS_IS, 0},
};

static const struct entry of_cycles[] = {
    {OF(cycle_summary, interval_s), LOGARITHM, 0.03F}, {OF(cycle_summary, variation), AS_IS, 0},
    {OF(cycle_summary, since_s), LOGARITHM, 0.05F},    {OF(cycle_summary, up_share), AS_IS, 0},
    {OF(cycle_summary, up_way_mm), LOGARITHM, 2.0F},
};

static const struct entry of_push[] = {
    {OF(push_summary, push_s), LOGARITHM, 0.5F},
    {OF(push_summary, rest_s), LOGARITHM, 0.5F},
    {OF(push_summary, depth), AS_IS, 0},
};

/* A part of the window features, and its rows. */
struct part {
    const char *name;
    size_t offset;
    const struct entry *entries;
    unsigned n_entries;
};

#define ROWS(entries) entries, sizeof(entries) / sizeof *(entries)
#define AT(member) offsetof(struct window_features, member)

static const struct part parts[] = {
    {"1.5s", AT(span[SPAN_FAST]), ROWS(of_span)},
    {"6s", AT(span[SPAN_MIDDLE]), ROWS(of_span)},
    {"24s", AT(span[SPAN_LONG]), ROWS(of_span)},
    {"force", AT(force), ROWS(of_rhythm)},
    {"place", AT(place), ROWS(of_rhythm)},
    {"fast_force", AT(fast_force), ROWS(of_rhythm)},
    {"fast_place", AT(fast_place), ROWS(of_rhythm)},
    {"touch", AT(touch), ROWS(of_touch)},
    {"swell", AT(swell), ROWS(of_cycles)},
    {"turn", AT(turn), ROWS(of_cycles)},
    {"push", AT(push), ROWS(of_push)},
};
enum { N_OF_TRACES = N_TRACES * N_SHAPES };
enum { N_PARTS_OF = sizeof parts / sizeof *parts };

/* Counts, which tell how much the rest is worth. */
enum { N_COUNTS = 6 };
static const char *const count_names[N_COUNTS] = {"touched", "past",   "swells",
                                                  "turns",   "pushes", "length_s"};

/* What the rules say is a feature like any other: they know the definitions. */
static const enum technique first_rule = TECHNIQUE_EFFLEURAGE;
enum { N_RULES = TECHNIQUE_RHYTHM - TECHNIQUE_EFFLEURAGE + 1 };

static const char *const span_names[N_SPANS] = {"1.5s", "6s", "24s"};

static unsigned n_of_parts(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < N_PARTS_OF; i++)
        n += parts[i].n_entries;
    return n;
}

unsigned feature_vector_n(void)
{
    return n_of_parts() + N_SPANS * (N_PATTERNS + N_OF_TRACES) + N_COUNTS + N_RULES +
           N_CELL_FEATURES;
}

void feature_vector_name(unsigned feature, char *out, size_t n_out)
{
    for (unsigned i = 0; i < N_PARTS_OF; i++) {
        if (feature < parts[i].n_entries) {
            (void)snprintf(out, n_out, "%s.%s", parts[i].name, parts[i].entries[feature].name);
            return;
        }
        feature -= parts[i].n_entries;
    }
    if (feature < N_SPANS * N_PATTERNS) {
        unsigned pattern = feature % N_PATTERNS;
        (void)snprintf(out, n_out, "%s.%s_%u", span_names[feature / N_PATTERNS],
                       pattern_name(pattern), pattern);
        return;
    }
    feature -= N_SPANS * N_PATTERNS;
    if (feature < N_SPANS * N_OF_TRACES) {
        unsigned at = feature % N_OF_TRACES;
        (void)snprintf(out, n_out, "%s.%s.%s_%u", span_names[feature / N_OF_TRACES],
                       trace_name((enum trace)(at / N_SHAPES)),
                       trace_shape_name((enum trace_shape)(at % N_SHAPES)), at % N_SHAPES);
        return;
    }
    feature -= N_SPANS * N_OF_TRACES;
    if (feature < N_COUNTS) {
        (void)snprintf(out, n_out, "n.%s", count_names[feature]);
        return;
    }
    feature -= N_COUNTS;
    if (feature < N_RULES) {
        (void)snprintf(out, n_out, "rule.%s",
                       technique_name((enum technique)(first_rule + feature)));
        return;
    }
    feature -= N_RULES;
    (void)snprintf(out, n_out, "cell.%s_%u", cell_feature_name(feature), feature);
}

unsigned feature_vector_source(unsigned feature)
{
    for (unsigned i = 0; i < N_PARTS_OF; i++) {
        if (feature < parts[i].n_entries)
            return i < N_SPANS ? i : FEATURE_OF_NO_SPAN; /* the first parts are the windows' */
        feature -= parts[i].n_entries;
    }
    if (feature < N_SPANS * N_PATTERNS)
        return feature / N_PATTERNS;
    feature -= N_SPANS * N_PATTERNS;
    if (feature < N_SPANS * N_OF_TRACES)
        return feature / N_OF_TRACES;
    feature -= N_SPANS * N_OF_TRACES;
    return feature < N_COUNTS + N_RULES ? FEATURE_OF_NO_SPAN : FEATURE_OF_CELLS;
}

bool feature_vector_has_cells(unsigned n)
{
    return n > feature_vector_n() - N_CELL_FEATURES;
}

static float read_entry(const struct entry *entry, const char *part, bool is_kpa)
{
    const float *value = (const float *)(const void *)(part + entry->offset);
    switch (entry->how) {
    case LOGARITHM_KPA:
        return is_kpa ? log10f(fmaxf(*value, 0.0F) + entry->least) : NAN;
    case LOGARITHM:
        return isnan(*value) ? NAN : log10f(fmaxf(*value, 0.0F) + entry->least);
    case AS_IS:
    default:
        return *value;
    }
}

void feature_vector_fill(const struct window_features *features, float *out)
{
    float rules[N_TECHNIQUES];
    for (unsigned i = 0; i < N_PARTS_OF; i++)
        for (unsigned k = 0; k < parts[i].n_entries; k++)
            *out++ = read_entry(&parts[i].entries[k],
                                (const char *)(const void *)features + parts[i].offset,
                                features->is_kpa);
    for (unsigned i = 0; i < N_SPANS; i++)
        for (unsigned k = 0; k < N_PATTERNS; k++)
            *out++ = features->pattern[i][k];
    for (unsigned i = 0; i < N_SPANS; i++)
        for (unsigned k = 0; k < N_OF_TRACES; k++)
            *out++ = features->trace[i][k];
    *out++ = features->touch.touched ? 1.0F : 0.0F;
    *out++ = (float)features->touch.n_past;
    *out++ = (float)features->swell.n;
    *out++ = (float)features->turn.n;
    *out++ = (float)features->push.n_pushes;
    *out++ = log10f(features->span[SPAN_LONG].length_s + 0.3F);
    classifier_rules.evaluate(&classifier_rules, features, rules);
    for (unsigned i = 0; i < N_RULES; i++)
        *out++ = rules[first_rule + i];
    for (unsigned i = 0; i < N_CELL_FEATURES; i++)
        *out++ = features->cell[i];
}
