/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_devices.c - many devices in one light process, for measuring those who listen
 *
 * Listens on @PREFIX-0 .. @PREFIX-(N-1) (Linux's abstract names), answers DESCRIBE, START and STOP,
 * and sends ready-made FRAME messages at the rate. It computes nothing a frame, so that the figures
 * are the listener's. A frame for which the socket has no room is dropped, as a device would.
 * On SIGTERM it prints one JSON object: frames sent, dropped, and the latest that one left. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "link/command.h"
#include "link/hello.h"
#include "link/stream.h"

enum { DEVICES_MAX = 256, TICK_NS = 500000 };

struct device {
    int listen_fd, fd;
    bool streaming;
    int64_t start_ns;         /* when frame 0 is due */
    size_t next;              /* frame to send next */
    size_t rest_at, rest_end; /* octets of a frame that the socket did not take yet */
    struct thenar_stream commands;
};

struct devices {
    size_t n;
    double rate_hz;
    struct thenar_hello hello;
    uint8_t *octets;
    size_t n_octets;
    size_t *frame_at; /* [n_frames + 1] where each begins */
    size_t n_frames;
    unsigned long n_sent, n_dropped;
    int64_t latest_ns;
    struct device device[DEVICES_MAX];
};

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_devices: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void load_frames(struct devices *devices, const char *path)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about))
        die(path);
    devices->n_octets = (size_t)about.st_size;
    devices->octets = malloc(devices->n_octets);
    devices->frame_at = malloc((devices->n_octets / 2 + 2) * sizeof *devices->frame_at);
    if (!devices->octets || !devices->frame_at ||
        read(fd, devices->octets, devices->n_octets) != about.st_size)
        die(path);
    close(fd);
    /* Each message stands between two delimiters: it begins at every second one. */
    bool open_message = false;
    for (size_t i = 0; i < devices->n_octets; i++) {
        if (devices->octets[i])
            continue;
        if (!open_message)
            devices->frame_at[devices->n_frames++] = i;
        open_message = !open_message;
    }
    devices->frame_at[devices->n_frames] = devices->n_octets;
}

static int listen_on(const char *prefix, size_t i)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int n = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s-%zu", prefix, i);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t n_address = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, n_address) || listen(fd, 1))
        die(address.sun_path + 1);
    return fd;
}

static void hang_up(struct device *device)
{
    close(device->fd);
    device->fd = -1;
    device->streaming = false;
    device->rest_at = device->rest_end = 0;
}

/* One message; a socket that does not take it whole belongs to nobody who listens any more. */
static void send_message(struct device *device, uint8_t type, uint8_t *message, size_t n_body)
{
    static uint8_t wire[THENAR_ENCODED_BYTES];
    size_t n_wire;
    if (thenar_stream_wrap(type, message, n_body, wire, sizeof wire, &n_wire))
        die("an answer is too long");
    if (device->fd >= 0 && send(device->fd, wire, n_wire, MSG_NOSIGNAL) != (ssize_t)n_wire)
        hang_up(device);
}

static void answer(struct devices *devices, size_t i, const struct thenar_command *command)
{
    struct device *device = &devices->device[i];
    static uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    struct thenar_reply reply = {.request = command->request, .code = command->code};
    if (command->code == THENAR_COMMAND_DESCRIBE) {
        snprintf(devices->hello.serial, sizeof devices->hello.serial, "bench-%zu", i);
        if (thenar_hello_encode(&devices->hello, message + 1, sizeof message - 5, &n_body))
            die("HELLO");
        send_message(device, THENAR_MESSAGE_HELLO, message, n_body);
    } else if (command->code == THENAR_COMMAND_RATE) {
        reply.value = devices->hello.rate_mhz;
    }
    if (thenar_reply_encode(&reply, message + 1, sizeof message - 5, &n_body))
        die("REPLY");
    if (command->code == THENAR_COMMAND_STOP)
        device->streaming = false;
    send_message(device, THENAR_MESSAGE_REPLY, message, n_body);
    if (command->code == THENAR_COMMAND_START && !device->streaming && device->fd >= 0) {
        device->streaming = true;
        device->next = 0;
        /* devices scan at the same rate, each at a moment of its own */
        double phase_s = (double)i / (double)devices->n / devices->rate_hz;
        device->start_ns = now_ns() + (int64_t)(phase_s * 1e9);
    }
}

static void listen_to(struct devices *devices, size_t i)
{
    struct device *device = &devices->device[i];
    uint8_t bytes[512];
    ssize_t n_read = read(device->fd, bytes, sizeof bytes);
    if (n_read <= 0) {
        hang_up(device);
        return;
    }
    for (size_t at = 0; at < (size_t)n_read && device->fd >= 0;) {
        struct thenar_message message;
        size_t n_used;
        enum thenar_status status = thenar_stream_next(&device->commands, bytes + at,
                                                       (size_t)n_read - at, &n_used, &message);
        at += n_used;
        struct thenar_command command;
        if (status == THENAR_OK && message.type == THENAR_MESSAGE_COMMAND &&
            !thenar_command_decode(message.body, message.n_body, &command))
            answer(devices, i, &command);
    }
}

