/* SPDX-License-Identifier: MIT */
/* command_server.h - whatever the host sends is answered, never met with silence (LINK.md, 4)
 *
 * One command is in hand at a time: the next is read from the link when the answer to the last has
 * gone. So a host that does not read its answers holds up itself and nobody else. */
#ifndef COMMAND_SERVER_H
#define COMMAND_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "link/message.h"
#include "link/stream.h"

enum { COMMAND_READ_BYTES = 64 }; /* a full-speed bulk packet */

struct device;

struct command_server {
    struct thenar_stream stream;
    uint8_t received[COMMAND_READ_BYTES];
    uint8_t n_received, n_used;
    struct thenar_command command; /* in hand */
    bool identifying;
    uint64_t identify_until_ticks;
    uint32_t n_bad; /* damaged, malformed or unknown */
};

void command_server_init(struct command_server *server);

/** The host left: forget what it began to say. Counters stay. */
void command_server_reset(struct command_server *server);

/** Read and execute what there is. */
void command_server_poll(struct device *device);

/** The self-test has come to its end: answer with what it found. */
void command_server_tested(struct device *device);

/** A fault ended the self-test: answer UNSUPPORTED. */
void command_server_broke_off(struct device *device);

#endif
