/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link_talk.h"

#include <stdio.h>
#include <string.h>

#include "link/command.h"
#include "link/stream.h"

enum { TRIES = 3, SELF_TEST_MS = 5500 };

const struct link_source_times link_source_usual_times = {
    .reply_ms = 300, .silence_ms = 3000, .reopen_ms = 200, .reopen_max_ms = 1000};
const struct link_source_times link_source_plugged_times = {
    .reply_ms = 300, .silence_ms = 3000, .reopen_ms = 100, .reopen_max_ms = 400};

void link_talk_init(struct link_talk *talk, struct transport *transport,
                    const struct link_source_times *times)
{
    talk->transport = transport;
    talk->times = times ? *times : link_source_usual_times;
    talk->pause_ms = talk->times.reopen_ms;
    talk->phase = PHASE_CLOSED;
}

void link_talk_give_up(struct link_talk *talk, const struct thenar_error *reason)
{
    if (talk->phase != PHASE_CLOSED)
        talk->transport->close(talk->transport);
    talk->phase = PHASE_CLOSED;
    talk->start_is_due = false;
    if (talk->transport->is_over) {
        talk->deadline_ns = INT64_MAX;
        link_events_answer(&talk->events, THENAR_ERR_ABSENT, 0, "the recording is over");
        link_events_push(&talk->events, SOURCE_END);
        return;
    }
    talk->deadline_ns = moment_monotonic_ns() + (int64_t)talk->pause_ms * NS_PER_MS;
    talk->pause_ms *= 2;
    if (talk->pause_ms > talk->times.reopen_max_ms)
        talk->pause_ms = talk->times.reopen_max_ms;
    link_events_lost(&talk->events, reason);
    link_events_answer(&talk->events, THENAR_ERR_ABSENT, 0, "the device went away");
}

static void send_command(struct link_talk *talk, enum thenar_command_code code, uint32_t argument)
{
    struct thenar_error error = {0};
    uint8_t message[64], wire[80];
    size_t n_body, n_wire;
    if (++talk->last_request == 0)
        talk->last_request = 1;
    struct thenar_command command = {talk->last_request, (uint8_t)code, argument};
    enum thenar_status status =
        thenar_command_encode(&command, message + 1, sizeof message - 5, &n_body);
    if (status == THENAR_OK)
        status =
            thenar_stream_wrap(THENAR_MESSAGE_COMMAND, message, n_body, wire, sizeof wire, &n_wire);
    if (status == THENAR_OK)
        status = talk->transport->write(talk->transport, wire, n_wire, &error);
    talk->deadline_ns = moment_monotonic_ns() + (int64_t)talk->times.reply_ms * NS_PER_MS;
    if (status != THENAR_OK)
        link_talk_give_up(talk, &error);
}

static void send_phase_command(struct link_talk *talk)
{
    switch (talk->phase) {
    case PHASE_STOPPING:
        send_command(talk, THENAR_COMMAND_STOP, 0);
        break;
    case PHASE_RATING:
        send_command(talk, THENAR_COMMAND_RATE, talk->wanted_rate_mhz);
        break;
    case PHASE_TESTING:
        send_command(talk, THENAR_COMMAND_SELF_TEST, 0);
        if (talk->phase == PHASE_TESTING)
            talk->deadline_ns = moment_monotonic_ns() + (int64_t)SELF_TEST_MS * NS_PER_MS;
        break;
    case PHASE_LEAVING:
        send_command(talk, THENAR_COMMAND_BOOTLOADER, 0);
        break;
    case PHASE_DESCRIBING:
        talk->has_hello = false;
        memset(talk->paged, 0, sizeof talk->paged);
        send_command(talk, THENAR_COMMAND_DESCRIBE, 0);
        break;
    case PHASE_STARTING:
        send_command(talk, THENAR_COMMAND_START, 0);
        break;
    case PHASE_CLOSED:
    case PHASE_STREAMING:
        break;
    }
}

static void enter(struct link_talk *talk, enum link_phase phase)
{
    talk->phase = phase;
    talk->n_tries = 0;
    talk->first_request = (uint16_t)(talk->last_request + 1);
    if (phase == PHASE_STREAMING) {
        talk->n_strange_frames = 0;
        talk->pause_ms = talk->times.reopen_ms;
        talk->deadline_ns = moment_monotonic_ns() + (int64_t)talk->times.silence_ms * NS_PER_MS;
    }
    send_phase_command(talk);
}

void link_talk_begin_again(struct link_talk *talk, const char *why)
{
    struct thenar_error reason;
    (void)thenar_fail(&reason, THENAR_ERR_ABSENT, "%s; asking it to describe itself again", why);
    link_events_lost(&talk->events, &reason);
    enter(talk, PHASE_STOPPING);
}

/* Returns whether the link is open now. */
static bool try_to_open(struct link_talk *talk)
{
    struct thenar_error error = {0};
    if (talk->transport->open(talk->transport, &error) != THENAR_OK) {
        link_talk_give_up(talk, &error);
        return false;
    }
    enter(talk, PHASE_STOPPING);
    return true;
}

