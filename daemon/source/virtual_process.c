/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virtual_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "moment.h"

enum {
    CHILD_LISTEN_FD = 3,
    ARGUMENTS_MAX = URI_PARAMS_MAX + 8,
    END_MS = 500, /* it may take to end when asked */
    SHORT_LIFE_MS = 1000,
    REST_MS = 5000 /* before one that ended so soon is tried again */
};

struct virtual_process {
    char program[1024];
    char *arguments[ARGUMENTS_MAX]; /* owned, NULL-terminated */
    size_t n_arguments;
    int listen_fd;
    pid_t pid; /* 0: none runs */
    int pid_fd;
    char ending[64];
    bool is_over; /* it was to end with its recording or script, and did */
    bool until_end;
    int64_t started_ns;
    bool fails_at_once; /* it ended so soon that starting it again is not likely to help */
};

extern char **environ;

/* Parameters that become options of thenar-virtual(1), an underscore becoming a dash. The first
 * few are switches: 1, 0 or nothing behind them. */
static const char *const option_names[] = {
    "loop",      "uncalibrated", "until_end",      "sneak_paths", "script", "truth",  "seed",
    "rows",      "cols",         "pitch_mm",       "rate",        "mount",  "serial", "dead",
    "recording", "noise_counts", "recording_rate", "full_scale",  "fault",  "speed",  "exec"};
enum { N_OPTION_NAMES = sizeof option_names / sizeof *option_names, N_SWITCHES = 4 };

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

/* Beside this program, then on PATH. */
static enum thenar_status find_program(struct virtual_process *process, const struct uri *uri,
                                       struct thenar_error *error)
{
    static const char name[] = "thenar-virtual";
    const size_t n_space = sizeof process->program;
    const char *given = uri_value(uri, "exec");
    if (given) {
        (void)snprintf(process->program, n_space, "%s", given);
        if (is_program(process->program))
            return THENAR_OK;
        return thenar_fail(error, THENAR_ERR_ABSENT, "%s: exec=%s: %s", uri->written, given,
                           strerror(errno));
    }
    ssize_t n = readlink("/proc/self/exe", process->program, n_space - sizeof name - 1);
    char *slash = n > 0 ? memrchr(process->program, '/', (size_t)n) : NULL;
    if (slash) {
        memcpy(slash + 1, name, sizeof name);
        if (is_program(process->program))
            return THENAR_OK;
    }
    const char *path = getenv("PATH");
    while (path && *path) {
        int n_part = (int)strcspn(path, ":");
        (void)snprintf(process->program, n_space, "%.*s/%s", n_part, path, name);
        if (is_program(process->program))
            return THENAR_OK;
        path += n_part + (path[n_part] == ':');
    }
    return thenar_fail(error, THENAR_ERR_ABSENT,
                       "%s: %s is neither beside thenard nor on PATH; name it with exec=PATH",
                       uri->written, name);
}

/* `name` and `value` together become one argument; an underscore in the name becomes a dash. */
static bool add_argument(struct virtual_process *process, const char *name, const char *value)
{
    char *argument = NULL;
    if (process->n_arguments + 1 >= ARGUMENTS_MAX || asprintf(&argument, "%s%s", name, value) < 0)
        return false;
    for (size_t i = 0; i < strlen(name); i++)
        if (argument[i] == '_')
            argument[i] = '-';
    process->arguments[process->n_arguments++] = argument;
    return true;
}

static bool is_switch(const char *name)
{
    for (size_t i = 0; i < N_SWITCHES; i++)
        if (strcmp(name, option_names[i]) == 0)
            return true;
    return false;
}

static enum thenar_status read_switch(const struct uri *uri, const struct uri_param *param,
                                      bool *is_on, struct thenar_error *error)
{
    *is_on = param->value[0] == '\0' || strcmp(param->value, "1") == 0;
    if (*is_on || strcmp(param->value, "0") == 0)
        return THENAR_OK;
    return thenar_fail(error, THENAR_ERR_VALUE, "%s: %s=%s must be 0 or 1", uri->written,
                       param->name, param->value);
}

static enum thenar_status build_arguments(struct virtual_process *process, const struct uri *uri,
                                          struct thenar_error *error)
{
    bool good = add_argument(process, "", process->program);
    good = good && add_argument(process, "--listen-fd=", "3");
    good = good && add_argument(process, "--board=", uri->path);
    for (size_t i = 0; i < uri->n_params && good; i++) {
        const struct uri_param *param = &uri->params[i];
        char option[64];
        bool is_on = true;
        if (strcmp(param->name, "exec") == 0)
            continue;
        if (!is_switch(param->name)) {
            (void)snprintf(option, sizeof option, "--%s=", param->name);
            good = add_argument(process, option, param->value);
            continue;
        }
        enum thenar_status status = read_switch(uri, param, &is_on, error);
        if (status != THENAR_OK)
            return status;
        process->until_end = process->until_end || (is_on && strcmp(param->name, "until_end") == 0);
        (void)snprintf(option, sizeof option, "--%s", param->name);
        good = !is_on || add_argument(process, option, "");
    }
    return good ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
}

