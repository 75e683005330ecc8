/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "feed_sample.h"
#include "thenar.h"

/* A daemon in a thread: answers each request with what the test laid down, `%` being its id. */
struct server {
    void *context, *socket;
    pthread_t thread;
    const char *const *replies; /* [n_replies], an empty text is none */
    size_t n_replies;
    char request[2048]; /* the last one */
};

static void *serve(void *argument)
{
    struct server *server = argument;
    char peer[64], empty[8], reply[8192];
    int n_peer = zmq_recv(server->socket, peer, sizeof peer, 0);
    (void)zmq_recv(server->socket, empty, sizeof empty, 0);
    int n_request = zmq_recv(server->socket, server->request, sizeof server->request - 1, 0);
    if (n_peer < 0 || n_request < 0)
        return NULL;
    server->request[n_request] = '\0';
    struct thenar_control_request request;
    (void)!thenar_control_request_decode(server->request, (size_t)n_request, &request, NULL);
    for (size_t i = 0; i < server->n_replies; i++) {
        const char *mark = strchr(server->replies[i], '%');
        if (mark)
            (void)snprintf(reply, sizeof reply, "%.*s%llu%s", (int)(mark - server->replies[i]),
                           server->replies[i], (unsigned long long)request.id, mark + 1);
        else
            (void)snprintf(reply, sizeof reply, "%s", server->replies[i]);
        (void)zmq_send(server->socket, peer, (size_t)n_peer, ZMQ_SNDMORE);
        (void)zmq_send(server->socket, "", 0, ZMQ_SNDMORE);
        (void)zmq_send(server->socket, reply, strlen(reply), 0);
    }
    return NULL;
}

static enum thenar_status ask(const char *const *replies, size_t n_replies, const char **json,
                              struct thenar_control **control, struct server *server,
                              struct thenar_error *error)
{
    memset(server, 0, sizeof *server);
    server->context = zmq_ctx_new();
    server->socket = zmq_socket(server->context, ZMQ_ROUTER);
    assert_int_equal(zmq_bind(server->socket, "inproc://control"), 0);
    server->replies = replies;
    server->n_replies = n_replies;
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
    struct thenar_control_request request;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_TARE;
    (void)snprintf(request.device, sizeof request.device, "pad");
    assert_int_equal(thenar_control_open_in(control, server->context, "inproc://control", error),
                     THENAR_OK);
    return thenar_control_send(*control, &request, n_replies ? 10000 : 50, json, error);
}

static void finish(struct thenar_control *control, struct server *server)
{
    (void)pthread_join(server->thread, NULL);
    thenar_control_close(control);
    (void)zmq_close(server->socket);
    (void)zmq_ctx_term(server->context);
}

static void a_request_gets_its_reply(void **state)
{
    (void)state;
    /* The first is a late answer to some request before: another id. */
    const char *const replies[] = {"{\"id\":99,\"ok\":false,\"error\":\"late\"}",
                                   "{\"id\":%,\"ok\":true,\"device\":\"pad\",\"span_s\":1.0}"};
    const char *json;
    struct thenar_control *control;
    struct server server;
    struct thenar_error error = {0};
    struct thenar_control_reply reply;
    assert_int_equal(ask(replies, 2, &json, &control, &server, &error), THENAR_OK);
    assert_string_equal(json, "{\"id\":1,\"ok\":true,\"device\":\"pad\",\"span_s\":1.0}");
    assert_int_equal(thenar_control_reply(control, &reply, NULL, NULL, 0, NULL, &error), THENAR_OK);
    assert_true(reply.ok && reply.span_s == 1);
    finish(control, &server);
    assert_string_equal(server.request,
                        "{\"id\":1,\"command\":\"tare\",\"device\":\"pad\",\"loaded\":false}");
}

static void a_refusal_is_told_in_the_daemons_words(void **state)
{
    (void)state;
    const char *const replies[] = {"{\"id\":%,\"ok\":false,\"error\":\"the array is touched\"}"};
    const char *json;
    struct thenar_control *control;
    struct server server;
    struct thenar_error error = {0};
    assert_int_equal(ask(replies, 1, &json, &control, &server, &error), THENAR_ERR_DENIED);
    assert_string_equal(error.text, "the array is touched");
    finish(control, &server);
}

static void an_answer_without_sense_is_told(void **state)
{
    (void)state;
    const char *const replies[] = {"what?"};
    const char *json;
    struct thenar_control *control;
    struct server server;
    struct thenar_error error = {0};
    assert_int_equal(ask(replies, 1, &json, &control, &server, &error), THENAR_ERR_SYNTAX);
    assert_true(error.text[0] != '\0');
    finish(control, &server);
}

static void silence_ends_in_time(void **state)
{
    (void)state;
    const char *json;
    struct thenar_control *control;
    struct server server;
    struct thenar_error error = {0};
    struct thenar_control_reply reply;
    assert_int_equal(ask(NULL, 0, &json, &control, &server, &error), THENAR_ERR_TIMEOUT);
    assert_non_null(strstr(error.text, "no answer from 'inproc://control'"));
    assert_int_equal(thenar_control_reply(control, &reply, NULL, NULL, 0, NULL, &error),
                     THENAR_ERR_ABSENT);
    finish(control, &server);
}

static void mistakes_are_found_before_sending(void **state)
{
    (void)state;
    struct thenar_control *control;
    struct thenar_error error = {0};
    struct thenar_control_request request;
    assert_int_equal(thenar_control_open(&control, "nonsense", &error), THENAR_ERR_ARGUMENT);
    assert_null(control);
    assert_int_equal(thenar_control_open(&control, "ipc:///tmp/nobody-listens-here", &error),
                     THENAR_OK);
    thenar_control_request_clear(&request);
    request.command = THENAR_N_CONTROL_COMMANDS;
    assert_int_equal(thenar_control_send(control, &request, 10, NULL, &error), THENAR_ERR_ARGUMENT);
    thenar_control_close(control);
    thenar_control_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_gets_its_reply),
        cmocka_unit_test(a_refusal_is_told_in_the_daemons_words),
        cmocka_unit_test(an_answer_without_sense_is_told),
        cmocka_unit_test(silence_ends_in_time),
        cmocka_unit_test(mistakes_are_found_before_sending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
