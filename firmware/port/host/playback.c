/* SPDX-License-Identifier: MIT */
#include "playback.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/recording_csv.h"

/* A pause of more than this, and of more than five frames, is a gap (recording_csv.h). */
static const double gap_s = 0.25, gap_frames = 5.0;

struct playback {
    struct stimulus stimulus;
    const struct stimulus_array *array;
    struct recording_csv *recording;
    size_t n_taxels;
    double counts_a_sample, full_counts;
    double rate_hz; /* of the recording */
    double stretch; /* device seconds a recorded second: 1, but for rounding of the rate */
    bool loop, begun, over;
    double first_s;         /* device time of the first scan */
    double offset_s;        /* recorded time of the present round's beginning */
    double shown_s, next_s; /* of the frame in `shown`, and of the one in `samples` */
    float *samples;         /* [n_taxels] the frame to come */
    uint16_t *shown;        /* [n_taxels] */
};

/* Read the frame to come; at the end, that of the next round. */
static bool read_next(struct playback *playback)
{
    double time_s;
    enum thenar_status status = recording_csv_next(playback->recording, &time_s, playback->samples);
    if (status == THENAR_END && playback->loop) {
        playback->offset_s = playback->next_s + 1.0 / playback->rate_hz;
        if (recording_csv_rewind(playback->recording) == THENAR_OK)
            status = recording_csv_next(playback->recording, &time_s, playback->samples);
    }
    playback->over = status != THENAR_OK;
    if (!playback->over)
        playback->next_s = playback->offset_s + time_s;
    return !playback->over;
}

static void show(struct playback *playback)
{
    for (size_t i = 0; i < playback->n_taxels; i++) {
        double counts = round((double)playback->samples[i] * playback->counts_a_sample);
        counts = counts >= 0.0 ? fmin(counts, playback->full_counts) : 0.0; /* NAN reads 0 too */
        playback->shown[i] = playback->array->exists[i] ? (uint16_t)counts : 0;
    }
    playback->shown_s = playback->next_s;
}

static enum thenar_status sample(struct stimulus *stimulus, double time_s, uint16_t *counts)
{
    struct playback *playback = (struct playback *)stimulus;
    if (!playback->begun) {
        playback->begun = true;
        playback->first_s = time_s;
    }
    double half_frame_s = 0.5 / playback->rate_hz;
    double at_s = (time_s - playback->first_s) / playback->stretch;
    while (!playback->over && playback->next_s <= at_s + half_frame_s) {
        show(playback);
        (void)read_next(playback);
    }
    if (playback->over && at_s > playback->shown_s + half_frame_s) {
        memset(counts, 0, playback->n_taxels * sizeof *counts);
        return THENAR_END;
    }
    double pause_s = playback->next_s - playback->shown_s;
    if (!playback->over && pause_s > gap_s && pause_s > gap_frames / playback->rate_hz &&
        at_s > playback->shown_s + half_frame_s)
        return THENAR_PENDING;
    memcpy(counts, playback->shown, playback->n_taxels * sizeof *counts);
    return THENAR_OK;
}

static void calibration(const struct stimulus *stimulus, struct stimulus_calibration *out)
{
    (void)stimulus;
    *out = (struct stimulus_calibration){.kind = 0};
}

static void destroy(struct stimulus *stimulus)
{
    struct playback *playback = (struct playback *)stimulus;
    recording_csv_close(playback->recording);
    free(playback->samples);
    free(playback->shown);
    free(playback);
}

enum thenar_status playback_create(struct stimulus **out, struct stimulus_array *array,
                                   const struct playback_options *options,
                                   struct thenar_error *error)
{
    *out = NULL;
    struct playback *playback = calloc(1, sizeof *playback);
    if (!playback)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a recording");
    playback->stimulus =
        (struct stimulus){.sample = sample, .calibration = calibration, .destroy = destroy};
    playback->array = array;
    playback->loop = options->loop;
    playback->n_taxels = (size_t)array->n_rows * array->n_cols;
    playback->samples = calloc(playback->n_taxels, sizeof *playback->samples);
    playback->shown = calloc(playback->n_taxels, sizeof *playback->shown);
    enum thenar_status status =
        playback->samples && playback->shown
            ? recording_csv_open(&playback->recording, options->path, playback->n_taxels,
                                 options->recording_rate_hz, error)
            : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a recording");
    if (status == THENAR_ERR_ARGUMENT)
        status = thenar_fail(error, status,
                             "%s: it has no times (no column t_s): say how many frames a second "
                             "with --recording-rate HZ",
                             options->path);
    if (status != THENAR_OK)
        goto fail;

    const struct recording_csv_info *info = recording_csv_info(playback->recording);
    double full_scale = options->full_scale_counts > 0.0 ? options->full_scale_counts
                                                         : (double)recording_csv_full_scale(info);
    playback->full_counts = (double)((1U << array->adc_bits) - 1U);
    playback->counts_a_sample = playback->full_counts / full_scale;
    playback->rate_hz = info->rate_hz;
    /* The link tells rates in millihertz; frames must not slip by what that leaves out. */
    double link_rate_hz = round(info->rate_hz * 1000.0) / 1000.0;
    playback->stretch = info->rate_hz / link_rate_hz;
    if (!(array->rate_hz > 0.0F))
        array->rate_hz = (float)link_rate_hz;
    if (!read_next(playback)) {
        status = thenar_fail(error, THENAR_ERR_SYNTAX, "%s: no frame in it", options->path);
        goto fail;
    }
    *out = &playback->stimulus;
    return THENAR_OK;

fail:
    destroy(&playback->stimulus);
    return status;
}
