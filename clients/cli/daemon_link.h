/* SPDX-License-Identifier: GPL-3.0-or-later */
/* daemon_link.h - one question to the daemon, for the commands that ask and leave */
#ifndef DAEMON_LINK_H
#define DAEMON_LINK_H

#include "thenar.h"

enum { DAEMON_TIMEOUT_MS = 2000 };

struct daemon_answer {
    struct thenar_control_daemon daemon;
    struct thenar_feed_status *devices; /* [n_devices] */
    size_t n_devices;
    char *json; /* the reply as it came */
};

/**
 * Ask for the status of the daemon and its devices; what goes wrong is printed to stderr, with
 * where it looked and how to start a daemon.
 *
 * @param command  its name, for the sentence
 * @param answer   out: daemon_answer_finish frees it, also after a failure
 * @return EXIT_DONE, EXIT_NO_DAEMON, EXIT_FAILED or EXIT_USAGE (not an address)
 */
int daemon_ask(const char *command, const char *address, struct daemon_answer *answer);

/**
 * Send one request; what goes wrong is printed, as above.
 *
 * @param timeout_ms  how long the daemon may take
 * @param reply       out
 * @param json        out: the reply as it came, for free(); NULL is allowed
 * @return as daemon_ask
 */
int daemon_request(const char *command, const char *address, struct thenar_control_request *request,
                   int timeout_ms, struct thenar_control_reply *reply, char **json);

void daemon_answer_finish(struct daemon_answer *answer);

#endif
