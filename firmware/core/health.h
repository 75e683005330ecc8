/* SPDX-License-Identifier: MIT */
/* health.h - STATUS each second, faults, and the safe state after them */
#ifndef HEALTH_H
#define HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "link/message.h"

struct device;

struct health {
    uint64_t status_ticks;        /* when the next STATUS is due */
    uint64_t scan_expected_ticks; /* when the last scan came, or the scan was started */
    struct thenar_fault fault;    /* the last one said */
};

/** Remember why the device was reset, and count the watchdog's part in it. */
void health_init(struct health *health);

/** A scan came, or the scan starts. */
void health_expect_scan(struct health *health, uint64_t now_ticks);

/** Look after supply, scan and time. */
void health_poll(struct device *device);

/** Say a fault, remember it, and go to the safe state. @param detail  for whoever mends it */
void health_fail(struct device *device, enum thenar_fault_code code, uint32_t detail);

/** Whether what led to the safe state is over. */
bool health_is_good(const struct device *device);

/** What STATUS says now. */
void health_report(const struct device *device, struct thenar_health *report);

#endif
