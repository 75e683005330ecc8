/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.h - the same numbers in every run and on every machine, for tests
 *
 * Source: S. Vigna, splitmix64 (public domain). Start with any seed: struct random random = {1}; */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint32_t random_u32(struct random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)(z >> 32);
}

/** 0 .. n - 1 (n > 0), near enough even for tests. */
static inline uint32_t random_below(struct random *random, uint32_t n)
{
    return (uint32_t)((uint64_t)random_u32(random) * n >> 32);
}

#endif
