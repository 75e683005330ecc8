/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link_source.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/command.h"
#include "link/frame.h"
#include "link/hello.h"
#include "link/report.h"
#include "link/stream.h"
#include "link_describe.h"

enum { READ_BYTES = 16384, TRIES = 3, STRANGE_FRAMES = 20, QUEUE_MAX = 4, SELF_TEST_MS = 5500 };

/* How far the conversation has come. Between STOPPING and STARTING, one command awaits its reply.
 */
enum phase {
    PHASE_CLOSED, /* not open; again at the deadline */
    PHASE_STOPPING,
    PHASE_RATING,
    PHASE_TESTING,
    PHASE_LEAVING, /* to its boot loader */
    PHASE_DESCRIBING,
    PHASE_STARTING,
    PHASE_STREAMING
};

struct link_source {
    struct source source;
    struct transport *transport;
    struct link_source_times times;

    enum phase phase;
    int64_t deadline_ns; /* then the command is repeated, the link given up, or opened again */
    int pause_ms;        /* before the next opening */
    int n_tries;
    uint16_t first_request, last_request; /* of the command in this phase, with its repetitions */

    bool is_lost;
    struct thenar_error reason;

    bool has_hello;
    struct thenar_hello hello;
    uint8_t paged[THENAR_MAX_TAXELS / 8]; /* bit a taxel: its page has come */
    struct source_description description;
    unsigned n_strange_frames; /* in a row, that do not fit the array */

    uint32_t wanted_rate_mhz; /* 0: leave the device's own; set anew when it comes back */
    bool has_command;
    struct source_command command;
    uint16_t identify_request;

    struct source_event queue[QUEUE_MAX]; /* to be handed out before more is read */
    unsigned n_queued;

    struct thenar_stream stream;
    bool start_is_due;  /* described, and the one who asked may prepare before frames come */
    bool is_joining;    /* nothing whole has come since the opening */
    uint64_t n_joining; /* damaged messages that only joining in the middle made */
    uint64_t n_bad_bodies;
    struct moment arrival; /* of the octets in `bytes` */
    size_t n_bytes, n_used;
    uint8_t bytes[READ_BYTES];
    uint16_t counts[THENAR_MAX_TAXELS];
};

const struct link_source_times link_source_usual_times = {
    .reply_ms = 300, .silence_ms = 3000, .reopen_ms = 200, .reopen_max_ms = 1000};
const struct link_source_times link_source_plugged_times = {
    .reply_ms = 300, .silence_ms = 3000, .reopen_ms = 100, .reopen_max_ms = 400};

static struct source_event *queue_event(struct link_source *link, enum source_event_kind kind)
{
    /* A full queue means that nobody takes events; the newest replaces the last. */
    unsigned at = link->n_queued < QUEUE_MAX ? link->n_queued++ : QUEUE_MAX - 1;
    struct source_event *event = &link->queue[at];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->arrival = moment_now();
    return event;
}

static void answer(struct link_source *link, enum thenar_status status, double value,
                   const char *text)
{
    if (!link->has_command)
        return;
    link->has_command = false;
    struct source_event *event = queue_event(link, SOURCE_ANSWER);
    event->answer.ticket = link->command.ticket;
    event->answer.status = status;
    event->answer.value = value;
    (void)snprintf(event->answer.text, sizeof event->answer.text, "%s", text);
}

/* Say once why there are no frames; the same reason is not said again. */
static void say_lost(struct link_source *link, const struct thenar_error *reason)
{
    if (link->is_lost && strcmp(link->reason.text, reason->text) == 0)
        return;
    link->is_lost = true;
    link->reason = *reason;
    queue_event(link, SOURCE_LOST)->reason = link->reason.text;
}

static void give_up(struct link_source *link, const struct thenar_error *reason)
{
    if (link->phase != PHASE_CLOSED)
        link->transport->close(link->transport);
    link->phase = PHASE_CLOSED;
    link->start_is_due = false;
    link->n_bytes = link->n_used = 0;
    if (link->transport->is_over) {
        link->deadline_ns = INT64_MAX;
        answer(link, THENAR_ERR_ABSENT, 0, "the recording is over");
        queue_event(link, SOURCE_END);
        return;
    }
    link->deadline_ns = moment_monotonic_ns() + (int64_t)link->pause_ms * NS_PER_MS;
    link->pause_ms *= 2;
    if (link->pause_ms > link->times.reopen_max_ms)
        link->pause_ms = link->times.reopen_max_ms;
    say_lost(link, reason);
    answer(link, THENAR_ERR_ABSENT, 0, "the device went away");
}

