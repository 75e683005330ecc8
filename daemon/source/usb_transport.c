/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_transport.h"

#include <libusb-1.0/libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_holder.h"
#include "link/usb_identity.h"
#include "usb_discovery.h"

/* A full-speed bus carries 1000 kB/s at most, so 32 transfers of 512 octets are 16 ms of it, and of
 * short messages, which end a transfer each, 64 ms at 500 a second. Both ends' sizes: all that is
 * under way fits into one read. */
enum {
    N_IN = 32,
    IN_BYTES = 512,
    N_OUT = 4,
    OUT_BYTES = 128,
    CONTROL_MS = 500,
    DRAIN_MS = 200,
    HOST_TYPE = LIBUSB_REQUEST_TYPE_VENDOR | LIBUSB_RECIPIENT_INTERFACE
};

struct usb_slot {
    struct libusb_transfer *transfer;
    bool is_flying, is_done; /* done: octets wait to be read */
    size_t n_taken;
};

struct usb_transport {
    struct transport transport;
    libusb_context *context;
    libusb_hotplug_callback_handle hotplug;
    char wanted[USB_NAME_BYTES]; /* serial; "" any */

    libusb_device_handle *handle; /* NULL: closed */
    struct usb_found found;       /* what is open, or was last */
    uint8_t interface, endpoint_in, endpoint_out;
    bool has_arrived; /* something was plugged in since the last opening */
    bool is_gone;     /* the device that is open has left */
    bool is_closing;
    enum libusb_transfer_status trouble; /* of a transfer; COMPLETED: none */

    struct usb_slot in[N_IN], out[N_OUT];
    size_t oldest; /* of the IN slots: they complete in the order of their submission */
    uint8_t in_bytes[N_IN][IN_BYTES];
    uint8_t out_bytes[N_OUT][OUT_BYTES];

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
    else if (usb->handle && device == libusb_get_device(usb->handle))
        usb->is_gone = true;
    return 0;
}

static void handle_events(struct usb_transport *usb, int timeout_ms)
{
    struct timeval patience = {.tv_usec = timeout_ms * 1000};
    (void)libusb_handle_events_timeout_completed(usb->context, &patience, NULL);
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
    handle_events(usb, 0);
    return usb->has_arrived;
}

/* ---- transfers ---- */

static void note_trouble(struct usb_transport *usb, const struct libusb_transfer *transfer)
{
    if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
        usb->is_gone = true;
    else if (transfer->status != LIBUSB_TRANSFER_COMPLETED && !usb->is_closing)
        usb->trouble = transfer->status;
}

static void submit(struct usb_transport *usb, struct usb_slot *slot)
{
    int result = libusb_submit_transfer(slot->transfer);
    slot->is_flying = result == 0;
    if (result == LIBUSB_ERROR_NO_DEVICE)
        usb->is_gone = true;
    else if (result != 0)
        usb->trouble = LIBUSB_TRANSFER_ERROR;
}

static void LIBUSB_CALL on_in(struct libusb_transfer *transfer)
{
    struct usb_transport *usb = transfer->user_data;
    size_t at = (size_t)(transfer->buffer - usb->in_bytes[0]) / IN_BYTES;
    usb->in[at].is_flying = false;
    usb->in[at].is_done = true;
    usb->in[at].n_taken = 0;
    note_trouble(usb, transfer);
}

static void LIBUSB_CALL on_out(struct libusb_transfer *transfer)
{
    struct usb_transport *usb = transfer->user_data;
    size_t at = (size_t)(transfer->buffer - usb->out_bytes[0]) / OUT_BYTES;
    usb->out[at].is_flying = false;
    note_trouble(usb, transfer);
}

/* Move what has come to the reader, oldest first; an emptied transfer goes back to work. */
static size_t take(struct usb_transport *usb, uint8_t *bytes, size_t n_space)
{
    size_t n = 0;
    while (usb->in[usb->oldest].is_done) {
        struct usb_slot *slot = &usb->in[usb->oldest];
        size_t n_left = (size_t)slot->transfer->actual_length - slot->n_taken;
        size_t n_now = n_left < n_space - n ? n_left : n_space - n;
        memcpy(bytes + n, slot->transfer->buffer + slot->n_taken, n_now);
        n += n_now;
        slot->n_taken += n_now;
        if (n_now < n_left)
            break;
        slot->is_done = false;
        if (!usb->is_gone && usb->trouble == LIBUSB_TRANSFER_COMPLETED)
            submit(usb, slot);
        usb->oldest = (usb->oldest + 1) % N_IN;
    }
    return n;
}

