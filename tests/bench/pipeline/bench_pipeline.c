/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_pipeline.c - Thenar's side of the benchmark: what thenard does with a frame, from memory
 *
 * The same functions in the same order as the daemon: octets -> checked message -> frame ->
 * pipeline -> feed payload -> PUB socket, here in one thread. Driven over stdin, answers in JSON,
 * one line each (the commands are those of peer.py, and `params PATH`). */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_publish.h"
#include "bench_stages.h"
#include "link/frame.h"
#include "link/stream.h"
#include "pipeline.h"

enum { TICK_HZ = 1000000 };

struct bench {
    struct array_layout layout;
    float gate_kpa;
    uint8_t *octets;
    size_t n_octets;
    uint64_t n_frames;
    unsigned n_passes;
    double pass_s;
    struct thenar_stream stream;
    struct pipeline *pipeline;
    struct bench_publish *publish;
    uint16_t counts[THENAR_MAX_TAXELS];
    float pressure[THENAR_MAX_TAXELS];
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench_pipeline: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

static double now_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static uint8_t *read_file(const char *path, size_t *n_bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        die(path, strerror(errno));
    long size = ftell(file);
    rewind(file);
    uint8_t *bytes = size > 0 ? malloc((size_t)size) : NULL;
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        die(path, "could not be read");
    fclose(file);
    *n_bytes = (size_t)size;
    return bytes;
}

static struct pipeline *make_pipeline(const struct bench *bench)
{
    struct pipeline_options options = {.gate_kpa = bench->gate_kpa};
    struct thenar_error error;
    struct pipeline *pipeline;
    if (pipeline_create(&pipeline, &bench->layout, &options, &error))
        die("pipeline", error.text);
    return pipeline;
}

/* The next frame of the recording into bench->counts; false at its end. */
static bool next_frame(struct bench *bench, size_t *at, struct thenar_frame *frame)
{
    struct thenar_message message;
    while (*at < bench->n_octets) {
        size_t n_used;
        enum thenar_status status = thenar_stream_next(&bench->stream, bench->octets + *at,
                                                       bench->n_octets - *at, &n_used, &message);
        *at += n_used;
        if (status == THENAR_PENDING)
            break;
        if (status)
            die("recording", "a message in it is damaged");
        if (thenar_frame_decode(message.body, message.n_body, bench->layout.n_taxels, frame,
                                bench->counts))
            die("recording", "a frame in it is not of this array");
        return true;
    }
    return false;
}

static struct pipeline_input input_of(const struct bench *bench, const struct thenar_frame *frame)
{
    return (struct pipeline_input){
        .sequence = frame->sequence + bench->n_passes * (uint32_t)bench->n_frames,
        .device_s = (double)frame->ticks / TICK_HZ + bench->n_passes * bench->pass_s,
        .counts = bench->counts,
    };
}

static uint64_t one_pass(struct bench *bench)
{
    size_t at = 0;
    uint64_t n_frames = 0;
    struct thenar_frame frame;
    struct pipeline_output output;
    for (; next_frame(bench, &at, &frame); n_frames++) {
        struct pipeline_input input = input_of(bench, &frame);
        pipeline_execute(bench->pipeline, &input, bench->pressure, &output);
        bench_publish_frame(bench->publish, &output, bench->pressure);
    }
    bench->n_passes++;
    return n_frames;
}

static void command_run(struct bench *bench, double span_s)
{
    double start_s = now_s(CLOCK_MONOTONIC), cpu_s = now_s(CLOCK_PROCESS_CPUTIME_ID), wall_s;
    uint64_t n_frames = 0;
    do {
        n_frames += one_pass(bench);
        wall_s = now_s(CLOCK_MONOTONIC) - start_s;
    } while (wall_s < span_s);
    cpu_s = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
    printf("{\"frames\": %llu, \"wall_s\": %.6f, \"cpu_s\": %.6f}\n", (unsigned long long)n_frames,
           wall_s, cpu_s);
}

static void command_stages(struct bench *bench, double span_s)
{
    struct bench_stages *stages = bench_stages_create(&bench->layout, bench->gate_kpa);
    double spent_ns[N_STAGES] = {0}, start_ns = bench_now_ns();
    double n_frames = 0;
    struct pipeline_output output;
    struct thenar_frame frame;
    memset(&output, 0, sizeof output);
    while (bench_now_ns() - start_ns < span_s * 1e9) {
        size_t at = 0;
        double begin_ns = bench_now_ns();
        while (next_frame(bench, &at, &frame)) {
            bench_stages_mark(spent_ns, STAGE_DECODE, &begin_ns);
            struct pipeline_input input = input_of(bench, &frame);
            bench_stages_execute(stages, &input, &begin_ns, spent_ns);
            output.sequence = input.sequence;
            output.device_s = input.device_s;
            bench_publish_frame(bench->publish, &output, bench->pressure);
            bench_stages_mark(spent_ns, STAGE_PUBLISH, &begin_ns);
            n_frames++;
        }
        bench->n_passes++;
    }
    for (int stage = 0; stage < N_STAGES; stage++)
        printf("%s\"%s\": %.1f", stage ? ", " : "{", bench_stage_names[stage],
               spent_ns[stage] / n_frames);
    printf("}\n");
    bench_stages_destroy(stages);
}

/* One record of dump.py. */
static void write_record(FILE *file, const struct bench *bench,
                         const struct pipeline_output *output)
{
    enum { N_HEAD = 9, N_CONTACT = 6 };
    const struct frame_features *f = &output->features;
    double record[N_HEAD + CONTACTS_MAX * N_CONTACT] = {
        (double)f->force_n,  (double)f->peak_kpa,    (double)f->peak_raw_kpa,
        (double)f->mean_kpa, (double)f->contact_cm2, (double)f->cop_x_mm,
        (double)f->cop_y_mm, f->n_touched,           output->n_contacts};
    for (unsigned i = 0; i < output->n_contacts; i++) {
        const struct contact *c = &output->contacts[i];
        double *at = record + N_HEAD + i * N_CONTACT;
        at[0] = (double)c->force_n;
        at[1] = (double)c->peak_kpa;
        at[2] = (double)c->area_cm2;
        at[3] = (double)c->cop_x_mm;
        at[4] = (double)c->cop_y_mm;
        at[5] = (double)c->major_mm;
    }
    if (fwrite(record, sizeof record, 1, file) != 1 ||
        fwrite(bench->pressure, sizeof(float), bench->layout.n_taxels, file) !=
            bench->layout.n_taxels)
        die("dump", strerror(errno));
}

static void command_dump(struct bench *bench, const char *path, unsigned long n_wanted)
{
    struct pipeline *pipeline = make_pipeline(bench);
    FILE *file = fopen(path, "wb");
    if (!file)
        die(path, strerror(errno));
    size_t at = 0;
    unsigned long n_frames = 0;
    struct thenar_frame frame;
    struct pipeline_output output;
    for (; n_frames < n_wanted && next_frame(bench, &at, &frame); n_frames++) {
        struct pipeline_input input = input_of(bench, &frame);
        pipeline_execute(pipeline, &input, bench->pressure, &output);
        write_record(file, bench, &output);
    }
    if (fclose(file))
        die(path, strerror(errno));
    pipeline_destroy(pipeline);
    printf("{\"frames\": %lu}\n", n_frames);
}

/* What the other side must be told: the taps, as designed here. */
static void command_params(const struct bench *bench, const char *path)
{
    const struct lowpass_design *lowpass = pipeline_lowpass(bench->pipeline);
    FILE *file = fopen(path, "w");
    if (!file)
        die(path, strerror(errno));
    fprintf(file, "{\"taps\": [");
    for (size_t i = 0; i < lowpass->n_taps; i++)
        fprintf(file, "%s%.9g", i ? ", " : "", (double)lowpass->taps[i]);
    fprintf(file, "]}\n");
    if (fclose(file))
        die(path, strerror(errno));
    printf("{\"taps\": %zu}\n", lowpass->n_taps);
}

static float number_of(const char *text, const char *name)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno || end == text || *end)
        die(name, "is not a number");
    return (float)value;
}

