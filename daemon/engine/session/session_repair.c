/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_repair.h"

#include <stdlib.h>
#include <string.h>

#include "session/session_attributes.h"
#include "session/session_crc.h"
#include "session/session_hdf5.h"
#include "session/session_layout.h"
#include "session/session_reader.h"
#include "session/session_verify.h"

/* Take the marks away, and let the file be as long as it is: what h5clear --status --increment=0
 * does. HDF5 keeps these two properties for that tool. */
static enum thenar_status clear_marks(const char *path, struct thenar_error *error)
{
    hbool_t yes = true;
    hid_t access = session_hdf5_access();
    bool is_good = H5Pset(access, "clear_status_flags", &yes) >= 0 &&
                   H5Pset(access, "skip_eof_check", &yes) >= 0;
    hid_t file = is_good ? H5Fopen(path, H5F_ACC_RDWR, access) : -1;
    (void)H5Pclose(access);
    is_good = file >= 0 && H5Fincrement_filesize(file, 0) >= 0;
    if (file >= 0 && H5Fclose(file) < 0)
        is_good = false;
    return is_good ? THENAR_OK
                   : session_hdf5_fail(error, THENAR_ERR_SYNTAX, path, "cannot be repaired");
}

/* How many frames at the front hold: up to the last one that is whole. Damage in the middle stays,
 * for verify to tell. */
static uint64_t n_whole_frames(struct session_reader *reader)
{
    unsigned chunk = session_reader_chunk_frames(reader);
    uint64_t n = session_reader_n_frames(reader), n_samples = session_reader_n_samples(reader);
    n = n_samples < n ? n_samples : n;
    while (n > 0) {
        struct session_frames_check check;
        struct thenar_error ignored;
        uint64_t first = (n - 1) - (n - 1) % chunk;
        if (session_verify_frames(reader, first, n - first, &check, &ignored) == THENAR_OK &&
            (check.n_bad == 0 || check.last_bad + 1 < n))
            return n;
        n = check.n_bad == check.n_frames ? first : n - 1;
    }
    return 0;
}

static uint64_t n_whole_rows(struct session_reader *reader, enum session_table table)
{
    unsigned char row[SESSION_ROW_BYTES_MAX];
    size_t row_bytes = session_table_form(table)->row_bytes;
    uint64_t n = session_reader_n_rows(reader, table);
    for (; n > 0; n--) {
        struct thenar_error ignored;
        uint32_t crc32;
        if (session_reader_rows(reader, table, n - 1, 1, row, &ignored) != THENAR_OK)
            continue;
        memcpy(&crc32, row + row_bytes - sizeof crc32, sizeof crc32);
        if (session_crc_of_row(row, row_bytes) == crc32)
            break;
    }
    return n;
}

static bool set_length(hid_t file, const char *name, int rank, uint64_t n)
{
    hsize_t size[3] = {0};
    hid_t id = H5Dopen2(file, name, H5P_DEFAULT);
    if (id < 0)
        return false;
    hid_t space = H5Dget_space(id);
    bool is_good = H5Sget_simple_extent_dims(space, size, NULL) == rank;
    (void)H5Sclose(space);
    bool is_other = size[rank - 1] != n;
    size[rank - 1] = n;
    is_good = is_good && (!is_other || H5Dset_extent(id, size) >= 0);
    return H5Dclose(id) >= 0 && is_good;
}

struct lengths {
    uint32_t format_version;
    uint64_t n_rows[N_SESSION_TABLES];
    size_t sample_bytes;
};

static enum thenar_status measure(const char *path, struct lengths *lengths,
                                  struct session_repair_result *result, struct thenar_error *error)
{
    struct session_reader *reader;
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    const struct session_head *head = session_reader_head(reader);
    lengths->format_version = head->format_version;
    lengths->sample_bytes = session_head_frame_bytes(head) / head->layout.n_taxels;
    lengths->n_rows[SESSION_FRAMES] = n_whole_frames(reader);
    uint64_t n_rows = session_reader_n_frames(reader), n_samples = session_reader_n_samples(reader);
    result->n_frames = lengths->n_rows[SESSION_FRAMES];
    result->n_dropped = (n_rows > n_samples ? n_rows : n_samples) - result->n_frames;
    for (int t = SESSION_METRICS; t < N_SESSION_TABLES; t++) {
        lengths->n_rows[t] = n_whole_rows(reader, (enum session_table)t);
        result->n_dropped_rows +=
            session_reader_n_rows(reader, (enum session_table)t) - lengths->n_rows[t];
    }
    session_reader_close(reader);
    return THENAR_OK;
}

static enum thenar_status cut(const char *path, const struct lengths *lengths,
                              struct thenar_error *error)
{
    hid_t access = session_hdf5_access();
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, access);
    (void)H5Pclose(access);
    bool is_good = file >= 0 && set_length(file, session_layout_samples_name(lengths->sample_bytes),
                                           3, lengths->n_rows[SESSION_FRAMES]);
    for (int t = 0; t < N_SESSION_TABLES && is_good; t++) {
        const struct session_table_form *form = session_table_form((enum session_table)t);
        is_good = form->since > lengths->format_version ||
                  set_length(file, form->name, 1, lengths->n_rows[t]);
    }
    if (file >= 0 && H5Fclose(file) < 0)
        is_good = false;
    return is_good ? THENAR_OK
                   : session_hdf5_fail(error, THENAR_ERR_OS, path, "cannot be repaired");
}

static enum thenar_status conclude(const char *path, struct thenar_error *error)
{
    struct session_reader *reader;
    struct session_summary summary;
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    status = session_verify_summarize(reader, &summary, error);
    session_reader_close(reader);
    summary.state = SESSION_REPAIRED;
    return status == THENAR_OK ? session_layout_conclude(path, &summary, error) : status;
}

enum thenar_status session_repair(const char *path, struct session_repair_result *result,
                                  struct thenar_error *error)
{
    struct session_reader *reader;
    struct lengths lengths = {0};
    memset(result, 0, sizeof *result);
    session_hdf5_lock();
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status == THENAR_OK) {
        result->was_good = !session_reader_is_open(reader) &&
                           session_reader_summary(reader)->state != SESSION_RECORDING;
        result->n_frames = session_reader_n_frames(reader);
        bool is_marked = session_reader_is_open(reader);
        session_reader_close(reader);
        if (!result->was_good && is_marked)
            status = clear_marks(path, error);
        if (!result->was_good && status == THENAR_OK)
            status = measure(path, &lengths, result, error);
        if (!result->was_good && status == THENAR_OK)
            status = cut(path, &lengths, error);
        if (!result->was_good && status == THENAR_OK)
            status = conclude(path, error);
    }
    session_hdf5_unlock();
    return status;
}
