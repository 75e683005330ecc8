/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibrate_picture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 1120, HEIGHT = 620 };

/* A rectangle of the drawing, and the values at its edges. */
struct panel {
    double left, top, width, height;
    double x_low, x_high, y_low, y_high; /* of what is drawn: logarithms already, where wanted */
};

static double at_x(const struct panel *p, double x)
{
    return p->left + p->width * (x - p->x_low) / (p->x_high - p->x_low);
}

static double at_y(const struct panel *p, double y)
{
    return p->top + p->height * (p->y_high - y) / (p->y_high - p->y_low);
}

static void put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            (void)fprintf(out, "&#%d;", *text);
        else if ((unsigned char)*text >= ' ')
            (void)fputc(*text, out);
    }
}

static void text(FILE *out, double x, double y, const char *class, const char *words)
{
    (void)fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
    put_escaped(out, words);
    (void)fputs("</text>\n", out);
}

static void line(FILE *out, double x1, double y1, double x2, double y2, const char *class)
{
    (void)fprintf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1,
                  y1, x2, y2, class);
}

static void frame(FILE *out, const struct panel *p, const char *title)
{
    (void)fprintf(out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"frame\"/>\n",
                  p->left, p->top, p->width, p->height);
    text(out, p->left, p->top - 12, "title", title);
}

/* 1, 2, 5 of each power of ten that lies within. */
static void log_ticks(FILE *out, const struct panel *p, bool across)
{
    static const double steps[] = {1, 2, 5};
    double low = across ? p->x_low : p->y_low, high = across ? p->x_high : p->y_high;
    for (int power = (int)floor(low); power <= (int)ceil(high); power++)
        for (int s = 0; s < 3; s++) {
            double value = steps[s] * pow(10.0, power), at = log10(value);
            char words[24];
            if (at < low - 1e-9 || at > high + 1e-9)
                continue;
            (void)snprintf(words, sizeof words, "%g", value);
            if (across) {
                line(out, at_x(p, at), p->top, at_x(p, at), p->top + p->height, "grid");
                text(out, at_x(p, at), p->top + p->height + 18, "tick middle", words);
            } else {
                line(out, p->left, at_y(p, at), p->left + p->width, at_y(p, at), "grid");
                text(out, p->left - 8, at_y(p, at) + 4, "tick end", words);
            }
        }
}

/* Up: a full triangle; down: an open one standing on its tip; left out: a cross. */
static void mark(FILE *out, double x, double y, const struct calibration_point *point)
{
    if (!point->used)
        (void)fprintf(out, "<path d=\"M%.1f %.1fl8 8m0 -8l-8 8\" class=\"left\"/>\n", x - 4, y - 4);
    else if (point->rising)
        (void)fprintf(out, "<path d=\"M%.1f %.1fl5 9h-10z\" class=\"up\"/>\n", x, y - 5);
    else
        (void)fprintf(out, "<path d=\"M%.1f %.1fl5 -9h-10z\" class=\"down\"/>\n", x, y + 5);
}

