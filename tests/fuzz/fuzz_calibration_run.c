/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "session/calibration_run_file.h"
#include "signal/calibration_fit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

/* What is read is fitted too: no run of numbers may upset the fit. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static struct calibration_report report;
    struct calibration_run_head head;
    struct calibration_run run;
    struct sensor_calibration calibration = {0};
    struct thenar_error error = {0};
    char *text = malloc(n_bytes + 1);
    if (!text)
        return 0;
    if (n_bytes > 0)
        memcpy(text, bytes, n_bytes);
    text[n_bytes] = '\0';
    enum thenar_status status =
        calibration_run_file_parse(&head, &run, text, n_bytes, "fuzz", &error);
    if (status != THENAR_OK && error.text[0] == '\0')
        __builtin_trap();
    if (status == THENAR_OK) {
        status = calibration_fit(&calibration, &report, &run, &head.layout, 1.0, &error);
        if (status != THENAR_OK && error.text[0] == '\0')
            __builtin_trap();
    }
    sensor_calibration_finish(&calibration);
    calibration_run_finish(&run);
    calibration_run_head_finish(&head);
    free(text);
    return 0;
}
