/* SPDX-License-Identifier: MIT */
/* glove_map.h - what a glove's own taxels feel of a pose
 *
 * The array lies on the hand: fingertips towards row 0, wrist towards the last row, thumb towards
 * column 0. So a lobe presses where its part of the hand is, wherever the hand may be on the body;
 * a glide leaves its steady pressure and a small ripple of shear. */
#ifndef GLOVE_MAP_H
#define GLOVE_MAP_H

#include "therapist/move.h"

/**
 * Turn a pose on the body into one on the hand: the right hand's if it takes part in the step, else
 * the left one's.
 * @param hands   enum hands_used: those that the step uses
 * @param pose    in and out: lobes of the other hand go
 */
void glove_map_pose(const struct stage *stage, unsigned hands, double time_s, struct pose *pose);

#endif
