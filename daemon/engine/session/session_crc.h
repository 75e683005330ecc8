/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_crc.h - checksums of rows: zlib's CRC-32, so that three lines of Python check a file too
 *
 *     crc = zlib.crc32(row.tobytes()[:-4])                                   any row but a frame's
 *     crc = zlib.crc32(counts.tobytes(), zlib.crc32(row.tobytes()[:-4], crc_before))       a frame
 *
 * A frame's checksum continues that of the frame before (0 for the first), so that a frame that
 * was taken out or put elsewhere shows as well as one that was changed. */
#ifndef SESSION_CRC_H
#define SESSION_CRC_H

#include <stddef.h>
#include <stdint.h>

#include "session/session_rows.h"

/** Checksum of a row of `row_bytes` octets: of all but its last four. */
uint32_t session_crc_of_row(const void *row, size_t row_bytes);

/**
 * @param before   crc32 of the frame before; 0 for the first
 * @param samples  [n_bytes] of the frame, row-major
 */
uint32_t session_crc_of_frame(uint32_t before, const struct session_frame_row *row,
                              const void *samples, size_t n_bytes);

#endif
