/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial.c - serial:/dev/ttyACM0: a device behind a serial port, by libserialport
 *
 * The library opens and configures the port; waiting is done on its descriptor, so that arrival
 * times are exact and closing is immediate. */
#include <dirent.h>
#include <errno.h>
#include <libserialport.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "link_source.h"
#include "source_kinds.h"

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
                       "%s: no permission; add the user to the group dialout (usermod -aG dialout "
                       "USER, then log in again) or install Thenar's udev rule",
                       serial->path);
}

/* Is this process's descriptor table holding the port? Reads only what the kernel lets us see. */
static bool has_port_open(const char *pid, dev_t device)
{
    char folder[64], path[384];
    (void)snprintf(folder, sizeof folder, "/proc/%.20s/fd", pid);
    DIR *fds = opendir(folder);
    bool found = false;
    for (struct dirent *entry; fds && !found && (entry = readdir(fds));) {
        struct stat status;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        found = stat(path, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == device;
    }
    if (fds)
        closedir(fds);
    return found;
}

/* Name the program that holds the port, as far as we may see it. */
static void name_holder(const char *path, char *name, size_t n_space)
{
    struct stat port;
    (void)snprintf(name, n_space, "another program");
    DIR *processes = stat(path, &port) == 0 ? opendir("/proc") : NULL;
    for (struct dirent *entry; processes && (entry = readdir(processes));) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
            atoi(entry->d_name) == (int)getpid() || !has_port_open(entry->d_name, port.st_rdev))
            continue;
        char comm_path[64], comm[32] = "";
        (void)snprintf(comm_path, sizeof comm_path, "/proc/%.20s/comm", entry->d_name);
        FILE *file = fopen(comm_path, "re");
        if (file && fgets(comm, sizeof comm, file))
            comm[strcspn(comm, "\n")] = '\0';
        if (file)
            fclose(file);
        (void)snprintf(name, n_space, "%s (process %.20s)", comm, entry->d_name);
        break;
    }
    if (processes)
        closedir(processes);
}

static enum thenar_status say_busy(const struct serial_transport *serial,
                                   struct thenar_error *error)
{
    char holder[96];
    name_holder(serial->path, holder, sizeof holder);
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

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    if (uri->path[0] == '\0')
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: which port? write serial:/dev/ttyACM0",
                           uri->written);
    enum thenar_status status = uri_allow(uri, NULL, 0, NULL, error);
    if (status != THENAR_OK)
        return status;
    struct serial_transport *serial = calloc(1, sizeof *serial);
    if (!serial)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    serial->transport = (struct transport){.open = open_serial,
                                           .fds = serial_fds,
                                           .read = read_serial,
                                           .write = write_serial,
                                           .close = close_serial,
                                           .destroy = destroy_serial};
    serial->fd = -1;
    (void)snprintf(serial->path, sizeof serial->path, "%s", uri->path);
    return link_source_create(out, &serial->transport, NULL, error);
}

const struct source_kind source_serial = {
    .scheme = "serial",
    .usage = "serial:/dev/ttyACM0",
    .help = "a device behind a serial port",
    .open = open_source,
};