static void make_layout(struct array_layout *layout, float side, float pitch_mm, float rate_hz,
                        const char *gain_path)
{
    uint16_t n_side = (uint16_t)side;
    if (array_layout_init(layout, n_side, n_side, pitch_mm, pitch_mm, rate_hz))
        die("layout", "the size, pitch or rate is out of range");
    size_t n_bytes;
    uint8_t *gain = read_file(gain_path, &n_bytes);
    if (n_bytes != layout->n_taxels * sizeof(float))
        die(gain_path, "is not one float32 a taxel");
    memcpy(layout->gain, gain, n_bytes);
    free(gain);
}

static void read_options(struct bench *bench, int argc, char **argv)
{
    enum { WIRE, GAIN, PUBLISH, SIDE, RATE, PITCH, REFERENCE, CONDUCTANCE, EXPONENT, GATE, N };
    static const struct option options[] = {{"wire", 1, NULL, WIRE},
                                            {"gain", 1, NULL, GAIN},
                                            {"publish", 1, NULL, PUBLISH},
                                            {"side", 1, NULL, SIDE},
                                            {"rate", 1, NULL, RATE},
                                            {"pitch", 1, NULL, PITCH},
                                            {"reference", 1, NULL, REFERENCE},
                                            {"conductance", 1, NULL, CONDUCTANCE},
                                            {"exponent", 1, NULL, EXPONENT},
                                            {"gate", 1, NULL, GATE},
                                            {NULL, 0, NULL, 0}};
    const char *given[N] = {[PUBLISH] = "ipc://@thenar-bench-ours"};
    for (int which; (which = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
        if (which >= N)
            exit(EXIT_FAILURE);
        given[which] = optarg;
    }
    float value[N] = {0};
    for (int i = 0; i < N; i++) {
        if (!given[i])
            die(options[i].name, "is missing: tests/bench/run gives all options");
        if (i >= SIDE)
            value[i] = number_of(given[i], options[i].name);
    }
    make_layout(&bench->layout, value[SIDE], value[PITCH], value[RATE], given[GAIN]);
    bench->layout.sensor = (struct sensor_law){
        .unit = UNIT_COUNTS,
        .circuit = SENSOR_DIVIDER,
        .full_scale_counts = 4095,
        .reference_ohm = value[REFERENCE],
        .calibrated = true,
        .conductance_100kpa_us = value[CONDUCTANCE],
        .exponent = value[EXPONENT],
    };
    bench->gate_kpa = value[GATE];
    bench->octets = read_file(given[WIRE], &bench->n_octets);
    bench->pipeline = make_pipeline(bench);
    bench->publish = bench_publish_create(given[PUBLISH], &bench->layout,
                                          pipeline_lowpass(bench->pipeline)->delay_ms);
}

static void obey(struct bench *bench, const char *line)
{
    char path[1024];
    double span_s;
    unsigned long n_frames;
    if (sscanf(line, "run %lf", &span_s) == 1)
        command_run(bench, span_s);
    else if (sscanf(line, "stages %lf", &span_s) == 1)
        command_stages(bench, span_s);
    else if (sscanf(line, "dump %1023s %lu", path, &n_frames) == 2)
        command_dump(bench, path, n_frames);
    else if (sscanf(line, "params %1023s", path) == 1)
        command_params(bench, path);
    else
        die(line, "no such command: run, stages, dump, params");
}

int main(int argc, char **argv)
{
    static struct bench bench; /* large */
    setvbuf(stdout, NULL, _IOLBF, 0);
    read_options(&bench, argc, argv);
    thenar_stream_init(&bench.stream);
    struct thenar_frame frame;
    for (size_t at = 0; next_frame(&bench, &at, &frame);)
        bench.n_frames++;
    bench.pass_s = (double)bench.n_frames / (double)bench.layout.rate_hz;
    printf("{\"ready\": true, \"filter\": \"%s\", \"frames\": %llu}\n",
           pipeline_filter_form(bench.pipeline), (unsigned long long)bench.n_frames);
    char line[2048];
    while (fgets(line, sizeof line, stdin))
        obey(&bench, line);
    bench_publish_destroy(bench.publish);
    pipeline_destroy(bench.pipeline);
    array_layout_finish(&bench.layout);
    free(bench.octets);
    return EXIT_SUCCESS;
}
