/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_outbox.h - what goes from a device's thread to the publisher: records, in their order
 *
 * One ring of struct device_record. When it is full a live device does not wait: a frame is lost,
 * counted, and told as a hole when there is room again. Its last slots are kept for what is not
 * repeated: strokes, episodes, gaps, changes of state. A recording waits instead.
 *
 *     slot = device_outbox_frame(outbox);        NULL: no room; use outbox->scratch all the same
 *     ... fill output and matrix ...
 *     device_outbox_commit_frame(outbox, slot);
 *
 * Context: the device's thread; wait-free, unless the source can wait */
#ifndef DEVICE_OUTBOX_H
#define DEVICE_OUTBOX_H

#include "device_record.h"
#include "ring.h"

/* Of the last frame: every record carries them. */
struct device_times {
    bool has_frame;
    struct moment arrival;
    double t_device;      /* its scan, Unix seconds */
    double device_s;      /* the same on the device's clock */
    double uncertainty_s; /* standard, of t_device; NaN: not known */
    double scan_s;        /* how long it took; 0 unknown; NaN: of a recording */
};

struct device_outbox {
    struct ring ring;
    bool can_wait;                  /* the source: set before the thread starts */
    const atomic_bool *is_stopping; /* ends all waiting; borrowed */
    struct device_times times;      /* set anew with each frame */
    struct device_record *scratch;  /* a frame without a slot goes through the pipeline here */
    uint64_t n_events_lost;         /* strokes, episodes and gaps that found no room */
};

/**
 * @param published    woken when a record is there; borrowed
 * @param is_stopping  borrowed
 * @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status device_outbox_init(struct device_outbox *outbox,
                                                       struct waker *published,
                                                       const atomic_bool *is_stopping);
void device_outbox_finish(struct device_outbox *outbox);

/** A slot for a frame. @return NULL: there is no room */
struct device_record *device_outbox_frame(struct device_outbox *outbox);

/** Hand over the slot that device_outbox_frame gave; its times are stamped here. */
void device_outbox_commit_frame(struct device_outbox *outbox, struct device_record *slot);

/** Whether a frame would find a slot at once. */
bool device_outbox_has_room(struct device_outbox *outbox);

/** Strokes and episodes without their frame; nothing when there are none. */
void device_outbox_events(struct device_outbox *outbox, const struct pipeline_output *output);

/** Frames are missing. */
void device_outbox_hole(struct device_outbox *outbox, const struct frame_hole *hole);

/** A sample of the motion sensor, at its own times; lost if there is no room. */
void device_outbox_motion(struct device_outbox *outbox, const struct motion_sample *sample,
                          const struct device_times *times);

/** What the coach says; the plan's state, which comes again; the receiver's word. */
void device_outbox_cue(struct device_outbox *outbox, const struct thenar_feed_cue *cue);
void device_outbox_plan(struct device_outbox *outbox, const struct thenar_feed_plan *plan);
void device_outbox_comfort(struct device_outbox *outbox, const struct thenar_feed_comfort *comfort);

/** What status says. @return false: there is no room now */
THENAR_NODISCARD bool device_outbox_state(struct device_outbox *outbox,
                                          const struct thenar_feed_status *state);

#endif
