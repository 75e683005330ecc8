/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_thread.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "device_coach.h"
#include "device_frames.h"
#include "log.h"

enum { STACK_BYTES = 256 * 1024 };

struct device_thread {
    struct device_thread_options options;
    struct source *source;
    struct device_letters letters; /* both threads' */
    pthread_t thread;
    bool has_thread;
    atomic_bool is_stopping;

    /* Below: the thread's own, but for the rings of the last two, which others read. */
    struct device_array array;
    struct device_frames frames;
    struct device_report report;
    struct device_coach coach;
    struct device_outbox outbox;
    struct device_tape tape; /* the recorder reads its ring */
};

/* ---- what comes from the source ---- */

static void on_described(struct device_thread *device, const struct source_description *description)
{
    device_coach_write_score(&device->coach, &device->tape); /* its file may end */
    if (device_array_describe(&device->array, description, &device->report, &device->outbox,
                              &device->tape))
        device_frames_forget(&device->frames, &device->outbox);
    device_motion_describe(&device->frames.motion, description);
}

static void on_health(struct thenar_feed_status *state, const struct thenar_health *health)
{
    state->temperature_c =
        health->temperature_centi_c == INT16_MIN ? NAN : (float)health->temperature_centi_c * 0.01f;
    state->supply_v = health->supply_mv == 0 ? NAN : (float)health->supply_mv * 1e-3f;
}

static void on_fault(struct device_thread *device, const struct thenar_fault *fault)
{
    static const char *const faults[] = {"none", "its watchdog fired", "its scan stalled",
                                         "its supply failed", "an internal error"};
    struct thenar_feed_status *state = &device->report.state;
    const char *what = fault->code < sizeof faults / sizeof *faults ? faults[fault->code]
                                                                    : "of a kind not known here";
    log_say(LOG_LEVEL_ERROR, device->options.name,
            "the device reports a fault: %s (code %u, detail %u); it goes to its safe state", what,
            fault->code, fault->detail);
    (void)snprintf(state->reason, sizeof state->reason, "fault: %s", what);
    device_tape_event(&device->tape, "fault", what);
    device->report.is_due = true;
}

static void on_lost(struct device_thread *device, const char *reason)
{
    log_say(LOG_LEVEL_WARNING, device->options.name, "%s", reason);
    device_tape_event(&device->tape, "lost", reason);
    frame_ledger_away(&device->frames.ledger);
    device_report_set(&device->report, "absent", reason);
}

static void on_event(struct device_thread *device, const struct source_event *event)
{
    switch (event->kind) {
    case SOURCE_FRAME:
        device_frames_enter(&device->frames, device->source, event, &device->array, &device->report,
                            &device->outbox, &device->tape);
        break;
    case SOURCE_DESCRIBED:
        on_described(device, event->description);
        break;
    case SOURCE_HEALTH:
        on_health(&device->report.state, &event->health);
        device_tape_health(&device->tape, &event->health);
        break;
    case SOURCE_FAULT:
        on_fault(device, &event->fault);
        break;
    case SOURCE_AUX:
        device_tape_aux(&device->tape, &event->aux.sample, event->arrival);
        device_frames_enter_aux(&device->frames, event, &device->report, &device->outbox);
        break;
    case SOURCE_TARE:
        if (device->array.pipeline)
            pipeline_tare(device->array.pipeline, event->tare.span_s, event->tare.is_loaded);
        break;
    case SOURCE_ANSWER:
        device_letters_pass_on(&device->letters, &event->answer);
        break;
    case SOURCE_LOST:
        on_lost(device, event->reason);
        break;
    case SOURCE_RETURNED:
        device->report.state.reconnects++;
        log_say(LOG_LEVEL_INFO, device->options.name, "there again");
        device_tape_event(&device->tape, "returned", "");
        break;
    case SOURCE_END:
        log_say(LOG_LEVEL_INFO, device->options.name, "the recording is over");
        device_tape_event(&device->tape, "ended", "the recording is over");
        device_array_end(&device->array, &device->outbox, &device->tape);
        device_report_set(&device->report, "ended", "the recording is over");
        break;
    }
}

/* ---- the thread ---- */

static bool is_stopping(const struct device_thread *device)
{
    return atomic_load_explicit(&device->is_stopping, memory_order_acquire);
}

