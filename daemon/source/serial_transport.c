/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serial_transport.h"

#include <errno.h>
#include <libserialport.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "device_holder.h"
#include "uri.h"
#include "usb_discovery.h"

struct serial_transport {
    struct transport transport;
    char path[URI_TEXT_BYTES];
    struct sp_port *port; /* NULL: closed */
    int fd;
};

static enum thenar_status say_denied(const struct serial_transport *serial,
                                     struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_DENIED,
                       "%s: no permission; %s; or add the user to the group dialout (usermod -aG "
                       "dialout USER) and log in again",
                       serial->path, USB_RULE_CURE);
}

static enum thenar_status say_busy(const struct serial_transport *serial,
                                   struct thenar_error *error)
{
    char holder[DEVICE_HOLDER_BYTES];
    if (!device_holder_find(serial->path, holder))
        (void)snprintf(holder, sizeof holder, "another program");
    return thenar_fail(error, THENAR_ERR_BUSY, "%s: %s has it open; close that first", serial->path,
                       holder);
}

static void close_serial(struct transport *transport)
{
    struct serial_transport *serial = (struct serial_transport *)transport;
    if (!serial->port)
        return;
    (void)sp_close(serial->port);
    sp_free_port(serial->port);
    serial->port = NULL;
    serial->fd = -1;
}

/* Raw 8N1, no flow control, DTR on: TinyUSB sends nothing until DTR is set. */
static enum sp_return configure(struct sp_port *port)
{
    struct sp_port_config *config = NULL;
    enum sp_return result = sp_new_config(&config);
    if (result != SP_OK)
        return result;
    (void)sp_set_config_baudrate(config,
                                 115200); /* of no meaning over USB, but must be something */
    (void)sp_set_config_bits(config, 8);
    (void)sp_set_config_parity(config, SP_PARITY_NONE);
    (void)sp_set_config_stopbits(config, 1);
    (void)sp_set_config_flowcontrol(config, SP_FLOWCONTROL_NONE);
    (void)sp_set_config_dtr(config, SP_DTR_ON);
    result = sp_set_config(port, config);
    sp_free_config(config);
    return result;
}

/* Why libserialport could not: its own text is about the call, ours about the cure. */
static enum thenar_status explain(const struct serial_transport *serial, int reason,
                                  struct thenar_error *error)
{
    if (access(serial->path, F_OK) != 0)
        return thenar_fail(error, THENAR_ERR_ABSENT, "%s: not there; is the device plugged in?",
                           serial->path);
    if (access(serial->path, R_OK | W_OK) != 0)
        return say_denied(serial, error);
    if (reason == EBUSY)
        return say_busy(serial, error);
    return thenar_fail(error, THENAR_ERR_OS, "%s: cannot be opened as a serial port: %s",
                       serial->path, reason ? strerror(reason) : "not a serial port");
}

static enum thenar_status open_serial(struct transport *transport, struct thenar_error *error)
{
    struct serial_transport *serial = (struct serial_transport *)transport;
    errno = 0;
    enum sp_return result = sp_get_port_by_name(serial->path, &serial->port);
    if (result == SP_OK)
        result = sp_open(serial->port, SP_MODE_READ_WRITE);
    if (result != SP_OK) {
        int reason = errno;
        if (serial->port)
            sp_free_port(serial->port);
        serial->port = NULL;
        return explain(serial, reason, error);
    }
    result = configure(serial->port);
    if (result == SP_OK)
        result = sp_get_port_handle(serial->port, &serial->fd);
    if (result != SP_OK) {
        int reason = errno;
        close_serial(transport);
        return explain(serial, reason, error);
    }
    /* A second opener gets EBUSY; ModemManager and friends stay out while we read. */
    (void)ioctl(serial->fd, TIOCEXCL);
    (void)sp_flush(serial->port, SP_BUF_INPUT);
    return THENAR_OK;
}

static size_t serial_fds(const struct transport *transport, struct pollfd *fds)
{
    const struct serial_transport *serial = (const struct serial_transport *)transport;
    fds[0] = (struct pollfd){.fd = serial->fd, .events = POLLIN};
    return serial->fd >= 0 ? 1 : 0;
}

static enum thenar_status read_serial(struct transport *transport, uint8_t *bytes, size_t n_space,
                                      size_t *n_read, struct thenar_error *error)
{
    struct serial_transport *serial = (struct serial_transport *)transport;
    ssize_t n = read(serial->fd, bytes, n_space);
    if (n > 0) {
        *n_read = (size_t)n;
        return THENAR_OK;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return THENAR_PENDING;
    /* The port's VMIN is 0: nothing read is a hang-up only if poll says so too. */
    struct pollfd state = {.fd = serial->fd};
    if (n == 0 && poll(&state, 1, 0) == 0)
        return THENAR_PENDING;
    return thenar_fail(error, THENAR_END, "%s: unplugged (%s)", serial->path,
                       n < 0 ? strerror(errno) : "hung up");
}

static enum thenar_status write_serial(struct transport *transport, const uint8_t *bytes,
                                       size_t n_bytes, struct thenar_error *error)
{
    struct serial_transport *serial = (struct serial_transport *)transport;
    enum sp_return n = sp_nonblocking_write(serial->port, bytes, n_bytes);
    if (n >= 0 && (size_t)n == n_bytes)
        return THENAR_OK;
    return thenar_fail(error, THENAR_ERR_OS, "%s: takes no commands: %s", serial->path,
                       n < 0 ? strerror(errno) : "its buffer is full");
}

static void destroy_serial(struct transport *transport)
{
    close_serial(transport);
    free(transport);
}

/* Who has the same device by its other interface: its node on the bus is open, then. */
static void name_rival(const struct transport *transport, char *name, size_t n_space)
{
    const struct serial_transport *serial = (const struct serial_transport *)transport;
    struct usb_found found[USB_FOUND_MAX];
    char holder[DEVICE_HOLDER_BYTES];
    size_t n = usb_discover(NULL, found);
    for (size_t i = 0; i < n; i++)
        if (strcmp(found[i].tty, serial->path) == 0 && found[i].node[0] &&
            device_holder_find(found[i].node, holder))
            (void)snprintf(name, n_space, "%s, through %s,", holder, found[i].node);
}

enum thenar_status serial_transport_create(struct transport **out, const char *path,
                                           struct thenar_error *error)
{
    struct serial_transport *serial = calloc(1, sizeof *serial);
    if (!serial)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    serial->transport = (struct transport){.open = open_serial,
                                           .fds = serial_fds,
                                           .read = read_serial,
                                           .write = write_serial,
                                           .close = close_serial,
                                           .destroy = destroy_serial,
                                           .name_rival = name_rival};
    serial->fd = -1;
    (void)snprintf(serial->path, sizeof serial->path, "%s", path);
    *out = &serial->transport;
    return THENAR_OK;
}
