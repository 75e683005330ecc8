/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_record.h - what a device's thread hands to the recorder: one slot of its ring */
#ifndef TAPE_RECORD_H
#define TAPE_RECORD_H

#include "session/session_head.h"
#include "session/session_tables.h"

enum tape_kind {
    TAPE_BEGIN, /* a file begins: `head`, which now belongs to the reader */
    TAPE_FRAME, /* one frame with its samples, and its row of metrics if `has_metrics` */
    TAPE_ROW,   /* a row of another table; the reader sets its frame and checksum */
    TAPE_END    /* the file ends */
};

struct tape_record {
    enum tape_kind kind;
    bool has_metrics;
    bool is_touched;          /* FRAME: a hand is on it */
    enum session_table table; /* ROW */
    union {
        struct session_head *head;
        struct session_frame_row frame;
        unsigned char row[SESSION_ROW_BYTES_MAX];
    };
    struct session_metrics_row metrics;
    _Alignas(8) unsigned char samples[]; /* FRAME: [n_taxels] uint16, or float32 */
};

#endif