static void curve_panel(FILE *out, const struct sensor_calibration *c,
                        const struct calibration_report *report)
{
    struct panel p = {80, 100, 480, 430, HUGE_VAL, -HUGE_VAL, HUGE_VAL, -HUGE_VAL};
    for (unsigned k = 0; k < report->n_points; k++) {
        const struct calibration_point *point = &report->points[k];
        if (!(point->conductance_us > 0))
            continue;
        p.x_low = fmin(p.x_low, log10(point->conductance_us));
        p.x_high = fmax(p.x_high, log10(point->conductance_us));
        p.y_low = fmin(p.y_low, log10(point->load_kpa));
        p.y_high = fmax(p.y_high, log10(point->load_kpa));
    }
    p.x_low -= 0.12, p.x_high += 0.12, p.y_low -= 0.12, p.y_high += 0.12;
    frame(out, &p, "Pressure against conductance, of a taxel of gain 1");
    log_ticks(out, &p, true);
    log_ticks(out, &p, false);
    text(out, p.left + p.width / 2, p.top + p.height + 40, "label middle",
         c->law.circuit == SENSOR_LINEAR ? "reading, counts" : "conductance, \302\265S");
    (void)fprintf(out,
                  "<text x=\"%.1f\" y=\"%.1f\" class=\"label middle\" "
                  "transform=\"rotate(-90 %.1f %.1f)\">pressure, kPa</text>\n",
                  p.left - 48, p.top + p.height / 2, p.left - 48, p.top + p.height / 2);
    (void)fputs("<polyline class=\"law\" points=\"", out);
    for (int k = 0; k <= 120; k++) {
        double x = p.x_low + (p.x_high - p.x_low) * k / 120.0;
        double y = log10(sensor_law_pressure_kpa(&c->law, pow(10.0, x)));
        if (y >= p.y_low && y <= p.y_high)
            (void)fprintf(out, "%.1f,%.1f ", at_x(&p, x), at_y(&p, y));
    }
    (void)fputs("\"/>\n", out);
    for (unsigned k = 0; k < report->n_points; k++)
        if (report->points[k].conductance_us > 0)
            mark(out, at_x(&p, log10(report->points[k].conductance_us)),
                 at_y(&p, log10(report->points[k].load_kpa)), &report->points[k]);
    mark(out, p.left + 22, p.top + 24, &(struct calibration_point){.used = true, .rising = true});
    text(out, p.left + 36, p.top + 28, "tick", "reached from below");
    mark(out, p.left + 22, p.top + 44, &(struct calibration_point){.used = true});
    text(out, p.left + 36, p.top + 48, "tick", "reached from above");
}

static double off_pct(const struct calibration_point *point)
{
    return 100.0 * (point->reading_kpa / point->load_kpa - 1.0);
}

static void residual_panel(FILE *out, const struct sensor_calibration *c,
                           const struct calibration_report *report)
{
    struct panel p = {
        640,  100, 440, 170, log10((double)c->low_kpa) - 0.1, log10((double)c->high_kpa) + 0.1,
        -5.0, 5.0};
    for (unsigned k = 0; k < report->n_points; k++)
        if (report->points[k].used)
            p.y_high = fmax(p.y_high, 1.15 * fabs(off_pct(&report->points[k])));
    p.y_low = -p.y_high;
    frame(out, &p, "Reading off the load, % (fit residual and hysteresis; no accuracy)");
    log_ticks(out, &p, true);
    double step = p.y_high > 25 ? 10 : p.y_high > 8 ? 5 : 2;
    int n_steps = (int)floor(p.y_high / step);
    for (int k = -n_steps; k <= n_steps; k++) {
        char words[16];
        double y = k * step;
        (void)snprintf(words, sizeof words, "%+.0f", y);
        line(out, p.left, at_y(&p, y), p.left + p.width, at_y(&p, y), k == 0 ? "zero" : "grid");
        text(out, p.left - 8, at_y(&p, y) + 4, "tick end", k == 0 ? "0" : words);
    }
    text(out, p.left + p.width / 2, p.top + p.height + 36, "label middle", "load, kPa");
    for (unsigned k = 0; k < report->n_points; k++)
        if (report->points[k].used)
            mark(out, at_x(&p, log10(report->points[k].load_kpa)),
                 at_y(&p, off_pct(&report->points[k])), &report->points[k]);
}

/* Blue below 1, white at 1, brown above: readable without red and green. */
static void gain_colour(double gain, char *colour, size_t n_space)
{
    double part = fmax(-1.0, fmin(1.0, log(gain) / log(1.5)));
    double fade = 1.0 - fabs(part);
    unsigned red = (unsigned)(part < 0 ? 40 + 215 * fade : 150 + 105 * fade);
    unsigned green = (unsigned)(part < 0 ? 90 + 165 * fade : 75 + 180 * fade);
    unsigned blue = (unsigned)(part < 0 ? 170 + 85 * fade : 20 + 235 * fade);
    (void)snprintf(colour, n_space, "#%02x%02x%02x", red, green, blue);
}

