/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_convert.h"
#include "session/session_crc.h"
#include "session/session_older.h"

/* One table of the file, compared row by row with what comes out now. */
struct tally {
    enum session_table table;
    unsigned char *rows;
    size_t n_rows, next;
    uint64_t n_other;
};

struct replay {
    struct session_reader *reader;
    const struct session_head *head;
    const struct classifier *classifier;
    const struct session_replay_sink *sink;
    struct session_replay_result *result;
    struct pipeline *pipeline;
    struct tally strokes, episodes, metrics;
    struct session_command_row *commands;
    size_t n_commands, next_command;
    float *pressure;
    struct session_frame_row last; /* the frame before, for what ends after it */
    uint64_t last_index;
};

static void begin_zero(struct replay *r, const struct pipeline *before)
{
    if (before)
        pipeline_follow(r->pipeline, before);
    else
        pipeline_set_zero(r->pipeline, r->head->zero, r->head->zero_is_loaded);
}

static enum thenar_status create_pipeline(struct replay *r, struct thenar_error *error)
{
    const struct pipeline_options options = {
        .gate_kpa = r->head->gate_kpa,
        .classifier = r->head->layout.mount == MOUNT_MAT ? NULL : r->classifier};
    struct pipeline *before = r->pipeline;
    r->pipeline = NULL;
    enum thenar_status status = pipeline_create(&r->pipeline, &r->head->layout, &options, error);
    if (status == THENAR_OK) {
        begin_zero(r, before);
        r->result->is_same_form = pipeline_use_form(r->pipeline, r->head->filter_form);
    }
    pipeline_destroy(before);
    return status;
}

static void compare(struct replay *r, struct tally *tally, void *row, uint64_t frame)
{
    size_t row_bytes = session_table_form(tally->table)->row_bytes;
    session_older_blank(tally->table, r->head->format_version, row);
    uint32_t crc32 = session_crc_of_row(row, row_bytes);
    memcpy((unsigned char *)row + row_bytes - sizeof crc32, &crc32, sizeof crc32);
    bool is_same = tally->next < tally->n_rows &&
                   memcmp(row, tally->rows + tally->next * row_bytes, row_bytes) == 0;
    tally->next++;
    if (is_same)
        return;
    tally->n_other++;
    if (frame < r->result->first_other_frame)
        r->result->first_other_frame = frame;
}

static void compare_events(struct replay *r, const struct pipeline_output *output,
                           const struct session_frame_row *row, uint64_t index)
{
    struct session_place place = {.frame = index,
                                  .t_device = row->t_device,
                                  .device_s = row->device_s,
                                  .is_relative = !array_layout_is_kpa(&r->head->layout)};
    for (unsigned i = 0; i < output->n_strokes; i++) {
        struct session_stroke_row stroke;
        session_convert_stroke(&place, &output->strokes[i], &stroke);
        compare(r, &r->strokes, &stroke, index);
    }
    for (unsigned i = 0; i < output->n_episodes; i++) {
        struct session_episode_row episode;
        session_convert_episode(&place, &output->episodes[i], &episode);
        compare(r, &r->episodes, &episode, index);
    }
}

/* What was going on ends: at the end, and where the device began anew. */
static bool finish(struct replay *r)
{
    struct pipeline_output output = {0};
    struct session_frame frame = {.index = r->last_index, .row = &r->last};
    for (bool more = true; more;) {
        more = pipeline_finish(r->pipeline, &output);
        compare_events(r, &output, &r->last, r->last_index);
        if (r->sink && !r->sink->take(r->sink->user, &frame, &output, NULL))
            return false;
    }
    return true;
}

static void obey(struct replay *r, uint64_t index)
{
    for (; r->next_command < r->n_commands && r->commands[r->next_command].frame <= index;
         r->next_command++) {
        const struct session_command_row *command = &r->commands[r->next_command];
        if (command->is_done && strncmp(command->command, "tare", sizeof command->command) == 0)
            pipeline_tare(r->pipeline, (float)command->value, command->is_loaded);
    }
}

static enum thenar_status run_frame(struct replay *r, const struct session_frame *frame,
                                    struct thenar_error *error)
{
    struct pipeline_output output;
    struct pipeline_input input = {.sequence = frame->row->sequence,
                                   .device_s = frame->row->device_s,
                                   .counts = frame->counts,
                                   .samples = frame->samples};
    obey(r, frame->index);
    if (frame->row->flags & SESSION_FRAME_ANEW) {
        if (!finish(r))
            return THENAR_END;
        enum thenar_status status = create_pipeline(r, error);
        if (status != THENAR_OK)
            return status;
    }
    pipeline_execute(r->pipeline, &input, r->pressure, &output);
    if (frame->index % r->head->metrics_every == 0) {
        struct session_place place = {.frame = frame->index,
                                      .t_device = frame->row->t_device,
                                      .device_s = frame->row->device_s,
                                      .is_relative = !array_layout_is_kpa(&r->head->layout)};
        struct session_metrics_row row;
        session_convert_metrics(&place, &output, &row);
        compare(r, &r->metrics, &row, frame->index);
    }
    compare_events(r, &output, frame->row, frame->index);
    r->last = *frame->row;
    r->last_index = frame->index;
    r->result->n_frames++;
    return !r->sink || r->sink->take(r->sink->user, frame, &output, r->pressure) ? THENAR_OK
                                                                                 : THENAR_END;
}

