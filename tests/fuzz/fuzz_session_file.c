/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session file that somebody changed, through everything that reads one: never a crash, never a
 * hang, whatever it says.
 *
 * The first octet says what is changed in a small good file, the rest are changes of six octets:
 *   0  octets anywhere (offset, what to flip). HDF5's own structures carry checksums, so that most
 *      such files end in its hands with an error; what it makes of those whose checksums were
 *      forged too is HDF5's affair, and is left out here: its format has fuzzers of its own
 *   1  values of rows and attributes, written through HDF5 with good checksums: what only we judge
 *   2  lengths of tables and of the samples */
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/session_crc.h"
#include "session/session_digest.h"
#include "session/session_file.h"
#include "session/session_map.h"
#include "session/session_repair.h"
#include "session/session_replay.h"
#include "session/session_series.h"
#include "session/session_verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

enum { SIDE = 4, FRAMES = 90, RATE_HZ = 50, ROWS = 40, CHANGE_BYTES = 6, CHANGES_MOST = 40 };
enum { LENGTH_MOST = 3000, SPANS = 20 };

static char folder[] = "/tmp/thenar-fuzz-XXXXXX";
static char path[64];
static unsigned char *good; /* [n_good] the file as it was made */
static size_t n_good;

static void must(bool is_good)
{
    if (!is_good)
        abort();
}

static void remove_folder(void)
{
    (void)unlink(path);
    (void)rmdir(folder);
    free(good);
}

/* ---- the good file ---- */

static void fill(struct session_file *file)
{
    for (uint32_t i = 0; i < FRAMES; i++) {
        uint16_t counts[SIDE * SIDE];
        struct session_frame_row row = {
            .sequence = i, .device_s = i * 0.02, .t_device = 1.79e9 + i * 0.02};
        for (uint32_t k = 0; k < SIDE * SIDE; k++)
            counts[k] = (uint16_t)(k * 7 + (i % 25) * 90);
        must(session_file_add_frame(file, &row, counts) >= 0);
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        double t = 1.79e9 + i * 0.04;
        struct session_metrics_row metrics = {.frame = i, .t_device = t, .technique = "friction"};
        struct session_stroke_row stroke = {
            .frame = i, .t_start = t, .t_end = t + 1, .technique = "effleurage"};
        struct session_episode_row episode = {
            .frame = i, .t_start = t, .t_end = t + 1, .technique = "rest", .n_strokes = 1};
        struct session_score_row score = {.frame = i, .plan = "p", .practice_score = 50};
        struct session_command_row tare = {
            .frame = i, .value = 0.1, .is_done = i == 0, .command = "tare"};
        must(session_file_add(file, SESSION_METRICS, &metrics) >= 0 &&
             session_file_add(file, SESSION_STROKES, &stroke) >= 0 &&
             session_file_add(file, SESSION_EPISODES, &episode) >= 0 &&
             session_file_add(file, SESSION_SCORES, &score) >= 0 &&
             session_file_add(file, SESSION_COMMANDS, &tare) >= 0);
    }
    struct session_gap_row gap = {.frame = 40, .side = "source"};
    must(session_file_add(file, SESSION_GAPS, &gap) >= 0);
}

static void make_good(void)
{
    struct thenar_error error;
    struct session_file *file;
    struct session_summary summary = {.state = SESSION_CLOSED};
    struct session_head head = {
        .part = 1, .gate_kpa = NAN, .metrics_every = session_metrics_every(RATE_HZ)};
    char text[1000];
    struct stat facts;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    must(mkdtemp(folder) && atexit(remove_folder) == 0);
    (void)snprintf(path, sizeof path, "%s/pad.h5", folder);
    must(array_layout_init(&head.layout, SIDE, SIDE, 10, 10, RATE_HZ) == THENAR_OK);
    head.layout.sensor.full_scale_counts = 4095;
    must(session_documents_add(&head.documents, SESSION_DOCUMENT_PLAN, "p", text, 0) == THENAR_OK);
    must(session_file_create(&file, path, &head, SESSION_PACK_BEST, &error) == THENAR_OK);
    session_head_finish(&head);
    fill(file);
    must(session_file_close(file, &summary, &error) == THENAR_OK);
    FILE *in = fopen(path, "rbe");
    must(in && fstat(fileno(in), &facts) == 0);
    n_good = (size_t)facts.st_size;
    good = malloc(n_good);
    must(good && fread(good, 1, n_good, in) == n_good);
    (void)fclose(in);
}

/* ---- changes ---- */

static uint32_t number(const uint8_t *change, size_t n)
{
    uint32_t value = 0;
    for (size_t i = 0; i < n; i++)
        value |= (uint32_t)change[i] << (8 * i);
    return value;
}

static void put_file(const unsigned char *octets)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    must(fd >= 0 && write(fd, octets, n_good) == (ssize_t)n_good && close(fd) == 0);
}

static void flip_octets(const uint8_t *changes, size_t n_changes)
{
    unsigned char *octets = malloc(n_good);
    must(octets);
    memcpy(octets, good, n_good);
    for (size_t i = 0; i < n_changes; i++) {
        const uint8_t *change = changes + i * CHANGE_BYTES;
        octets[number(change, 4) % n_good] ^= change[4];
    }
    put_file(octets);
    free(octets);
}

