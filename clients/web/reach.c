/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reach.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

bool reach_is_loopback(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]", "::1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(host, names[i], n) == 0 && (host[n] == '\0' || host[n] == ':'))
            return true;
    }
    return false;
}

static bool first_interface(char text[static INET_ADDRSTRLEN])
{
    struct ifaddrs *all;
    bool is_found = false;
    if (getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *one = all; one && !is_found; one = one->ifa_next) {
        struct sockaddr_in address;
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET ||
            (one->ifa_flags & IFF_LOOPBACK) || !(one->ifa_flags & IFF_UP))
            continue;
        memcpy(&address, one->ifa_addr, sizeof address);
        is_found = inet_ntop(AF_INET, &address.sin_addr, text, INET_ADDRSTRLEN) != NULL;
    }
    freeifaddrs(all);
    return is_found;
}

bool reach_host(const char *asked, const char *address, uint16_t port, char *host, size_t n_space)
{
    char own[INET_ADDRSTRLEN];
    if (asked[0] && !reach_is_loopback(asked)) {
        (void)snprintf(host, n_space, "%s", asked);
        return true;
    }
    bool is_any = strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
    if (is_any && !first_interface(own)) {
        (void)snprintf(host, n_space, "127.0.0.1:%u", port);
        return false;
    }
    const char *name = is_any ? own : address;
    bool is_v6 = strchr(name, ':') != NULL;
    (void)snprintf(host, n_space, "%s%s%s:%u", is_v6 ? "[" : "", name, is_v6 ? "]" : "", port);
    return !reach_is_loopback(name);
}