bool link_talk_on_deadline(struct link_talk *talk)
{
    struct thenar_error reason;
    if (talk->phase == PHASE_CLOSED)
        return try_to_open(talk);
    if (talk->phase == PHASE_STREAMING) {
        (void)thenar_fail(&reason, THENAR_ERR_TIMEOUT,
                          "nothing received for %.1f s while streaming; opening the link again",
                          talk->times.silence_ms * 1e-3);
        link_talk_give_up(talk, &reason);
    } else if (++talk->n_tries < TRIES) {
        send_phase_command(talk);
    } else {
        (void)thenar_fail(&reason, THENAR_ERR_TIMEOUT,
                          "no answer to %d requests; is this a Thenar device, and its firmware "
                          "running?",
                          TRIES);
        link_talk_give_up(talk, &reason);
    }
    return false;
}

static bool is_described(const struct link_talk *talk)
{
    if (!talk->has_hello)
        return false;
    if (!talk->hello.has_taxel_pages)
        return true;
    for (size_t i = 0; i < talk->description.layout.n_taxels; i++)
        if (!(talk->paged[i / 8] >> (i % 8) & 1))
            return false;
    return true;
}

static void agree(struct link_talk *talk)
{
    link_events_described(&talk->events, &talk->description);
    talk->start_is_due = true;
}

static void on_rate_reply(struct link_talk *talk, const struct thenar_reply *reply)
{
    char text[160] = "";
    enum thenar_status status = THENAR_OK;
    if (reply->result == THENAR_REPLY_RANGE) {
        status = THENAR_ERR_VALUE;
        (void)snprintf(text, sizeof text,
                       "the device does not scan at that rate; nearest is %g frames/s",
                       reply->value * 1e-3);
    } else if (reply->result != THENAR_REPLY_OK) {
        status = THENAR_ERR_UNSUPPORTED;
        (void)snprintf(text, sizeof text, "the device refuses to change its rate");
    }
    talk->wanted_rate_mhz = status == THENAR_OK ? reply->value : 0;
    if (talk->events.has_command && talk->events.command.kind == SOURCE_SET_RATE)
        link_events_answer(&talk->events, status, reply->value * 1e-3, text);
    enter(talk, PHASE_DESCRIBING);
}

static bool is_awaited(const struct link_talk *talk, const struct thenar_reply *reply)
{
    static const uint8_t codes[] = {[PHASE_STOPPING] = THENAR_COMMAND_STOP,
                                    [PHASE_RATING] = THENAR_COMMAND_RATE,
                                    [PHASE_TESTING] = THENAR_COMMAND_SELF_TEST,
                                    [PHASE_LEAVING] = THENAR_COMMAND_BOOTLOADER,
                                    [PHASE_DESCRIBING] = THENAR_COMMAND_DESCRIBE,
                                    [PHASE_STARTING] = THENAR_COMMAND_START,
                                    [PHASE_STREAMING] = 0};
    /* A slow device may answer an earlier repetition: that is as good. */
    uint16_t age = (uint16_t)(reply->request - talk->first_request);
    return age <= (uint16_t)(talk->last_request - talk->first_request) &&
           reply->code == codes[talk->phase];
}

static enum link_phase after_stop(const struct link_talk *talk)
{
    if (talk->events.has_command && talk->events.command.kind == SOURCE_SELF_TEST)
        return PHASE_TESTING;
    if (talk->events.has_command && talk->events.command.kind == SOURCE_BOOTLOADER)
        return PHASE_LEAVING;
    return talk->wanted_rate_mhz ? PHASE_RATING : PHASE_DESCRIBING;
}

static void on_tested(struct link_talk *talk, const struct thenar_reply *reply)
{
    bool good = reply->result == THENAR_REPLY_OK;
    struct source_answer *said =
        link_events_answer(&talk->events, good ? THENAR_OK : THENAR_ERR_UNSUPPORTED, reply->value,
                           good ? "" : "the device cannot test itself");
    if (said) {
        said->n_findings = good ? reply->n_findings : 0;
        memcpy(said->findings, reply->findings, sizeof said->findings);
    }
    enter(talk, PHASE_DESCRIBING);
}

/* Told to leave, it says OK and is gone; there is nobody to read from until it comes back. */
static void on_leave(struct link_talk *talk, const struct thenar_reply *reply)
{
    struct thenar_error reason;
    if (reply->result != THENAR_REPLY_OK) {
        link_events_answer(&talk->events, THENAR_ERR_UNSUPPORTED, 0,
                           "the device has no boot loader to go to");
        enter(talk, PHASE_DESCRIBING);
        return;
    }
    link_events_answer(&talk->events, THENAR_OK, 0, "");
    (void)thenar_fail(&reason, THENAR_ERR_ABSENT,
                      "in its boot loader, as it was asked: copy a .uf2 onto its drive, or plug it "
                      "in anew");
    link_talk_give_up(talk, &reason);
}

