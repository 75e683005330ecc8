/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_pressure.h - any frames of a session file as pressure
 *
 * Counts through the calibration, less the zero that was in force at that frame: tares that were
 * asked for in the session are taken again. Neither filter nor the corrections of sneak currents
 * and creep are applied (docs/measurement.md states what those change); what the pipeline made of
 * the frames is in the table `metrics`. */
#ifndef SESSION_PRESSURE_H
#define SESSION_PRESSURE_H

#include "session/session_reader.h"

struct session_pressure;

/**
 * @param reader  borrowed; must outlive it
 * @return THENAR_OK; THENAR_ERR_MEMORY, also for a sensor law without sense; as the reader
 */
THENAR_NODISCARD enum thenar_status session_pressure_create(struct session_pressure **out,
                                                            struct session_reader *reader,
                                                            struct thenar_error *error);
void session_pressure_destroy(struct session_pressure *pressure); /* NULL is allowed */

/**
 * Frames in any order; those beside each other are read fastest.
 * @param pressures  out: [n_frames][n_taxels] kPa, or 0..1 of full scale; NaN where no taxel is
 * @return THENAR_OK; as session_reader_samples
 */
THENAR_NODISCARD enum thenar_status session_pressure_read(struct session_pressure *pressure,
                                                          uint64_t first, size_t n_frames,
                                                          float *pressures,
                                                          struct thenar_error *error);

/**
 * The frame at a time: the last whose scan began then or before; the first when all are later.
 * @param t  Unix seconds (t_device)
 * @return THENAR_OK; THENAR_END there are no frames; as session_reader_rows
 */
THENAR_NODISCARD enum thenar_status session_pressure_frame_at(struct session_reader *reader,
                                                              double t, uint64_t *index,
                                                              struct thenar_error *error);

#endif
