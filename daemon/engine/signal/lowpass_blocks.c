/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taxels go through the transform in pairs, one as the real and one as the imaginary part: the taps
 * are real, so the parts stay apart, and time-major frames are complex rows as they are. A tile of
 * 16 such pairs is small enough for the cache, and gives FFTW 16 transforms side by side. */
#include "signal/lowpass_blocks.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

#include "signal/fft_planner.h"
#include "signal/signal_loops.h"

enum { PAIRS = SIGNAL_TILE / 2, FFT_MAX = 8192 };

struct lowpass_blocks {
    size_t n_taxels;
    size_t n_past;        /* frames of history: taps - 1 */
    size_t n_fft, n_step; /* n_fft - n_past new frames go through one transform */
    bool empty;
    float *past;             /* [n_past][n_taxels] oldest first */
    fftwf_complex *rows;     /* [n_fft][PAIRS] one tile */
    fftwf_complex *response; /* [n_fft] of the taps, over n_fft since FFTW does not scale */
    fftwf_plan forward, backward;
    const struct signal_loops *loops;
};

/* Cheapest transform: the cost of a row grows with the logarithm, 6 stands for moving it. */
static size_t choose_n_fft(size_t n_taps, size_t n_frames_usual)
{
    static const size_t factors[] = {4, 5, 6};
    double lowest = HUGE_VAL;
    size_t best = 0;
    for (size_t power = 4; power * 4 <= FFT_MAX || best == 0; power *= 2)
        for (size_t k = 0; k < sizeof factors / sizeof *factors; k++) {
            size_t n_fft = power * factors[k];
            if (n_fft < 2 * n_taps)
                continue;
            size_t n_step = n_fft - (n_taps - 1);
            size_t n_blocks = (n_frames_usual + n_step - 1) / n_step;
            double cost = (double)(n_blocks * n_fft) * (6.0 + log2((double)n_fft));
            if (cost < lowest) {
                lowest = cost;
                best = n_fft;
            }
        }
    return best;
}

static bool make_plans(struct lowpass_blocks *lowpass)
{
    int n_fft = (int)lowpass->n_fft;
    fft_planner_lock();
    lowpass->forward =
        fftwf_plan_many_dft(1, &n_fft, PAIRS, lowpass->rows, NULL, PAIRS, 1, lowpass->rows, NULL,
                            PAIRS, 1, FFTW_FORWARD, FFTW_ESTIMATE);
    lowpass->backward =
        fftwf_plan_many_dft(1, &n_fft, PAIRS, lowpass->rows, NULL, PAIRS, 1, lowpass->rows, NULL,
                            PAIRS, 1, FFTW_BACKWARD, FFTW_ESTIMATE);
    fft_planner_unlock();
    return lowpass->forward && lowpass->backward;
}

static void transform_taps(struct lowpass_blocks *lowpass, const float *taps, size_t n_taps)
{
    memset(lowpass->rows, 0, lowpass->n_fft * PAIRS * sizeof *lowpass->rows);
    for (size_t k = 0; k < n_taps; k++)
        lowpass->rows[k * PAIRS][0] = taps[k] / (float)lowpass->n_fft;
    fftwf_execute(lowpass->forward);
    for (size_t j = 0; j < lowpass->n_fft; j++)
        memcpy(lowpass->response[j], lowpass->rows[j * PAIRS], sizeof *lowpass->response);
}

enum thenar_status lowpass_blocks_create(struct lowpass_blocks **out, const float *taps,
                                         size_t n_taps, size_t n_taxels, size_t n_frames_usual)
{
    *out = NULL;
    if (n_taps == 0 || n_taxels == 0 || n_frames_usual == 0)
        return THENAR_ERR_ARGUMENT;
    struct lowpass_blocks *lowpass = calloc(1, sizeof *lowpass);
    if (!lowpass)
        return THENAR_ERR_MEMORY;
    lowpass->n_taxels = n_taxels;
    lowpass->n_past = n_taps - 1;
    lowpass->n_fft = choose_n_fft(n_taps, n_frames_usual);
    lowpass->n_step = lowpass->n_fft - lowpass->n_past;
    lowpass->loops = signal_loops_of(signal_kernel_best());
    lowpass->past = calloc(lowpass->n_past * n_taxels + 1, sizeof *lowpass->past);
    lowpass->rows = fftwf_alloc_complex(lowpass->n_fft * PAIRS);
    lowpass->response = fftwf_alloc_complex(lowpass->n_fft);
    if (!lowpass->past || !lowpass->rows || !lowpass->response || !make_plans(lowpass)) {
        lowpass_blocks_destroy(lowpass);
        return THENAR_ERR_MEMORY;
    }
    transform_taps(lowpass, taps, n_taps);
    lowpass_blocks_reset(lowpass);
    *out = lowpass;
    return THENAR_OK;
}