/* An address without a file, chosen by the kernel, on which the child accepts. */
static enum thenar_status listen_somewhere(struct virtual_process *process,
                                           struct thenar_error *error)
{
    struct sockaddr_un any = {.sun_family = AF_UNIX};
    process->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (process->listen_fd < 0 ||
        bind(process->listen_fd, (struct sockaddr *)&any, sizeof any.sun_family) != 0 ||
        listen(process->listen_fd, 1) != 0)
        return thenar_fail(error, THENAR_ERR_OS, "socket for a virtual device: %s",
                           strerror(errno));
    return THENAR_OK;
}

enum thenar_status virtual_process_create(struct virtual_process **out, const struct uri *uri,
                                          struct thenar_error *error)
{
    if (uri->path[0] == '\0')
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: which board? write virtual:table32 or virtual:glove16",
                           uri->written);
    enum thenar_status status = uri_allow(uri, option_names, N_OPTION_NAMES, "fault", error);
    if (status != THENAR_OK)
        return status;
    struct virtual_process *process = calloc(1, sizeof *process);
    if (!process)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    process->listen_fd = process->pid_fd = -1;
    status = find_program(process, uri, error);
    if (status == THENAR_OK)
        status = build_arguments(process, uri, error);
    if (status == THENAR_OK)
        status = listen_somewhere(process, error);
    if (status != THENAR_OK) {
        virtual_process_destroy(process);
        return status;
    }
    *out = process;
    return THENAR_OK;
}

socklen_t virtual_process_address(const struct virtual_process *process,
                                  struct sockaddr_un *address)
{
    socklen_t n = sizeof *address;
    memset(address, 0, sizeof *address);
    (void)getsockname(process->listen_fd, (struct sockaddr *)address, &n);
    return n;
}

/* Take note if it ended. `options` is WNOHANG or 0. */
static void reap(struct virtual_process *process, int options)
{
    int how;
    if (process->pid == 0 || waitpid(process->pid, &how, options) != process->pid)
        return;
    if (WIFEXITED(how))
        (void)snprintf(process->ending, sizeof process->ending, "exited with status %d",
                       WEXITSTATUS(how));
    else
        (void)snprintf(process->ending, sizeof process->ending, "was ended by signal %d",
                       WTERMSIG(how));
    process->is_over = process->until_end && WIFEXITED(how) && WEXITSTATUS(how) == 0;
    int64_t lived_ns = moment_monotonic_ns() - process->started_ns;
    process->fails_at_once = lived_ns < (int64_t)SHORT_LIFE_MS * NS_PER_MS;
    close(process->pid_fd);
    process->pid_fd = -1;
    process->pid = 0;
}

/* A socket closes a moment before its process is gone: wait for that moment. */
static bool has_ended(struct virtual_process *process, int wait_ms)
{
    if (process->pid != 0) {
        struct pollfd fd = {.fd = process->pid_fd, .events = POLLIN};
        if (poll(&fd, 1, wait_ms) > 0)
            reap(process, WNOHANG);
    }
    return process->pid == 0;
}

const char *virtual_process_ending(struct virtual_process *process)
{
    return has_ended(process, 20) ? process->ending : NULL;
}

bool virtual_process_is_over(const struct virtual_process *process)
{
    return process->is_over;
}

/* Own process group: Ctrl-C on a terminal is for us, and we end the child in our order. */
static int spawn(struct virtual_process *process)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, process->listen_fd, CHILD_LISTEN_FD);
    int failure = posix_spawn(&process->pid, process->program, &actions, &attributes,
                              process->arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

enum thenar_status virtual_process_ensure(struct virtual_process *process,
                                          struct thenar_error *error)
{
    if (!has_ended(process, 0))
        return THENAR_OK;
    int64_t now_ns = moment_monotonic_ns();
    if (process->fails_at_once && now_ns - process->started_ns < (int64_t)REST_MS * NS_PER_MS)
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "thenar-virtual %s right after its start, see its own message; it is "
                           "tried again every %d s",
                           process->ending, REST_MS / 1000);
    process->started_ns = now_ns;
    /* A connection that the last one never took must not reach the new one. */
    int stale;
    while ((stale = accept4(process->listen_fd, NULL, NULL, SOCK_NONBLOCK)) >= 0)
        close(stale);
    int failure = spawn(process);
    if (failure) {
        process->pid = 0;
        return thenar_fail(error, THENAR_ERR_OS, "%s: %s", process->program, strerror(failure));
    }
    process->pid_fd = pidfd_open(process->pid, 0);
    return THENAR_OK;
}

void virtual_process_destroy(struct virtual_process *process)
{
    if (!process)
        return;
    if (process->pid != 0) {
        (void)kill(process->pid, SIGTERM);
        if (!has_ended(process, END_MS)) {
            (void)kill(process->pid, SIGKILL);
            reap(process, 0);
        }
    }
    if (process->listen_fd >= 0)
        close(process->listen_fd);
    for (size_t i = 0; i < process->n_arguments; i++)
        free(process->arguments[i]);
    free(process);
}
