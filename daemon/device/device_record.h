/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_record.h - what a device's thread hands to the publisher: one slot of its ring */
#ifndef DEVICE_RECORD_H
#define DEVICE_RECORD_H

#include "engine/pipeline.h"
#include "feed/payload.h"
#include "frame_ledger.h"
#include "moment.h"

enum device_record_kind {
    DEVICE_STATE,  /* what status says; comes before the first frame that it describes */
    DEVICE_FRAME,  /* output and matrix of one frame, with strokes and episodes that ended */
    DEVICE_EVENTS, /* strokes and episodes alone: their frame was lost, or there is none */
    DEVICE_GAP,
    DEVICE_MOTION, /* one sample of a motion sensor; the times are its own */
    DEVICE_CUE,    /* what the coach says */
    DEVICE_PLAN,   /* the plan in force */
    DEVICE_COMFORT /* the receiver said how it feels */
};

struct device_record {
    enum device_record_kind kind;
    bool has_frame;        /* the four times below are those of a frame */
    struct moment arrival; /* of the frame */
    double t_device;       /* its scan, Unix seconds */
    double device_s;       /* the same on the device's clock */
    double scan_s;         /* how long it took; 0 unknown; NaN: of a recording */
    int64_t done_ns;       /* when the pipeline was through; monotonic */
    bool trigger;          /* FRAME: level of the device's trigger input */
    union {
        struct pipeline_output output; /* FRAME, EVENTS */
        struct frame_hole hole;        /* GAP */
        struct motion_sample motion;   /* MOTION */
        struct thenar_feed_cue cue;    /* CUE, PLAN, COMFORT: all but the stamp */
        struct thenar_feed_plan plan;
        struct thenar_feed_comfort comfort;
        struct thenar_feed_status state; /* STATE; the publisher adds what it knows */
    };
    float
        matrix[]; /* FRAME: [n_rows * n_cols] kPa or relative 0..RELATIVE_FULL_SCALE; NaN absent */
};

#endif
