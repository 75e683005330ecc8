/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_server.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "control_devices.h"
#include "feed/control.h"
#include "feed_address.h"
#include "log.h"
#include "thenar_version.h"

enum {
    PENDING_MAX = 32,
    PATIENCE_MS = 3000,
    LONG_PATIENCE_MS = 8000,
    LINGER_MS = 200,
    CLIENT_BYTES = 256,
    PARTS_MAX = 8
};

/* Who asked: the envelope that goes before the reply. */
struct client {
    size_t n_identity;
    unsigned char identity[CLIENT_BYTES];
    bool has_delimiter; /* a REQ socket puts an empty part before the request */
};

struct pending {
    bool is_used;
    struct client client;
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    uint32_t ticket;
    unsigned n_awaited; /* answers */
    int patience_ms;
    int64_t deadline_ns;
};

struct control_server {
    void *socket;
    char address[256];
    struct control_view view;
    struct pending pendings[PENDING_MAX];
    uint32_t last_ticket;
    int64_t start_ns;
    struct thenar_feed_status *states; /* [n_most] */
    char *text;                        /* [n_text_space] the reply */
    size_t n_text_space;
};

static void send_text(struct control_server *server, const struct client *client, size_t n_text)
{
    /* To a client that is gone, or does not read, the reply is dropped. */
    const int flags = ZMQ_DONTWAIT;
    if (zmq_send(server->socket, client->identity, client->n_identity, ZMQ_SNDMORE | flags) < 0)
        return;
    if (client->has_delimiter)
        (void)zmq_send(server->socket, "", 0, ZMQ_SNDMORE | flags);
    (void)zmq_send(server->socket, server->text, n_text, flags);
}

static void send_error(struct control_server *server, const struct client *client, uint64_t id,
                       const char *sentence)
{
    size_t n_text;
    if (thenar_control_error_encode(id, sentence, server->text, server->n_text_space, &n_text) ==
        THENAR_OK)
        send_text(server, client, n_text);
}

static void send_reply(struct control_server *server, const struct client *client,
                       enum thenar_control_command command, struct thenar_control_reply *reply,
                       const struct thenar_control_daemon *daemon, bool with_devices)
{
    size_t n_text;
    reply->ok = true;
    enum thenar_status status = thenar_control_reply_encode(
        command, reply, daemon, with_devices ? server->states : NULL,
        with_devices ? server->view.n_devices : 0, server->text, server->n_text_space, &n_text);
    if (status == THENAR_OK)
        send_text(server, client, n_text);
    else
        send_error(server, client, reply->id, "the reply could not be written; this is a defect");
}

static uint64_t resident_bytes(void)
{
    unsigned long long n_pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file) {
        if (fscanf(file, "%*u %llu", &n_pages) != 1)
            n_pages = 0;
        fclose(file);
    }
    return n_pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void reply_status(struct control_server *server, const struct client *client,
                         const struct thenar_control_request *request)
{
    struct thenar_control_reply reply;
    struct publisher_counts counts;
    thenar_control_reply_clear(&reply);
    reply.id = request->id;
    publisher_states(server->view.publisher, server->states, &counts);
    struct thenar_control_daemon daemon = {
        .uptime_s = (float)((double)(moment_monotonic_ns() - server->start_ns) * 1e-9),
        .pid = (uint32_t)getpid(),
        .memory_bytes = resident_bytes(),
        .messages = counts.n_messages,
        .dropped = counts.n_failed};
    (void)snprintf(daemon.version, sizeof daemon.version, "%s", THENAR_VERSION);
    (void)snprintf(daemon.station, sizeof daemon.station, "%s", server->view.station);
    (void)snprintf(daemon.feed, sizeof daemon.feed, "%s", server->view.feed);
    (void)snprintf(daemon.control, sizeof daemon.control, "%s", server->address);
    send_reply(server, client, request->command, &reply,
               request->command == THENAR_CONTROL_STATUS ? &daemon : NULL, true);
}

static size_t find_device(const struct control_server *server, const char *name)
{
    size_t i = 0;
    while (i < server->view.n_devices && strcmp(server->view.publisher_devices[i].name, name) != 0)
        i++;
    return i;
}

static void refuse_device(struct control_server *server, const struct client *client,
                          const struct thenar_control_request *request)
{
    char sentence[400];
    size_t used = (size_t)snprintf(sentence, sizeof sentence, "no device '%s' here; there %s",
                                   request->device, server->view.n_devices == 1 ? "is" : "are");
    for (size_t i = 0; i < server->view.n_devices && used < sizeof sentence; i++)
        used += (size_t)snprintf(sentence + used, sizeof sentence - used, "%s %s", i ? "," : "",
                                 server->view.publisher_devices[i].name);
    send_error(server, client, request->id, sentence);
}