static void taxel_panel(FILE *out, const struct sensor_calibration *c)
{
    double cell = fmin(440.0 / c->n_cols, 190.0 / c->n_rows);
    struct panel p = {640, 360, cell * c->n_cols, cell * c->n_rows, 0, 1, 0, 1};
    frame(out, &p, "Gain of each taxel: blue low, white 1, brown high");
    for (size_t i = 0; i < c->n_taxels; i++) {
        size_t row = i / c->n_cols, col = i % c->n_cols;
        double x = p.left + cell * (double)col, y = p.top + cell * (double)row;
        char colour[16] = "#000000";
        if (c->mark[i] == TAXEL_ABSENT)
            continue;
        if (c->mark[i] == TAXEL_GOOD)
            gain_colour((double)c->gain[i], colour, sizeof colour);
        (void)fprintf(out,
                      "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>\n",
                      x, y, cell, cell, colour);
    }
    unsigned n_good = sensor_calibration_n_marked(c, TAXEL_GOOD);
    unsigned n_absent = sensor_calibration_n_marked(c, TAXEL_ABSENT);
    char words[120];
    (void)snprintf(words, sizeof words, "black: %zu taxels without a gain (dead, stuck, uneven)",
                   c->n_taxels - n_absent - n_good);
    text(out, p.left, p.top + p.height + 20, "tick", words);
}

static void heading(FILE *out, const struct sensor_calibration *c,
                    const struct calibration_report *report)
{
    const struct calibration_identity *id = &c->identity;
    char words[400];
    (void)snprintf(words, sizeof words, "%s %s, calibrated %s, until %s", id->model, id->serial,
                   id->date, id->expires);
    text(out, 32, 34, "head", words);
    (void)snprintf(words, sizeof words,
                   "%s; standard uncertainty of a reading %.1f %%; hysteresis %.1f %%; creep %.1f "
                   "%% a decade; exponent %.3f",
                   id->reference[0] ? id->reference : "reference not named",
                   (double)c->law.uncertainty_pct, isnan(report->loop_pct) ? 0.0 : report->loop_pct,
                   (double)c->law.creep.pct_decade, (double)c->law.exponent);
    text(out, 32, 56, "label", words);
}

enum thenar_status calibrate_picture_write(const struct sensor_calibration *calibration,
                                           const struct calibration_report *report,
                                           const char *path, struct thenar_error *error)
{
    FILE *out = fopen(path, "we");
    if (!out)
        return thenar_fail(error, THENAR_ERR_OS, "%s: cannot write the picture: %s", path,
                           strerror(errno));
    (void)fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
        "height=\"%d\" font-family=\"sans-serif\">\n<style>\n"
        ".frame{fill:none;stroke:#555}.grid{stroke:#e2e2e2}.zero{stroke:#777}\n"
        ".law{fill:none;stroke:#1f5fa8;stroke-width:2}\n"
        ".up{fill:#b3541e;stroke:#b3541e}.down{fill:#fff;stroke:#b3541e;stroke-width:1.5}\n"
        ".left{stroke:#888;stroke-width:1.5}.head{font-size:19px;font-weight:bold}\n"
        ".title{font-size:14px;font-weight:bold}.label{font-size:13px}\n"
        ".tick{font-size:12px;fill:#333}.middle{text-anchor:middle}"
        ".end{text-anchor:end}\n</style>\n"
        "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
        WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT);
    heading(out, calibration, report);
    curve_panel(out, calibration, report);
    residual_panel(out, calibration, report);
    taxel_panel(out, calibration);
    (void)fputs("</svg>\n", out);
    if (fclose(out) != 0)
        return thenar_fail(error, THENAR_ERR_OS, "%s: cannot write the picture: %s", path,
                           strerror(errno));
    return THENAR_OK;
}
