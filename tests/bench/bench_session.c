/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session file takes: gigabytes an hour at 0, 1 and 4 counts of noise, share of a core to
 * record, and how long an hour takes to read through.
 *
 *     bench_session [FOLDER [ROWS COLS RATE_HZ]]
 *
 * The array: every taxel has its own level, noise on top, and a hand of 900 counts that glides. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "session/session_file.h"
#include "session/session_reader.h"

enum { SECONDS = 30, N_VARIED = 512 };

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t state = 88172645463325252ULL;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static void scene(uint16_t *counts, unsigned n_rows, unsigned n_cols, double t_s, double noise)
{
    for (unsigned r = 0; r < n_rows; r++)
        for (unsigned c = 0; c < n_cols; c++) {
            double y = (double)r - n_rows * (0.5 + 0.25 * sin(2 * t_s)),
                   x = (double)c - n_cols / 2.0;
            double level = 20 + (r * 7919 + c * 104729) % 41;
            double value = level + 900 * exp(-(x * x + y * y) / 18) + noise * normal();
            counts[r * n_cols + c] = (uint16_t)fmin(fmax(round(value), 0), 4095);
        }
}

static void fail(const struct thenar_error *error)
{
    (void)fprintf(stderr, "bench_session: %s\n", error->text);
    exit(1);
}

static void record(const char *path, const struct session_head *head, const uint16_t *frames,
                   enum session_packing packing, double *share, double *bytes_a_frame)
{
    struct thenar_error error = {0};
    struct session_file *file;
    struct session_summary summary = {.state = SESSION_CLOSED};
    size_t n_taxels = head->layout.n_taxels;
    unsigned n = (unsigned)(SECONDS * (double)head->layout.rate_hz);
    (void)unlink(path);
    if (session_file_create(&file, path, head, packing, &error) != THENAR_OK)
        fail(&error);
    double begin_s = cpu_s();
    for (unsigned i = 0; i < n; i++) {
        struct session_frame_row row = {.ticks = 5000ULL * i,
                                        .device_s = i / (double)head->layout.rate_hz,
                                        .arrival_ns =
                                            (int64_t)i * 5000000 + (int64_t)(uniform() * 3e5),
                                        .sequence = i,
                                        .scan_s = 0.0045F,
                                        .uncertainty_s = 1e-5F};
        row.t_device = 1.79e9 + row.device_s;
        row.arrival_unix_ns = row.arrival_ns + 1790000000000000000;
        enum thenar_status status =
            session_file_add_frame(file, &row, frames + (i % N_VARIED) * n_taxels);
        if (status == THENAR_PENDING) {
            status = session_file_flush(file, false);
            if (status == THENAR_OK)
                status = session_file_reserve(file);
        }
        if (i % head->metrics_every == 0 && status == THENAR_OK) {
            struct session_metrics_row metrics = {.frame = i, .force = (float)i};
            status = session_file_add(file, SESSION_METRICS, &metrics);
        }
        if (status != THENAR_OK)
            fail(&(struct thenar_error){.text = "writing failed"});
    }
    *share = (cpu_s() - begin_s) / SECONDS;
    if (session_file_close(file, &summary, &error) != THENAR_OK)
        fail(&error);
    struct stat facts;
    (void)stat(path, &facts);
    *bytes_a_frame = (double)facts.st_size / n;
}

static double read_through(const char *path)
{
    struct thenar_error error = {0};
    struct session_reader *reader;
    struct session_frame frame;
    double begin_s = cpu_s();
    if (session_reader_open(&reader, path, &error) != THENAR_OK)
        fail(&error);
    while (session_reader_next(reader, &frame, &error) == THENAR_OK)
        ;
    session_reader_close(reader);
    return (cpu_s() - begin_s) * 3600 / SECONDS;
}

int main(int argc, char **argv)
{
    char path[512];
    const double noises[] = {0, 1, 4};
    const char *const names[] = {"", "szip", "deflate"};
    unsigned n_rows = argc > 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 32;
    unsigned n_cols = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 32;
    double rate_hz = argc > 4 ? strtod(argv[4], NULL) : 200;
    struct session_head head = {0};
    (void)snprintf(path, sizeof path, "%.400s/bench_session.h5", argc > 1 ? argv[1] : "/tmp");
    if (array_layout_init(&head.layout, (uint16_t)n_rows, (uint16_t)n_cols, 15, 15,
                          (float)rate_hz) != THENAR_OK)
        return 1;
    head.layout.sensor.full_scale_counts = 4095;
    head.metrics_every = session_metrics_every(rate_hz);
    uint16_t *frames = calloc(head.layout.n_taxels * N_VARIED, sizeof *frames);
    if (!frames)
        return 1;
    printf("%u x %u at %g frames/s, %d s each\n", n_rows, n_cols, rate_hz, SECONDS);
    printf("packing  noise  GB/h    to record      an hour read in\n");
    for (size_t noise = 0; noise < 3; noise++) {
        for (unsigned i = 0; i < N_VARIED; i++)
            scene(frames + i * head.layout.n_taxels, n_rows, n_cols, i / rate_hz, noises[noise]);
        for (int packing = SESSION_PACK_SZIP; packing <= SESSION_PACK_DEFLATE; packing++) {
            double share, bytes;
            record(path, &head, frames, (enum session_packing)packing, &share, &bytes);
            printf("%-8s %-6g %.3f   %.2f %% a core   %.1f s\n", names[packing], noises[noise],
                   bytes * rate_hz * 3600 * 1e-9, 100 * share, read_through(path));
        }
    }
    (void)unlink(path);
    free(frames);
    session_head_finish(&head);
    return 0;
}
