/* SPDX-License-Identifier: MIT */
/* Unpacking with the shuffles of SSSE3, where the processor has them: eight samples a step. */
#include "link/packed12.h"

#include <immintrin.h>

__attribute__((target("ssse3"))) static size_t decode_ssse3(const uint8_t *packed, size_t n_samples,
                                                            uint16_t *samples)
{
    /* Each pair of three octets to its two lanes of 16 bits: (0, 1), (1, 2). */
    const __m128i spread = _mm_setr_epi8(0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11);
    const __m128i even = _mm_set1_epi32(0x00000FFF);
    const __m128i odd = _mm_set1_epi32((int)0xFFFF0000u);
    const size_t n_bytes = thenar_packed12_bytes(n_samples);
    size_t done = 0;
    /* A step reads 16 octets and uses 12: stop where 16 are no longer there. */
    for (; done * 3 / 2 + 16 <= n_bytes; done += 8) {
        __m128i octets = _mm_loadu_si128((const __m128i *)(const void *)(packed + done * 3 / 2));
        __m128i lanes = _mm_shuffle_epi8(octets, spread);
        __m128i first = _mm_and_si128(lanes, even);
        __m128i second = _mm_and_si128(_mm_srli_epi16(lanes, 4), odd);
        _mm_storeu_si128((__m128i *)(void *)(samples + done), _mm_or_si128(first, second));
    }
    return done;
}

void thenar_packed12_decode(const uint8_t *packed, size_t n_samples, uint16_t *samples)
{
    size_t done = 0;
    if (__builtin_cpu_supports("ssse3"))
        done = decode_ssse3(packed, n_samples, samples);
    thenar_packed12_decode_portably(packed + done * 3 / 2, n_samples - done, samples + done);
}
