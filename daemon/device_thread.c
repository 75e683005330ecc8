/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_thread.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "device_clock.h"
#include "device_record.h"
#include "device_state.h"
#include "log.h"
#include "mailbox.h"
#include "source/source.h"

/* 512 frames are a second at 500 frames/s: an overloaded machine may keep the publisher waiting for
 * a good part of that. The last 32 slots are kept for what is not repeated: strokes, episodes,
 * gaps, changes of state. Only the part of a slot that a frame fills takes memory: 3 MB at 32x32.
 */
enum {
    RING_SLOTS = 512,
    RING_RESERVE = 32,
    LETTERS = 16,
    STACK_BYTES = 256 * 1024,
    STATE_MS = 1000,
    WAIT_MS = 100
};

static const size_t RECORD_BYTES = sizeof(struct device_record) + THENAR_MAX_TAXELS * sizeof(float);

struct device_thread {
    struct device_thread_options options;
    struct source *source;
    struct ring ring, answers;
    struct mailbox commands;
    pthread_t thread;
    bool has_thread;
    atomic_bool is_stopping;

    /* Below: the thread's own. */
    struct pipeline *pipeline;
    struct array_layout layout; /* copy, to see whether a returning device is still the same */
    struct thenar_feed_status state;
    struct device_clock clock;
    struct frame_ledger ledger;
    bool is_touched, tare_awaits_command;
    struct moment arrival; /* of the last frame, and its times */
    double t_device, device_s;

    bool state_is_due;   /* changed, or the second is over */
    bool has_said_state; /* frames may follow */
    int64_t state_ns;    /* when it was last pushed */
    int64_t rate_ns;     /* since when frames are counted for the measured rate */
    uint64_t rate_n_frames;

    struct frame_hole host_hole; /* frames that found no slot, not yet reported */
    uint64_t n_events_lost;
    unsigned n_absent; /* taxels that read NaN on the feed */
    uint16_t absent[THENAR_MAX_TAXELS];
    struct device_record *scratch; /* a frame that found no slot still goes through the pipeline */
};

/* ---- to the publisher ---- */

static struct device_record *claim(struct device_thread *device, size_t n_reserve)
{
    struct device_record *record = ring_claim(&device->ring, n_reserve);
    while (!record && device->source && device->source->can_wait &&
           !atomic_load_explicit(&device->is_stopping, memory_order_relaxed)) {
        ring_wait(&device->ring, n_reserve, WAIT_MS);
        record = ring_claim(&device->ring, n_reserve);
    }
    return record;
}

static void stamp(const struct device_thread *device, struct device_record *record,
                  enum device_record_kind kind)
{
    record->kind = kind;
    record->has_frame = device->ledger.has_last;
    record->arrival = device->arrival;
    record->t_device = device->t_device;
    record->device_s = device->device_s;
    record->done_ns = 0;
}

static void push_hole(struct device_thread *device, const struct frame_hole *hole)
{
    struct device_record *record = claim(device, 0);
    if (!record) {
        device->n_events_lost++;
        return;
    }
    stamp(device, record, DEVICE_GAP);
    record->hole = *hole;
    ring_commit(&device->ring);
}

static void push_events(struct device_thread *device, const struct pipeline_output *output)
{
    if (output->n_strokes == 0 && output->n_episodes == 0)
        return;
    struct device_record *record = claim(device, 0);
    if (!record) {
        device->n_events_lost += output->n_strokes + output->n_episodes;
        return;
    }
    stamp(device, record, DEVICE_EVENTS);
    record->output = *output;
    ring_commit(&device->ring);
}

static void count_into_state(struct device_thread *device, int64_t now_ns)
{
    struct thenar_feed_status *state = &device->state;
    const struct frame_ledger *ledger = &device->ledger;
    state->frames = ledger->n_frames;
    state->lost_device = ledger->lost[LOSS_DEVICE];
    state->lost_link = ledger->lost[LOSS_LINK] + ledger->lost[LOSS_SOURCE];
    state->lost_host = ledger->lost[LOSS_HOST];
    state->gaps = ledger->n_holes;
    state->late_scans = ledger->n_late_scans;
    state->bad_messages = device->source->damage.n_bad_messages;
    state->dead_taxels = device->pipeline ? pipeline_n_dead(device->pipeline) : 0;
    double span_s = (double)(now_ns - device->rate_ns) * 1e-9;
    if (span_s < 0.9)
        return;
    bool is_streaming = strcmp(state->state, "streaming") == 0 && device->rate_ns > 0;
    state->measured_rate_hz =
        is_streaming ? (float)((double)(ledger->n_frames - device->rate_n_frames) / span_s) : NAN;
    device->rate_ns = now_ns;
    device->rate_n_frames = ledger->n_frames;
}

