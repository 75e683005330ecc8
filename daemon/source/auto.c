/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auto.c - auto:SERIAL: a device by whichever interface can be opened, and auto: for the first that
 * is free
 *
 * The vendor interface is preferred. The serial port is taken when the other may not be opened, or
 * is not there; never when the device is busy, since then it has a host already. Once opened, the
 * source keeps to that device. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link_source.h"
#include "serial_transport.h"
#include "source_kinds.h"
#include "usb_discovery.h"
#include "usb_transport.h"

struct auto_transport {
    struct transport transport;
    char serial[USB_NAME_BYTES]; /* "": none yet */
    struct transport *usb;       /* also tells, while closed, that something was plugged in */
    struct transport *tty;       /* NULL: the port is not tried */
    struct transport *active;    /* usb, tty, or NULL: closed */
};

static enum thenar_status open_tty(struct auto_transport *either, const struct usb_found *found,
                                   struct thenar_error *error)
{
    enum thenar_status status = serial_transport_create(&either->tty, found->tty, error);
    if (status == THENAR_OK)
        status = either->tty->open(either->tty, error);
    if (status == THENAR_OK) {
        either->active = either->tty;
    } else if (either->tty) {
        either->tty->destroy(either->tty);
        either->tty = NULL;
    }
    return status;
}

static enum thenar_status open_found(struct auto_transport *either, const struct usb_found *found,
                                     struct thenar_error *error)
{
    enum thenar_status status = THENAR_ERR_ABSENT;
    if (found->node[0]) {
        usb_transport_want(either->usb, found->serial);
        status = either->usb->open(either->usb, error);
        if (status == THENAR_OK)
            either->active = either->usb;
    }
    struct thenar_error of_tty;
    if (status != THENAR_OK && status != THENAR_ERR_BUSY && found->tty[0] &&
        open_tty(either, found, found->node[0] ? &of_tty : error) == THENAR_OK)
        status = THENAR_OK;
    return status;
}

static enum thenar_status open_auto(struct transport *transport, struct thenar_error *error)
{
    struct auto_transport *either = (struct auto_transport *)transport;
    struct usb_found found[USB_FOUND_MAX];
    size_t n = usb_discover(NULL, found);
    /* Forget arrivals up to now, even if nothing is opened below. */
    if (either->usb->has_returned(either->usb))
        usb_transport_want(either->usb, either->serial);
    enum thenar_status status = thenar_fail(
        error, THENAR_ERR_ABSENT,
        either->serial[0] ? "auto:%s: not plugged in" : "auto%s: no Thenar device is plugged in",
        either->serial);
    for (size_t i = 0; i < n; i++) {
        if (either->serial[0] && strcmp(either->serial, found[i].serial) != 0)
            continue;
        status = open_found(either, &found[i], error);
        if (status == THENAR_OK) {
            memcpy(either->serial, found[i].serial, sizeof either->serial);
            break;
        }
    }
    return status;
}

static const struct transport *in_use(const struct auto_transport *either)
{
    return either->active ? either->active : either->usb;
}

static size_t auto_fds(const struct transport *transport, struct pollfd *fds)
{
    const struct transport *used = in_use((const struct auto_transport *)transport);
    return used->fds(used, fds);
}

static enum thenar_status read_auto(struct transport *transport, uint8_t *bytes, size_t n_space,
                                    size_t *n_read, struct thenar_error *error)
{
    struct transport *active = ((struct auto_transport *)transport)->active;
    return active->read(active, bytes, n_space, n_read, error);
}

static enum thenar_status write_auto(struct transport *transport, const uint8_t *bytes,
                                     size_t n_bytes, struct thenar_error *error)
{
    struct transport *active = ((struct auto_transport *)transport)->active;
    return active->write(active, bytes, n_bytes, error);
}

static void close_auto(struct transport *transport)
{
    struct auto_transport *either = (struct auto_transport *)transport;
    if (either->active)
        either->active->close(either->active);
    if (either->tty)
        either->tty->destroy(either->tty);
    either->tty = either->active = NULL;
}

static bool has_returned(struct transport *transport)
{
    struct auto_transport *either = (struct auto_transport *)transport;
    return either->usb->has_returned(either->usb);
}

static void name_rival(const struct transport *transport, char *name, size_t n_space)
{
    const struct transport *used = in_use((const struct auto_transport *)transport);
    used->name_rival(used, name, n_space);
}

static void destroy_auto(struct transport *transport)
{
    struct auto_transport *either = (struct auto_transport *)transport;
    close_auto(transport);
    either->usb->destroy(either->usb);
    free(either);
}

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    if (strlen(uri->path) >= USB_NAME_BYTES)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: longer than a serial number can be",
                           uri->written);
    enum thenar_status status = uri_allow(uri, NULL, 0, NULL, error);
    if (status != THENAR_OK)
        return status;
    struct auto_transport *either = calloc(1, sizeof *either);
    if (!either)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    status = usb_transport_create(&either->usb, uri->path, error);
    if (status != THENAR_OK) {
        free(either);
        return status;
    }
    either->transport = (struct transport){.open = open_auto,
                                           .fds = auto_fds,
                                           .read = read_auto,
                                           .write = write_auto,
                                           .close = close_auto,
                                           .destroy = destroy_auto,
                                           .has_returned = has_returned,
                                           .name_rival = name_rival};
    (void)snprintf(either->serial, sizeof either->serial, "%s", uri->path);
    return link_source_create(out, &either->transport, &link_source_plugged_times, error);
}

const struct source_kind source_auto = {
    .scheme = "auto",
    .usage = "auto",
    .help = "every Thenar device that is, or will be, plugged in; auto:SERIAL for one of them",
    .open = open_source,
};
