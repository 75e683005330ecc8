/* SPDX-License-Identifier: MIT */
#include "therapist/pcg.h"

#include <math.h>

void pcg_init(struct pcg *pcg, uint64_t seed, uint64_t stream)
{
    pcg->state = 0;
    pcg->increment = stream << 1 | 1;
    (void)pcg_next(pcg);
    pcg->state += seed;
    (void)pcg_next(pcg);
}

double pcg_uniform(struct pcg *pcg)
{
    return pcg_next(pcg) * 0x1p-32;
}

double pcg_gauss(struct pcg *pcg)
{
    double radius = sqrt(-2.0 * log((pcg_next(pcg) + 0.5) * 0x1p-32));
    return radius * cos(2.0 * M_PI * pcg_uniform(pcg));
}

double pcg_gauss_within(struct pcg *pcg, double limit)
{
    for (;;) {
        double value = pcg_gauss(pcg);
        if (fabs(value) <= limit)
            return value;
    }
}