static void push_state(struct device_thread *device, int64_t now_ns)
{
    struct device_record *record = claim(device, 0);
    if (!record)
        return; /* it stays due */
    count_into_state(device, now_ns);
    stamp(device, record, DEVICE_STATE);
    record->state = device->state;
    ring_commit(&device->ring);
    device->state_is_due = false;
    device->has_said_state = true;
    device->state_ns = now_ns;
}

static void set_state(struct device_thread *device, const char *word, const char *reason)
{
    device_state_set(&device->state, word, reason);
    device->state_is_due = true;
}

/* ---- what the device is ---- */

/* What was still going on ends here: it comes out as strokes and episodes. */
static void finish_pipeline(struct device_thread *device)
{
    if (!device->pipeline)
        return;
    struct pipeline_output *output = &device->scratch->output;
    for (bool more = true; more;) {
        more = pipeline_finish(device->pipeline, output);
        push_events(device, output);
    }
    pipeline_destroy(device->pipeline);
    device->pipeline = NULL;
}

static void start_pipeline(struct device_thread *device)
{
    struct thenar_error error = {0};
    struct pipeline_options options = {.gate_kpa = device->options.gate_kpa};
    if (pipeline_create(&device->pipeline, &device->layout, &options, &error) != THENAR_OK) {
        device->pipeline = NULL;
        set_state(device, "failed", error.text);
        log_say(LOG_LEVEL_ERROR, device->options.name, "%s", error.text);
        return;
    }
    device->is_touched = false;
    device->n_absent = 0;
    device_state_describe_filter(&device->state, device->pipeline);
    device->has_said_state = false; /* no frame goes out before what describes it */
    set_state(device, "streaming", "");
}

static void say_described(const struct device_thread *device)
{
    const struct thenar_feed_status *state = &device->state;
    log_say(LOG_LEVEL_INFO, device->options.name,
            "%s %s: %u x %u taxels at %g frames/s, %s, %s; filter of %u taps (%s)", state->model,
            state->serial, state->n_rows, state->n_cols, (double)state->rate_hz, state->mount,
            state->uncalibrated                          ? "uncalibrated: relative values"
            : strcmp(state->calibration, "factory") == 0 ? "calibrated"
                                                         : "in units of the recording",
            state->filter_taps, state->filter_form);
}

static void on_described(struct device_thread *device, const struct source_description *description)
{
    const char *name = device->options.name;
    bool is_known = device->layout.n_taxels > 0;
    bool is_other = is_known && (strcmp(device->state.serial, description->serial) != 0 ||
                                 strcmp(device->state.model, description->model) != 0);
    bool has_changed =
        is_known && !device_state_is_same_array(&device->layout, &description->layout);
    if (is_other)
        log_say(LOG_LEVEL_WARNING, name, "another device is here now: %s %s in place of %s %s",
                description->model, description->serial, device->state.model, device->state.serial);
    else if (has_changed)
        log_say(LOG_LEVEL_INFO, name, "the array or its rate changed; filters start anew");
    if (description->gate_counts > 0)
        log_say(LOG_LEVEL_WARNING, name,
                "the device leaves out taxels at or below %u counts: light pressure is lost",
                description->gate_counts);
    if (device->pipeline && !is_other && !has_changed) {
        set_state(device, "streaming", "");
        return;
    }
    finish_pipeline(device);
    if (is_other) {
        device->ledger.has_last = false;
        device_clock_init(&device->clock);
    }
    array_layout_finish(&device->layout);
    memset(&device->layout, 0, sizeof device->layout);
    if (array_layout_copy(&device->layout, &description->layout) != THENAR_OK) {
        set_state(device, "failed", "out of memory for this array");
        return;
    }
    device_state_describe(&device->state, description);
    start_pipeline(device);
    if (device->pipeline)
        say_described(device);
}

/* ---- one frame ---- */

static void refresh_absent(struct device_thread *device)
{
    const bool *dead = pipeline_dead(device->pipeline);
    device->n_absent = 0;
    for (size_t i = 0; i < device->layout.n_taxels; i++)
        if (!device->layout.exists[i] || dead[i])
            device->absent[device->n_absent++] = (uint16_t)i;
}

