/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_reader.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/session_attributes.h"
#include "session/session_hdf5.h"
#include "session/session_layout.h"
#include "session/session_older.h"

struct session_reader {
    char *path;
    hid_t file, samples;
    bool is_open;
    uint64_t file_bytes;
    hid_t datasets[N_SESSION_TABLES], types[N_SESSION_TABLES];
    size_t row_bytes[N_SESSION_TABLES]; /* in the file */
    uint64_t n_rows[N_SESSION_TABLES], n_samples;
    struct session_head head;
    struct session_summary summary;
    struct session_shape shape;
    unsigned char *packed; /* [n_taxels * chunk_frames] as in the file */

    /* session_reader_next */
    uint64_t at, first; /* frame that comes next; first of those held */
    size_t n_held;
    struct session_frame_row *held_rows; /* [chunk_frames] */
    unsigned char *held_samples;         /* [chunk_frames][n_taxels] */
};

static enum thenar_status damaged(const struct session_reader *r, const char *what,
                                  struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s: %s", r->path, what);
}

static enum thenar_status check_kind(const char *path, uint64_t *file_bytes,
                                     struct thenar_error *error)
{
    struct stat facts;
    if (stat(path, &facts) != 0 || access(path, R_OK) != 0)
        return thenar_fail(error,
                           errno == ENOENT || errno == ENOTDIR ? THENAR_ERR_ABSENT
                           : errno == EACCES                   ? THENAR_ERR_DENIED
                                                               : THENAR_ERR_OS,
                           "%.300s: %s", path, strerror(errno));
    if (!S_ISREG(facts.st_mode))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s: not a file", path);
    *file_bytes = (uint64_t)facts.st_size;
    return THENAR_OK;
}

/* The superblock of HDF5 1.10 (its File Format Specification, II.A, version 2 and 3): a signature,
 * and how many octets the file had when it was closed. */
enum { SUPERBLOCK_BYTES = 36, END_AT = 28 };

static enum thenar_status tell_unopened(const struct session_reader *r, struct thenar_error *error)
{
    static const unsigned char signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    unsigned char octets[SUPERBLOCK_BYTES] = {0};
    FILE *file = fopen(r->path, "rbe");
    size_t n = file ? fread(octets, 1, sizeof octets, file) : 0;
    uint64_t end = 0;
    if (file)
        (void)fclose(file);
    if (r->file_bytes == 0)
        return damaged(r, "empty: it was not copied, or nothing was written", error);
    if (n < sizeof signature || memcmp(octets, signature, sizeof signature) != 0)
        return damaged(r, "not a session file: it is not even HDF5", error);
    memcpy(&end, octets + END_AT, sizeof end);
    if (n == sizeof octets && end > r->file_bytes)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%.300s: cut short: %llu of its %llu octets are there; copy it again",
                           r->path, (unsigned long long)r->file_bytes, (unsigned long long)end);
    return session_hdf5_fail(error, THENAR_ERR_SYNTAX, r->path, "an HDF5 file, but damaged");
}

static enum thenar_status open_file(struct session_reader *r, struct thenar_error *error)
{
    hid_t access = session_hdf5_access();
    r->file = H5Fopen(r->path, H5F_ACC_RDONLY, access);
    if (r->file < 0) {
        r->file = H5Fopen(r->path, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access);
        r->is_open = r->file >= 0;
    }
    (void)H5Pclose(access);
    return r->file >= 0 ? THENAR_OK : tell_unopened(r, error);
}

/* A table that claims more rows than the file has room for would be read for hours, all of them
 * zero. Rows of `frames` are packed, but no packing makes their checksums smaller; the others lie
 * as they are. While a file is written, its last chunk may not be there yet. */
enum { SLACK_ROWS = 4096 };

