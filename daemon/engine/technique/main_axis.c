/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/main_axis.h"

#include <math.h>

void main_axis_turn(float *x, float *y, size_t n)
{
    float xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    float angle = 0.5F * atan2f(2.0F * xy, xx - yy), c = cosf(angle), s = sinf(angle);
    for (size_t i = 0; i < n; i++) {
        float along = c * x[i] + s * y[i];
        y[i] = c * y[i] - s * x[i];
        x[i] = along;
    }
}
