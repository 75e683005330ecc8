/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void device_name_make(const char *path, char *name, size_t n_space)
{
    const char *slash = strrchr(path, '/');
    const char *from = slash ? slash + 1 : path;
    size_t n = strcspn(from, "."); /* without extensions: knead.csv.gz -> knead */
    if (n == 0)
        n = strlen(from);
    size_t used = 0;
    for (size_t i = 0; i < n && used + 1 < n_space; i++) {
        char c = (char)tolower((unsigned char)from[i]);
        if (isascii((unsigned char)c) && (isalnum((unsigned char)c) || c == '-' || c == '_'))
            name[used++] = c;
        else if (used > 0 && name[used - 1] != '_')
            name[used++] = '_';
    }
    while (used > 0 && name[used - 1] == '_')
        used--;
    name[used] = '\0';
    if (used == 0)
        (void)snprintf(name, n_space, "device");
}

void device_name_number(char *name, size_t n_space, unsigned n)
{
    char suffix[16];
    size_t n_suffix = (size_t)snprintf(suffix, sizeof suffix, "-%u", n);
    size_t length = strlen(name);
    if (length + n_suffix >= n_space)
        length = n_space - 1 - n_suffix;
    memcpy(name + length, suffix, n_suffix + 1);
}
