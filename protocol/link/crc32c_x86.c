/* SPDX-License-Identifier: MIT */
/* CRC-32C with the instructions of SSE4.2 and PCLMULQDQ, where the processor has them.
 *
 * The crc32 instruction takes three cycles but a new one can begin in each, so three thirds of a
 * block run side by side and are joined: crc(A|B|C) = crc(A) x^16n + crc(B) x^8n + crc(C) modulo
 * the polynomial, n octets a third. Multiplying by x^8n is one carry-less product with
 * x^(8n-33) mod P, folded back by a crc32 of the product (which multiplies by x^33: 32 for the
 * instruction, one since a product of two reflected numbers stands one bit low). */
#include "link/crc32c.h"

#include <immintrin.h>
#include <string.h>

#define KERNEL __attribute__((target("sse4.2,pclmul")))

/* n octets a third, with x^(8n-33) and x^(16n-33) mod P, bits reflected. */
struct block {
    size_t n_third;
    uint32_t once, twice;
};

static const struct block blocks[] = {
    {256, 0xB9E02B86u, 0xDD7E3B0Cu},
    {64, 0x9E4ADDF8u, 0x0D3B6092u},
};

static uint64_t load_u64(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

KERNEL static uint32_t advance(uint32_t crc, uint32_t power)
{
    __m128i product =
        _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)crc), _mm_cvtsi32_si128((int)power), 0);
    return (uint32_t)_mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

KERNEL static uint32_t crc_block(uint32_t crc, const uint8_t *bytes, const struct block *block)
{
    const size_t n_third = block->n_third;
    uint64_t a = crc, b = 0, c = 0;
    for (size_t i = 0; i < n_third; i += 8) {
        a = _mm_crc32_u64(a, load_u64(bytes + i));
        b = _mm_crc32_u64(b, load_u64(bytes + n_third + i));
        c = _mm_crc32_u64(c, load_u64(bytes + 2 * n_third + i));
    }
    return advance((uint32_t)a, block->twice) ^ advance((uint32_t)b, block->once) ^ (uint32_t)c;
}

KERNEL static uint32_t crc_sse42(const uint8_t *bytes, size_t n_bytes)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        for (; n_bytes >= 3 * blocks[i].n_third; n_bytes -= 3 * blocks[i].n_third) {
            crc = crc_block(crc, bytes, &blocks[i]);
            bytes += 3 * blocks[i].n_third;
        }
    }
    uint64_t wide = crc;
    for (; n_bytes >= 8; n_bytes -= 8, bytes += 8)
        wide = _mm_crc32_u64(wide, load_u64(bytes));
    crc = (uint32_t)wide;
    for (; n_bytes > 0; n_bytes--)
        crc = _mm_crc32_u8(crc, *bytes++);
    return ~crc;
}

uint32_t thenar_crc32c(const uint8_t *bytes, size_t n_bytes)
{
    if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul"))
        return crc_sse42(bytes, n_bytes);
    return thenar_crc32c_by_table(bytes, n_bytes);
}
