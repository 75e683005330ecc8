/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr_matrix.h"

#include <errno.h>
#include <qrencode.h>
#include <stdlib.h>

enum thenar_status qr_matrix_encode(const char *text, char **rows, unsigned *side,
                                    struct thenar_error *error)
{
    *rows = NULL;
    *side = 0;
    /* Level M: 15 % may be dirt or glare. */
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return errno == ERANGE
                   ? thenar_fail(error, THENAR_ERR_LENGTH, "the address is too long for a QR code")
                   : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a QR code");
    size_t n_modules = (size_t)code->width * (size_t)code->width;
    *rows = malloc(n_modules + 1);
    for (size_t i = 0; *rows && i < n_modules; i++)
        (*rows)[i] = code->data[i] & 1 ? '1' : '0'; /* bit 0: dark */
    if (*rows)
        (*rows)[n_modules] = '\0';
    *side = (unsigned)code->width;
    QRcode_free(code);
    return *rows ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a QR code");
}
