/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_commands.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control_coach.h"
#include "control_devices.h"
#include "control_sessions.h"
#include "log.h"
#include "thenar_version.h"

enum { PATIENCE_MS = 3000, SELF_TEST_PATIENCE_MS = 8000 };

static void reply_done(struct control_desk *desk, const struct control_client *client,
                       const struct thenar_control_request *request)
{
    struct thenar_control_reply reply;
    thenar_control_reply_clear(&reply);
    reply.id = request->id;
    control_desk_reply(desk, client, request->command, &reply);
}

/* ---- answered at once ---- */

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

/* status: the daemon and its devices; devices: these alone. */
static void on_status(struct control_desk *desk, const struct control_client *client,
                      const struct thenar_control_request *request)
{
    struct thenar_control_reply reply;
    size_t n_text = 0;
    thenar_control_reply_clear(&reply);
    reply.id = request->id;
    reply.ok = true;
    struct publisher_counts counts = control_desk_look(desk);
    struct thenar_control_daemon daemon = {
        .uptime_s = (float)((double)(moment_monotonic_ns() - desk->start_ns) * 1e-9),
        .pid = (uint32_t)getpid(),
        .memory_bytes = resident_bytes(),
        .messages = counts.n_messages,
        .dropped = counts.n_failed,
        .refused = key_gate_refused(desk->view.gate)};
    (void)snprintf(daemon.version, sizeof daemon.version, "%s", THENAR_VERSION);
    (void)snprintf(daemon.station, sizeof daemon.station, "%s", desk->view.station);
    (void)snprintf(daemon.feed, sizeof daemon.feed, "%s", desk->view.feed);
    (void)snprintf(daemon.control, sizeof daemon.control, "%s", desk->socket.address);
    enum thenar_status status = thenar_control_reply_encode(
        request->command, &reply, request->command == THENAR_CONTROL_STATUS ? &daemon : NULL,
        desk->states, desk->view.n_devices, desk->text, desk->n_text_space, &n_text);
    control_desk_send(desk, client, request->id, status, n_text);
}

static void on_discover(struct control_desk *desk, const struct control_client *client,
                        const struct thenar_control_request *request)
{
    struct thenar_control_found found[THENAR_FOUND_MAX];
    size_t n_text;
    (void)control_desk_look(desk);
    size_t n = control_devices_discover(desk->states, desk->view.n_devices, found);
    if (thenar_control_found_encode(request->id, found, n, desk->text, desk->n_text_space,
                                    &n_text) == THENAR_OK)
        control_desk_send(desk, client, request->id, THENAR_OK, n_text);
    else
        control_desk_refuse(desk, client, request->id,
                            "too many devices are plugged in to tell of all");
}

/* ---- answered by devices ---- */

/* Ask devices first..last-1, and keep the request until they have answered. */
static struct control_pending *ask(struct control_desk *desk, const struct control_client *client,
                                   const struct thenar_control_request *request,
                                   struct device_command command, size_t first, size_t last)
{
    bool is_long = command.kind == DEVICE_SELF_TEST;
    struct control_pending *pending =
        control_desk_keep(desk, client, request, is_long ? SELF_TEST_PATIENCE_MS : PATIENCE_MS);
    if (!pending)
        return NULL;
    command.ticket = pending->ticket;
    memcpy(pending->reply.device, request->device, sizeof pending->reply.device);
    for (size_t i = first; i < last; i++)
        pending->n_awaited += device_thread_command(desk->view.devices[i], &command);
    if (pending->n_awaited > 0)
        return pending;
    pending->is_used = false;
    const char *why = desk->view.n_devices == 0 ? "there is no device yet"
                      : last - first == 1       ? "the device has too many commands waiting"
                                                : "the devices have too many commands waiting";
    control_desk_refuse(desk, client, request->id, why);
    return NULL;
}

static void fill_rates(struct control_desk *desk, size_t device, struct thenar_control_reply *reply)
{
    const struct feed_rates *rates = &desk->view.publisher_devices[device].rates;
    (void)control_desk_look(desk);
    if (isnan(reply->rate_hz))
        reply->rate_hz = desk->states[device].rate_hz;
    reply->metrics_rate_hz = atomic_load(&rates->metrics_hz);
    reply->frame_rate_hz = atomic_load(&rates->frame_hz);
    if (isnan(reply->frame_rate_hz))
        reply->frame_rate_hz = isnan(reply->rate_hz) ? 0 : reply->rate_hz;
    (void)snprintf(reply->device, sizeof reply->device, "%s",
                   desk->view.publisher_devices[device].name);
}

/* The feed's rates change here and now; the device's own is asked for. */
static void on_rate(struct control_desk *desk, const struct control_client *client,
                    const struct thenar_control_request *request)
{
    size_t device = control_desk_device(desk, client, request);
    if (device == desk->view.n_devices)
        return;
    struct feed_rates *rates = &desk->view.publisher_devices[device].rates;
    if (!isnan(request->metrics_rate_hz))
        atomic_store(&rates->metrics_hz, request->metrics_rate_hz);
    if (!isnan(request->frame_rate_hz))
        atomic_store(&rates->frame_hz, request->frame_rate_hz);
    if (!isnan(request->rate_hz)) {
        struct device_command command =
            control_desk_letter(desk, DEVICE_SET_RATE, (double)request->rate_hz);
        (void)ask(desk, client, request, command, device, device + 1);
        return;
    }
    struct thenar_control_reply reply;
    control_desk_write_down(desk, request);
    thenar_control_reply_clear(&reply);
    reply.id = request->id;
    fill_rates(desk, device, &reply);
    control_desk_reply(desk, client, request->command, &reply);
}