static bool can_hold(const struct session_reader *r, enum session_table t, uint64_t n_rows)
{
    uint64_t least_bytes = t == SESSION_FRAMES ? sizeof(uint32_t) : r->row_bytes[t];
    return n_rows <= r->file_bytes / least_bytes + SLACK_ROWS;
}

static bool open_table(struct session_reader *r, enum session_table t)
{
    struct session_older_form older;
    const struct session_table_form *form = session_older_find(t, r->head.format_version, &older);
    r->row_bytes[t] = form->row_bytes;
    if (form->since > r->head.format_version)
        return true; /* an older file: no rows */
    r->datasets[t] = H5Dopen2(r->file, form->name, H5P_DEFAULT);
    r->types[t] = session_hdf5_row_type(form, r->shape.is_relative);
    if (r->datasets[t] < 0 || r->types[t] < 0)
        return false;
    hid_t type = H5Dget_type(r->datasets[t]), space = H5Dget_space(r->datasets[t]);
    bool is_good = H5Tequal(type, r->types[t]) > 0 && H5Sget_simple_extent_ndims(space) == 1;
    r->n_rows[t] = is_good ? (uint64_t)H5Sget_simple_extent_npoints(space) : 0;
    is_good = is_good && can_hold(r, t, r->n_rows[t]);
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    return is_good;
}

static bool open_samples(struct session_reader *r)
{
    hsize_t n[3] = {0};
    r->samples = H5Dopen2(r->file, session_layout_samples_name(r->shape.sample_bytes), H5P_DEFAULT);
    if (r->samples < 0)
        return false;
    hid_t space = H5Dget_space(r->samples), properties = H5Dget_create_plist(r->samples);
    hid_t type = H5Dget_type(r->samples);
    bool is_good =
        H5Sget_simple_extent_ndims(space) == 3 && H5Sget_simple_extent_dims(space, n, NULL) == 3 &&
        n[0] == r->shape.n_rows && n[1] == r->shape.n_cols &&
        H5Tequal(type, r->shape.sample_bytes == sizeof(float) ? H5T_IEEE_F32LE : H5T_STD_U16LE) > 0;
    r->n_samples = n[2];
    is_good = is_good && H5Pget_chunk(properties, 3, n) == 3 && n[2] > 0 && n[2] <= 4096;
    r->shape.chunk_frames = (unsigned)n[2];
    (void)H5Tclose(type);
    (void)H5Pclose(properties);
    (void)H5Sclose(space);
    return is_good;
}

static bool allocate(struct session_reader *r)
{
    unsigned n = r->shape.chunk_frames;
    r->packed = calloc(n, r->shape.frame_bytes);
    r->held_samples = calloc(n, r->shape.frame_bytes);
    r->held_rows = calloc(n, sizeof *r->held_rows);
    return r->packed && r->held_samples && r->held_rows;
}

/* ---- the head's arrays ---- */

static enum thenar_status read_taxels(struct session_reader *r, struct thenar_error *error)
{
    struct array_layout *layout = &r->head.layout;
    struct session_taxel_row *rows;
    size_t n_rows;
    enum thenar_status status =
        session_reader_all(r, SESSION_TAXELS, (void **)&rows, &n_rows, error);
    if (status != THENAR_OK)
        return status;
    r->head.zero = calloc(layout->n_taxels, sizeof *r->head.zero);
    if (n_rows != layout->n_taxels || !r->head.zero) {
        free(rows);
        return damaged(r, "the table `taxels` does not fit the array", error);
    }
    for (size_t i = 0; i < n_rows; i++) {
        layout->x_mm[i] = rows[i].x_mm;
        layout->y_mm[i] = rows[i].y_mm;
        layout->cell_mm2[i] = rows[i].cell_mm2;
        layout->sensing_mm2[i] = rows[i].sensing_mm2;
        layout->gain[i] = rows[i].gain;
        layout->exists[i] = rows[i].exists != 0;
        r->head.zero[i] = rows[i].zero;
    }
    free(rows);
    return THENAR_OK;
}

