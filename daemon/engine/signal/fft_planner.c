/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/fft_planner.h"

#include <pthread.h>

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

void fft_planner_lock(void)
{
    pthread_mutex_lock(&planner);
}

void fft_planner_unlock(void)
{
    pthread_mutex_unlock(&planner);
}
