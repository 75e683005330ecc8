/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_tape.h - what goes from a device's thread to the recorder while a session is recorded
 *
 * One ring of struct tape_record: 2048 slots, ten seconds at 200 frames/s. Memory is taken once a
 * session is recorded, for as much of a slot as a frame fills: 6 MB at 32x32. When it is full,
 * because the disk is slow, a live device does not wait: the frame is lost for the file, and told
 * there as a gap of side `disk` when there is room again. A recording that is played waits.
 *
 * Context: the device's thread; wait-free, allocates only where a file begins */
#ifndef DEVICE_TAPE_H
#define DEVICE_TAPE_H

#include "device_report.h"
#include "tape_record.h"

struct device_tape {
    struct ring ring;
    const char *name; /* borrowed, like uri */
    const char *uri;
    bool can_wait;                  /* the source: set before the thread starts */
    const atomic_bool *is_stopping; /* ends all waiting; borrowed */
    bool is_wanted;                 /* between session start and stop */
    bool is_on;                     /* a file was begun and not ended */
    bool is_end_due;                /* it was ended, but that found no slot yet */
    bool is_anew;                   /* the pipeline began anew before the next frame */
    bool is_relative, is_float;
    uint32_t part, metrics_every;
    uint64_t n_frames;                 /* since the file began, with those that found no slot */
    uint32_t sequence;                 /* of the last */
    struct frame_hole hole;            /* frames that found no slot, not yet told */
    size_t n_sample_bytes;             /* of a frame */
    struct device_times last;          /* times of the last frame on the tape */
    double wall_less_host_s;           /* when the file began: the file's times never step */
    const char *plan_name, *plan_text; /* in force; borrowed from the coach; NULL: none */
};

/* What a file begins with; copied. */
struct device_tape_start {
    const struct source_description *description;
    const struct array_layout *layout;         /* with the calibration in force */
    const struct pipeline *pipeline;           /* just made */
    const char *calibration;                   /* in words */
    float gate_kpa;                            /* of the pipeline's options */
    const struct session_documents *documents; /* of the device */
};

/* A command that took effect, or was refused. */
struct device_tape_command {
    const char *name, *request; /* the latter as it came */
    double value;               /* NaN: none */
    bool is_loaded, is_done;
};

/** Nobody is woken: the recorder looks often enough. @return THENAR_OK; THENAR_ERR_MEMORY;
 * THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status device_tape_init(struct device_tape *tape,
                                                     const atomic_bool *is_stopping);
void device_tape_finish(struct device_tape *tape);

/**
 * A file begins, with a pipeline that was just made.
 * @return THENAR_OK; THENAR_ERR_BUSY no slot; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status device_tape_begin(struct device_tape *tape,
                                                      const struct device_tape_start *start);

/** The file ends; nothing when there is none. When the ring is full, device_tape_settle says so. */
void device_tape_end(struct device_tape *tape);

/**
 * Say what found no slot before, if there is one now.
 * @param must_wait  until it is said: when the thread ends, and holds nobody up any more
 */
void device_tape_settle(struct device_tape *tape, bool must_wait);

/** The device's clock or count began anew: so did the pipeline, before the next frame. */
void device_tape_anew(struct device_tape *tape);

/** One frame that the pipeline has seen, and what it made of it. */
void device_tape_frame(struct device_tape *tape, const struct source_frame *frame,
                       const struct device_times *times, const struct pipeline_output *output);

/** Strokes and episodes that ended without a frame. */
void device_tape_events(struct device_tape *tape, const struct pipeline_output *output);

/** Frames are missing, whoever lost them; the next frame is the one after the hole. */
void device_tape_hole(struct device_tape *tape, const struct frame_hole *hole);

void device_tape_command(struct device_tape *tape, const struct device_tape_command *command);
void device_tape_note(struct device_tape *tape, const char *text);

/**
 * The plan that is in force from now on: into the file, and into those that begin later.
 * @param name, text  borrowed until the next call; NULL: none
 */
void device_tape_plan(struct device_tape *tape, const char *name, const char *text);

/** How it is followed. @param row  its time and frame are set */
void device_tape_score(struct device_tape *tape, struct session_score_row *row);

/** What the coach says, with the last frame. */
void device_tape_cue(struct device_tape *tape, const struct thenar_feed_cue *cue);

/** Something happened to the device. */
void device_tape_event(struct device_tape *tape, const char *event, const char *text);
void device_tape_health(struct device_tape *tape, const struct thenar_health *health);
void device_tape_aux(struct device_tape *tape, const struct thenar_aux_sample *sample,
                     struct moment arrival);

#endif
