/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/session_attributes.h"
#include "session/session_crc.h"
#include "session/session_disk.h"
#include "session/session_hdf5.h"
#include "session/session_layout.h"

/* Room set aside: three seconds of frames as they come, unpacked, and 1 MiB for tables and the end.
 * It is asked for after every second chunk. */
enum { RESERVE_CHUNKS = 8, RESERVE_BYTES = 1 << 20 };

struct table {
    hid_t dataset, type;
    uint64_t n_rows;     /* in the file */
    unsigned n_pending;  /* not yet */
    unsigned char *rows; /* [chunk_rows * row_bytes] */
};

struct session_file {
    char *path;
    hid_t file, samples;
    int fd; /* HDF5's own */
    bool has_failed;
    struct session_shape shape;
    struct table tables[N_SESSION_TABLES];
    unsigned char *chunk; /* [n_taxels * chunk_frames] taxel by taxel */
    unsigned n_buffered;  /* frames in it */
    bool is_chunk_dirty;
    uint64_t n_frames; /* in whole chunks before it */
    uint32_t crc32;
    double first_s, last_s;
    struct session_score_row score; /* the last; plan "": none came */
};

/* ---- making it ---- */

/* What was filled already: more may follow. */
static bool count_rows(struct table *table)
{
    hid_t space = H5Dget_space(table->dataset);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    (void)H5Sclose(space);
    table->n_rows = n > 0 ? (uint64_t)n : 0;
    return n >= 0;
}

static enum thenar_status open_swmr(struct session_file *f, struct thenar_error *error)
{
    hid_t access = session_hdf5_access();
    f->file = H5Fopen(f->path, H5F_ACC_RDWR | H5F_ACC_SWMR_WRITE, access);
    (void)H5Pclose(access);
    int *handle = NULL;
    if (f->file < 0 || H5Fget_vfd_handle(f->file, H5P_DEFAULT, (void **)&handle) < 0 || !handle)
        return session_hdf5_fail(error, THENAR_ERR_OS, f->path, "cannot be opened for recording");
    f->fd = *handle;
    f->samples = session_layout_open_samples(f->file, &f->shape);
    bool is_good = f->samples >= 0;
    for (int t = 0; t < N_SESSION_TABLES && is_good; t++) {
        const struct session_table_form *form = session_table_form((enum session_table)t);
        f->tables[t].dataset = H5Dopen2(f->file, form->name, H5P_DEFAULT);
        f->tables[t].type = session_hdf5_row_type(form, f->shape.is_relative);
        is_good = f->tables[t].dataset >= 0 && f->tables[t].type >= 0 && count_rows(&f->tables[t]);
    }
    return is_good ? THENAR_OK
                   : session_hdf5_fail(error, THENAR_ERR_OS, f->path, "its tables do not open");
}

static void abandon(struct session_file *f)
{
    for (int t = 0; t < N_SESSION_TABLES; t++) {
        if (f->tables[t].dataset > 0)
            (void)H5Dclose(f->tables[t].dataset);
        if (f->tables[t].type > 0)
            (void)H5Tclose(f->tables[t].type);
        free(f->tables[t].rows);
    }
    if (f->samples > 0)
        (void)H5Dclose(f->samples);
    if (f->file > 0)
        (void)H5Fclose(f->file);
    free(f->chunk);
    free(f->path);
    free(f);
}

static enum thenar_status allocate(struct session_file *f, const char *path)
{
    f->path = strdup(path);
    f->chunk = calloc(f->shape.chunk_frames, f->shape.frame_bytes);
    bool is_good = f->path && f->chunk;
    for (int t = 0; t < N_SESSION_TABLES && is_good; t++) {
        const struct session_table_form *form = session_table_form((enum session_table)t);
        f->tables[t].rows = calloc(session_layout_chunk_rows(form, &f->shape), form->row_bytes);
        is_good = f->tables[t].rows;
    }
    return is_good ? THENAR_OK : THENAR_ERR_MEMORY;
}