static void send_command(struct link_source *link, enum thenar_command_code code, uint32_t argument)
{
    struct thenar_error error = {0};
    uint8_t message[64], wire[80];
    size_t n_body, n_wire;
    if (++link->last_request == 0)
        link->last_request = 1;
    struct thenar_command command = {link->last_request, (uint8_t)code, argument};
    enum thenar_status status =
        thenar_command_encode(&command, message + 1, sizeof message - 5, &n_body);
    if (status == THENAR_OK)
        status =
            thenar_stream_wrap(THENAR_MESSAGE_COMMAND, message, n_body, wire, sizeof wire, &n_wire);
    if (status == THENAR_OK)
        status = link->transport->write(link->transport, wire, n_wire, &error);
    link->deadline_ns = moment_monotonic_ns() + (int64_t)link->times.reply_ms * NS_PER_MS;
    if (status != THENAR_OK)
        give_up(link, &error);
}

static void send_phase_command(struct link_source *link)
{
    switch (link->phase) {
    case PHASE_STOPPING:
        send_command(link, THENAR_COMMAND_STOP, 0);
        break;
    case PHASE_RATING:
        send_command(link, THENAR_COMMAND_RATE, link->wanted_rate_mhz);
        break;
    case PHASE_TESTING:
        send_command(link, THENAR_COMMAND_SELF_TEST, 0);
        if (link->phase == PHASE_TESTING)
            link->deadline_ns = moment_monotonic_ns() + (int64_t)SELF_TEST_MS * NS_PER_MS;
        break;
    case PHASE_LEAVING:
        send_command(link, THENAR_COMMAND_BOOTLOADER, 0);
        break;
    case PHASE_DESCRIBING:
        link->has_hello = false;
        memset(link->paged, 0, sizeof link->paged);
        send_command(link, THENAR_COMMAND_DESCRIBE, 0);
        break;
    case PHASE_STARTING:
        send_command(link, THENAR_COMMAND_START, 0);
        break;
    case PHASE_CLOSED:
    case PHASE_STREAMING:
        break;
    }
}

static void enter(struct link_source *link, enum phase phase)
{
    link->phase = phase;
    link->n_tries = 0;
    link->first_request = (uint16_t)(link->last_request + 1);
    if (phase == PHASE_STREAMING) {
        link->n_strange_frames = 0;
        link->pause_ms = link->times.reopen_ms;
        link->deadline_ns = moment_monotonic_ns() + (int64_t)link->times.silence_ms * NS_PER_MS;
    }
    send_phase_command(link);
}

/* The device is there, but what it streams, or that it streams, is no longer what we agreed. */
static void begin_again(struct link_source *link, const char *why)
{
    struct thenar_error reason;
    (void)thenar_fail(&reason, THENAR_ERR_ABSENT, "%s; asking it to describe itself again", why);
    say_lost(link, &reason);
    enter(link, PHASE_STOPPING);
}

static void try_to_open(struct link_source *link)
{
    struct thenar_error error = {0};
    if (link->transport->open(link->transport, &error) != THENAR_OK) {
        give_up(link, &error);
        return;
    }
    thenar_stream_reset(&link->stream);
    link->is_joining = true;
    link->n_bytes = link->n_used = 0;
    enter(link, PHASE_STOPPING);
}

/* The time of this phase is up. */
static void on_deadline(struct link_source *link)
{
    struct thenar_error reason;
    if (link->phase == PHASE_CLOSED) {
        try_to_open(link);
    } else if (link->phase == PHASE_STREAMING) {
        (void)thenar_fail(&reason, THENAR_ERR_TIMEOUT,
                          "nothing received for %.1f s while streaming; opening the link again",
                          link->times.silence_ms * 1e-3);
        give_up(link, &reason);
    } else if (++link->n_tries < TRIES) {
        send_phase_command(link);
    } else {
        (void)thenar_fail(&reason, THENAR_ERR_TIMEOUT,
                          "no answer to %d requests; is this a Thenar device, and its firmware "
                          "running?",
                          TRIES);
        give_up(link, &reason);
    }
}

static bool is_described(const struct link_source *link)
{
    if (!link->has_hello)
        return false;
    if (!link->hello.has_taxel_pages)
        return true;
    for (size_t i = 0; i < link->description.layout.n_taxels; i++)
        if (!(link->paged[i / 8] >> (i % 8) & 1))
            return false;
    return true;
}

