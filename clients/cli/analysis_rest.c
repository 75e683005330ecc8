/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_rest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rest_search.h"

static const float OFFSET_SHARE = 0.001F; /* of the range: less is no offset */

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

/* One pass over the span that was asked for. */
static enum thenar_status read_span(struct analysis_rest *rest, struct recording_csv *recording,
                                    size_t n_taxels, float *samples)
{
    const double from_s = rest->from_s, to_s = rest->to_s;
    struct span span = {.sum = calloc(n_taxels, sizeof *span.sum)};
    double time_s;
    enum thenar_status status;
    if (!span.sum)
        return THENAR_ERR_MEMORY;
    while ((status = recording_csv_next(recording, &time_s, samples)) == THENAR_OK)
        if (time_s >= from_s && time_s <= to_s)
            add(&span, time_s, samples, n_taxels);
    if (span.n_frames > 0)
        keep(&span, n_taxels, rest);
    free(span.sum);
    return status == THENAR_END ? THENAR_OK : status;
}

/* Whether it is worth telling of: a recording in true units has its zero already. */
static bool is_offset(const struct analysis_rest *rest, size_t n_taxels, float range)
{
    for (size_t i = 0; i < n_taxels; i++)
        if (fabsf(rest->samples[i]) > OFFSET_SHARE * range)
            return true;
    return false;
}

/* One pass over all of it. */
static enum thenar_status look_for_rest(struct analysis_rest *rest, struct recording_csv *recording,
                                        size_t n_taxels, float *samples)
{
    const struct recording_csv_info *info = recording_csv_info(recording);
    float range = info->largest - info->smallest;
    struct rest_search *search;
    struct rest_found found;
    double time_s;
    enum thenar_status status = rest_search_create(&search, n_taxels, range);
    while (status == THENAR_OK &&
           (status = recording_csv_next(recording, &time_s, samples)) == THENAR_OK)
        status = rest_search_push(search, time_s, samples);
    if (status == THENAR_END && rest_search_find(search, &found, rest->samples) &&
        is_offset(rest, n_taxels, range)) {
        rest->from_s = found.from_s;
        rest->to_s = found.to_s;
        rest->n_frames = found.n_frames;
        rest->is_by_taxel = !found.is_span;
    }
    rest_search_destroy(search);
    return status == THENAR_END ? THENAR_OK : status;
}

static enum thenar_status read_through(struct analysis_rest *rest, struct recording_csv *recording,
                                       size_t n_taxels, bool look)
{
    float *samples = calloc(n_taxels, sizeof *samples);
    rest->samples = calloc(n_taxels, sizeof *rest->samples);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (samples && rest->samples)
        status = look ? look_for_rest(rest, recording, n_taxels, samples)
                      : read_span(rest, recording, n_taxels, samples);
    free(samples);
    return status;
}

enum thenar_status analysis_rest_find(struct analysis_rest *rest, struct recording_csv *recording,
                                      size_t n_taxels, struct thenar_error *error)
{
    const bool look = rest->from_s < 0;
    if (!look && rest->to_s <= rest->from_s)
        return THENAR_OK;
    enum thenar_status status = read_through(rest, recording, n_taxels, look);
    if (status == THENAR_ERR_MEMORY)
        return thenar_fail(error, status, "out of memory");
    if (status == THENAR_OK)
        status = recording_csv_rewind(recording);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "the file broke off while looking for its zero");
    if (!look && rest->n_frames == 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "--tare: no frame lies from %g to %g s; the recording has %.2f s",
                           rest->from_s, rest->to_s, recording_csv_info(recording)->duration_s);
    return THENAR_OK;
}

void analysis_rest_finish(struct analysis_rest *rest)
{
    free(rest->samples);
    rest->samples = NULL;
}
