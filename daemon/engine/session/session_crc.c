/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_crc.h"

#include <zlib.h>

uint32_t session_crc_of_row(const void *row, size_t row_bytes)
{
    return (uint32_t)crc32_z(0, row, row_bytes - sizeof(uint32_t));
}

uint32_t session_crc_of_frame(uint32_t before, const struct session_frame_row *row,
                              const void *samples, size_t n_bytes)
{
    uLong crc = crc32_z(before, (const void *)row, sizeof *row - sizeof row->crc32);
    return (uint32_t)crc32_z(crc, samples, n_bytes);
}
