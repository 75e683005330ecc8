/* SPDX-License-Identifier: MIT */
#include "core/command_server.h"

#include <string.h>

#include "core/device.h"
#include "link/command.h"
#include "port/port.h"

enum { IDENTIFY_MOST_MS = 60000 };

void command_server_init(struct command_server *server)
{
    memset(server, 0, sizeof *server);
    thenar_stream_init(&server->stream);
}

void command_server_reset(struct command_server *server)
{
    thenar_stream_reset(&server->stream);
    server->n_received = 0;
    server->n_used = 0;
}

static void answer(struct device *device, enum thenar_reply_result result, uint32_t value)
{
    transmit_reply(&device->transmit, &(struct thenar_reply){
                                          .request = device->server.command.request,
                                          .code = device->server.command.code,
                                          .result = (uint8_t)result,
                                          .value = value,
                                      });
}

static void start(struct device *device)
{
    if (device->mode == DEVICE_SAFE && !health_is_good(device)) {
        answer(device, THENAR_REPLY_UNSUPPORTED, 0);
        return;
    }
    answer(device, THENAR_REPLY_OK, 0);
    if (device->mode != DEVICE_STREAMING)
        device_start(device, DEVICE_STREAMING);
}

/* Frames scanned so far go first: none may follow the reply. */
static void stop(struct device *device)
{
    if (device->mode == DEVICE_STREAMING)
        device_stop(device, DEVICE_IDLE);
    transmit_frames_first(&device->transmit);
    answer(device, THENAR_REPLY_OK, 0);
}

static void set_rate(struct device *device, uint32_t rate_mhz)
{
    const struct board *board = device->board;
    if (rate_mhz < board->rate_min_mhz) {
        answer(device, THENAR_REPLY_RANGE, board->rate_min_mhz);
    } else if (rate_mhz > board->rate_max_mhz) {
        answer(device, THENAR_REPLY_RANGE, board->rate_max_mhz);
    } else {
        device->settings.rate_mhz = rate_mhz;
        if (device->mode == DEVICE_STREAMING)
            scan_set_rate(&device->scan, rate_mhz);
        answer(device, THENAR_REPLY_OK, rate_mhz);
    }
}

static void set_gate(struct device *device, uint32_t gate_counts)
{
    uint32_t full_counts = (1U << device->board->adc_bits) - 1U;
    if (gate_counts > full_counts) {
        answer(device, THENAR_REPLY_RANGE, full_counts);
        return;
    }
    device->settings.gate_counts = (uint16_t)gate_counts;
    answer(device, THENAR_REPLY_OK, gate_counts);
}

static void identify(struct device *device, uint32_t duration_ms)
{
    if (duration_ms > IDENTIFY_MOST_MS) {
        answer(device, THENAR_REPLY_RANGE, IDENTIFY_MOST_MS);
        return;
    }
    struct command_server *server = &device->server;
    server->identifying = duration_ms > 0;
    server->identify_until_ticks = port_ticks() + (uint64_t)duration_ms * port_tick_hz() / 1000U;
    port_identify(server->identifying);
    answer(device, THENAR_REPLY_OK, 0);
}

static void test(struct device *device)
{
    if (device->mode == DEVICE_SAFE) {
        answer(device, THENAR_REPLY_UNSUPPORTED, 0);
        return;
    }
    selftest_start(&device->selftest, device->board);
    device_start(device, DEVICE_TESTING);
}

void command_server_tested(struct device *device)
{
    const struct selftest *selftest = &device->selftest;
    struct thenar_reply reply = {
        .request = device->server.command.request,
        .code = THENAR_COMMAND_SELF_TEST,
        .result = THENAR_REPLY_OK,
        .value = selftest->n_findings,
        .n_findings = (uint8_t)(selftest->n_findings < THENAR_MAX_FINDINGS ? selftest->n_findings
                                                                           : THENAR_MAX_FINDINGS),
    };
    memcpy(reply.findings, selftest->findings, reply.n_findings * sizeof reply.findings[0]);
    transmit_reply(&device->transmit, &reply);
}

