/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts over time. Black on white with greys and patterns: they keep their meaning on any printer
 * and for any eye. */
#include <math.h>
#include <string.h>

#include "session_report.h"

enum { WIDTH = 720, LEFT = 118, RIGHT = 12, TOP = 6, LANE = 13, AXIS = 28 };

static const double FAR_APART = 8;
static const double PLOT = WIDTH - LEFT - RIGHT;

static double x_of(const struct report *r, double seconds)
{
    double length_s = r->digest.length_s > 0 ? r->digest.length_s : 1;
    return LEFT + PLOT * fmin(fmax(seconds / length_s, 0), 1);
}

/* ---- axes ---- */

static double time_step(double length_s)
{
    const double steps[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (length_s <= 9 * steps[i])
            return steps[i];
    return 7200;
}

static void put_time_axis(FILE *out, const struct report *r, double y)
{
    char text[REPORT_WORD_BYTES];
    double step_s = time_step(r->digest.length_s);
    (void)fprintf(out, "<path class=\"axis\" d=\"M%d %.1fH%d\"/>\n", LEFT, y, WIDTH - RIGHT);
    for (int i = 0; i * step_s <= r->digest.length_s; i++) {
        double t = i * step_s;
        report_clock(text, t);
        (void)fprintf(out,
                      "<path class=\"axis\" d=\"M%.1f %.1fv4\"/>"
                      "<text class=\"mid\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                      x_of(r, t), y, x_of(r, t), y + 14, text);
    }
    (void)fprintf(out, "<text class=\"end\" x=\"%d\" y=\"%.1f\">time, min:s</text>\n", LEFT - 24,
                  y + 14);
}

static double value_step(double most)
{
    double power = pow(10, floor(log10(most / 4)));
    const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (most <= 4.5 * steps[i] * power)
            return steps[i] * power;
    return 20 * power;
}

/* From bottom to top: from 0, or, where the slow and the quick are far apart, by ratios. */
struct value_axis {
    double least, most, height; /* least 0: even steps */
};

static double y_of(const struct value_axis *a, double value)
{
    double share = a->least > 0 ? log(fmax(value, a->least) / a->least) / log(a->most / a->least)
                                : value / a->most;
    return TOP + a->height * (1 - share);
}

static void put_mark(FILE *out, const struct value_axis *a, double value)
{
    (void)fprintf(out,
                  "<path class=\"grid\" d=\"M%d %.1fH%d\"/>"
                  "<text class=\"end\" x=\"%d\" y=\"%.1f\">%g</text>\n",
                  LEFT, y_of(a, value), WIDTH - RIGHT, LEFT - 5, y_of(a, value) + 3.5, value);
}

static void put_marks(FILE *out, const struct value_axis *a)
{
    static const double ratios[] = {1, 3, 10, 30, 100, 300, 1000, 3000};
    double step = value_step(a->most);
    if (a->least > 0) {
        for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
            if (ratios[i] >= a->least && ratios[i] <= a->most)
                put_mark(out, a, ratios[i]);
        return;
    }
    for (int i = 0; i * step <= a->most; i++)
        put_mark(out, a, i * step);
}

static void put_value_axis(FILE *out, const struct value_axis *a, const char *name,
                           const char *unit)
{
    double height = a->height;
    put_marks(out, a);
    (void)fprintf(out, "<text x=\"0\" y=\"%.1f\">%s,</text><text x=\"0\" y=\"%.1f\">%s</text>\n",
                  TOP + height / 2 - 4, name, TOP + height / 2 + 9, unit);
}

static void begin_svg(FILE *out, const struct report *r, double height, const char *id,
                      const char *title, const char *text)
{
    (void)fprintf(out,
                  "<svg viewBox=\"0 0 %d %.0f\" role=\"img\" aria-labelledby=\"%s%zu-t "
                  "%s%zu-d\"><title id=\"%s%zu-t\">%s</title><desc id=\"%s%zu-d\">",
                  WIDTH, height, id, r->index, id, r->index, id, r->index, title, id, r->index);
    report_put_text(out, text);
    (void)fputs("</desc>\n", out);
}

/* ---- who did what when ---- */

static void put_lane(FILE *out, const struct report *r, enum technique technique, unsigned lane)
{
    char word[REPORT_WORD_BYTES];
    double y = TOP + lane * LANE;
    report_technique_word(word, technique);
    (void)fprintf(out,
                  "<path class=\"grid\" d=\"M%d %.1fH%d\"/>"
                  "<text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                  LEFT, y + LANE / 2.0, WIDTH - RIGHT, LEFT - 5, y + LANE / 2.0 + 3.5, word);
    for (size_t i = 0; i < r->n_episodes; i++) {
        if (session_digest_technique(r->episodes[i].technique) != technique)
            continue;
        double from = x_of(r, r->episodes[i].t_start - r->digest.start_unix_s);
        double to = x_of(r, r->episodes[i].t_end - r->digest.start_unix_s);
        (void)fprintf(out,
                      "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>\n",
                      technique == TECHNIQUE_UNKNOWN ? "unsure" : "bar", from, y + 2,
                      fmax(to - from, 0.8), LANE - 4);
    }
}

static void put_episode_rows(FILE *out, const struct report *r)
{
    char word[REPORT_WORD_BYTES], from[REPORT_WORD_BYTES], to[REPORT_WORD_BYTES];
    (void)fputs("<details><summary>The same as a table</summary><table><caption>Runs of one "
                "technique</caption><thead><tr><th scope=\"col\">from<th scope=\"col\">to"
                "<th scope=\"col\">technique<th scope=\"col\">strokes<th scope=\"col\">pace, 1/min"
                "</thead><tbody>\n",
                out);
    for (size_t i = 0; i < r->n_episodes; i++) {
        const struct session_episode_row *row = &r->episodes[i];
        if (session_digest_technique(row->technique) == TECHNIQUE_REST)
            continue;
        report_technique_word(word, session_digest_technique(row->technique));
        report_clock(from, row->t_start - r->digest.start_unix_s);
        report_clock(to, row->t_end - r->digest.start_unix_s);
        (void)fprintf(out, "<tr><td>%s<td>%s<th scope=\"row\">%s<td>%u<td>", from, to, word,
                      row->n_strokes);
        report_put_number(out, (double)row->pace_cpm, 0);
        (void)fputc('\n', out);
    }
    (void)fputs("</tbody></table></details>\n", out);
}

void report_write_timeline(FILE *out, const struct report *r)
{
    bool has_unknown = r->digest.unknown_s > 0;
    unsigned n_lanes = (unsigned)r->digest.n_techniques + has_unknown;
    char text[256];
    (void)snprintf(text, sizeof text, "%zu techniques in %u runs; the table below has each.",
                   r->digest.n_techniques, r->digest.n_episodes);
    (void)fputs("<figure><figcaption>What was done when</figcaption>\n", out);
    begin_svg(out, r, TOP + n_lanes * LANE + AXIS - 8, "timeline", "Techniques over time", text);
    for (size_t i = 0; i < r->digest.n_techniques; i++)
        put_lane(out, r, r->digest.techniques[i].technique, (unsigned)i);
    if (has_unknown)
        put_lane(out, r, TECHNIQUE_UNKNOWN, n_lanes - 1);
    put_time_axis(out, r, TOP + n_lanes * LANE + 2);
    (void)fputs("</svg>\n", out);
    put_episode_rows(out, r);
    (void)fputs("</figure>\n", out);
}

/* ---- values over time ---- */

struct curve {
    const char *id, *caption, *words, *title, *name;
    size_t band;             /* of the plan: offset in a step */
    size_t typical, highest; /* offsets in a span; equal: there is one */
    double height;
    bool by_ratio; /* where the values are far apart */
};

static double span_value(const struct report *r, size_t i, size_t offset, double scale)
{
    float value;
    memcpy(&value, (const char *)&r->spans[i] + offset, sizeof value);
    return (double)value * scale;
}

/* A line that breaks where there is nothing, steps so that single spans show too. */
static void put_line(FILE *out, const struct report *r, size_t offset, double scale,
                     const struct value_axis *a, const char *style)
{
    double step_s = r->digest.length_s / REPORT_SPANS;
    bool is_down = false;
    (void)fprintf(out, "<path class=\"%s\" d=\"", style);
    for (size_t i = 0; i < REPORT_SPANS; i++) {
        double value = span_value(r, i, offset, scale);
        if (!isnan(value))
            (void)fprintf(out, "%s%.1f %.1fH%.1f", is_down ? "L" : "M", x_of(r, (double)i * step_s),
                          y_of(a, value), x_of(r, ((double)i + 1) * step_s));
        is_down = !isnan(value);
    }
    (void)fputs("\"/>\n", out);
}

static void put_span_rows(FILE *out, const struct report *r, const struct curve *c, double scale,
                          const char *unit)
{
    enum { ROWS = 12 };
    char from[REPORT_WORD_BYTES];
    (void)fprintf(out,
                  "<details><summary>The same as a table</summary><table><caption>%s, %s</caption>"
                  "<thead><tr><th scope=\"col\">from<th scope=\"col\">mean",
                  c->name, unit);
    if (c->highest != c->typical)
        (void)fputs("<th scope=\"col\">highest", out);
    (void)fputs("</thead><tbody>\n", out);
    for (size_t k = 0; k < ROWS; k++) {
        double sum = 0, highest = (double)NAN;
        size_t n = 0;
        for (size_t i = k * REPORT_SPANS / ROWS; i < (k + 1) * REPORT_SPANS / ROWS; i++) {
            double value = span_value(r, i, c->typical, scale);
            if (!isnan(value)) {
                sum += value;
                n++;
            }
            highest = fmax(highest, span_value(r, i, c->highest, scale));
        }
        report_clock(from, (double)k * r->digest.length_s / ROWS);
        (void)fprintf(out, "<tr><th scope=\"row\">%s<td>", from);
        report_put_number(out, n ? sum / (double)n : (double)NAN, 1);
        if (c->highest != c->typical) {
            (void)fputs("<td>", out);
            report_put_number(out, highest, 1);
        }
        (void)fputc('\n', out);
    }
    (void)fputs("</tbody></table></details>\n", out);
}

/* The plan's band behind each run that stands for a step; cut at the chart's top. */
static void put_bands(FILE *out, const struct report *r, const struct curve *c,
                      const struct value_axis *a)
{
    double most = a->most;
    for (size_t i = 0; r->has_plan && i < r->n_episodes; i++) {
        struct plan_band band;
        if (r->steps[i] >= r->plan.n_steps)
            continue;
        memcpy(&band, (const char *)&r->plan.steps[r->steps[i]] + c->band, sizeof band);
        if (band.mark == PLAN_MARK_NONE || (double)band.low >= most)
            continue;
        double from = x_of(r, r->episodes[i].t_start - r->digest.start_unix_s);
        double to = x_of(r, r->episodes[i].t_end - r->digest.start_unix_s);
        double high = fmin((double)band.high, most);
        (void)fprintf(out,
                      "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                      "height=\"%.1f\"/>\n",
                      from, y_of(a, high), to - from,
                      fmax(1, y_of(a, (double)band.low) - y_of(a, high)));
    }
}

static void put_curve(FILE *out, const struct report *r, const struct curve *c, double scale,
                      const char *unit)
{
    double most = 0, least = (double)INFINITY;
    char text[160];
    for (size_t i = 0; i < REPORT_SPANS; i++) {
        double value = span_value(r, i, c->typical, scale);
        most = fmax(most, span_value(r, i, c->highest, scale));
        least = value > 0 ? fmin(least, value) : least;
    }
    (void)fprintf(out, "<figure><figcaption>%s <small>%s%s</small></figcaption>\n", c->caption,
                  c->words, r->has_plan ? "; grey: the plan's bands" : "");
    if (!(most > 0)) {
        (void)fputs("<p>Nothing to show: no such values in this session.</p></figure>\n", out);
        return;
    }
    most *= 1.08;
    const struct value_axis axis = {
        .least = c->by_ratio && most > FAR_APART * least ? pow(10, floor(log10(least))) : 0,
        .most = most,
        .height = c->height};
    (void)snprintf(text, sizeof text, "Highest %.0f %s. The table below has the values.",
                   most / 1.08, unit);
    begin_svg(out, r, TOP + c->height + AXIS - 8, c->id, c->title, text);
    if (!r->is_relative || scale <= 1)
        put_bands(out, r, c, &axis);
    put_value_axis(out, &axis, c->name, r->is_relative && scale > 1 ? "%" : unit);
    if (c->highest != c->typical)
        put_line(out, r, c->highest, scale, &axis, "thin");
    put_line(out, r, c->typical, scale, &axis, "line");
    put_time_axis(out, r, TOP + c->height);
    (void)fputs("</svg>\n", out);
    put_span_rows(out, r, c, scale, unit);
    (void)fputs("</figure>\n", out);
}

void report_write_pressure(FILE *out, const struct report *r)
{
    const struct curve curve = {.id = "pressure",
                                .caption = report_is_mat(r) ? "Pressure under the body"
                                                            : "Pressure under the hand",
                                .words = "thick: mean; thin: highest",
                                .title = "Pressure over time",
                                .name = "pressure",
                                .band = offsetof(struct plan_step, pressure_kpa),
                                .typical = offsetof(struct session_span, peak_typical),
                                .highest = offsetof(struct session_span, peak_highest),
                                .height = 68};
    put_curve(out, r, &curve, (double)r->pressure_scale, r->pressure_unit);
}

void report_write_pace(FILE *out, const struct report *r)
{
    static const struct curve curve = {.id = "pace",
                                       .caption = "Pace",
                                       .words = "cycles a minute, where there was a rhythm",
                                       .title = "Pace over time",
                                       .name = "pace",
                                       .band = offsetof(struct plan_step, pace_cpm),
                                       .typical = offsetof(struct session_span, pace_cpm),
                                       .highest = offsetof(struct session_span, pace_cpm),
                                       .height = 60,
                                       .by_ratio = true};
    put_curve(out, r, &curve, 1, "1/min");
}
