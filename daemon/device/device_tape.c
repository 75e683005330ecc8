/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_tape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_convert.h"

enum { RING_SLOTS = 2048, RING_RESERVE = 64, WAIT_MS = 100 };

static const double SLEW = 0.002; /* of an interval, as in clock/device_clock.h */
static const double AWAY_S = 1;
static const float MAT_TOUCH_N = 8;      /* FEED.md, "session_start" */
static const double STEP_LEAST_S = 1e-6; /* Unix seconds have room for less */

static const size_t RECORD_BYTES = sizeof(struct tape_record) + THENAR_MAX_TAXELS * sizeof(float);

enum thenar_status device_tape_init(struct device_tape *tape, const atomic_bool *is_stopping)
{
    tape->is_stopping = is_stopping;
    return ring_init(&tape->ring, RING_SLOTS, RECORD_BYTES, NULL);
}

void device_tape_finish(struct device_tape *tape)
{
    ring_finish(&tape->ring);
}

static struct tape_record *claim(struct device_tape *tape, size_t n_reserve)
{
    struct tape_record *record = ring_claim(&tape->ring, n_reserve);
    while (!record && tape->can_wait &&
           !atomic_load_explicit(tape->is_stopping, memory_order_relaxed)) {
        ring_wait(&tape->ring, n_reserve, WAIT_MS);
        record = ring_claim(&tape->ring, n_reserve);
    }
    return record;
}

/* ---- where a file begins and ends ---- */

static double now_unix_s(void)
{
    return moment_unix_s(moment_now());
}

static bool copy_arrays(struct session_head *head, const struct device_tape_start *start)
{
    const struct source_description *description = start->description;
    size_t n_taxels = start->layout->n_taxels;
    if (array_layout_copy(&head->layout, start->layout) != THENAR_OK)
        return false;
    head->zero = calloc(n_taxels, sizeof *head->zero);
    head->channels = calloc(THENAR_MAX_AUX, sizeof *head->channels);
    if (!head->zero || !head->channels)
        return false;
    memcpy(head->zero, pipeline_zero(start->pipeline), n_taxels * sizeof *head->zero);
    for (unsigned i = 0; i < description->n_aux; i++) {
        const struct thenar_aux_channel *aux = &description->aux[i];
        head->channels[head->n_channels++] =
            (struct session_channel_row){.rate_hz = aux->rate_mhz * 1e-3,
                                         .scale = aux->scale_nano * 1e-9,
                                         .channel = aux->id,
                                         .kind = aux->kind,
                                         .n_values = aux->n_values};
    }
    return true;
}

static bool copy_documents(struct session_head *head, const struct device_tape *tape,
                           const struct device_tape_start *start)
{
    return session_documents_join(&head->documents, start->documents) == THENAR_OK &&
           (!tape->plan_text ||
            session_documents_add(&head->documents, SESSION_DOCUMENT_PLAN, tape->plan_name,
                                  tape->plan_text, now_unix_s()) == THENAR_OK);
}

static void put(char *field, size_t n_bytes, const char *text)
{
    session_convert_text(field, n_bytes, text);
}

static void fill(const struct device_tape *tape, struct session_head *head,
                 const struct device_tape_start *start)
{
    const struct source_description *description = start->description;
    const struct lowpass_design *design = pipeline_lowpass(start->pipeline);
    put(head->device, sizeof head->device, tape->name);
    put(head->uri, sizeof head->uri, tape->uri);
    put(head->about.plan, sizeof head->about.plan, tape->plan_name ? tape->plan_name : "");
    put(head->model, sizeof head->model, description->model);
    put(head->serial, sizeof head->serial, description->serial);
    put(head->firmware, sizeof head->firmware, description->firmware);
    put(head->filter_form, sizeof head->filter_form, pipeline_filter_form(start->pipeline));
    put(head->technique_model, sizeof head->technique_model,
        pipeline_technique_model(start->pipeline));
    head->part = tape->part;
    head->tick_hz = description->tick_hz;
    head->gate_counts = description->gate_counts;
    head->is_float = description->gives_floats;
    head->filter_taps = (uint32_t)design->n_taps;
    head->filter_pass_hz = design->pass_hz;
    head->filter_stop_hz = design->stop_hz;
    head->filter_delay_ms = design->delay_ms;
    put(head->calibration, sizeof head->calibration, start->calibration);
    head->zero_is_loaded = pipeline_zero_is_loaded(start->pipeline);
    head->gate_kpa = start->gate_kpa;
    head->metrics_every = session_metrics_every((double)start->layout->rate_hz);
}