static enum thenar_status read_usb(struct transport *transport, uint8_t *bytes, size_t n_space,
                                   size_t *n_read, struct thenar_error *error)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    handle_events(usb, 0);
    *n_read = take(usb, bytes, n_space);
    if (*n_read > 0)
        return THENAR_OK;
    if (usb->is_gone)
        return thenar_fail(error, THENAR_END, "usb:%s: unplugged, or reset", usb->found.serial);
    if (usb->trouble != LIBUSB_TRANSFER_COMPLETED)
        return thenar_fail(error, THENAR_ERR_OS, "usb:%s: reading failed: %s; opening it again",
                           usb->found.serial,
                           usb->trouble == LIBUSB_TRANSFER_STALL      ? "the endpoint is stalled"
                           : usb->trouble == LIBUSB_TRANSFER_OVERFLOW ? "too much at once"
                                                                      : "an error on the bus");
    return THENAR_PENDING;
}

static enum thenar_status write_usb(struct transport *transport, const uint8_t *bytes,
                                    size_t n_bytes, struct thenar_error *error)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    size_t at = 0;
    while (at < N_OUT && usb->out[at].is_flying)
        at++;
    if (at == N_OUT || n_bytes > OUT_BYTES)
        return thenar_fail(error, THENAR_ERR_OS, "usb:%s: takes no commands", usb->found.serial);
    memcpy(usb->out_bytes[at], bytes, n_bytes);
    usb->out[at].transfer->length = (int)n_bytes;
    submit(usb, &usb->out[at]);
    if (usb->out[at].is_flying)
        return THENAR_OK;
    return thenar_fail(error, THENAR_ERR_OS, "usb:%s: takes no commands: %s", usb->found.serial,
                       usb->is_gone ? "it was unplugged" : "an error on the bus");
}

/* ---- opening ---- */

static size_t count_flying(const struct usb_slot *slots, size_t n)
{
    size_t n_flying = 0;
    for (size_t i = 0; i < n; i++)
        n_flying += slots[i].is_flying;
    return n_flying;
}

static void drain(struct usb_transport *usb, const struct usb_slot *slots, size_t n)
{
    for (int left_ms = DRAIN_MS; left_ms > 0 && count_flying(slots, n) > 0; left_ms -= 10)
        handle_events(usb, 10);
}

/* What is still under way after this, libusb_close takes back from the kernel. */
static void close_usb(struct transport *transport)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    if (!usb->handle)
        return;
    usb->is_closing = true;
    if (!usb->is_gone) {
        drain(usb, usb->out, N_OUT);
        (void)libusb_control_transfer(usb->handle, HOST_TYPE, THENAR_USB_REQUEST_HOST, 0,
                                      usb->interface, NULL, 0, CONTROL_MS);
    }
    for (size_t i = 0; i < N_IN; i++)
        if (usb->in[i].is_flying)
            (void)libusb_cancel_transfer(usb->in[i].transfer);
    drain(usb, usb->in, N_IN);
    (void)libusb_release_interface(usb->handle, usb->interface);
    libusb_close(usb->handle);
    usb->handle = NULL;
}

/* Which of those that are plugged in is meant. */
static enum thenar_status choose(struct usb_transport *usb, struct thenar_error *error)
{
    struct usb_found found[USB_FOUND_MAX];
    char others[160] = "";
    size_t n = usb_discover(usb->context, found), n_fit = 0, used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!found[i].node[0])
            continue;
        if (usb->wanted[0] == '\0' || strcmp(usb->wanted, found[i].serial) == 0) {
            usb->found = found[i];
            n_fit++;
        }
        if (used < sizeof others)
            used += (size_t)snprintf(others + used, sizeof others - used, "%s%s", used ? ", " : "",
                                     found[i].serial);
    }
    if (n_fit == 1)
        return THENAR_OK;
    if (n_fit > 1)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "usb:%s: there are %zu such devices (%s); say which: usb:SERIAL",
                           usb->wanted, n_fit, others);
    return thenar_fail(error, THENAR_ERR_ABSENT, "usb:%s: not plugged in%s%s", usb->wanted,
                       others[0] ? "; there is " : "", others);
}

/* The vendor-specific interface that has one bulk endpoint each way. */
static bool find_endpoints(struct usb_transport *usb, libusb_device *device)
{
    struct libusb_config_descriptor *config;
    bool found = false;
    if (libusb_get_active_config_descriptor(device, &config) != 0)
        return false;
    for (uint8_t i = 0; i < config->bNumInterfaces && !found; i++) {
        const struct libusb_interface_descriptor *interface = config->interface[i].altsetting;
        usb->endpoint_in = usb->endpoint_out = 0;
        if (interface->bInterfaceClass != LIBUSB_CLASS_VENDOR_SPEC)
            continue;
        for (uint8_t k = 0; k < interface->bNumEndpoints; k++) {
            const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[k];
            if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK)
                continue;
            if (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN)
                usb->endpoint_in = endpoint->bEndpointAddress;
            else
                usb->endpoint_out = endpoint->bEndpointAddress;
        }
        usb->interface = interface->bInterfaceNumber;
        found = usb->endpoint_in && usb->endpoint_out;
    }
    libusb_free_config_descriptor(config);
    return found;
}