static void push_report(struct device_thread *device, int64_t now_ns)
{
    device_report_push(&device->report, &device->outbox, &device->frames.ledger,
                       &device->frames.clock, device->source->damage.n_bad_messages,
                       device_array_n_dead(&device->array), now_ns);
}

static void obey(struct device_thread *device, const struct device_command *command)
{
    if (command->kind == DEVICE_COACH) {
        device_coach_obey(&device->coach, command, &device->report.state, &device->letters,
                          &device->outbox, &device->tape);
        return;
    }
    if (command->kind == DEVICE_RECORD || command->kind == DEVICE_RECORD_END)
        device_coach_write_score(&device->coach, &device->tape); /* of the file that ends */
    if (command->kind == DEVICE_RECORD)
        device_coach_anew(&device->coach);
    device_letters_obey(command, &device->array, &device->report, device->source, &device->outbox,
                        &device->tape, &device->letters);
    if (command->kind == DEVICE_RECORD)
        device_coach_write_score(&device->coach, &device->tape);
}

/* Sleeps in the source until something happens there, a command comes, or the second is over. */
static enum thenar_status await(struct device_thread *device, struct source_event *event)
{
    struct mailbox *commands = &device->letters.commands;
    struct device_command command;
    waker_prepare(&commands->waker);
    while (mailbox_pop(commands, &command))
        obey(device, &command);
    enum thenar_status status = THENAR_PENDING;
    if (!is_stopping(device))
        status =
            source_next(device->source, commands->waker.fd,
                        device_report_patience_ms(&device->report, moment_monotonic_ns()), event);
    waker_finish_sleep(&commands->waker);
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
    push_report(device, moment_monotonic_ns());
    while (!is_stopping(device)) {
        int64_t now_ns;
        if (await(device, &event) == THENAR_OK) {
            on_event(device, &event);
            now_ns = event.arrival.monotonic_ns;
        } else {
            now_ns = moment_monotonic_ns();
        }
        if (device_report_is_old(&device->report, now_ns)) {
            device_array_refresh_absent(&device->array);
            device->report.is_due = true;
            device_coach_publish(&device->coach, &device->outbox);
            device_coach_write_score_when_due(&device->coach, &device->tape);
        }
        if (device->report.is_due)
            push_report(device, now_ns);
        device_tape_settle(&device->tape, false);
    }
    device_array_end(&device->array, &device->outbox, &device->tape);
    device_coach_write_score(&device->coach, &device->tape);
    device_tape_end(&device->tape);
    device_tape_settle(&device->tape, true);
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
    device->array.name = options->name;
    device->array.gate_kpa = options->gate_kpa;
    device->array.calibrations = options->calibrations;
    device->array.classifier = options->classifier;
    device_frames_init(&device->frames);
    device_coach_init(&device->coach, options->name);
    device->frames.coach = &device->coach;
    device_report_init(&device->report, options->uri);
    if (device_outbox_init(&device->outbox, options->published, &device->is_stopping) !=
            THENAR_OK ||
        device_tape_init(&device->tape, &device->is_stopping) != THENAR_OK ||
        device_letters_init(&device->letters, options->answered) != THENAR_OK) {
        device_thread_destroy(device);
        return thenar_fail(error, THENAR_ERR_MEMORY, "no memory, or no descriptors, for device %s",
                           options->name);
    }
    enum thenar_status status = source_open(&device->source, options->uri, error);
    if (status != THENAR_OK) {
        device_thread_destroy(device);
        return status;
    }
    device->outbox.can_wait = device->tape.can_wait = device->source->can_wait;
    device->tape.name = options->name;
    device->tape.uri = options->uri;
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
    waker_wake(&device->letters.commands.waker);
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
    device_array_finish(&device->array);
    device_coach_finish(&device->coach);
    device_outbox_finish(&device->outbox);
    device_tape_finish(&device->tape);
    device_letters_finish(&device->letters);
    free(device);
}

struct ring *device_thread_ring(struct device_thread *device)
{
    return &device->outbox.ring;
}

struct ring *device_thread_tape(struct device_thread *device)
{
    return &device->tape.ring;
}

bool device_thread_command(struct device_thread *device, const struct device_command *command)
{
    return mailbox_push(&device->letters.commands, command);
}

bool device_thread_answer(struct device_thread *device, struct device_answer *answer)
{
    return device_letters_take_answer(&device->letters, answer);
}
