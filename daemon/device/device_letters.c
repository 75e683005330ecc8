/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_letters.h"

#include <stdio.h>
#include <string.h>

#include "coach_order.h"
#include "log.h"

enum { LETTERS = 16 };

enum thenar_status device_letters_init(struct device_letters *letters, struct waker *answered)
{
    enum thenar_status status =
        ring_init(&letters->answers, LETTERS, sizeof(struct device_answer), answered);
    return status == THENAR_OK
               ? mailbox_init(&letters->commands, LETTERS, sizeof(struct device_command))
               : status;
}

void device_letters_finish(struct device_letters *letters)
{
    ring_finish(&letters->answers);
    struct device_command command; /* that came too late */
    while (letters->commands.ring.slots && mailbox_pop(&letters->commands, &command))
        coach_order_destroy(command.order);
    mailbox_finish(&letters->commands);
}

bool device_letters_take_answer(struct device_letters *letters, struct device_answer *answer)
{
    const struct device_answer *oldest = ring_peek(&letters->answers);
    if (!oldest)
        return false;
    *answer = *oldest;
    ring_release(&letters->answers);
    return true;
}

void device_letters_post(struct device_letters *letters, const struct device_answer *answer)
{
    struct device_answer *slot = ring_claim(&letters->answers, 0);
    if (!slot)
        return; /* whoever asked gives up after a while */
    *slot = *answer;
    ring_commit(&letters->answers);
}

void device_letters_pass_on(struct device_letters *letters, const struct source_answer *answer)
{
    struct device_answer *slot = ring_claim(&letters->answers, 0);
    if (!slot)
        return; /* whoever asked gives up after a while */
    *slot = (struct device_answer){.ticket = answer->ticket,
                                   .status = answer->status,
                                   .value = answer->value,
                                   .n_findings = answer->n_findings};
    memcpy(slot->text, answer->text, sizeof slot->text);
    memcpy(slot->findings, answer->findings, sizeof slot->findings);
    ring_commit(&letters->answers);
}

/* What a letter is called in the file. */
static const char *name_of(const struct device_command *command)
{
    static const char *const names[] = {
        [DEVICE_SET_RATE] = "rate",           [DEVICE_TARE] = "tare",
        [DEVICE_IDENTIFY] = "identify",       [DEVICE_SELF_TEST] = "selftest",
        [DEVICE_BOOTLOADER] = "bootloader",   [DEVICE_RECORD] = "session_start",
        [DEVICE_RECORD_END] = "session_stop", [DEVICE_NOTE] = "session_note",
    };
    return command->kind == DEVICE_WRITE_DOWN ? command->name : names[command->kind];
}

static void write_down(struct device_tape *tape, const struct device_command *command, bool is_done)
{
    device_tape_command(tape, &(struct device_tape_command){.name = name_of(command),
                                                            .request = command->text,
                                                            .value = command->value,
                                                            .is_loaded = command->loaded,
                                                            .is_done = is_done});
}

static void answer(struct device_letters *letters, const struct device_command *command,
                   enum thenar_status status, double value, const char *text)
{
    struct source_answer own = {.ticket = command->ticket, .status = status, .value = value};
    (void)snprintf(own.text, sizeof own.text, "%s", text);
    device_letters_pass_on(letters, &own);
}

static void tare(const struct device_command *command, struct device_array *array,
                 const struct device_report *report, struct device_tape *tape,
                 struct device_letters *letters)
{
    bool is_done = false;
    if (!array->pipeline || !device_report_is_streaming(report)) {
        answer(letters, command, THENAR_ERR_ABSENT, 0, "no frames come from it now");
    } else if (array->is_touched && !command->loaded) {
        answer(letters, command, THENAR_ERR_BUSY, 0,
               "something touches the array; lift it, or ask for a loaded tare");
    } else {
        pipeline_tare(array->pipeline, (float)command->value, command->loaded);
        log_say(LOG_LEVEL_INFO, array->name, "zero is taken over the next %g s", command->value);
        answer(letters, command, THENAR_OK, command->value, "");
        is_done = true;
    }
    write_down(tape, command, is_done);
}

/* The command itself stands in the file that it began, or as the last thing in the one it ends. */
static void record(const struct device_command *command, struct device_array *array,
                   struct device_report *report, struct device_outbox *outbox,
                   struct device_tape *tape, struct device_letters *letters)
{
    bool is_start = command->kind == DEVICE_RECORD;
    if (!is_start)
        write_down(tape, command, true);
    bool has_begun = device_array_record(array, is_start, report, outbox, tape);
    if (is_start)
        write_down(tape, command, true);
    answer(letters, command, THENAR_OK, has_begun ? 1 : 0, "");
}

static void ask_source(const struct device_command *command, enum source_command_kind kind,
                       struct source *source, struct device_tape *tape,
                       struct device_letters *letters)
{
    struct source_command wanted = {kind, command->ticket, command->value};
    enum thenar_status status = source_command(source, &wanted);
    write_down(tape, command, status == THENAR_OK);
    if (status == THENAR_ERR_BUSY)
        answer(letters, command, status, 0, "the device is busy with another command; try again");
    else if (status != THENAR_OK)
        answer(letters, command, status, 0,
               kind == SOURCE_SET_RATE ? "the rate of a recording is fixed"
                                       : "this is no device with a link");
}

void device_letters_obey(const struct device_command *command, struct device_array *array,
                         struct device_report *report, struct source *source,
                         struct device_outbox *outbox, struct device_tape *tape,
                         struct device_letters *letters)
{
    switch (command->kind) {
    case DEVICE_TARE:
        tare(command, array, report, tape, letters);
        break;
    case DEVICE_SET_RATE:
        ask_source(command, SOURCE_SET_RATE, source, tape, letters);
        break;
    case DEVICE_IDENTIFY:
        ask_source(command, SOURCE_IDENTIFY, source, tape, letters);
        break;
    case DEVICE_SELF_TEST:
        ask_source(command, SOURCE_SELF_TEST, source, tape, letters);
        break;
    case DEVICE_BOOTLOADER:
        ask_source(command, SOURCE_BOOTLOADER, source, tape, letters);
        break;
    case DEVICE_RECORD:
    case DEVICE_RECORD_END:
        record(command, array, report, outbox, tape, letters);
        break;
    case DEVICE_NOTE:
        device_tape_note(tape, command->text);
        break;
    case DEVICE_WRITE_DOWN:
        write_down(tape, command, true);
        break;
    case DEVICE_COACH:
        break; /* device_coach_obey does */
    }
}
