/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway_parts.h"
#include "health_page.h"
#include "page_assets.h"

enum { CHUNK_BYTES = 16 * 1024, HEAD_BYTES = 2048, STALL_S = 30 };

/* "127.0.0.1:9880" and "localhost" are the same machine, whatever the port. */
static bool is_own_name(const struct gateway *gateway, const char *host, size_t n_host)
{
    const char *own[] = {"localhost", "127.0.0.1", "[::1]", gateway->options->address};
    const char *colon = memrchr(host, ':', n_host);
    if (colon && !memchr(colon, ']', n_host - (size_t)(colon - host)))
        n_host = (size_t)(colon - host);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strlen(own[i]) == n_host && strncasecmp(own[i], host, n_host) == 0)
            return true;
    return false;
}

/* With a certificate the browser itself sees to it that the name is ours: a stranger's name that
 * points here has none. Without one, a name of somebody else's that points here (DNS rebinding), or
 * somebody else's page that opens our socket, must get nothing. */
bool gateway_is_own_page(struct lws *wsi)
{
    const struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    char host[256], origin[300];
    int n_host = lws_hdr_copy(wsi, host, sizeof host, WSI_TOKEN_HOST);
    if (n_host <= 0 ||
        (!gateway->options->certificate_path && !is_own_name(gateway, host, (size_t)n_host)))
        return false;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0)
        return true; /* not a page: a program of the user's own */
    int n_origin = lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN);
    const char *scheme_end = n_origin > 0 ? strstr(origin, "://") : NULL;
    return scheme_end && strcasecmp(scheme_end + 3, host) == 0;
}

static bool add(struct lws *wsi, const char *name, const char *value, unsigned char **at,
                unsigned char *end)
{
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                                       (const unsigned char *)value, (int)strlen(value), at,
                                       end) == 0;
}

/* What pages may do: run and load what comes from here, talk to here, and nothing else. */
#define POLICY                                                                        \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " \
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "  \
    "frame-ancestors 'none'"

/* A session's report is one file with its style in it, and runs nothing. */
#define REPORT_POLICY                                                                      \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " \
    "frame-ancestors 'none'"

static bool add_name(struct lws *wsi, const char *name, unsigned char **at, unsigned char *end)
{
    char text[SHELF_NAME_BYTES + 40];
    (void)snprintf(text, sizeof text, "attachment; filename=\"%s\"", name);
    return add(wsi, "content-disposition:", text, at, end);
}

static bool add_all(struct lws *wsi, const struct gateway_head *head, unsigned char **at,
                    unsigned char *end)
{
    /* Revalidated each time: a new version of the program is a new page at once. */
    return add(wsi, "content-security-policy:", head->is_report ? REPORT_POLICY : POLICY, at,
               end) &&
           (!head->name || add_name(wsi, head->name, at, end)) &&
           add(wsi, "cache-control:", head->etag ? "no-cache" : "no-store", at, end) &&
           (!head->etag || add(wsi, "etag:", head->etag, at, end)) &&
           (!head->encoding || add(wsi, "content-encoding:", head->encoding, at, end)) &&
           (!head->cookie || add(wsi, "set-cookie:", head->cookie, at, end)) &&
           (!head->location || add(wsi, "location:", head->location, at, end));
}

/* @return 0 go on; 1 the connection is of no use any more, as libwebsockets wants it */
static int reply(struct gateway_request *request, const struct gateway_head *head, const void *text,
                 size_t n_text)
{
    struct lws *wsi = request->wsi;
    unsigned char space[LWS_PRE + HEAD_BYTES], *start = space + LWS_PRE, *at = start;
    unsigned char *end = space + sizeof space - 1;
    if (lws_add_http_common_headers(wsi, head->code, head->mime_type, n_text, &at, end) ||
        !add_all(wsi, head, &at, end) || lws_finalize_write_http_header(wsi, start, &at, end))
        return 1;
    request->at = text;
    request->n_left = n_text;
    if (n_text == 0)
        return lws_http_transaction_completed(wsi) ? 1 : 0;
    lws_callback_on_writable(wsi);
    return 0;
}

int gateway_http_say(struct lws *wsi, unsigned code, const char *mime_type, const char *cookie,
                     const char *text)
{
    unsigned char space[LWS_PRE + HEAD_BYTES], *start = space + LWS_PRE, *at = start;
    unsigned char *end = space + sizeof space - 1;
    const struct gateway_head head = {.cookie = cookie};
    size_t n_text = strlen(text);
    if (lws_add_http_common_headers(wsi, code, mime_type, n_text, &at, end) ||
        !add_all(wsi, &head, &at, end) || lws_finalize_write_http_header(wsi, start, &at, end))
        return -1;
    memcpy(start, text, n_text);
    (void)lws_write(wsi, start, n_text, LWS_WRITE_HTTP_FINAL);
    return -1;
}

