/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_code.h"

#include <math.h>
#include <string.h>

/* 3,276 kPa is beyond any hand; relative values end at 1 but for rounding. */
#define STEP_KPA 0.05f
#define STEP_REL (1.0f / 32768)

static unsigned block_of(unsigned n_rows, unsigned n_cols, unsigned n_cells_max)
{
    unsigned longer = n_rows > n_cols ? n_rows : n_cols;
    return n_cells_max == 0 || longer <= n_cells_max ? 1 : (longer + n_cells_max - 1) / n_cells_max;
}

static unsigned cells(unsigned n_taxels, unsigned block)
{
    return (n_taxels + block - 1) / block;
}

size_t map_code_bytes(unsigned n_rows, unsigned n_cols, unsigned n_cells_max)
{
    unsigned block = block_of(n_rows, n_cols, n_cells_max);
    return MAP_CODE_HEAD_BYTES + (size_t)2 * cells(n_rows, block) * cells(n_cols, block);
}

static unsigned char *put_bytes(unsigned char *at, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        *at++ = (unsigned char)(value >> (8 * i));
    return at;
}

static unsigned char *put_float(unsigned char *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_bytes(at, bits, 4);
}

static unsigned char *put_double(unsigned char *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_bytes(at, bits, 8);
}

/* The largest of a block; NaN when it has no live taxel. */
static float largest(const struct thenar_feed_frame *frame, const float *matrix, unsigned row,
                     unsigned col, unsigned block)
{
    float found = NAN;
    for (unsigned r = row; r < row + block && r < frame->n_rows; r++)
        for (unsigned c = col; c < col + block && c < frame->n_cols; c++)
            found = fmaxf(found, matrix[(size_t)r * frame->n_cols + c]);
    return found;
}

static uint16_t code_of(float value, float step)
{
    if (isnan(value))
        return MAP_CODE_ABSENT;
    float code = roundf(value / step);
    return code <= 0 ? 0 : code >= MAP_CODE_ABSENT - 1 ? MAP_CODE_ABSENT - 1 : (uint16_t)code;
}

size_t map_code_encode(unsigned number, const struct thenar_feed_frame *frame, const float *matrix,
                       unsigned n_cells_max, unsigned char *code)
{
    unsigned block = block_of(frame->n_rows, frame->n_cols, n_cells_max);
    float step = frame->uncalibrated ? STEP_REL : STEP_KPA;
    unsigned char *at = code;
    at = put_bytes(at, 1, 1);
    at = put_bytes(at, frame->uncalibrated ? MAP_CODE_UNCALIBRATED : 0, 1);
    at = put_bytes(at, number, 2);
    at = put_bytes(at, cells(frame->n_rows, block), 2);
    at = put_bytes(at, cells(frame->n_cols, block), 2);
    at = put_float(at, step);
    at = put_bytes(at, frame->frame_seq, 4);
    at = put_float(at, frame->pitch_x_mm * (float)block);
    at = put_float(at, frame->pitch_y_mm * (float)block);
    at = put_double(at, frame->stamp.t_device);
    for (unsigned r = 0; r < frame->n_rows; r += block)
        for (unsigned c = 0; c < frame->n_cols; c += block)
            at = put_bytes(at, code_of(largest(frame, matrix, r, c, block), step), 2);
    return (size_t)(at - code);
}
