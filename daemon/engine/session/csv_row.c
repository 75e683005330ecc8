/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/csv_row.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { EXACT_POWER = 22, DIGITS_MAX = 19, EXPONENT_MAX = 400 };

static const double power_of_ten[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The digits of a number as an integer, and how many of them stood behind the point. */
struct decimal {
    uint64_t digits;
    int exponent;
    bool any;
};

static const char *read_digits(const char *text, struct decimal *decimal)
{
    int n_kept = 0;
    bool behind_point = false;
    for (;; text++) {
        if (*text == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (!is_digit(*text))
            return text;
        decimal->any = true;
        if (n_kept < DIGITS_MAX) {
            decimal->digits = decimal->digits * 10 + (uint64_t)(*text - '0');
            n_kept += decimal->digits > 0;
            decimal->exponent -= behind_point;
        } else {
            decimal->exponent += !behind_point;
        }
    }
}

static const char *read_exponent(const char *text, int *exponent)
{
    const char *p = text + 1;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (!is_digit(*p))
        return text; /* "1e" is the number 1 and then something else */
    int value = 0;
    for (; is_digit(*p); p++)
        if (value < EXPONENT_MAX)
            value = value * 10 + (*p - '0');
    *exponent += negative ? -value : value;
    return p;
}

const char *csv_number(const char *text, double *value)
{
    while (is_blank(*text))
        text++;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    struct decimal decimal = {0};
    text = read_digits(text, &decimal);
    if (!decimal.any)
        return NULL;
    if (*text == 'e' || *text == 'E')
        text = read_exponent(text, &decimal.exponent);

    double magnitude = (double)decimal.digits;
    for (int left = decimal.exponent; left != 0 && magnitude > 0 && isfinite(magnitude);) {
        int step = left > EXACT_POWER ? EXACT_POWER : left < -EXACT_POWER ? -EXACT_POWER : left;
        magnitude = step > 0 ? magnitude * power_of_ten[step] : magnitude / power_of_ten[-step];
        left -= step;
    }
    if (!isfinite(magnitude))
        return NULL;
    *value = negative ? -magnitude : magnitude;
    return text;
}

static bool is_line_end(char c)
{
    return c == '\0' || c == '\n' || c == '\r';
}

enum thenar_status csv_row_parse(const char *line, double *values, size_t n_columns)
{
    for (size_t i = 0; i < n_columns; i++) {
        line = csv_number(line, &values[i]);
        if (!line)
            return THENAR_ERR_SYNTAX;
        while (is_blank(*line))
            line++;
        bool last = i + 1 == n_columns;
        if (last ? !is_line_end(*line) : *line != ',')
            return THENAR_ERR_SYNTAX;
        line++;
    }
    return THENAR_OK;
}

static char *trim(char *field)
{
    while (is_blank(*field) || *field == '"')
        field++;
    size_t n = strlen(field);
    while (n > 0 && (is_blank(field[n - 1]) || field[n - 1] == '"' || is_line_end(field[n - 1])))
        field[--n] = '\0';
    return field;
}

size_t csv_header_split(char *line, char **names, size_t n_space)
{
    size_t n_names = 0;
    for (char *rest = line; rest;) {
        char *comma = strchr(rest, ',');
        if (comma)
            *comma++ = '\0';
        char *name = trim(rest);
        if (n_names < n_space)
            names[n_names] = name;
        n_names++;
        rest = comma;
    }
    return n_names;
}