/* Another host came first, by another of the device's interfaces. */
static void give_up_busy(struct link_talk *talk)
{
    struct thenar_error reason;
    char rival[192] = "another program";
    if (talk->transport->name_rival)
        talk->transport->name_rival(talk->transport, rival, sizeof rival);
    (void)thenar_fail(&reason, THENAR_ERR_BUSY,
                      "busy: %s has the device by its other interface; close that first", rival);
    link_talk_give_up(talk, &reason);
}

void link_talk_on_reply(struct link_talk *talk, const struct thenar_reply *reply)
{
    if (talk->phase == PHASE_STREAMING && talk->events.has_command &&
        reply->request == talk->identify_request) {
        bool good = reply->result == THENAR_REPLY_OK;
        link_events_answer(&talk->events, good ? THENAR_OK : THENAR_ERR_UNSUPPORTED, 0,
                           good ? "" : "the device has no light to blink");
        return;
    }
    if (reply->result == THENAR_REPLY_BUSY) {
        give_up_busy(talk);
        return;
    }
    if (!is_awaited(talk, reply))
        return; /* late, or to someone else's request */
    switch (talk->phase) {
    case PHASE_STOPPING:
        enter(talk, after_stop(talk));
        break;
    case PHASE_TESTING:
        on_tested(talk, reply);
        break;
    case PHASE_LEAVING:
        on_leave(talk, reply);
        break;
    case PHASE_RATING:
        on_rate_reply(talk, reply);
        break;
    case PHASE_DESCRIBING:
        if (is_described(talk))
            agree(talk);
        else
            talk->deadline_ns = 0; /* a part was damaged: ask again at once, as one of the tries */
        break;
    case PHASE_STARTING:
        if (reply->result == THENAR_REPLY_OK) {
            enter(talk, PHASE_STREAMING);
        } else {
            struct thenar_error reason;
            (void)thenar_fail(&reason, THENAR_ERR_UNSUPPORTED,
                              "the device refuses to start (result %u); reset it", reply->result);
            link_talk_give_up(talk, &reason);
        }
        break;
    case PHASE_CLOSED:
    case PHASE_STREAMING:
        break;
    }
}

enum thenar_status link_talk_command(struct link_talk *talk, const struct source_command *wanted)
{
    if (talk->events.has_command)
        return THENAR_ERR_BUSY;
    talk->events.has_command = true;
    talk->events.command = *wanted;
    if (talk->phase == PHASE_CLOSED) {
        link_events_answer(&talk->events, THENAR_ERR_ABSENT, 0, "the device is not there");
        return THENAR_OK;
    }
    if (talk->phase != PHASE_STREAMING) {
        talk->events.has_command = false;
        return THENAR_ERR_BUSY;
    }
    if (wanted->kind == SOURCE_SET_RATE) {
        double least_hz = talk->hello.rate_min_mhz * 1e-3,
               most_hz = talk->hello.rate_max_mhz * 1e-3;
        if (wanted->value < least_hz || wanted->value > most_hz) { /* the stream need not stop */
            char text[128];
            (void)snprintf(text, sizeof text, "the device scans at %g to %g frames/s, not at %g",
                           least_hz, most_hz, wanted->value);
            link_events_answer(&talk->events, THENAR_ERR_VALUE, 0, text);
            return THENAR_OK;
        }
        talk->wanted_rate_mhz = (uint32_t)(wanted->value * 1e3 + 0.5);
    }
    if (wanted->kind != SOURCE_IDENTIFY) {
        enter(talk, PHASE_STOPPING);
    } else {
        int64_t silence_ns = talk->deadline_ns;
        send_command(talk, THENAR_COMMAND_IDENTIFY, (uint32_t)(wanted->value * 1e3 + 0.5));
        talk->identify_request = talk->last_request;
        if (talk->phase == PHASE_STREAMING)
            talk->deadline_ns = silence_ns;
    }
    return THENAR_OK;
}

void link_talk_heard(struct link_talk *talk, int64_t now_ns)
{
    if (talk->phase == PHASE_STREAMING)
        talk->deadline_ns = now_ns + (int64_t)talk->times.silence_ms * NS_PER_MS;
}

void link_talk_start_if_due(struct link_talk *talk)
{
    if (!talk->start_is_due)
        return;
    talk->start_is_due = false;
    enter(talk, PHASE_STARTING);
}

void link_talk_has_started(struct link_talk *talk)
{
    if (talk->phase == PHASE_STARTING)
        enter(talk, PHASE_STREAMING);
}

void link_talk_finish(struct link_talk *talk)
{
    if (talk->phase == PHASE_STREAMING || talk->phase == PHASE_STARTING)
        send_command(talk, THENAR_COMMAND_STOP, 0);
    talk->transport->destroy(talk->transport);
    array_layout_finish(&talk->description.layout);
}
