/* SPDX-License-Identifier: GPL-3.0-or-later */
/* virtual_process.h - a thenar-virtual of our own: started, watched, started again, ended
 *
 * It is found beside this program, then on PATH, and serves a socket that we bind, so that it can
 * be restarted without its address changing. It dies with us, however we end. */
#ifndef VIRTUAL_PROCESS_H
#define VIRTUAL_PROCESS_H

#include <sys/socket.h>
#include <sys/un.h>

#include <stdbool.h>

#include "error.h"
#include "uri.h"

struct virtual_process;

/**
 * Turn a URI into a command line and bind the socket; nothing is started yet.
 * `virtual:table32?script=demo&drop=0.01` becomes `thenar-virtual --board table32 --script demo
 * --drop 0.01`; `exec=PATH` names another program.
 *
 * @return THENAR_OK; THENAR_ERR_SYNTAX unknown parameter; THENAR_ERR_ABSENT no such program;
 *         THENAR_ERR_OS; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status virtual_process_create(struct virtual_process **out,
                                                           const struct uri *uri,
                                                           struct thenar_error *error);

/** Ask it to end, wait for a moment, insist; free all. NULL is allowed. */
void virtual_process_destroy(struct virtual_process *process);

/** Start it unless it runs. @return THENAR_OK; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status virtual_process_ensure(struct virtual_process *process,
                                                           struct thenar_error *error);

/** Where to connect. @return length of the address */
socklen_t virtual_process_address(const struct virtual_process *process,
                                  struct sockaddr_un *address);

/** If it ended, how ("exited with status 2", "was ended by signal 9"); NULL while it runs. */
const char *virtual_process_ending(struct virtual_process *process);

/** True when it was to end with its recording or script (`until_end`), and has. */
bool virtual_process_is_over(const struct virtual_process *process);

#endif