static int refuse(struct lws *wsi, unsigned code, const char *sentence)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    gateway->counts.n_refused++;
    return gateway_http_say(wsi, code, "text/plain; charset=utf-8", NULL, sentence);
}

int gateway_http_send(struct gateway_request *request, const struct gateway_head *head, char *owned,
                      int fd, size_t n_body)
{
    request->owned = owned;
    request->is_file = fd >= 0;
    request->fd = fd;
    request->file_at = 0;
    return reply(request, head, owned, n_body);
}

int gateway_http_reply(struct gateway_request *request, unsigned code, const char *mime_type,
                       const char *cookie, char *owned)
{
    if (!owned)
        return refuse(request->wsi, HTTP_STATUS_INTERNAL_SERVER_ERROR, "Out of memory.\n");
    const struct gateway_head head = {.code = code, .mime_type = mime_type, .cookie = cookie};
    return gateway_http_send(request, &head, owned, -1, strlen(owned));
}

/* What machines ask has no login: with accounts it is for programs on this machine alone. */
static int on_health(struct gateway *gateway, struct gateway_request *request, const char *path)
{
    char peer[64];
    const char *type = "text/plain; charset=utf-8";
    (void)lws_get_peer_simple(request->wsi, peer, sizeof peer);
    if (gateway->options->accounts_path && strcmp(peer, "127.0.0.1") != 0 &&
        strcmp(peer, "::1") != 0 && strcmp(peer, "::ffff:127.0.0.1") != 0)
        return refuse(request->wsi, HTTP_STATUS_FORBIDDEN,
                      "This is answered to programs on the gateway's own machine.\n");
    if (strcmp(path, "/metrics") == 0)
        return gateway_http_reply(request, HTTP_STATUS_OK, type, NULL,
                                  health_page_metrics(gateway));
    bool is_well = health_page_is_well(gateway);
    return gateway_http_reply(
        request, is_well ? HTTP_STATUS_OK : HTTP_STATUS_SERVICE_UNAVAILABLE, type, NULL,
        strdup(is_well ? "ok\n" : "no daemon has said anything for five seconds\n"));
}

/* What the page of the login itself is made of. */
static bool is_open(const char *path)
{
    static const char *const paths[] = {"/login",    "/login.js",       "/login.css", "/style.css",
                                        "/icon.svg", "/favicon.ico",    "/join",      "/join.js",
                                        "/join.css", "/station_tone.js"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(path, paths[i]) == 0)
            return true;
    return false;
}

/* To a person who mistyped an address, a page with a way on; to a program a sentence. */
static int say_absent(struct lws *wsi)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    char accept[256];
    if (lws_hdr_copy(wsi, accept, sizeof accept, WSI_TOKEN_HTTP_ACCEPT) <= 0 ||
        !strstr(accept, "text/html"))
        return refuse(wsi, HTTP_STATUS_NOT_FOUND, "There is no such page here.\n");
    gateway->counts.n_refused++;
    return gateway_http_say(
        wsi, HTTP_STATUS_NOT_FOUND, "text/html; charset=utf-8", NULL,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Thenar</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<link rel=\"stylesheet\" href=\"/style.css\"><link rel=\"stylesheet\" href=\"/login.css\">"
        "</head>\n<body><main><h1>There is no such page here</h1>\n"
        "<p><a href=\"/\">To the student's page</a></p></main></body></html>\n");
}

static int on_page(struct gateway_request *request, const char *path)
{
    char known[64];
    const struct page_asset *asset = page_asset_find(path);
    if (!asset)
        return say_absent(request->wsi);
    struct gateway_head head = {
        .code = HTTP_STATUS_OK, .mime_type = asset->mime_type, .etag = asset->etag};
    if (lws_hdr_copy(request->wsi, known, sizeof known, WSI_TOKEN_HTTP_IF_NONE_MATCH) > 0 &&
        strcmp(known, asset->etag) == 0) {
        head.code = HTTP_STATUS_NOT_MODIFIED;
        return reply(request, &head, NULL, 0);
    }
    head.encoding = "gzip";
    return reply(request, &head, asset->gzip, asset->n_gzip);
}