void lowpass_blocks_destroy(struct lowpass_blocks *lowpass)
{
    if (!lowpass)
        return;
    fft_planner_lock();
    if (lowpass->forward)
        fftwf_destroy_plan(lowpass->forward);
    if (lowpass->backward)
        fftwf_destroy_plan(lowpass->backward);
    fft_planner_unlock();
    free(lowpass->past);
    fftwf_free(lowpass->rows);
    fftwf_free(lowpass->response);
    free(lowpass);
}

void lowpass_blocks_reset(struct lowpass_blocks *lowpass)
{
    lowpass->empty = true;
}

size_t lowpass_blocks_n_fft(const struct lowpass_blocks *lowpass)
{
    return lowpass->n_fft;
}

/* One tile of one step: rows of past and new frames in, new filtered frames out.
 * @param n_new  new frames, 1..n_step; rows beyond them are zero */
static void execute_tile(struct lowpass_blocks *lowpass, const float *pressure, size_t start,
                         size_t n_new, size_t first, float *filtered)
{
    size_t n_taxels = lowpass->n_taxels, n_past = lowpass->n_past;
    size_t width = n_taxels - first < SIGNAL_TILE ? n_taxels - first : SIGNAL_TILE;
    float *rows = lowpass->rows[0];
    for (size_t r = 0; r < n_past + n_new; r++) {
        size_t t = start + r; /* counted from the beginning of `past` */
        const float *frame =
            t < n_past ? lowpass->past + t * n_taxels : pressure + (t - n_past) * n_taxels;
        memcpy(rows + r * SIGNAL_TILE, frame + first, width * sizeof *rows);
        memset(rows + r * SIGNAL_TILE + width, 0, (SIGNAL_TILE - width) * sizeof *rows);
    }
    memset(rows + (n_past + n_new) * SIGNAL_TILE, 0,
           (lowpass->n_step - n_new) * SIGNAL_TILE * sizeof *rows);
    fftwf_execute(lowpass->forward);
    lowpass->loops->respond(lowpass->response[0], lowpass->n_fft, rows);
    fftwf_execute(lowpass->backward);
    for (size_t r = 0; r < n_new; r++)
        memcpy(filtered + (start + r) * n_taxels + first, rows + (n_past + r) * SIGNAL_TILE,
               width * sizeof *rows);
}

/* The last frames of past and block together become the past. */
static void keep_past(struct lowpass_blocks *lowpass, const float *pressure, size_t n_frames)
{
    size_t n_taxels = lowpass->n_taxels, n_past = lowpass->n_past;
    size_t n_fresh = n_frames < n_past ? n_frames : n_past;
    size_t n_kept = n_past - n_fresh;
    memmove(lowpass->past, lowpass->past + n_fresh * n_taxels,
            n_kept * n_taxels * sizeof *lowpass->past);
    memcpy(lowpass->past + n_kept * n_taxels, pressure + (n_frames - n_fresh) * n_taxels,
           n_fresh * n_taxels * sizeof *lowpass->past);
}

void lowpass_blocks_execute(struct lowpass_blocks *lowpass, const float *pressure, size_t n_frames,
                            float *filtered)
{
    if (n_frames == 0)
        return;
    for (size_t t = 0; lowpass->empty && t < lowpass->n_past; t++)
        memcpy(lowpass->past + t * lowpass->n_taxels, pressure,
               lowpass->n_taxels * sizeof *pressure);
    lowpass->empty = false;
    for (size_t start = 0; start < n_frames; start += lowpass->n_step) {
        size_t n_new = n_frames - start < lowpass->n_step ? n_frames - start : lowpass->n_step;
        for (size_t first = 0; first < lowpass->n_taxels; first += SIGNAL_TILE)
            execute_tile(lowpass, pressure, start, n_new, first, filtered);
    }
    keep_past(lowpass, pressure, n_frames);
}
