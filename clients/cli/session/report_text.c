/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "session_report.h"

void report_put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
}

void report_technique_word(char *word, enum technique technique)
{
    (void)snprintf(word, REPORT_WORD_BYTES, "%s",
                   technique == TECHNIQUE_UNKNOWN ? "not recognised" : technique_name(technique));
    for (char *c = word; *c; c++)
        if (*c == '_')
            *c = ' ';
}

void report_clock(char *text, double seconds)
{
    long whole = seconds > 0 ? lround(seconds) : 0;
    if (whole >= 3600)
        (void)snprintf(text, REPORT_WORD_BYTES, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                       whole % 60);
    else
        (void)snprintf(text, REPORT_WORD_BYTES, "%ld:%02ld", whole / 60, whole % 60);
}

void report_put_number(FILE *out, double value, int decimals)
{
    if (isfinite(value))
        (void)fprintf(out, "%.*f", decimals, value);
    else
        (void)fputs("\xe2\x80\x93", out);
}

void report_pressure(char *text, const struct report *report, float pressure)
{
    double value = (double)(pressure * report->pressure_scale);
    (void)snprintf(text, REPORT_WORD_BYTES, "%.*f %s", value < 10 ? 1 : 0, value,
                   report->pressure_unit);
}