/* Made by us, so that nobody else may ever read it; HDF5 then fills it. */
static enum thenar_status make_empty(const char *path, struct thenar_error *error)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return thenar_fail(error,
                           errno == EEXIST                      ? THENAR_ERR_BUSY
                           : errno == EACCES || errno == EROFS  ? THENAR_ERR_DENIED
                           : errno == ENOSPC || errno == EDQUOT ? THENAR_ERR_SPACE
                                                                : THENAR_ERR_OS,
                           "%.300s: cannot be made: %s", path, strerror(errno));
    enum thenar_status status = session_disk_reserve(fd, RESERVE_BYTES);
    (void)close(fd);
    if (status != THENAR_OK) {
        (void)unlink(path);
        return thenar_fail(error, THENAR_ERR_SPACE,
                           "%.300s: no room on the disk; free some, or set another folder", path);
    }
    return THENAR_OK;
}

/* "x/pad.h5" is made as "x/.pad.h5": whoever is killed meanwhile leaves nothing that looks like a
 * session file and opens in no reader. */
static char *name_while_made(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n_folder = slash ? (size_t)(slash - path) + 1 : 0, n_bytes = strlen(path) + 2;
    char *name = malloc(n_bytes);
    if (name)
        (void)snprintf(name, n_bytes, "%.*s.%s", (int)n_folder, path, path + n_folder);
    return name;
}

static enum thenar_status check_free(const char *path, struct thenar_error *error)
{
    return access(path, F_OK) != 0
               ? THENAR_OK
               : thenar_fail(error, THENAR_ERR_BUSY, "%.300s: is there already", path);
}

static enum thenar_status make_layout(const char *path, const struct session_head *head,
                                      const struct session_shape *shape,
                                      enum session_packing packing, struct thenar_error *error)
{
    char *fresh = name_while_made(path);
    if (!fresh)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session file");
    enum thenar_status status = check_free(path, error);
    if (status == THENAR_OK)
        status = make_empty(fresh, error);
    if (status == THENAR_OK) {
        status = session_layout_create(fresh, head, shape, packing, error);
        if (status == THENAR_OK && rename(fresh, path) != 0)
            status = thenar_fail(error, THENAR_ERR_OS, "%.300s: cannot be made: %s", path,
                                 strerror(errno));
        if (status != THENAR_OK)
            (void)unlink(fresh);
        else
            session_disk_sync_name(path);
    }
    free(fresh);
    return status;
}

enum thenar_status session_file_create(struct session_file **out, const char *path,
                                       const struct session_head *head,
                                       enum session_packing packing, struct thenar_error *error)
{
    *out = NULL;
    struct session_file *f = calloc(1, sizeof *f);
    if (!f)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session file");
    f->first_s = f->last_s = (double)NAN;
    session_shape_of(&f->shape, head);
    enum thenar_status status = allocate(f, path);
    if (status != THENAR_OK) {
        abandon(f);
        return thenar_fail(error, status, "out of memory for a session file");
    }
    session_hdf5_lock();
    status = make_layout(path, head, &f->shape, packing, error);
    bool is_made = status == THENAR_OK;
    if (is_made)
        status = open_swmr(f, error);
    if (status == THENAR_OK && session_file_sync(f) != THENAR_OK)
        status = thenar_fail(error, THENAR_ERR_OS, "%.300s: cannot be written", path);
    if (status == THENAR_OK && session_file_reserve(f) != THENAR_OK)
        status = thenar_fail(error, THENAR_ERR_SPACE,
                             "%.300s: no room on the disk; free some, or set another folder", path);
    if (status != THENAR_OK)
        abandon(f);
    session_hdf5_unlock();
    if (status != THENAR_OK && is_made)
        (void)unlink(path);
    else if (status == THENAR_OK)
        *out = f;
    return status;
}

/* ---- writing ---- */

static enum thenar_status fail(struct session_file *f)
{
    f->has_failed = true;
    return THENAR_ERR_OS;
}

/* Rows `first`..`first + n_rows` of a table, whose end this is. */
static bool write_rows(struct table *table, uint64_t first, unsigned n_rows)
{
    hsize_t start = first, count = n_rows, end = first + n_rows;
    if (H5Dset_extent(table->dataset, &end) < 0)
        return false;
    hid_t space = H5Dget_space(table->dataset);
    hid_t memory = H5Screate_simple(1, &count, NULL);
    bool is_good =
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
        H5Dwrite(table->dataset, table->type, memory, space, H5P_DEFAULT, table->rows) >= 0;
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    return is_good;
}

