/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assert_near.h - a number within a tolerance, or a failure that shows both (after cmocka.h) */
#ifndef ASSERT_NEAR_H
#define ASSERT_NEAR_H

#include <math.h>

#define assert_near(got, wanted, tolerance) \
    assert_near_at((double)(got), (double)(wanted), (double)(tolerance), __FILE__, __LINE__)

static inline void assert_near_at(double got, double wanted, double tolerance, const char *file,
                                  int line)
{
    if (fabs(got - wanted) <= tolerance)
        return;
    print_error("%.9g is not %.9g within %.3g\n", got, wanted, tolerance);
    _fail(file, line);
}

#endif
