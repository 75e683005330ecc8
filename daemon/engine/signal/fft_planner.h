/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fft_planner.h - one thread at a time in FFTW's planner
 *
 * FFTW's plans may be executed in any thread, but made and destroyed by one at a time. Every
 * fftwf_plan_* and fftwf_destroy_plan of the engine stands between these two.
 *
 * Plans are made with FFTW_ESTIMATE, so that the same build on the same machine computes the same
 * bits. Context: at start and at the end; blocks; not for the frame path */
#ifndef FFT_PLANNER_H
#define FFT_PLANNER_H

void fft_planner_lock(void);
void fft_planner_unlock(void);

#endif
