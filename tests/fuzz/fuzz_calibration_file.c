/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input as it is, and with the right checksum put under it, so that the rest is reached too. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/calibration_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void parse(const char *text, size_t n_bytes)
{
    struct sensor_calibration calibration;
    struct thenar_error error = {0};
    enum thenar_status status = calibration_file_parse(&calibration, text, n_bytes, "fuzz", &error);
    if (status == THENAR_OK) {
        for (size_t i = 0; i < calibration.n_taxels; i++)
            if (!(calibration.gain[i] > 0.0F))
                __builtin_trap();
        char *again;
        if (calibration_file_text(&calibration, &again) == THENAR_OK)
            free(again);
    } else if (calibration.gain || error.text[0] == '\0') {
        __builtin_trap();
    }
    sensor_calibration_finish(&calibration);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static const char mark[] = "  \"checksum\"";
    parse((const char *)bytes, n_bytes);
    char *text = malloc(n_bytes + 64);
    if (!text)
        return 0;
    memcpy(text, bytes, n_bytes);
    text[n_bytes] = '\0';
    char *at = strlen(text) == n_bytes ? strstr(text, mark) : NULL;
    if (at) {
        (void)snprintf(at, 64, "%s: \"crc32:%08x\"\n}\n", mark,
                       (unsigned)calibration_file_checksum(text, (size_t)(at - text)));
        parse(text, strlen(text));
    }
    free(text);
    return 0;
}
