/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines without kernels of their own: the vectors of four lanes stand in. */
#include "signal/signal_kernel.h"

#include "signal/signal_loops.h"

extern const struct signal_loops signal_loops_base;

bool signal_kernel_is_available(enum signal_kernel kernel)
{
    return kernel == SIGNAL_KERNEL_BASE;
}

enum signal_kernel signal_kernel_best(void)
{
    return SIGNAL_KERNEL_BASE;
}

const char *signal_kernel_name(enum signal_kernel kernel)
{
    static const char *const names[N_SIGNAL_KERNELS] = {"portable", "avx2"};
    return names[kernel];
}

const struct signal_loops *signal_loops_of(enum signal_kernel kernel)
{
    (void)kernel;
    return &signal_loops_base;
}
