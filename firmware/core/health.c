/* SPDX-License-Identifier: MIT */
#include "core/health.h"

#include <string.h>

#include "core/device.h"
#include "port/port.h"

enum { SCAN_LATEST_S = 1, SCAN_LATEST_PERIODS = 4 };

void health_init(struct health *health)
{
    memset(health, 0, sizeof *health);
    health->status_ticks = port_tick_hz();
    if (!port_was_watchdog_reset())
        return;
    uint32_t n_resets = port_word_read(PORT_WORD_WATCHDOG_RESETS) + 1U;
    port_word_write(PORT_WORD_WATCHDOG_RESETS, n_resets);
    /* A fault said before the watchdog bit tells more than the bite. */
    if (port_word_read(PORT_WORD_FAULT) == THENAR_FAULT_NONE)
        port_word_write(PORT_WORD_FAULT, THENAR_FAULT_WATCHDOG);
}

void health_expect_scan(struct health *health, uint64_t now_ticks)
{
    health->scan_expected_ticks = now_ticks;
}

static bool supply_is_good(const struct device *device)
{
    uint16_t supply_mv = port_supply_mv();
    if (supply_mv == 0 || device->board->supply_max_mv == 0)
        return true;
    return supply_mv >= device->board->supply_min_mv && supply_mv <= device->board->supply_max_mv;
}

static bool scan_has_stalled(const struct device *device, uint64_t now)
{
    if (device->mode != DEVICE_STREAMING && device->mode != DEVICE_TESTING)
        return false;
    uint64_t longest = (uint64_t)port_tick_hz() * SCAN_LATEST_S +
                       (uint64_t)device->scan.pace.whole_ticks * SCAN_LATEST_PERIODS;
    return now - device->health.scan_expected_ticks > longest;
}

bool health_is_good(const struct device *device)
{
    return device->health.fault.code != THENAR_FAULT_INTERNAL && supply_is_good(device);
}

void health_fail(struct device *device, enum thenar_fault_code code, uint32_t detail)
{
    bool testing = device->mode == DEVICE_TESTING;
    device_stop(device, DEVICE_SAFE);
    frame_queue_clear(&device->frames);
    aux_queue_clear(&device->aux);
    port_word_write(PORT_WORD_FAULT, code);
    device->health.fault =
        (struct thenar_fault){.ticks = port_ticks(), .code = (uint16_t)code, .detail = detail};
    transmit_fault(&device->transmit);
    if (testing)
        command_server_broke_off(device);
}

void health_poll(struct device *device)
{
    struct health *health = &device->health;
    uint64_t now = port_ticks();
    if (scan_has_stalled(device, now))
        health_fail(device, THENAR_FAULT_SCAN_STALLED, device->scan.sequence);
    if (now < health->status_ticks)
        return;
    health->status_ticks += port_tick_hz();
    if (health->status_ticks <= now) /* the port was away for long */
        health->status_ticks = now + port_tick_hz();
    transmit_status(&device->transmit);
    if (device->mode != DEVICE_SAFE && !supply_is_good(device))
        health_fail(device, THENAR_FAULT_SUPPLY, port_supply_mv());
}

void health_report(const struct device *device, struct thenar_health *report)
{
    uint64_t now = port_ticks();
    uint32_t n_lost = atomic_load(&device->scan.n_lost);
    *report = (struct thenar_health){
        .ticks = now,
        .uptime_s = (uint32_t)(now / port_tick_hz()),
        .streaming = device->mode == DEVICE_STREAMING,
        .rate_mhz = device->settings.rate_mhz,
        .gate_counts = device->settings.gate_counts,
        .temperature_centi_c = port_temperature_centi_c(),
        .supply_mv = port_supply_mv(),
        .n_frames = atomic_load(&device->scan.n_scans),
        .n_dropped = n_lost + device->frames.n_dropped,
        .n_overruns = atomic_load(&device->scan.n_overruns),
        .n_link_stalls = device->transmit.n_stalls,
        .n_watchdog_resets = port_word_read(PORT_WORD_WATCHDOG_RESETS),
        .n_bad_commands = device->server.n_bad,
        .last_fault = (uint16_t)port_word_read(PORT_WORD_FAULT),
    };
}
