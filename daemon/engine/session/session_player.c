/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_player.h"

#include <stdlib.h>
#include <string.h>

struct session_player {
    struct session_reader *reader;
    const struct classifier *classifier;
    struct session_command_row *commands;
    size_t n_commands, next_command;
    struct pipeline *pipeline;
    float *pressure; /* [n_taxels] */
};

/* @param before  the pipeline that the device's new beginning ends; NULL: the file's own beginning
 */
static enum thenar_status create_pipeline(struct session_player *p, const struct pipeline *before,
                                          struct thenar_error *error)
{
    const struct session_head *head = session_reader_head(p->reader);
    const struct pipeline_options options = {.classifier = p->classifier,
                                             .gate_kpa = head->gate_kpa};
    p->pipeline = NULL;
    enum thenar_status status = pipeline_create(&p->pipeline, &head->layout, &options, error);
    if (status == THENAR_OK && before)
        pipeline_follow(p->pipeline, before);
    else if (status == THENAR_OK)
        pipeline_set_zero(p->pipeline, head->zero, head->zero_is_loaded != 0);
    return status;
}

static enum thenar_status prepare(struct session_player *p, const char *path,
                                  struct thenar_error *error)
{
    enum thenar_status status = session_reader_open(&p->reader, path, error);
    if (status == THENAR_OK)
        status = session_reader_all(p->reader, SESSION_COMMANDS, (void **)&p->commands,
                                    &p->n_commands, error);
    if (status != THENAR_OK)
        return status;
    if (session_reader_n_frames(p->reader) == 0)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s: no frames in it", path);
    p->pressure = calloc(session_reader_head(p->reader)->layout.n_taxels, sizeof *p->pressure);
    if (!p->pressure)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    return create_pipeline(p, NULL, error);
}

enum thenar_status session_player_open(struct session_player **out, const char *path,
                                       const struct classifier *classifier,
                                       struct thenar_error *error)
{
    *out = NULL;
    struct session_player *p = calloc(1, sizeof *p);
    if (!p)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    p->classifier = classifier;
    enum thenar_status status = prepare(p, path, error);
    if (status == THENAR_OK)
        *out = p;
    else
        session_player_close(p);
    return status;
}

void session_player_close(struct session_player *p)
{
    if (!p)
        return;
    pipeline_destroy(p->pipeline);
    session_reader_close(p->reader);
    free(p->commands);
    free(p->pressure);
    free(p);
}

static void tare_as_recorded(struct session_player *p, uint64_t index)
{
    for (; p->next_command < p->n_commands && p->commands[p->next_command].frame <= index;
         p->next_command++) {
        const struct session_command_row *command = &p->commands[p->next_command];
        if (command->is_done && strncmp(command->command, "tare", sizeof command->command) == 0)
            pipeline_tare(p->pipeline, (float)command->value, command->is_loaded != 0);
    }
}

enum thenar_status session_player_next(struct session_player *p, double *device_s,
                                       struct pipeline_output *output, struct thenar_error *error)
{
    struct session_frame frame;
    enum thenar_status status = session_reader_next(p->reader, &frame, error);
    if (status != THENAR_OK)
        return status;
    tare_as_recorded(p, frame.index);
    if (frame.row->flags & SESSION_FRAME_ANEW) {
        struct pipeline *before = p->pipeline;
        status = create_pipeline(p, before, error);
        pipeline_destroy(before);
        if (status != THENAR_OK)
            return status;
    }
    const struct pipeline_input input = {.sequence = frame.row->sequence,
                                         .device_s = frame.row->device_s,
                                         .counts = frame.counts,
                                         .samples = frame.samples};
    *device_s = frame.row->device_s;
    pipeline_execute(p->pipeline, &input, p->pressure, output);
    return THENAR_OK;
}

struct session_reader *session_player_reader(const struct session_player *p)
{
    return p->reader;
}

struct pipeline *session_player_pipeline(const struct session_player *p)
{
    return p->pipeline;
}

const struct session_command_row *session_player_commands(const struct session_player *p,
                                                          size_t *n_obeyed, size_t *n_all)
{
    *n_obeyed = p->next_command;
    *n_all = p->n_commands;
    return p->commands;
}
