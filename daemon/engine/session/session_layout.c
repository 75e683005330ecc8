/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_layout.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/session_attributes.h"
#include "session/session_crc.h"

/* Sizes by measurement: tests/bench/bench_session.c. */
enum { SZIP_BLOCK = 16, DEFLATE_LEVEL = 1, CHUNK_FRAMES_MIN = 4, CHUNK_FRAMES_MAX = 512 };
static const double CHUNK_S = 0.4;

void session_shape_of(struct session_shape *shape, const struct session_head *head)
{
    double n_frames = round((double)head->layout.rate_hz * CHUNK_S);
    n_frames = fmin(fmax(n_frames, CHUNK_FRAMES_MIN), CHUNK_FRAMES_MAX);
    *shape = (struct session_shape){
        .n_rows = head->layout.n_rows,
        .n_cols = head->layout.n_cols,
        .sample_bytes = head->is_float ? sizeof(float) : sizeof(uint16_t),
        .frame_bytes = session_head_frame_bytes(head),
        .chunk_frames = (unsigned)n_frames,
        .is_relative = !array_layout_is_kpa(&head->layout),
    };
}

unsigned session_layout_chunk_rows(const struct session_table_form *form,
                                   const struct session_shape *shape)
{
    return form->chunk_rows ? form->chunk_rows : shape->chunk_frames;
}

const char *session_layout_samples_name(size_t sample_bytes)
{
    return sample_bytes == sizeof(float) ? "samples" : "counts";
}

static bool can_write_szip(void)
{
    unsigned config = 0;
    return H5Zfilter_avail(H5Z_FILTER_SZIP) > 0 &&
           H5Zget_filter_info(H5Z_FILTER_SZIP, &config) >= 0 &&
           (config & H5Z_FILTER_CONFIG_ENCODE_ENABLED);
}

static bool put_text(hid_t object, const char *name, const char *text)
{
    hid_t type = session_hdf5_text_type(strlen(text) + 1), space = H5Screate(H5S_SCALAR);
    hid_t id = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool is_good = id >= 0 && H5Awrite(id, type, text) >= 0;
    if (id >= 0)
        (void)H5Aclose(id);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    return is_good;
}

/* ---- samples ---- */

static bool create_samples(hid_t file, const struct session_shape *s,
                           const struct session_head *head, enum session_packing packing)
{
    static const char *const units[] = {"counts", "kPa", "N"}; /* as enum sample_unit */
    hsize_t start[3] = {s->n_rows, s->n_cols, 0};
    hsize_t most[3] = {s->n_rows, s->n_cols, H5S_UNLIMITED};
    hsize_t chunk[3] = {s->n_rows, s->n_cols, s->chunk_frames};
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(3, start, most);
    hid_t type = s->sample_bytes == sizeof(float) ? H5T_IEEE_F32LE : H5T_STD_U16LE;
    bool is_good = H5Pset_chunk(properties, 3, chunk) >= 0;
    bool is_szip = packing != SESSION_PACK_DEFLATE && can_write_szip() &&
                   (size_t)s->n_rows * s->n_cols * s->chunk_frames >= SZIP_BLOCK;
    if (is_szip)
        is_good = is_good && H5Pset_szip(properties, H5_SZIP_NN_OPTION_MASK, SZIP_BLOCK) >= 0;
    else
        is_good = is_good && H5Pset_shuffle(properties) >= 0 &&
                  H5Pset_deflate(properties, DEFLATE_LEVEL) >= 0;
    hid_t id = H5Dcreate2(file, session_layout_samples_name(s->sample_bytes), type, space,
                          H5P_DEFAULT, properties, H5P_DEFAULT);
    is_good =
        is_good && id >= 0 && put_text(id, "unit", units[head->layout.sensor.unit]) &&
        put_text(id, "dimensions", "row, column, frame") &&
        put_text(id, "description",
                 "what the device sent, taxel by taxel; frame i belongs to row i of `frames`");
    if (id >= 0)
        (void)H5Dclose(id);
    (void)H5Sclose(space);
    (void)H5Pclose(properties);
    return is_good;
}

hid_t session_layout_open_samples(hid_t file, const struct session_shape *shape)
{
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    (void)H5Pset_chunk_cache(access, 0, 0, 1.0);
    hid_t id = H5Dopen2(file, session_layout_samples_name(shape->sample_bytes), access);
    (void)H5Pclose(access);
    return id;
}

/* ---- tables ---- */

/* Attributes of a table cannot hang on its columns: three lists stand beside each other. */
static bool put_lists(hid_t dataset, const struct session_table_form *form, bool is_relative)
{
    enum { NAME_BYTES = 32, DESCRIPTION_BYTES = 160 };
    static const char *const lists[] = {"column_names", "column_units", "column_descriptions"};
    static const size_t widths[] = {NAME_BYTES, NAME_BYTES, DESCRIPTION_BYTES};
    char texts[SESSION_COLUMNS_MAX * DESCRIPTION_BYTES];
    hsize_t n = form->n_columns;
    bool is_good = n <= SESSION_COLUMNS_MAX;
    for (int list = 0; list < 3 && is_good; list++) {
        memset(texts, 0, sizeof texts);
        for (size_t i = 0; i < form->n_columns; i++) {
            const struct session_column *column = &form->columns[i];
            const char *text = list == 0   ? session_column_name(column, is_relative)
                               : list == 1 ? session_column_unit(column, is_relative)
                                           : column->description;
            memcpy(texts + i * widths[list], text, strnlen(text, widths[list] - 1));
        }
        hid_t type = session_hdf5_text_type(widths[list]), space = H5Screate_simple(1, &n, NULL);
        hid_t id = H5Acreate2(dataset, lists[list], type, space, H5P_DEFAULT, H5P_DEFAULT);
        is_good = id >= 0 && H5Awrite(id, type, texts) >= 0;
        if (id >= 0)
            (void)H5Aclose(id);
        (void)H5Sclose(space);
        (void)H5Tclose(type);
    }
    return is_good;
}

