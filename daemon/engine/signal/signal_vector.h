/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signal_vector.h - vectors of floats, as wide as the instruction set has them
 *
 * For the sources that are built once for each instruction set (CMakeLists.txt). Vectors are
 * written with the compilers' own vector types: gcc and clang give good code for that without
 * intrinsics, but for sign_bits. Element by element the arithmetic is the same for every width. */
#ifndef SIGNAL_VECTOR_H
#define SIGNAL_VECTOR_H

#include <stdint.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
enum { WIDTH = 8 };
#elif defined(__SSE2__)
#include <emmintrin.h>
enum { WIDTH = 4 };
#else
enum { WIDTH = 4 };
#endif

typedef float vector __attribute__((vector_size(4 * WIDTH)));
typedef int32_t mask __attribute__((vector_size(4 * WIDTH)));
typedef float quad __attribute__((vector_size(16)));

static inline vector load(const float *from)
{
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(float *to, vector v)
{
    memcpy(to, &v, sizeof v);
}

static inline vector where(mask m, vector v)
{
    return (vector)((mask)v & m);
}

static inline vector larger(vector a, vector b)
{
    mask m = a > b;
    return (vector)(((mask)a & m) | ((mask)b & ~m));
}

static inline float larger_of_two(float a, float b)
{
    return a > b ? a : b;
}

/** The lanes of a comparison as bits, the first lane lowest. */
static inline unsigned sign_bits(mask m)
{
#if defined(__AVX2__)
    return (unsigned)_mm256_movemask_ps((__m256)m);
#elif defined(__SSE2__)
    return (unsigned)_mm_movemask_ps((__m128)m);
#else
    unsigned bits = 0;
    for (unsigned l = 0; l < WIDTH; l++)
        bits |= m[l] ? 1U << l : 0U;
    return bits;
#endif
}

#endif
