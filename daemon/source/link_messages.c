/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link_messages.h"

#include "link/frame.h"
#include "link/command.h"
#include "link/hello.h"
#include "link/report.h"
#include "link/stream.h"
#include "link_describe.h"

enum { STRANGE_FRAMES = 20 };

static enum thenar_status on_hello(struct link_talk *talk, const struct thenar_message *message)
{
    if (talk->phase != PHASE_DESCRIBING) {
        if (talk->phase == PHASE_STREAMING || talk->phase == PHASE_STARTING)
            link_talk_begin_again(talk, "the device started anew");
        return THENAR_OK;
    }
    enum thenar_status status = thenar_hello_decode(message->body, message->n_body, &talk->hello);
    if (status == THENAR_ERR_VERSION) {
        struct thenar_error reason;
        (void)thenar_fail(
            &reason, status,
            "the device speaks version %u of the device link and this thenard version "
            "%d; update the older of the two",
            message->n_body ? message->body[0] : 0, THENAR_LINK_VERSION_MAJOR);
        talk->pause_ms = talk->times.reopen_max_ms;
        link_talk_give_up(talk, &reason);
        return THENAR_OK;
    }
    if (status == THENAR_OK)
        status = link_describe_hello(&talk->description, &talk->hello);
    talk->has_hello = status == THENAR_OK;
    return status;
}

static enum thenar_status on_taxels(struct link_talk *talk, const struct thenar_message *message)
{
    struct thenar_taxel_page page;
    if (talk->phase != PHASE_DESCRIBING || !talk->has_hello)
        return THENAR_OK;
    enum thenar_status status = thenar_taxels_decode(message->body, message->n_body, &page);
    if (status == THENAR_OK)
        status = link_describe_taxels(&talk->description, &page);
    if (status != THENAR_OK)
        return status;
    for (size_t i = page.first; i < (size_t)page.first + page.n_taxels; i++)
        talk->paged[i / 8] |= (uint8_t)(1u << (i % 8));
    return THENAR_OK;
}

static enum thenar_status on_frame(struct link_talk *talk, const struct thenar_message *message,
                                   uint16_t *counts, struct source_event *event)
{
    if (talk->phase != PHASE_STREAMING && talk->phase != PHASE_STARTING)
        return THENAR_PENDING; /* still on its way from before the stop */
    struct thenar_frame frame;
    enum thenar_status status = thenar_frame_decode(
        message->body, message->n_body, talk->description.layout.n_taxels, &frame, counts);
    if (status != THENAR_OK) {
        if (++talk->n_strange_frames >= STRANGE_FRAMES)
            link_talk_begin_again(talk, "its frames do not fit the array that it described");
        return status;
    }
    talk->n_strange_frames = 0;
    link_talk_has_started(talk);
    double tick_s = 1.0 / talk->hello.tick_hz;
    event->kind = SOURCE_FRAME;
    event->frame = (struct source_frame){.sequence = frame.sequence,
                                         .ticks = frame.ticks,
                                         .device_s = (double)frame.ticks * tick_s,
                                         .scan_s = frame.scan_ticks * tick_s,
                                         .n_dropped = frame.n_dropped,
                                         .n_late = frame.n_late,
                                         .trigger = frame.trigger,
                                         .counts = counts};
    return THENAR_OK;
}

/* Samples of channels that HELLO did not announce are dropped. */
static enum thenar_status on_aux(const struct link_talk *talk, const struct thenar_message *message,
                                 struct source_event *event)
{
    struct source_aux *aux = &event->aux;
    enum thenar_status status = thenar_aux_decode(message->body, message->n_body, &aux->sample);
    if (status != THENAR_OK)
        return status;
    if (talk->phase != PHASE_STREAMING)
        return THENAR_PENDING;
    for (unsigned i = 0; i < talk->hello.n_aux; i++)
        if (talk->hello.aux[i].id == aux->sample.id &&
            talk->hello.aux[i].n_values == aux->sample.n_values) {
            event->kind = SOURCE_AUX;
            aux->device_s = (double)aux->sample.ticks / talk->hello.tick_hz;
            return THENAR_OK;
        }
    return THENAR_PENDING;
}

static enum thenar_status on_health(struct link_talk *talk, const struct thenar_message *message,
                                    struct source_event *event)
{
    enum thenar_status status =
        thenar_health_decode(message->body, message->n_body, &event->health);
    if (status != THENAR_OK)
        return status;
    event->kind = SOURCE_HEALTH;
    if (talk->phase == PHASE_STREAMING && !event->health.streaming) {
        link_talk_begin_again(talk, "the device stopped streaming: it was reset, or it slept with "
                                    "the computer, or someone else stopped it");
        return THENAR_PENDING;
    }
    return talk->phase == PHASE_STREAMING ? THENAR_OK : THENAR_PENDING;
}

enum thenar_status link_messages_take(struct link_talk *talk, const struct thenar_message *message,
                                      uint16_t *counts, struct source_event *event)
{
    struct thenar_reply reply;
    enum thenar_status status = THENAR_PENDING;
    switch (message->type) {
    case THENAR_MESSAGE_FRAME:
        return on_frame(talk, message, counts, event);
    case THENAR_MESSAGE_HELLO:
        status = on_hello(talk, message);
        break;
    case THENAR_MESSAGE_TAXELS:
        status = on_taxels(talk, message);
        break;
    case THENAR_MESSAGE_REPLY:
        status = thenar_reply_decode(message->body, message->n_body, &reply);
        if (status == THENAR_OK)
            link_talk_on_reply(talk, &reply);
        break;
    case THENAR_MESSAGE_STATUS:
        return on_health(talk, message, event);
    case THENAR_MESSAGE_FAULT:
        event->kind = SOURCE_FAULT;
        return thenar_fault_decode(message->body, message->n_body, &event->fault);
    case THENAR_MESSAGE_AUX:
        return on_aux(talk, message, event);
    default:
        break; /* a newer minor version may say more than we know */
    }
    return status == THENAR_OK ? THENAR_PENDING : status;
}
