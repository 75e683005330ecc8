/* SPDX-License-Identifier: MIT */
/* Short blocks sixteen octets at a time, in the same time whatever they hold.
 *
 * Following codes one by one waits for memory at each. Instead, for every lane i of a vector at
 * once: where would a code here lead (next), and which lanes would be met on the way (met, a set of
 * 16 bits in two octets)? Pointer jumping doubles the way with each step: next2 = next[next],
 * met2 = met | met[next]; four steps go as far as sixteen codes. Only then is it asked which lane
 * the first code really is in, so the wait from one vector to the next is a single shuffle.
 *
 * Lanes are stored with BIAS added: a place past the vector then has its high bit set, for which
 * the shuffle gives 0; max() leaves such a place as it is. */
#include "link/cobs_short.h"

#include <immintrin.h>
#include <stdbool.h>

#define KERNEL __attribute__((target("ssse3")))

enum { LANES = 16, BIAS = 128 - LANES };

struct ways {
    __m128i next;              /* [16] biased lane after all the codes from lane i */
    __m128i met_low, met_high; /* [16] set of the lanes 0..7 and 8..15 met from lane i */
};

KERNEL static struct ways jump(struct ways ways)
{
    return (struct ways){
        .next = _mm_max_epu8(ways.next, _mm_shuffle_epi8(ways.next, ways.next)),
        .met_low = _mm_or_si128(ways.met_low, _mm_shuffle_epi8(ways.met_low, ways.next)),
        .met_high = _mm_or_si128(ways.met_high, _mm_shuffle_epi8(ways.met_high, ways.next)),
    };
}

KERNEL static size_t decode_ssse3(const uint8_t *encoded, size_t n_bytes, uint8_t *bytes,
                                  size_t *n_until)
{
    const __m128i lanes = _mm_setr_epi8(112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123,
                                        124, 125, 126, 127);
    const __m128i low = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i high = _mm_slli_si128(low, 8);
    const __m128i bits = _mm_or_si128(low, high);

    __m128i first = _mm_set1_epi8((char)*n_until); /* lane of the first code, in all lanes */
    size_t done = 0;
    for (; n_bytes - done >= LANES; done += LANES) {
        if (_mm_cvtsi128_si32(first) & 0x70)
            break; /* no code in this vector */
        __m128i octets = _mm_loadu_si128((const __m128i *)(const void *)(encoded + done));
        struct ways ways = {_mm_adds_epu8(octets, lanes), low, high};
        ways = jump(jump(jump(jump(ways))));

        __m128i met = _mm_unpacklo_epi64(_mm_shuffle_epi8(ways.met_low, first),
                                         _mm_shuffle_epi8(ways.met_high, first));
        __m128i codes = _mm_cmpeq_epi8(_mm_and_si128(met, bits), bits);
        if (_mm_movemask_epi8(_mm_and_si128(codes, octets)))
            break; /* a long block begins here */
        _mm_storeu_si128((__m128i *)(void *)(bytes + done), _mm_andnot_si128(codes, octets));
        first = _mm_add_epi8(_mm_shuffle_epi8(ways.next, first), _mm_set1_epi8(-128));
    }
    *n_until = (size_t)_mm_cvtsi128_si32(first) & 0xFF;
    return done;
}

size_t thenar_cobs_decode_short(const uint8_t *encoded, size_t n_bytes, uint8_t *bytes,
                                size_t *n_until)
{
    if (n_bytes >= LANES && __builtin_cpu_supports("ssse3"))
        return *n_until < LANES ? decode_ssse3(encoded, n_bytes, bytes, n_until) : 0;
    return thenar_cobs_decode_short_portably(encoded, n_bytes, bytes, n_until);
}
