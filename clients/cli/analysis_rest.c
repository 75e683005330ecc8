/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_rest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LOOK_S = 1.0;           /* the span that is looked for */
static const float OFFSET_SHARE = 0.01F;    /* of the range: less is no offset */
static const float STANDS_OUT_SHARE = 0.1F; /* of the range above the median: a touch */
static const double LOADED_MOST = 0.02;     /* of the taxels may stand out: stuck ones do */

/* Means of the span in work. */
struct span {
    double from_s, to_s, *sum; /* [n_taxels] */
    uint64_t n_frames;
};

enum thenar_status analysis_rest_parse(const char *text, struct analysis_rest *tare)
{
    char *end;
    *tare = (struct analysis_rest){.from_s = -1};
    if (strcmp(text, "auto") == 0)
        return THENAR_OK;
    tare->from_s = 0;
    if (strcmp(text, "none") == 0)
        return THENAR_OK;
    tare->from_s = strtod(text, &end);
    if (end == text || *end != '-' || !(tare->from_s >= 0))
        return THENAR_ERR_SYNTAX;
    const char *second = end + 1;
    tare->to_s = strtod(second, &end);
    return end != second && *end == '\0' && tare->to_s > tare->from_s && isfinite(tare->to_s)
               ? THENAR_OK
               : THENAR_ERR_SYNTAX;
}

static void add(struct span *span, double time_s, const float *samples, size_t n_taxels)
{
    if (span->n_frames++ == 0) {
        span->from_s = time_s;
        memset(span->sum, 0, n_taxels * sizeof *span->sum);
    }
    span->to_s = time_s;
    for (size_t i = 0; i < n_taxels; i++)
        span->sum[i] += (double)samples[i];
}

static void keep(const struct span *span, size_t n_taxels, struct analysis_rest *rest)
{
    rest->from_s = span->from_s;
    rest->to_s = span->to_s;
    rest->n_frames = span->n_frames;
    for (size_t i = 0; i < n_taxels; i++)
        rest->samples[i] = (float)(span->sum[i] / (double)span->n_frames);
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Whether a span shows an offset, and nothing but that. */
static bool is_rest(const struct analysis_rest *rest, size_t n_taxels, float range, float *sorted)
{
    memcpy(sorted, rest->samples, n_taxels * sizeof *sorted);
    qsort(sorted, n_taxels, sizeof *sorted, compare);
    float median = sorted[n_taxels / 2];
    size_t within = n_taxels - 1 - (size_t)(LOADED_MOST * (double)n_taxels);
    return fabsf(median) > OFFSET_SHARE * range &&
           sorted[within] - median < STANDS_OUT_SHARE * range;
}

/* One pass; with `look`, the spans of LOOK_S in turn, of which the one with the least sum stays. */
static enum thenar_status read_through(struct analysis_rest *rest, struct recording_csv *recording,
                                       size_t n_taxels, struct span *span, float *samples)
{
    const bool look = rest->from_s < 0;
    const double from_s = rest->from_s, to_s = rest->to_s;
    double time_s, least = HUGE_VAL;
    enum thenar_status status;
    while ((status = recording_csv_next(recording, &time_s, samples)) == THENAR_OK) {
        if (!look && (time_s < from_s || time_s > to_s))
            continue;
        add(span, time_s, samples, n_taxels);
        if (!look || span->to_s - span->from_s < LOOK_S)
            continue;
        double sum = 0;
        for (size_t i = 0; i < n_taxels; i++)
            sum += span->sum[i] / (double)span->n_frames;
        if (sum < least) {
            least = sum;
            keep(span, n_taxels, rest);
        }
        span->n_frames = 0;
    }
    if (!look && span->n_frames > 0)
        keep(span, n_taxels, rest);
    return status == THENAR_END ? THENAR_OK : status;
}

enum thenar_status analysis_rest_find(struct analysis_rest *rest, struct recording_csv *recording,
                                      size_t n_taxels, struct thenar_error *error)
{
    const struct recording_csv_info *info = recording_csv_info(recording);
    const bool look = rest->from_s < 0;
    if (!look && rest->to_s <= rest->from_s)
        return THENAR_OK;
    struct span span = {.sum = calloc(n_taxels, sizeof *span.sum)};
    float *samples = calloc(n_taxels, sizeof *samples);
    rest->samples = calloc(n_taxels, sizeof *rest->samples);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (!span.sum || !samples || !rest->samples) {
        (void)thenar_fail(error, status, "out of memory");
    } else if ((status = read_through(rest, recording, n_taxels, &span, samples)) != THENAR_OK ||
               (status = recording_csv_rewind(recording)) != THENAR_OK) {
        (void)thenar_fail(error, status, "the file broke off while looking for its zero");
    } else if (look && rest->n_frames > 0 &&
               !is_rest(rest, n_taxels, info->largest - info->smallest, samples)) {
        rest->n_frames = 0;
    } else if (!look && rest->n_frames == 0) {
        status = thenar_fail(error, THENAR_ERR_VALUE,
                             "--tare: no frame lies from %g to %g s; the recording has %.2f s",
                             rest->from_s, rest->to_s, info->duration_s);
    }
    free(samples);
    free(span.sum);
    return status;
}

void analysis_rest_finish(struct analysis_rest *rest)
{
    free(rest->samples);
    rest->samples = NULL;
}
