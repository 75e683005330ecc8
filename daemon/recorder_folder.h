/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recorder_folder.h - remove a session of which nothing is to be kept */
#ifndef RECORDER_FOLDER_H
#define RECORDER_FOLDER_H

#include "error.h"

/**
 * The folder of a session, and the files in it; folders in it are not ours, and stay.
 * @return THENAR_OK; THENAR_ERR_OS: what is left, and why
 */
THENAR_NODISCARD enum thenar_status recorder_folder_remove(const char *path,
                                                           struct thenar_error *error);

#endif
