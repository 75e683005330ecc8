/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "feed/curve_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any text is a key or is refused with a sentence; a key survives being written and read again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct thenar_curve_key key, again;
    struct thenar_error error = {0};
    char text[THENAR_KEY_TEXT_BYTES];
    if (thenar_curve_key_decode((const char *)data, n_bytes, &key, &error) != THENAR_OK) {
        if (error.text[0] == '\0')
            __builtin_trap();
        return 0;
    }
    if (strlen(key.public_z85) != THENAR_Z85_BYTES - 1)
        __builtin_trap();
    thenar_curve_key_encode(&key, text);
    if (thenar_curve_key_decode(text, strlen(text), &again, &error) != THENAR_OK ||
        strcmp(key.public_z85, again.public_z85) != 0 ||
        strcmp(key.secret_z85, again.secret_z85) != 0)
        __builtin_trap();
    return 0;
}
