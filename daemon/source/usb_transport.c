/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_transport.h"

#include <libusb-1.0/libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_holder.h"
#include "link/usb_identity.h"
#include "usb_opening.h"
#include "usb_transfers.h"

struct usb_transport {
    struct transport transport;
    libusb_context *context;
    libusb_hotplug_callback_handle hotplug;
    char wanted[USB_NAME_BYTES]; /* serial; "" any */
    bool has_arrived;            /* something was plugged in since the last opening */
    struct usb_opening opening;
    struct usb_transfers transfers;
    size_t n_fds;
    struct pollfd fds[TRANSPORT_FDS_MAX];
};

/* ---- libusb's descriptors and events ---- */

static void on_fd_added(int fd, short events, void *user)
{
    struct usb_transport *usb = user;
    if (usb->n_fds < TRANSPORT_FDS_MAX)
        usb->fds[usb->n_fds++] = (struct pollfd){.fd = fd, .events = events};
}

static void on_fd_removed(int fd, void *user)
{
    struct usb_transport *usb = user;
    for (size_t i = 0; i < usb->n_fds; i++)
        if (usb->fds[i].fd == fd)
            usb->fds[i--] = usb->fds[--usb->n_fds];
}

static int on_hotplug(libusb_context *context, libusb_device *device, libusb_hotplug_event event,
                      void *user)
{
    struct usb_transport *usb = user;
    (void)context;
    if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
        usb->has_arrived = true;
    else if (usb->opening.handle && device == libusb_get_device(usb->opening.handle))
        usb->transfers.is_gone = true;
    return 0;
}

static void handle_events(struct usb_transport *usb)
{
    struct timeval at_once = {0};
    (void)libusb_handle_events_timeout_completed(usb->context, &at_once, NULL);
}

static size_t usb_fds(const struct transport *transport, struct pollfd *fds)
{
    const struct usb_transport *usb = (const struct usb_transport *)transport;
    memcpy(fds, usb->fds, usb->n_fds * sizeof *fds);
    return usb->n_fds;
}

static bool has_returned(struct transport *transport)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    handle_events(usb);
    return usb->has_arrived;
}

/* ---- a transport ---- */

static enum thenar_status read_usb(struct transport *transport, uint8_t *bytes, size_t n_space,
                                   size_t *n_read, struct thenar_error *error)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    handle_events(usb);
    *n_read = usb_transfers_take(&usb->transfers, bytes, n_space);
    if (*n_read > 0)
        return THENAR_OK;
    if (usb->transfers.is_gone)
        return thenar_fail(error, THENAR_END, "usb:%s: unplugged, or reset",
                           usb->opening.found.serial);
    if (usb->transfers.trouble != LIBUSB_TRANSFER_COMPLETED)
        return thenar_fail(
            error, THENAR_ERR_OS, "usb:%s: reading failed: %s; opening it again",
            usb->opening.found.serial,
            usb->transfers.trouble == LIBUSB_TRANSFER_STALL      ? "the endpoint is stalled"
            : usb->transfers.trouble == LIBUSB_TRANSFER_OVERFLOW ? "too much at once"
                                                                 : "an error on the bus");
    return THENAR_PENDING;
}

static enum thenar_status write_usb(struct transport *transport, const uint8_t *bytes,
                                    size_t n_bytes, struct thenar_error *error)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    if (usb_transfers_send(&usb->transfers, bytes, n_bytes))
        return THENAR_OK;
    const char *why = usb->transfers.is_gone ? ": it was unplugged"
                      : usb->transfers.trouble != LIBUSB_TRANSFER_COMPLETED
                          ? ": an error on the bus"
                          : "";
    return thenar_fail(error, THENAR_ERR_OS, "usb:%s: takes no commands%s",
                       usb->opening.found.serial, why);
}

static void close_usb(struct transport *transport)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    if (!usb->opening.handle)
        return;
    usb->transfers.is_closing = true;
    if (!usb->transfers.is_gone) {
        usb_transfers_drain_out(&usb->transfers, usb->context);
        usb_opening_say_bye(&usb->opening);
    }
    usb_transfers_cancel_in(&usb->transfers, usb->context);
    (void)libusb_release_interface(usb->opening.handle, usb->opening.interface);
    usb_opening_close(&usb->opening);
}

static enum thenar_status open_usb(struct transport *transport, struct thenar_error *error)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    struct usb_opening *opening = &usb->opening;
    usb->has_arrived = false;
    usb_transfers_reset(&usb->transfers);
    handle_events(usb);
    enum thenar_status status = usb_opening_open(opening, usb->context, usb->wanted, error);
    if (status == THENAR_OK)
        usb_transfers_start(&usb->transfers, opening->handle, opening->endpoint_in,
                            opening->endpoint_out);
    return status;
}

void usb_transport_want(struct transport *transport, const char *serial)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    usb->has_arrived = false;
    (void)snprintf(usb->wanted, sizeof usb->wanted, "%s", serial);
}

static void name_rival(const struct transport *transport, char *name, size_t n_space)
{
    const struct usb_transport *usb = (const struct usb_transport *)transport;
    char holder[DEVICE_HOLDER_BYTES];
    if (usb->opening.found.tty[0] && device_holder_find(usb->opening.found.tty, holder))
        (void)snprintf(name, n_space, "%s, through %s,", holder, usb->opening.found.tty);
}

static void destroy_usb(struct transport *transport)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    if (usb->context) {
        close_usb(transport);
        libusb_hotplug_deregister_callback(usb->context, usb->hotplug);
        libusb_set_pollfd_notifiers(usb->context, NULL, NULL, NULL);
        libusb_exit(usb->context);
    }
    usb_transfers_finish(&usb->transfers);
    free(usb);
}

static int start_libusb(struct usb_transport *usb)
{
    int result = libusb_init(&usb->context);
    if (result != 0) {
        usb->context = NULL;
        return result;
    }
    const struct libusb_pollfd **fds = libusb_get_pollfds(usb->context);
    for (size_t i = 0; fds && fds[i]; i++)
        on_fd_added(fds[i]->fd, fds[i]->events, usb);
    libusb_free_pollfds(fds);
    libusb_set_pollfd_notifiers(usb->context, on_fd_added, on_fd_removed, usb);
    /* Without hotplug a device that comes back is found at the next try, a second later at most. */
    (void)libusb_hotplug_register_callback(
        usb->context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0,
        THENAR_USB_VENDOR_ID, THENAR_USB_PRODUCT_ID, LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, usb,
        &usb->hotplug);
    return 0;
}

enum thenar_status usb_transport_create(struct transport **out, const char *serial,
                                        struct thenar_error *error)
{
    struct usb_transport *usb = calloc(1, sizeof *usb);
    if (!usb)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    int result =
        usb_transfers_init(&usb->transfers) == THENAR_OK ? start_libusb(usb) : LIBUSB_ERROR_NO_MEM;
    if (result != 0) {
        destroy_usb(&usb->transport);
        return thenar_fail(error, THENAR_ERR_OS, "usb: libusb does not start: %s",
                           libusb_strerror(result));
    }
    usb->transport = (struct transport){.open = open_usb,
                                        .fds = usb_fds,
                                        .read = read_usb,
                                        .write = write_usb,
                                        .close = close_usb,
                                        .destroy = destroy_usb,
                                        .has_returned = has_returned,
                                        .name_rival = name_rival};
    (void)snprintf(usb->wanted, sizeof usb->wanted, "%s", serial);
    *out = &usb->transport;
    return THENAR_OK;
}
