/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recorder_settings.h - the configuration in force, as rows of a session file */
#ifndef RECORDER_SETTINGS_H
#define RECORDER_SETTINGS_H

#include "conf.h"
#include "session/session_rows.h"

/** @param rows  out: [n_rows] for free(). @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status recorder_settings_of(const struct conf *config,
                                                         struct session_setting_row **rows,
                                                         size_t *n_rows);

#endif