static bool write_pending(struct session_file *f, enum session_table t)
{
    struct table *table = &f->tables[t];
    if (table->n_pending == 0)
        return true;
    if (!write_rows(table, table->n_rows, table->n_pending))
        return false;
    table->n_rows += table->n_pending;
    table->n_pending = 0;
    return true;
}

static bool write_samples(struct session_file *f)
{
    const struct session_shape *s = &f->shape;
    hsize_t start[3] = {0, 0, f->n_frames}, count[3] = {s->n_rows, s->n_cols, f->n_buffered};
    hsize_t end[3] = {s->n_rows, s->n_cols, f->n_frames + f->n_buffered};
    hsize_t whole[3] = {s->n_rows, s->n_cols, s->chunk_frames}, origin[3] = {0, 0, 0};
    if (H5Dset_extent(f->samples, end) < 0)
        return false;
    hid_t space = H5Dget_space(f->samples), memory = H5Screate_simple(3, whole, NULL);
    hid_t type = s->sample_bytes == sizeof(float) ? H5T_IEEE_F32LE : H5T_STD_U16LE;
    bool is_good = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                   H5Sselect_hyperslab(memory, H5S_SELECT_SET, origin, NULL, count, NULL) >= 0 &&
                   H5Dwrite(f->samples, type, memory, space, H5P_DEFAULT, f->chunk) >= 0;
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    return is_good;
}

/* The samples first: a row of `frames` says that they are there. */
static bool write_chunk(struct session_file *f)
{
    struct table *frames = &f->tables[SESSION_FRAMES];
    if (!f->is_chunk_dirty)
        return true;
    if (!write_samples(f) || !write_rows(frames, f->n_frames, f->n_buffered))
        return false;
    f->is_chunk_dirty = false;
    if (f->n_buffered == f->shape.chunk_frames) {
        f->n_frames += f->n_buffered;
        f->n_buffered = 0;
    }
    frames->n_rows = f->n_frames + f->n_buffered;
    return true;
}

static void keep_samples(struct session_file *f, const void *samples)
{
    const struct session_shape *s = &f->shape;
    size_t n_taxels = (size_t)s->n_rows * s->n_cols, step = s->chunk_frames;
    if (s->sample_bytes == sizeof(float)) {
        uint32_t *to = (uint32_t *)(void *)f->chunk + f->n_buffered;
        for (size_t i = 0; i < n_taxels; i++)
            to[i * step] = ((const uint32_t *)samples)[i];
    } else {
        uint16_t *to = (uint16_t *)(void *)f->chunk + f->n_buffered;
        for (size_t i = 0; i < n_taxels; i++)
            to[i * step] = ((const uint16_t *)samples)[i];
    }
}

enum thenar_status session_file_add_frame(struct session_file *file,
                                          const struct session_frame_row *row, const void *samples)
{
    struct session_file *f = file;
    if (f->has_failed)
        return THENAR_ERR_OS;
    if (f->n_buffered == f->shape.chunk_frames && session_file_flush(f, false) != THENAR_OK)
        return THENAR_ERR_OS;
    struct session_frame_row *kept =
        (struct session_frame_row *)(void *)f->tables[SESSION_FRAMES].rows + f->n_buffered;
    *kept = *row;
    kept->crc32 = session_crc_of_frame(f->crc32, row, samples, f->shape.frame_bytes);
    f->crc32 = kept->crc32;
    keep_samples(f, samples);
    if (isnan(f->first_s))
        f->first_s = row->t_device;
    f->last_s = row->t_device;
    f->n_buffered++;
    f->is_chunk_dirty = true;
    return f->n_buffered == f->shape.chunk_frames ? THENAR_PENDING : THENAR_OK;
}

enum thenar_status session_file_add(struct session_file *file, enum session_table table, void *row)
{
    const struct session_table_form *form = session_table_form(table);
    struct table *t = &file->tables[table];
    if (file->has_failed)
        return THENAR_ERR_OS;
    uint32_t crc32 = session_crc_of_row(row, form->row_bytes);
    memcpy((unsigned char *)row + form->row_bytes - sizeof crc32, &crc32, sizeof crc32);
    memcpy(t->rows + t->n_pending * form->row_bytes, row, form->row_bytes);
    if (table == SESSION_SCORES)
        memcpy(&file->score, row, sizeof file->score);
    t->n_pending++;
    if (t->n_pending < session_layout_chunk_rows(form, &file->shape))
        return THENAR_OK;
    session_hdf5_lock();
    bool is_good = write_pending(file, table);
    session_hdf5_unlock();
    return is_good ? THENAR_OK : fail(file);
}