static void on_described(struct link_source *link)
{
    if (link->is_lost)
        queue_event(link, SOURCE_RETURNED);
    link->is_lost = false;
    queue_event(link, SOURCE_DESCRIBED)->description = &link->description;
    link->start_is_due = true;
}

static void on_rate_reply(struct link_source *link, const struct thenar_reply *reply)
{
    char text[160] = "";
    enum thenar_status status = THENAR_OK;
    if (reply->result == THENAR_REPLY_RANGE) {
        status = THENAR_ERR_VALUE;
        (void)snprintf(text, sizeof text, "the device does not scan at that rate; nearest is %.3f",
                       reply->value * 1e-3);
    } else if (reply->result != THENAR_REPLY_OK) {
        status = THENAR_ERR_UNSUPPORTED;
        (void)snprintf(text, sizeof text, "the device refuses to change its rate");
    }
    link->wanted_rate_mhz = status == THENAR_OK ? reply->value : 0;
    if (link->has_command && link->command.kind == SOURCE_SET_RATE)
        answer(link, status, reply->value * 1e-3, text);
    enter(link, PHASE_DESCRIBING);
}

static bool is_awaited(const struct link_source *link, const struct thenar_reply *reply)
{
    static const uint8_t codes[] = {[PHASE_STOPPING] = THENAR_COMMAND_STOP,
                                    [PHASE_RATING] = THENAR_COMMAND_RATE,
                                    [PHASE_TESTING] = THENAR_COMMAND_SELF_TEST,
                                    [PHASE_LEAVING] = THENAR_COMMAND_BOOTLOADER,
                                    [PHASE_DESCRIBING] = THENAR_COMMAND_DESCRIBE,
                                    [PHASE_STARTING] = THENAR_COMMAND_START,
                                    [PHASE_STREAMING] = 0};
    /* A slow device may answer an earlier repetition: that is as good. */
    uint16_t age = (uint16_t)(reply->request - link->first_request);
    return age <= (uint16_t)(link->last_request - link->first_request) &&
           reply->code == codes[link->phase];
}

static enum phase after_stop(const struct link_source *link)
{
    if (link->has_command && link->command.kind == SOURCE_SELF_TEST)
        return PHASE_TESTING;
    if (link->has_command && link->command.kind == SOURCE_BOOTLOADER)
        return PHASE_LEAVING;
    return link->wanted_rate_mhz ? PHASE_RATING : PHASE_DESCRIBING;
}

static void on_tested(struct link_source *link, const struct thenar_reply *reply)
{
    bool good = reply->result == THENAR_REPLY_OK;
    if (link->has_command) {
        answer(link, good ? THENAR_OK : THENAR_ERR_UNSUPPORTED, reply->value,
               good ? "" : "the device cannot test itself");
        struct source_answer *said = &link->queue[link->n_queued - 1].answer;
        said->n_findings = good ? reply->n_findings : 0;
        memcpy(said->findings, reply->findings, sizeof said->findings);
    }
    enter(link, PHASE_DESCRIBING);
}

/* Told to leave, it says OK and is gone; there is nobody to read from until it comes back. */
static void on_leave(struct link_source *link, const struct thenar_reply *reply)
{
    struct thenar_error reason;
    if (reply->result != THENAR_REPLY_OK) {
        answer(link, THENAR_ERR_UNSUPPORTED, 0, "the device has no boot loader to go to");
        enter(link, PHASE_DESCRIBING);
        return;
    }
    answer(link, THENAR_OK, 0, "");
    (void)thenar_fail(&reason, THENAR_ERR_ABSENT,
                      "in its boot loader, as it was asked: copy a .uf2 onto its drive, or plug it "
                      "in anew");
    give_up(link, &reason);
}

/* Another host came first, by another of the device's interfaces. */
static void give_up_busy(struct link_source *link)
{
    struct thenar_error reason;
    char rival[192] = "another program";
    if (link->transport->name_rival)
        link->transport->name_rival(link->transport, rival, sizeof rival);
    (void)thenar_fail(&reason, THENAR_ERR_BUSY,
                      "busy: %s has the device by its other interface; close that first", rival);
    give_up(link, &reason);
}

