/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "auto_devices.h"
#include "log.h"
#include "notify.h"
#include "publish/control_server.h"
#include "publish/publisher.h"
#include "source/usb_arrivals.h"

struct station {
    struct conf *config;
    void *context; /* of ZeroMQ */
    int signal_fd;
    struct waker published; /* the publisher sleeps on it */
    struct waker answered;  /* we do */
    size_t n_devices, n_most;
    struct device_thread **devices;             /* [n_most] */
    struct publisher_device *publisher_devices; /* [n_most] */
    struct auto_devices *arrivals;              /* NULL: none are waited for */
    struct publisher *publisher;
    struct control_server *control;
};

/* The folder is made now, so that a session never fails for want of it. */
static enum thenar_status prepare_sessions(const char *folder, struct thenar_error *error)
{
    struct stat kind;
    if (folder[0] == '\0')
        return THENAR_OK;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return thenar_fail(error, THENAR_ERR_OS, "sessions: %s: cannot be made: %s", folder,
                           strerror(errno));
    if (stat(folder, &kind) != 0 || !S_ISDIR(kind.st_mode))
        return thenar_fail(error, THENAR_ERR_OS, "sessions: %s: not a folder", folder);
    if (access(folder, W_OK | X_OK) != 0)
        return thenar_fail(error, THENAR_ERR_DENIED, "sessions: %s: no permission to write there",
                           folder);
    return THENAR_OK;
}

/* Blocked in all threads, which inherit this: signals are read from a descriptor. */
static enum thenar_status prepare_signals(struct station *station, struct thenar_error *error)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &ending, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    station->signal_fd = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    if (station->signal_fd < 0)
        return thenar_fail(error, THENAR_ERR_OS, "signals: %s", strerror(errno));
    return THENAR_OK;
}

/* A device takes about eight descriptors: 64 of them come near the usual limit of 1024. */
static void prepare_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum thenar_status create_device(struct station *station, size_t i,
                                        struct thenar_error *error)
{
    const struct conf *config = station->config;
    const struct conf_device *wanted = &config->devices[i];
    struct device_thread_options options = {.name = wanted->name,
                                            .uri = wanted->uri,
                                            .gate_kpa = (float)config->gate_kpa,
                                            .calibrations = config->calibrations,
                                            .published = &station->published,
                                            .answered = &station->answered};
    struct thenar_error inner;
    enum thenar_status status = device_thread_create(&station->devices[i], &options, &inner);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%.150s: %.350s", wanted->origin, inner.text);
    struct publisher_device *publisher_device = &station->publisher_devices[i];
    publisher_device->name = wanted->name;
    publisher_device->uri = wanted->uri;
    publisher_device->ring = device_thread_ring(station->devices[i]);
    atomic_init(&publisher_device->rates.metrics_hz, (float)config->metrics_rate_hz);
    atomic_init(&publisher_device->rates.frame_hz, (float)config->frame_rate_hz);
    return THENAR_OK;
}

static enum thenar_status create_devices(struct station *station, struct thenar_error *error)
{
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < station->n_devices && status == THENAR_OK; i++)
        status = create_device(station, i, error);
    if (status == THENAR_OK && station->config->takes_new)
        status = auto_devices_create(&station->arrivals, error);
    return status;
}

static enum thenar_status create_sockets(struct station *station, struct thenar_error *error)
{
    const struct conf *config = station->config;
    station->context = zmq_ctx_new();
    if (!station->context)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for ZeroMQ");
    enum thenar_status status = publisher_create(
        &station->publisher, station->context, config->feed, config->station, &station->published,
        station->publisher_devices, station->n_devices, station->n_most, error);
    if (status != THENAR_OK)
        return status;
    struct control_view view = {.station = config->station,
                                .feed = publisher_address(station->publisher),
                                .publisher = station->publisher,
                                .devices = station->devices,
                                .publisher_devices = station->publisher_devices,
                                .n_devices = station->n_devices,
                                .n_most = station->n_most};
    return control_server_create(&station->control, station->context, config->control, &view,
                                 error);
}

static enum thenar_status start(struct station *station, struct thenar_error *error)
{
    enum thenar_status status = publisher_start(station->publisher, error);
    for (size_t i = 0; i < station->n_devices && status == THENAR_OK; i++)
        status = device_thread_start(station->devices[i], error);
    return status;
}

static void say_ready(const struct station *station)
{
    char text[128];
    log_say(LOG_LEVEL_INFO, NULL, "station %s: feed at %s, control at %s", station->config->station,
            publisher_address(station->publisher), control_server_address(station->control));
    for (size_t i = 0; i < station->n_devices; i++)
        log_say(LOG_LEVEL_INFO, station->publisher_devices[i].name, "%s",
                station->publisher_devices[i].uri);
    if (station->arrivals)
        log_say(LOG_LEVEL_INFO, NULL, "%s",
                station->n_devices ? "what is plugged in later becomes a device too"
                                   : "no device is plugged in yet; each that comes is taken");
    (void)snprintf(text, sizeof text, "READY=1\nSTATUS=%zu %s at station %s", station->n_devices,
                   station->n_devices == 1 ? "device" : "devices", station->config->station);
    notify_send(text);
}

