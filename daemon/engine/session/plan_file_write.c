/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/plan_file.h"

#include <stdlib.h>

/* libconfig's escapes; other octets stand for themselves. */
static void put_text(FILE *out, const char *name, const char *text)
{
    if (text[0] == '\0')
        return;
    (void)fprintf(out, "%s = \"", name);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            (void)fputc('\\', out);
        (void)fputc(*c, out);
    }
    (void)fputs("\";\n", out);
}

/* A number that reads back as it was; libconfig wants a point in what is not whole. */
static void put_number(FILE *out, const char *name, float value)
{
    char text[40];
    for (int n_digits = 6; n_digits <= 9; n_digits++) { /* as few as say it */
        (void)snprintf(text, sizeof text, "%.*g", n_digits, (double)value);
        if (strtof(text, NULL) == value)
            break;
    }
    bool is_float = false;
    for (const char *c = text; *c; c++)
        is_float = is_float || *c == '.' || *c == 'e';
    (void)fprintf(out, "%s = %s%s;", name, text, is_float ? "" : ".0");
}

static void put_band(FILE *out, const char *indent, const char *name, const struct plan_band *band,
                     bool only_high)
{
    if (band->mark == PLAN_MARK_NONE)
        return;
    (void)fprintf(out, "%s%s = { ", indent, name);
    if (!only_high) {
        put_number(out, "low", band->low);
        (void)fputc(' ', out);
    }
    put_number(out, "high", band->high);
    (void)fprintf(out, " mark = \"%s\";\n%s    ", plan_mark_name(band->mark), indent);
    put_text(out, "source", band->source);
    (void)fprintf(out, "%s};\n", indent);
}

static void put_step(FILE *out, const struct plan_step *step)
{
    static const char indent[] = "      ";
    (void)fputs("    {\n", out);
    (void)fputs(indent, out);
    put_text(out, "region", step->region);
    (void)fprintf(out, "%stechnique = \"%s\";\n", indent, technique_name(step->technique));
    if (step->variant != PLAN_VARIANT_NONE)
        (void)fprintf(out, "%svariant = \"%s\";\n", indent, plan_variant_name(step->variant));
    (void)fputs(indent, out);
    put_number(out, "duration_s", step->duration_s);
    (void)fputc('\n', out);
    put_band(out, indent, "pressure_kpa", &step->pressure_kpa, false);
    put_band(out, indent, "pace_cpm", &step->pace_cpm, false);
    put_band(out, indent, "regularity_pct", &step->regularity_pct, true);
    put_band(out, indent, "hold_s", &step->hold_s, false);
    if (step->repeats > 0)
        (void)fprintf(out, "%srepeats = %u;\n", indent, step->repeats);
    if (step->note[0]) {
        (void)fputs(indent, out);
        put_text(out, "note", step->note);
    }
    (void)fputs("    }", out);
}

void plan_file_write(FILE *out, const struct plan *plan)
{
    put_text(out, "title", plan->title);
    put_text(out, "goal", plan->goal);
    put_text(out, "assessment_before", plan->assessment_before);
    put_text(out, "caution", plan->caution);
    put_band(out, "", "ceiling_kpa", &plan->ceiling_kpa, true);
    (void)fprintf(out, "advance = \"%s\";\n",
                  plan->advance == PLAN_ADVANCE_TIME ? "time" : "command");
    (void)fprintf(out, "cues = \"%s\";\n", plan_cues_name(plan->cues));
    (void)fputs("steps = (\n", out);
    for (unsigned i = 0; i < plan->n_steps; i++) {
        put_step(out, &plan->steps[i]);
        (void)fputs(i + 1 < plan->n_steps ? ",\n" : "\n", out);
    }
    (void)fputs(");\n", out);
    put_text(out, "assessment_after", plan->assessment_after);
    put_text(out, "aftercare", plan->aftercare);
    put_text(out, "next_visit", plan->next_visit);
}
