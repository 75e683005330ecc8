/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibrate_capture.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signal/crosstalk.h"
#include "stop_signal.h"

enum { PATIENCE_MS = 10000, TURN_MS = 200, SILENCE_MS = 5000 };
static const double window_s = 0.1;
static const double unloaded_sigmas = 6.0, unloaded_least = 20.0; /* counts, of the whole array */

struct capture {
    struct source *source;
    const struct source_description *device;
    size_t n_taxels;
    struct crosstalk *crosstalk; /* NULL: the front end has no sneak currents */
    float *readings;             /* [n_taxels] counts of the frame, without them */
    double temperature_c;
    bool has_frames;
    double origin_s, now_s;
    char lost[160]; /* the last reason; "": it is there */

    /* The array as a whole, over windows of 0.1 s: is there a load, does it stand still? */
    double window_end_s, window_sum, level;
    unsigned n_window;
    double zero, zero_sigma; /* of the level */
    double last_unloaded_s;

    /* The hold that is being measured; NULL: none. */
    struct calibration_hold *hold;
    double hold_from_s;
    double *sum, *squares; /* [n_taxels] of the bin */
    double *rest;          /* [n_taxels] squares about the bins' means */
    unsigned n_in_bin, n_done, n_frames;
    double zero_sum, zero_squares; /* levels of the windows in it */
    unsigned n_zero;
};

static void end_bin(struct capture *c)
{
    struct calibration_hold *hold = c->hold;
    float *counts = hold->counts + c->n_done * c->n_taxels;
    for (size_t i = 0; i < c->n_taxels; i++) {
        double mean = c->sum[i] / c->n_in_bin;
        counts[i] = (float)mean;
        c->rest[i] += fmax(c->squares[i] - mean * c->sum[i], 0.0);
    }
    hold->time_s[c->n_done] = (c->n_done + 0.5) * HOLD_BIN_S;
    c->n_frames += c->n_in_bin;
    c->n_done++;
    c->n_in_bin = 0;
    memset(c->sum, 0, c->n_taxels * sizeof *c->sum);
    memset(c->squares, 0, c->n_taxels * sizeof *c->squares);
}

static void into_bin(struct capture *c)
{
    if (c->now_s >= c->hold_from_s + (c->n_done + 1) * HOLD_BIN_S && c->n_in_bin > 0)
        end_bin(c);
    if (c->n_done == c->hold->n_bins)
        return;
    for (size_t i = 0; i < c->n_taxels; i++) {
        double value = (double)c->readings[i];
        c->sum[i] += value;
        c->squares[i] += value * value;
    }
    c->n_in_bin++;
}

static void end_window(struct capture *c)
{
    c->level = c->window_sum / c->n_window;
    c->window_sum = 0.0;
    c->n_window = 0;
    c->window_end_s = c->now_s + window_s;
    if (c->level < c->zero + fmax(unloaded_sigmas * c->zero_sigma, unloaded_least))
        c->last_unloaded_s = c->now_s;
    if (c->hold && c->hold->kind == HOLD_ZERO) {
        c->zero_sum += c->level;
        c->zero_squares += c->level * c->level;
        c->n_zero++;
    }
}

static void read_frame(struct capture *c, const struct source_frame *frame)
{
    if (frame->counts && c->crosstalk)
        (void)crosstalk_execute(c->crosstalk, frame->counts, c->readings);
    else
        for (size_t i = 0; i < c->n_taxels; i++)
            c->readings[i] = frame->counts ? (float)frame->counts[i] : frame->samples[i];
}

static void on_frame(struct capture *c, const struct source_frame *frame)
{
    if (!c->has_frames) {
        c->has_frames = true;
        c->origin_s = frame->device_s;
    }
    c->now_s = frame->device_s - c->origin_s;
    if (!c->readings)
        return; /* it is being opened */
    double total = 0.0;
    read_frame(c, frame);
    for (size_t i = 0; i < c->n_taxels; i++)
        total += (double)c->readings[i];
    c->window_sum += total;
    c->n_window++;
    if (c->now_s >= c->window_end_s)
        end_window(c);
    if (c->hold)
        into_bin(c);
}

