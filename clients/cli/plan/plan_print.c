/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_print.h"

#include <math.h>
#include <string.h>

void plan_print_technique(char *text, size_t n_space, enum technique technique)
{
    (void)snprintf(text, n_space, "%s", technique_name(technique));
    for (char *c = text; *c; c++)
        if (*c == '_')
            *c = ' ';
}

void plan_print_duration(char *text, size_t n_space, double duration_s)
{
    long whole_s = lround(duration_s);
    if (whole_s < 120)
        (void)snprintf(text, n_space, "%ld s", whole_s);
    else if (whole_s % 60 == 0)
        (void)snprintf(text, n_space, "%ld min", whole_s / 60);
    else
        (void)snprintf(text, n_space, "%ld min %ld s", whole_s / 60, whole_s % 60);
}

/* Words up to the line's end, then on below. */
static void print_text(FILE *out, const char *title, const char *text)
{
    enum { INDENT = 12, LINE = 88 };
    if (text[0] == '\0')
        return;
    (void)fprintf(out, "%-*s", INDENT, title);
    int at = INDENT;
    while (*text) {
        int n = (int)strcspn(text, " ");
        if (at + n > LINE && at > INDENT) {
            (void)fprintf(out, "\n%*s", INDENT, "");
            at = INDENT;
        }
        (void)fprintf(out, "%s%.*s", at > INDENT ? " " : "", n, text);
        at += n + (at > INDENT);
        text += n;
        text += strspn(text, " ");
    }
    (void)fputc('\n', out);
}

static void print_band(FILE *out, const char *title, const struct plan_band *band, const char *unit,
                       bool only_high)
{
    if (band->mark == PLAN_MARK_NONE)
        return;
    if (only_high)
        (void)fprintf(out, "      %-10s up to %g %s", title, (double)band->high, unit);
    else
        (void)fprintf(out, "      %-10s %g to %g %s", title, (double)band->low, (double)band->high,
                      unit);
    (void)fprintf(out, "   [%s] %s\n", plan_mark_name(band->mark), band->source);
}

static void print_step(FILE *out, const struct plan_step *step, unsigned i)
{
    char technique[40], duration[40];
    plan_print_technique(technique, sizeof technique, step->technique);
    plan_print_duration(duration, sizeof duration, (double)step->duration_s);
    (void)fprintf(out, "\n  %2u  %s%s%s, %s, %s\n", i + 1, plan_variant_name(step->variant),
                  step->variant == PLAN_VARIANT_NONE ? "" : " ", technique, step->region, duration);
    print_band(out, "pressure", &step->pressure_kpa, "kPa", false);
    print_band(out, "pace", &step->pace_cpm, "a minute", false);
    print_band(out, "variation", &step->regularity_pct, "%", true);
    print_band(out, "hold", &step->hold_s, "s", false);
    if (step->repeats > 0)
        (void)fprintf(out, "      %-10s %u\n", "repeats", step->repeats);
    if (step->note[0])
        (void)fprintf(out, "      %s\n", step->note);
}

void plan_print_page(FILE *out, const struct plan *plan)
{
    char duration[40];
    plan_print_duration(duration, sizeof duration, (double)plan_duration_s(plan));
    (void)fprintf(out, "%s   (%s, %u steps, %s)\n\n", plan->title, plan->name, plan->n_steps,
                  duration);
    print_text(out, "goal", plan->goal);
    print_text(out, "before", plan->assessment_before);
    print_text(out, "not when", plan->caution);
    (void)fprintf(out, "%-12snever above %g kPa   [%s] %s\n", "ceiling",
                  (double)plan->ceiling_kpa.high, plan_mark_name(plan->ceiling_kpa.mark),
                  plan->ceiling_kpa.source);
    (void)fprintf(out, "%-12s%s\n", "steps",
                  plan->advance == PLAN_ADVANCE_TIME ? "change when their time is over"
                                                     : "change when you say: thenar plan next");
    for (unsigned i = 0; i < plan->n_steps; i++)
        print_step(out, &plan->steps[i], i);
    (void)fputc('\n', out);
    print_text(out, "after", plan->assessment_after);
    print_text(out, "aftercare", plan->aftercare);
    print_text(out, "next visit", plan->next_visit);
    if (plan->cues == PLAN_CUES_TRUSTED)
        (void)fprintf(
            out,
            "\n%u of %u bands correct: those marked measured or instructor. The others are "
            "shown, scored and\npraised; cues = \"all\" in the file, or thenar plan start "
            "%s --cues all, lets them speak too.\n",
            plan_n_heard(plan, plan->cues), plan_n_bands(plan), plan->name);
    else
        (void)fprintf(out, "\ncues = \"%s\": %u of %u bands correct.\n", plan_cues_name(plan->cues),
                      plan_n_heard(plan, plan->cues), plan_n_bands(plan));
}
