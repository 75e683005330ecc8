/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_outbox.h"

#include <stdlib.h>

/* A glove fills 916 slots a second, with its 500 frames and 416 samples of motion: two seconds, for
 * an overloaded machine may keep the publisher waiting for a good part of that. Only the part of a
 * slot that a frame fills takes memory: 12 MB at 32x32. */
enum { RING_SLOTS = 2048, RING_RESERVE = 32, WAIT_MS = 100 };

static const size_t RECORD_BYTES = sizeof(struct device_record) + THENAR_MAX_TAXELS * sizeof(float);

enum thenar_status device_outbox_init(struct device_outbox *outbox, struct waker *published,
                                      const atomic_bool *is_stopping)
{
    outbox->is_stopping = is_stopping;
    outbox->scratch = calloc(1, RECORD_BYTES);
    if (!outbox->scratch)
        return THENAR_ERR_MEMORY;
    return ring_init(&outbox->ring, RING_SLOTS, RECORD_BYTES, published);
}

void device_outbox_finish(struct device_outbox *outbox)
{
    ring_finish(&outbox->ring);
    free(outbox->scratch);
    outbox->scratch = NULL;
}

static struct device_record *claim(struct device_outbox *outbox, size_t n_reserve)
{
    struct device_record *record = ring_claim(&outbox->ring, n_reserve);
    while (!record && outbox->can_wait &&
           !atomic_load_explicit(outbox->is_stopping, memory_order_relaxed)) {
        ring_wait(&outbox->ring, n_reserve, WAIT_MS);
        record = ring_claim(&outbox->ring, n_reserve);
    }
    return record;
}

static void commit_at(struct device_outbox *outbox, struct device_record *record,
                      enum device_record_kind kind, const struct device_times *times,
                      int64_t done_ns)
{
    record->kind = kind;
    record->has_frame = times->has_frame;
    record->arrival = times->arrival;
    record->t_device = times->t_device;
    record->device_s = times->device_s;
    record->scan_s = times->scan_s;
    record->done_ns = done_ns;
    ring_commit(&outbox->ring);
}

static void commit(struct device_outbox *outbox, struct device_record *record,
                   enum device_record_kind kind, int64_t done_ns)
{
    commit_at(outbox, record, kind, &outbox->times, done_ns);
}

struct device_record *device_outbox_frame(struct device_outbox *outbox)
{
    return claim(outbox, RING_RESERVE);
}

void device_outbox_commit_frame(struct device_outbox *outbox, struct device_record *slot)
{
    commit(outbox, slot, DEVICE_FRAME, moment_monotonic_ns());
}

bool device_outbox_has_room(struct device_outbox *outbox)
{
    return ring_claim(&outbox->ring, RING_RESERVE) != NULL;
}

void device_outbox_events(struct device_outbox *outbox, const struct pipeline_output *output)
{
    if (output->n_strokes == 0 && output->n_episodes == 0)
        return;
    struct device_record *record = claim(outbox, 0);
    if (!record) {
        outbox->n_events_lost += output->n_strokes + output->n_episodes;
        return;
    }
    record->output = *output;
    commit(outbox, record, DEVICE_EVENTS, 0);
}

void device_outbox_hole(struct device_outbox *outbox, const struct frame_hole *hole)
{
    struct device_record *record = claim(outbox, 0);
    if (!record) {
        outbox->n_events_lost++;
        return;
    }
    record->hole = *hole;
    commit(outbox, record, DEVICE_GAP, 0);
}

void device_outbox_motion(struct device_outbox *outbox, const struct motion_sample *sample,
                          const struct device_times *times)
{
    struct device_record *record = claim(outbox, RING_RESERVE);
    if (!record)
        return;
    record->motion = *sample;
    commit_at(outbox, record, DEVICE_MOTION, times, 0);
}

void device_outbox_cue(struct device_outbox *outbox, const struct thenar_feed_cue *cue)
{
    struct device_record *record = claim(outbox, 0);
    if (!record) {
        outbox->n_events_lost++;
        return;
    }
    record->cue = *cue;
    commit(outbox, record, DEVICE_CUE, 0);
}

void device_outbox_plan(struct device_outbox *outbox, const struct thenar_feed_plan *plan)
{
    struct device_record *record = claim(outbox, 0);
    if (!record)
        return; /* it comes again */
    record->plan = *plan;
    commit(outbox, record, DEVICE_PLAN, 0);
}

void device_outbox_comfort(struct device_outbox *outbox, const struct thenar_feed_comfort *comfort)
{
    struct device_record *record = claim(outbox, 0);
    if (!record) {
        outbox->n_events_lost++;
        return;
    }
    record->comfort = *comfort;
    commit(outbox, record, DEVICE_COMFORT, 0);
}

bool device_outbox_state(struct device_outbox *outbox, const struct thenar_feed_status *state)
{
    struct device_record *record = claim(outbox, 0);
    if (!record)
        return false;
    record->state = *state;
    commit(outbox, record, DEVICE_STATE, 0);
    return true;
}