/* As much as the socket takes of [rest_at, rest_end). */
static void send_rest(struct devices *devices, struct device *device)
{
    ssize_t n = send(device->fd, devices->octets + device->rest_at,
                     device->rest_end - device->rest_at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        device->rest_at += (size_t)n;
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        hang_up(device);
}

static void send_due(struct devices *devices, struct device *device, int64_t now)
{
    if (device->rest_at < device->rest_end)
        send_rest(devices, device);
    while (device->streaming && device->next < devices->n_frames) {
        int64_t due_ns =
            device->start_ns + (int64_t)((double)device->next / devices->rate_hz * 1e9);
        if (due_ns > now)
            break;
        if (now - due_ns > devices->latest_ns)
            devices->latest_ns = now - due_ns;
        size_t frame = device->next++;
        if (device->rest_at < device->rest_end) {
            devices->n_dropped++;
            continue;
        }
        device->rest_at = devices->frame_at[frame];
        device->rest_end = devices->frame_at[frame + 1];
        devices->n_sent++;
        send_rest(devices, device);
    }
}

static void serve(struct devices *devices)
{
    struct pollfd polled[1 + DEVICES_MAX];
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    struct itimerspec tick = {{0, TICK_NS}, {0, TICK_NS}};
    if (timer < 0 || timerfd_settime(timer, 0, &tick, NULL))
        die("timer");
    while (!stop_asked) {
        polled[0] = (struct pollfd){.fd = timer, .events = POLLIN};
        for (size_t i = 0; i < devices->n; i++) {
            const struct device *device = &devices->device[i];
            polled[1 + i].fd = device->fd >= 0 ? device->fd : device->listen_fd;
            polled[1 + i].events = POLLIN;
        }
        if (poll(polled, (nfds_t)(1 + devices->n), -1) < 0 && errno != EINTR)
            die("poll");
        uint64_t n_ticks;
        if (polled[0].revents && read(timer, &n_ticks, sizeof n_ticks) < 0)
            continue;
        int64_t now = now_ns();
        for (size_t i = 0; i < devices->n; i++) {
            struct device *device = &devices->device[i];
            if (polled[1 + i].revents && device->fd >= 0)
                listen_to(devices, i);
            else if (polled[1 + i].revents)
                device->fd = accept4(device->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (device->streaming)
                send_due(devices, device, now);
        }
    }
    close(timer);
}

static void describe(struct thenar_hello *hello, unsigned side, unsigned rate_hz)
{
    *hello = (struct thenar_hello){
        .version_major = THENAR_LINK_VERSION_MAJOR,
        .version_minor = THENAR_LINK_VERSION_MINOR,
        .mount = THENAR_MOUNT_PAD,
        .adc_bits = 12,
        .n_rows = (uint16_t)side,
        .n_cols = (uint16_t)side,
        .tick_hz = 1000000,
        .rate_mhz = rate_hz * 1000,
        .rate_min_mhz = rate_hz * 1000,
        .rate_max_mhz = rate_hz * 1000,
        .pitch_x_um = 15000,
        .pitch_y_um = 15000,
        .sensing_um2 = 225000000,
        .front_end = THENAR_FRONT_END_DIVIDER,
        .zero_potential = true,
        .reference_ohm = 10000,
        .settle_ns = 1000,
        .calibration = THENAR_CALIBRATION_FACTORY,
        .conductance_100kpa_ns = 60000,
        .exponent_e4 = 9000,
        .model = "bench",
        .firmware = "bench 1",
    };
    memset(hello->exists, 0, sizeof hello->exists);
    for (unsigned i = 0; i < side * side; i++)
        hello->exists[i / 8] = (uint8_t)(hello->exists[i / 8] | 1u << i % 8);
}

int main(int argc, char **argv)
{
    static struct devices devices; /* large */
    if (argc != 6) {
        fprintf(stderr, "usage: bench_devices PREFIX N WIRE SIDE RATE_HZ\n");
        return EXIT_FAILURE;
    }
    unsigned side = (unsigned)strtoul(argv[4], NULL, 10);
    unsigned rate_hz = (unsigned)strtoul(argv[5], NULL, 10);
    devices.n = strtoul(argv[2], NULL, 10);
    if (devices.n < 1 || devices.n > DEVICES_MAX || side < 1 || side > 64 || rate_hz < 1) {
        fprintf(stderr, "bench_devices: 1 to %d devices, a side of 1 to 64, a rate above 0\n",
                DEVICES_MAX);
        return EXIT_FAILURE;
    }
    devices.rate_hz = rate_hz;
    describe(&devices.hello, side, rate_hz);
    load_frames(&devices, argv[3]);
    struct sigaction action = {.sa_handler = ask_stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    for (size_t i = 0; i < devices.n; i++) {
        devices.device[i].fd = -1;
        devices.device[i].listen_fd = listen_on(argv[1], i);
        thenar_stream_init(&devices.device[i].commands);
    }
    serve(&devices);
    printf("{\"sent\": %lu, \"dropped\": %lu, \"latest_us\": %.0f}\n", devices.n_sent,
           devices.n_dropped, (double)devices.latest_ns * 1e-3);
    return EXIT_SUCCESS;
}
