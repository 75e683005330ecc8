/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link_source.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "link/stream.h"
#include "link_messages.h"
#include "link_talk.h"

enum { READ_BYTES = 16384 };

struct link_source {
    struct source source;
    struct link_talk talk;
    struct thenar_stream stream;
    bool is_joining;    /* nothing whole has come since the opening */
    uint64_t n_joining; /* damaged messages that only joining in the middle made */
    uint64_t n_bad_bodies;
    struct moment arrival; /* of the octets in `bytes` */
    size_t n_bytes, n_used;
    uint8_t bytes[READ_BYTES];
    uint16_t counts[THENAR_MAX_TAXELS];
};

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
    while (link->n_used < link->n_bytes && link->talk.events.n_queued == 0 &&
           link->talk.phase != PHASE_CLOSED) {
        size_t n_used;
        struct thenar_message message;
        enum thenar_status status =
            thenar_stream_next(&link->stream, link->bytes + link->n_used,
                               link->n_bytes - link->n_used, &n_used, &message);
        link->n_used += n_used;
        if (status == THENAR_OK) {
            link->is_joining = false;
            status = link_messages_take(&link->talk, &message, link->counts, event);
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
    struct transport *transport = link->talk.transport;
    struct thenar_error error = {0};
    size_t n_read = 0;
    enum thenar_status status =
        transport->read(transport, link->bytes, sizeof link->bytes, &n_read, &error);
    if (status == THENAR_PENDING)
        return;
    if (status != THENAR_OK) {
        link_talk_give_up(&link->talk, &error);
        return;
    }
    link->arrival = moment_now();
    link->n_bytes = n_read;
    link->n_used = 0;
    link_talk_heard(&link->talk, link->arrival.monotonic_ns);
}

static void on_deadline(struct link_source *link)
{
    if (!link_talk_on_deadline(&link->talk))
        return;
    thenar_stream_reset(&link->stream);
    link->is_joining = true;
    link->n_bytes = link->n_used = 0;
}

/* Wait for octets, the phase's deadline, or the end of the caller's patience.
 * Returns false when the caller is to look after something else. */
static bool wait_for_more(struct link_source *link, int wake_fd, int64_t until_ns)
{
    struct link_talk *talk = &link->talk;
    struct transport *transport = talk->transport;
    int64_t now_ns = moment_monotonic_ns();
    if (now_ns >= talk->deadline_ns) {
        on_deadline(link);
        return true;
    }
    int64_t wait_ns = (until_ns < talk->deadline_ns ? until_ns : talk->deadline_ns) - now_ns;
    if (wait_ns < 0)
        wait_ns = 0;
    struct pollfd fds[1 + TRANSPORT_FDS_MAX] = {{.fd = wake_fd, .events = POLLIN}};
    size_t n_fds = 1 + transport->fds(transport, fds + 1);
    struct timespec wait = {(time_t)(wait_ns / NS_PER_S), (long)(wait_ns % NS_PER_S)};
    int n_ready = ppoll(fds, n_fds, &wait, NULL);
    if (n_ready < 0)
        return errno == EINTR;
    bool is_woken = fds[0].revents != 0;
    bool is_ready = n_ready > is_woken;
    if (is_ready && talk->phase != PHASE_CLOSED)
        receive(link);
    else if (is_ready && transport->has_returned && transport->has_returned(transport))
        talk->deadline_ns = 0;
    return !is_woken && moment_monotonic_ns() < until_ns;
}

static enum thenar_status next(struct source *source, int wake_fd, int timeout_ms,
                               struct source_event *event)
{
    struct link_source *link = (struct link_source *)source;
    int64_t until_ns = 0;
    for (bool more = true;;) {
        if (link_events_pop(&link->talk.events, event))
            return THENAR_OK;
        /* Who was told what the device is has prepared for it by now: no frame has to wait. */
        link_talk_start_if_due(&link->talk);
        if (parse(link, event) == THENAR_OK)
            return THENAR_OK;
        if (link->talk.events.n_queued > 0)
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
    return link_talk_command(&((struct link_source *)source)->talk, wanted);
}

static void close_link(struct source *source)
{
    struct link_source *link = (struct link_source *)source;
    link_talk_finish(&link->talk);
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
    link_talk_init(&link->talk, transport, times);
    thenar_stream_init(&link->stream);
    *out = &link->source;
    return THENAR_OK;
}
