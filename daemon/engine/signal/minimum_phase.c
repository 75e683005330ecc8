/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/minimum_phase.h"

#include <math.h>
#include <string.h>

#include <fftw3.h>

#include "signal/fft_planner.h"

struct work {
    size_t n_fft;
    float *time;             /* [n_fft] cepstrum, then impulse response */
    fftwf_complex *spectrum; /* [n_fft / 2 + 1] */
    fftwf_plan to_time, to_spectrum;
};

static enum thenar_status open_work(struct work *work, size_t n_fft)
{
    *work = (struct work){.n_fft = n_fft,
                          .time = fftwf_alloc_real(n_fft),
                          .spectrum = fftwf_alloc_complex(n_fft / 2 + 1)};
    if (!work->time || !work->spectrum)
        return THENAR_ERR_MEMORY;
    fft_planner_lock();
    work->to_time = fftwf_plan_dft_c2r_1d((int)n_fft, work->spectrum, work->time, FFTW_ESTIMATE);
    work->to_spectrum =
        fftwf_plan_dft_r2c_1d((int)n_fft, work->time, work->spectrum, FFTW_ESTIMATE);
    fft_planner_unlock();
    return work->to_time && work->to_spectrum ? THENAR_OK : THENAR_ERR_MEMORY;
}

static void close_work(struct work *work)
{
    fft_planner_lock();
    if (work->to_time)
        fftwf_destroy_plan(work->to_time);
    if (work->to_spectrum)
        fftwf_destroy_plan(work->to_spectrum);
    fft_planner_unlock();
    fftwf_free(work->time);
    fftwf_free(work->spectrum);
}

static void transform(struct work *work, const float *log_magnitude)
{
    size_t n = work->n_fft, half = n / 2;
    for (size_t j = 0; j <= half; j++) {
        work->spectrum[j][0] = log_magnitude[j] / (float)n; /* FFTW does not scale */
        work->spectrum[j][1] = 0.0F;
    }
    fftwf_execute(work->to_time);
    for (size_t k = 1; k < half; k++)
        work->time[k] *= 2.0F;
    memset(work->time + half + 1, 0, (n - half - 1) * sizeof *work->time);
    fftwf_execute(work->to_spectrum);
    for (size_t j = 0; j <= half; j++) {
        float magnitude = expf(work->spectrum[j][0]) / (float)n;
        float phase = work->spectrum[j][1];
        work->spectrum[j][0] = magnitude * cosf(phase);
        work->spectrum[j][1] = magnitude * sinf(phase);
    }
    fftwf_execute(work->to_time);
}

enum thenar_status minimum_phase_make(const float *log_magnitude, size_t n_fft, float *taps,
                                      size_t n_taps)
{
    struct work work;
    enum thenar_status status = open_work(&work, n_fft);
    if (status == THENAR_OK) {
        transform(&work, log_magnitude);
        memcpy(taps, work.time, n_taps * sizeof *taps);
    }
    close_work(&work);
    return status;
}
