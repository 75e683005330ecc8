/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_folder.h - where calibrations are kept when nobody says otherwise */
#ifndef CALIBRATION_FOLDER_H
#define CALIBRATION_FOLDER_H

#include <stddef.h>

#include "error.h"

/**
 * $STATE_DIRECTORY/calibrations under systemd; else /var/lib/thenar/calibrations for root, else
 * $XDG_DATA_HOME/thenar/calibrations, else ~/.local/share/thenar/calibrations.
 * @param folder  out: [n_space]; "" when there is no home either
 */
void calibration_folder_default(char *folder, size_t n_space);

/** Make a folder and those above it. @return THENAR_OK; THENAR_ERR_OS with the reason */
THENAR_NODISCARD enum thenar_status calibration_folder_make(const char *folder,
                                                            struct thenar_error *error);

#endif
