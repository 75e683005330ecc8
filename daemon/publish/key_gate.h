/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key_gate.h - who may connect to the encrypted sockets: those whose key is in the folder
 *
 * Answers ZeroMQ's questions about each new connection (ZAP, https://rfc.zeromq.org/spec/27/) in a
 * thread of its own, which sleeps in between. A key is looked for at each connection: what the
 * folder says now is what counts, and a viewer that is connected already stays. */
#ifndef KEY_GATE_H
#define KEY_GATE_H

#include <stdint.h>

#include "error.h"

struct key_gate;

/**
 * Must stand before the first encrypted socket is bound: without it ZeroMQ lets anybody in.
 *
 * @param context  of ZeroMQ, whose sockets are guarded; must outlive the gate
 * @param folder   of keys (feed/key_folder.h)
 * @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status key_gate_create(struct key_gate **out, void *context,
                                                    const char *folder, struct thenar_error *error);

/** After the guarded sockets are closed; NULL is allowed. */
void key_gate_destroy(struct key_gate *gate);

/** Connections that were refused. NULL: 0. Context: any thread */
uint64_t key_gate_refused(const struct key_gate *gate);

#endif
