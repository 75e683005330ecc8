/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An hour in one file: how long it takes to open it, and to verify it; processor time, and time on
 * the wall with all processors.
 *
 *     bench_session_hour [FOLDER [MINUTES [NOISE]]]
 *
 * 32x32 at 200 frames/s, NOISE counts of noise on every taxel (4), every frame another for ten
 * seconds. The file stays where it is with a FOLDER, and is made only when it is not there. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "session/session_file.h"
#include "session/session_reader.h"
#include "session_check.h"

enum { RATE_HZ = 200, SIDE = 32, N_TAXELS = SIDE * SIDE, N_VARIED = 2000 };

struct watch {
    double wall_s, cpu_s;
};

/* The processes that verify makes are counted with us. */
static struct watch watch_now(void)
{
    struct timespec t;
    struct watch watch;
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    clock_gettime(CLOCK_MONOTONIC, &t);
    watch.wall_s = (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
    watch.cpu_s = 0;
    for (int i = 0; i < 2; i++) {
        struct rusage usage;
        (void)getrusage(whose[i], &usage);
        watch.cpu_s += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    }
    return watch;
}

static void print_since(const char *what, struct watch begin)
{
    struct watch end = watch_now();
    printf("%-38s %7.3f s of processor, %7.3f s on the wall\n", what, end.cpu_s - begin.cpu_s,
           end.wall_s - begin.wall_s);
}

static void fail(const char *text)
{
    (void)fprintf(stderr, "bench_session_hour: %s\n", text);
    exit(1);
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

/* Every taxel has its own level, noise on top, and a hand of 900 counts glides. */
static void scene(uint16_t *counts, double t_s, double noise)
{
    for (unsigned r = 0; r < SIDE; r++)
        for (unsigned c = 0; c < SIDE; c++) {
            double y = (double)r - SIDE * (0.5 + 0.25 * sin(0.6 * 6.283185307179586 * t_s));
            double x = (double)c - SIDE / 2.0;
            double level = 20 + (r * 7919 + c * 104729) % 41;
            double value = level + 900 * exp(-(x * x + y * y) / 18) + noise * normal();
            counts[r * SIDE + c] = (uint16_t)fmin(fmax(round(value), 0), 4095);
        }
}

static void put_frame(struct session_file *file, unsigned i, const uint16_t *counts)
{
    struct session_frame_row row = {.ticks = 5000ULL * i,
                                    .device_s = i / (double)RATE_HZ,
                                    .arrival_ns = (int64_t)i * 5000000 + (int64_t)(uniform() * 3e5),
                                    .sequence = i,
                                    .scan_s = 0.0045F,
                                    .uncertainty_s = 1e-5F};
    row.t_device = 1.79e9 + row.device_s;
    row.arrival_unix_ns = row.arrival_ns + 1790000000000000000;
    enum thenar_status status = session_file_add_frame(file, &row, counts);
    if (status == THENAR_PENDING)
        status = session_file_flush(file, false);
    struct session_metrics_row metrics = {.frame = i, .force = (float)i};
    if (status == THENAR_OK && i % 4 == 0)
        status = session_file_add(file, SESSION_METRICS, &metrics);
    if (status != THENAR_OK)
        fail("writing failed; is the disk full?");
}

static void record(const char *path, double minutes, double noise)
{
    struct thenar_error error = {0};
    struct session_file *file;
    struct session_summary summary = {.state = SESSION_CLOSED};
    struct session_head head = {0};
    uint16_t *frames = calloc((size_t)N_TAXELS * N_VARIED, sizeof *frames);
    if (!frames || array_layout_init(&head.layout, SIDE, SIDE, 15, 15, RATE_HZ) != THENAR_OK)
        fail("out of memory");
    head.layout.sensor.full_scale_counts = 4095;
    head.metrics_every = session_metrics_every(RATE_HZ);
    for (unsigned i = 0; i < N_VARIED; i++)
        scene(frames + (size_t)i * N_TAXELS, i / (double)RATE_HZ, noise);
    struct watch begin = watch_now();
    if (session_file_create(&file, path, &head, SESSION_PACK_BEST, &error) != THENAR_OK)
        fail(error.text);
    for (unsigned i = 0; i < (unsigned)(minutes * 60 * RATE_HZ); i++)
        put_frame(file, i, frames + (size_t)(i % N_VARIED) * N_TAXELS);
    if (session_file_close(file, &summary, &error) != THENAR_OK)
        fail(error.text);
    print_since("written", begin);
    session_head_finish(&head);
    free(frames);
}

static void read_it(const char *path)
{
    struct thenar_error error = {0};
    struct session_reader *reader;
    struct session_frames_check check;
    struct session_verdict verdict;
    struct watch begin = watch_now();
    if (session_reader_open(&reader, path, &error) != THENAR_OK)
        fail(error.text);
    print_since("opened", begin);
    begin = watch_now();
    if (session_verify_frames(reader, 0, UINT64_MAX, &check, &error) != THENAR_OK)
        fail(error.text);
    print_since("frames verified in one thread", begin);
    session_reader_close(reader);
    begin = watch_now();
    if (session_check(path, &verdict, &error) != THENAR_OK)
        fail(error.text);
    print_since("opened and verified, as `verify` does", begin);
    printf("%llu frames, %llu bad: %s\n", (unsigned long long)verdict.n_stored,
           (unsigned long long)verdict.frames.n_bad,
           session_verdict_is_good(&verdict) ? "good" : "NOT GOOD");
}

int main(int argc, char **argv)
{
    char path[512];
    struct stat facts;
    double minutes = argc > 2 ? strtod(argv[2], NULL) : 60;
    double noise = argc > 3 ? strtod(argv[3], NULL) : 4;
    (void)snprintf(path, sizeof path, "%.400s/bench_session_hour.h5", argc > 1 ? argv[1] : "/tmp");
    if (stat(path, &facts) != 0)
        record(path, minutes, noise);
    if (stat(path, &facts) != 0)
        fail("no file");
    printf("%s: %.1f MB\n", path, (double)facts.st_size * 1e-6);
    read_it(path);
    if (argc < 2)
        (void)unlink(path);
    return 0;
}
