/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_make.h - the whole page of a session: one article a device */
#ifndef REPORT_MAKE_H
#define REPORT_MAKE_H

#include <stdio.h>

#include "session_command.h"
#include "session_report.h"

/**
 * Read one device's file for a page, with its plan.
 * @param plan     name or file; NULL: the session's own, if it can still be found
 * @param warning  out: text when the session's own plan could not be read, else as it was
 * @return THENAR_OK; as the readers
 * Owner: report_finish frees `report`, also after a failure; the reader must outlive it
 */
THENAR_NODISCARD enum thenar_status report_make_read(struct report *report,
                                                     struct session_reader *reader,
                                                     const char *plan, struct thenar_error *warning,
                                                     struct thenar_error *error);

/**
 * Write the page of all devices.
 * @param reference  compare with these files; without any: no comparison
 * @param plan, warning  as above
 * @return THENAR_OK; as the readers; THENAR_ERR_MEMORY. `out` may hold a part then
 */
THENAR_NODISCARD enum thenar_status report_make(FILE *out, const struct session_files *files,
                                                const struct session_files *reference,
                                                const char *plan, struct thenar_error *warning,
                                                struct thenar_error *error);

#endif