static struct pending *free_pending(struct control_server *server)
{
    for (size_t i = 0; i < PENDING_MAX; i++)
        if (!server->pendings[i].is_used)
            return &server->pendings[i];
    return NULL;
}

/* Put a request aside until `n_awaited` devices have answered. */
static struct pending *keep(struct control_server *server, const struct client *client,
                            const struct thenar_control_request *request)
{
    struct pending *pending = free_pending(server);
    if (!pending) {
        send_error(server, client, request->id, "too many requests wait; try again in a moment");
        return NULL;
    }
    memset(pending, 0, sizeof *pending);
    pending->is_used = true;
    pending->client = *client;
    pending->request = *request;
    pending->ticket = ++server->last_ticket;
    bool is_long = request->command == THENAR_CONTROL_SELF_TEST;
    pending->patience_ms = is_long ? LONG_PATIENCE_MS : PATIENCE_MS;
    pending->deadline_ns = moment_monotonic_ns() + (int64_t)pending->patience_ms * NS_PER_MS;
    thenar_control_reply_clear(&pending->reply);
    pending->reply.id = request->id;
    return pending;
}

static void fill_rates(struct control_server *server, size_t device,
                       struct thenar_control_reply *reply)
{
    struct publisher_counts counts;
    publisher_states(server->view.publisher, server->states, &counts);
    const struct feed_rates *rates = &server->view.publisher_devices[device].rates;
    if (isnan(reply->rate_hz))
        reply->rate_hz = server->states[device].rate_hz;
    reply->metrics_rate_hz = atomic_load(&rates->metrics_hz);
    reply->frame_rate_hz = atomic_load(&rates->frame_hz);
    if (isnan(reply->frame_rate_hz))
        reply->frame_rate_hz = isnan(reply->rate_hz) ? 0 : reply->rate_hz;
    (void)snprintf(reply->device, sizeof reply->device, "%s",
                   server->view.publisher_devices[device].name);
}

static void on_rate(struct control_server *server, const struct client *client,
                    const struct thenar_control_request *request)
{
    size_t device = find_device(server, request->device);
    if (device == server->view.n_devices) {
        refuse_device(server, client, request);
        return;
    }
    struct feed_rates *rates = &server->view.publisher_devices[device].rates;
    if (!isnan(request->metrics_rate_hz))
        atomic_store(&rates->metrics_hz, request->metrics_rate_hz);
    if (!isnan(request->frame_rate_hz))
        atomic_store(&rates->frame_hz, request->frame_rate_hz);
    if (isnan(request->rate_hz)) {
        struct thenar_control_reply reply;
        thenar_control_reply_clear(&reply);
        reply.id = request->id;
        fill_rates(server, device, &reply);
        send_reply(server, client, request->command, &reply, NULL, false);
        return;
    }
    struct pending *pending = keep(server, client, request);
    if (!pending)
        return;
    struct device_command command = {DEVICE_SET_RATE, pending->ticket, (double)request->rate_hz,
                                     false};
    pending->n_awaited = device_thread_command(server->view.devices[device], &command) ? 1 : 0;
    if (pending->n_awaited == 0) {
        pending->is_used = false;
        send_error(server, client, request->id, "the device has too many commands waiting");
    }
}

static void on_tare(struct control_server *server, const struct client *client,
                    const struct thenar_control_request *request)
{
    bool is_for_all = request->device[0] == '\0';
    size_t only = find_device(server, request->device);
    if (!is_for_all && only == server->view.n_devices) {
        refuse_device(server, client, request);
        return;
    }
    struct pending *pending = keep(server, client, request);
    if (!pending)
        return;
    float span_s = isnan(request->span_s) ? 1.0F : request->span_s;
    pending->reply.span_s = span_s;
    memcpy(pending->reply.device, request->device, sizeof pending->reply.device);
    struct device_command command = {DEVICE_TARE, pending->ticket, (double)span_s, request->loaded};
    for (size_t i = 0; i < server->view.n_devices; i++)
        if ((is_for_all || i == only) && device_thread_command(server->view.devices[i], &command))
            pending->n_awaited++;
    if (pending->n_awaited == 0) {
        pending->is_used = false;
        send_error(server, client, request->id,
                   server->view.n_devices ? "the devices have too many commands waiting"
                                          : "there is no device yet");
    }
}

static void on_plan(struct control_server *server, const struct client *client,
                    const struct thenar_control_request *request)
{
    if (request->plan[0] != '\0') {
        send_error(server, client, request->id, "this version has no treatment plans yet");
        return;
    }
    struct thenar_control_reply reply;
    thenar_control_reply_clear(&reply);
    reply.id = request->id;
    send_reply(server, client, request->command, &reply, NULL, false);
}