static void on_reply(struct link_source *link, const struct thenar_reply *reply)
{
    if (link->phase == PHASE_STREAMING && link->has_command &&
        reply->request == link->identify_request) {
        bool good = reply->result == THENAR_REPLY_OK;
        answer(link, good ? THENAR_OK : THENAR_ERR_UNSUPPORTED, 0,
               good ? "" : "the device has no light to blink");
        return;
    }
    if (reply->result == THENAR_REPLY_BUSY) {
        give_up_busy(link);
        return;
    }
    if (!is_awaited(link, reply))
        return; /* late, or to someone else's request */
    switch (link->phase) {
    case PHASE_STOPPING:
        enter(link, after_stop(link));
        break;
    case PHASE_TESTING:
        on_tested(link, reply);
        break;
    case PHASE_LEAVING:
        on_leave(link, reply);
        break;
    case PHASE_RATING:
        on_rate_reply(link, reply);
        break;
    case PHASE_DESCRIBING:
        if (is_described(link))
            on_described(link);
        else
            link->deadline_ns = 0; /* a part was damaged: ask again at once, as one of the tries */
        break;
    case PHASE_STARTING:
        if (reply->result == THENAR_REPLY_OK) {
            enter(link, PHASE_STREAMING);
        } else {
            struct thenar_error reason;
            (void)thenar_fail(&reason, THENAR_ERR_UNSUPPORTED,
                              "the device refuses to start (result %u); reset it", reply->result);
            give_up(link, &reason);
        }
        break;
    case PHASE_CLOSED:
    case PHASE_STREAMING:
        break;
    }
}

static enum thenar_status on_hello(struct link_source *link, const struct thenar_message *message)
{
    if (link->phase != PHASE_DESCRIBING) {
        if (link->phase == PHASE_STREAMING || link->phase == PHASE_STARTING)
            begin_again(link, "the device started anew");
        return THENAR_OK;
    }
    enum thenar_status status = thenar_hello_decode(message->body, message->n_body, &link->hello);
    if (status == THENAR_ERR_VERSION) {
        struct thenar_error reason;
        (void)thenar_fail(
            &reason, status,
            "the device speaks version %u of the device link and this thenard version "
            "%d; update the older of the two",
            message->n_body ? message->body[0] : 0, THENAR_LINK_VERSION_MAJOR);
        link->pause_ms = link->times.reopen_max_ms;
        give_up(link, &reason);
        return THENAR_OK;
    }
    if (status == THENAR_OK)
        status = link_describe_hello(&link->description, &link->hello);
    link->has_hello = status == THENAR_OK;
    return status;
}

static enum thenar_status on_taxels(struct link_source *link, const struct thenar_message *message)
{
    struct thenar_taxel_page page;
    if (link->phase != PHASE_DESCRIBING || !link->has_hello)
        return THENAR_OK;
    enum thenar_status status = thenar_taxels_decode(message->body, message->n_body, &page);
    if (status == THENAR_OK)
        status = link_describe_taxels(&link->description, &page);
    if (status != THENAR_OK)
        return status;
    for (size_t i = page.first; i < (size_t)page.first + page.n_taxels; i++)
        link->paged[i / 8] |= (uint8_t)(1u << (i % 8));
    return THENAR_OK;
}

static enum thenar_status on_frame(struct link_source *link, const struct thenar_message *message,
                                   struct source_event *event)
{
    if (link->phase != PHASE_STREAMING && link->phase != PHASE_STARTING)
        return THENAR_PENDING; /* still on its way from before the stop */
    struct thenar_frame frame;
    enum thenar_status status = thenar_frame_decode(
        message->body, message->n_body, link->description.layout.n_taxels, &frame, link->counts);
    if (status != THENAR_OK) {
        if (++link->n_strange_frames >= STRANGE_FRAMES)
            begin_again(link, "its frames do not fit the array that it described");
        return status;
    }
    link->n_strange_frames = 0;
    if (link->phase == PHASE_STARTING)
        enter(link, PHASE_STREAMING); /* the reply was damaged on the way */
    double tick_s = 1.0 / link->hello.tick_hz;
    event->kind = SOURCE_FRAME;
    event->frame = (struct source_frame){.sequence = frame.sequence,
                                         .device_s = (double)frame.ticks * tick_s,
                                         .scan_s = frame.scan_ticks * tick_s,
                                         .n_dropped = frame.n_dropped,
                                         .n_late = frame.n_late,
                                         .trigger = frame.trigger,
                                         .counts = link->counts};
    return THENAR_OK;
}

