/* SPDX-License-Identifier: MIT */
#include "feed/key_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 16 * 1024 };

void thenar_key_folder_default(char *path)
{
    const char *own = getenv("THENAR_KEYS");
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    path[0] = '\0';
    if (own && *own)
        (void)snprintf(path, THENAR_KEY_PATH_BYTES, "%s", own);
    else if (config && *config == '/')
        (void)snprintf(path, THENAR_KEY_PATH_BYTES, "%s/thenar/keys", config);
    else if (home && *home)
        (void)snprintf(path, THENAR_KEY_PATH_BYTES, "%s/.config/thenar/keys", home);
}

/* @return octets read, or -1 */
static ssize_t read_all(int fd, char *text)
{
    size_t n = 0;
    while (n < FILE_BYTES_MAX) {
        ssize_t n_more = read(fd, text + n, FILE_BYTES_MAX - n);
        if (n_more < 0 && errno == EINTR)
            continue;
        if (n_more < 0)
            return -1;
        if (n_more == 0)
            break;
        n += (size_t)n_more;
    }
    return (ssize_t)n;
}

/* @param is_secret  refuse a file that others may read */
static enum thenar_status read_file(const char *path, bool is_secret, struct thenar_curve_key *key,
                                    struct thenar_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return thenar_fail(error, errno == ENOENT ? THENAR_ERR_ABSENT : THENAR_ERR_OS, "%s: %s",
                           path, strerror(errno));
    struct stat about;
    char text[FILE_BYTES_MAX];
    ssize_t n = -1;
    bool is_open_to_others = fstat(fd, &about) == 0 && (about.st_mode & 077) != 0;
    if (!is_secret || !is_open_to_others)
        n = read_all(fd, text);
    int reason = errno;
    (void)close(fd);
    if (is_secret && is_open_to_others)
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "%s: others may read this secret key; make it yours alone: chmod 600",
                           path);
    if (n < 0)
        return thenar_fail(error, THENAR_ERR_OS, "%s: %s", path, strerror(reason));
    struct thenar_error inner;
    enum thenar_status status = thenar_curve_key_decode(text, (size_t)n, key, &inner);
    return status == THENAR_OK ? status : thenar_fail(error, status, "%s: %s", path, inner.text);
}

enum thenar_status thenar_key_read(const char *path, struct thenar_curve_key *key,
                                   struct thenar_error *error)
{
    return read_file(path, false, key, error);
}

static bool join(char *path, const char *folder, const char *part, const char *name,
                 const char *ending)
{
    int n = snprintf(path, THENAR_KEY_PATH_BYTES, "%s/%s%s%s", folder, part, name, ending);
    return n > 0 && n < THENAR_KEY_PATH_BYTES;
}

enum thenar_status thenar_key_folder_own(const char *folder, struct thenar_curve_key *key,
                                         struct thenar_error *error)
{
    char path[THENAR_KEY_PATH_BYTES];
    if (!join(path, folder, "own", "", ".key_secret"))
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: the path is too long", folder);
    enum thenar_status status = read_file(path, true, key, error);
    if (status == THENAR_ERR_ABSENT)
        return thenar_fail(error, status,
                           "%s: this machine has no key yet; 'thenar keys make' makes one", path);
    if (status == THENAR_OK && key->secret_z85[0] == '\0')
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: it has no secret-key", path);
    return status;
}

enum thenar_status thenar_key_folder_host(const char *folder, const char *host,
                                          struct thenar_curve_key *key, struct thenar_error *error)
{
    char path[THENAR_KEY_PATH_BYTES];
    if (strchr(host, '/') || !join(path, folder, "hosts/", host, ".key"))
        return thenar_fail(error, THENAR_ERR_VALUE, "'%s' names no host", host);
    return read_file(path, false, key, error);
}

bool thenar_key_folder_allows(const char *folder, const char *public_z85, char *name)
{
    static const char ending[] = ".key";
    char path[THENAR_KEY_PATH_BYTES];
    if (!join(path, folder, "allowed", "", ""))
        return false;
    DIR *files = opendir(path);
    bool is_allowed = false;
    for (struct dirent *file; files && !is_allowed && (file = readdir(files));) {
        size_t n = strlen(file->d_name);
        struct thenar_curve_key key;
        struct thenar_error ignored;
        if (n < sizeof ending || n >= THENAR_KEY_NAME_BYTES ||
            strcmp(file->d_name + n - (sizeof ending - 1), ending) != 0 ||
            !join(path, folder, "allowed/", file->d_name, "") ||
            thenar_key_read(path, &key, &ignored) != THENAR_OK)
            continue;
        is_allowed = strcmp(key.public_z85, public_z85) == 0;
        (void)snprintf(name, THENAR_KEY_NAME_BYTES, "%.*s", (int)(n - (sizeof ending - 1)),
                       file->d_name);
    }
    if (files)
        (void)closedir(files);
    return is_allowed;
}
