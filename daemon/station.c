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
#include "feed/key_folder.h"
#include "log.h"
#include "notify.h"
#include "publish/control_server.h"
#include "publish/key_gate.h"
#include "publish/publisher.h"
#include "recorder.h"
#include "session/model_file.h"
#include "session/session_folder.h"
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
    struct recorder *recorder;
    struct key_gate *gate;      /* NULL: no keys */
    struct linear_model *model; /* NULL: each pipeline has the one that ships */
    struct publisher *publisher;
    struct control_server *control;
};

/* A folder that was asked for is made now, so that a session never fails for want of it; the one
 * that is built in is made with the first session. */
static enum thenar_status prepare_sessions(const struct conf *config, struct thenar_error *error)
{
    struct thenar_error inner;
    if (config->sessions[0] == '\0' || strcmp(config->origins[CONF_SESSIONS], "built in") == 0)
        return THENAR_OK;
    enum thenar_status status = session_folder_prepare(config->sessions, &inner);
    return status == THENAR_OK ? status
                               : thenar_fail(error, status, "sessions: %.480s", inner.text);
}

/* What a crash, or a power cut, left open is made readable before anything else is recorded. */
static void repair_sessions(const char *folder)
{
    char **names;
    size_t n_names;
    struct thenar_error error;
    if (folder[0] == '\0' || session_folder_sessions(folder, &names, &n_names, &error) != THENAR_OK)
        return;
    for (size_t i = 0; i < n_names; i++) {
        char path[SESSION_PATH_BYTES];
        struct session_folder_repair result;
        (void)snprintf(path, sizeof path, "%.3000s/%.255s", folder, names[i]);
        if (!session_folder_is_left_open(path))
            continue;
        enum thenar_status status = session_folder_repair(path, &result, &error);
        if (status == THENAR_OK)
            log_say(LOG_LEVEL_WARNING, "session", "%s was cut off%s", names[i],
                    result.n_files > 0
                        ? ", and is repaired; `thenar session verify` tells what is missing"
                        : " before any device was recorded: there is nothing in it");
        else if (status != THENAR_ERR_BUSY)
            log_say(LOG_LEVEL_ERROR, "session", "%s was cut off: %s", names[i], error.text);
    }
    session_folder_free(names, n_names);
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
                                            .classifier =
                                                station->model ? &station->model->classifier : NULL,
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
    publisher_device->recorder = station->recorder;
    publisher_device->index = i;
    recorder_add_device(station->recorder, wanted->name, device_thread_tape(station->devices[i]));
    atomic_init(&publisher_device->rates.metrics_hz, (float)config->metrics_rate_hz);
    atomic_init(&publisher_device->rates.frame_hz, (float)config->frame_rate_hz);
    return THENAR_OK;
}

static enum thenar_status create_devices(struct station *station, struct thenar_error *error)
{
    const struct recorder_options options = {
        .config = station->config, .changed = &station->answered, .n_most = station->n_most};
    enum thenar_status status = recorder_create(&station->recorder, &options, error);
    for (size_t i = 0; i < station->n_devices && status == THENAR_OK; i++)
        status = create_device(station, i, error);
    if (status == THENAR_OK && station->config->takes_new)
        status = auto_devices_create(&station->arrivals, error);
    return status;
}

static enum thenar_status read_model(struct station *station, struct thenar_error *error)
{
    const struct conf *config = station->config;
    struct thenar_error inner;
    if (config->model[0] == '\0')
        return THENAR_OK;
    enum thenar_status status = model_file_read(&station->model, config->model, &inner);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%.100s: model: %.380s", config->origins[CONF_MODEL],
                           inner.text);
    log_say(LOG_LEVEL_INFO, NULL, "techniques are named by %s (%s)",
            station->model->classifier.name, station->model->recipe);
    return THENAR_OK;
}