static enum thenar_status on_health(struct link_source *link, const struct thenar_message *message,
                                    struct source_event *event)
{
    enum thenar_status status =
        thenar_health_decode(message->body, message->n_body, &event->health);
    if (status != THENAR_OK)
        return status;
    event->kind = SOURCE_HEALTH;
    if (link->phase == PHASE_STREAMING && !event->health.streaming) {
        begin_again(link, "the device stopped streaming: it was reset, or someone else stopped it");
        return THENAR_PENDING;
    }
    return link->phase == PHASE_STREAMING ? THENAR_OK : THENAR_PENDING;
}

/* One checked message. Returns THENAR_OK when it makes an event, THENAR_PENDING when not. */
static enum thenar_status on_message(struct link_source *link, const struct thenar_message *message,
                                     struct source_event *event)
{
    struct thenar_reply reply;
    enum thenar_status status = THENAR_PENDING;
    switch (message->type) {
    case THENAR_MESSAGE_FRAME:
        return on_frame(link, message, event);
    case THENAR_MESSAGE_HELLO:
        status = on_hello(link, message);
        break;
    case THENAR_MESSAGE_TAXELS:
        status = on_taxels(link, message);
        break;
    case THENAR_MESSAGE_REPLY:
        status = thenar_reply_decode(message->body, message->n_body, &reply);
        if (status == THENAR_OK)
            on_reply(link, &reply);
        break;
    case THENAR_MESSAGE_STATUS:
        return on_health(link, message, event);
    case THENAR_MESSAGE_FAULT:
        event->kind = SOURCE_FAULT;
        return thenar_fault_decode(message->body, message->n_body, &event->fault);
    case THENAR_MESSAGE_AUX:
        event->kind = SOURCE_AUX;
        return thenar_aux_decode(message->body, message->n_body, &event->aux);
    default:
        break; /* a newer minor version may say more than we know */
    }
    return status == THENAR_OK ? THENAR_PENDING : status;
}

static void count_damage(struct link_source *link)
{
    const struct thenar_stream *stream = &link->stream;
    struct source_damage *damage = &link->source.damage;
    damage->n_messages = stream->n_messages;
    damage->n_bad_messages = stream->n_bad_cobs + stream->n_bad_crc + stream->n_bad_length +
                             link->n_bad_bodies - link->n_joining;
    damage->n_skipped_bytes = stream->n_skipped_bytes;
}

/* Go through the octets that were read, up to the first event. */
static enum thenar_status parse(struct link_source *link, struct source_event *event)
{
    while (link->n_used < link->n_bytes && link->n_queued == 0) {
        size_t n_used;
        struct thenar_message message;
        enum thenar_status status =
            thenar_stream_next(&link->stream, link->bytes + link->n_used,
                               link->n_bytes - link->n_used, &n_used, &message);
        link->n_used += n_used;
        if (status == THENAR_OK) {
            link->is_joining = false;
            status = on_message(link, &message, event);
            link->n_bad_bodies += status < 0;
        } else if (status < 0 && link->is_joining) {
            link->n_joining++;
        }
        if (status != THENAR_PENDING)
            count_damage(link);
        if (status == THENAR_OK) {
            event->arrival = link->arrival;
            return THENAR_OK;
        }
    }
    return THENAR_PENDING;
}

static void receive(struct link_source *link)
{
    struct thenar_error error = {0};
    size_t n_read = 0;
    enum thenar_status status =
        link->transport->read(link->transport, link->bytes, sizeof link->bytes, &n_read, &error);
    if (status == THENAR_PENDING)
        return;
    if (status != THENAR_OK) {
        give_up(link, &error);
        return;
    }
    link->arrival = moment_now();
    link->n_bytes = n_read;
    link->n_used = 0;
    if (link->phase == PHASE_STREAMING)
        link->deadline_ns =
            link->arrival.monotonic_ns + (int64_t)link->times.silence_ms * NS_PER_MS;
}

/* Wait for octets, the phase's deadline, or the end of the caller's patience.
 * Returns false when the caller is to look after something else. */
