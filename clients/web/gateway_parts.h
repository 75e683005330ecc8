/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gateway_parts.h - what the gateway's files share: its state, and who answers what
 *
 * gateway.c runs the loop, gateway_http.c gives pages, gateway_socket.c speaks with viewers. */
#ifndef GATEWAY_PARTS_H
#define GATEWAY_PARTS_H

#include <libwebsockets.h>

#include "errands.h"
#include "gateway.h"
#include "viewer.h"

enum { GATEWAY_VIEWERS_MAX = 256 };

/* A browser's live connection. */
struct gateway_viewer {
    struct gateway_viewer *next;
    struct lws *wsi;
    uint64_t number;
    struct viewer viewer;
    char *replies; /* [n_replies] JSON texts, each closed by a zero, that wait for the socket */
    size_t n_replies_bytes;
    char request[4096]; /* [n_request] of a message that came in pieces */
    size_t n_request;
};

struct gateway_counts {
    uint64_t n_requests, n_refused; /* of HTTP */
    uint64_t n_viewers_ever, n_bad; /* bad: messages from browsers that made no sense */
    uint64_t n_dropped;             /* messages of the feeds, for want of memory */
    uint64_t n_text_bytes, n_map_bytes;
};

struct gateway {
    const struct gateway_options *options;
    struct lws_context *context;
    struct lws_vhost *vhost;
    lws_sorted_usec_list_t tick;
    struct thenar_feed **feeds; /* [options->n_daemons] */
    struct errands *errands;
    struct hub hub;
    double heard_s;                 /* when any daemon last said something */
    struct gateway_viewer *viewers; /* a list */
    size_t n_viewers;
    struct gateway_counts counts;
    unsigned char *scratch; /* [LWS_PRE + the larger of text and maps] */
};

/** Seconds of a steady clock. */
double gateway_now_s(void);

/** The callbacks of libwebsockets: plain HTTP, and the live connection. */
int gateway_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t n_in);
int gateway_socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                            size_t n_in);

/** True when the request may be served: its Host is one of ours, its Origin, if any, the same. */
bool gateway_is_own_page(struct lws *wsi);

/** What each connection of plain HTTP keeps. */
size_t gateway_http_bytes(void);

/** Ask for each viewer's socket that has something due. */
void gateway_socket_tick(struct gateway *gateway, double now_s);

/** Hand the daemons' replies to those who asked. */
void gateway_socket_take_replies(struct gateway *gateway);

#endif