/* Without a device named, all are meant. */
static void on_tare(struct control_desk *desk, const struct control_client *client,
                    const struct thenar_control_request *request)
{
    size_t first = 0, last = desk->view.n_devices;
    if (request->device[0] != '\0') {
        first = control_desk_device(desk, client, request);
        if (first == desk->view.n_devices)
            return;
        last = first + 1;
    }
    float span_s = isnan(request->span_s) ? 1.0F : request->span_s;
    struct device_command command = control_desk_letter(desk, DEVICE_TARE, (double)span_s);
    command.loaded = request->loaded;
    struct control_pending *pending = ask(desk, client, request, command, first, last);
    if (pending)
        pending->reply.span_s = span_s;
}

/* Identify, self-test, boot loader: one device is asked, and its answer is the reply. */
static void on_device(struct control_desk *desk, const struct control_client *client,
                      const struct thenar_control_request *request, enum device_command_kind kind)
{
    size_t device = control_desk_device(desk, client, request);
    if (device == desk->view.n_devices)
        return;
    float span_s = isnan(request->span_s) ? 5.0F : request->span_s;
    struct device_command command = control_desk_letter(desk, kind, (double)span_s);
    struct control_pending *pending = ask(desk, client, request, command, device, device + 1);
    if (pending)
        pending->reply.span_s = span_s;
}

static void fill_report(struct control_desk *desk, size_t device,
                        const struct device_answer *answer, struct thenar_control_reply *reply)
{
    (void)control_desk_look(desk);
    reply->findings = (uint32_t)answer->value;
    control_devices_report(answer->findings, answer->n_findings, desk->states[device].n_cols,
                           reply->report);
}

void control_commands_answered(struct control_desk *desk, size_t device,
                               const struct device_answer *answer)
{
    struct control_pending *pending = control_desk_pending(desk, answer->ticket);
    if (!pending)
        return;
    if (answer->status != THENAR_OK) {
        char sentence[256];
        (void)snprintf(sentence, sizeof sentence, "%s: %s",
                       desk->view.publisher_devices[device].name, answer->text);
        control_desk_refuse(desk, &pending->client, pending->request.id, sentence);
        pending->is_used = false;
        return;
    }
    if (control_sessions_answered(desk, pending, answer) || --pending->n_awaited > 0)
        return;
    if (pending->request.command == THENAR_CONTROL_PLAN)
        control_coach_fill(answer, &pending->reply);
    if (pending->request.command == THENAR_CONTROL_RATE) {
        pending->reply.rate_hz = (float)answer->value;
        fill_rates(desk, device, &pending->reply);
    }
    if (pending->request.command == THENAR_CONTROL_SELF_TEST)
        fill_report(desk, device, answer, &pending->reply);
    control_desk_reply(desk, &pending->client, pending->request.command, &pending->reply);
    pending->is_used = false;
}

/* ---- which is which ---- */

bool control_commands_execute(struct control_desk *desk, const struct control_client *client,
                              const struct thenar_control_request *request)
{
    switch (request->command) {
    case THENAR_CONTROL_STATUS:
    case THENAR_CONTROL_DEVICES:
        on_status(desk, client, request);
        break;
    case THENAR_CONTROL_RATE:
        on_rate(desk, client, request);
        break;
    case THENAR_CONTROL_TARE:
        on_tare(desk, client, request);
        break;
    case THENAR_CONTROL_PLAN:
    case THENAR_CONTROL_DECLARE:
    case THENAR_CONTROL_COMFORT:
        control_coach_execute(desk, client, request);
        break;
    case THENAR_CONTROL_DISCOVER:
        on_discover(desk, client, request);
        break;
    case THENAR_CONTROL_IDENTIFY:
        on_device(desk, client, request, DEVICE_IDENTIFY);
        break;
    case THENAR_CONTROL_SELF_TEST:
        on_device(desk, client, request, DEVICE_SELF_TEST);
        break;
    case THENAR_CONTROL_BOOTLOADER:
        on_device(desk, client, request, DEVICE_BOOTLOADER);
        break;
    case THENAR_CONTROL_SESSION:
    case THENAR_CONTROL_SESSION_START:
    case THENAR_CONTROL_SESSION_STOP:
    case THENAR_CONTROL_SESSION_NOTE:
        control_sessions_execute(desk, client, request);
        break;
    case THENAR_CONTROL_SHUTDOWN:
        control_desk_write_down(desk, request);
        reply_done(desk, client, request);
        log_say(LOG_LEVEL_INFO, "control", "asked to end");
        return true;
    case THENAR_N_CONTROL_COMMANDS:
        break;
    }
    return false;
}
