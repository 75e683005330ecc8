/* SPDX-License-Identifier: MIT */
#include "link/packed12.h"

void thenar_packed12_encode(const uint16_t *samples, size_t n_samples, uint8_t *packed)
{
    size_t n_pairs = n_samples / 2;
    for (size_t i = 0; i < n_pairs; i++) {
        uint32_t a = samples[2 * i] & 0xFFFu;
        uint32_t b = samples[2 * i + 1] & 0xFFFu;
        packed[3 * i] = (uint8_t)a;
        packed[3 * i + 1] = (uint8_t)(a >> 8 | b << 4);
        packed[3 * i + 2] = (uint8_t)(b >> 4);
    }
    if (n_samples % 2) {
        uint32_t a = samples[n_samples - 1] & 0xFFFu;
        packed[3 * n_pairs] = (uint8_t)a;
        packed[3 * n_pairs + 1] = (uint8_t)(a >> 8);
    }
}

void thenar_packed12_decode_portably(const uint8_t *packed, size_t n_samples, uint16_t *samples)
{
    size_t n_pairs = n_samples / 2;
    for (size_t i = 0; i < n_pairs; i++) {
        uint32_t low = packed[3 * i], middle = packed[3 * i + 1], high = packed[3 * i + 2];
        samples[2 * i] = (uint16_t)(low | (middle & 0x0Fu) << 8);
        samples[2 * i + 1] = (uint16_t)(middle >> 4 | high << 4);
    }
    if (n_samples % 2) {
        uint32_t low = packed[3 * n_pairs], middle = packed[3 * n_pairs + 1];
        samples[n_samples - 1] = (uint16_t)(low | (middle & 0x0Fu) << 8);
    }
}
