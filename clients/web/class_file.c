/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "class_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "class_json.h"

void class_file_default(char *path, size_t n_space)
{
    const char *service = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    path[0] = '\0';
    if (service && service[0] == '/')
        (void)snprintf(path, n_space, "%s/class.json", service);
    else if (state && state[0] == '/')
        (void)snprintf(path, n_space, "%s/thenar/class.json", state);
    else if (home && home[0] == '/')
        (void)snprintf(path, n_space, "%s/.local/state/thenar/class.json", home);
}

static enum thenar_status read_all(int fd, const char *path, struct class_book *book,
                                   struct thenar_error *error)
{
    struct stat kind;
    if (fstat(fd, &kind) != 0 || !S_ISREG(kind.st_mode))
        return thenar_fail(error, THENAR_ERR_OS, "%s: it is no file", path);
    if (kind.st_mode & 077)
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "%s: others may read or change it; 'chmod 600 %s' keeps them out", path,
                           path);
    if (kind.st_size > CLASS_FILE_BYTES_MAX)
        return thenar_fail(error, THENAR_ERR_LENGTH, "%s: larger than any class", path);
    size_t n_text = (size_t)kind.st_size;
    char *text = malloc(n_text + 1);
    if (!text)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the class");
    enum thenar_status status =
        read(fd, text, n_text) == (ssize_t)n_text
            ? class_json_decode(text, n_text, path, book, error)
            : thenar_fail(error, THENAR_ERR_OS, "%s: it cannot be read whole", path);
    free(text);
    return status;
}

enum thenar_status class_file_load(const char *path, struct class_book *book,
                                   struct thenar_error *error)
{
    memset(book, 0, sizeof *book);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return THENAR_OK;
    if (fd < 0)
        return thenar_fail(error, THENAR_ERR_OS, "%s: %s", path, strerror(errno));
    enum thenar_status status = read_all(fd, path, book, error);
    close(fd);
    return status;
}

char *class_file_text(const struct class_book *book)
{
    json_t *root = class_json_book(book);
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    return text;
}

/* Each folder on the way, readable by its owner alone. Those that are there stay as they are. */
static void make_folders(const char *path)
{
    char part[CLASS_FILE_PATH_BYTES];
    for (size_t i = 1; path[i] && i < sizeof part; i++)
        if (path[i] == '/') {
            memcpy(part, path, i);
            part[i] = '\0';
            (void)mkdir(part, 0700);
        }
}

enum thenar_status class_file_write(const char *path, const char *text, struct thenar_error *error)
{
    char scratch[CLASS_FILE_PATH_BYTES + 8];
    if (snprintf(scratch, sizeof scratch, "%s.new", path) >= CLASS_FILE_PATH_BYTES)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "%s: the name is too long", path);
    make_folders(path);
    size_t n_text = strlen(text);
    int fd = open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool is_good = fd >= 0 && write(fd, text, n_text) == (ssize_t)n_text &&
                   write(fd, "\n", 1) == 1 && fsync(fd) == 0;
    int fault = errno;
    if (fd >= 0)
        is_good = close(fd) == 0 && is_good;
    if (is_good && rename(scratch, path) == 0)
        return THENAR_OK;
    fault = is_good ? errno : fault;
    (void)unlink(scratch);
    return thenar_fail(error, THENAR_ERR_OS, "%s: the class cannot be written: %s", path,
                       strerror(fault));
}

void class_file_kept(const char *path, double began_unix_s, char *kept, size_t n_space)
{
    const char *name = strrchr(path, '/');
    int n_folder = name ? (int)(name - path) + 1 : 0;
    char day[32];
    struct tm parts;
    time_t began = (time_t)began_unix_s;
    (void)strftime(day, sizeof day, "%Y%m%d-%H%M%S", gmtime_r(&began, &parts));
    (void)snprintf(kept, n_space, "%.*sclass-%s.json", n_folder, path, day);
}