enum thenar_status device_tape_begin(struct device_tape *tape,
                                     const struct device_tape_start *start)
{
    struct tape_record *record = tape->is_end_due ? NULL : claim(tape, 0);
    if (!record)
        return THENAR_ERR_BUSY;
    struct session_head *head = calloc(1, sizeof *head);
    if (!head || !copy_arrays(head, start) || !copy_documents(head, tape, start)) {
        if (head)
            session_head_finish(head);
        free(head);
        return THENAR_ERR_MEMORY;
    }
    tape->part++;
    fill(tape, head, start);
    tape->is_relative = !array_layout_is_kpa(&head->layout);
    tape->is_float = head->is_float;
    tape->n_sample_bytes = session_head_frame_bytes(head);
    tape->metrics_every = head->metrics_every;
    tape->n_frames = 0;
    tape->is_anew = false;
    memset(&tape->hole, 0, sizeof tape->hole);
    memset(&tape->last, 0, sizeof tape->last);
    record->kind = TAPE_BEGIN;
    record->head = head;
    ring_commit(&tape->ring);
    tape->is_on = true;
    return THENAR_OK;
}

/* ---- rows ---- */

static void push_row(struct device_tape *tape, enum session_table table, const void *row)
{
    struct tape_record *record = tape->is_on ? claim(tape, 0) : NULL;
    if (!record)
        return; /* frames were lost long before the reserve: the gap tells of it */
    record->kind = TAPE_ROW;
    record->table = table;
    memcpy(record->row, row, session_table_form(table)->row_bytes);
    ring_commit(&tape->ring);
}

static void push_hole(struct device_tape *tape, const char *side, const struct frame_hole *hole)
{
    struct session_gap_row row = {.t = tape->last.has_frame ? tape->last.t_device : now_unix_s(),
                                  .lost_s = hole->lost_s,
                                  .n_bad_messages = hole->n_bad_messages,
                                  .n_frames = hole->n_frames,
                                  .from_sequence = hole->from,
                                  .to_sequence = hole->to};
    put(row.side, sizeof row.side, side);
    push_row(tape, SESSION_GAPS, &row);
}

static void tell_hole(struct device_tape *tape, uint32_t next_sequence)
{
    if (tape->hole.n_frames == 0)
        return;
    tape->hole.to = next_sequence;
    push_hole(tape, "disk", &tape->hole);
    memset(&tape->hole, 0, sizeof tape->hole);
}

void device_tape_end(struct device_tape *tape)
{
    if (!tape->is_on)
        return;
    tell_hole(tape, tape->sequence + 1);
    tape->is_on = false;
    tape->is_end_due = true;
    device_tape_settle(tape, false);
}

void device_tape_settle(struct device_tape *tape, bool must_wait)
{
    if (!tape->is_end_due)
        return;
    struct tape_record *record;
    while (!(record = ring_claim(&tape->ring, 0)) && must_wait)
        ring_wait(&tape->ring, 0, WAIT_MS);
    if (!record)
        return;
    record->kind = TAPE_END;
    ring_commit(&tape->ring);
    tape->is_end_due = false;
}

void device_tape_anew(struct device_tape *tape)
{
    tape->is_anew = tape->is_on;
}

void device_tape_hole(struct device_tape *tape, const struct frame_hole *hole)
{
    if (tape->is_on && tape->n_frames > 0) /* what is missing before the first is not the file's */
        push_hole(tape, loss_side_names[hole->side], hole);
}

/* ---- frames ---- */

