/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/calibration_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void calibration_folder_default(char *folder, size_t n_space)
{
    const char *state = getenv("STATE_DIRECTORY"), *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    folder[0] = '\0';
    if (state && state[0] == '/')
        (void)snprintf(folder, n_space, "%.*s/calibrations", (int)strcspn(state, ":"), state);
    else if (geteuid() == 0)
        (void)snprintf(folder, n_space, "/var/lib/thenar/calibrations");
    else if (data && data[0] == '/')
        (void)snprintf(folder, n_space, "%s/thenar/calibrations", data);
    else if (home && home[0] == '/')
        (void)snprintf(folder, n_space, "%s/.local/share/thenar/calibrations", home);
}

enum thenar_status calibration_folder_make(const char *folder, struct thenar_error *error)
{
    char path[1200];
    int n = snprintf(path, sizeof path, "%s", folder);
    if (n <= 0 || (size_t)n >= sizeof path)
        return thenar_fail(error, THENAR_ERR_OS, "no folder for calibrations: say --folder");
    for (char *at = path + 1; *at; at++)
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, 0755);
            *at = '/';
        }
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return thenar_fail(error, THENAR_ERR_OS, "%s: cannot make the folder: %s", path,
                           strerror(errno));
    return THENAR_OK;
}
