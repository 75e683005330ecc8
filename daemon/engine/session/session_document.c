/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_document.h"

#include <stdlib.h>
#include <string.h>

#include "session/session_convert.h"
#include "session/session_reader.h"

/* How much of `text` goes into one row: as many whole characters as fit. */
static size_t piece_bytes(const char *text)
{
    size_t n = strnlen(text, SESSION_PIECE_BYTES);
    if (n < SESSION_PIECE_BYTES)
        return n;
    while (n > 1 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

static uint32_t count_pieces(const char *text)
{
    uint32_t n = 1;
    for (text += piece_bytes(text); *text; text += piece_bytes(text))
        n++;
    return n;
}

static struct session_document_row *grow(struct session_documents *documents, size_t n_more)
{
    struct session_document_row *rows =
        realloc(documents->rows, (documents->n_rows + n_more) * sizeof *rows);
    if (rows)
        documents->rows = rows;
    return rows;
}

enum thenar_status session_documents_add(struct session_documents *documents, const char *kind,
                                         const char *name, const char *text, double t_unix_s)
{
    uint32_t n_parts = count_pieces(text);
    if (!grow(documents, n_parts))
        return THENAR_ERR_MEMORY;
    for (uint32_t part = 1; part <= n_parts; part++) {
        struct session_document_row *row = &documents->rows[documents->n_rows++];
        size_t n = piece_bytes(text);
        memset(row, 0, sizeof *row);
        row->t = t_unix_s;
        session_convert_text(row->kind, sizeof row->kind, kind);
        session_convert_text(row->name, sizeof row->name, name);
        row->part = part;
        row->n_parts = n_parts;
        memcpy(row->text, text, n);
        text += n;
    }
    return THENAR_OK;
}

enum thenar_status session_documents_join(struct session_documents *documents,
                                          const struct session_documents *more)
{
    if (more->n_rows == 0)
        return THENAR_OK;
    if (!grow(documents, more->n_rows))
        return THENAR_ERR_MEMORY;
    memcpy(documents->rows + documents->n_rows, more->rows, more->n_rows * sizeof *more->rows);
    documents->n_rows += more->n_rows;
    return THENAR_OK;
}

void session_documents_finish(struct session_documents *documents)
{
    free(documents->rows);
    *documents = (struct session_documents){0};
}

/* ---- reading ---- */

static bool is_of(const struct session_document_row *row, const char *kind, const char *name)
{
    return strncmp(row->kind, kind, sizeof row->kind) == 0 &&
           (!name || strncmp(row->name, name, sizeof row->name) == 0);
}

/* Where the last whole text of the kind begins; n_rows: nowhere. */
static size_t find_last(const struct session_document_row *rows, size_t n_rows, const char *kind,
                        const char *name)
{
    for (size_t i = n_rows; i-- > 0;) {
        size_t n_parts = rows[i].n_parts, k = 0;
        if (rows[i].part != 1 || n_parts > n_rows - i || !is_of(&rows[i], kind, name))
            continue;
        while (k < n_parts && rows[i + k].part == k + 1 && is_of(&rows[i + k], kind, name))
            k++;
        if (n_parts > 0 && k == n_parts)
            return i;
    }
    return n_rows;
}

enum thenar_status session_document_read(struct session_reader *reader, const char *kind,
                                         const char *name, char **text, struct thenar_error *error)
{
    struct session_document_row *rows;
    size_t n_rows, n_text = 0;
    *text = NULL;
    enum thenar_status status =
        session_reader_all(reader, SESSION_DOCUMENTS, (void **)&rows, &n_rows, error);
    if (status != THENAR_OK)
        return status;
    size_t first = find_last(rows, n_rows, kind, name);
    size_t n_parts = first < n_rows ? rows[first].n_parts : 0;
    if (n_parts == 0)
        status = thenar_fail(error, THENAR_ERR_ABSENT, "the file holds no %s", kind);
    else if (!(*text = calloc(n_parts, SESSION_PIECE_BYTES + 1)))
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a text");
    for (size_t i = first; *text && i < first + n_parts; i++) {
        size_t n = strnlen(rows[i].text, sizeof rows[i].text);
        memcpy(*text + n_text, rows[i].text, n);
        n_text += n;
    }
    free(rows);
    return status;
}
