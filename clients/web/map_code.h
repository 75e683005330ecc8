/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map_code.h - a pressure matrix as browsers get it: small, little-endian, thinned to the display
 *
 *     offset  size  what
 *          0     1  1: this layout
 *          1     1  flags: 1 uncalibrated (values are relative, 0 to 1 of full scale)
 *          2     2  number of the device, as the list of devices says
 *          4     2  rows sent
 *          6     2  columns sent
 *          8     4  value of one step, float32: kPa, or relative
 *         12     4  sequence number of the frame, as the device counts
 *         16     4  pitch of what is sent, float32 mm: from column to column
 *         20     4  the same from row to row
 *         24     8  t_device, float64 Unix seconds
 *         32    2n  value / step of each cell, row by row; 65535: no taxel there, or a dead one
 *
 * Thinning joins whole blocks of k x k taxels and keeps the largest value of each: a thumb must not
 * vanish from the wall. All parts lie on multiples of their size, so that a page can lay typed
 * arrays over the message. */
#ifndef MAP_CODE_H
#define MAP_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "thenar.h"

enum { MAP_CODE_HEAD_BYTES = 32, MAP_CODE_ABSENT = 65535, MAP_CODE_UNCALIBRATED = 1 };

/** Octets of a map of n_rows x n_cols that is thinned to at most n_cells_max on its longer side. */
size_t map_code_bytes(unsigned n_rows, unsigned n_cols, unsigned n_cells_max);

/**
 * @param number       of the device in the list that the browser was given
 * @param frame        says rows, columns, pitch, unit, times
 * @param matrix       [n_rows * n_cols]
 * @param n_cells_max  cells on the longer side at most; 0: all
 * @param code         out: [map_code_bytes(...)]
 * @return octets written
 * Source: design.md's feed, IEEE 754; the reader is pages/map_code.js
 */
size_t map_code_encode(unsigned number, const struct thenar_feed_frame *frame, const float *matrix,
                       unsigned n_cells_max, unsigned char *code);

#endif
