/* SPDX-License-Identifier: GPL-3.0-or-later */
/* virtual_stage.h - the virtual therapist's hands on a pad, for unit tests */
#ifndef VIRTUAL_STAGE_H
#define VIRTUAL_STAGE_H

#include "array_layout.h"
#include "stimulus.h"

enum { STAGE_ROWS = 16, STAGE_COLS = 16, STAGE_TAXELS = STAGE_ROWS * STAGE_COLS };
#define STAGE_PITCH_MM 25.0F
#define STAGE_RATE_HZ 100.0F

/**
 * A calibrated pad of 16 x 16 taxels, 25 mm, 100 frames a second. Fails the test on errors.
 * @param layout  out: to be finished
 * @param array   out: borrows from the layout
 * @param script  the therapist's, as text
 * @return to be destroyed
 */
struct stimulus *virtual_stage_raise(struct array_layout *layout, struct stimulus_array *array,
                                     const char *script);

#endif
