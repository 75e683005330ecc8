/* SPDX-License-Identifier: GPL-3.0-or-later */
/* qr_matrix.h - a text as a QR code (libqrencode): dark and light modules, without the quiet zone
 */
#ifndef QR_MATRIX_H
#define QR_MATRIX_H

#include "error.h"

enum { QR_SIDE_MAX = 177 };

/**
 * @param text  a short one: an address
 * @param rows  out: side * side of '0' and '1', row by row, closed by a zero; for free()
 * @param side  out: modules along one side
 * @return THENAR_OK; THENAR_ERR_LENGTH too long for any code; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status qr_matrix_encode(const char *text, char **rows, unsigned *side,
                                                     struct thenar_error *error);

#endif
