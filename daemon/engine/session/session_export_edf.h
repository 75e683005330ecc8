/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_export_edf.h - the metrics of a session file as EDF+, for viewers of physiology
 *
 * What the hand did, not the taxels: force, pressures, contact area, centre of pressure, speed,
 * pace; episodes, cues, notes, gaps and events are annotations. EDF samples evenly: each sample is
 * the row of `metrics` nearest in time, at the rows' nominal rate rounded to a whole number a
 * second, in records of 1 s. EDF knows no absent value: a sample equal to its signal's physical
 * minimum means "absent" (no rhythm, hands off, nothing recorded). The minimum is -maximum, and the
 * signals never reach it otherwise.
 *
 * Written by libedf (EDFlib). It writes continuous files (EDF+C) only, hence holes are filled with
 * absent samples and annotated; and it cuts annotations at 40 octets.
 * Source: Kemp, Olivan, "European data format 'plus' (EDF+)", Clin. Neurophysiol. 114 (2003). */
#ifndef SESSION_EXPORT_EDF_H
#define SESSION_EXPORT_EDF_H

#include "session/session_reader.h"

struct session_export_edf_result {
    char path[8192];
    unsigned n_signals, rate_hz;
    uint64_t n_records, n_annotations;
    uint64_t n_left_out; /* annotations that found no room: libedf takes 64 a second */
};

/**
 * FOLDER/STEM-metrics.edf, mode 0600; one of the same name is replaced.
 * @param offset_s  of local time from UTC: EDF tells local time
 * @return THENAR_OK; THENAR_ERR_ABSENT no metrics to write; THENAR_ERR_DENIED, THENAR_ERR_OS; as
 *         session_reader_rows
 * Context: one at a time: libedf is not thread-safe
 */
THENAR_NODISCARD enum thenar_status session_export_edf(struct session_reader *reader,
                                                       const char *folder, const char *stem,
                                                       long offset_s,
                                                       struct session_export_edf_result *result,
                                                       struct thenar_error *error);

#endif
