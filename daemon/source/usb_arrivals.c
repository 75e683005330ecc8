/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_arrivals.h"

#include <libusb-1.0/libusb.h>
#include <stdbool.h>
#include <stdlib.h>

#include "link/usb_identity.h"
#include "moment.h"

/* Two seconds at the usual rhythm: udev has made the serial port and its rights by then. */
enum { N_LOOKS = 8, BLIND_LOOK_MS = 2000 };

struct usb_arrivals {
    libusb_context *context;
    bool is_told; /* libusb says when something arrives */
    unsigned n_looks_left;
    int64_t next_ns; /* not before */
};

static int on_arrival(libusb_context *context, libusb_device *device, libusb_hotplug_event event,
                      void *user)
{
    struct usb_arrivals *arrivals = user;
    (void)context, (void)device, (void)event;
    arrivals->n_looks_left = N_LOOKS;
    arrivals->next_ns = 0;
    return 0;
}

enum thenar_status usb_arrivals_create(struct usb_arrivals **out, struct thenar_error *error)
{
    struct usb_arrivals *arrivals = calloc(1, sizeof *arrivals);
    if (!arrivals)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the USB devices to come");
    int result = libusb_init(&arrivals->context);
    if (result != 0) {
        free(arrivals);
        return thenar_fail(error, THENAR_ERR_OS, "auto: libusb: %s", libusb_strerror(result));
    }
    arrivals->is_told =
        libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) &&
        libusb_hotplug_register_callback(arrivals->context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED, 0,
                                         THENAR_USB_VENDOR_ID, THENAR_USB_PRODUCT_ID,
                                         LIBUSB_HOTPLUG_MATCH_ANY, on_arrival, arrivals, NULL) == 0;
    arrivals->n_looks_left = N_LOOKS; /* what came since the start was looked at */
    *out = arrivals;
    return THENAR_OK;
}

void usb_arrivals_destroy(struct usb_arrivals *arrivals)
{
    if (!arrivals)
        return;
    libusb_exit(arrivals->context);
    free(arrivals);
}

size_t usb_arrivals_look(struct usb_arrivals *arrivals, int64_t now_ns, struct usb_found *found)
{
    struct timeval at_once = {0, 0};
    (void)libusb_handle_events_timeout_completed(arrivals->context, &at_once, NULL);
    if (now_ns < arrivals->next_ns || (arrivals->is_told && arrivals->n_looks_left == 0))
        return 0;
    int wait_ms = BLIND_LOOK_MS;
    if (arrivals->n_looks_left > 0) {
        arrivals->n_looks_left--;
        wait_ms = USB_ARRIVALS_MS / 2; /* so that whoever asks in time is not put off to the next */
    }
    arrivals->next_ns = now_ns + (int64_t)wait_ms * NS_PER_MS;
    return usb_discover(arrivals->context, found);
}
