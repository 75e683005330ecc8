/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stop_signal.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void take_note(int number)
{
    (void)number;
    came = 1;
}

void stop_signal_start(void)
{
    struct sigaction action = {.sa_handler = take_note}; /* no SA_RESTART: waiting ends */
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigemptyset(&ignore.sa_mask);
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

bool stop_signal_came(void)
{
    return came != 0;
}