static bool create_table(hid_t file, enum session_table table, const struct session_shape *shape)
{
    const struct session_table_form *form = session_table_form(table);
    hsize_t none = 0, most = H5S_UNLIMITED, chunk = session_layout_chunk_rows(form, shape);
    hid_t type = session_hdf5_row_type(form, shape->is_relative);
    hid_t space = H5Screate_simple(1, &none, &most), properties = H5Pcreate(H5P_DATASET_CREATE);
    bool is_good = type >= 0 && H5Pset_chunk(properties, 1, &chunk) >= 0;
    if (table == SESSION_FRAMES) /* written in whole chunks only */
        is_good = is_good && H5Pset_shuffle(properties) >= 0 &&
                  H5Pset_deflate(properties, DEFLATE_LEVEL) >= 0;
    hid_t id = H5Dcreate2(file, form->name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    is_good = is_good && id >= 0 && put_text(id, "description", form->description) &&
              put_lists(id, form, shape->is_relative);
    if (id >= 0)
        (void)H5Dclose(id);
    (void)H5Pclose(properties);
    (void)H5Sclose(space);
    if (type >= 0)
        (void)H5Tclose(type);
    return is_good;
}

/* Rows that are known already. Their checksums are set in place. */
static bool fill_table(hid_t file, enum session_table table, const struct session_shape *shape,
                       void *rows, size_t n_rows)
{
    const struct session_table_form *form = session_table_form(table);
    hsize_t end = n_rows;
    if (n_rows == 0)
        return true;
    for (size_t i = 0; i < n_rows; i++) {
        unsigned char *row = (unsigned char *)rows + i * form->row_bytes;
        uint32_t crc32 = session_crc_of_row(row, form->row_bytes);
        memcpy(row + form->row_bytes - sizeof crc32, &crc32, sizeof crc32);
    }
    hid_t id = H5Dopen2(file, form->name, H5P_DEFAULT);
    hid_t type = session_hdf5_row_type(form, shape->is_relative);
    bool is_good = id >= 0 && type >= 0 && H5Dset_extent(id, &end) >= 0 &&
                   H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) >= 0;
    if (id >= 0)
        (void)H5Dclose(id);
    if (type >= 0)
        (void)H5Tclose(type);
    return is_good;
}

static bool fill_taxels(hid_t file, const struct session_shape *shape,
                        const struct session_head *head)
{
    const struct array_layout *layout = &head->layout;
    struct session_taxel_row *rows = calloc(layout->n_taxels, sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < layout->n_taxels; i++)
        rows[i] = (struct session_taxel_row){.x_mm = layout->x_mm[i],
                                             .y_mm = layout->y_mm[i],
                                             .cell_mm2 = layout->cell_mm2[i],
                                             .sensing_mm2 = layout->sensing_mm2[i],
                                             .gain = layout->gain[i],
                                             .zero = head->zero ? head->zero[i] : 0,
                                             .row = (uint16_t)(i / layout->n_cols),
                                             .col = (uint16_t)(i % layout->n_cols),
                                             .exists = layout->exists[i]};
    bool is_good = fill_table(file, SESSION_TAXELS, shape, rows, layout->n_taxels);
    free(rows);
    return is_good;
}

static bool fill(hid_t file, const struct session_shape *shape, const struct session_head *head)
{
    return fill_taxels(file, shape, head) &&
           fill_table(file, SESSION_SETTINGS, shape, head->settings, head->n_settings) &&
           fill_table(file, SESSION_CHANNELS, shape, head->channels, head->n_channels) &&
           fill_table(file, SESSION_DOCUMENTS, shape, head->documents.rows, head->documents.n_rows);
}

enum thenar_status session_layout_create(const char *path, const struct session_head *head,
                                         const struct session_shape *shape,
                                         enum session_packing packing, struct thenar_error *error)
{
    hid_t access = session_hdf5_access();
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    (void)H5Pclose(access);
    if (file < 0)
        return session_hdf5_fail(error, THENAR_ERR_OS, path, "cannot be written");
    bool is_good = session_attributes_create(file, head) == THENAR_OK &&
                   create_samples(file, shape, head, packing);
    for (int t = 0; t < N_SESSION_TABLES && is_good; t++)
        is_good = create_table(file, (enum session_table)t, shape);
    is_good = is_good && fill(file, shape, head);
    enum thenar_status status =
        is_good ? THENAR_OK : session_hdf5_fail(error, THENAR_ERR_OS, path, "cannot be written");
    if (H5Fclose(file) < 0 && status == THENAR_OK)
        status = session_hdf5_fail(error, THENAR_ERR_OS, path, "cannot be closed");
    return status;
}

enum thenar_status session_layout_conclude(const char *path, const struct session_summary *summary,
                                           struct thenar_error *error)
{
    hid_t access = session_hdf5_access();
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, access);
    (void)H5Pclose(access);
    bool is_good = file >= 0 && session_attributes_write_summary(file, summary) == THENAR_OK;
    if (file >= 0 && H5Fclose(file) < 0)
        is_good = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    is_good = is_good && fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return is_good ? THENAR_OK
                   : session_hdf5_fail(error, THENAR_ERR_OS, path, "cannot be concluded");
}
