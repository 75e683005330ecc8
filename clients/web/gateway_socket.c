/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "gateway_parts.h"
#include "viewer_request.h"

/* The kernel may hold megabytes for a slow phone, which would then see the past. With this mark a
 * socket takes more only when less than this is still unsent. Source: tcp(7), and RFC 793's window
 * knows nothing of it. */
static void keep_fresh(struct lws *wsi)
{
    int low_water_bytes = 32 * 1024;
    (void)setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low_water_bytes,
                     sizeof low_water_bytes);
}

/* Registry of RFC 6455, 11.7; libwebsockets has no name for it. */
static const enum lws_close_status close_try_again_later = (enum lws_close_status)1013;

static int on_open(struct gateway *gateway, struct lws *wsi, struct gateway_viewer **slot)
{
    struct permission permission;
    if (!gateway_login_permission(gateway, wsi, &permission)) {
        lws_close_reason(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, (unsigned char *)"log in", 6);
        return -1;
    }
    struct gateway_viewer *viewer =
        gateway->n_viewers < GATEWAY_VIEWERS_MAX ? calloc(1, sizeof *viewer) : NULL;
    if (!viewer) {
        lws_close_reason(wsi, close_try_again_later, (unsigned char *)"full", 4);
        return -1;
    }
    keep_fresh(wsi);
    viewer_init(&viewer->viewer);
    viewer->permission = permission;
    viewer->wsi = wsi;
    if (lws_hdr_copy(wsi, viewer->host, sizeof viewer->host, WSI_TOKEN_HOST) < 0)
        viewer->host[0] = '\0';
    viewer->number = ++gateway->counts.n_viewers_ever;
    viewer->next = gateway->viewers;
    gateway->viewers = viewer;
    gateway->n_viewers++;
    *slot = viewer;
    return 0;
}

static void on_close(struct gateway *gateway, struct gateway_viewer *viewer)
{
    struct gateway_viewer **link = &gateway->viewers;
    while (*link && *link != viewer)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = viewer->next;
    gateway->n_viewers--;
    free(viewer->replies);
    free(viewer);
}

/* {"topic":"reply","data":{"id":7,"reply":{..}}}; without memory the page asks again by itself. */
void gateway_socket_reply(struct gateway_viewer *viewer, uint64_t id, const char *json)
{
    size_t n_json = strlen(json), n_space = n_json + 80;
    char *larger = realloc(viewer->replies, viewer->n_replies_bytes + n_space);
    if (!larger)
        return;
    viewer->replies = larger;
    int n_text = snprintf(larger + viewer->n_replies_bytes, n_space,
                          "[{\"topic\":\"reply\",\"data\":{\"id\":%llu,\"reply\":%s}}]",
                          (unsigned long long)id, json);
    viewer->n_replies_bytes += (size_t)n_text + 1;
    lws_callback_on_writable(viewer->wsi);
}

static void push_refusal(struct gateway_viewer *viewer, uint64_t id, const char *sentence)
{
    char json[THENAR_REQUEST_BYTES];
    size_t n_json;
    if (thenar_control_error_encode(id, sentence, json, sizeof json, &n_json) == THENAR_OK)
        gateway_socket_reply(viewer, id, json);
}

static void send_errand(struct gateway *gateway, struct gateway_viewer *viewer,
                        const struct viewer_request *request)
{
    const struct hub_device *device = hub_find_station(&gateway->hub, request->station);
    struct errand errand = {.viewer = viewer->number,
                            .id = request->id,
                            .daemon = device ? device->daemon : 0,
                            .request = request->control};
    char sentence[128];
    struct thenar_error error = {0};
    if (permission_check(&viewer->permission, request->station, &request->control, &error) !=
        THENAR_OK) {
        push_refusal(viewer, request->id, error.text);
    } else if (!device) {
        (void)snprintf(sentence, sizeof sentence, "no station '%s' has been heard of",
                       request->station);
        push_refusal(viewer, request->id, sentence);
    } else if (!errands_push(gateway->errands, &errand)) {
        push_refusal(viewer, request->id, "too many commands are waiting; try again in a moment");
    }
}

static void on_message(struct gateway *gateway, struct gateway_viewer *viewer)
{
    struct viewer_request request;
    struct thenar_error error = {0};
    size_t n_request = viewer->n_request;
    viewer->n_request = 0;
    if (viewer_request_decode(viewer->request, n_request, &request, &error) != THENAR_OK) {
        gateway->counts.n_bad++;
        push_refusal(viewer, request.id, error.text);
        return;
    }
    if (request.kind == VIEWER_REQUEST_CONTROL) {
        send_errand(gateway, viewer, &request);
        return;
    }
    if (request.kind == VIEWER_REQUEST_CLASS) {
        gateway_class_request(gateway, viewer, request.id, &request.class_request);
        return;
    }
    viewer->class_version = 0;
    if (viewer->permission.station[0]) /* whatever is asked for: the own station and no other */
        (void)snprintf(request.wish.station, sizeof request.wish.station, "%s",
                       viewer->permission.station);
    viewer_set_wish(&viewer->viewer, &gateway->hub, &request.wish, gateway_now_s());
    lws_callback_on_writable(viewer->wsi);
}

