/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame_ledger.h - which frames are missing, and who lost them
 *
 * The sequence tells that frames are missing; the device's own count of dropped frames tells how
 * many of these never left it; the rest was lost on the way. What the daemon itself had no room
 * for is told to it. Nothing is lost without an entry. */
#ifndef FRAME_LEDGER_H
#define FRAME_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "source/source.h"

enum loss_side {
    LOSS_DEVICE, /* dropped whole by the device, because the link was full */
    LOSS_LINK,   /* damaged or lost between device and host */
    LOSS_HOST,   /* the daemon was too slow */
    LOSS_SOURCE, /* none were sent; the hole's cause says why */
    N_LOSS_SIDES
};

extern const char *const loss_side_names[N_LOSS_SIDES];

/* Why a source sent no frames. */
enum hole_cause {
    HOLE_NONE,     /* it did: they were lost elsewhere */
    HOLE_AWAY,     /* the device was away */
    HOLE_RESTART,  /* its clock began anew */
    HOLE_PAUSE,    /* there all the time, it was started again: a command had stopped it */
    HOLE_RECORDING /* the recording has a hole */
};

struct frame_hole {
    enum loss_side side;
    enum hole_cause cause;
    uint32_t n_frames;       /* 0: nobody can count them */
    uint32_t from, to;       /* sequence of the frames on both sides */
    double lost_s;           /* device time between those, less one interval */
    uint64_t n_bad_messages; /* damaged messages in the hole */
};

struct frame_ledger {
    bool has_last, was_away;
    uint32_t sequence, n_dropped;
    uint64_t n_bad_messages;
    double device_s;
    int64_t arrival_ns;
    uint64_t n_frames, n_holes, n_late_scans;
    uint64_t lost[N_LOSS_SIDES];
};

enum frame_verdict {
    FRAME_NEXT,    /* goes on; `holes` tells what is missing before it */
    FRAME_RESTART, /* the device's clock or count began anew: history ends here */
    FRAME_REPEATED /* seen already: not to be used */
};

enum { HOLES_MAX = 2 };

void frame_ledger_init(struct frame_ledger *ledger);

/** The device went away, or stopped: what is missing before the next frame is nobody's fault here.
 */
void frame_ledger_away(struct frame_ledger *ledger);

/**
 * One frame, before it is processed.
 * @param n_bad_messages  that the source counted so far
 * @param arrival_ns      monotonic
 * @param is_recording    frames that a recording lacks are the source's loss
 * @param holes           out: [HOLES_MAX]
 * @param n_holes         out: 0..HOLES_MAX
 */
enum frame_verdict frame_ledger_enter(struct frame_ledger *ledger, const struct source_frame *frame,
                                      double interval_s, uint64_t n_bad_messages,
                                      int64_t arrival_ns, bool is_recording,
                                      struct frame_hole *holes, unsigned *n_holes);

#endif