void command_server_broke_off(struct device *device)
{
    answer(device, THENAR_REPLY_UNSUPPORTED, 0);
}

static void load(struct device *device)
{
    enum thenar_status status = settings_load(&device->settings, device->board);
    answer(device, status == THENAR_OK ? THENAR_REPLY_OK : THENAR_REPLY_STORAGE, 0);
}

static void store(struct device *device)
{
    enum thenar_status status = settings_store(&device->settings);
    answer(device, status == THENAR_OK ? THENAR_REPLY_OK : THENAR_REPLY_STORAGE, 0);
}

static bool waits_for_stop(uint8_t code)
{
    return code == THENAR_COMMAND_SELF_TEST || code == THENAR_COMMAND_SETTINGS_LOAD ||
           code == THENAR_COMMAND_SETTINGS_STORE || code == THENAR_COMMAND_BOOTLOADER;
}

static void execute(struct device *device, const struct thenar_command *command)
{
    if (device->mode == DEVICE_STREAMING && waits_for_stop(command->code)) {
        answer(device, THENAR_REPLY_STREAMING, 0);
        return;
    }
    switch ((enum thenar_command_code)command->code) {
    case THENAR_COMMAND_DESCRIBE:
        transmit_describe(&device->transmit);
        answer(device, THENAR_REPLY_OK, 0);
        break;
    case THENAR_COMMAND_START:
        start(device);
        break;
    case THENAR_COMMAND_STOP:
        stop(device);
        break;
    case THENAR_COMMAND_RATE:
        set_rate(device, command->argument);
        break;
    case THENAR_COMMAND_GATE:
        set_gate(device, command->argument);
        break;
    case THENAR_COMMAND_IDENTIFY:
        identify(device, command->argument);
        break;
    case THENAR_COMMAND_SELF_TEST:
        test(device);
        break;
    case THENAR_COMMAND_SETTINGS_LOAD:
        load(device);
        break;
    case THENAR_COMMAND_SETTINGS_STORE:
        store(device);
        break;
    case THENAR_COMMAND_BOOTLOADER:
        transmit_then_leave(&device->transmit);
        answer(device, THENAR_REPLY_OK, 0);
        break;
    }
}

static void receive(struct device *device, const struct thenar_message *message)
{
    struct command_server *server = &device->server;
    server->command = (struct thenar_command){0};
    if (message->type != THENAR_MESSAGE_COMMAND) {
        server->n_bad++;
        answer(device, THENAR_REPLY_UNKNOWN, 0);
        return;
    }
    enum thenar_status status =
        thenar_command_decode(message->body, message->n_body, &server->command);
    if (status == THENAR_OK) {
        execute(device, &server->command);
        return;
    }
    server->n_bad++;
    answer(device, status == THENAR_ERR_TYPE ? THENAR_REPLY_UNKNOWN : THENAR_REPLY_MALFORMED, 0);
}

/* @return false when the link has nothing more */
static bool refill(struct command_server *server)
{
    server->n_used = 0;
    server->n_received = (uint8_t)port_link_read(server->received, sizeof server->received);
    return server->n_received > 0;
}

void command_server_poll(struct device *device)
{
    struct command_server *server = &device->server;
    if (server->identifying && port_ticks() >= server->identify_until_ticks) {
        server->identifying = false;
        port_identify(false);
    }
    while (device->mode != DEVICE_TESTING && transmit_has_answered(&device->transmit)) {
        if (server->n_used == server->n_received && !refill(server))
            return;
        struct thenar_message message;
        size_t n_used;
        enum thenar_status status =
            thenar_stream_next(&server->stream, server->received + server->n_used,
                               (size_t)(server->n_received - server->n_used), &n_used, &message);
        server->n_used = (uint8_t)(server->n_used + n_used);
        if (status == THENAR_OK)
            receive(device, &message);
        else if (status != THENAR_PENDING)
            server->n_bad++;
    }
}