/* @param own  out: this machine's pair */
static enum thenar_status create_gate(struct station *station, struct thenar_curve_key *own,
                                      struct thenar_error *error)
{
    const char *folder = station->config->keys;
    enum thenar_status status = thenar_key_folder_own(folder, own, error);
    return status == THENAR_OK ? key_gate_create(&station->gate, station->context, folder, error)
                               : status;
}

static enum thenar_status create_sockets(struct station *station, struct thenar_error *error)
{
    const struct conf *config = station->config;
    struct thenar_curve_key own;
    const struct thenar_curve_key *key = config->keys[0] ? &own : NULL;
    station->context = zmq_ctx_new();
    if (!station->context)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for ZeroMQ");
    enum thenar_status status = key ? create_gate(station, &own, error) : THENAR_OK;
    if (status == THENAR_OK)
        status = publisher_create(&station->publisher, station->context,
                                  &(struct feed_place){config->feed, key}, config->station,
                                  &station->published, station->publisher_devices,
                                  station->n_devices, station->n_most, error);
    if (status != THENAR_OK)
        return status;
    struct control_view view = {.station = config->station,
                                .feed = publisher_address(station->publisher),
                                .publisher = station->publisher,
                                .gate = station->gate,
                                .recorder = station->recorder,
                                .devices = station->devices,
                                .publisher_devices = station->publisher_devices,
                                .n_devices = station->n_devices,
                                .n_most = station->n_most};
    return control_server_create(&station->control, station->context,
                                 &(struct feed_place){config->control, key}, &view, error);
}

static enum thenar_status start(struct station *station, struct thenar_error *error)
{
    enum thenar_status status = publisher_start(station->publisher, error);
    if (status == THENAR_OK)
        status = recorder_start_thread(station->recorder, error);
    for (size_t i = 0; i < station->n_devices && status == THENAR_OK; i++)
        status = device_thread_start(station->devices[i], error);
    return status;
}

static void say_ready(const struct station *station)
{
    char text[128];
    log_say(LOG_LEVEL_INFO, NULL, "station %s: feed at %s, control at %s", station->config->station,
            publisher_address(station->publisher), control_server_address(station->control));
    if (station->gate)
        log_say(LOG_LEVEL_INFO, "keys", "encrypted, for the keys in %s/allowed",
                station->config->keys);
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

/* A device that comes while a session goes on is recorded too. */
static void join_session(struct station *station, size_t i)
{
    struct recorder_state state;
    const struct device_command command = {.kind = DEVICE_RECORD, .value = (double)NAN};
    recorder_state(station->recorder, &state);
    if (state.is_recording && !state.is_ending)
        (void)!device_thread_command(station->devices[i], &command);
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
            join_session(station, i);
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

/* In the order of the stream: devices say their last, the recorder writes and the publisher sends
 * it. */
static void stop(struct station *station)
{
    for (size_t i = 0; i < station->n_devices; i++)
        if (station->devices[i])
            device_thread_stop(station->devices[i]);
    for (size_t i = 0; i < station->n_devices; i++)
        device_thread_join(station->devices[i]);
    recorder_stop_thread(station->recorder);
    if (station->publisher)
        publisher_stop(station->publisher);
}

static void finish(struct station *station)
{
    auto_devices_destroy(station->arrivals);
    control_server_destroy(station->control);
    publisher_destroy(station->publisher);
    key_gate_destroy(station->gate);
    recorder_destroy(station->recorder);
    for (size_t i = 0; i < station->n_devices; i++)
        device_thread_destroy(station->devices[i]);
    if (station->context)
        zmq_ctx_term(station->context);
    waker_finish(&station->published);
    waker_finish(&station->answered);
    if (station->signal_fd >= 0)
        close(station->signal_fd);
    linear_model_destroy(station->model);
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
        status = prepare_sessions(config, error);
    if (status == THENAR_OK)
        status = prepare_signals(&station, error);
    prepare_descriptors();
    if (status == THENAR_OK)
        repair_sessions(config->sessions);
    if (status == THENAR_OK)
        status = read_model(&station, error);
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
