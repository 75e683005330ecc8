/* SPDX-License-Identifier: GPL-3.0-or-later */
/* denormals.h - silence must not be slow
 *
 * Values that fade towards zero become denormal, and arithmetic on those is tens of times slower.
 */
#ifndef DENORMALS_H
#define DENORMALS_H

/**
 * From now on, denormals are zero in the calling thread (x86-64: FTZ and DAZ of MXCSR; elsewhere
 * nothing happens, and results may differ in the last places from those of x86-64).
 * Context: each thread for itself, before its first frame; safe to call again
 */
void denormals_flush_to_zero(void);

#endif
