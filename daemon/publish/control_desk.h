/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_desk.h - replies, and requests put aside until devices have answered
 *
 * What every command works with (control_commands.c). A request that a device must answer is kept
 * with a ticket; the device's answer carries the ticket back, or patience runs out.
 * Context: the control server's thread */
#ifndef CONTROL_DESK_H
#define CONTROL_DESK_H

#include "control_server.h"
#include "control_socket.h"
#include "feed/control.h"

enum { CONTROL_PENDING_MAX = 32 };

struct control_pending {
    bool is_used;
    struct control_client client;
    struct thenar_control_request request;
    struct thenar_control_reply reply; /* as far as it is known */
    uint32_t ticket;
    unsigned n_awaited;   /* answers */
    bool is_for_recorder; /* the devices have answered; the recorder opens or closes files */
    unsigned n_files;     /* that the devices began */
    int patience_ms;
    int64_t deadline_ns;
};

struct control_desk {
    struct control_socket socket;
    struct control_view view;
    struct control_pending pendings[CONTROL_PENDING_MAX];
    uint32_t last_ticket;
    char request_text[SESSION_REQUEST_BYTES]; /* the request at hand as it came, cut */
    int64_t start_ns;
    struct thenar_feed_status *states; /* [view.n_most] as of control_desk_look */
    char *text;                        /* [n_text_space] the reply */
    size_t n_text_space;
};

/** @return THENAR_OK; THENAR_ERR_MEMORY. What was made is freed by finish in any case. */
THENAR_NODISCARD enum thenar_status control_desk_init(struct control_desk *desk,
                                                      const struct control_view *view);
void control_desk_finish(struct control_desk *desk);

/** Bring desk->states up to date. @return what the publisher counted */
struct publisher_counts control_desk_look(struct control_desk *desk);

/** Refuse a request with a sentence. */
void control_desk_refuse(struct control_desk *desk, const struct control_client *client,
                         uint64_t id, const char *sentence);

/** Send what stands in desk->text: [n_text], when `status` is THENAR_OK; else that it failed. */
void control_desk_send(struct control_desk *desk, const struct control_client *client, uint64_t id,
                       enum thenar_status status, size_t n_text);

/** Reply; sets `ok` in it. */
void control_desk_reply(struct control_desk *desk, const struct control_client *client,
                        enum thenar_control_command command, struct thenar_control_reply *reply);

/**
 * The device that a request names.
 * @return its index; view.n_devices: there is none, and the client has been told
 */
size_t control_desk_device(struct control_desk *desk, const struct control_client *client,
                           const struct thenar_control_request *request);

/**
 * Put a request aside for the devices' answers.
 * @return its place; NULL: too many wait, and the client has been told
 */
struct control_pending *control_desk_keep(struct control_desk *desk,
                                          const struct control_client *client,
                                          const struct thenar_control_request *request,
                                          int patience_ms);

/** A letter to a device, with the request at hand for its session file. */
struct device_command control_desk_letter(const struct control_desk *desk,
                                          enum device_command_kind kind, double value);

/** What is done without the devices stands in their session files all the same. */
void control_desk_write_down(struct control_desk *desk,
                             const struct thenar_control_request *request);

/** The request that an answer belongs to. @return NULL: nobody waits for it any more */
struct control_pending *control_desk_pending(struct control_desk *desk, uint32_t ticket);

/** Refuse the requests whose patience has run out. */
void control_desk_give_up_late(struct control_desk *desk);

/** Until the next request must be given up; -1: none waits. */
int control_desk_patience_ms(const struct control_desk *desk);

#endif
