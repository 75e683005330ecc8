/* SPDX-License-Identifier: MIT */
/* thenar-virtual - the firmware as a Linux process: a Thenar device without hardware */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "playback.h"
#include "therapist/scene.h"
#include "virtual_board.h"
#include "virtual_options.h"
#include "virtual_port.h"

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* How often somebody who knocks is let in; how far a hanging device's own time goes on at a time.
 */
static const int64_t look_ns = 100000000, hang_step_ns = 10000000, bootloader_ns = 1000000000;

struct virtual_device {
    struct virtual_options options;
    struct virtual_board board;
    struct stimulus *stimulus;
    struct virtual_port port;
    struct device device;
    int64_t return_ns; /* when an unplugged device comes back; INT64_MAX: it is plugged */
    int64_t end_ns;    /* --duration; INT64_MAX: never */
    bool is_ending;    /* no more scans: send what there is */
    unsigned n_unlooked;
};

static volatile sig_atomic_t is_stopping;

static void stop(int signal_number)
{
    (void)signal_number;
    is_stopping = 1;
}

/* Signals wake ppoll() and nothing else. */
static void catch_signals(sigset_t *while_waiting)
{
    struct sigaction action = {.sa_handler = stop};
    sigset_t blocked;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, while_waiting);
    sigdelset(while_waiting, SIGTERM);
    sigdelset(while_waiting, SIGINT);
}

/* A device that was started for a daemon has no business without it. */
static void die_with_parent(void)
{
    pid_t parent = getppid();
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        is_stopping = 1;
}

static enum thenar_status open_stimulus(struct virtual_device *virtual, struct thenar_error *error)
{
    const struct virtual_options *options = &virtual->options;
    if (options->recording) {
        if (options->rate_hz <= 0.0)
            virtual->board.array.rate_hz = 0.0F;
        enum thenar_status status = playback_create(
            &virtual->stimulus, &virtual->board.array,
            &(struct playback_options){.path = options->recording,
                                       .recording_rate_hz = options->recording_rate_hz,
                                       .full_scale_counts = options->full_scale_counts,
                                       .loop = options->loop},
            error);
        if (status == THENAR_OK && options->rate_hz <= 0.0)
            virtual_board_set_rate(&virtual->board, (double)virtual->board.array.rate_hz);
        return status;
    }
    bool is_demo = !options->script || strcmp(options->script, "demo") == 0;
    return scene_create(&virtual->stimulus, &virtual->board.array,
                        &(struct scene_options){
                            .script = is_demo ? "demo" : options->script,
                            .truth_path = options->truth,
                            .seed = options->seed,
                            .loop = options->loop || (is_demo && !options->until_end),
                            .calibrated = !options->uncalibrated,
                            .noise_counts = (float)options->noise_counts,
                            .spread_pct = NAN,
                            .hysteresis_pct = NAN,
                            .creep_pct_decade = NAN,
                            .n_dead = (uint16_t)options->n_dead,
                            .sneak_paths = options->sneak_paths,
                        },
                        error);
}

static enum thenar_status open_link(struct virtual_device *virtual, struct thenar_error *error)
{
    const struct virtual_options *options = &virtual->options;
    struct virtual_link *link = &virtual->port.link;
    if (options->listen_fd >= 0)
        return virtual_link_inherit(link, options->listen_fd, options->seed, error);
    char path[sizeof link->path];
    const char *address = options->listen;
    if (!address) {
        enum thenar_status status =
            virtual_link_default(path, sizeof path, virtual->board.board.model, error);
        if (status != THENAR_OK)
            return status;
        address = path;
    }
    enum thenar_status status = virtual_link_listen(link, address, options->seed, error);
    if (status != THENAR_OK)
        return status;
    printf("thenar-virtual: %s, serial %s, listens at %s\n", virtual->board.board.model,
           virtual->board.identity.serial, address);
    (void)fflush(stdout);
    return THENAR_OK;
}

static void restart(struct virtual_device *virtual, bool by_watchdog, bool power_lost)
{
    virtual_port_reset(&virtual->port, by_watchdog, power_lost);
    /* It fitted the first time. */
    if (device_init(&virtual->device, &virtual->board.board, &virtual->board.identity) != THENAR_OK)
        is_stopping = 1;
}

static void leave(struct virtual_device *virtual, int64_t until_ns)
{
    virtual->return_ns = until_ns;
    virtual_port_reset(&virtual->port, false, true);
    virtual_link_plug(&virtual->port.link, false);
}