enum thenar_status session_file_flush(struct session_file *file, bool with_partial)
{
    if (file->has_failed)
        return THENAR_ERR_OS;
    session_hdf5_lock();
    bool is_good = true;
    if (with_partial || file->n_buffered == file->shape.chunk_frames)
        is_good = write_chunk(file);
    for (int t = 0; t < N_SESSION_TABLES && is_good; t++)
        if (t != SESSION_FRAMES)
            is_good = write_pending(file, (enum session_table)t);
    is_good = is_good && H5Fflush(file->file, H5F_SCOPE_LOCAL) >= 0;
    session_hdf5_unlock();
    return is_good ? THENAR_OK : fail(file);
}

enum thenar_status session_file_sync(struct session_file *file)
{
    if (file->has_failed)
        return THENAR_ERR_OS;
    return fdatasync(file->fd) == 0 ? THENAR_OK : fail(file);
}

enum thenar_status session_file_reserve(struct session_file *file)
{
    const struct session_shape *s = &file->shape;
    return session_disk_reserve(
        file->fd, RESERVE_BYTES + RESERVE_CHUNKS * (uint64_t)s->chunk_frames *
                                      (s->frame_bytes + sizeof(struct session_frame_row)));
}

/* ---- the end ---- */

static void count(const struct session_file *f, struct session_summary *summary)
{
    summary->n_frames = session_file_n_frames(f);
    summary->n_gaps = session_file_n_rows(f, SESSION_GAPS);
    summary->n_strokes = session_file_n_rows(f, SESSION_STROKES);
    summary->n_episodes = session_file_n_rows(f, SESSION_EPISODES);
    summary->first_s = f->first_s;
    summary->last_s = f->last_s;
    session_summary_take_score(summary, &f->score);
}

enum thenar_status session_file_close(struct session_file *file, struct session_summary *summary,
                                      struct thenar_error *error)
{
    if (!file)
        return THENAR_OK;
    enum thenar_status status = session_file_flush(file, true);
    enum session_file_place place = session_file_place(file);
    char *path = file->path;
    file->path = NULL;
    count(file, summary);
    session_hdf5_lock();
    abandon(file);
    if (place != SESSION_FILE_THERE) /* what lies there now, if anything, is not ours */
        status = thenar_fail(error, THENAR_ERR_ABSENT,
                             place == SESSION_FILE_REMOVED
                                 ? "%.300s was removed while it was recorded: what it held is gone"
                                 : "%.300s was moved away while it was recorded: `thenar session "
                                   "repair` makes it readable where it is now",
                             path);
    else if (status == THENAR_OK)
        status = session_layout_conclude(path, summary, error);
    else
        (void)thenar_fail(error, status, "%.300s: the last of it could not be written", path);
    session_hdf5_unlock();
    if (place == SESSION_FILE_THERE)
        session_disk_release(path);
    free(path);
    return status;
}

uint64_t session_file_n_frames(const struct session_file *file)
{
    return file->n_frames + file->n_buffered;
}

uint64_t session_file_n_rows(const struct session_file *file, enum session_table table)
{
    return table == SESSION_FRAMES ? session_file_n_frames(file)
                                   : file->tables[table].n_rows + file->tables[table].n_pending;
}

enum session_file_place session_file_place(const struct session_file *file)
{
    struct stat own, found;
    if (fstat(file->fd, &own) != 0 || own.st_nlink == 0)
        return SESSION_FILE_REMOVED;
    bool is_there =
        stat(file->path, &found) == 0 && found.st_dev == own.st_dev && found.st_ino == own.st_ino;
    return is_there ? SESSION_FILE_THERE : SESSION_FILE_MOVED;
}

uint64_t session_file_size_bytes(const struct session_file *file)
{
    struct stat facts;
    return fstat(file->fd, &facts) == 0 ? (uint64_t)facts.st_size : 0;
}
