/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_frames.h - one frame's way: ledger -> clock -> pipeline -> feed and file
 *
 * The ledger says what is missing before it, the clock when it was scanned, the pipeline what it
 * shows; then it is handed out. Nothing here allocates, locks or logs, unless the device's clock
 * began anew. Context: the device's thread */
#ifndef DEVICE_FRAMES_H
#define DEVICE_FRAMES_H

#include "device_array.h"
#include "device_coach.h"
#include "clock/device_clock.h"
#include "device_motion.h"
#include "device_outbox.h"
#include "device_report.h"

struct device_frames {
    struct frame_ledger ledger;
    struct device_clock clock;
    struct frame_hole host_hole; /* frames that found no slot, not yet reported */
    struct device_motion motion; /* what came since the last frame goes with the next */
    struct device_coach *coach;  /* looks at every frame; borrowed; NULL: none */
};

void device_frames_init(struct device_frames *frames);

/** Another device is there: nothing of the last one's frames and clock counts. */
void device_frames_forget(struct device_frames *frames, struct device_outbox *outbox);

/** @param event a SOURCE_FRAME; dropped while nothing is described */
void device_frames_enter(struct device_frames *frames, const struct source *source,
                         const struct source_event *event, struct device_array *array,
                         struct device_report *report, struct device_outbox *outbox,
                         struct device_tape *tape);

/** @param event a SOURCE_AUX; handed out by itself, and kept for the next frame's pipeline */
void device_frames_enter_aux(struct device_frames *frames, const struct source_event *event,
                             const struct device_report *report, struct device_outbox *outbox);

#endif
