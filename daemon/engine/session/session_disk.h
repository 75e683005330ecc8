/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_disk.h - room for session files: how much there is, and keeping some in reserve
 *
 * HDF5 does not survive a write that fails for want of space, so none may fail: before anything is
 * written, room for it and for an orderly end is set aside behind the file's end. When that cannot
 * be had, the recorder stops writing while the file can still be closed. */
#ifndef SESSION_DISK_H
#define SESSION_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/** Room that a user may fill on the file system of `path`, octets; UINT64_MAX: cannot be told. */
uint64_t session_disk_free_bytes(const char *path);

/**
 * Name of the network file system that `path` lies on; NULL: it is a local one. SWMR needs writes
 * to become visible in their order, which these do not promise.
 */
const char *session_disk_network(const char *path);

/**
 * Set room aside behind the end of an open file, which does not grow by it.
 * @param n_bytes  behind the present end
 * @return THENAR_OK, also where the file system cannot reserve (then only the free space is
 *         looked at); THENAR_ERR_SPACE there is no such room, or the file may not grow so far
 */
THENAR_NODISCARD enum thenar_status session_disk_reserve(int fd, uint64_t n_bytes);

/** Give back what was set aside and not used. */
void session_disk_release(const char *path);

/** Bring to the disk that a new file is there, and its folder: what is in a file is worth nothing
 * after a power cut when its name is not. As far as the disk allows. */
void session_disk_sync_name(const char *path);

#endif
