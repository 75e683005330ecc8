/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window_collector.h - takes through the pipeline, and a sample every so often
 *
 * Learning sees exactly what naming sees: the features of the running pipeline, at the moments that
 * it names them. */
#ifndef WINDOW_COLLECTOR_H
#define WINDOW_COLLECTOR_H

#include "error.h"
#include "pipeline.h"
#include "training/sample_table.h"

/* A labelled stretch of a recording. */
struct labelled_span {
    double start_s, end_s;
    char label[SAMPLE_TEXT_BYTES];
};

struct window_collector {
    struct sample_table *table;
    unsigned person;
    unsigned weight; /* of each sample */
    double every_s;  /* between two samples */
    double settle_s; /* after a span's start: before it there is nothing to see */
    bool with_rest;  /* also while no hand is on: of recordings that label it */
    double next_s;
};

/**
 * After a frame went through: add a sample when it is time and hands are at work.
 * @param span  that the frame lies in; NULL: none
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status window_collector_look(struct window_collector *collector,
                                                          const struct pipeline *pipeline,
                                                          double at_s,
                                                          const struct labelled_span *span);

#endif
