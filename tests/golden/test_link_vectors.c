/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads every vector of the device link, whole and an octet at a time, and compares with its text.
 * Usage: test_link_vectors FOLDER... */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/link_text.h"

enum { FILE_MAX_BYTES = 1 << 20, WIRE_MAX_BYTES = 1 << 15 };

struct vector {
    uint8_t wire[WIRE_MAX_BYTES];
    size_t n_wire;
    struct link_text_array array;
    const char *expected; /* in `text` */
    char text[FILE_MAX_BYTES];
};

static bool read_words(char *line, struct vector *vector)
{
    char *rest = NULL;
    for (char *word = strtok_r(line, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
        char *end;
        unsigned long octet = strtoul(word, &end, 16);
        unsigned long n = *end == '*' ? strtoul(end + 1, &end, 10) : 1;
        if (*end || octet > 0xFF || n > sizeof vector->wire - vector->n_wire)
            return false;
        memset(vector->wire + vector->n_wire, (int)octet, n);
        vector->n_wire += n;
    }
    return true;
}

/* Take one line of the part that comes before the outcome. */
static bool read_line(char *line, struct vector *vector)
{
    if (line[0] == '#' || strcmp(line, "wire:") == 0)
        return true;
    if (strncmp(line, "array:", 6) == 0)
        return sscanf(line, "array: %zu x %zu", &vector->array.n_rows, &vector->array.n_cols) == 2;
    return read_words(line, vector);
}

static bool read_vector(const char *path, struct vector *vector)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t n_text = fread(vector->text, 1, sizeof vector->text - 1, file);
    (void)fclose(file);
    vector->text[n_text] = '\0';
    vector->n_wire = 0;
    vector->array = (struct link_text_array){0};
    for (char *line = vector->text; *line;) {
        if ((*line >= 'A' && *line <= 'Z') || strncmp(line, "error:", 6) == 0) {
            vector->expected = line;
            return true;
        }
        char *end = strchr(line, '\n');
        if (!end)
            return false;
        *end = '\0';
        if (!read_line(line, vector))
            return false;
        line = end + 1;
    }
    return false;
}

/* What comes out when the octets arrive in pieces of `n_piece`: heap text, the caller frees it. */
static char *decode(const struct vector *vector, size_t n_piece)
{
    static struct thenar_stream stream;
    char *text = NULL;
    size_t n_text = 0;
    FILE *out = open_memstream(&text, &n_text);
    if (!out)
        abort();
    thenar_stream_init(&stream);
    for (size_t at = 0; at < vector->n_wire;) {
        struct thenar_message message;
        size_t n_used, n_left = vector->n_wire - at;
        enum thenar_status status = thenar_stream_next(
            &stream, vector->wire + at, n_left < n_piece ? n_left : n_piece, &n_used, &message);
        at += n_used;
        if (status == THENAR_OK)
            link_text_write(&message, vector->array, out);
        else if (status != THENAR_PENDING)
            link_text_write_error(status, out);
    }
    (void)fclose(out);
    return text;
}

static bool check_file(const char *path)
{
    static struct vector vector;
    if (!read_vector(path, &vector)) {
        (void)fprintf(stderr, "%s: not a vector\n", path);
        return false;
    }
    const size_t n_pieces[] = {WIRE_MAX_BYTES, 1, 7};
    for (size_t i = 0; i < sizeof n_pieces / sizeof *n_pieces; i++) {
        char *got = decode(&vector, n_pieces[i]);
        bool same = strcmp(got, vector.expected) == 0;
        if (!same)
            (void)fprintf(stderr, "%s, in pieces of %zu: expected\n%sread\n%s", path, n_pieces[i],
                          vector.expected, got);
        free(got);
        if (!same)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    size_t n_files = 0, n_wrong = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        for (struct dirent *entry; (entry = readdir(folder));) {
            char path[4096];
            if (entry->d_name[0] == '.')
                continue;
            (void)snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            n_files++;
            n_wrong += !check_file(path);
        }
        (void)closedir(folder);
    }
    printf("%zu vectors read, %zu differ\n", n_files, n_wrong);
    return n_files > 0 && n_wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