static void tell_times(struct device_thread *device, const struct source_event *event)
{
    double arrival_s = (double)event->arrival.monotonic_ns * 1e-9;
    double unix_less_host_s = (double)(event->arrival.unix_ns - event->arrival.monotonic_ns) * 1e-9;
    device->arrival = event->arrival;
    device->device_s = event->frame.device_s;
    if (!device->source->can_wait) {
        device->t_device = device_clock_update(&device->clock, event->frame.device_s, arrival_s) +
                           unix_less_host_s;
        return;
    }
    /* A recording is not measured now: its own intervals count from the moment it was started. */
    if (!device->clock.has_time)
        (void)device_clock_update(&device->clock, event->frame.device_s,
                                  moment_unix_s(event->arrival));
    device->t_device = device_clock_host_s(&device->clock, event->frame.device_s);
}

static void note_lost_on_host(struct device_thread *device, uint32_t sequence, double interval_s)
{
    struct frame_hole *hole = &device->host_hole;
    if (hole->n_frames == 0)
        hole->from = sequence - 1;
    hole->side = LOSS_HOST;
    hole->n_frames++;
    hole->lost_s += interval_s;
    device->ledger.lost[LOSS_HOST]++;
}

static void report_lost_on_host(struct device_thread *device, uint32_t sequence)
{
    struct frame_hole *hole = &device->host_hole;
    hole->to = sequence;
    device->ledger.n_holes++;
    push_hole(device, hole);
    memset(hole, 0, sizeof *hole);
}

static void process(struct device_thread *device, const struct source_frame *frame,
                    double interval_s)
{
    if (device->host_hole.n_frames > 0 && ring_claim(&device->ring, RING_RESERVE))
        report_lost_on_host(device, frame->sequence);
    if (device->state_is_due && !device->has_said_state)
        push_state(device, device->arrival.monotonic_ns);
    struct device_record *slot = device->has_said_state ? claim(device, RING_RESERVE) : NULL;
    struct device_record *record = slot ? slot : device->scratch;
    struct pipeline_input input = {.sequence = frame->sequence,
                                   .device_s = frame->device_s,
                                   .counts = frame->counts,
                                   .samples = frame->samples};
    pipeline_execute(device->pipeline, &input, record->matrix, &record->output);
    device->is_touched = record->output.features.n_touched > 0;
    if (!slot) {
        note_lost_on_host(device, frame->sequence, interval_s);
        push_events(device, &record->output);
        return;
    }
    for (unsigned i = 0; i < device->n_absent; i++)
        record->matrix[device->absent[i]] = NAN;
    stamp(device, record, DEVICE_FRAME);
    record->done_ns = moment_monotonic_ns();
    ring_commit(&device->ring);
}

static void on_frame(struct device_thread *device, const struct source_event *event)
{
    if (!device->pipeline)
        return;
    const struct source_frame *frame = &event->frame;
    struct frame_hole holes[HOLES_MAX];
    unsigned n_holes;
    double interval_s = 1 / (double)device->layout.rate_hz;
    enum frame_verdict verdict = frame_ledger_enter(
        &device->ledger, frame, interval_s, device->source->damage.n_bad_messages,
        event->arrival.monotonic_ns, device->source->can_wait, holes, &n_holes);
    if (verdict == FRAME_REPEATED)
        return;
    if (verdict == FRAME_RESTART) {
        log_say(LOG_LEVEL_INFO, device->options.name,
                "the device's clock began anew; filters start anew");
        finish_pipeline(device);
        device_clock_init(&device->clock);
        start_pipeline(device);
        if (!device->pipeline)
            return;
    }
    tell_times(device, event);
    for (unsigned i = 0; i < n_holes; i++)
        push_hole(device, &holes[i]);
    process(device, frame, interval_s);
}

/* ---- other events ---- */

static void on_lost(struct device_thread *device, const char *reason)
{
    log_say(LOG_LEVEL_WARNING, device->options.name, "%s", reason);
    frame_ledger_away(&device->ledger);
    set_state(device, "absent", reason);
}

static void on_fault(struct device_thread *device, const struct thenar_fault *fault)
{
    static const char *const faults[] = {"none", "its watchdog fired", "its scan stalled",
                                         "its supply failed", "an internal error"};
    const char *what = fault->code < sizeof faults / sizeof *faults ? faults[fault->code]
                                                                    : "of a kind not known here";
    log_say(LOG_LEVEL_ERROR, device->options.name,
            "the device reports a fault: %s (code %u, detail %u); it goes to its safe state", what,
            fault->code, fault->detail);
    (void)snprintf(device->state.reason, sizeof device->state.reason, "fault: %s", what);
    device->state_is_due = true;
}

