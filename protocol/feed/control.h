/* SPDX-License-Identifier: MIT */
/* control.h - requests and replies (FEED.md, "Control")
 *
 * One JSON object each way, with an id that the reply repeats. What the daemon reads and the
 * clients write is one struct; what comes back is one struct too, and status and devices add the
 * daemon's and the devices' own. */
#ifndef THENAR_CONTROL_H
#define THENAR_CONTROL_H

#include "feed/payload.h"

enum {
    THENAR_REQUEST_BYTES = 2048, /* any request with its closing zero; longer ones are refused */
    THENAR_DEVICES_MAX = 256,
    THENAR_FOUND_MAX = 32,     /* devices on the bus, in the reply to discover */
    THENAR_REPORT_BYTES = 2560 /* what a self-test found, in words */
};

enum thenar_control_command {
    THENAR_CONTROL_STATUS,     /* the daemon and all its devices */
    THENAR_CONTROL_DEVICES,    /* the devices */
    THENAR_CONTROL_RATE,       /* how often a device is published, or scans */
    THENAR_CONTROL_TARE,       /* what is felt now is zero */
    THENAR_CONTROL_PLAN,       /* the plan in force */
    THENAR_CONTROL_DISCOVER,   /* what is plugged in, whether configured or not */
    THENAR_CONTROL_IDENTIFY,   /* let a device blink */
    THENAR_CONTROL_SELF_TEST,  /* let a device look for broken rows, columns and taxels */
    THENAR_CONTROL_BOOTLOADER, /* send a device to its boot loader */
    THENAR_CONTROL_DECLARE,    /* what is being done, when the array cannot show it */
    THENAR_CONTROL_COMFORT,    /* the receiver says how it feels */
    THENAR_CONTROL_SESSION,    /* what is recorded */
    THENAR_CONTROL_SESSION_START,
    THENAR_CONTROL_SESSION_STOP,
    THENAR_CONTROL_SESSION_NOTE,
    THENAR_CONTROL_SHUTDOWN, /* end the daemon */
    THENAR_N_CONTROL_COMMANDS
};

struct thenar_control_request {
    uint64_t id;
    char command_name[THENAR_WORD_BYTES]; /* set by decode; encode goes by `command` */
    enum thenar_control_command command;
    char device[THENAR_TOPIC_NAME_BYTES]; /* rate: must be there; tare: "" is all devices */
    float metrics_rate_hz;                /* rate: NaN leaves it; 0 turns metrics and contact off */
    float frame_rate_hz;                  /* rate: NaN leaves it; 0 turns frame off */
    float rate_hz;                        /* rate: of the device's own scan; NaN leaves it */
    float span_s; /* tare: over how long, NaN is 1 s; identify: for how long, NaN is 5 s */
    bool loaded;  /* tare: the load that lies on the array now is the zero */
    char plan[THENAR_URI_BYTES]; /* plan: name or path of the one to start; session_start: its name
                                  */
    char action[THENAR_WORD_BYTES]; /* plan: start, stop, next, back, pause, resume; "" asks */
    char cues[THENAR_WORD_BYTES];   /* plan start: trusted, all or off; "" is trusted */
    char technique[THENAR_WORD_BYTES], variant[THENAR_WORD_BYTES]; /* declare */
    float pain; /* comfort: 0 none to 10 the worst; NaN: the button */
    char participant[THENAR_LABEL_BYTES], operator_id[THENAR_LABEL_BYTES]; /* session_start */
    char note[THENAR_NOTE_BYTES]; /* session_start: "" is none; session_note: must be there */
    bool on_contact;              /* session_start: it counts from the first touch */
    float wait_s;                 /* session_start: so long for that touch; NaN is half an hour */
};

/* What a reply holds, whatever the command; absent where the command does not speak of it. */
struct thenar_control_reply {
    uint64_t id;
    bool ok;
    char error[THENAR_ERROR_TEXT_BYTES]; /* "" when ok */
    char device[THENAR_TOPIC_NAME_BYTES];
    float metrics_rate_hz, frame_rate_hz, rate_hz; /* rate: what is in force now */
    float span_s;                                  /* tare, identify */
    uint32_t findings;                             /* self-test: how many; 0: all is well */
    char report[THENAR_REPORT_BYTES];              /* self-test: the findings in words */
    char plan[THENAR_LABEL_BYTES];                 /* plan */
    char plan_state[THENAR_WORD_BYTES];            /* plan */
    uint32_t step, n_steps;                        /* plan */
    char technique[THENAR_WORD_BYTES];             /* declare */
    /* session, session_start, session_stop */
    char session[THENAR_LABEL_BYTES];      /* id of the one that goes on, or of the last */
    char session_state[THENAR_WORD_BYTES]; /* "idle", "armed", "recording", "full", "failed",
                                              "closed", "dropped" */
    char session_reason[THENAR_REASON_BYTES];
    char participant[THENAR_LABEL_BYTES], operator_id[THENAR_LABEL_BYTES];
    char sessions[THENAR_URI_BYTES]; /* folder of all sessions */
    char folder[THENAR_URI_BYTES];   /* of this one */
    float length_s;
    uint32_t files; /* that are, or were, written */
    uint64_t frames, lost, lost_disk, gaps, size_bytes, free_bytes;
};

