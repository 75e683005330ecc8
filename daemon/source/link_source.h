/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_source.h - a source that speaks the device link over any transport (LINK.md)
 *
 * Reads octets, takes messages out of them (link_messages), and asks the conversation (link_talk)
 * what to do when time is up; what these have to tell (link_events) comes before what is read. */
#ifndef LINK_SOURCE_H
#define LINK_SOURCE_H

#include "source.h"
#include "transport.h"

/* All times in milliseconds. */
struct link_source_times {
    int reply_ms;   /* a command is repeated after this */
    int silence_ms; /* no octet for so long while streaming: lost */
    int reopen_ms;  /* first pause before opening again; doubles up to reopen_max_ms */
    int reopen_max_ms;
};

extern const struct link_source_times link_source_usual_times;   /* 300, 3000, 200, 1000 */
extern const struct link_source_times link_source_plugged_times; /* 300, 3000, 100, 400: a device
                                                      that is plugged in streams within a second */

/**
 * @param transport  taken: destroyed with the source, and on failure
 * @param times      copied; NULL: the usual
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status link_source_create(struct source **out,
                                                       struct transport *transport,
                                                       const struct link_source_times *times,
                                                       struct thenar_error *error);

#endif