static const float RATE_MOST_HZ = 1e5F;

static enum thenar_status read_head(struct session_reader *r, struct thenar_error *error)
{
    struct session_head head = {0};
    struct thenar_error inner = {0};
    enum thenar_status status = session_attributes_read(r->file, &head, &r->summary, &inner);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%.200s: %.250s", r->path, inner.text);
    r->head = head;
    memset(&r->head.layout, 0, sizeof r->head.layout);
    status = array_layout_init(&r->head.layout, head.layout.n_rows, head.layout.n_cols,
                               head.layout.pitch_x_mm, head.layout.pitch_y_mm, head.layout.rate_hz);
    if (status != THENAR_OK)
        return damaged(r, "its array cannot be", error);
    r->head.layout.mount = head.layout.mount;
    r->head.layout.sensor = head.layout.sensor;
    r->head.layout.has_sneak_paths = head.layout.has_sneak_paths;
    if (!(r->head.layout.rate_hz <= RATE_MOST_HZ) || r->head.is_float > 1 ||
        r->head.metrics_every == 0 || r->head.layout.sensor.spline.n_knots > SENSOR_KNOTS_MAX)
        return damaged(r, "an attribute holds what cannot be", error);
    session_shape_of(&r->shape, &r->head);
    return THENAR_OK;
}

static enum thenar_status read_lists(struct session_reader *r, struct thenar_error *error)
{
    enum thenar_status status = read_taxels(r, error);
    if (status == THENAR_OK)
        status = session_reader_all(r, SESSION_SETTINGS, (void **)&r->head.settings,
                                    &r->head.n_settings, error);
    if (status == THENAR_OK)
        status = session_reader_all(r, SESSION_CHANNELS, (void **)&r->head.channels,
                                    &r->head.n_channels, error);
    return status;
}

enum thenar_status session_reader_open(struct session_reader **out, const char *path,
                                       struct thenar_error *error)
{
    *out = NULL;
    uint64_t file_bytes = 0;
    enum thenar_status status = check_kind(path, &file_bytes, error);
    if (status != THENAR_OK)
        return status;
    struct session_reader *r = calloc(1, sizeof *r);
    if (!r || !(r->path = strdup(path))) {
        free(r);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session file");
    }
    r->file_bytes = file_bytes;
    session_hdf5_lock();
    status = open_file(r, error);
    if (status == THENAR_OK)
        status = read_head(r, error);
    if (status == THENAR_OK && !open_samples(r))
        status = damaged(r, "its samples are missing, or of another kind", error);
    for (int t = 0; t < N_SESSION_TABLES && status == THENAR_OK; t++)
        if (!open_table(r, (enum session_table)t))
            status = thenar_fail(error, THENAR_ERR_SYNTAX,
                                 "%.300s: its table `%s` is missing, or of another kind", path,
                                 session_table_form((enum session_table)t)->name);
    if (status == THENAR_OK && r->n_samples > r->n_rows[SESSION_FRAMES] + SLACK_ROWS)
        status = damaged(r, "it claims more samples than frames", error);
    if (status == THENAR_OK && !allocate(r))
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a session file");
    if (status == THENAR_OK)
        status = read_lists(r, error);
    session_hdf5_unlock();
    if (status != THENAR_OK) {
        session_reader_close(r);
        return status;
    }
    *out = r;
    return THENAR_OK;
}

void session_reader_close(struct session_reader *reader)
{
    if (!reader)
        return;
    session_hdf5_lock();
    for (int t = 0; t < N_SESSION_TABLES; t++) {
        if (reader->datasets[t] > 0)
            (void)H5Dclose(reader->datasets[t]);
        if (reader->types[t] > 0)
            (void)H5Tclose(reader->types[t]);
    }
    if (reader->samples > 0)
        (void)H5Dclose(reader->samples);
    if (reader->file > 0)
        (void)H5Fclose(reader->file);
    session_hdf5_unlock();
    session_head_finish(&reader->head);
    free(reader->packed);
    free(reader->held_rows);
    free(reader->held_samples);
    free(reader->path);
    free(reader);
}