static void on_discover(struct control_server *server, const struct client *client,
                        const struct thenar_control_request *request)
{
    struct publisher_counts counts;
    struct thenar_control_found found[THENAR_FOUND_MAX];
    size_t n_text;
    publisher_states(server->view.publisher, server->states, &counts);
    size_t n = control_devices_discover(server->states, server->view.n_devices, found);
    if (thenar_control_found_encode(request->id, found, n, server->text, server->n_text_space,
                                    &n_text) == THENAR_OK)
        send_text(server, client, n_text);
    else
        send_error(server, client, request->id, "too many devices are plugged in to tell of all");
}

/* Identify, self-test, boot loader: one device is asked, and its answer is the reply. */
static void on_device(struct control_server *server, const struct client *client,
                      const struct thenar_control_request *request, enum device_command_kind kind)
{
    size_t device = find_device(server, request->device);
    if (device == server->view.n_devices) {
        refuse_device(server, client, request);
        return;
    }
    struct pending *pending = keep(server, client, request);
    if (!pending)
        return;
    pending->reply.span_s = isnan(request->span_s) ? 5.0F : request->span_s;
    memcpy(pending->reply.device, request->device, sizeof pending->reply.device);
    struct device_command command = {kind, pending->ticket, (double)pending->reply.span_s, false};
    pending->n_awaited = device_thread_command(server->view.devices[device], &command) ? 1 : 0;
    if (pending->n_awaited == 0) {
        pending->is_used = false;
        send_error(server, client, request->id, "the device has too many commands waiting");
    }
}

/* Returns true for shutdown. */
static bool on_request(struct control_server *server, const struct client *client, const char *text,
                       size_t n_text)
{
    struct thenar_control_request request;
    struct thenar_error error = {0};
    if (thenar_control_request_decode(text, n_text, &request, &error) != THENAR_OK) {
        send_error(server, client, request.id, error.text);
        return false;
    }
    struct thenar_control_reply reply;
    switch (request.command) {
    case THENAR_CONTROL_STATUS:
    case THENAR_CONTROL_DEVICES:
        reply_status(server, client, &request);
        break;
    case THENAR_CONTROL_RATE:
        on_rate(server, client, &request);
        break;
    case THENAR_CONTROL_TARE:
        on_tare(server, client, &request);
        break;
    case THENAR_CONTROL_PLAN:
        on_plan(server, client, &request);
        break;
    case THENAR_CONTROL_DISCOVER:
        on_discover(server, client, &request);
        break;
    case THENAR_CONTROL_IDENTIFY:
        on_device(server, client, &request, DEVICE_IDENTIFY);
        break;
    case THENAR_CONTROL_SELF_TEST:
        on_device(server, client, &request, DEVICE_SELF_TEST);
        break;
    case THENAR_CONTROL_BOOTLOADER:
        on_device(server, client, &request, DEVICE_BOOTLOADER);
        break;
    case THENAR_CONTROL_SHUTDOWN:
        thenar_control_reply_clear(&reply);
        reply.id = request.id;
        send_reply(server, client, request.command, &reply, NULL, false);
        log_say(LOG_LEVEL_INFO, "control", "asked to end");
        return true;
    case THENAR_N_CONTROL_COMMANDS:
        break;
    }
    return false;
}