/* One event; THENAR_PENDING when nothing came. */
static enum thenar_status turn(struct capture *c, int wake_fd, struct thenar_error *error)
{
    struct source_event event;
    if (source_next(c->source, wake_fd, TURN_MS, &event) != THENAR_OK)
        return THENAR_PENDING;
    switch (event.kind) {
    case SOURCE_DESCRIBED:
        if (c->device && event.description->layout.n_taxels != c->n_taxels)
            return thenar_fail(error, THENAR_ERR_VALUE, "another device is there now");
        c->device = event.description;
        c->n_taxels = event.description->layout.n_taxels;
        c->lost[0] = '\0';
        break;
    case SOURCE_FRAME:
        on_frame(c, &event.frame);
        break;
    case SOURCE_HEALTH:
        if (event.health.temperature_centi_c != INT16_MIN)
            c->temperature_c = 0.01 * event.health.temperature_centi_c;
        break;
    case SOURCE_LOST:
        (void)snprintf(c->lost, sizeof c->lost, "%s", event.reason);
        if (c->has_frames)
            return thenar_fail(error, THENAR_ERR_ABSENT, "the device went away: %s", event.reason);
        break;
    case SOURCE_FAULT:
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "the device reports a fault (code %u) and stops", event.fault.code);
    case SOURCE_END:
        return thenar_fail(error, THENAR_END, "the recording is over after %.1f s", c->now_s);
    case SOURCE_TARE:
    case SOURCE_AUX:
    case SOURCE_ANSWER:
    case SOURCE_RETURNED:
        break;
    }
    return THENAR_OK;
}

static bool is_readable(int fd)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&watched, 1, 0) > 0;
}

/* Turns until `is_done`, a signal, a readable descriptor, or five seconds without an event. */
static enum thenar_status turn_until(struct capture *c, bool (*is_done)(const struct capture *),
                                     int wake_fd, int patience_ms, struct thenar_error *error)
{
    int64_t heard_ns = moment_monotonic_ns();
    while (!is_done(c)) {
        enum thenar_status status = turn(c, wake_fd, error);
        if (status != THENAR_OK && status != THENAR_PENDING)
            return status;
        if (stop_signal_came() || is_readable(wake_fd))
            return THENAR_PENDING;
        int64_t now_ns = moment_monotonic_ns();
        if (status == THENAR_OK && (c->has_frames || c->device))
            heard_ns = now_ns;
        if (now_ns - heard_ns > (int64_t)patience_ms * NS_PER_MS)
            return thenar_fail(error, THENAR_ERR_TIMEOUT, "%s",
                               c->lost[0] ? c->lost
                               : c->has_frames
                                   ? "no frames for 5 s: is the device still plugged in?"
                                   : "the device does not say what it is");
    }
    return THENAR_OK;
}

static bool is_described(const struct capture *c)
{
    return c->device && c->has_frames;
}

