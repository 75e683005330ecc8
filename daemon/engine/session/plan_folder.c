/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/plan_folder.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/plan_file.h"

static const char ending[] = ".plan";

__attribute__((format(printf, 2, 3))) static void add_folder(struct plan_folders *folders,
                                                             const char *format, ...)
{
    if (folders->n_folders == PLAN_FOLDERS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    char *folder = folders->folders[folders->n_folders];
    int n = vsnprintf(folder, PLAN_PATH_BYTES, format, arguments);
    va_end(arguments);
    if (n > 0 && n < PLAN_PATH_BYTES)
        folders->n_folders++;
}

static void add_own(struct plan_folders *folders)
{
    char path[PLAN_PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash)
        return;
    *slash = '\0';
    slash = strrchr(path, '/');
    if (!slash)
        return;
    *slash = '\0'; /* the folder above the program's own */
    add_folder(folders, "%s/share/thenar/plans", path);
}

void plan_folders_init(struct plan_folders *folders)
{
    folders->n_folders = 0;
    const char *list = getenv("THENAR_PLANS");
    while (list && *list) {
        size_t n = strcspn(list, ":");
        if (n > 0)
            add_folder(folders, "%.*s", (int)n, list);
        list += n + (list[n] == ':');
    }
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && config[0] == '/')
        add_folder(folders, "%s/thenar/plans", config);
    else if (home && home[0] == '/')
        add_folder(folders, "%s/.config/thenar/plans", home);
    add_folder(folders, "/etc/thenar/plans");
    add_own(folders);
}

/* @return the length of NAME in NAME.plan; 0: it is no plan's file */
static size_t name_length(const char *file)
{
    size_t n = strlen(file), n_ending = sizeof ending - 1;
    if (n <= n_ending || n - n_ending >= PLAN_NAME_BYTES || file[0] == '.')
        return 0;
    return strcmp(file + n - n_ending, ending) == 0 ? n - n_ending : 0;
}

static bool has_name(const struct plan_entry *entries, unsigned n, const char *name, size_t n_name)
{
    for (unsigned i = 0; i < n; i++)
        if (strlen(entries[i].name) == n_name && memcmp(entries[i].name, name, n_name) == 0)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct plan_entry *)a)->name, ((const struct plan_entry *)b)->name);
}

unsigned plan_folders_list(const struct plan_folders *folders, struct plan_entry *entries)
{
    unsigned n = 0;
    for (unsigned f = 0; f < folders->n_folders; f++) {
        DIR *folder = opendir(folders->folders[f]);
        struct dirent *file;
        while (folder && n < PLANS_MAX && (file = readdir(folder))) {
            size_t n_name = name_length(file->d_name);
            if (n_name == 0 || has_name(entries, n, file->d_name, n_name))
                continue;
            struct plan_entry *entry = &entries[n];
            (void)snprintf(entry->name, sizeof entry->name, "%.*s", (int)n_name, file->d_name);
            int n_path = snprintf(entry->path, sizeof entry->path, "%s/%s", folders->folders[f],
                                  file->d_name);
            n += n_path > 0 && n_path < (int)sizeof entry->path;
        }
        if (folder)
            closedir(folder);
    }
    qsort(entries, n, sizeof *entries, compare);
    return n;
}

static enum thenar_status fail_absent(const struct plan_folders *folders, const char *name,
                                      struct thenar_error *error)
{
    char names[300] = "";
    struct plan_entry *entries = calloc(PLANS_MAX, sizeof *entries);
    unsigned n = entries ? plan_folders_list(folders, entries) : 0;
    for (unsigned i = 0; i < n; i++) {
        size_t at = strlen(names);
        (void)snprintf(names + at, sizeof names - at, "%s%s", at ? ", " : "", entries[i].name);
    }
    free(entries);
    if (n == 0)
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "no plan '%.64s', and none at all is found; THENAR_PLANS may name the "
                           "folder of the plans",
                           name);
    return thenar_fail(error, THENAR_ERR_ABSENT, "no plan '%.64s'; there is %s", name, names);
}

enum thenar_status plan_folders_read_text(const struct plan_folders *folders, const char *name,
                                          struct plan *plan, char **text,
                                          struct thenar_error *error)
{
    if (text)
        *text = NULL;
    if (strchr(name, '/') || name_length(name) > 0)
        return plan_file_read_text(plan, name, text, error);
    for (unsigned f = 0; f < folders->n_folders; f++) {
        char path[PLAN_PATH_BYTES + PLAN_NAME_BYTES];
        (void)snprintf(path, sizeof path, "%s/%s%s", folders->folders[f], name, ending);
        if (access(path, F_OK) == 0)
            return plan_file_read_text(plan, path, text, error);
    }
    return fail_absent(folders, name, error);
}

enum thenar_status plan_folders_read(const struct plan_folders *folders, const char *name,
                                     struct plan *plan, struct thenar_error *error)
{
    return plan_folders_read_text(folders, name, plan, NULL, error);
}
