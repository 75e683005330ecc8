/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key_gate.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <zmq.h>

#include "feed/key_folder.h"
#include "log.h"
#include "moment.h"

enum {
    KEY_BYTES = 32,
    N_PARTS = 7, /* version, id, domain, address, identity, mechanism, the client's key */
    PART_BYTES = 256,
    STACK_BYTES = 256 * 1024
};

/* However often strangers knock, the log gets a line about them in so many seconds. */
static const int64_t LOG_INTERVAL_NS = INT64_C(10000000000);

struct part {
    unsigned char text[PART_BYTES + 1]; /* closed by a zero */
    size_t n;
};

struct key_gate {
    void *questions; /* REP */
    int end_fd;
    pthread_t thread;
    bool has_thread;
    _Atomic uint64_t n_refused;
    int64_t logged_ns; /* 0: never */
    char folder[THENAR_KEY_PATH_BYTES];
};

/* A question's parts, cut at PART_BYTES. @return how many came; 0: none is there */
static size_t receive(void *socket, struct part *parts)
{
    size_t n_parts = 0;
    for (int more = 1; more;) {
        struct part spare, *part = n_parts < N_PARTS ? &parts[n_parts] : &spare;
        size_t n_more = sizeof more;
        int n = zmq_recv(socket, part->text, PART_BYTES, ZMQ_DONTWAIT);
        if (n < 0)
            return 0;
        part->n = n < PART_BYTES ? (size_t)n : PART_BYTES;
        part->text[part->n] = '\0';
        n_parts++;
        if (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &n_more) != 0)
            return 0;
    }
    return n_parts;
}

static void note_refused(struct key_gate *gate, const struct part *address, const char *key)
{
    uint64_t n = atomic_fetch_add_explicit(&gate->n_refused, 1, memory_order_relaxed) + 1;
    int64_t now_ns = moment_monotonic_ns();
    if (gate->logged_ns != 0 && now_ns - gate->logged_ns < LOG_INTERVAL_NS)
        return;
    gate->logged_ns = now_ns;
    log_say(LOG_LEVEL_WARNING, "keys",
            "%s was refused: its key %s is not in %.300s/allowed (%llu refused so far)",
            (const char *)address->text, key, gate->folder, (unsigned long long)n);
}

static bool send_part(void *socket, const void *text, size_t n, bool has_more)
{
    return zmq_send(socket, text, n, has_more ? ZMQ_SNDMORE : 0) >= 0;
}

static void answer(struct key_gate *gate, const struct part *parts, size_t n_parts)
{
    char key[THENAR_Z85_BYTES] = "", name[THENAR_KEY_NAME_BYTES] = "";
    bool is_curve = n_parts == N_PARTS && strcmp((const char *)parts[5].text, "CURVE") == 0 &&
                    parts[6].n == KEY_BYTES && zmq_z85_encode(key, parts[6].text, KEY_BYTES);
    bool is_allowed = is_curve && thenar_key_folder_allows(gate->folder, key, name);
    if (!is_allowed)
        note_refused(gate, &parts[3], key);
    else
        log_say(LOG_LEVEL_DEBUG, "keys", "%s connected from %s", name, (const char *)parts[3].text);
    const char *code = is_allowed ? "200" : "400";
    const char *words = is_allowed ? "OK" : "this key is not allowed here";
    (void)(send_part(gate->questions, "1.0", 3, true) &&
           send_part(gate->questions, parts[1].text, parts[1].n, true) &&
           send_part(gate->questions, code, 3, true) &&
           send_part(gate->questions, words, strlen(words), true) &&
           send_part(gate->questions, name, strlen(name), true) &&
           send_part(gate->questions, "", 0, false));
}

static void *run(void *argument)
{
    struct key_gate *gate = argument;
    (void)prctl(PR_SET_NAME, "key gate");
    for (;;) {
        zmq_pollitem_t items[2] = {{.socket = gate->questions, .events = ZMQ_POLLIN},
                                   {.fd = gate->end_fd, .events = ZMQ_POLLIN}};
        if (zmq_poll(items, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (items[1].revents)
            return NULL;
        struct part parts[N_PARTS] = {0};
        size_t n_parts;
        while ((n_parts = receive(gate->questions, parts)) > 0)
            answer(gate, parts, n_parts);
    }
}

static enum thenar_status start_thread(struct key_gate *gate, struct thenar_error *error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failure = pthread_create(&gate->thread, &attributes, run, gate);
    pthread_attr_destroy(&attributes);
    gate->has_thread = failure == 0;
    return failure ? thenar_fail(error, THENAR_ERR_OS, "cannot start the thread of the keys: %s",
                                 strerror(failure))
                   : THENAR_OK;
}

enum thenar_status key_gate_create(struct key_gate **out, void *context, const char *folder,
                                   struct thenar_error *error)
{
    const int linger_ms = 0;
    struct key_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the keys");
    atomic_init(&gate->n_refused, 0);
    (void)snprintf(gate->folder, sizeof gate->folder, "%s", folder);
    gate->end_fd = eventfd(0, EFD_CLOEXEC);
    gate->questions = zmq_socket(context, ZMQ_REP);
    enum thenar_status status = THENAR_OK;
    if (gate->end_fd < 0 || !gate->questions ||
        zmq_setsockopt(gate->questions, ZMQ_LINGER, &linger_ms, sizeof linger_ms) != 0 ||
        zmq_bind(gate->questions, "inproc://zeromq.zap.01") != 0)
        status = thenar_fail(error, THENAR_ERR_OS, "keys: %s", strerror(errno));
    else
        status = start_thread(gate, error);
    if (status != THENAR_OK) {
        key_gate_destroy(gate);
        return status;
    }
    *out = gate;
    return THENAR_OK;
}

void key_gate_destroy(struct key_gate *gate)
{
    if (!gate)
        return;
    if (gate->has_thread) {
        (void)eventfd_write(gate->end_fd, 1);
        (void)pthread_join(gate->thread, NULL);
    }
    if (gate->questions)
        (void)zmq_close(gate->questions);
    if (gate->end_fd >= 0)
        (void)close(gate->end_fd);
    free(gate);
}

uint64_t key_gate_refused(const struct key_gate *gate)
{
    return gate ? atomic_load_explicit(&gate->n_refused, memory_order_relaxed) : 0;
}
