/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_repair.h - make a file that was cut off open in every reader
 *
 * A recorder that is killed leaves marks in the file by which HDF5 refuses it to all but SWMR
 * readers. Repair takes them away, drops what was half written at the end (rows or samples whose
 * checksum is wrong, or that lack each other), and writes the summary. Frames are never added. */
#ifndef SESSION_REPAIR_H
#define SESSION_REPAIR_H

#include "session/session_head.h"

struct session_repair_result {
    bool was_good;      /* it was closed or repaired already: untouched */
    uint64_t n_frames;  /* that are left */
    uint64_t n_dropped; /* half-written frames taken off the end */
    uint64_t n_dropped_rows;
};

/**
 * The caller knows that nobody records into the file (session_folder.h).
 * @return THENAR_OK; as session_reader_open; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status session_repair(const char *path,
                                                   struct session_repair_result *result,
                                                   struct thenar_error *error);

#endif
