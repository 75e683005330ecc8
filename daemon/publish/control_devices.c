/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_devices.h"

#include <stdio.h>
#include <string.h>

#include "source/usb_discovery.h"

_Static_assert((int)USB_FOUND_MAX == (int)THENAR_FOUND_MAX, "all that is found is told");
_Static_assert((int)USB_NAME_BYTES == (int)THENAR_LABEL_BYTES, "names fit as they are");

static void tell(const struct usb_found *device, const struct thenar_feed_status *states,
                 size_t n_states, struct thenar_control_found *found)
{
    memset(found, 0, sizeof *found);
    memcpy(found->model, device->model, sizeof found->model);
    memcpy(found->serial, device->serial, sizeof found->serial);
    memcpy(found->port, device->port, sizeof found->port);
    memcpy(found->usb, device->node, sizeof found->usb);
    memcpy(found->tty, device->tty, sizeof found->tty);
    (void)snprintf(found->uri, sizeof found->uri, "%s%s", device->node[0] ? "usb:" : "serial:",
                   device->node[0] ? device->serial : device->tty);
    for (size_t i = 0; i < n_states; i++) {
        char by_usb[THENAR_URI_BYTES], by_either[THENAR_URI_BYTES], by_tty[THENAR_URI_BYTES];
        (void)snprintf(by_usb, sizeof by_usb, "usb:%s", device->serial);
        (void)snprintf(by_either, sizeof by_either, "auto:%s", device->serial);
        (void)snprintf(by_tty, sizeof by_tty, "serial:%s", device->tty);
        bool is_it = (device->serial[0] && strcmp(states[i].serial, device->serial) == 0) ||
                     strcmp(states[i].uri, by_usb) == 0 || strcmp(states[i].uri, by_either) == 0 ||
                     strcmp(states[i].uri, by_tty) == 0;
        if (!is_it)
            continue;
        memcpy(found->device, states[i].device, sizeof found->device);
        memcpy(found->firmware, states[i].firmware, sizeof found->firmware);
        (void)snprintf(found->problem, sizeof found->problem, "%s", states[i].reason);
        return;
    }
    usb_found_problem(device, found->problem);
}

size_t control_devices_discover(const struct thenar_feed_status *states, size_t n_states,
                                struct thenar_control_found *found)
{
    struct usb_found devices[USB_FOUND_MAX];
    size_t n = usb_discover(NULL, devices);
    for (size_t i = 0; i < n; i++)
        tell(&devices[i], states, n_states, &found[i]);
    return n;
}

static int say(const struct thenar_finding *finding, unsigned n_cols, char *text, size_t n_space)
{
    unsigned index = finding->index, counts = finding->counts;
    switch ((int)finding->kind) {
    case THENAR_FINDING_OPEN_ROW:
        return snprintf(text, n_space, "row %u is open (%u counts)", index, counts);
    case THENAR_FINDING_SHORTED_COLUMN:
        return snprintf(text, n_space, "column %u is shorted (%u counts)", index, counts);
    case THENAR_FINDING_STUCK_TAXEL:
        if (n_cols == 0)
            return snprintf(text, n_space, "taxel %u is stuck (%u counts)", index, counts);
        return snprintf(text, n_space, "the taxel in row %u, column %u is stuck (%u counts)",
                        index / n_cols, index % n_cols, counts);
    case THENAR_FINDING_IDLE_HUM:
        return snprintf(text, n_space, "it hums at rest (%u counts peak to peak)", counts);
    default:
        return snprintf(text, n_space, "finding %u at %u (%u counts)", finding->kind, index,
                        counts);
    }
}

void control_devices_report(const struct thenar_finding *findings, unsigned n_findings,
                            unsigned n_cols, char *report)
{
    size_t used = (size_t)snprintf(report, THENAR_REPORT_BYTES, n_findings ? "" : "nothing");
    for (unsigned i = 0; i < n_findings && used + 80 < THENAR_REPORT_BYTES; i++) {
        used += (size_t)snprintf(report + used, THENAR_REPORT_BYTES - used, "%s", i ? "; " : "");
        used += (size_t)say(&findings[i], n_cols, report + used, THENAR_REPORT_BYTES - used);
    }
}
