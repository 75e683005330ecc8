/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_zip.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "session/session_export_csv.h"

enum { PATH_BYTES = 4096 };

static enum thenar_status make_folder(char *path, struct thenar_error *error)
{
    const char *base = getenv("TMPDIR");
    (void)snprintf(path, PATH_BYTES, "%.3900s/thenar-export-XXXXXX",
                   base && base[0] ? base : "/tmp");
    if (!mkdtemp(path))
        return thenar_fail(error, THENAR_ERR_OS, "%.300s: %s", path, strerror(errno));
    return THENAR_OK;
}

static void remove_folder(const char *path)
{
    char file[PATH_BYTES + 300];
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        (void)snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlink(file);
    }
    if (folder)
        (void)closedir(folder);
    (void)rmdir(path);
}

static bool add_file(zip_t *archive, const char *folder, const char *name)
{
    char path[PATH_BYTES + 300];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    zip_source_t *source = zip_source_file(archive, path, 0, -1);
    if (!source || zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8) < 0) {
        zip_source_free(source);
        return false;
    }
    return true;
}

static bool add_tables(zip_t *archive, const char *folder)
{
    DIR *entries = opendir(folder);
    bool is_good = entries;
    for (const struct dirent *entry; is_good && (entry = readdir(entries));) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot && strcmp(dot, ".csv") == 0)
            is_good = add_file(archive, folder, entry->d_name);
    }
    if (entries)
        (void)closedir(entries);
    return is_good;
}

/* @param path  of the archive, in the same folder */
static enum thenar_status pack(const char *folder, const char *path, struct thenar_error *error)
{
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    if (!archive || !add_tables(archive, folder)) {
        if (archive)
            zip_discard(archive);
        return thenar_fail(error, THENAR_ERR_OS, "the tables cannot be packed in %.300s", folder);
    }
    if (zip_close(archive) == 0)
        return THENAR_OK;
    (void)thenar_fail(error, THENAR_ERR_SPACE, "the tables cannot be packed in %.300s: %s", folder,
                      zip_strerror(archive));
    zip_discard(archive);
    return THENAR_ERR_SPACE;
}

enum thenar_status session_zip_make(struct session_reader *reader, const char *stem, int *fd,
                                    size_t *n_bytes, struct thenar_error *error)
{
    const struct session_export_csv_options options = {.with_samples = false};
    char folder[PATH_BYTES], path[PATH_BYTES + 16];
    unsigned n_files;
    struct stat facts;
    *fd = -1;
    enum thenar_status status = make_folder(folder, error);
    if (status != THENAR_OK)
        return status;
    (void)snprintf(path, sizeof path, "%s/tables.zip", folder);
    status = session_export_csv(reader, folder, stem, &options, &n_files, error);
    if (status == THENAR_OK)
        status = pack(folder, path, error);
    if (status == THENAR_OK) {
        *fd = open(path, O_RDONLY | O_CLOEXEC);
        if (*fd < 0 || fstat(*fd, &facts) != 0)
            status = thenar_fail(error, THENAR_ERR_OS, "%.300s: %s", path, strerror(errno));
        else
            *n_bytes = (size_t)facts.st_size;
    }
    remove_folder(folder);
    return status;
}
