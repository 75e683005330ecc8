/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_holder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is this process's descriptor table holding the device? */
static bool has_open(const char *pid, const struct stat *device)
{
    char folder[64], path[384];
    (void)snprintf(folder, sizeof folder, "/proc/%.20s/fd", pid);
    DIR *fds = opendir(folder);
    bool found = false;
    for (struct dirent *entry; fds && !found && (entry = readdir(fds));) {
        struct stat status;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        found = stat(path, &status) == 0 && S_ISCHR(status.st_mode) &&
                status.st_rdev == device->st_rdev;
    }
    if (fds)
        closedir(fds);
    return found;
}

static void name_process(const char *pid, char *name)
{
    if (strtol(pid, NULL, 10) == (long)getpid()) {
        (void)snprintf(name, DEVICE_HOLDER_BYTES, "this thenard");
        return;
    }
    char path[64], comm[32] = "";
    (void)snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
    FILE *file = fopen(path, "re");
    if (file && fgets(comm, sizeof comm, file))
        comm[strcspn(comm, "\n")] = '\0';
    if (file)
        fclose(file);
    (void)snprintf(name, DEVICE_HOLDER_BYTES, "%s (process %.20s)", comm, pid);
}

bool device_holder_find(const char *path, char *name)
{
    struct stat device;
    if (stat(path, &device) != 0 || !S_ISCHR(device.st_mode))
        return false;
    bool found = false;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes && !found && (entry = readdir(processes));) {
        found =
            entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && has_open(entry->d_name, &device);
        if (found)
            name_process(entry->d_name, name);
    }
    if (processes)
        closedir(processes);
    return found;
}