/* @return 0; -1 to close: no page of ours sends such a thing */
static int on_piece(struct gateway *gateway, struct gateway_viewer *viewer, const void *piece,
                    size_t n_piece)
{
    struct lws *wsi = viewer->wsi;
    if (lws_frame_is_binary(wsi) || n_piece > sizeof viewer->request - viewer->n_request) {
        gateway->counts.n_bad++;
        lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
                         (unsigned char *)"text of 4096 octets at most", 27);
        return -1;
    }
    if (n_piece > 0)
        memcpy(viewer->request + viewer->n_request, piece, n_piece);
    viewer->n_request += n_piece;
    if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0)
        on_message(gateway, viewer);
    return 0;
}

static int write_now(struct gateway *gateway, struct gateway_viewer *viewer, size_t n_bytes,
                     enum lws_write_protocol kind)
{
    if (lws_write(viewer->wsi, gateway->scratch + LWS_PRE, n_bytes, kind) < (int)n_bytes)
        return -1;
    if (kind == LWS_WRITE_BINARY)
        gateway->counts.n_map_bytes += n_bytes;
    else
        gateway->counts.n_text_bytes += n_bytes;
    lws_callback_on_writable(viewer->wsi); /* there may be more */
    return 0;
}

/* Replies first, then what is said in words, then maps: one message a turn. */
static int on_writable(struct gateway *gateway, struct gateway_viewer *viewer)
{
    unsigned char *space = gateway->scratch + LWS_PRE;
    double now_s = gateway_now_s();
    if (viewer->n_replies_bytes) {
        size_t n_text = strlen(viewer->replies);
        if (n_text > VIEWER_TEXT_BYTES)
            return -1;
        memcpy(space, viewer->replies, n_text);
        viewer->n_replies_bytes -= n_text + 1;
        memmove(viewer->replies, viewer->replies + n_text + 1, viewer->n_replies_bytes);
        return write_now(gateway, viewer, n_text, LWS_WRITE_TEXT);
    }
    if (gateway_class_is_due(gateway, viewer)) {
        size_t n_class = gateway_class_write(gateway, viewer, (char *)space, VIEWER_TEXT_BYTES);
        if (n_class)
            return write_now(gateway, viewer, n_class, LWS_WRITE_TEXT);
    }
    size_t n_text =
        viewer_write_text(&viewer->viewer, &gateway->hub, now_s, (char *)space, VIEWER_TEXT_BYTES);
    if (n_text)
        return write_now(gateway, viewer, n_text, LWS_WRITE_TEXT);
    size_t n_maps =
        viewer_write_maps(&viewer->viewer, &gateway->hub, now_s, space, VIEWER_MAPS_BYTES);
    return n_maps ? write_now(gateway, viewer, n_maps, LWS_WRITE_BINARY) : 0;
}

void gateway_socket_tick(struct gateway *gateway, double now_s)
{
    for (struct gateway_viewer *viewer = gateway->viewers; viewer; viewer = viewer->next)
        if (viewer_is_due(&viewer->viewer, &gateway->hub, now_s) ||
            gateway_class_is_due(gateway, viewer))
            lws_callback_on_writable(viewer->wsi);
}

void gateway_socket_take_replies(struct gateway *gateway)
{
    struct errand_reply reply;
    while (errands_pop(gateway->errands, &reply)) {
        struct gateway_viewer *viewer = gateway->viewers;
        if (reply.viewer == GATEWAY_CLASS_VIEWER)
            gateway_class_take_reply(gateway, &reply);
        while (viewer && viewer->number != reply.viewer)
            viewer = viewer->next;
        if (viewer && reply.json)
            gateway_socket_reply(viewer, reply.id, reply.json);
        free(reply.json);
    }
}

int gateway_socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                            size_t n_in)
{
    struct gateway *gateway = lws_context_user(lws_get_context(wsi));
    struct gateway_viewer **slot = user;
    switch ((int)reason) { /* of the hundred reasons there are, these concern us */
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return gateway_is_own_page(wsi) ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
        return on_open(gateway, wsi, slot);
    case LWS_CALLBACK_RECEIVE:
        return *slot ? on_piece(gateway, *slot, in, n_in) : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return *slot ? on_writable(gateway, *slot) : -1;
    case LWS_CALLBACK_CLOSED:
        if (slot && *slot)
            on_close(gateway, *slot);
        return 0;
    default:
        return 0;
    }
}