enum thenar_status capture_open(struct capture **out, const char *uri, struct thenar_error *error)
{
    *out = NULL;
    struct capture *c = calloc(1, sizeof *c);
    if (!c)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    c->temperature_c = (double)NAN;
    enum thenar_status status = source_open(&c->source, uri, error);
    if (status == THENAR_OK)
        status = turn_until(c, is_described, -1, PATIENCE_MS, error);
    if (status == THENAR_PENDING)
        status = thenar_fail(error, status, "stopped before the device was there");
    if (status == THENAR_OK) {
        c->sum = calloc(c->n_taxels, sizeof *c->sum);
        c->squares = calloc(c->n_taxels, sizeof *c->squares);
        c->rest = calloc(c->n_taxels, sizeof *c->rest);
        c->readings = calloc(c->n_taxels, sizeof *c->readings);
        c->zero = HUGE_VAL; /* not known: as good as unloaded */
        bool good = c->sum && c->squares && c->rest && c->readings;
        if (good && c->device->layout.has_sneak_paths)
            good = crosstalk_create(&c->crosstalk, &c->device->layout) == THENAR_OK;
        if (!good)
            status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    if (status != THENAR_OK) {
        capture_close(c);
        return status;
    }
    *out = c;
    return THENAR_OK;
}

void capture_close(struct capture *capture)
{
    if (!capture)
        return;
    source_close(capture->source);
    free(capture->sum);
    free(capture->squares);
    free(capture->rest);
    free(capture->readings);
    crosstalk_destroy(capture->crosstalk);
    free(capture);
}

const struct source_description *capture_device(const struct capture *capture)
{
    return capture->device;
}

double capture_temperature_c(const struct capture *capture)
{
    return capture->temperature_c;
}

double capture_now_s(const struct capture *capture)
{
    return capture->now_s;
}

double capture_level(const struct capture *capture)
{
    return isfinite(capture->zero) ? capture->level - capture->zero : capture->level;
}

enum thenar_status capture_wait(struct capture *capture, double until_s, int wake_fd,
                                struct thenar_error *error)
{
    int64_t heard_ns = moment_monotonic_ns();
    while (capture->now_s < until_s) {
        double before_s = capture->now_s;
        enum thenar_status status = turn(capture, wake_fd, error);
        if (status != THENAR_OK && status != THENAR_PENDING)
            return status;
        if (stop_signal_came() || is_readable(wake_fd))
            return THENAR_PENDING;
        int64_t now_ns = moment_monotonic_ns();
        heard_ns = capture->now_s > before_s ? now_ns : heard_ns;
        if (now_ns - heard_ns > (int64_t)SILENCE_MS * NS_PER_MS)
            return thenar_fail(error, THENAR_ERR_TIMEOUT,
                               "no frames for 5 s: is the device still plugged in?");
    }
    return THENAR_OK;
}

/* How far the level may go and still stand still; before the zero is known, noise is not either. */
static double still_counts(const struct capture *c, double level)
{
    return isfinite(c->zero) ? fmax(0.01 * fabs(level), 4.0 * c->zero_sigma)
                             : fmax(0.05 * fabs(level), 0.2 * (double)c->n_taxels);
}

enum thenar_status capture_settle(struct capture *capture, double most_s,
                                  struct thenar_error *error)
{
    double end_s = capture->now_s + most_s, since_s = capture->now_s;
    double from = capture_level(capture);
    while (capture->now_s < end_s && capture->now_s < since_s + 1.0) {
        enum thenar_status status = capture_wait(capture, capture->now_s + window_s, -1, error);
        if (status != THENAR_OK)
            return status;
        double level = capture_level(capture);
        if (fabs(level - from) > still_counts(capture, from)) {
            from = level;
            since_s = capture->now_s;
        }
    }
    return THENAR_OK;
}

static void begin_hold(struct capture *c, struct calibration_hold *hold)
{
    c->hold = hold;
    c->hold_from_s = c->now_s;
    c->n_in_bin = c->n_done = c->n_frames = c->n_zero = 0;
    c->zero_sum = c->zero_squares = 0.0;
    memset(c->sum, 0, c->n_taxels * sizeof *c->sum);
    memset(c->squares, 0, c->n_taxels * sizeof *c->squares);
    memset(c->rest, 0, c->n_taxels * sizeof *c->rest);
    hold->contact_s = hold->kind == HOLD_ZERO ? 0.0 : c->now_s - c->last_unloaded_s;
}

static void end_hold(struct capture *c)
{
    struct calibration_hold *hold = c->hold;
    unsigned n_free = c->n_frames > c->n_done ? c->n_frames - c->n_done : 1;
    for (size_t i = 0; i < c->n_taxels; i++)
        hold->noise_counts[i] = (float)sqrt(c->rest[i] / n_free);
    if (hold->kind == HOLD_ZERO && c->n_zero > 1) {
        c->zero = c->zero_sum / c->n_zero;
        c->zero_sigma = sqrt(fmax(c->zero_squares / c->n_zero - c->zero * c->zero, 0.0));
        c->last_unloaded_s = c->now_s;
    }
}

enum thenar_status capture_hold(struct capture *capture, struct calibration_hold *hold,
                                double hold_s, void (*show)(void *context, double part),
                                void *context, struct thenar_error *error)
{
    struct calibration_hold meta = *hold;
    double n_wanted = fmax(1.0, fmin(ceil(hold_s / HOLD_BIN_S), HOLD_BINS_MAX));
    enum thenar_status status = calibration_hold_init(hold, capture->n_taxels, (unsigned)n_wanted);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "out of memory for a step of %.0f s", hold_s);
    hold->kind = meta.kind;
    memcpy(hold->label, meta.label, sizeof hold->label);
    hold->load_kpa = meta.load_kpa;
    hold->diameter_mm = meta.diameter_mm;
    begin_hold(capture, hold);
    while (status == THENAR_OK && capture->n_done < hold->n_bins) {
        /* After a gap a bin may be over before it began: the next frame counts, not its end. */
        double end_s = capture->hold_from_s + (capture->n_done + 1) * HOLD_BIN_S;
        status = capture_wait(capture, fmax(end_s, nextafter(capture->now_s, HUGE_VAL)), -1, error);
        if (show && status == THENAR_OK)
            show(context, (double)capture->n_done / hold->n_bins);
    }
    if (status == THENAR_OK)
        end_hold(capture);
    else
        calibration_hold_finish(hold);
    capture->hold = NULL;
    return status;
}
