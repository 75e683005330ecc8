/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_ledger.h"

#include <math.h>
#include <string.h>

const char *const loss_side_names[N_LOSS_SIDES] = {"device", "link", "host", "source"};

void frame_ledger_init(struct frame_ledger *ledger)
{
    memset(ledger, 0, sizeof *ledger);
}

void frame_ledger_away(struct frame_ledger *ledger)
{
    ledger->was_away = true;
}

static void add_hole(struct frame_ledger *ledger, struct frame_hole *holes, unsigned *n_holes,
                     struct frame_hole hole)
{
    if (*n_holes >= HOLES_MAX)
        return;
    holes[(*n_holes)++] = hole;
    ledger->n_holes++;
    ledger->lost[hole.side] += hole.n_frames;
}

static void find_holes(struct frame_ledger *ledger, const struct source_frame *frame,
                       double interval_s, uint64_t n_bad, bool is_recording,
                       struct frame_hole *holes, unsigned *n_holes)
{
    uint32_t n_missing = frame->sequence - ledger->sequence - 1;
    struct frame_hole hole = {.from = ledger->sequence,
                              .to = frame->sequence,
                              .lost_s = fmax(0, frame->device_s - ledger->device_s - interval_s),
                              .n_bad_messages = n_bad};
    if (ledger->was_away || is_recording) {
        hole.side = LOSS_SOURCE;
        hole.cause = is_recording ? HOLE_RECORDING : HOLE_AWAY;
        /* START counts frames from 0 again: how many were not scanned meanwhile, nobody knows. */
        hole.n_frames = is_recording ? n_missing : 0;
        if (n_missing > 0 || ledger->was_away)
            add_hole(ledger, holes, n_holes, hole);
        return;
    }
    uint32_t n_dropped = frame->n_dropped - ledger->n_dropped;
    if (n_dropped > n_missing)
        n_dropped = n_missing;
    if (n_dropped > 0) {
        hole.side = LOSS_DEVICE;
        hole.n_frames = n_dropped;
        add_hole(ledger, holes, n_holes, hole);
    }
    if (n_missing > n_dropped) {
        hole.side = LOSS_LINK;
        hole.n_frames = n_missing - n_dropped;
        add_hole(ledger, holes, n_holes, hole);
    }
}

/* Nobody can count frames across a reset; how long it took, the host's clock knows. */
static void restart_hole(struct frame_ledger *ledger, const struct source_frame *frame,
                         double interval_s, int64_t arrival_ns, enum hole_cause cause,
                         struct frame_hole *holes, unsigned *n_holes)
{
    double away_s = (double)(arrival_ns - ledger->arrival_ns) * 1e-9;
    struct frame_hole hole = {.side = LOSS_SOURCE,
                              .cause = cause,
                              .from = ledger->sequence,
                              .to = frame->sequence,
                              .lost_s = fmax(0, away_s - interval_s)};
    add_hole(ledger, holes, n_holes, hole);
}

enum frame_verdict frame_ledger_enter(struct frame_ledger *ledger, const struct source_frame *frame,
                                      double interval_s, uint64_t n_bad_messages,
                                      int64_t arrival_ns, bool is_recording,
                                      struct frame_hole *holes, unsigned *n_holes)
{
    *n_holes = 0;
    enum frame_verdict verdict = FRAME_NEXT;
    if (ledger->has_last) {
        bool is_back = (int32_t)(frame->sequence - ledger->sequence) <= 0;
        bool is_earlier = frame->device_s <= ledger->device_s;
        if (is_back && is_earlier && !ledger->was_away && frame->sequence == ledger->sequence)
            return FRAME_REPEATED;
        if (is_back || is_earlier) {
            verdict = is_earlier ? FRAME_RESTART : FRAME_NEXT;
            enum hole_cause cause = is_earlier         ? HOLE_RESTART
                                    : ledger->was_away ? HOLE_AWAY
                                                       : HOLE_PAUSE;
            restart_hole(ledger, frame, interval_s, arrival_ns, cause, holes, n_holes);
        } else {
            find_holes(ledger, frame, interval_s, n_bad_messages - ledger->n_bad_messages,
                       is_recording, holes, n_holes);
        }
    }
    ledger->has_last = true;
    ledger->was_away = false;
    ledger->sequence = frame->sequence;
    ledger->n_dropped = frame->n_dropped;
    ledger->n_bad_messages = n_bad_messages;
    ledger->device_s = frame->device_s;
    ledger->arrival_ns = arrival_ns;
    ledger->n_frames++;
    ledger->n_late_scans += frame->n_late;
    return verdict;
}
