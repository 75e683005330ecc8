/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_name.h - what a device is called when nobody said: virtual:table32 -> table32,
 * csv:/data/Knead 3.csv -> knead_3, serial:/dev/ttyACM0 -> ttyacm0 */
#ifndef DEVICE_NAME_H
#define DEVICE_NAME_H

#include <stddef.h>

/**
 * @param path  decoded path of the URI
 * @param name  out: [n_space] 1 to 31 of [a-z0-9_-]; "device" when nothing is left of the path
 */
void device_name_make(const char *path, char *name, size_t n_space);

/** The same with "-N" behind it, shortened to fit. */
void device_name_number(char *name, size_t n_space, unsigned n);

#endif
