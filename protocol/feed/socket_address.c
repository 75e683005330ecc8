/* SPDX-License-Identifier: MIT */
#include "feed/socket_address.h"

#include <string.h>

bool thenar_address_host(const char *address, char *host)
{
    static const char scheme[] = "tcp://";
    if (strncmp(address, scheme, sizeof scheme - 1) != 0)
        return false;
    const char *start = address + sizeof scheme - 1;
    const char *end = strrchr(start, ':');
    if (!end || end == start)
        return false;
    if (*start == '[' && end[-1] == ']') {
        start++;
        end--;
    }
    size_t n = (size_t)(end - start);
    if (n == 0 || n >= THENAR_HOST_BYTES)
        return false;
    memcpy(host, start, n);
    host[n] = '\0';
    return true;
}

bool thenar_host_is_loopback(const char *host)
{
    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
        return true;
    return strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0';
}
