/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_gait.c - the engine's pace, from windows of one signal each
 *
 *     bench_gait RATE_HZ WINDOW_FRAMES < windows
 *
 * Standard input: float32 in the machine's order, one window of WINDOW_FRAMES values after the
 * other. Each window begins with nothing remembered and passes the very code of the pipeline
 * (history.h, strokes.h, pace.h), as the force on an array; prints a line each: the pace at its end
 * and its confidence, or "nan nan". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "technique/history.h"
#include "technique/pace.h"
#include "technique/strokes.h"

static const float pitch_mm = 10.0F; /* one sensor has no pitch: it matters to places only */

struct reader {
    float rate_hz;
    struct history *history;
    struct pace *pace;
    struct strokes *strokes;
};

static void open_reader(struct reader *reader, float rate_hz)
{
    reader->rate_hz = rate_hz;
    if (history_create(&reader->history, rate_hz) ||
        pace_create(&reader->pace, history_rate_hz(reader->history), pitch_mm) ||
        strokes_create(&reader->strokes, pitch_mm)) {
        (void)fprintf(stderr, "bench_gait: out of memory\n");
        exit(EXIT_FAILURE);
    }
}

static struct pace_reading read_window(struct reader *reader, const float *force, size_t n)
{
    double at_s = 0, next_s = PACE_STEP_S;
    history_reset(reader->history);
    pace_reset(reader->pace);
    strokes_reset(reader->strokes);
    for (size_t i = 0; i < n; i++) {
        at_s = (double)i / (double)reader->rate_hz;
        struct contacts_sum sum = {.force_n = force[i], .peak_kpa = force[i]};
        float values[N_SIGNALS] = {[SIGNAL_FORCE] = force[i]};
        strokes_execute(reader->strokes, at_s, &sum);
        history_push(reader->history, at_s, values);
        if (at_s < next_s && i + 1 < n)
            continue;
        next_s += PACE_STEP_S;
        pace_execute(reader->pace, reader->history);
        strokes_set_rhythm(reader->strokes, pace_rhythm(reader->pace, PACE_OF_FORCE)->hz, NAN);
    }
    return pace_read(reader->pace, PACE_OF_FORCE, strokes_times(reader->strokes, READ_FORCE), at_s);
}

int main(int argc, char **argv)
{
    float rate_hz = argc > 1 ? strtof(argv[1], NULL) : 0;
    size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (!(rate_hz > 0) || n == 0 || n > 1000000) {
        (void)fprintf(stderr, "bench_gait: usage: bench_gait RATE_HZ WINDOW_FRAMES < windows\n");
        return EXIT_FAILURE;
    }
    struct reader reader;
    float *force = malloc(n * sizeof *force);
    open_reader(&reader, rate_hz);
    while (force && fread(force, sizeof *force, n, stdin) == n) {
        struct pace_reading reading = read_window(&reader, force, n);
        (void)printf("%.4f %.3f\n", (double)reading.pace_cpm, (double)reading.confidence);
    }
    free(force);
    strokes_destroy(reader.strokes);
    pace_destroy(reader.pace);
    history_destroy(reader.history);
    return 0;
}