static void push_source_answer(struct device_thread *device, const struct source_answer *answer)
{
    struct device_answer *slot = ring_claim(&device->answers, 0);
    if (!slot)
        return; /* whoever asked gives up after a while */
    *slot = (struct device_answer){.ticket = answer->ticket,
                                   .status = answer->status,
                                   .value = answer->value,
                                   .n_findings = answer->n_findings};
    memcpy(slot->text, answer->text, sizeof slot->text);
    memcpy(slot->findings, answer->findings, sizeof slot->findings);
    ring_commit(&device->answers);
}

static void push_answer(struct device_thread *device, uint32_t ticket, enum thenar_status status,
                        double value, const char *text)
{
    struct device_answer *slot = ring_claim(&device->answers, 0);
    if (!slot)
        return; /* whoever asked gives up after a while */
    memset(slot, 0, sizeof *slot);
    slot->ticket = ticket;
    slot->status = status;
    slot->value = value;
    (void)snprintf(slot->text, sizeof slot->text, "%s", text);
    ring_commit(&device->answers);
}

static void on_event(struct device_thread *device, const struct source_event *event)
{
    switch (event->kind) {
    case SOURCE_FRAME:
        on_frame(device, event);
        break;
    case SOURCE_DESCRIBED:
        on_described(device, event->description);
        break;
    case SOURCE_HEALTH:
        device->state.temperature_c = event->health.temperature_centi_c == INT16_MIN
                                          ? NAN
                                          : (float)event->health.temperature_centi_c * 0.01f;
        device->state.supply_v =
            event->health.supply_mv == 0 ? NAN : (float)event->health.supply_mv * 1e-3f;
        break;
    case SOURCE_FAULT:
        on_fault(device, &event->fault);
        break;
    case SOURCE_AUX:
        break; /* of no stage yet */
    case SOURCE_ANSWER:
        push_source_answer(device, &event->answer);
        break;
    case SOURCE_LOST:
        on_lost(device, event->reason);
        break;
    case SOURCE_RETURNED:
        device->state.reconnects++;
        log_say(LOG_LEVEL_INFO, device->options.name, "there again");
        break;
    case SOURCE_END:
        log_say(LOG_LEVEL_INFO, device->options.name, "the recording is over");
        finish_pipeline(device);
        set_state(device, "ended", "the recording is over");
        break;
    }
}

/* ---- commands ---- */

static void tare(struct device_thread *device, const struct device_command *command)
{
    if (!device->pipeline || strcmp(device->state.state, "streaming") != 0) {
        push_answer(device, command->ticket, THENAR_ERR_ABSENT, 0, "no frames come from it now");
    } else if (device->is_touched && !command->loaded) {
        push_answer(device, command->ticket, THENAR_ERR_BUSY, 0,
                    "something touches the array; lift it, or ask for a loaded tare");
    } else {
        pipeline_tare(device->pipeline, (float)command->value);
        log_say(LOG_LEVEL_INFO, device->options.name, "zero is taken over the next %g s",
                command->value);
        push_answer(device, command->ticket, THENAR_OK, command->value, "");
    }
}

static void obey(struct device_thread *device, const struct device_command *command)
{
    if (command->kind == DEVICE_TARE) {
        tare(device, command);
        return;
    }
    static const enum source_command_kind kinds[] = {[DEVICE_SET_RATE] = SOURCE_SET_RATE,
                                                     [DEVICE_IDENTIFY] = SOURCE_IDENTIFY,
                                                     [DEVICE_SELF_TEST] = SOURCE_SELF_TEST,
                                                     [DEVICE_BOOTLOADER] = SOURCE_BOOTLOADER};
    struct source_command wanted = {kinds[command->kind], command->ticket, command->value};
    enum thenar_status status = source_command(device->source, &wanted);
    if (status == THENAR_ERR_BUSY)
        push_answer(device, command->ticket, status, 0,
                    "the device is busy with another command; try again");
    else if (status != THENAR_OK)
        push_answer(device, command->ticket, status, 0,
                    command->kind == DEVICE_SET_RATE ? "the rate of a recording is fixed"
                                                     : "this is no device with a link");
}

/* ---- the thread ---- */

static int until_state_ms(const struct device_thread *device)
{
    if (device->state_is_due)
        return 1; /* the ring was full a moment ago */
    int64_t left_ns = device->state_ns + (int64_t)STATE_MS * NS_PER_MS - moment_monotonic_ns();
    return left_ns < 0 ? 0 : (int)(left_ns / NS_PER_MS) + 1;
}

