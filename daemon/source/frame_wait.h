/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame_wait.h - sleep until a frame's time, for sources that play what was recorded */
#ifndef FRAME_WAIT_H
#define FRAME_WAIT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * @param due_ns    of the frame, on the monotonic clock
 * @param wake_fd   ends the sleep when it becomes readable; -1: none
 * @param until_ns  ends it too: the caller's patience
 * @return whether the frame's time has come
 */
bool frame_wait_until(int64_t due_ns, int wake_fd, int64_t until_ns);

#endif
