/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_report.h"

#include <stdarg.h>
#include <stdio.h>

void calibration_warn(struct calibration_report *report, const char *format, ...)
{
    if (report->n_warnings == CALIBRATION_WARNINGS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->warnings[report->n_warnings++], CALIBRATION_WARNING_BYTES, format,
                    arguments);
    va_end(arguments);
}