static enum thenar_status load(struct replay *r, struct tally *tally, enum session_table table,
                               struct thenar_error *error)
{
    tally->table = table;
    return session_reader_all(r->reader, table, (void **)&tally->rows, &tally->n_rows, error);
}

static enum thenar_status prepare(struct replay *r, struct thenar_error *error)
{
    enum thenar_status status = load(r, &r->strokes, SESSION_STROKES, error);
    if (status == THENAR_OK)
        status = load(r, &r->episodes, SESSION_EPISODES, error);
    if (status == THENAR_OK)
        status = load(r, &r->metrics, SESSION_METRICS, error);
    if (status == THENAR_OK)
        status = session_reader_all(r->reader, SESSION_COMMANDS, (void **)&r->commands,
                                    &r->n_commands, error);
    r->pressure = calloc(r->head->layout.n_taxels, sizeof *r->pressure);
    if (status == THENAR_OK && !r->pressure)
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a replay");
    return status == THENAR_OK ? create_pipeline(r, error) : status;
}

static enum thenar_status find_disk_gap(struct replay *r, struct thenar_error *error)
{
    struct session_gap_row *gaps;
    size_t n_gaps;
    enum thenar_status status =
        session_reader_all(r->reader, SESSION_GAPS, (void **)&gaps, &n_gaps, error);
    for (size_t i = 0; i < n_gaps; i++)
        r->result->has_disk_gap |= strncmp(gaps[i].side, "disk", sizeof gaps[i].side) == 0;
    free(gaps);
    return status;
}

/* Rows of the file that nothing came out for. In a file that was cut off, its own last rows may
 * never have been written, and what ended only now was still going on. */
static void settle(struct replay *r, const struct tally *tally, uint64_t *n, uint64_t *n_other)
{
    *n = tally->next;
    *n_other = tally->n_other;
    if (tally->next < tally->n_rows)
        *n_other += tally->n_rows - tally->next;
    else if (r->result->is_cut)
        *n_other -= tally->next - tally->n_rows < tally->n_other ? tally->next - tally->n_rows
                                                                 : tally->n_other;
}

static enum thenar_status run(struct replay *r, struct thenar_error *error)
{
    struct session_frame frame;
    enum thenar_status status;
    session_reader_seek(r->reader, 0);
    while ((status = session_reader_next(r->reader, &frame, error)) == THENAR_OK) {
        status = run_frame(r, &frame, error);
        if (status != THENAR_OK)
            return status;
    }
    if (status != THENAR_END)
        return status;
    return r->result->n_frames == 0 || finish(r) ? THENAR_OK : THENAR_END;
}

enum thenar_status session_replay(struct session_reader *reader,
                                  const struct classifier *classifier,
                                  const struct session_replay_sink *sink,
                                  struct session_replay_result *result, struct thenar_error *error)
{
    struct replay r = {.reader = reader,
                       .head = session_reader_head(reader),
                       .classifier = classifier,
                       .sink = sink,
                       .result = result};
    memset(result, 0, sizeof *result);
    result->first_other_frame = UINT64_MAX;
    result->is_cut = session_reader_summary(reader)->state != SESSION_CLOSED;
    enum thenar_status status = prepare(&r, error);
    if (status == THENAR_OK)
        status = find_disk_gap(&r, error);
    if (status == THENAR_OK) {
        (void)memcpy(result->filter_form, pipeline_filter_form(r.pipeline),
                     strnlen(pipeline_filter_form(r.pipeline), sizeof result->filter_form - 1));
        (void)snprintf(result->technique_model, sizeof result->technique_model, "%s",
                       pipeline_technique_model(r.pipeline));
        status = run(&r, error);
    }
    if (status == THENAR_OK) {
        settle(&r, &r.strokes, &result->n_strokes, &result->n_strokes_other);
        settle(&r, &r.episodes, &result->n_episodes, &result->n_episodes_other);
        settle(&r, &r.metrics, &result->n_metrics, &result->n_metrics_other);
    }
    pipeline_destroy(r.pipeline);
    free(r.strokes.rows);
    free(r.episodes.rows);
    free(r.metrics.rows);
    free(r.commands);
    free(r.pressure);
    return status;
}
