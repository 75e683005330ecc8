/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_hdf5.h - what all of the session room needs of HDF5
 *
 * Debian's HDF5 is not thread-safe and a daemon may write one file while it plays another: every
 * public function of this room holds one lock while it is inside the library. */
#ifndef SESSION_HDF5_H
#define SESSION_HDF5_H

#include <hdf5.h>

#include "error.h"
#include "session/session_tables.h"

/** Take the lock (recursive); the first time, the library is told to print and to tidy up nothing.
 */
void session_hdf5_lock(void);
void session_hdf5_unlock(void);

/** Access properties for files of ours: newest format, which SWMR needs. Close with H5Pclose. */
hid_t session_hdf5_access(void);

/** The type of a table's row, in the file and in memory; negative on failure. H5Tclose. */
hid_t session_hdf5_row_type(const struct session_table_form *form, bool is_relative);

/** "path: what: the library's own words" */
enum thenar_status session_hdf5_fail(struct thenar_error *error, enum thenar_status status,
                                     const char *path, const char *what);

/** A fixed text attribute or string type of n octets, UTF-8, filled with zeros. H5Tclose. */
hid_t session_hdf5_text_type(size_t n_bytes);

#endif
