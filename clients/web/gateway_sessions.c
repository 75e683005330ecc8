/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "gateway_parts.h"

/* How long a page waits at most: the tables of an hour take a quarter of a minute. */
enum { SHELF_WAIT_S = 300, ARGUMENT_BYTES = 256 };

static void wake(void *argument)
{
    struct gateway *gateway = argument;
    lws_cancel_service(gateway->context);
}

enum thenar_status gateway_sessions_start(struct gateway *gateway, struct thenar_error *error)
{
    const struct shelf_options options = {.sessions = gateway->options->sessions,
                                          .control = gateway->options->daemons[0].control,
                                          .wake = wake,
                                          .wake_argument = gateway};
    return shelf_create(&gateway->shelf, &options, error);
}

static int refuse(struct gateway *gateway, struct gateway_request *request, unsigned code,
                  const char *sentence)
{
    json_t *json = json_pack("{s:s}", "error", sentence);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    gateway->counts.n_refused++;
    return gateway_http_reply(request, code, "application/json", NULL,
                              text ? text : strdup("{\"error\":\"this address makes no sense\"}"));
}

static enum thenar_status read_query(struct lws *wsi, const char *path, struct session_query *query,
                                     struct thenar_error *error)
{
    char argument[ARGUMENT_BYTES];
    enum thenar_status status = session_query_take_path(query, path, error);
    for (int i = 0; status == THENAR_OK; i++) {
        int n = lws_hdr_copy_fragment(wsi, argument, sizeof argument, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (n < 0 && lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, i) == 0)
            break;
        if (n < 0)
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "a part of the address is longer than %d characters",
                               ARGUMENT_BYTES - 1);
        status = n > 0 ? session_query_take(query, argument, error) : THENAR_OK;
    }
    return status == THENAR_OK ? session_query_check(query, error) : status;
}

static bool takes_gzip(struct lws *wsi)
{
    char text[128];
    return lws_hdr_copy(wsi, text, sizeof text, WSI_TOKEN_HTTP_ACCEPT_ENCODING) > 0 &&
           strstr(text, "gzip");
}

int gateway_sessions_ask(struct gateway *gateway, struct gateway_request *request, const char *path,
                         const struct permission *permission)
{
    struct shelf_job job = {.takes_gzip = takes_gzip(request->wsi)};
    struct thenar_error error = {0};
    if (!permission)
        return refuse(gateway, request, HTTP_STATUS_UNAUTHORIZED, "log in first: /login");
    enum thenar_status status = read_query(request->wsi, path, &job.query, &error);
    if (status != THENAR_OK)
        return refuse(gateway, request,
                      status == THENAR_ERR_ABSENT ? HTTP_STATUS_NOT_FOUND : HTTP_STATUS_BAD_REQUEST,
                      error.text);
    if (lws_hdr_copy(request->wsi, job.known_etag, sizeof job.known_etag,
                     WSI_TOKEN_HTTP_IF_NONE_MATCH) < 0)
        job.known_etag[0] = '\0';
    job.permission = *permission;
    job.number = ++gateway->n_readers_ever;
    if (!shelf_push(gateway->shelf, &job))
        return refuse(gateway, request, HTTP_STATUS_SERVICE_UNAVAILABLE,
                      "many pages are reading sessions; try again in a moment");
    request->shelf_number = job.number;
    request->next = gateway->readers;
    gateway->readers = request;
    lws_set_timeout(request->wsi, PENDING_TIMEOUT_HTTP_CONTENT, SHELF_WAIT_S);
    return 0;
}

static void unlist(struct gateway *gateway, struct gateway_request *request)
{
    struct gateway_request **link = &gateway->readers;
    while (*link && *link != request)
        link = &(*link)->next;
    if (*link)
        *link = request->next;
    request->shelf_number = 0;
}

void gateway_sessions_forget(struct gateway *gateway, struct gateway_request *request)
{
    shelf_forget(gateway->shelf, request->shelf_number);
    unlist(gateway, request);
}

/* @return for libwebsockets; what the answer owned is the request's now */
static int send_answer(struct gateway_request *request, struct shelf_answer *answer)
{
    const struct gateway_head head = {.code = answer->code,
                                      .mime_type = answer->mime_type,
                                      .etag = answer->etag[0] ? answer->etag : NULL,
                                      .encoding = answer->is_gzip ? "gzip" : NULL,
                                      .name = answer->name[0] ? answer->name : NULL,
                                      .is_report = answer->is_report};
    return gateway_http_send(request, &head, answer->body, answer->fd, answer->n_body);
}

void gateway_sessions_take_answers(struct gateway *gateway)
{
    struct shelf_answer answer;
    while (shelf_pop(gateway->shelf, &answer)) {
        struct gateway_request *request = gateway->readers;
        if (gateway_class_take_session(gateway, &answer)) {
            shelf_answer_finish(&answer);
            continue;
        }
        while (request && request->shelf_number != answer.number)
            request = request->next;
        if (!request) { /* it left meanwhile */
            shelf_answer_finish(&answer);
            continue;
        }
        unlist(gateway, request);
        if (send_answer(request, &answer) != 0)
            lws_set_timeout(request->wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_ASYNC);
    }
}
