/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed_sample.h - fill any record with values, field by field, from its table */
#ifndef FEED_SAMPLE_H
#define FEED_SAMPLE_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "feed/record.h"

static inline bool sample_is_there(const struct thenar_field *field, bool relative, bool maybe)
{
    switch ((enum thenar_field_presence)field->presence) {
    case THENAR_ALWAYS:
        return true;
    case THENAR_MAYBE:
        return maybe;
    case THENAR_IF_CALIBRATED:
    case THENAR_IF_SKIN:
        return !relative;
    case THENAR_IF_RELATIVE:
        return relative;
    }
    return false;
}

/* Another value for each field; optional ones only when `maybe`. */
static inline void sample_fill(const struct thenar_record *record, void *values, bool relative,
                               bool maybe)
{
    thenar_record_clear(record, values);
    const struct thenar_field *field;
    for (unsigned i = 0; (field = thenar_record_field(record, i)); i++) {
        char *member = (char *)values + field->offset;
        if (!sample_is_there(field, relative, maybe))
            continue;
        switch ((enum thenar_field_type)field->type) {
        case THENAR_FIELD_BOOL:
            *(bool *)member = strcmp(field->name, "uncalibrated") == 0 ? relative : i % 2;
            break;
        case THENAR_FIELD_U32:
            memcpy(member, &(uint32_t){4294967295U - i}, 4);
            break;
        case THENAR_FIELD_U64:
            memcpy(member, &(uint64_t){(1ULL << 53) + i}, 8);
            break;
        case THENAR_FIELD_FLOAT:
            memcpy(member, &(float){(float)i * 7.25F - 50.5F}, 4);
            break;
        case THENAR_FIELD_DOUBLE:
            memcpy(member, &(double){1.79e9 + i + 1e-6 * i}, 8);
            break;
        case THENAR_FIELD_TEXT:
            (void)snprintf(member, field->n_bytes, "t\xC3\xA9xt \"%u\"\\\n", i);
            break;
        }
    }
}

static inline double sample_number(const struct thenar_field *field, const char *member)
{
    float single;
    double number;
    if (field->type == THENAR_FIELD_DOUBLE) {
        memcpy(&number, member, sizeof number);
        return number;
    }
    memcpy(&single, member, sizeof single);
    return (double)single;
}

/* True when the two hold the same, numbers within what is written. */
static inline bool sample_is_same(const struct thenar_field *field, const void *a, const void *b)
{
    const char *left = (const char *)a + field->offset, *right = (const char *)b + field->offset;
    if (field->type == THENAR_FIELD_TEXT)
        return strncmp(left, right, field->n_bytes) == 0;
    if (field->type != THENAR_FIELD_FLOAT && field->type != THENAR_FIELD_DOUBLE)
        return memcmp(left, right, field->n_bytes) == 0;
    double x = sample_number(field, left), y = sample_number(field, right);
    return (isnan(x) && isnan(y)) || fabs(x - y) <= 0.51 * pow(10, -field->n_decimals) + 3e-7;
}

#endif
