/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gateway_parts.h - what the gateway's files share: its state, and who answers what
 *
 * gateway.c runs the loop, gateway_http.c gives pages, gateway_login.c knows who asks,
 * gateway_class.c leads the class, gateway_sessions.c hands out what was recorded,
 * gateway_socket.c speaks with viewers. */
#ifndef GATEWAY_PARTS_H
#define GATEWAY_PARTS_H

#include <libwebsockets.h>

#include "access.h"
#include "errands.h"
#include "gateway.h"
#include "login_desk.h"
#include "permission.h"
#include "session_shelf.h"
#include "viewer.h"

enum { GATEWAY_VIEWERS_MAX = 256, GATEWAY_FORM_BYTES = 1024, GATEWAY_COOKIE_BYTES = 256 };

/* Whose errands the class's are: no browser has this number. */
enum { GATEWAY_CLASS_VIEWER = 0 };

struct class_request;
struct gateway_class;

/* One transaction of plain HTTP, in the memory that libwebsockets keeps for a connection. */
struct gateway_request {
    struct gateway_request *next; /* in the list of those that wait for the login desk */
    struct lws *wsi;
    const unsigned char *at; /* [n_left] of the body that is on its way */
    size_t n_left;
    char *owned;           /* for free() when the body is out; NULL: part of the program */
    bool is_file;          /* the body is in `fd`, from its beginning */
    int fd;                /* for close() */
    off_t file_at;         /* octets of it that are out */
    uint64_t shelf_number; /* at the shelf of sessions; 0: not there */
    uint64_t login_number; /* at the login desk; 0: not there */
    bool is_form;          /* a body is coming: a login's, or with is_join a tablet's */
    bool is_join;
    size_t n_form;
    char form[GATEWAY_FORM_BYTES];
};

