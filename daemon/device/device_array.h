/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_array.h - what a device is: its array, and the pipeline that was made for it
 *
 * A description comes in, a pipeline stands ready. A session's file begins with a pipeline of its
 * own, so that replay can begin where it began; the zero in force goes on. While a returning device
 * is still the same, its pipeline goes on. Context: the device's thread; allocates when a device
 * describes itself, never a frame. */
#ifndef DEVICE_ARRAY_H
#define DEVICE_ARRAY_H

#include "device_outbox.h"
#include "device_report.h"
#include "device_tape.h"

struct device_array {
    const char *name;                    /* for the log; borrowed */
    float gate_kpa;                      /* NaN: from the noise of the array itself */
    const char *calibrations;            /* folder; NULL or "": none are looked for; borrowed */
    const struct classifier *classifier; /* for hands on the array itself; NULL: the one that ships;
                                            borrowed */
    struct array_layout layout;
    const struct source_description *description; /* borrowed from the source */
    struct session_documents documents;           /* what it said of itself, its calibration */
    struct pipeline *pipeline;                    /* NULL: nothing described, or it failed */
    bool is_touched;                              /* in the last frame */
    unsigned n_absent;                            /* taxels that read NaN on the feed */
    uint16_t absent[THENAR_MAX_TAXELS];
};

/** Free all; what was still going on is forgotten (device_array_end tells it first). */
void device_array_finish(struct device_array *array);

/**
 * The device said what it is.
 * @return true when it is another device than the one before: its clock and its count are new
 */
bool device_array_describe(struct device_array *array, const struct source_description *description,
                           struct device_report *report, struct device_outbox *outbox,
                           struct device_tape *tape);

/** The device's clock began anew: what was going on ends, filters start anew. */
void device_array_restart(struct device_array *array, struct device_report *report,
                          struct device_outbox *outbox, struct device_tape *tape);

/** What was still going on ends here, and comes out as strokes and episodes. */
void device_array_end(struct device_array *array, struct device_outbox *outbox,
                      struct device_tape *tape);

/**
 * Recording starts, or stops: what was going on ends, and filters start anew.
 * @return whether a file was begun now; else it will be when the device is there
 */
bool device_array_record(struct device_array *array, bool is_wanted, struct device_report *report,
                         struct device_outbox *outbox, struct device_tape *tape);

/**
 * One frame through the pipeline.
 * @param record  out: output, and matrix with NaN where a taxel does not exist or is dead
 */
void device_array_execute(struct device_array *array, const struct pipeline_input *input,
                          struct device_record *record);

/** Look anew which taxels are dead; once a second will do. */
void device_array_refresh_absent(struct device_array *array);

/** How many are; 0 without a pipeline. */
size_t device_array_n_dead(const struct device_array *array);

#endif
