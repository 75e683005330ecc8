/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli_command.h"
#include "daemon_probe.h"
#include "session/session_manifest.h"
#include "session_command.h"
#include "thenar.h"

enum { PROBE_MS = 300, ASK_MS = 5000 };

void session_print_span(char *text, size_t n_space, double seconds)
{
    unsigned long whole = seconds > 0 ? (unsigned long)seconds : 0;
    if (whole >= 3600)
        (void)snprintf(text, n_space, "%lu h %02lu min", whole / 3600, whole / 60 % 60);
    else if (whole >= 60)
        (void)snprintf(text, n_space, "%lu min %02lu s", whole / 60, whole % 60);
    else
        (void)snprintf(text, n_space, "%.1f s", seconds > 0 ? seconds : 0);
}

void session_print_size(char *text, size_t n_space, double bytes)
{
    if (bytes >= 1e9)
        (void)snprintf(text, n_space, "%.2f GB", bytes * 1e-9);
    else
        (void)snprintf(text, n_space, "%.1f MB", bytes * 1e-6);
}

void session_print_time(char *text, size_t n_space, double unix_s)
{
    struct tm parts;
    time_t seconds = isnan(unix_s) ? 0 : (time_t)unix_s;
    if (isnan(unix_s) || !localtime_r(&seconds, &parts))
        (void)snprintf(text, n_space, "-");
    else
        (void)strftime(text, n_space, "%Y-%m-%d %H:%M:%S", &parts);
}

/* What the session files of a stranger say of themselves must not steer the terminal. */
void session_plain(char *text, size_t n_bytes)
{
    unsigned char *c = (unsigned char *)text;
    for (size_t i = 0; i < n_bytes && c[i]; i++) {
        size_t n_left = n_bytes - i;
        bool is_c1 = n_left > 1 && c[i] == 0xC2 && c[i + 1] >= 0x80 && c[i + 1] < 0xA0;
        bool turns = n_left > 2 && c[i] == 0xE2 &&
                     ((c[i + 1] == 0x80 && c[i + 2] >= 0xAA && c[i + 2] <= 0xAE) ||
                      (c[i + 1] == 0x81 && c[i + 2] >= 0xA6 && c[i + 2] <= 0xA9));
        size_t n = turns ? 3 : is_c1 ? 2 : c[i] < ' ' || c[i] == 0x7F;
        memset(&c[i], ' ', n);
    }
}

/* @return false: nobody is there, or it has no folder */
static bool ask_daemon(const char *control, char *path)
{
    if (!daemon_probe(control, PROBE_MS))
        return false;
    struct thenar_control *link = NULL;
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    struct thenar_error error;
    const char *json;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_SESSION;
    bool is_good = thenar_control_open(&link, control, &error) == THENAR_OK &&
                   thenar_control_send(link, &request, ASK_MS, &json, &error) == THENAR_OK &&
                   thenar_control_reply(link, &reply, NULL, NULL, 0, NULL, &error) == THENAR_OK &&
                   reply.sessions[0];
    if (is_good)
        (void)snprintf(path, SESSION_PATH_BYTES, "%s", reply.sessions);
    thenar_control_close(link);
    if (!is_good)
        (void)fprintf(stderr,
                      "thenar: a daemon is at %s, but does not say where its sessions are; looking "
                      "in the usual folder\n",
                      control);
    return is_good;
}

bool session_choose_folder(const char *option, const char *control, char *path)
{
    if (option) {
        (void)snprintf(path, SESSION_PATH_BYTES, "%s", option);
        return true;
    }
    bool is_set = getenv("THENAR_SESSIONS");
    if (!is_set && ask_daemon(control, path))
        return true;
    session_folder_default(path, SESSION_PATH_BYTES);
    return is_set;
}

/* ---- the files that are meant ---- */

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static enum thenar_status take_file(struct session_files *files, const char *path)
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(files->folder, sizeof files->folder, "%.*s",
                   slash ? (int)(slash - path) + (slash == path) : 1, slash ? path : ".");
    files->names = (char **)calloc(1, sizeof *files->names);
    if (!files->names || !(files->names[0] = strdup(slash ? slash + 1 : path)))
        return THENAR_ERR_MEMORY;
    files->n_files = 1;
    return THENAR_OK;
}

/* A session without files: no device was there, or it was cut off before the first was recorded. */
static enum thenar_status tell_empty(const char *path, struct thenar_error *error)
{
    struct session_manifest manifest;
    if (session_manifest_read(&manifest, path, error) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_ABSENT, "%.300s: no session files (*.h5) in it", path);
    enum session_state state = manifest.state;
    session_manifest_finish(&manifest);
    return thenar_fail(error, THENAR_ERR_ABSENT,
                       state == SESSION_CLOSED
                           ? "%.300s is empty: no device was there while it went on"
                           : "%.300s is empty: no device has been recorded in it",
                       path);
}

int session_files_find(struct session_files *files, const char *command, const char *folder,
                       const char *text)
{
    char path[SESSION_PATH_BYTES];
    struct thenar_error error = {.text = "out of memory"};
    memset(files, 0, sizeof *files);
    enum thenar_status status = session_folder_find(folder, text, path, &error);
    if (status == THENAR_OK && is_folder(path)) {
        (void)snprintf(files->folder, sizeof files->folder, "%s", path);
        files->is_whole = true;
        status = session_folder_files(path, &files->names, &files->n_files, &error);
        if (status == THENAR_OK && files->n_files == 0)
            status = tell_empty(path, &error);
    } else if (status == THENAR_OK) {
        status = take_file(files, path);
    }
    if (status == THENAR_OK)
        return EXIT_DONE;
    (void)fprintf(stderr, "thenar %s: %s\n", command, error.text);
    session_files_finish(files);
    return EXIT_FAILED;
}

void session_files_finish(struct session_files *files)
{
    session_folder_free(files->names, files->n_files);
    files->names = NULL;
    files->n_files = 0;
}

void session_files_path(const struct session_files *files, size_t i, char *path)
{
    (void)snprintf(path, 2 * SESSION_PATH_BYTES, "%s/%s", files->folder, files->names[i]);
}
