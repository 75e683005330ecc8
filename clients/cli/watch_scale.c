/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_scale.h"

#include <math.h>
#include <stddef.h>

static const float steps[] = {1, 1.5F, 2, 3, 4, 5, 6, 8, 10, 11};

float watch_scale_step(float value, float least)
{
    if (!(value > least))
        return least;
    float power = powf(10.0F, floorf(log10f(value)));
    float lead = value / power; /* 1..10 */
    size_t i = 0;
    while (steps[i] < lead * 0.99999F) /* 20 / 10 may come out above 2 */
        i++;
    return steps[i] * power;
}

void watch_scale_init(struct watch_scale *scale, float least)
{
    *scale = (struct watch_scale){.end = least, .least = least};
}

float watch_scale_execute(struct watch_scale *scale, float value, double now_s)
{
    if (value > scale->largest)
        scale->largest = value;
    float fitting = watch_scale_step(scale->largest, scale->least);
    if (fitting > scale->end) {
        scale->end = fitting;
        scale->since_s = now_s;
    } else if (now_s - scale->since_s > WATCH_SCALE_CALM_S) {
        scale->end = fitting;
        scale->largest = 0;
        scale->since_s = now_s;
    }
    return scale->end;
}