/* Returns true when a signal asks us to end; the ones after it find us ending already. */
static bool take_signal(const struct station *station)
{
    struct signalfd_siginfo info;
    if (read(station->signal_fd, &info, sizeof info) != sizeof info)
        return false;
    log_say(LOG_LEVEL_INFO, NULL, "%s: ending", strsignal((int)info.ssi_signo));
    return true;
}

/* What was plugged in since becomes a device like the others. */
static void take_arrivals(struct station *station)
{
    if (!station->arrivals)
        return;
    size_t n_new = auto_devices_add(station->arrivals, station->config, station->n_most);
    for (; n_new > 0; n_new--) {
        struct thenar_error error;
        size_t i = station->n_devices;
        const char *name = station->config->devices[i].name;
        enum thenar_status status = create_device(station, i, &error);
        if (status == THENAR_OK) {
            station->n_devices++;
            publisher_add_device(station->publisher);
            control_server_add_device(station->control);
            log_say(LOG_LEVEL_INFO, name, "plugged in: %s", station->config->devices[i].uri);
            status = device_thread_start(station->devices[i], &error);
        } else {
            station->config->n_devices = i; /* it is tried again when something else arrives */
            n_new = 1;
        }
        if (status != THENAR_OK)
            log_say(LOG_LEVEL_ERROR, name, "%s", error.text);
    }
}

static void serve(struct station *station)
{
    struct pollfd fds[3] = {
        {.fd = station->signal_fd, .events = POLLIN},
        {.fd = control_server_fd(station->control), .events = POLLIN},
        {.fd = station->answered.fd, .events = POLLIN},
    };
    for (;;) {
        int timeout_ms;
        waker_prepare(&station->answered);
        if (control_server_execute(station->control, &timeout_ms))
            return;
        if (station->arrivals && (timeout_ms < 0 || timeout_ms > USB_ARRIVALS_MS))
            timeout_ms = USB_ARRIVALS_MS;
        (void)poll(fds, 3, timeout_ms);
        waker_finish_sleep(&station->answered);
        take_arrivals(station);
        if (fds[0].revents && take_signal(station))
            return;
    }
}

/* In the order of the stream: devices say their last, the publisher sends it. */
static void stop(struct station *station)
{
    for (size_t i = 0; i < station->n_devices; i++)
        if (station->devices[i])
            device_thread_stop(station->devices[i]);
    for (size_t i = 0; i < station->n_devices; i++)
        device_thread_join(station->devices[i]);
    if (station->publisher)
        publisher_stop(station->publisher);
}

static void finish(struct station *station)
{
    auto_devices_destroy(station->arrivals);
    control_server_destroy(station->control);
    publisher_destroy(station->publisher);
    for (size_t i = 0; i < station->n_devices; i++)
        device_thread_destroy(station->devices[i]);
    if (station->context)
        zmq_ctx_term(station->context);
    waker_finish(&station->published);
    waker_finish(&station->answered);
    if (station->signal_fd >= 0)
        close(station->signal_fd);
    free(station->devices);
    free(station->publisher_devices);
}

enum thenar_status station_run(struct conf *config, struct thenar_error *error)
{
    struct station station = {.config = config,
                              .signal_fd = -1,
                              .published.fd = -1,
                              .answered.fd = -1,
                              .n_devices = config->n_devices};
    station.n_most = config->n_devices + (config->takes_new ? AUTO_DEVICES_LATER_MAX : 0);
    if (station.n_most > CONF_DEVICES_MAX)
        station.n_most = CONF_DEVICES_MAX;
    station.devices = calloc(station.n_most, sizeof *station.devices);
    station.publisher_devices = calloc(station.n_most, sizeof *station.publisher_devices);
    enum thenar_status status = THENAR_OK;
    if (!station.devices || !station.publisher_devices ||
        waker_init(&station.published) != THENAR_OK || waker_init(&station.answered) != THENAR_OK)
        status = thenar_fail(error, THENAR_ERR_MEMORY, "no memory, or no descriptors, to start");
    if (status == THENAR_OK)
        status = prepare_sessions(config->sessions, error);
    if (status == THENAR_OK)
        status = prepare_signals(&station, error);
    prepare_descriptors();
    if (status == THENAR_OK)
        status = create_devices(&station, error);
    if (status == THENAR_OK)
        status = create_sockets(&station, error);
    if (status == THENAR_OK)
        status = start(&station, error);
    if (status == THENAR_OK) {
        say_ready(&station);
        serve(&station);
        notify_send("STOPPING=1");
    }
    stop(&station);
    finish(&station);
    return status;
}