const struct session_head *session_reader_head(const struct session_reader *reader)
{
    return &reader->head;
}

const struct session_summary *session_reader_summary(const struct session_reader *reader)
{
    return &reader->summary;
}

bool session_reader_is_open(const struct session_reader *reader)
{
    return reader->is_open;
}

uint64_t session_reader_n_rows(const struct session_reader *reader, enum session_table table)
{
    return reader->n_rows[table];
}

uint64_t session_reader_n_samples(const struct session_reader *reader)
{
    return reader->n_samples;
}

unsigned session_reader_chunk_frames(const struct session_reader *reader)
{
    return reader->shape.chunk_frames;
}

/* ---- reading ---- */

/* Rows as they lie in the file: [n_rows * row_bytes]. */
static enum thenar_status read_rows(struct session_reader *reader, enum session_table table,
                                    uint64_t first, size_t n_rows, void *rows,
                                    struct thenar_error *error)
{
    hsize_t start = first, count = n_rows;
    session_hdf5_lock();
    hid_t space = H5Dget_space(reader->datasets[table]);
    hid_t memory = H5Screate_simple(1, &count, NULL);
    bool is_good = H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
                   H5Dread(reader->datasets[table], reader->types[table], memory, space,
                           H5P_DEFAULT, rows) >= 0;
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    enum thenar_status status = is_good ? THENAR_OK
                                        : session_hdf5_fail(error, THENAR_ERR_SYNTAX, reader->path,
                                                            session_table_form(table)->name);
    session_hdf5_unlock();
    return status;
}

enum thenar_status session_reader_rows(struct session_reader *reader, enum session_table table,
                                       uint64_t first, size_t n_rows, void *rows,
                                       struct thenar_error *error)
{
    const struct session_reader *r = reader;
    if (first > r->n_rows[table] || n_rows > r->n_rows[table] - first)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "rows beyond the table's end");
    if (n_rows == 0)
        return THENAR_OK;
    struct session_older_form space;
    if (session_older_find(table, r->head.format_version, &space) == session_table_form(table))
        return read_rows(reader, table, first, n_rows, rows, error);
    void *older = calloc(n_rows, r->row_bytes[table]);
    if (!older)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a table");
    enum thenar_status status = read_rows(reader, table, first, n_rows, older, error);
    if (status == THENAR_OK)
        session_older_take(table, r->row_bytes[table], older, n_rows, rows);
    free(older);
    return status;
}

enum thenar_status session_reader_all(struct session_reader *reader, enum session_table table,
                                      void **rows, size_t *n_rows, struct thenar_error *error)
{
    size_t row_bytes = session_table_form(table)->row_bytes;
    *rows = NULL;
    *n_rows = 0;
    uint64_t n = reader->n_rows[table];
    if (n == 0)
        return THENAR_OK;
    *rows = n < SIZE_MAX / row_bytes ? calloc((size_t)n, row_bytes) : NULL;
    if (!*rows)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a table of %llu rows",
                           (unsigned long long)n);
    enum thenar_status status = session_reader_rows(reader, table, 0, (size_t)n, *rows, error);
    if (status == THENAR_OK) {
        *n_rows = (size_t)n;
        return status;
    }
    free(*rows);
    *rows = NULL;
    return status;
}

