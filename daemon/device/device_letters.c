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

static void answer(struct device_letters *letters, const struct device_command *command,
                   enum thenar_status status, double value, const char *text)
{
    struct source_answer own = {.ticket = command->ticket, .status = status, .value = value};
    (void)snprintf(own.text, sizeof own.text, "%s", text);
    device_letters_pass_on(letters, &own);
}

static void tare(const struct device_command *command, struct device_array *array,
                 const struct device_report *report, struct device_letters *letters)
{
    if (!array->pipeline || !device_report_is_streaming(report)) {
        answer(letters, command, THENAR_ERR_ABSENT, 0, "no frames come from it now");
    } else if (array->is_touched && !command->loaded) {
        answer(letters, command, THENAR_ERR_BUSY, 0,
               "something touches the array; lift it, or ask for a loaded tare");
    } else {
        pipeline_tare(array->pipeline, (float)command->value, command->loaded);
        log_say(LOG_LEVEL_INFO, array->name, "zero is taken over the next %g s", command->value);
        answer(letters, command, THENAR_OK, command->value, "");
    }
}

static void ask_source(const struct device_command *command, enum source_command_kind kind,
                       struct source *source, struct device_letters *letters)
{
    struct source_command wanted = {kind, command->ticket, command->value};
    enum thenar_status status = source_command(source, &wanted);
    if (status == THENAR_ERR_BUSY)
        answer(letters, command, status, 0, "the device is busy with another command; try again");
    else if (status != THENAR_OK)
        answer(letters, command, status, 0,
               kind == SOURCE_SET_RATE ? "the rate of a recording is fixed"
                                       : "this is no device with a link");
}

void device_letters_obey(const struct device_command *command, struct device_array *array,
                         const struct device_report *report, struct source *source,
                         struct device_letters *letters)
{
    switch (command->kind) {
    case DEVICE_TARE:
        tare(command, array, report, letters);
        break;
    case DEVICE_SET_RATE:
        ask_source(command, SOURCE_SET_RATE, source, letters);
        break;
    case DEVICE_IDENTIFY:
        ask_source(command, SOURCE_IDENTIFY, source, letters);
        break;
    case DEVICE_SELF_TEST:
        ask_source(command, SOURCE_SELF_TEST, source, letters);
        break;
    case DEVICE_BOOTLOADER:
        ask_source(command, SOURCE_BOOTLOADER, source, letters);
        break;
    case DEVICE_COACH:
        break; /* device_coach_obey does */
    }
}
