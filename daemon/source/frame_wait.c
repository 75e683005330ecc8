/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame_wait.h"

#include <poll.h>
#include <time.h>

#include "moment.h"

bool frame_wait_until(int64_t due_ns, int wake_fd, int64_t until_ns)
{
    for (;;) {
        int64_t now_ns = moment_monotonic_ns();
        if (now_ns >= due_ns)
            return true;
        int64_t wait_ns = (due_ns < until_ns ? due_ns : until_ns) - now_ns;
        if (wait_ns <= 0)
            return false;
        struct pollfd fd = {.fd = wake_fd, .events = POLLIN};
        struct timespec wait = {(time_t)(wait_ns / NS_PER_S), (long)(wait_ns % NS_PER_S)};
        if (ppoll(&fd, 1, &wait, NULL) > 0)
            return false;
    }
}