/* Sleeps in the source until something happens there, a command comes, or the second is over. */
static enum thenar_status await(struct device_thread *device, struct source_event *event)
{
    struct device_command command;
    waker_prepare(&device->commands.waker);
    while (mailbox_pop(&device->commands, &command))
        obey(device, &command);
    enum thenar_status status = THENAR_PENDING;
    if (!atomic_load_explicit(&device->is_stopping, memory_order_acquire))
        status =
            source_next(device->source, device->commands.waker.fd, until_state_ms(device), event);
    waker_finish_sleep(&device->commands.waker);
    return status;
}

static void name_thread(const char *name)
{
    char text[16]; /* as long as the kernel keeps */
    (void)snprintf(text, sizeof text, "dev-%.11s", name);
    (void)prctl(PR_SET_NAME, text);
}

static void *run(void *argument)
{
    struct device_thread *device = argument;
    struct source_event event;
    name_thread(device->options.name);
    push_state(device, moment_monotonic_ns());
    while (!atomic_load_explicit(&device->is_stopping, memory_order_acquire)) {
        int64_t now_ns;
        if (await(device, &event) == THENAR_OK) {
            on_event(device, &event);
            now_ns = event.arrival.monotonic_ns;
        } else {
            now_ns = moment_monotonic_ns();
        }
        if (now_ns - device->state_ns >= (int64_t)STATE_MS * NS_PER_MS) {
            if (device->pipeline)
                refresh_absent(device);
            device->state_is_due = true;
        }
        if (device->state_is_due)
            push_state(device, now_ns);
    }
    finish_pipeline(device);
    source_close(device->source);
    device->source = NULL;
    return NULL;
}

/* ---- from outside ---- */

enum thenar_status device_thread_create(struct device_thread **out,
                                        const struct device_thread_options *options,
                                        struct thenar_error *error)
{
    struct device_thread *device = calloc(1, sizeof *device);
    if (!device)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    device->options = *options;
    atomic_init(&device->is_stopping, false);
    frame_ledger_init(&device->ledger);
    device_clock_init(&device->clock);
    device_state_init(&device->state, device->options.uri);
    device->state_is_due = true;
    device->scratch = calloc(1, RECORD_BYTES);
    if (!device->scratch ||
        ring_init(&device->ring, RING_SLOTS, RECORD_BYTES, options->published) != THENAR_OK ||
        ring_init(&device->answers, LETTERS, sizeof(struct device_answer), options->answered) !=
            THENAR_OK ||
        mailbox_init(&device->commands, LETTERS, sizeof(struct device_command)) != THENAR_OK) {
        device_thread_destroy(device);
        return thenar_fail(error, THENAR_ERR_MEMORY, "no memory, or no descriptors, for device %s",
                           options->name);
    }
    enum thenar_status status = source_open(&device->source, options->uri, error);
    if (status != THENAR_OK) {
        device_thread_destroy(device);
        return status;
    }
    *out = device;
    return THENAR_OK;
}

enum thenar_status device_thread_start(struct device_thread *device, struct thenar_error *error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failure = pthread_create(&device->thread, &attributes, run, device);
    pthread_attr_destroy(&attributes);
    if (failure)
        return thenar_fail(error, THENAR_ERR_OS, "cannot start a thread for device %s: %s",
                           device->options.name, strerror(failure));
    device->has_thread = true;
    return THENAR_OK;
}

void device_thread_stop(struct device_thread *device)
{
    atomic_store_explicit(&device->is_stopping, true, memory_order_release);
    waker_wake(&device->commands.waker);
}

void device_thread_join(struct device_thread *device)
{
    if (device && device->has_thread)
        (void)pthread_join(device->thread, NULL);
    if (device)
        device->has_thread = false;
}

void device_thread_destroy(struct device_thread *device)
{
    if (!device)
        return;
    device_thread_join(device);
    source_close(device->source);
    pipeline_destroy(device->pipeline);
    array_layout_finish(&device->layout);
    ring_finish(&device->ring);
    ring_finish(&device->answers);
    mailbox_finish(&device->commands);
    free(device->scratch);
    free(device);
}

struct ring *device_thread_ring(struct device_thread *device)
{
    return &device->ring;
}

bool device_thread_command(struct device_thread *device, const struct device_command *command)
{
    return mailbox_push(&device->commands, command);
}

bool device_thread_answer(struct device_thread *device, struct device_answer *answer)
{
    const struct device_answer *oldest = ring_peek(&device->answers);
    if (!oldest)
        return false;
    *answer = *oldest;
    ring_release(&device->answers);
    return true;
}
