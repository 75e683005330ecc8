/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tablets join a table by a code that the instructor's page shows, so that nobody types passwords
 * with oily hands. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "gateway_class.h"
#include "qr_matrix.h"
#include "reach.h"

#define JSON_TYPE "application/json"

/* The address for a tablet: with accounts also a one-time code, behind the # so that it stands in
 * no log, and a camera that looks at the link ahead does not use it up. */
enum thenar_status gateway_join_offer(struct gateway *gateway, const struct gateway_viewer *viewer,
                                      const char *station, json_t **reply,
                                      struct thenar_error *error)
{
    const struct gateway_options *options = gateway->options;
    char host[REACH_HOST_BYTES], url[REACH_HOST_BYTES + 160], hex[2 * JOIN_TOKEN_BYTES + 1] = "";
    unsigned char token[JOIN_TOKEN_BYTES];
    char *rows;
    unsigned side;
    if (!class_book_station(&gateway->classroom->room.book, station))
        return thenar_fail(error, THENAR_ERR_ABSENT, "no station '%s' is in this class", station);
    bool is_open =
        reach_host(viewer->host, options->address, gateway_port(gateway), host, sizeof host);
    if (options->accounts_path) {
        randombytes_buf(token, sizeof token);
        if (!join_tokens_put(&gateway->classroom->joins, station, token, gateway_now_s()))
            return thenar_fail(error, THENAR_ERR_SPACE, "too many tables wait for a tablet");
        (void)sodium_bin2hex(hex, sizeof hex, token, sizeof token);
    }
    (void)snprintf(url, sizeof url, "%s://%s/join?station=%s%s%s",
                   options->certificate_path ? "https" : "http", host, station, hex[0] ? "#" : "",
                   hex);
    enum thenar_status status = qr_matrix_encode(url, &rows, &side, error);
    if (status != THENAR_OK)
        return status;
    *reply = json_pack("{s:b, s:s, s:s, s:i, s:b, s:f}", "ok", 1, "url", url, "rows", rows, "side",
                       (int)side, "open", is_open, "good_s", hex[0] ? JOIN_TOKEN_GOOD_S : 0.0);
    free(rows);
    return *reply ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
}

void gateway_join_end(struct gateway *gateway)
{
    join_tokens_clear(&gateway->classroom->joins);
    access_end_joined(&gateway->access);
    for (struct gateway_viewer *viewer = gateway->viewers; viewer; viewer = viewer->next)
        if (viewer->permission.is_joined)
            lws_set_timeout(viewer->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static int answer_join(struct gateway_request *request, unsigned code, const char *cookie,
                       json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return gateway_http_reply(request, code, JSON_TYPE, cookie, text);
}

/* {"station":"s3","token":"<64 hex>"} */
static bool read_join(const struct gateway_request *request, char *station, unsigned char *token)
{
    json_t *form = json_loadb(request->form, request->n_form, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(form, "station"));
    const char *hex = json_string_value(json_object_get(form, "token"));
    size_t n_token = 0;
    bool is_good = name && thenar_name_is_valid(name);
    if (is_good)
        (void)snprintf(station, THENAR_TOPIC_NAME_BYTES, "%s", name);
    if (!hex || sodium_hex2bin(token, JOIN_TOKEN_BYTES, hex, strlen(hex), NULL, &n_token, NULL) ||
        n_token != JOIN_TOKEN_BYTES)
        sodium_memzero(token, JOIN_TOKEN_BYTES); /* no code is all zeros */
    json_decref(form);
    return is_good;
}

int gateway_class_join(struct gateway *gateway, struct gateway_request *request)
{
    struct gateway_class *own = gateway->classroom;
    char station[THENAR_TOPIC_NAME_BYTES], cookie[GATEWAY_COOKIE_BYTES];
    unsigned char token[JOIN_TOKEN_BYTES], login[ACCESS_TOKEN_BYTES];
    if (!read_join(request, station, token))
        return answer_join(request, HTTP_STATUS_BAD_REQUEST, NULL,
                           json_pack("{s:b, s:s}", "ok", 0, "error",
                                     "joining needs the name of a station and its code"));
    const char *set_cookie = NULL;
    if (gateway->options->accounts_path) {
        if (!join_tokens_use(&own->joins, station, token, gateway_now_s()))
            return answer_join(request, HTTP_STATUS_UNAUTHORIZED, NULL,
                               json_pack("{s:b, s:s}", "ok", 0, "error",
                                         "this code was used already, or is too old; ask the "
                                         "instructor for a new one"));
        randombytes_buf(login, sizeof login);
        access_join(&gateway->access, station, login, gateway_now_s());
        gateway_login_cookie(gateway, login, cookie);
        set_cookie = cookie;
    }
    classroom_note_tablet(&own->room, station);
    const struct class_station *table = class_book_station(&own->room.book, station);
    json_int_t number = table ? table - own->room.book.stations : 0;
    return answer_join(request, HTTP_STATUS_OK, set_cookie,
                       json_pack("{s:b, s:s, s:I}", "ok", 1, "station", station, "number", number));
}
