/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gateway.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gateway_parts.h"

enum {
    TICK_US = 10000,
    MESSAGES_A_TICK = 4096, /* of one feed: a flood from one must not starve the others */
    SCRATCH_BYTES = VIEWER_MAPS_BYTES > VIEWER_TEXT_BYTES ? VIEWER_MAPS_BYTES : VIEWER_TEXT_BYTES
};

/* On every answer; what a page may load and run is said by each (gateway_http.c). */
static const struct lws_protocol_vhost_options headers[] = {
    {&headers[1], NULL, "x-content-type-options:", "nosniff"},
    {&headers[2], NULL, "referrer-policy:", "no-referrer"},
    {&headers[3], NULL, "cross-origin-opener-policy:", "same-origin"},
    {NULL, NULL, "cross-origin-resource-policy:", "same-origin"},
};

/* With a certificate also: never again without one. */
static const struct lws_protocol_vhost_options tls_headers[] = {
    {headers, NULL, "strict-transport-security:", "max-age=31536000"},
};

/* A browser that sleeps is asked after 20 s and let go after 40; it comes back by itself. */
static const lws_retry_bo_t idle_policy = {.secs_since_valid_ping = 20,
                                           .secs_since_valid_hangup = 40};

double gateway_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void drain(struct gateway *gateway, unsigned daemon)
{
    struct thenar_feed_message message;
    for (unsigned i = 0; i < MESSAGES_A_TICK; i++) {
        if (thenar_feed_next(gateway->feeds[daemon], 0, &message, NULL) != THENAR_OK)
            return;
        gateway->heard_s = gateway_now_s();
        if (hub_take(&gateway->hub, daemon, &message) != THENAR_OK)
            gateway->counts.n_dropped++;
        gateway_class_take(gateway, &message);
    }
}

static void on_tick(lws_sorted_usec_list_t *tick)
{
    struct gateway *gateway = (void *)((char *)tick - offsetof(struct gateway, tick));
    for (unsigned i = 0; i < gateway->options->n_daemons; i++)
        drain(gateway, i);
    gateway_class_tick(gateway);
    gateway_socket_tick(gateway, gateway_now_s());
    lws_sul_schedule(gateway->context, 0, &gateway->tick, on_tick, TICK_US);
}

static void wake(void *argument)
{
    struct gateway *gateway = argument;
    lws_cancel_service(gateway->context);
}

static enum thenar_status subscribe(struct gateway *gateway, struct thenar_error *error)
{
    const struct gateway_options *options = gateway->options;
    /* All but contacts and motion: fifty a second of each hand, which no page shows. */
    static const char *const topics[] = {"metrics", "stroke",  "episode", "cue",  "frame",
                                         "status",  "session", "gap",     "plan", "comfort"};
    const char **controls = calloc(options->n_daemons, sizeof *controls);
    gateway->feeds = calloc(options->n_daemons, sizeof *gateway->feeds);
    if (!controls || !gateway->feeds) {
        free(controls);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the feeds");
    }
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < options->n_daemons && status == THENAR_OK; i++) {
        controls[i] = options->daemons[i].control;
        status = thenar_feed_open(&gateway->feeds[i], options->daemons[i].feed, topics,
                                  sizeof topics / sizeof *topics, error);
    }
    if (status == THENAR_OK)
        status =
            errands_create(&gateway->errands, controls, options->n_daemons, wake, gateway, error);
    free(controls);
    return status;
}

/* libwebsockets does not hand on why it could not listen: ask the system again. */
static enum thenar_status fail_to_listen(const struct gateway_options *options,
                                         struct thenar_error *error)
{
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];
    (void)snprintf(port, sizeof port, "%u", options->port);
    int unknown = getaddrinfo(options->address, port, &hints, &found);
    if (unknown)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "cannot listen on '%s': %s",
                           options->address, gai_strerror(unknown));
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int fault = fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    if (fault == EADDRINUSE)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "cannot listen on %s port %u: it is in use; another thenar-web may run "
                           "there, --port takes another one",
                           options->address, options->port);
    return thenar_fail(error, THENAR_ERR_OS, "cannot listen on %s port %u: %s", options->address,
                       options->port, fault ? strerror(fault) : "libwebsockets gave no reason");
}