static void come_back(struct virtual_device *virtual)
{
    virtual->return_ns = INT64_MAX;
    restart(virtual, false, true);
    virtual_link_plug(&virtual->port.link, true);
}

static void begin_or_end(struct virtual_device *virtual, const struct fault *fault, int64_t now_ns)
{
    struct fault_line *line = &virtual->port.link.line;
    switch (fault->kind) {
    case FAULT_BITS:
        fault_line_set_bit_errors(line, fault->ended ? 0.0 : fault->value);
        break;
    case FAULT_FLIP:
        fault_line_flip(line, (unsigned)fault->value);
        break;
    case FAULT_DROP:
        fault_line_drop(line, (unsigned)fault->value);
        break;
    case FAULT_DELAY: /* waiting takes time, and time of its own would stand still */
        virtual->port.bus.most_s = fault->ended || virtual->port.clock.free_running
                                       ? 0.0
                                       : 1e-3 * fault->value;
        break;
    case FAULT_STALL:
        virtual->port.link.stalled = !fault->ended;
        break;
    case FAULT_UNPLUG:
        if (!fault->ended)
            leave(virtual, now_ns + (int64_t)(fmin(fault->for_s, 1e9) * 1e9));
        break;
    case FAULT_RESET:
    case FAULT_WATCHDOG:
        restart(virtual, fault->kind == FAULT_WATCHDOG, false);
        break;
    case FAULT_DRIFT:
        virtual_clock_set_drift(&virtual->port.clock, fault->ended ? 0.0 : fault->value);
        break;
    case FAULT_ROW_OPEN:
    case FAULT_COLUMN_SHORT:
    case FAULT_TAXEL_STUCK:
    case FAULT_HUM:
    case FAULT_LATE:
    case FAULT_HANG:
    case FAULT_SUPPLY:
    case FAULT_FLASH:
    case FAULT_TRIGGER:
    case FAULT_N_KINDS:
        break; /* the port asks for these when it needs them */
    }
}

static void poll_faults(struct virtual_device *virtual, int64_t now_ns)
{
    const struct fault *fault;
    while ((fault = fault_plan_step(&virtual->options.faults, (double)now_ns * 1e-9)))
        begin_or_end(virtual, fault, now_ns);
}

/* Whether octets wait for the host to read. */
static bool is_sending(const struct virtual_device *virtual)
{
    return virtual->port.link.host_fd >= 0 &&
           (device_is_sending(&virtual->device) || virtual_link_is_sending(&virtual->port.link));
}

/* Whether a scan may run now; at "--speed max" it waits for the host instead of dropping. */
static bool may_scan(const struct virtual_device *virtual, int64_t now_ns)
{
    const struct virtual_port *port = &virtual->port;
    int64_t due_ns = virtual_port_due_ns(port);
    if (virtual->is_ending || due_ns == INT64_MAX)
        return false;
    if (port->clock.free_running)
        return !is_sending(virtual) || port->link.stalled;
    return due_ns <= now_ns;
}

/* One turn while plugged in. @return whether there may be more to do at once */
static bool run(struct virtual_device *virtual, int64_t now_ns)
{
    struct virtual_port *port = &virtual->port;
    device_poll(&virtual->device);
    if (port->wants_bootloader) {
        leave(virtual, now_ns + bootloader_ns);
        return false;
    }
    if (!may_scan(virtual, now_ns)) {
        bool hangs = port->scan && fault_plan_active(&virtual->options.faults, FAULT_HANG, NULL);
        if (hangs)
            virtual_clock_advance(&port->clock, now_ns + hang_step_ns);
        return hangs && port->clock.free_running; /* then time passed without waiting for it */
    }
    virtual_clock_advance(&port->clock, virtual_port_due_ns(port));
    virtual_port_scan(port);
    if (port->is_over && port->stops_at_end)
        virtual->is_ending = true;
    return true;
}

