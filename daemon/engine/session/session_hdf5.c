/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_hdf5.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* HDF5 would flush what is open at exit, in whatever state the disk is: files are closed by us. */
static void prepare(void)
{
    pthread_mutexattr_t kind;
    (void)pthread_mutexattr_init(&kind);
    (void)pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    (void)pthread_mutex_init(&lock, &kind);
    (void)pthread_mutexattr_destroy(&kind);
    (void)H5dont_atexit();
    (void)H5open();
}

void session_hdf5_lock(void)
{
    (void)pthread_once(&once, prepare);
    (void)pthread_mutex_lock(&lock);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* this thread's, in a thread-safe build */
}

void session_hdf5_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

/* While a file is written, HDF5 reads what has a wrong checksum again, and sleeps twice as long
 * each time, from a nanosecond: with its own 100 attempts a damaged file would never be given up.
 * These are a thirtieth of a second in all, longer than a writer needs. */
enum { READ_ATTEMPTS = 24 };

hid_t session_hdf5_access(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access >= 0 && (H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
                        H5Pset_metadata_read_attempts(access, READ_ATTEMPTS) < 0)) {
        (void)H5Pclose(access);
        return -1;
    }
    return access;
}

hid_t session_hdf5_text_type(size_t n_bytes)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    (void)H5Tset_size(type, n_bytes);
    (void)H5Tset_strpad(type, H5T_STR_NULLPAD);
    (void)H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static hid_t column_type(const struct session_column *column)
{
    switch (column->type) {
    case SESSION_U16:
        return H5Tcopy(H5T_STD_U16LE);
    case SESSION_U32:
        return H5Tcopy(H5T_STD_U32LE);
    case SESSION_U64:
        return H5Tcopy(H5T_STD_U64LE);
    case SESSION_I32:
        return H5Tcopy(H5T_STD_I32LE);
    case SESSION_I64:
        return H5Tcopy(H5T_STD_I64LE);
    case SESSION_F32:
        return H5Tcopy(H5T_IEEE_F32LE);
    case SESSION_F64:
        return H5Tcopy(H5T_IEEE_F64LE);
    case SESSION_TEXT:
        return session_hdf5_text_type(column->n_bytes);
    }
    return -1;
}

hid_t session_hdf5_row_type(const struct session_table_form *form, bool is_relative)
{
    hid_t row = H5Tcreate(H5T_COMPOUND, form->row_bytes);
    for (size_t i = 0; i < form->n_columns && row >= 0; i++) {
        const struct session_column *column = &form->columns[i];
        hid_t type = column_type(column);
        if (column->n_values > 1) {
            hsize_t n_values = column->n_values;
            hid_t one = type;
            type = H5Tarray_create2(one, 1, &n_values);
            (void)H5Tclose(one);
        }
        if (H5Tinsert(row, session_column_name(column, is_relative), column->offset, type) < 0) {
            (void)H5Tclose(row);
            row = -1;
        }
        (void)H5Tclose(type);
    }
    return row;
}

/* The innermost words are the most exact ones. */
static herr_t keep_words(unsigned depth, const H5E_error2_t *entry, void *text)
{
    if (depth == 0 && entry->desc)
        (void)snprintf(text, 160, "%.159s", entry->desc);
    return 0;
}

enum thenar_status session_hdf5_fail(struct thenar_error *error, enum thenar_status status,
                                     const char *path, const char *what)
{
    char words[160] = "";
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_words, words);
    return thenar_fail(error, status, "%.200s: %s%s%s", path, what, words[0] ? ": " : "", words);
}