/* A browser's live connection. */
struct gateway_viewer {
    struct gateway_viewer *next;
    struct lws *wsi;
    uint64_t number;
    struct permission permission;
    struct viewer viewer;
    char *replies; /* [n_replies] JSON texts, each closed by a zero, that wait for the socket */
    size_t n_replies_bytes;
    char host[256];         /* by which its browser knows us */
    uint64_t class_version; /* of the class that it was sent; 0: never */
    char request[4096];     /* [n_request] of a message that came in pieces */
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
    struct gateway_class *classroom;
    double heard_s;                 /* when any daemon last said something */
    struct gateway_viewer *viewers; /* a list */
    size_t n_viewers;
    struct accounts accounts;    /* empty without a file of them */
    struct timespec accounts_at; /* when the file last changed */
    struct access access;
    struct worker *login_desk;
    struct gateway_request *logins; /* a list: who waits for the desk */
    uint64_t n_logins_ever;
    struct shelf *shelf;
    struct gateway_request *readers; /* a list: who waits for the shelf */
    uint64_t n_readers_ever;
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

/* What is said beside a body. NULL: not said. */
struct gateway_head {
    unsigned code;
    const char *mime_type, *etag, *encoding, *cookie, *location;
    const char *name; /* of the file that a browser saves; NULL: it is shown */
    bool is_report;   /* a page with a style of its own, and without scripts */
};

/**
 * Answer with octets, or the first of a file.
 * @param owned  [n_body] for free(); NULL with a file
 * @param fd     of the file, from here on the request's; -1: none
 * @return for libwebsockets
 */
int gateway_http_send(struct gateway_request *request, const struct gateway_head *head, char *owned,
                      int fd, size_t n_body);

/** Answer with a text of its own: JSON, a page for machines. @return for libwebsockets */
int gateway_http_reply(struct gateway_request *request, unsigned code, const char *mime_type,
                       const char *cookie, char *owned);

/** Say a short text at once and close: whatever else comes with such a request is not read.
 * @param cookie  to set; NULL: none
 * @return for libwebsockets */
int gateway_http_say(struct lws *wsi, unsigned code, const char *mime_type, const char *cookie,
                     const char *text);

/** Read the file of accounts, and open the login desk. Without a file: nothing to do. */
THENAR_NODISCARD enum thenar_status gateway_login_start(struct gateway *gateway,
                                                        struct thenar_error *error);
void gateway_login_finish(struct gateway *gateway);

/** Who asks. @return false: nobody who is logged in */
bool gateway_login_permission(struct gateway *gateway, struct lws *wsi,
                              struct permission *permission);

/** A login's body is whole. @return for libwebsockets */
int gateway_login_submit(struct gateway *gateway, struct gateway_request *request);

/** The cookie of a login, for set-cookie.
 * @param token   ACCESS_TOKEN_BYTES octets
 * @param cookie  GATEWAY_COOKIE_BYTES, out */
void gateway_login_cookie(const struct gateway *gateway, const unsigned char *token, char *cookie);

/** The connection is gone: the desk's answer has nowhere to go. */
void gateway_login_forget(struct gateway *gateway, struct gateway_request *request);

/** End the login of who asks. @return for libwebsockets */
int gateway_login_out(struct gateway *gateway, struct gateway_request *request);

/** {"name":..,"role":..,"station":..} @return for libwebsockets */
int gateway_login_who(struct gateway_request *request, const struct permission *permission);

/** Hand the desk's answers to those who wait. */
void gateway_login_take_answers(struct gateway *gateway);

/** Ask for each viewer's socket that has something due. */
void gateway_socket_tick(struct gateway *gateway, double now_s);

/** Hand the daemons' replies to those who asked. */
void gateway_socket_take_replies(struct gateway *gateway);

/** Whether an answer of the shelf was the class's own question; it is taken in, and still the
 * caller's to finish. */
bool gateway_class_take_session(struct gateway *gateway, const struct shelf_answer *answer);

/** Open the shelf of recorded sessions. */
THENAR_NODISCARD enum thenar_status gateway_sessions_start(struct gateway *gateway,
                                                           struct thenar_error *error);

/** Ask the shelf. @param path  session_query_is_address holds @return for libwebsockets */
int gateway_sessions_ask(struct gateway *gateway, struct gateway_request *request, const char *path,
                         const struct permission *permission);

/** The connection is gone: the shelf's answer has nowhere to go. */
void gateway_sessions_forget(struct gateway *gateway, struct gateway_request *request);

/** Hand the shelf's answers to those who wait. */
void gateway_sessions_take_answers(struct gateway *gateway);

/** Answer a viewer's request. @param json  the reply, an object */
void gateway_socket_reply(struct gateway_viewer *viewer, uint64_t id, const char *json);

/** Read the class's file and the rubric. @return also as class_file_load, rubric_load */
THENAR_NODISCARD enum thenar_status gateway_class_start(struct gateway *gateway,
                                                        struct thenar_error *error);

/** Ends the thread that saves; then finish writes what is not on disk yet. */
void gateway_class_stop(struct gateway *gateway);
void gateway_class_finish(struct gateway *gateway);

/** A message of a feed; a daemon's reply to the class. */
void gateway_class_take(struct gateway *gateway, const struct thenar_feed_message *message);
void gateway_class_take_reply(struct gateway *gateway, const struct errand_reply *reply);

/** Send commands that wait, save what changed. */
void gateway_class_tick(struct gateway *gateway);

/** What an instructor asks; anybody else is refused. */
void gateway_class_request(struct gateway *gateway, struct gateway_viewer *viewer, uint64_t id,
                           const struct class_request *request);

/** Whether this viewer's page is to be told of the class, and in what words.
 * @return octets written, 0: nothing */
bool gateway_class_is_due(const struct gateway *gateway, const struct gateway_viewer *viewer);
size_t gateway_class_write(struct gateway *gateway, struct gateway_viewer *viewer, char *text,
                           size_t n_space);

/** Addresses of the class: /api/class and below.
 * @param result  out, when true: for libwebsockets
 * @return false: not one of these */
bool gateway_class_get(struct gateway *gateway, struct gateway_request *request, const char *path,
                       const struct permission *permission, int *result);

/** A tablet's code is whole. @return for libwebsockets */
int gateway_class_join(struct gateway *gateway, struct gateway_request *request);

#endif
