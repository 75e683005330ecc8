/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "gateway_parts.h"
#include "health_page.h"
#include "page_assets.h"

enum { CHUNK_BYTES = 16 * 1024, HEAD_BYTES = 2048 };

/* The body that is on its way. */
struct http_body {
    const unsigned char *at;
    size_t n_left;
    char *owned; /* for free() when it is out; NULL: part of the program */
};

size_t gateway_http_bytes(void)
{
    return sizeof(struct http_body);
}

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

/* A name of somebody else's that points here (DNS rebinding), or somebody else's page that opens
 * our socket, must get nothing. */
bool gateway_is_own_page(struct lws *wsi)
{
    const struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    char host[256], origin[300];
    int n_host = lws_hdr_copy(wsi, host, sizeof host, WSI_TOKEN_HOST);
    if (n_host <= 0 || !is_own_name(gateway, host, (size_t)n_host))
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

/* @return 0 go on; 1 the connection is of no use any more, as libwebsockets wants it */
static int reply(struct lws *wsi, struct http_body *body, unsigned code, const char *mime_type,
                 const char *etag, const char *encoding, const void *text, size_t n_text)
{
    unsigned char head[LWS_PRE + HEAD_BYTES], *start = head + LWS_PRE, *at = start;
    unsigned char *end = head + sizeof head - 1;
    if (lws_add_http_common_headers(wsi, code, mime_type, n_text, &at, end))
        return 1;
    /* Revalidated each time: a new version of the program is a new page at once. */
    if (!add(wsi, "cache-control:", etag ? "no-cache" : "no-store", &at, end) ||
        (etag && !add(wsi, "etag:", etag, &at, end)) ||
        (encoding && !add(wsi, "content-encoding:", encoding, &at, end)) ||
        lws_finalize_write_http_header(wsi, start, &at, end))
        return 1;
    body->at = text;
    body->n_left = n_text;
    if (n_text == 0)
        return lws_http_transaction_completed(wsi) ? 1 : 0;
    lws_callback_on_writable(wsi);
    return 0;
}

/* Said at once, and the connection closed: what else comes with such a request is not read. */
static int refuse(struct lws *wsi, unsigned code, const char *sentence)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    unsigned char text[LWS_PRE + HEAD_BYTES], *start = text + LWS_PRE, *at = start;
    unsigned char *end = text + sizeof text - 1;
    size_t n_sentence = strlen(sentence);
    gateway->counts.n_refused++;
    if (lws_add_http_common_headers(wsi, code, "text/plain; charset=utf-8", n_sentence, &at, end) ||
        !add(wsi, "cache-control:", "no-store", &at, end) ||
        lws_finalize_write_http_header(wsi, start, &at, end))
        return -1;
    memcpy(start, sentence, n_sentence);
    (void)lws_write(wsi, start, n_sentence, LWS_WRITE_HTTP_FINAL);
    return -1;
}

static int reply_owned(struct lws *wsi, struct http_body *body, unsigned code, char *text)
{
    if (!text)
        return refuse(wsi, HTTP_STATUS_INTERNAL_SERVER_ERROR, "out of memory\n");
    body->owned = text;
    return reply(wsi, body, code, "text/plain; charset=utf-8", NULL, NULL, text, strlen(text));
}

static int on_request(struct lws *wsi, struct http_body *body, const char *path)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    char *uri, known[64];
    int n_uri, method = lws_http_get_uri_and_method(wsi, &uri, &n_uri);
    memset(body, 0, sizeof *body);
    gateway->counts.n_requests++;
    if (!gateway_is_own_page(wsi))
        return refuse(wsi, HTTP_STATUS_FORBIDDEN, "This name is not one of this gateway's own.\n");
    if (method != LWSHUMETH_GET)
        return refuse(wsi, HTTP_STATUS_METHOD_NOT_ALLOWED, "Only GET is answered here.\n");
    if (strcmp(path, "/metrics") == 0)
        return reply_owned(wsi, body, HTTP_STATUS_OK, health_page_metrics(gateway));
    if (strcmp(path, "/healthz") == 0) {
        bool is_well = health_page_is_well(gateway);
        return reply_owned(
            wsi, body, is_well ? HTTP_STATUS_OK : HTTP_STATUS_SERVICE_UNAVAILABLE,
            strdup(is_well ? "ok\n" : "no daemon has said anything for five seconds\n"));
    }
    const struct page_asset *asset = page_asset_find(path);
    if (!asset)
        return refuse(wsi, HTTP_STATUS_NOT_FOUND, "There is no such page here.\n");
    if (lws_hdr_copy(wsi, known, sizeof known, WSI_TOKEN_HTTP_IF_NONE_MATCH) > 0 &&
        strcmp(known, asset->etag) == 0)
        return reply(wsi, body, HTTP_STATUS_NOT_MODIFIED, asset->mime_type, asset->etag, NULL, NULL,
                     0);
    return reply(wsi, body, HTTP_STATUS_OK, asset->mime_type, asset->etag, "gzip", asset->gzip,
                 asset->n_gzip);
}

static int on_writable(struct lws *wsi, struct http_body *body)
{
    unsigned char chunk[LWS_PRE + CHUNK_BYTES];
    if (body->n_left == 0)
        return 0;
    size_t n_bytes = body->n_left < CHUNK_BYTES ? body->n_left : CHUNK_BYTES;
    bool is_last = n_bytes == body->n_left;
    memcpy(chunk + LWS_PRE, body->at, n_bytes);
    if (lws_write(wsi, chunk + LWS_PRE, n_bytes, is_last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
        (int)n_bytes)
        return 1;
    body->at += n_bytes;
    body->n_left -= n_bytes;
    if (!is_last) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    free(body->owned);
    body->owned = NULL;
    return lws_http_transaction_completed(wsi) ? 1 : 0;
}

int gateway_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t n_in)
{
    switch ((int)reason) { /* of the hundred reasons there are, these concern us */
    case LWS_CALLBACK_HTTP:
        return on_request(wsi, user, in);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writable(wsi, user);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (user) {
            struct http_body *body = user;
            free(body->owned);
            body->owned = NULL;
        }
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, n_in);
    }
}
