/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_choice.h - which sessions of a folder are meant: filters over their manifests */
#ifndef SESSION_CHOICE_H
#define SESSION_CHOICE_H

#include "session/session_manifest.h"

struct session_choice {
    const char *participant, *operator_id, *station; /* NULL: any */
    const char *plan;                  /* named at the start, or followed; NULL: any */
    double since_unix_s, until_unix_s; /* [since, until); NaN: unbounded */
    bool has_score;                    /* only those with a practice score in [min, max] */
    float score_min, score_max;
};

/**
 * "2026-11-21", "2026-11-21 14:30", local time.
 * @param is_end  a day alone means its end
 * @return THENAR_OK; THENAR_ERR_VALUE
 */
THENAR_NODISCARD enum thenar_status session_choice_date(double *unix_s, const char *text,
                                                        bool is_end, struct thenar_error *error);

/**
 * "70..", "..50", "60..80"; a number alone means at least that.
 * @return THENAR_OK; THENAR_ERR_VALUE
 */
THENAR_NODISCARD enum thenar_status session_choice_score(struct session_choice *choice,
                                                         const char *text,
                                                         struct thenar_error *error);

bool session_choice_holds(const struct session_choice *choice,
                          const struct session_manifest *manifest);

#endif
