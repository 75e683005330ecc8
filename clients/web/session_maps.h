/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_maps.h - pressure maps out of a session's file, as map_code.h lays live ones down
 *
 * One at a time, a mean over a stretch, or a series of equally spaced ones for playing. The
 * device's number in them is 0. Context: the shelf's workers. */
#ifndef SESSION_MAPS_H
#define SESSION_MAPS_H

#include "session/session_reader.h"
#include "session_query.h"

/**
 * @param maps  out: for free() [n_bytes]
 * @return THENAR_OK; THENAR_ERR_ABSENT the file holds no frames; THENAR_ERR_VALUE too many;
 *         THENAR_ERR_MEMORY; as the reader
 */
THENAR_NODISCARD enum thenar_status session_maps_make(struct session_reader *reader,
                                                      const struct session_query *query,
                                                      char **maps, size_t *n_bytes,
                                                      struct thenar_error *error);

#endif
