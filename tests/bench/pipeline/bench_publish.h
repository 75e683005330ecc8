/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_publish.h - what thenard says on the feed about one frame: the matrix with every frame, the
 * metrics 50 times a second of frame time. A PUB socket without a subscriber. */
#ifndef BENCH_PUBLISH_H
#define BENCH_PUBLISH_H

#include "pipeline.h"

struct bench_publish;

/** Bind to `address`; ends the process with a sentence when it cannot. */
struct bench_publish *bench_publish_create(const char *address, const struct array_layout *layout,
                                           float filter_delay_ms);
void bench_publish_destroy(struct bench_publish *publish);

/** @param pressure  [n_taxels] filtered, kPa */
void bench_publish_frame(struct bench_publish *publish, const struct pipeline_output *output,
                         const float *pressure);

#endif