/* One multipart message: identity, perhaps an empty part, the request. */
static bool receive(struct control_server *server, bool *is_shutdown)
{
    zmq_msg_t parts[PARTS_MAX];
    size_t n_parts = 0;
    bool more = true;
    while (more) {
        zmq_msg_t extra, *part = n_parts < PARTS_MAX ? &parts[n_parts] : &extra;
        zmq_msg_init(part);
        if (zmq_msg_recv(part, server->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(part);
            break;
        }
        more = zmq_msg_more(part);
        if (n_parts < PARTS_MAX)
            n_parts++;
        else
            zmq_msg_close(&extra);
    }
    if (n_parts > 1 && zmq_msg_size(&parts[0]) <= CLIENT_BYTES) {
        struct client client = {.n_identity = zmq_msg_size(&parts[0])};
        memcpy(client.identity, zmq_msg_data(&parts[0]), client.n_identity);
        client.has_delimiter = n_parts > 2 && zmq_msg_size(&parts[1]) == 0;
        size_t body = client.has_delimiter ? 2 : 1;
        if (n_parts == body + 1)
            *is_shutdown |=
                on_request(server, &client, zmq_msg_data(&parts[body]), zmq_msg_size(&parts[body]));
        else
            send_error(server, &client, 0, "a request is one part of JSON");
    }
    for (size_t i = 0; i < n_parts; i++)
        zmq_msg_close(&parts[i]);
    return n_parts > 0;
}

static void fill_report(struct control_server *server, size_t device,
                        const struct device_answer *answer, struct thenar_control_reply *reply)
{
    struct publisher_counts counts;
    publisher_states(server->view.publisher, server->states, &counts);
    reply->findings = (uint32_t)answer->value;
    control_devices_report(answer->findings, answer->n_findings, server->states[device].n_cols,
                           reply->report);
}

static void on_answer(struct control_server *server, size_t device,
                      const struct device_answer *answer)
{
    for (size_t i = 0; i < PENDING_MAX; i++) {
        struct pending *pending = &server->pendings[i];
        if (!pending->is_used || pending->ticket != answer->ticket)
            continue;
        if (answer->status != THENAR_OK) {
            char sentence[256];
            (void)snprintf(sentence, sizeof sentence, "%s: %s",
                           server->view.publisher_devices[device].name, answer->text);
            send_error(server, &pending->client, pending->request.id, sentence);
            pending->is_used = false;
        } else if (--pending->n_awaited == 0) {
            if (pending->request.command == THENAR_CONTROL_RATE) {
                pending->reply.rate_hz = (float)answer->value;
                fill_rates(server, device, &pending->reply);
            }
            if (pending->request.command == THENAR_CONTROL_SELF_TEST)
                fill_report(server, device, answer, &pending->reply);
            send_reply(server, &pending->client, pending->request.command, &pending->reply, NULL,
                       false);
            pending->is_used = false;
        }
        return;
    }
}

static void give_up_late(struct control_server *server)
{
    int64_t now_ns = moment_monotonic_ns();
    for (size_t i = 0; i < PENDING_MAX; i++) {
        struct pending *pending = &server->pendings[i];
        if (!pending->is_used || now_ns < pending->deadline_ns)
            continue;
        char sentence[64];
        (void)snprintf(sentence, sizeof sentence, "the device did not answer within %d s",
                       pending->patience_ms / 1000);
        send_error(server, &pending->client, pending->request.id, sentence);
        pending->is_used = false;
    }
}

/* Until the next request must be given up; -1: none waits. */
static int patience_ms(const struct control_server *server)
{
    int64_t next_ns = INT64_MAX;
    for (size_t i = 0; i < PENDING_MAX; i++)
        if (server->pendings[i].is_used && server->pendings[i].deadline_ns < next_ns)
            next_ns = server->pendings[i].deadline_ns;
    if (next_ns == INT64_MAX)
        return -1;
    int64_t left_ns = next_ns - moment_monotonic_ns();
    return left_ns < 0 ? 0 : (int)(left_ns / NS_PER_MS) + 1;
}

bool control_server_execute(struct control_server *server, int *timeout_ms)
{
    bool is_shutdown = false;
    struct device_answer answer;
    for (size_t i = 0; i < server->view.n_devices; i++)
        while (device_thread_answer(server->view.devices[i], &answer))
            on_answer(server, i, &answer);
    give_up_late(server);
    /* Last, and until nothing is there: ZMQ_FD tells of changes only, and sending hides them. */
    while (receive(server, &is_shutdown))
        ;
    *timeout_ms = patience_ms(server);
    return is_shutdown;
}

enum thenar_status control_server_create(struct control_server **out, void *context,
                                         const char *address, const struct control_view *view,
                                         struct thenar_error *error)
{
    struct control_server *server = calloc(1, sizeof *server);
    if (!server)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the control socket");
    int linger_ms = LINGER_MS;
    server->view = *view;
    server->start_ns = moment_monotonic_ns();
    size_t n_most = view->n_most > THENAR_FOUND_MAX ? view->n_most : THENAR_FOUND_MAX;
    server->n_text_space = (1 + n_most) * THENAR_PAYLOAD_BYTES;
    server->text = malloc(server->n_text_space);
    server->states = calloc(view->n_most, sizeof *server->states);
    server->socket = zmq_socket(context, ZMQ_ROUTER);
    enum thenar_status status = THENAR_OK;
    if (!server->text || !server->states || !server->socket) {
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the control socket");
    } else {
        int64_t largest = 1024 * 1024; /* up to here it is refused with words; more is cut off */
        (void)zmq_setsockopt(server->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        (void)zmq_setsockopt(server->socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
        status = feed_address_bind(server->socket, "control", address, server->address,
                                   sizeof server->address, error);
    }
    if (status != THENAR_OK) {
        control_server_destroy(server);
        return status;
    }
    *out = server;
    return THENAR_OK;
}

void control_server_add_device(struct control_server *server)
{
    server->view.n_devices++;
}

void control_server_destroy(struct control_server *server)
{
    if (!server)
        return;
    feed_address_remove(server->address);
    if (server->socket)
        zmq_close(server->socket);
    free(server->states);
    free(server->text);
    free(server);
}

const char *control_server_address(const struct control_server *server)
{
    return server->address;
}

int control_server_fd(const struct control_server *server)
{
    int fd = -1;
    size_t n = sizeof fd;
    (void)zmq_getsockopt(server->socket, ZMQ_FD, &fd, &n);
    return fd;
}