static libusb_device *find_device(const struct usb_transport *usb)
{
    libusb_device **devices, *device = NULL;
    ssize_t n = libusb_get_device_list(usb->context, &devices);
    for (ssize_t i = 0; i < n && !device; i++)
        if (libusb_get_bus_number(devices[i]) == usb->found.bus &&
            libusb_get_device_address(devices[i]) == usb->found.address)
            device = libusb_ref_device(devices[i]);
    if (n >= 0)
        libusb_free_device_list(devices, 1);
    return device;
}

static enum thenar_status explain(const struct usb_transport *usb, int result,
                                  struct thenar_error *error)
{
    const char *serial = usb->found.serial;
    char holder[DEVICE_HOLDER_BYTES];
    if (result == LIBUSB_ERROR_ACCESS)
        return thenar_fail(error, THENAR_ERR_DENIED, "usb:%s: no permission to open %s; %s", serial,
                           usb->found.node, USB_RULE_CURE);
    if (result == LIBUSB_ERROR_NO_DEVICE || result == LIBUSB_ERROR_NOT_FOUND)
        return thenar_fail(error, THENAR_ERR_ABSENT, "usb:%s: unplugged just now", serial);
    if (result != LIBUSB_ERROR_BUSY)
        return thenar_fail(error, THENAR_ERR_OS, "usb:%s: cannot be opened: %s", serial,
                           libusb_strerror(result));
    if (!device_holder_find(usb->found.node, holder))
        (void)snprintf(holder, sizeof holder, "another program");
    return thenar_fail(error, THENAR_ERR_BUSY, "usb:%s: busy: %s has it open; close that first",
                       serial, holder);
}

/* Claim the interface and say that a host is there (LINK.md, 1.1); firmware that does not know the
 * request stalls it, and takes the first octet for the same. */
static int claim(struct usb_transport *usb)
{
    int result = libusb_claim_interface(usb->handle, usb->interface);
    if (result != 0)
        return result;
    result = libusb_control_transfer(usb->handle, HOST_TYPE, THENAR_USB_REQUEST_HOST, 1,
                                     usb->interface, NULL, 0, CONTROL_MS);
    return result == LIBUSB_ERROR_PIPE || result > 0 ? 0 : result;
}

static void start_reading(struct usb_transport *usb)
{
    usb->oldest = 0;
    for (size_t i = 0; i < N_IN; i++) {
        libusb_fill_bulk_transfer(usb->in[i].transfer, usb->handle, usb->endpoint_in,
                                  usb->in_bytes[i], IN_BYTES, on_in, usb, 0);
        usb->in[i].is_done = false;
        submit(usb, &usb->in[i]);
    }
    for (size_t i = 0; i < N_OUT; i++) {
        libusb_fill_bulk_transfer(usb->out[i].transfer, usb->handle, usb->endpoint_out,
                                  usb->out_bytes[i], OUT_BYTES, on_out, usb, CONTROL_MS);
        usb->out[i].is_flying = false;
    }
}

static enum thenar_status open_usb(struct transport *transport, struct thenar_error *error)
{
    struct usb_transport *usb = (struct usb_transport *)transport;
    usb->has_arrived = usb->is_gone = usb->is_closing = false;
    usb->trouble = LIBUSB_TRANSFER_COMPLETED;
    handle_events(usb, 0);
    enum thenar_status status = choose(usb, error);
    if (status != THENAR_OK)
        return status;
    libusb_device *device = find_device(usb);
    int result = device ? libusb_open(device, &usb->handle) : LIBUSB_ERROR_NO_DEVICE;
    bool has_endpoints = result == 0 && find_endpoints(usb, device);
    if (device)
        libusb_unref_device(device);
    if (result == 0)
        result = has_endpoints ? claim(usb) : LIBUSB_ERROR_NOT_SUPPORTED;
    if (result == 0) {
        start_reading(usb);
        return THENAR_OK;
    }
    if (usb->handle)
        libusb_close(usb->handle);
    usb->handle = NULL;
    return explain(usb, result, error);
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
    if (usb->found.tty[0] && device_holder_find(usb->found.tty, holder))
        (void)snprintf(name, n_space, "%s, through %s,", holder, usb->found.tty);
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
    for (size_t i = 0; i < N_IN; i++)
        libusb_free_transfer(usb->in[i].transfer);
    for (size_t i = 0; i < N_OUT; i++)
        libusb_free_transfer(usb->out[i].transfer);
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
    bool has_all = true;
    for (size_t i = 0; i < N_IN; i++)
        has_all &= (usb->in[i].transfer = libusb_alloc_transfer(0)) != NULL;
    for (size_t i = 0; i < N_OUT; i++)
        has_all &= (usb->out[i].transfer = libusb_alloc_transfer(0)) != NULL;
    int result = has_all ? start_libusb(usb) : LIBUSB_ERROR_NO_MEM;
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
