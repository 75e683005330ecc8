/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signal_kernel.h - which build of the inner loops runs
 *
 * The loops over taxels are written once (signal_loops.c) and built for several instruction sets.
 * Each build does the same additions and multiplications in the same order, so results are the same
 * bit for bit; only the time differs. Stages take the best kernel when they are created; their
 * ..._set_kernel functions are for tests, benchmarks and for repeating a recorded run.
 *
 * A build for AVX-512 was measured too: 4 to 10 % quicker than AVX2, since the filter waits for the
 * cache and the calibration for its table. That is not worth a third kernel. */
#ifndef SIGNAL_KERNEL_H
#define SIGNAL_KERNEL_H

#include <stdbool.h>

enum signal_kernel { SIGNAL_KERNEL_BASE, SIGNAL_KERNEL_AVX2, N_SIGNAL_KERNELS };

/** The fastest kernel that this machine runs. */
enum signal_kernel signal_kernel_best(void);

/** Whether this build and this machine have it. SIGNAL_KERNEL_BASE: always. */
bool signal_kernel_is_available(enum signal_kernel kernel);

/** "sse2" ("portable" on other processors than x86-64), "avx2". */
const char *signal_kernel_name(enum signal_kernel kernel);

#endif
