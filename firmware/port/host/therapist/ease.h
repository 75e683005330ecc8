/* SPDX-License-Identifier: MIT */
/* ease.h - how a hand starts and stops: smoothly */
#ifndef EASE_H
#define EASE_H

#include <math.h>

/** 0 up to x = 0, 1 from x = 1 on, with no kink: 3 x^2 - 2 x^3. */
static inline double ease(double x)
{
    if (x <= 0.0)
        return 0.0;
    return x >= 1.0 ? 1.0 : x * x * (3.0 - 2.0 * x);
}

/** The way of a reaching hand, least jerk: 10 x^3 - 15 x^4 + 6 x^5 (Flash and Hogan 1985, eq. 3).
 */
static inline double ease_reach(double x)
{
    if (x <= 0.0)
        return 0.0;
    return x >= 1.0 ? 1.0 : x * x * x * (10.0 - x * (15.0 - 6.0 * x));
}

/** Up within `rise` after 0, down within `fall` before `end`; 0 outside. */
static inline double ease_between(double x, double end, double rise, double fall)
{
    return ease(x / rise) * ease((end - x) / fall);
}

static inline double ease_mix(double from, double to, double share)
{
    return from + share * (to - from);
}

#endif
