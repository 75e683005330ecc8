/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/signal_kernel.h"

#include <stddef.h>

#include "signal/signal_loops.h"

extern const struct signal_loops signal_loops_base, signal_loops_avx2;

bool signal_kernel_is_available(enum signal_kernel kernel)
{
    switch (kernel) {
    case SIGNAL_KERNEL_BASE:
        return true;
    case SIGNAL_KERNEL_AVX2:
        return __builtin_cpu_supports("avx2");
    case N_SIGNAL_KERNELS:
        break;
    }
    return false;
}

enum signal_kernel signal_kernel_best(void)
{
    return signal_kernel_is_available(SIGNAL_KERNEL_AVX2) ? SIGNAL_KERNEL_AVX2 : SIGNAL_KERNEL_BASE;
}

const char *signal_kernel_name(enum signal_kernel kernel)
{
    static const char *const names[N_SIGNAL_KERNELS] = {"sse2", "avx2"};
    return names[kernel];
}

const struct signal_loops *signal_loops_of(enum signal_kernel kernel)
{
    static const struct signal_loops *const loops[N_SIGNAL_KERNELS] = {&signal_loops_base,
                                                                       &signal_loops_avx2};
    return loops[signal_kernel_is_available(kernel) ? kernel : signal_kernel_best()];
}
