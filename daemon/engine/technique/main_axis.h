/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main_axis.h - see a path of two coordinates along its main axis, and across */
#ifndef MAIN_AXIS_H
#define MAIN_AXIS_H

#include <stddef.h>

/**
 * Turn (x, y) about the origin so that x lies along the main axis of their scatter about it.
 * @param x, y  [n] in any one unit; changed in place
 * Context: pipeline thread; allocates nothing
 */
void main_axis_turn(float *x, float *y, size_t n);

#endif
