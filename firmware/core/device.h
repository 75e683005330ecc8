/* SPDX-License-Identifier: MIT */
/* device.h - the whole device: what main() starts once and polls for ever
 *
 *     port's interrupt -> scan -> frame_queue -> transmit -> port_link_write
 *     port_aux_read ------------> aux_queue -------^
 *                                                  ^
 *     port_link_read -> command_server ------------+ replies
 *     health: STATUS each second, faults, the safe state
 *
 * Static memory only; nothing blocks but the flash. All functions: main context. */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "board/board.h"
#include "core/aux_queue.h"
#include "core/command_server.h"
#include "core/frame_queue.h"
#include "core/health.h"
#include "core/identity.h"
#include "core/scan.h"
#include "core/selftest.h"
#include "core/settings.h"
#include "core/transmit.h"
#include "status.h"

/* What the scan is running for. */
enum device_mode {
    DEVICE_IDLE = 0,
    DEVICE_STREAMING = 1,
    DEVICE_TESTING = 2,
    DEVICE_SAFE = 3 /* after a fault: array undriven until START, if the cause is gone */
};

struct device {
    const struct board *board;
    const struct identity *identity;
    struct settings settings; /* in force */
    enum device_mode mode;
    bool host_was_there;

    struct scan scan;
    struct frame_queue frames;
    struct aux_queue aux;
    struct selftest selftest;
    struct command_server server;
    struct transmit transmit;
    struct health health;
};

/**
 * Once after each reset: settings are loaded, nothing is scanned yet, HELLO waits for a host.
 * @param board, identity  borrowed for ever
 * @return THENAR_OK; THENAR_ERR_SPACE the board has more taxels than this build has memory for
 */
THENAR_NODISCARD enum thenar_status device_init(struct device *device, const struct board *board,
                                                const struct identity *identity);

/** Do what is to be done now; call it at least every 10 ms, and after each scan. */
void device_poll(struct device *device);

/** Start scanning, at the rate in force for streaming, at its own for a self-test. */
void device_start(struct device *device, enum device_mode mode);

/** Stop scanning; on return the array is undriven. @param mode  DEVICE_IDLE or DEVICE_SAFE */
void device_stop(struct device *device, enum device_mode mode);

/** Whether something waits for the link. A port that makes its own time can let it stand still. */
bool device_is_sending(const struct device *device);

#endif
