/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SCORE_MOST 100.0F

enum thenar_status session_choice_date(double *unix_s, const char *text, bool is_end,
                                       struct thenar_error *error)
{
    struct tm parts = {.tm_isdst = -1};
    const char *end = strptime(text, "%Y-%m-%d", &parts);
    if (end && *end == '\0') {
        parts.tm_mday += is_end;
    } else if (end) {
        end = strptime(end, *end == 'T' ? "T%H:%M" : " %H:%M", &parts);
    }
    if (!end || *end)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "'%.40s' is no date: 2026-11-21 or '2026-11-21 14:30'", text);
    parts.tm_isdst = -1;
    *unix_s = (double)mktime(&parts);
    return THENAR_OK;
}

/* Nothing at all is `otherwise`. @return false: no number from 0 to 100 */
static bool take_number(const char *text, size_t n_text, float otherwise, float *value)
{
    char number[16], *end;
    *value = otherwise;
    if (n_text == 0)
        return true;
    if (n_text >= sizeof number)
        return false;
    memcpy(number, text, n_text);
    number[n_text] = '\0';
    *value = strtof(number, &end);
    return *end == '\0' && *value >= 0 && *value <= SCORE_MOST;
}

enum thenar_status session_choice_score(struct session_choice *choice, const char *text,
                                        struct thenar_error *error)
{
    const char *dots = strstr(text, "..");
    size_t n_min = dots ? (size_t)(dots - text) : strlen(text);
    const char *max = dots ? dots + 2 : "";
    choice->has_score = true;
    if (text[0] == '\0' || strcmp(text, "..") == 0 ||
        !take_number(text, n_min, 0, &choice->score_min) ||
        !take_number(max, strlen(max), SCORE_MOST, &choice->score_max) ||
        choice->score_min > choice->score_max)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "'%.40s' is no range of scores, which go from 0 to 100: 70.. or ..50 or "
                           "60..80",
                           text);
    return THENAR_OK;
}

static bool is_other(const char *wanted, const char *is)
{
    return wanted && strcmp(wanted, is) != 0;
}

static bool holds_score(const struct session_choice *choice,
                        const struct session_manifest *manifest)
{
    const struct session_manifest_device *scored = session_manifest_scored(manifest);
    return scored && scored->summary.score.practice_score >= choice->score_min &&
           scored->summary.score.practice_score <= choice->score_max;
}

bool session_choice_holds(const struct session_choice *choice,
                          const struct session_manifest *manifest)
{
    const struct session_about *about = &manifest->about;
    if (is_other(choice->participant, about->participant) ||
        is_other(choice->operator_id, about->operator_id) ||
        is_other(choice->station, about->station) ||
        is_other(choice->plan, session_manifest_plan(manifest)) ||
        (choice->has_score && !holds_score(choice, manifest)))
        return false;
    return !(about->start_unix_s < choice->since_unix_s) &&
           !(about->start_unix_s >= choice->until_unix_s);
}
