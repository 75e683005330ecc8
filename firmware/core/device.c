/* SPDX-License-Identifier: MIT */
#include "core/device.h"

#include <string.h>

#include "link/frame.h"
#include "port/port.h"

enum thenar_status device_init(struct device *device, const struct board *board,
                               const struct identity *identity)
{
    if ((unsigned)board->n_rows * board->n_cols > BOARD_MAX_TAXELS)
        return THENAR_ERR_SPACE;
    memset(device, 0, sizeof *device);
    device->board = board;
    device->identity = identity;
    if (settings_load(&device->settings, board) != THENAR_OK)
        settings_default(&device->settings, board); /* a new device has none stored */
    scan_init(&device->scan, board, port_tick_hz());
    frame_queue_init(&device->frames);
    aux_queue_clear(&device->aux);
    command_server_init(&device->server);
    transmit_init(&device->transmit);
    health_init(&device->health);
    transmit_describe(&device->transmit);
    return THENAR_OK;
}

void device_start(struct device *device, enum device_mode mode)
{
    uint32_t rate_mhz =
        mode == DEVICE_TESTING ? selftest_rate_mhz(device->board) : device->settings.rate_mhz;
    device->mode = mode;
    uint64_t now = port_ticks();
    health_expect_scan(&device->health, now);
    scan_start(&device->scan, rate_mhz, now);
    port_scan_start(&device->scan);
}

void device_stop(struct device *device, enum device_mode mode)
{
    if (device->mode == DEVICE_STREAMING || device->mode == DEVICE_TESTING)
        port_scan_stop();
    device->mode = mode;
}

bool device_is_sending(const struct device *device)
{
    return device->transmit.n_sent < device->transmit.n_wire || device->frames.n_frames > 0 ||
           device->aux.n_samples > 0;
}

static void queue_frame(struct device *device, const struct scan_record *record)
{
    struct frame_slot *slot = frame_queue_reserve(&device->frames);
    struct thenar_frame frame = {
        .sequence = record->sequence,
        .ticks = record->start_ticks,
        .scan_ticks = record->scan_ticks,
        .n_late = record->n_late,
        .trigger = record->trigger,
    };
    size_t n_body;
    if (thenar_frame_encode(&frame, record->counts, device->scan.n_taxels,
                            device->settings.gate_counts, slot->message + 1,
                            THENAR_FRAME_MAX_BYTES(BOARD_MAX_TAXELS), &n_body) != THENAR_OK) {
        health_fail(device, THENAR_FAULT_INTERNAL, record->sequence);
        return;
    }
    slot->n_lost = record->n_lost;
    slot->n_body = (uint16_t)n_body;
    frame_queue_push(&device->frames);
}

static void use_scan(struct device *device)
{
    const struct scan_record *record = scan_take(&device->scan);
    if (!record)
        return;
    health_expect_scan(&device->health, port_ticks());
    bool tested = false;
    if (device->mode == DEVICE_STREAMING)
        queue_frame(device, record);
    else if (device->mode == DEVICE_TESTING)
        tested = selftest_add(&device->selftest, record->counts);
    scan_release(&device->scan);
    if (tested) {
        device_stop(device, DEVICE_IDLE);
        command_server_tested(device);
    }
}

/* A host that left must not find its stream still running, nor half a message of the last one. */
static void watch_host(struct device *device)
{
    bool is_there = port_link_is_open();
    if (device->host_was_there && !is_there) {
        if (device->mode != DEVICE_SAFE)
            device_stop(device, DEVICE_IDLE);
        frame_queue_clear(&device->frames);
        aux_queue_clear(&device->aux);
        command_server_reset(&device->server);
        transmit_reset(&device->transmit);
    }
    device->host_was_there = is_there;
}

void device_poll(struct device *device)
{
    port_watchdog_feed();
    watch_host(device);
    /* Before anything that takes long: the pause between two scans may be short. */
    aux_queue_fill(&device->aux, device->mode == DEVICE_STREAMING);
    use_scan(device);
    command_server_poll(device);
    health_poll(device);
    transmit_poll(device);
}