static void change_row(hid_t file, enum session_table table, const uint8_t *change)
{
    const struct session_table_form *form = session_table_form(table);
    unsigned char row[SESSION_ROW_BYTES_MAX];
    hsize_t n = 0, one = 1, at = number(change, 2);
    uint32_t crc32;
    hid_t id = H5Dopen2(file, form->name, H5P_DEFAULT);
    hid_t space = H5Dget_space(id), type = H5Dget_type(id);
    hid_t memory = H5Screate_simple(1, &one, NULL);
    (void)H5Sget_simple_extent_dims(space, &n, NULL);
    at = n ? at % n : 0;
    if (n && H5Sselect_hyperslab(space, H5S_SELECT_SET, &at, NULL, &one, NULL) >= 0 &&
        H5Dread(id, type, memory, space, H5P_DEFAULT, row) >= 0) {
        row[change[2] * 3U % form->row_bytes] = change[3];
        row[(change[2] * 3U + 1) % form->row_bytes] = change[4];
        if (table != SESSION_FRAMES) {
            crc32 = session_crc_of_row(row, form->row_bytes);
            memcpy(row + form->row_bytes - sizeof crc32, &crc32, sizeof crc32);
        }
        (void)H5Dwrite(id, type, memory, space, H5P_DEFAULT, row);
    }
    (void)H5Sclose(memory);
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    (void)H5Dclose(id);
}

static void change_attribute(hid_t file, const uint8_t *change)
{
    unsigned char value[2048];
    hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
    int n_attributes = H5Aget_num_attrs(root);
    (void)H5Gclose(root);
    must(n_attributes > 0);
    hid_t id = H5Aopen_by_idx(file, ".", H5_INDEX_NAME, H5_ITER_INC,
                              change[0] % (unsigned)n_attributes, H5P_DEFAULT, H5P_DEFAULT);
    hid_t type = H5Aget_type(id);
    hsize_t n = H5Aget_storage_size(id);
    if (n > 0 && n <= sizeof value && H5Aread(id, type, value) >= 0) {
        value[number(change + 1, 2) % n] = change[3];
        value[(number(change + 1, 2) + 1) % n] = change[4];
        (void)H5Awrite(id, type, value);
    }
    (void)H5Tclose(type);
    (void)H5Aclose(id);
}

/* @return whether it is as long as a file could only lie; HDF5 would take hours to shorten that */
static bool change_length(hid_t file, unsigned which, const uint8_t *change)
{
    hsize_t size[3] = {0};
    bool is_lie = change[4] == 0xFF;
    const char *name =
        which < N_SESSION_TABLES ? session_table_form((enum session_table)which)->name : "counts";
    hid_t id = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(id);
    int rank = H5Sget_simple_extent_dims(space, size, NULL);
    size[rank - 1] = is_lie ? (hsize_t)number(change, 4) << 12 : number(change, 4) % LENGTH_MOST;
    (void)H5Dset_extent(id, size);
    (void)H5Sclose(space);
    (void)H5Dclose(id);
    return is_lie;
}

static void change_values(const uint8_t *changes, size_t n_changes, bool is_length)
{
    put_file(good);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    bool is_lie = false;
    must(file >= 0);
    for (size_t i = 0; i < n_changes && !is_lie; i++) {
        const uint8_t *change = changes + i * CHANGE_BYTES;
        unsigned which = change[5] % (N_SESSION_TABLES + 1);
        if (is_length)
            is_lie = change_length(file, which, change);
        else if (which < N_SESSION_TABLES)
            change_row(file, (enum session_table)which, change);
        else
            change_attribute(file, change);
    }
    (void)H5Fclose(file);
}

/* ---- all who read ---- */

static void read_texts(struct session_reader *reader)
{
    static const char *const kinds[] = {SESSION_DOCUMENT_PLAN, SESSION_DOCUMENT_CALIBRATION,
                                        SESSION_DOCUMENT_HELLO};
    struct thenar_error error;
    char *text;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (session_document_read(reader, kinds[i], NULL, &text, &error) == THENAR_OK) {
            must(strlen(text) <= n_good);
            free(text);
        }
}

static void read_numbers(struct session_reader *reader)
{
    struct thenar_error error;
    struct session_digest digest;
    struct session_map map;
    struct session_span spans[SPANS];
    struct session_replay_result replay;
    const struct session_summary *summary = session_reader_summary(reader);
    (void)!session_digest_read(&digest, reader, &error);
    (void)!session_series_read(spans, SPANS, summary->first_s, summary->last_s, reader, &error);
    if (session_map_read(&map, reader, 4, 0, &error) == THENAR_OK) {
        float share;
        (void)!session_map_quarter_share(&map, &share);
    }
    session_map_finish(&map);
    (void)!session_replay(reader, NULL, NULL, &replay, &error);
}

static void read_all(void)
{
    struct thenar_error error;
    struct session_reader *reader;
    struct session_verdict verdict;
    struct session_repair_result repair;
    if (session_reader_open(&reader, path, &error) == THENAR_OK) {
        if (session_verify_tables(reader, &verdict, &error) == THENAR_OK &&
            session_verify_frames(reader, 0, UINT64_MAX, &verdict.frames, &error) == THENAR_OK)
            (void)session_verdict_is_good(&verdict);
        read_texts(reader);
        read_numbers(reader);
        session_reader_close(reader);
    }
    (void)!session_repair(path, &repair, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    if (!good)
        make_good();
    if (n_bytes == 0)
        return 0;
    size_t n_changes = (n_bytes - 1) / CHANGE_BYTES;
    n_changes = n_changes < CHANGES_MOST ? n_changes : CHANGES_MOST;
    if (bytes[0] % 3 == 0)
        flip_octets(bytes + 1, n_changes);
    else
        change_values(bytes + 1, n_changes, bytes[0] % 3 == 2);
    read_all();
    return 0;
}
