/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_choice.h - which sessions of a folder are meant: filters over their manifests */
#ifndef SESSION_CHOICE_H
#define SESSION_CHOICE_H

#include "session/session_manifest.h"

struct session_choice {
    const char *participant, *plan;    /* NULL: any */
    double since_unix_s, until_unix_s; /* [since, until); NaN: unbounded */
};

/**
 * "2026-11-21", "2026-11-21 14:30", local time.
 * @param is_end  a day alone means its end
 * @return THENAR_OK; THENAR_ERR_VALUE
 */
THENAR_NODISCARD enum thenar_status session_choice_date(double *unix_s, const char *text,
                                                        bool is_end, struct thenar_error *error);

bool session_choice_holds(const struct session_choice *choice,
                          const struct session_manifest *manifest);

#endif
