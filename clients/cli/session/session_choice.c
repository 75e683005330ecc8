/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_choice.h"

#include <math.h>
#include <string.h>
#include <time.h>

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

bool session_choice_holds(const struct session_choice *choice,
                          const struct session_manifest *manifest)
{
    const struct session_about *about = &manifest->about;
    if (choice->participant && strcmp(choice->participant, about->participant) != 0)
        return false;
    if (choice->plan && strcmp(choice->plan, about->plan) != 0)
        return false;
    return !(about->start_unix_s < choice->since_unix_s) &&
           !(about->start_unix_s >= choice->until_unix_s);
}