static int on_get(struct gateway *gateway, struct gateway_request *request, const char *path)
{
    struct permission permission;
    if (strcmp(path, "/metrics") == 0 || strcmp(path, "/healthz") == 0)
        return on_health(gateway, request, path);
    if (is_open(path))
        return on_page(request, path);
    const struct gateway_head to_login = {
        .code = HTTP_STATUS_SEE_OTHER,
        .location = strcmp(path, "/comfort") == 0 ? "/login?to=comfort" : "/login"};
    bool is_known = gateway_login_permission(gateway, request->wsi, &permission);
    if (session_query_is_address(path))
        return gateway_sessions_ask(gateway, request, path, is_known ? &permission : NULL);
    if (!is_known)
        return reply(request, &to_login, NULL, 0);
    if (strcmp(path, "/who") == 0)
        return gateway_login_who(request, &permission);
    const struct gateway_head to_own = {.code = HTTP_STATUS_SEE_OTHER, .location = "/"};
    if ((strcmp(path, "/class") == 0 || strcmp(path, "/sessions") == 0) &&
        permission.role == ACCOUNT_STUDENT)
        return reply(request, &to_own, NULL, 0);
    int result;
    if (gateway_class_get(gateway, request, path, &permission, &result))
        return result;
    if (strcmp(path, "/grades") == 0 && !permission_teaches(&permission))
        return reply(request, &to_own, NULL, 0);
    return on_page(request, path);
}

static int on_request(struct lws *wsi, struct gateway_request *request, const char *path)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    char *uri;
    int n_uri, method = lws_http_get_uri_and_method(wsi, &uri, &n_uri);
    memset(request, 0, sizeof *request);
    request->wsi = wsi;
    gateway->counts.n_requests++;
    if (!gateway_is_own_page(wsi))
        return refuse(wsi, HTTP_STATUS_FORBIDDEN, "This name is not one of this gateway's own.\n");
    if (method == LWSHUMETH_GET)
        return on_get(gateway, request, path);
    if (method == LWSHUMETH_POST && strcmp(path, "/logout") == 0)
        return gateway_login_out(gateway, request);
    if (method == LWSHUMETH_POST && (strcmp(path, "/login") == 0 || strcmp(path, "/join") == 0)) {
        request->is_form = true;
        request->is_join = path[1] == 'j';
        return 0;
    }
    return refuse(wsi, HTTP_STATUS_METHOD_NOT_ALLOWED, "Only GET is answered here.\n");
}

static int on_form(struct gateway_request *request, const void *piece, size_t n_piece)
{
    if (!request->is_form || n_piece > sizeof request->form - request->n_form)
        return -1; /* no form of ours is as long */
    if (n_piece > 0)
        memcpy(request->form + request->n_form, piece, n_piece);
    request->n_form += n_piece;
    return 0;
}

/* The next octets of a body. @return false: the file is shorter than it was */
static bool take_chunk(struct gateway_request *request, unsigned char *chunk, size_t n_bytes)
{
    if (!request->is_file) {
        memcpy(chunk, request->at, n_bytes);
        request->at += n_bytes;
        return true;
    }
    if (pread(request->fd, chunk, n_bytes, request->file_at) != (ssize_t)n_bytes)
        return false;
    request->file_at += (off_t)n_bytes;
    return true;
}

static void release(struct gateway_request *request)
{
    free(request->owned);
    request->owned = NULL;
    if (request->is_file)
        (void)close(request->fd);
    request->is_file = false;
}

static int on_form_end(struct gateway *gateway, struct gateway_request *request)
{
    if (!request->is_form)
        return 0;
    return request->is_join ? gateway_class_join(gateway, request)
                            : gateway_login_submit(gateway, request);
}

static int on_writable(struct gateway_request *request)
{
    struct lws *wsi = request->wsi;
    unsigned char chunk[LWS_PRE + CHUNK_BYTES];
    if (request->n_left == 0)
        return 0;
    size_t n_bytes = request->n_left < CHUNK_BYTES ? request->n_left : CHUNK_BYTES;
    bool is_last = n_bytes == request->n_left;
    if (!take_chunk(request, chunk + LWS_PRE, n_bytes))
        return 1;
    if (lws_write(wsi, chunk + LWS_PRE, n_bytes, is_last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
        (int)n_bytes)
        return 1;
    request->n_left -= n_bytes;
    if (!is_last) {
        /* A large file takes its time; a browser that takes nothing for so long has left. */
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, STALL_S);
        lws_callback_on_writable(wsi);
        return 0;
    }
    release(request);
    return lws_http_transaction_completed(wsi) ? 1 : 0;
}

static void on_closed(struct lws *wsi, struct gateway_request *request)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    if (request->login_number)
        gateway_login_forget(gateway, request);
    if (request->shelf_number)
        gateway_sessions_forget(gateway, request);
    release(request);
}

int gateway_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t n_in)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    switch ((int)reason) { /* of the hundred reasons there are, these concern us */
    case LWS_CALLBACK_HTTP:
        return on_request(wsi, user, in);
    case LWS_CALLBACK_HTTP_BODY:
        return on_form(user, in, n_in);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return on_form_end(gateway, user);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writable(user);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (user)
            on_closed(wsi, user);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, n_in);
    }
}
