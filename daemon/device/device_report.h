/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_report.h - what `status` says of a device, and when it is due: on change, and each second
 *
 * Context: the device's thread */
#ifndef DEVICE_REPORT_H
#define DEVICE_REPORT_H

#include "clock/device_clock.h"
#include "device_outbox.h"
#include "device_state.h"

struct device_report {
    struct thenar_feed_status state;
    bool is_due;            /* changed, or the second is over */
    bool describes_frames;  /* it was pushed since the pipeline was made: frames may follow */
    int64_t pushed_ns;      /* when it was last pushed */
    int64_t rate_ns;        /* since when frames are counted for the measured rate */
    uint64_t rate_n_frames; /* how many there were then */
};

/** Connecting; due at once. @param uri copied */
void device_report_init(struct device_report *report, const char *uri);

/** @param word a state of FEED.md; @param reason what is wrong and what to do, "" for nothing */
void device_report_set(struct device_report *report, const char *word, const char *reason);

bool device_report_is_streaming(const struct device_report *report);

/**
 * Count, and hand over to the publisher; when there is no room it stays due.
 * @param n_bad_messages  that the source counted
 * @param n_dead          taxels that the pipeline took for dead
 */
void device_report_push(struct device_report *report, struct device_outbox *outbox,
                        const struct frame_ledger *ledger, const struct device_clock *clock,
                        uint64_t n_bad_messages, size_t n_dead, int64_t now_ns);

/** Whether the second is over. */
bool device_report_is_old(const struct device_report *report, int64_t now_ns);

/** How long the thread may sleep before the report is due. */
int device_report_patience_ms(const struct device_report *report, int64_t now_ns);

#endif
