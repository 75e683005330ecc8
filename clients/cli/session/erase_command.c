/* SPDX-License-Identifier: GPL-3.0-or-later */
/* erase: a participant asks that nothing of theirs is kept */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/session_manifest.h"
#include "session_command.h"

static const char COMMAND[] = "session erase";

enum { PATH_BYTES = SESSION_PATH_BYTES + 512 };

struct erase_count {
    unsigned n_sessions, n_files, n_failed;
    double bytes;
};

static void fail(struct erase_count *count, const char *path, const char *why)
{
    (void)fprintf(stderr, "thenar %s: %s: %s\n", COMMAND, path, why);
    count->n_failed++;
}

/* Everything in a session's folder is the session's; folders in it are not ours and stay. */
static void erase_files(const char *path, bool is_real, struct erase_count *count)
{
    char file[2 * PATH_BYTES];
    struct stat facts;
    const struct dirent *entry;
    DIR *folder = opendir(path);
    if (!folder) {
        fail(count, path, strerror(errno));
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        (void)snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            lstat(file, &facts) != 0)
            continue;
        if (is_real && unlink(file) != 0) {
            fail(count, file, strerror(errno));
            continue;
        }
        count->n_files++;
        count->bytes += (double)facts.st_size;
        printf("  %s\n", file);
    }
    (void)closedir(folder);
    if (is_real && rmdir(path) != 0)
        fail(count, path, strerror(errno));
}

static void erase_session(const char *path, const char *id, bool is_real, struct erase_count *count)
{
    int lock = session_folder_lock(path);
    if (lock < 0) {
        fail(count, id, "is being recorded; `thenar session stop`, then erase again");
        return;
    }
    printf("%s %s\n", is_real ? "removed" : "would remove", id);
    erase_files(path, is_real, count);
    (void)close(lock);
    count->n_sessions++;
}

/* The manifest tells whose it is; where it is lost, the files do. */
static bool is_of(const char *path, const char *participant)
{
    struct session_manifest manifest;
    struct thenar_error error;
    if (session_manifest_read(&manifest, path, &error) != THENAR_OK &&
        session_manifest_collect(&manifest, path, &error) != THENAR_OK)
        return false;
    bool is_theirs = strcmp(manifest.about.participant, participant) == 0;
    session_manifest_finish(&manifest);
    return is_theirs;
}

static int conclude(const struct erase_count *count, const char *participant, bool is_real)
{
    char size[32];
    session_print_size(size, sizeof size, count->bytes);
    if (count->n_sessions == 0 && count->n_failed == 0) {
        (void)fprintf(stderr, "thenar %s: no session of participant '%s'\n", COMMAND, participant);
        return EXIT_FAILED;
    }
    printf("%s: %u session%s, %u file%s, %s%s\n", participant, count->n_sessions,
           count->n_sessions == 1 ? "" : "s", count->n_files, count->n_files == 1 ? "" : "s", size,
           is_real ? " removed" : "; nothing was removed yet: say --yes");
    if (is_real && count->n_sessions > 0)
        printf("Exports, reports, backups and the key file with names, if you keep them elsewhere, "
               "are still there.\n");
    return count->n_failed > 0 ? EXIT_FAILED : EXIT_DONE;
}

int session_erase_action(int argc, char **argv)
{
    const char *option = NULL;
    bool is_real = false;
    const struct option_row rows[] = {
        {"yes", OPTION_FLAG, &is_real, NULL, "really; without it, only what would be removed", 0,
         0},
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        COMMAND,
        "ID",
        "Remove all sessions of a participant, and say what was removed. There is no way back.",
        rows,
        2,
        OPTION_CONTROL};
    char folder[SESSION_PATH_BYTES], path[PATH_BYTES];
    char **names;
    size_t n_names;
    struct erase_count count = {0};
    struct options_result options;
    struct thenar_error error;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1 || options.operands[0][0] == '\0')
        return options_fail(&table, "whose sessions? The participant's pseudonym: P007");
    session_choose_folder(option, options.control, folder);
    if (session_folder_sessions(folder, &names, &n_names, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, error.text);
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < n_names; i++) {
        (void)snprintf(path, sizeof path, "%s/%.250s", folder, names[i]);
        if (is_of(path, options.operands[0]))
            erase_session(path, names[i], is_real, &count);
    }
    session_folder_free(names, n_names);
    return conclude(&count, options.operands[0], is_real);
}