/* Sleep until something is to be done: a scan, a fault, a STATUS, a host. */
static void wait_for_work(struct virtual_device *virtual, const sigset_t *mask)
{
    struct virtual_port *port = &virtual->port;
    int64_t now_ns = virtual_clock_now_ns(&port->clock);
    double fault_s = fault_plan_next_s(&virtual->options.faults);
    int64_t until_ns = now_ns + look_ns;
    if (fault_s * 1e9 < (double)until_ns)
        until_ns = (int64_t)(fault_s * 1e9) + 1;
    int64_t due_ns = virtual->is_ending ? INT64_MAX : virtual_port_due_ns(port);
    if (due_ns < until_ns && !port->clock.free_running)
        until_ns = due_ns;
    int64_t status_ns = port->reset_ns + (int64_t) virtual->device.health.status_ticks * 1000;
    if (status_ns < until_ns)
        until_ns = status_ns;
    if (virtual->return_ns < until_ns)
        until_ns = virtual->return_ns;
    bool sends = is_sending(virtual) && !port->link.stalled;
    if (sends && now_ns < port->bus.opens_ns) {
        sends = false;
        until_ns = port->bus.opens_ns < until_ns ? port->bus.opens_ns : until_ns;
    }
    int64_t wait_ns =
        port->clock.free_running ? look_ns : virtual_clock_wait_ns(&port->clock, until_ns);

    struct timespec wait = {.tv_sec = wait_ns / 1000000000, .tv_nsec = wait_ns % 1000000000};
    struct pollfd fds[2] = {
        {.fd = port->link.listen_fd, .events = POLLIN},
        {.fd = port->link.host_fd, .events = (short)(POLLIN | POLLRDHUP | (sends ? POLLOUT : 0))}};
    (void)ppoll(fds, 2, &wait, mask);
}

/* In its own time, an unplugged device comes back at once: nothing else makes that time pass. */
static void loop(struct virtual_device *virtual, const sigset_t *mask)
{
    struct virtual_port *port = &virtual->port;
    while (!is_stopping) {
        if (virtual->return_ns != INT64_MAX)
            virtual_clock_advance(&port->clock, virtual->return_ns);
        int64_t now_ns = virtual_clock_now_ns(&port->clock);
        virtual_link_poll(&port->link);
        poll_faults(virtual, now_ns);
        if (virtual->return_ns <= now_ns)
            come_back(virtual);
        if (now_ns >= virtual->end_ns)
            virtual->is_ending = true;
        if (virtual->return_ns == INT64_MAX && run(virtual, now_ns))
            continue;
        if (virtual->is_ending && !is_sending(virtual))
            return;
        wait_for_work(virtual, mask);
    }
}

static enum thenar_status set_up(struct virtual_device *virtual, struct thenar_error *error)
{
    const struct virtual_options *options = &virtual->options;
    enum thenar_status status = virtual_board_init(&virtual->board, options, error);
    if (status == THENAR_OK)
        status = open_stimulus(virtual, error);
    if (status == THENAR_OK)
        status = open_link(virtual, error);
    if (status != THENAR_OK)
        return status;
    struct stimulus_calibration calibration;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): only a failure leaves it unset */
    virtual->stimulus->calibration(virtual->stimulus, &calibration);
    virtual_board_calibrate(&virtual->board, &calibration);
    virtual_clock_init(&virtual->port.clock, options->speed, options->speed_max);
    busy_bus_init(&virtual->port.bus, options->seed);
    virtual_port_init(&virtual->port, &virtual->board.board, virtual->stimulus,
                      &virtual->options.faults);
    virtual->port.stops_at_end = options->until_end;
    virtual->return_ns = INT64_MAX;
    virtual->end_ns = options->duration_s > 0.0 ? (int64_t)(options->duration_s * 1e9) : INT64_MAX;
    return device_init(&virtual->device, &virtual->board.board, &virtual->board.identity);
}

static int complain(const struct thenar_error *error)
{
    (void)fprintf(stderr, "thenar-virtual: %s\n", error->text);
    return error->status == THENAR_ERR_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    static struct virtual_device virtual = {.port.link = {.listen_fd = -1, .host_fd = -1}};
    struct thenar_error error = {0};
    if (virtual_options_parse(&virtual.options, argc, argv, &error) != THENAR_OK)
        return complain(&error);
    if (virtual.options.help || virtual.options.version) {
        (void)fputs(virtual.options.help ? virtual_options_help
                                         : "thenar-virtual " THENAR_VERSION "\n",
                    stdout);
        return fflush(stdout) == 0 ? EXIT_GOOD : EXIT_FAILED;
    }
    sigset_t mask;
    catch_signals(&mask);
    if (virtual.options.listen_fd >= 0)
        die_with_parent();
    (void)prctl(PR_SET_TIMERSLACK, 1UL);

    enum thenar_status status = set_up(&virtual, &error);
    if (status == THENAR_OK)
        loop(&virtual, &mask);
    virtual_link_finish(&virtual.port.link);
    if (virtual.stimulus)
        virtual.stimulus->destroy(virtual.stimulus);
    return status == THENAR_OK ? EXIT_GOOD : complain(&error);
}
