/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gateway.h - feeds of many daemons in, pages and live data to browsers out
 *
 *     daemons -> feeds -> hub -> viewers -> browsers
 *     daemons <- errands <------ viewers <- browsers
 *
 * One thread runs all but the errands. It looks at the feeds a hundred times a second: 10 ms is
 * shorter than any screen's frame, and no daemon's stream ever waits for it. */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct gateway_daemon {
    const char *feed, *control; /* ZeroMQ addresses */
};

struct gateway_options {
    const char *address;                  /* to listen on: "127.0.0.1", "::1" */
    uint16_t port;                        /* 0: any free one */
    const struct gateway_daemon *daemons; /* [n_daemons] borrowed */
    size_t n_daemons;
    const char *accounts_path;    /* NULL: no login, whoever reaches it may look and command */
    const char *certificate_path; /* PEM; NULL: plain HTTP */
    const char *key_path;
    const char
        *sessions; /* folder of recorded sessions; NULL: the first daemon's, else the usual */
    const char *class_path;  /* NULL: class_file_default */
    const char *rubric_path; /* NULL: rubric_default_path, or the built-in one */
};

struct gateway;

/**
 * Listen, and subscribe to the daemons; whether they are there shows later.
 * @return THENAR_OK; THENAR_ERR_ARGUMENT an address; THENAR_ERR_BUSY the port is taken;
 *         THENAR_ERR_OS; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status gateway_create(struct gateway **out,
                                                   const struct gateway_options *options,
                                                   struct thenar_error *error);
void gateway_destroy(struct gateway *gateway);

/** The port in force. */
uint16_t gateway_port(const struct gateway *gateway);

/** Serve until `has_ended` says so; it is asked at least ten times a second. */
void gateway_run(struct gateway *gateway, bool (*has_ended)(void));

#endif