static void push_events(struct device_tape *tape, const struct pipeline_output *output,
                        const struct session_place *place)
{
    for (unsigned i = 0; i < output->n_strokes; i++) {
        struct session_stroke_row row;
        session_convert_stroke(place, &output->strokes[i], &row);
        push_row(tape, SESSION_STROKES, &row);
    }
    for (unsigned i = 0; i < output->n_episodes; i++) {
        struct session_episode_row row;
        session_convert_episode(place, &output->episodes[i], &row);
        push_row(tape, SESSION_EPISODES, &row);
    }
}

static struct session_place place_of(const struct device_tape *tape)
{
    return (struct session_place){.t_device = tape->last.t_device,
                                  .device_s = tape->last.device_s,
                                  .is_relative = tape->is_relative};
}

void device_tape_events(struct device_tape *tape, const struct pipeline_output *output)
{
    struct session_place place = place_of(tape);
    if (tape->is_on && tape->last.has_frame)
        push_events(tape, output, &place);
}

static void note_lost(struct device_tape *tape, uint32_t sequence, double interval_s)
{
    struct frame_hole *hole = &tape->hole;
    if (hole->n_frames == 0)
        hole->from = sequence - 1;
    hole->n_frames++;
    hole->lost_s += interval_s;
}

/* The intervals of the file are the device's own: where the line that times are taken from moves,
 * as it does in the first moments of a stream, the file follows it slowly, and says how far it is
 * behind. After an absence, or a clock that was set, it begins there; never back. */
static void follow(const struct device_times *last, struct device_times *own)
{
    double span_s = own->device_s - last->device_s;
    double behind_s = own->t_device - (last->t_device + span_s);
    if (span_s > 0 && span_s <= AWAY_S && fabs(behind_s) <= AWAY_S) {
        double most_s = SLEW * span_s;
        double left_s = behind_s - fmax(-most_s, fmin(most_s, behind_s));
        own->t_device -= left_s;
        own->uncertainty_s += fabs(left_s);
    }
    if (!(own->t_device > last->t_device))
        own->t_device = last->t_device + STEP_LEAST_S;
}

/* Times of the file: when somebody sets the wall clock meanwhile, they go on as they began. */
static struct device_times steady(struct device_tape *tape, const struct device_times *times)
{
    struct device_times own = *times;
    if (tape->can_wait)
        return own; /* its times are its own already */
    double wall_less_host_s = (double)(times->arrival.unix_ns - times->arrival.monotonic_ns) * 1e-9;
    if (tape->n_frames == 0)
        tape->wall_less_host_s = wall_less_host_s;
    own.t_device += tape->wall_less_host_s - wall_less_host_s;
    if (tape->n_frames > 0)
        follow(&tape->last, &own);
    return own;
}

/* Somebody who lies on a mat is no touch; what their load changes by is. */
static bool is_touched(const struct pipeline_output *output)
{
    float change_n = output->mat.load_change_n;
    return isnan(change_n) ? output->technique.n_contacts > 0 : fabsf(change_n) > MAT_TOUCH_N;
}

void device_tape_frame(struct device_tape *tape, const struct source_frame *frame,
                       const struct device_times *times, const struct pipeline_output *output)
{
    if (!tape->is_on)
        return;
    double interval_s = tape->last.has_frame ? frame->device_s - tape->last.device_s : 0;
    tape->last = steady(tape, times);
    uint64_t index = tape->n_frames++;
    tape->sequence = frame->sequence;
    if (!claim(tape, RING_RESERVE)) {
        note_lost(tape, frame->sequence, interval_s);
        return;
    }
    tell_hole(tape, frame->sequence);
    struct tape_record *record = claim(tape, 0);
    if (!record) {
        note_lost(tape, frame->sequence, interval_s);
        return;
    }
    struct session_place place = place_of(tape);
    record->kind = TAPE_FRAME;
    record->frame = (struct session_frame_row){
        .ticks = frame->ticks,
        .device_s = frame->device_s,
        .t_device = tape->last.t_device,
        .arrival_ns = times->arrival.monotonic_ns,
        .arrival_unix_ns = times->arrival.unix_ns,
        .sequence = frame->sequence,
        .n_dropped = frame->n_dropped,
        .scan_s = (float)frame->scan_s,
        .uncertainty_s = (float)times->uncertainty_s,
        .n_late = frame->n_late,
        .flags = (uint16_t)((frame->trigger ? SESSION_FRAME_TRIGGER : 0) |
                            (tape->is_anew ? SESSION_FRAME_ANEW : 0))};
    record->is_touched = is_touched(output);
    record->has_metrics = index % tape->metrics_every == 0;
    if (record->has_metrics)
        session_convert_metrics(&place, output, &record->metrics);
    const void *samples = frame->counts ? (const void *)frame->counts : frame->samples;
    memcpy(record->samples, samples, tape->n_sample_bytes);
    tape->is_anew = false;
    ring_commit(&tape->ring);
    push_events(tape, output, &place);
}

