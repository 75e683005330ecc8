/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_holder.h - which program has a device file open, so that "busy" can name it */
#ifndef DEVICE_HOLDER_H
#define DEVICE_HOLDER_H

#include <stdbool.h>

enum { DEVICE_HOLDER_BYTES = 96 };

/**
 * Look through /proc, as far as this user may see.
 *
 * @param path  of a character device
 * @param name  out: [DEVICE_HOLDER_BYTES] "minicom (process 4711)"; "this thenard" for ourselves
 * @return false when nobody is seen to have it open (it may still be someone of another user)
 * Context: any thread; reads many files: only when opening failed, or somebody asked
 */
bool device_holder_find(const char *path, char *name);

#endif
