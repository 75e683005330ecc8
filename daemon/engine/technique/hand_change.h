/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hand_change.h - whether a touch is the work of before taken up again, or something else
 *
 * After a long touch the hands lift and are laid on again. Near where they lay or began, it is the
 * same work going on (a push released and made anew); elsewhere, or much longer or shorter along
 * its main axis, it is not. This is asked a moment after the hands were laid on. */
#ifndef HAND_CHANGE_H
#define HAND_CHANGE_H

#include <stdbool.h>

#include "technique/contacts.h"

/* Where the hands are in one touch: means weighted by force. */
struct hand_place {
    double w, wx, wy, wmajor;
};

struct hand_change {
    bool touched, has_before, is_open; /* open: the question waits for its moment */
    double touch_s, lift_s, last_s;
    float peak_n;
    struct hand_place first, all; /* of the touch under way: as it began, and pressing */
    struct hand_place before_first, before_all;
    double before_lasted_s;
};

void hand_change_reset(struct hand_change *change);

/**
 * One frame.
 * @param touched   whether hands are on (strokes_touched)
 * @param change_s  since when (strokes_change_s)
 * @return true in one frame of a touch, when it is found to be something else
 */
bool hand_change_execute(struct hand_change *change, double device_s, bool touched, double change_s,
                         const struct contacts_sum *sum);

#endif