/* ---- what else happens ---- */

void device_tape_command(struct device_tape *tape, const struct device_tape_command *command)
{
    struct session_command_row row = {.t = now_unix_s(),
                                      .value = command->value,
                                      .sequence = tape->sequence + 1,
                                      .is_done = command->is_done,
                                      .is_loaded = command->is_loaded};
    put(row.command, sizeof row.command, command->name);
    put(row.request, sizeof row.request, command->request);
    push_row(tape, SESSION_COMMANDS, &row);
}

void device_tape_note(struct device_tape *tape, const char *text)
{
    struct session_note_row row = {.t = now_unix_s()};
    put(row.text, sizeof row.text, text);
    push_row(tape, SESSION_NOTES, &row);
}

void device_tape_plan(struct device_tape *tape, const char *name, const char *text)
{
    struct session_documents documents = {0};
    tape->plan_name = name;
    tape->plan_text = text;
    if (!tape->is_on || !text ||
        session_documents_add(&documents, SESSION_DOCUMENT_PLAN, name, text, now_unix_s()) !=
            THENAR_OK)
        return;
    for (size_t i = 0; i < documents.n_rows; i++)
        push_row(tape, SESSION_DOCUMENTS, &documents.rows[i]);
    session_documents_finish(&documents);
}

void device_tape_score(struct device_tape *tape, struct session_score_row *row)
{
    row->t = now_unix_s();
    push_row(tape, SESSION_SCORES, row);
}

void device_tape_cue(struct device_tape *tape, const struct thenar_feed_cue *cue)
{
    struct session_cue_row row = {
        .device_s = tape->last.device_s, .t_device = tape->last.t_device, .value = cue->value};
    put(row.cue, sizeof row.cue, cue->cue);
    put(row.text, sizeof row.text, cue->text);
    push_row(tape, SESSION_CUES, &row);
}

void device_tape_event(struct device_tape *tape, const char *event, const char *text)
{
    struct session_event_row row = {.t = now_unix_s()};
    put(row.event, sizeof row.event, event);
    put(row.text, sizeof row.text, text);
    push_row(tape, SESSION_EVENTS, &row);
}

void device_tape_health(struct device_tape *tape, const struct thenar_health *health)
{
    struct session_health_row row = {
        .ticks = health->ticks,
        .t = now_unix_s(),
        .temperature_c = health->temperature_centi_c == INT16_MIN
                             ? NAN
                             : (float)health->temperature_centi_c * 0.01F,
        .supply_v = health->supply_mv == 0 ? NAN : (float)health->supply_mv * 1e-3F,
        .uptime_s = health->uptime_s,
        .n_frames = health->n_frames,
        .n_dropped = health->n_dropped,
        .n_overruns = health->n_overruns,
        .n_link_stalls = health->n_link_stalls,
        .n_watchdog_resets = health->n_watchdog_resets,
        .n_bad_commands = health->n_bad_commands,
        .last_fault = health->last_fault};
    push_row(tape, SESSION_HEALTH, &row);
}

void device_tape_aux(struct device_tape *tape, const struct thenar_aux_sample *sample,
                     struct moment arrival)
{
    struct session_aux_row row = {.ticks = sample->ticks,
                                  .t = moment_unix_s(arrival),
                                  .channel = sample->id,
                                  .n_values = sample->n_values};
    for (unsigned i = 0; i < sample->n_values && i < SESSION_AUX_VALUES; i++)
        row.values[i] = sample->values[i];
    push_row(tape, SESSION_AUX, &row);
}