/* The daemon itself, in the reply to status. */
struct thenar_control_daemon {
    char version[THENAR_LABEL_BYTES];
    char station[THENAR_TOPIC_NAME_BYTES];
    float uptime_s;
    char feed[THENAR_URI_BYTES], control[THENAR_URI_BYTES];
    uint32_t pid;
    uint64_t memory_bytes; /* resident */
    uint64_t messages;     /* handed to the feed's socket since the start */
    uint64_t dropped;      /* messages that the publisher was too slow for */
    uint64_t refused;      /* connections whose key is not allowed; 0 without keys too */
};

/* One device on the bus, in the reply to discover. */
struct thenar_control_found {
    char uri[THENAR_URI_BYTES];           /* how to name it to thenard */
    char device[THENAR_TOPIC_NAME_BYTES]; /* which of the daemon's devices it is; "": none */
    char model[THENAR_LABEL_BYTES], serial[THENAR_LABEL_BYTES];
    char firmware[THENAR_LABEL_BYTES]; /* "" until the daemon has opened it */
    char port[THENAR_LABEL_BYTES];     /* where it is plugged in: bus, hubs, port */
    char usb[THENAR_LABEL_BYTES], tty[THENAR_LABEL_BYTES]; /* device files */
    char problem[THENAR_ERROR_TEXT_BYTES]; /* why the daemon cannot open it; "": nothing known */
};

/** "status", "devices", ...; NULL when it is none of them. */
const char *thenar_control_command_name(enum thenar_control_command command);

/** All fields absent, id 0: how a request begins. */
void thenar_control_request_clear(struct thenar_control_request *request);

/** All fields absent, id 0, not ok: how a reply begins. */
void thenar_control_reply_clear(struct thenar_control_reply *reply);

/**
 * @param text  [n_space] out: with a closing zero; THENAR_REQUEST_BYTES is enough, unless a
 *              note is long and full of what JSON must escape
 * @return THENAR_OK; THENAR_ERR_ARGUMENT not a command; THENAR_ERR_VALUE a field that the command
 *         needs is absent; THENAR_ERR_SPACE
 * Context: any thread; allocates nothing
 */
THENAR_NODISCARD enum thenar_status thenar_control_request_encode(
    const struct thenar_control_request *request, char *text, size_t n_space, size_t *n_text);

/**
 * Read and check a request: known command, only fields that the command knows, names and numbers
 * in range. Whether the device exists, and can do it, is the daemon's to say.
 *
 * @param request  out: on failure its id is set if it could be read, else 0: for the error reply
 * @param error    out: the sentence for the error reply
 * @return THENAR_OK; THENAR_ERR_SYNTAX, _TYPE, _VALUE
 * Context: any thread; allocates (jansson)
 */
THENAR_NODISCARD enum thenar_status thenar_control_request_decode(
    const char *text, size_t n_text, struct thenar_control_request *request,
    struct thenar_error *error);

/** {"id":..,"ok":false,"error":".."} @return THENAR_OK; THENAR_ERR_SPACE */
THENAR_NODISCARD enum thenar_status thenar_control_error_encode(uint64_t id, const char *sentence,
                                                                char *text, size_t n_space,
                                                                size_t *n_text);

/**
 * The reply to one command.
 *
 * @param reply    id; ok true, and what the command's reply holds (FEED.md); with ok false this is
 *                 thenar_control_error_encode
 * @param daemon   for status, else NULL
 * @param devices  [n_devices] for status and devices, else NULL
 * @param text     [n_space] out: 4096 + n_devices * THENAR_PAYLOAD_BYTES is always enough
 * @return THENAR_OK; THENAR_ERR_SPACE; THENAR_ERR_VALUE a field that must be there is absent
 * Context: any thread; allocates nothing
 */
THENAR_NODISCARD enum thenar_status thenar_control_reply_encode(
    enum thenar_control_command command, const struct thenar_control_reply *reply,
    const struct thenar_control_daemon *daemon, const struct thenar_feed_status *devices,
    size_t n_devices, char *text, size_t n_space, size_t *n_text);

/**
 * The reply to discover.
 *
 * @param found  [n_found], at most THENAR_FOUND_MAX
 * @param text   [n_space] out: THENAR_PAYLOAD_BYTES * (1 + n_found) is always enough
 * @return THENAR_OK; THENAR_ERR_SPACE
 */
THENAR_NODISCARD enum thenar_status thenar_control_found_encode(
    uint64_t id, const struct thenar_control_found *found, size_t n_found, char *text,
    size_t n_space, size_t *n_text);

/**
 * Read a reply to discover whose `ok` is true.
 *
 * @param found    out: [n_space]
 * @param n_found  out: written, 0..n_space
 * @return THENAR_OK; THENAR_ERR_SYNTAX, _TYPE, _VALUE
 */
THENAR_NODISCARD enum thenar_status thenar_control_found_decode(const char *text, size_t n_text,
                                                                struct thenar_control_found *found,
                                                                size_t n_space, size_t *n_found,
                                                                struct thenar_error *error);

/**
 * Read a reply.
 *
 * @param reply    out: look at `ok` first
 * @param daemon   out, for status; NULL is allowed
 * @param devices  out: [n_space] for status and devices; NULL with n_space 0 is allowed
 * @param n_devices  out: written, 0..n_space; NULL is allowed
 * @return THENAR_OK the reply was read, whether ok or not; THENAR_ERR_SYNTAX, _TYPE, _VALUE
 * Context: any thread; allocates (jansson)
 */
THENAR_NODISCARD enum thenar_status thenar_control_reply_decode(
    const char *text, size_t n_text, struct thenar_control_reply *reply,
    struct thenar_control_daemon *daemon, struct thenar_feed_status *devices, size_t n_space,
    size_t *n_devices, struct thenar_error *error);

#endif
