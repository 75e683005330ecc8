/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the pressure was: one map of the session, and four small ones of its quarters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session_report.h"

enum { LEVELS = 6, BLOCKS_MOST = 4 };

/* From white; the step between two is seen on paper too. */
static const char *const greys[LEVELS] = {"#fff", "#ddd", "#b3b3b3", "#848484", "#4d4d4d", "#000"};

/* Level k from 2^(k - LEVELS) of the highest: light pressure shows beside deep. */
static int level_of(float value, float most)
{
    if (!(value > 0) || !(most > 0))
        return 0;
    int level = LEVELS - 1;
    while (level > 0 && value < ldexpf(most, level - LEVELS))
        level--;
    return level;
}

static float highest_of(const float *values, size_t n)
{
    float most = 0;
    for (size_t k = 0; k < n; k++)
        most = fmaxf(most, values[k]);
    return most;
}

/* One path a level: runs of a row in one stroke. The first row is at the top. */
static void put_cells(FILE *out, const struct array_layout *layout, const float *values, float most)
{
    (void)fprintf(out, "<rect width=\"%u\" height=\"%u\" class=\"frame\"/>\n", layout->n_cols,
                  layout->n_rows);
    for (int level = 1; level < LEVELS; level++) {
        (void)fprintf(out, "<path fill=\"%s\" d=\"", greys[level]);
        for (unsigned row = 0; row < layout->n_rows; row++)
            for (unsigned col = 0; col < layout->n_cols;) {
                unsigned begin = col;
                while (col < layout->n_cols &&
                       level_of(values[row * layout->n_cols + col], most) == level)
                    col++;
                if (col > begin)
                    (void)fprintf(out, "M%u %uh%uv1h-%uz", begin, row, col - begin, col - begin);
                col += col == begin;
            }
        (void)fputs("\"/>\n", out);
    }
}

static void put_map(FILE *out, const struct report *r, const float *values, float most,
                    const char *title, double side_mm)
{
    const struct array_layout *layout = &r->head->layout;
    double width = layout->n_cols * (double)layout->pitch_x_mm;
    double height = layout->n_rows * (double)layout->pitch_y_mm;
    double scale = side_mm / fmax(width, height);
    (void)fprintf(out,
                  "<svg class=\"map\" style=\"width:%.1fmm;height:%.1fmm\" viewBox=\"-0.2 -0.2 "
                  "%.1f %.1f\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\" "
                  "role=\"img\" aria-label=\"%s\"><title>%s</title>\n",
                  width * scale, height * scale, layout->n_cols + 0.4, layout->n_rows + 0.4, title,
                  title);
    put_cells(out, layout, values, most);
    (void)fputs("</svg>", out);
}

static void put_legend(FILE *out, const struct report *r, float most)
{
    (void)fputs("<p class=\"legend\">", out);
    for (int level = 0; level < LEVELS; level++) {
        double from = level ? ldexp((double)(most * r->pressure_scale), level - LEVELS) : 0;
        (void)fprintf(out, "<span><i style=\"background:%s\"></i>%.2g</span>", greys[level], from);
    }
    (void)fprintf(out, "<span>and above, %s</span></p>\n", r->pressure_unit);
}

/* Mean of a block of taxels: rows and columns are cut into at most four. */
static double block_mean(const struct report *r, unsigned row, unsigned col, unsigned n_down,
                         unsigned n_across)
{
    const struct array_layout *layout = &r->head->layout;
    double sum = 0;
    size_t n = 0;
    for (unsigned y = row * layout->n_rows / n_down; y < (row + 1) * layout->n_rows / n_down; y++)
        for (unsigned x = col * layout->n_cols / n_across;
             x < (col + 1) * layout->n_cols / n_across; x++) {
            float value = r->map.mean[y * layout->n_cols + x];
            if (!isnan(value)) {
                sum += (double)value;
                n++;
            }
        }
    return n ? sum / (double)n * (double)r->pressure_scale : (double)NAN;
}

static void put_table(FILE *out, const struct report *r)
{
    const struct array_layout *layout = &r->head->layout;
    unsigned n_down = layout->n_rows < BLOCKS_MOST ? layout->n_rows : BLOCKS_MOST;
    unsigned n_across = layout->n_cols < BLOCKS_MOST ? layout->n_cols : BLOCKS_MOST;
    (void)fprintf(out,
                  "<details><summary>The same as a table</summary><table><caption>Mean pressure "
                  "of each part of the surface, %s</caption><thead><tr><td>",
                  r->pressure_unit);
    for (unsigned x = 0; x < n_across; x++)
        (void)fprintf(out, "<th scope=\"col\">columns %u to %u", x * layout->n_cols / n_across + 1,
                      (x + 1) * layout->n_cols / n_across);
    (void)fputs("</thead><tbody>\n", out);
    for (unsigned y = 0; y < n_down; y++) {
        (void)fprintf(out, "<tr><th scope=\"row\">rows %u to %u", y * layout->n_rows / n_down + 1,
                      (y + 1) * layout->n_rows / n_down);
        for (unsigned x = 0; x < n_across; x++) {
            (void)fputs("<td>", out);
            report_put_number(out, block_mean(r, y, x, n_down, n_across), 2);
        }
        (void)fputc('\n', out);
    }
    (void)fputs("</tbody></table></details>\n", out);
}

void report_write_map(FILE *out, const struct report *r)
{
    static const char *const names[REPORT_PARTS] = {"first quarter", "second quarter",
                                                    "third quarter", "last quarter"};
    size_t n = r->map.n_taxels;
    float most = highest_of(r->map.parts, n * REPORT_PARTS);
    (void)fputs("<figure class=\"maps\"><figcaption>Where the pressure was <small>row 1 on "
                "top</small></figcaption>\n",
                out);
    if (!(most > 0)) {
        (void)fputs("<p>Nothing to show: nothing pressed.</p></figure>\n", out);
        return;
    }
    (void)fputs("<div class=\"side\">", out);
    put_map(out, r, r->map.mean, most, "Mean pressure of the whole session", 40);
    (void)fputs("<div class=\"parts\">", out);
    for (size_t p = 0; p < REPORT_PARTS; p++) {
        (void)fputs("<div>", out);
        put_map(out, r, r->map.parts + p * n, most, names[p], 17.5);
        (void)fprintf(out, "<span>%s</span></div>", names[p]);
    }
    (void)fputs("</div></div>\n", out);
    put_legend(out, r, most);
    put_table(out, r);
    (void)fputs("</figure>\n", out);
}