static bool wait_for_more(struct link_source *link, int wake_fd, int64_t until_ns)
{
    int64_t now_ns = moment_monotonic_ns();
    if (now_ns >= link->deadline_ns) {
        on_deadline(link);
        return true;
    }
    int64_t wait_ns = (until_ns < link->deadline_ns ? until_ns : link->deadline_ns) - now_ns;
    if (wait_ns < 0)
        wait_ns = 0;
    struct pollfd fds[1 + TRANSPORT_FDS_MAX] = {{.fd = wake_fd, .events = POLLIN}};
    size_t n_fds = 1 + link->transport->fds(link->transport, fds + 1);
    struct timespec wait = {(time_t)(wait_ns / NS_PER_S), (long)(wait_ns % NS_PER_S)};
    int n_ready = ppoll(fds, n_fds, &wait, NULL);
    if (n_ready < 0)
        return errno == EINTR;
    bool is_woken = fds[0].revents != 0;
    bool is_ready = n_ready > is_woken;
    if (is_ready && link->phase != PHASE_CLOSED)
        receive(link);
    else if (is_ready && link->transport->has_returned &&
             link->transport->has_returned(link->transport))
        link->deadline_ns = 0;
    return !is_woken && moment_monotonic_ns() < until_ns;
}

static enum thenar_status next(struct source *source, int wake_fd, int timeout_ms,
                               struct source_event *event)
{
    struct link_source *link = (struct link_source *)source;
    int64_t until_ns = 0;
    for (bool more = true;;) {
        if (link->n_queued > 0) {
            *event = link->queue[0];
            link->n_queued--;
            memmove(link->queue, link->queue + 1, link->n_queued * sizeof *link->queue);
            return THENAR_OK;
        }
        /* Who was told what the device is has prepared for it by now: no frame has to wait. */
        if (link->start_is_due) {
            link->start_is_due = false;
            enter(link, PHASE_STARTING);
        }
        if (parse(link, event) == THENAR_OK)
            return THENAR_OK;
        if (link->n_queued > 0)
            continue;
        if (!more)
            return THENAR_PENDING;
        if (until_ns == 0)
            until_ns = moment_monotonic_ns() + (int64_t)timeout_ms * NS_PER_MS;
        more = wait_for_more(link, wake_fd, until_ns);
    }
}

static enum thenar_status command(struct source *source, const struct source_command *wanted)
{
    struct link_source *link = (struct link_source *)source;
    if (link->has_command)
        return THENAR_ERR_BUSY;
    link->has_command = true;
    link->command = *wanted;
    if (link->phase == PHASE_CLOSED) {
        answer(link, THENAR_ERR_ABSENT, 0, "the device is not there");
        return THENAR_OK;
    }
    if (link->phase != PHASE_STREAMING) {
        link->has_command = false;
        return THENAR_ERR_BUSY;
    }
    if (wanted->kind == SOURCE_SET_RATE) {
        double least_hz = link->hello.rate_min_mhz * 1e-3,
               most_hz = link->hello.rate_max_mhz * 1e-3;
        if (wanted->value < least_hz || wanted->value > most_hz) { /* the stream need not stop */
            char text[128];
            (void)snprintf(text, sizeof text, "the device scans at %g to %g frames/s, not at %g",
                           least_hz, most_hz, wanted->value);
            answer(link, THENAR_ERR_VALUE, 0, text);
            return THENAR_OK;
        }
        link->wanted_rate_mhz = (uint32_t)(wanted->value * 1e3 + 0.5);
    }
    if (wanted->kind != SOURCE_IDENTIFY) {
        enter(link, PHASE_STOPPING);
    } else {
        int64_t silence_ns = link->deadline_ns;
        send_command(link, THENAR_COMMAND_IDENTIFY, (uint32_t)(wanted->value * 1e3 + 0.5));
        link->identify_request = link->last_request;
        if (link->phase == PHASE_STREAMING)
            link->deadline_ns = silence_ns;
    }
    return THENAR_OK;
}

static void close_link(struct source *source)
{
    struct link_source *link = (struct link_source *)source;
    if (link->phase == PHASE_STREAMING || link->phase == PHASE_STARTING)
        send_command(link, THENAR_COMMAND_STOP, 0);
    link->transport->destroy(link->transport);
    array_layout_finish(&link->description.layout);
    free(link);
}

enum thenar_status link_source_create(struct source **out, struct transport *transport,
                                      const struct link_source_times *times,
                                      struct thenar_error *error)
{
    struct link_source *link = calloc(1, sizeof *link);
    if (!link) {
        transport->destroy(transport);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    }
    link->source.next = next;
    link->source.command = command;
    link->source.close = close_link;
    link->transport = transport;
    link->times = times ? *times : link_source_usual_times;
    link->pause_ms = link->times.reopen_ms;
    link->phase = PHASE_CLOSED;
    thenar_stream_init(&link->stream);
    *out = &link->source;
    return THENAR_OK;
}
