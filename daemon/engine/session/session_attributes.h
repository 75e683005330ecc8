/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_attributes.h - the attributes of a session file's root group
 *
 * One table names every member of the head and of the summary; writing and reading follow it. A
 * member that is added to the engine's sensor law needs a row here, or replay would not see it. */
#ifndef SESSION_ATTRIBUTES_H
#define SESSION_ATTRIBUTES_H

#include "session/session_head.h"
#include "session/session_hdf5.h"

/** Make all attributes and write the head. @return THENAR_OK; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status session_attributes_create(hid_t file,
                                                              const struct session_head *head);

/** Overwrite the summary's. @return as above */
THENAR_NODISCARD enum thenar_status session_attributes_write_summary(
    hid_t file, const struct session_summary *summary);

/**
 * Read all but the arrays of the layout, whose sizes are set.
 * @return THENAR_OK; THENAR_ERR_SYNTAX one is missing or of another kind; THENAR_ERR_VERSION
 */
THENAR_NODISCARD enum thenar_status session_attributes_read(hid_t file, struct session_head *head,
                                                            struct session_summary *summary,
                                                            struct thenar_error *error);

#endif
