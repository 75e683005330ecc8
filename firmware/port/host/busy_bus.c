/* SPDX-License-Identifier: MIT */
#include "busy_bus.h"

static const int64_t open_for_ns = 200000; /* all that waited goes in one */

enum { STREAM_BUS = 78 };

void busy_bus_init(struct busy_bus *bus, uint64_t seed)
{
    *bus = (struct busy_bus){.most_s = 0.0};
    pcg_init(&bus->random, seed, STREAM_BUS);
}

bool busy_bus_holds(struct busy_bus *bus, int64_t now_ns)
{
    if (bus->most_s <= 0.0)
        return false;
    if (now_ns >= bus->closes_ns) {
        bus->opens_ns = now_ns + (int64_t)(bus->most_s * pcg_uniform(&bus->random) * 1e9);
        bus->closes_ns = bus->opens_ns + open_for_ns;
    }
    return now_ns < bus->opens_ns;
}
