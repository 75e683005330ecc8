/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_json.h - what recorded sessions hold, as JSON for the pages
 *
 * Names end in their unit; what is absent is null; pressures are kPa, or 0 to 1 of full scale where
 * `unit` says "rel". Times in `..._s` count from the first frame, `..._unix_s` are Unix seconds.
 * docs/web.md lists the members. Context: the shelf's workers. */
#ifndef SESSION_JSON_H
#define SESSION_JSON_H

#include <jansson.h>

#include "session_case.h"
#include "session_query.h"

/** {"sessions":[...]}, newest first. @return THENAR_OK; THENAR_ERR_OS, THENAR_ERR_MEMORY
 * Owner: the caller has one reference of `json` */
THENAR_NODISCARD enum thenar_status session_json_list(json_t **json, const char *folder,
                                                      const struct session_query *query,
                                                      const struct permission *permission,
                                                      double now_unix_s,
                                                      struct thenar_error *error);

/** What a list says of one session; NULL: out of memory. */
json_t *session_json_head(const struct session_manifest *manifest, bool is_recording);

/** Number, or null where it is NaN. */
json_t *session_json_number(double value);

/** One session with all its devices. @return as the readers */
THENAR_NODISCARD enum thenar_status session_json_one(json_t **json,
                                                     const struct session_case *found,
                                                     struct thenar_error *error);

/** Add what is known of a device's rows: episodes, notes, cues, commands, events, gaps.
 * @param first_s  Unix time of the first frame. @return as session_reader_rows */
THENAR_NODISCARD enum thenar_status session_json_rows(json_t *device, struct session_reader *reader,
                                                      double first_s, struct thenar_error *error);

/** What `thenar compare` says of two sessions. @return as the readers; THENAR_ERR_ABSENT a session
 * without files */
THENAR_NODISCARD enum thenar_status session_json_compare(json_t **json,
                                                         const struct session_case *reference,
                                                         const struct session_case *session,
                                                         struct thenar_error *error);

/** What `thenar session progress` says of a participant. For students: nothing but dates and
 * practice scores, and only of who practised at their station within the hours that they may see.
 * @return THENAR_OK; THENAR_ERR_ABSENT; as the readers */
THENAR_NODISCARD enum thenar_status session_json_progress(json_t **json, const char *folder,
                                                          const char *participant,
                                                          const struct permission *permission,
                                                          double now_unix_s,
                                                          struct thenar_error *error);

#endif
