/* SPDX-License-Identifier: MIT */
#include "core/transmit.h"

#include <string.h>

#include "core/describe.h"
#include "core/device.h"
#include "link/command.h"
#include "link/hello.h"
#include "link/report.h"
#include "link/stream.h"
#include "port/port.h"

enum { STALL_MS = 100 };

void transmit_init(struct transmit *transmit)
{
    memset(transmit, 0, sizeof *transmit);
}

void transmit_reset(struct transmit *transmit)
{
    /* A HELLO that the next host did not ask for would mean a reset. */
    if (transmit->reply_due && transmit->reply.code == THENAR_COMMAND_DESCRIBE)
        transmit->hello_due = false;
    transmit->reply_due = false;
    transmit->frames_first = false;
    transmit->leaving = false;
    transmit->status_due = false;
    transmit->next_page = transmit->n_pages;
    transmit->n_wire = 0;
    transmit->n_sent = 0;
    transmit->stalled = false;
}

void transmit_describe(struct transmit *transmit)
{
    transmit->hello_due = true;
}

void transmit_reply(struct transmit *transmit, const struct thenar_reply *reply)
{
    transmit->reply = *reply;
    transmit->reply_due = true;
}

void transmit_status(struct transmit *transmit)
{
    transmit->status_due = true;
}

void transmit_fault(struct transmit *transmit)
{
    transmit->fault_due = true;
}

void transmit_frames_first(struct transmit *transmit)
{
    transmit->frames_first = true;
}

void transmit_then_leave(struct transmit *transmit)
{
    transmit->leaving = true;
}

static void wrap(struct transmit *transmit, uint8_t type, uint8_t *message, size_t n_body)
{
    size_t n_wire;
    if (thenar_stream_wrap(type, message, n_body, transmit->wire, sizeof transmit->wire, &n_wire) !=
        THENAR_OK)
        return;
    transmit->n_wire = (uint16_t)n_wire;
    transmit->n_sent = 0;
}

static void wrap_hello(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    struct thenar_hello *hello = &transmit->scratch.hello;
    size_t n_body;
    transmit->hello_due = false;
    describe_hello(hello, device->board, device->identity, port_tick_hz(),
                   device->settings.rate_mhz, device->settings.gate_counts);
    if (thenar_hello_encode(hello, transmit->message + 1, TRANSMIT_BODY_BYTES, &n_body) !=
        THENAR_OK) {
        health_fail(device, THENAR_FAULT_INTERNAL, 0);
        return;
    }
    transmit->next_page = 0;
    transmit->n_pages = describe_n_pages(device->board, device->identity);
    wrap(transmit, THENAR_MESSAGE_HELLO, transmit->message, n_body);
}

static void wrap_page(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    size_t n_body;
    describe_page(&transmit->scratch.page, device->board, device->identity, transmit->next_page++);
    if (thenar_taxels_encode(&transmit->scratch.page, transmit->message + 1, TRANSMIT_BODY_BYTES,
                             &n_body) == THENAR_OK)
        wrap(transmit, THENAR_MESSAGE_TAXELS, transmit->message, n_body);
}

static void wrap_fault(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    size_t n_body;
    transmit->fault_due = false;
    if (thenar_fault_encode(&device->health.fault, transmit->message + 1, TRANSMIT_BODY_BYTES,
                            &n_body) == THENAR_OK)
        wrap(transmit, THENAR_MESSAGE_FAULT, transmit->message, n_body);
}

static void wrap_reply(struct transmit *transmit)
{
    size_t n_body;
    transmit->reply_due = false;
    transmit->frames_first = false;
    if (thenar_reply_encode(&transmit->reply, transmit->message + 1, TRANSMIT_BODY_BYTES,
                            &n_body) == THENAR_OK)
        wrap(transmit, THENAR_MESSAGE_REPLY, transmit->message, n_body);
}

static void wrap_status(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    struct thenar_health report;
    size_t n_body;
    transmit->status_due = false;
    health_report(device, &report);
    if (thenar_health_encode(&report, transmit->message + 1, TRANSMIT_BODY_BYTES, &n_body) ==
        THENAR_OK)
        wrap(transmit, THENAR_MESSAGE_STATUS, transmit->message, n_body);
}

static void wrap_aux(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    const struct thenar_aux_sample *sample = aux_queue_pop(&device->aux);
    size_t n_body;
    if (sample &&
        thenar_aux_encode(sample, transmit->message + 1, TRANSMIT_BODY_BYTES, &n_body) == THENAR_OK)
        wrap(transmit, THENAR_MESSAGE_AUX, transmit->message, n_body);
}

/* What was measured: a few octets of auxiliary channels, then a frame. */
static bool has_measured(const struct device *device)
{
    return device->aux.n_samples > 0 || device->frames.n_frames > 0;
}

static void wrap_frame(struct device *device)
{
    struct frame_slot *slot = frame_queue_pop(&device->frames);
    if (slot)
        wrap(&device->transmit, THENAR_MESSAGE_FRAME, slot->message, slot->n_body);
}

static void wrap_measured(struct device *device)
{
    if (device->aux.n_samples > 0)
        wrap_aux(device);
    else
        wrap_frame(device);
}

/* @return whether there was something to say */
static bool choose(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    transmit->n_wire = 0;
    transmit->n_sent = 0;
    if (transmit->fault_due)
        wrap_fault(device);
    else if (transmit->hello_due)
        wrap_hello(device);
    else if (transmit->next_page < transmit->n_pages)
        wrap_page(device);
    else if (transmit->frames_first && has_measured(device))
        wrap_measured(device);
    else if (transmit->reply_due)
        wrap_reply(transmit);
    else if (transmit->status_due)
        wrap_status(device);
    else
        wrap_measured(device);
    return transmit->n_wire > 0;
}

static void watch_for_stall(struct transmit *transmit, bool moved)
{
    uint64_t now = port_ticks();
    if (moved) {
        transmit->moved_ticks = now;
        transmit->stalled = false;
    } else if (!transmit->stalled &&
               now - transmit->moved_ticks > (uint64_t)port_tick_hz() * STALL_MS / 1000U) {
        transmit->stalled = true;
        transmit->n_stalls++;
    }
}

void transmit_poll(struct device *device)
{
    struct transmit *transmit = &device->transmit;
    if (!port_link_is_open()) {
        watch_for_stall(transmit, true);
        return;
    }
    bool moved = false;
    for (;;) {
        if (transmit->n_sent == transmit->n_wire && !choose(device)) {
            moved = true;
            break;
        }
        size_t n_left = (size_t)(transmit->n_wire - transmit->n_sent);
        size_t n_taken = port_link_write(transmit->wire + transmit->n_sent, n_left);
        transmit->n_sent = (uint16_t)(transmit->n_sent + n_taken);
        moved = moved || n_taken > 0;
        if (n_taken < n_left)
            break;
    }
    watch_for_stall(transmit, moved);
    if (transmit->leaving && !transmit->reply_due && transmit->n_sent == transmit->n_wire) {
        transmit->leaving = false;
        (void)port_bootloader();
    }
}