/* libwebsockets only says that it failed: look at the files before it does. */
static enum thenar_status check_files(const struct gateway_options *options,
                                      struct thenar_error *error)
{
    const char *const paths[] = {options->certificate_path, options->key_path};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (paths[i] && access(paths[i], R_OK) != 0)
            return thenar_fail(error, THENAR_ERR_ABSENT,
                               "%s: %s; 'thenar-web certificate' makes a certificate and its key",
                               paths[i], strerror(errno));
    return THENAR_OK;
}

static enum thenar_status listen_now(struct gateway *gateway, struct thenar_error *error)
{
    const struct gateway_options *options = gateway->options;
    static struct lws_protocols protocols[] = {
        {.name = "http",
         .callback = gateway_http_callback,
         .per_session_data_size = sizeof(struct gateway_request)},
        {.name = "thenar",
         .callback = gateway_socket_callback,
         .per_session_data_size = sizeof(struct gateway_viewer *),
         .rx_buffer_size = 4096},
        {0},
    };
    struct lws_context_creation_info info = {
        .port = options->port,
        .iface = options->address,
        .protocols = protocols,
        .headers = headers,
        .user = gateway,
        .retry_and_idle_policy = &idle_policy,
        .timeout_secs = 10,
        .keepalive_timeout = 30,
        .max_http_header_pool = 512, /* half-open requests that nobody is held up by */
        .server_string = "thenar-web",
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
        .gid = -1,
        .uid = -1,
    };
    if (options->certificate_path) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = options->certificate_path;
        info.ssl_private_key_filepath = options->key_path;
        info.headers = tls_headers;
        info.alpn = "http/1.1"; /* WebSockets over HTTP/2 would bring nothing but another path */
    }
    gateway->context = lws_create_context(&info);
    if (!gateway->context)
        return thenar_fail(error, THENAR_ERR_OS, "libwebsockets cannot start");
    gateway->vhost = lws_create_vhost(gateway->context, &info);
    return gateway->vhost ? THENAR_OK : fail_to_listen(options, error);
}

enum thenar_status gateway_create(struct gateway **out, const struct gateway_options *options,
                                  struct thenar_error *error)
{
    *out = NULL;
    struct gateway *gateway = calloc(1, sizeof *gateway);
    if (!gateway)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the gateway");
    gateway->options = options;
    gateway->scratch = malloc(LWS_PRE + SCRATCH_BYTES);
    lws_set_log_level(0, NULL); /* what a person should know is said by us */
    enum thenar_status status =
        gateway->scratch ? gateway_login_start(gateway, error)
                         : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the gateway");
    if (status == THENAR_OK)
        status = gateway_sessions_start(gateway, error);
    if (status == THENAR_OK)
        status = gateway_class_start(gateway, error);
    if (status == THENAR_OK)
        status = check_files(options, error);
    if (status == THENAR_OK)
        status = listen_now(gateway, error);
    if (status == THENAR_OK)
        status = subscribe(gateway, error);
    if (status != THENAR_OK) {
        gateway_destroy(gateway);
        return status;
    }
    lws_sul_schedule(gateway->context, 0, &gateway->tick, on_tick, TICK_US);
    *out = gateway;
    return THENAR_OK;
}

void gateway_destroy(struct gateway *gateway)
{
    if (!gateway)
        return;
    errands_destroy(gateway->errands); /* first: its worker wakes the context */
    if (gateway->login_desk)
        worker_stop(gateway->login_desk); /* likewise */
    shelf_stop(gateway->shelf);
    gateway_class_stop(gateway);
    if (gateway->context)
        lws_context_destroy(gateway->context); /* closes each viewer by its callback */
    shelf_destroy(gateway->shelf);
    gateway_class_finish(gateway);
    gateway_login_finish(gateway);
    for (size_t i = 0; gateway->feeds && i < gateway->options->n_daemons; i++)
        thenar_feed_close(gateway->feeds[i]);
    hub_finish(&gateway->hub);
    free(gateway->feeds);
    free(gateway->scratch);
    free(gateway);
}

uint16_t gateway_port(const struct gateway *gateway)
{
    return (uint16_t)lws_get_vhost_listen_port(gateway->vhost);
}

void gateway_run(struct gateway *gateway, bool (*has_ended)(void))
{
    while (!has_ended() && lws_service(gateway->context, 0) >= 0) {
        gateway_socket_take_replies(gateway);
        gateway_login_take_answers(gateway);
        gateway_sessions_take_answers(gateway);
    }
}
