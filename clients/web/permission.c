/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "permission.h"

#include <stdio.h>
#include <string.h>

struct permission permission_local(void)
{
    return (struct permission){.is_local = true, .name = "local", .role = ACCOUNT_INSTRUCTOR};
}

struct permission permission_of(const struct account *account)
{
    struct permission permission = {.role = account->role};
    (void)snprintf(permission.name, sizeof permission.name, "%s", account->name);
    (void)snprintf(permission.station, sizeof permission.station, "%s", account->station);
    return permission;
}

struct permission permission_joined(const char *station)
{
    struct permission permission = {
        .is_joined = true, .role = ACCOUNT_STUDENT, .name = "this tablet"};
    (void)snprintf(permission.station, sizeof permission.station, "%s", station);
    return permission;
}

bool permission_teaches(const struct permission *permission)
{
    return permission->is_local || permission->role == ACCOUNT_INSTRUCTOR;
}

bool permission_sees(const struct permission *permission, const char *station)
{
    return permission->station[0] == '\0' || strcmp(permission->station, station) == 0;
}

/* What only looks. */
static bool is_question(enum thenar_control_command command)
{
    return command == THENAR_CONTROL_STATUS || command == THENAR_CONTROL_DEVICES ||
           command == THENAR_CONTROL_SESSION;
}

/* What concerns the whole machine beside the table, not the massage on it. */
static bool is_upkeep(enum thenar_control_command command)
{
    return command == THENAR_CONTROL_RATE || command == THENAR_CONTROL_SELF_TEST ||
           command == THENAR_CONTROL_DISCOVER || command == THENAR_CONTROL_BOOTLOADER;
}

enum thenar_status permission_check(const struct permission *permission, const char *station,
                                    const struct thenar_control_request *request,
                                    struct thenar_error *error)
{
    enum thenar_control_command command = request->command;
    const char *name = thenar_control_command_name(command);
    if (command == THENAR_CONTROL_SHUTDOWN || command == THENAR_CONTROL_BOOTLOADER)
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "a page cannot send '%s'; the command line on the daemon's machine can",
                           name);
    if (strchr(request->plan, '/') || strchr(request->plan, '.'))
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "a page starts plans by their names; '%.60s' is a file", request->plan);
    if (!permission_sees(permission, station))
        return thenar_fail(error, THENAR_ERR_DENIED, "%s may only command station %s",
                           permission->name, permission->station);
    if (permission->role == ACCOUNT_RESEARCHER && !is_question(command))
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "a researcher looks on; '%s' is for the student and the instructor",
                           name);
    if (permission->role == ACCOUNT_STUDENT && is_upkeep(command))
        return thenar_fail(error, THENAR_ERR_DENIED, "'%s' is for the instructor", name);
    return THENAR_OK;
}
