/* SPDX-License-Identifier: MIT */
/* busy_bus.h - a host that is not always there to take what the device has
 *
 * What comes to a free bus waits for a while, drawn evenly between 0 and the most; what comes
 * meanwhile waits with it, and then all goes at once, in order: the delays of a USB host that
 * serves others too. */
#ifndef BUSY_BUS_H
#define BUSY_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "therapist/pcg.h"

struct busy_bus {
    struct pcg random;
    double most_s;               /* 0: always free */
    int64_t opens_ns, closes_ns; /* when what waits may go */
};

void busy_bus_init(struct busy_bus *bus, uint64_t seed);

/** Whether something to be sent has to wait. Call it only then: asking begins the wait. */
bool busy_bus_holds(struct busy_bus *bus, int64_t now_ns);

#endif
