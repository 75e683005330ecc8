/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fake_link.h - a device that follows a test's script, at the other end of a socket pair, and the
 * host's side of the link that speaks with it
 *
 * One at a time; fake_link_set_up and _tear_down go round each test. Each function fails the test
 * when something else happens than it says. */
#ifndef FAKE_LINK_H
#define FAKE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "link/command.h"
#include "link/hello.h"
#include "link/stream.h"
#include "source/link_source.h"

enum {
    N_ROWS = 4,
    N_COLS = 5,
    N_TAXELS = N_ROWS * N_COLS,
    SOON_MS = 2000 /* what must come does, well before this; a busy machine may take its time */
};

struct fake_link {
    struct transport transport;
    int host_fd, device_fd;
    unsigned n_opened;
    bool is_gone; /* open fails */
    bool is_destroyed;
    struct thenar_stream stream;
    struct thenar_hello hello;
};

extern struct fake_link fake_link;
extern struct source *fake_link_source;

int fake_link_set_up(void **state);
int fake_link_tear_down(void **state);

/* ---- what the device says */

void fake_link_send_octets(const void *octets, size_t n);
/** @param message  [1 + n_body + 4] its body from [1] on; the rest is filled in */
void fake_link_send_message(uint8_t type, uint8_t *message, size_t n_body);
void fake_link_send_reply(uint16_t request, uint8_t code, uint8_t result, uint32_t value);
void fake_link_send_hello(void);
void fake_link_send_page(void);
size_t fake_link_wrap_frame(uint32_t sequence, uint8_t *wire, size_t n_space);
void fake_link_send_frame(uint32_t sequence);
void fake_link_send_health(bool is_streaming);

/* ---- what the host does */

/** Let the host work until something happens. */
enum source_event_kind fake_link_next_event(struct source_event *event, int timeout_ms);

/** Let the host work; nothing happens within `timeout_ms`. */
void fake_link_expect_quiet(int timeout_ms);

/** The next command that the host sent, helping it to send. */
struct thenar_command fake_link_take_command(void);
void fake_link_expect_command(uint8_t code, uint16_t *request);

/** As far as DESCRIBED, which is handed out. */
void fake_link_describe(struct source_event *event);

/** As far as streaming. */
void fake_link_start(void);

#endif
