/* SPDX-License-Identifier: MIT */
/* pcg.h - random numbers that follow from a seed alone
 *
 * PCG-XSH-RR 64/32 (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation", HMC-CS-2014-0905). Streams of one seed are independent:
 * the sensors, their noise and each step of the hands draw from their own. */
#ifndef PCG_H
#define PCG_H

#include <stdint.h>

struct pcg {
    uint64_t state;
    uint64_t increment; /* odd; picks the stream */
};

void pcg_init(struct pcg *pcg, uint64_t seed, uint64_t stream);

/** 32 random bits. */
static inline uint32_t pcg_next(struct pcg *pcg)
{
    uint64_t old = pcg->state;
    pcg->state = old * UINT64_C(6364136223846793005) + pcg->increment;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    uint32_t turn = (uint32_t)(old >> 59);
    return shifted >> turn | shifted << (-turn & 31);
}

/** Evenly in 0 <= u < 1. */
double pcg_uniform(struct pcg *pcg);

/** Normal, mean 0, standard deviation 1 (Box and Muller 1958; one of the pair is dropped). */
double pcg_gauss(struct pcg *pcg);

/** The same, drawn again until within +-limit, so that no hand does what no hand would. */
double pcg_gauss_within(struct pcg *pcg, double limit);

#endif
