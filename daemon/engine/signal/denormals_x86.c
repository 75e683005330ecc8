/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/denormals.h"

#include <xmmintrin.h>

/* Bits 15 and 6 of MXCSR (Intel SDM, volume 1, 10.2.3). Every x86-64 has the second one too. */
static const unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040;

void denormals_flush_to_zero(void)
{
    _mm_setcsr(_mm_getcsr() | flush_to_zero | denormals_are_zero);
}