/* [n_taxels][n_frames] to [n_frames][n_taxels], in blocks that stay in the cache. */
static void turn(const struct session_shape *s, const void *from, size_t n_frames, void *to)
{
    enum { BLOCK = 32 };
    size_t n_taxels = (size_t)s->n_rows * s->n_cols;
    for (size_t block = 0; block < n_taxels; block += BLOCK) {
        size_t end = block + BLOCK < n_taxels ? block + BLOCK : n_taxels;
        for (size_t k = 0; k < n_frames; k++)
            if (s->sample_bytes == sizeof(float))
                for (size_t i = block; i < end; i++)
                    ((uint32_t *)to)[k * n_taxels + i] = ((const uint32_t *)from)[i * n_frames + k];
            else
                for (size_t i = block; i < end; i++)
                    ((uint16_t *)to)[k * n_taxels + i] = ((const uint16_t *)from)[i * n_frames + k];
    }
}

static enum thenar_status read_packed(struct session_reader *r, uint64_t first, size_t n_frames,
                                      struct thenar_error *error)
{
    const struct session_shape *s = &r->shape;
    hsize_t start[3] = {0, 0, first}, count[3] = {s->n_rows, s->n_cols, n_frames};
    session_hdf5_lock();
    hid_t space = H5Dget_space(r->samples), memory = H5Screate_simple(3, count, NULL);
    hid_t type = s->sample_bytes == sizeof(float) ? H5T_IEEE_F32LE : H5T_STD_U16LE;
    bool is_good = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                   H5Dread(r->samples, type, memory, space, H5P_DEFAULT, r->packed) >= 0;
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    enum thenar_status status =
        is_good ? THENAR_OK
                : session_hdf5_fail(error, THENAR_ERR_SYNTAX, r->path, "samples are damaged");
    session_hdf5_unlock();
    return status;
}

enum thenar_status session_reader_samples(struct session_reader *reader, uint64_t first,
                                          size_t n_frames, void *samples,
                                          struct thenar_error *error)
{
    struct session_reader *r = reader;
    if (first > r->n_samples || n_frames > r->n_samples - first)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "frames beyond the end");
    unsigned char *to = samples;
    while (n_frames > 0) {
        size_t in_chunk = (size_t)(first % r->shape.chunk_frames);
        size_t n = r->shape.chunk_frames - in_chunk;
        if (n > n_frames)
            n = n_frames;
        enum thenar_status status = read_packed(r, first, n, error);
        if (status != THENAR_OK)
            return status;
        turn(&r->shape, r->packed, n, to);
        to += n * r->shape.frame_bytes;
        first += n;
        n_frames -= n;
    }
    return THENAR_OK;
}

static enum thenar_status hold_chunk(struct session_reader *r, struct thenar_error *error)
{
    unsigned chunk = r->shape.chunk_frames;
    uint64_t end =
        session_reader_n_frames(r) < r->n_samples ? session_reader_n_frames(r) : r->n_samples;
    r->first = r->at - r->at % chunk;
    if (r->at >= end)
        return THENAR_END;
    size_t n = end - r->first < chunk ? (size_t)(end - r->first) : chunk;
    r->n_held = 0;
    enum thenar_status status =
        session_reader_rows(r, SESSION_FRAMES, r->first, n, r->held_rows, error);
    if (status == THENAR_OK)
        status = session_reader_samples(r, r->first, n, r->held_samples, error);
    if (status == THENAR_OK)
        r->n_held = n;
    return status;
}

enum thenar_status session_reader_next(struct session_reader *reader, struct session_frame *frame,
                                       struct thenar_error *error)
{
    struct session_reader *r = reader;
    if (r->at < r->first || r->at >= r->first + r->n_held) {
        enum thenar_status status = hold_chunk(r, error);
        if (status != THENAR_OK)
            return status;
    }
    size_t k = (size_t)(r->at - r->first);
    const void *samples = r->held_samples + k * r->shape.frame_bytes;
    *frame = (struct session_frame){.index = r->at, .row = &r->held_rows[k]};
    if (r->head.is_float)
        frame->samples = samples;
    else
        frame->counts = samples;
    r->at++;
    return THENAR_OK;
}

void session_reader_seek(struct session_reader *reader, uint64_t index)
{
    reader->at = index;
}
