/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.h - where frames come from
 *
 * One interface for a serial port, a virtual device, a recording; whoever reads cannot tell them
 * apart. A source is opened from a URI, then asked again and again what happened next:
 *
 *     struct source *source;
 *     status = source_open(&source, "virtual:table32?script=demo", &error);
 *     for (struct source_event event; source_next(source, wake_fd, 1000, &event) != ...;)
 *         switch (event.kind) { case SOURCE_FRAME: ... }
 *     source_close(source);
 *
 * The order of events: DESCRIBED comes before the first FRAME, and again whenever the array, its
 * rate or its identity may have changed. LOST and RETURNED come in pairs; a source that was never
 * there begins with LOST. Nothing follows END.
 *
 * To add a source: write one file with a `const struct source_kind`, and name it in source.c.
 * A device that speaks the device link needs only a transport (transport.h). */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "array_layout.h"
#include "error.h"
#include "link/message.h"
#include "moment.h"
#include "uri.h"

enum source_event_kind {
    SOURCE_DESCRIBED, /* the device said what it is: event.description */
    SOURCE_FRAME,     /* one scan of all taxels: event.frame */
    SOURCE_HEALTH,    /* the device's own report, once a second: event.health */
    SOURCE_FAULT,     /* it is about to go to its safe state: event.fault */
    SOURCE_TARE,      /* a session's recording: the zero was taken here: event.tare */
    SOURCE_AUX,       /* one sample of an auxiliary channel: event.aux */
    SOURCE_ANSWER,    /* what became of a command: event.answer */
    SOURCE_LOST,      /* it is not there, or cannot be used: event.reason; trying goes on */
    SOURCE_RETURNED,  /* it is there again; DESCRIBED follows */
    SOURCE_END        /* the recording is over */
};

/* What a device is. Borrowed from the source until it is closed; changes with DESCRIBED only. */
struct source_description {
    char model[THENAR_NAME_BYTES];
    char serial[THENAR_NAME_BYTES];   /* unique a device; the file's name for a recording */
    char firmware[THENAR_NAME_BYTES]; /* "" for a recording */
    struct array_layout layout;
    double tick_hz;             /* of a frame's ticks; 0: it has none */
    bool gives_floats;          /* frames hold samples, not counts */
    bool is_calibrated_already; /* a session: as it was; no calibration of today is put on */
    const float *zero;          /* [n_taxels] a session: what it began with; NULL: none */
    bool zero_is_loaded;
    double rate_min_hz, rate_max_hz; /* what a rate command may ask for; equal: fixed */
    uint16_t gate_counts;            /* above 0: taxels at or below it are not sent (lossy) */
    unsigned n_aux;
    struct thenar_aux_channel aux[THENAR_MAX_AUX];
    bool has_hello; /* a device of the link: as it came */
    struct thenar_hello hello;
};

struct source_frame {
    uint32_t sequence;
    uint64_t ticks;     /* device clock at the start of the scan, as it was sent; 0: none */
    double device_s;    /* the same in seconds */
    double scan_s;      /* how long the scan took; 0: unknown */
    uint32_t n_dropped; /* frames dropped by the device since its reset */
    uint16_t n_late;    /* scan steps that came late */
    bool trigger;
    const uint16_t *counts; /* [n_taxels] or NULL; borrowed until the next call */
    const float *samples;   /* [n_taxels] or NULL, in the unit of the layout's sensor law */
};

struct source_tare {
    float span_s;
    bool is_loaded;
};

/* One sample of a channel that the description names, with as many values. */
struct source_aux {
    double device_s; /* device clock when the device had it */
    struct thenar_aux_sample sample;
};

struct source_answer {
    uint32_t ticket; /* of the command */
    enum thenar_status status;
    double value;        /* rate: the rate in force, Hz; self-test: how many findings there were */
    char text[160];      /* why not, when status is negative */
    unsigned n_findings; /* self-test: the first of them */
    struct thenar_finding findings[THENAR_MAX_FINDINGS];
};

struct source_event {
    enum source_event_kind kind;
    struct moment arrival; /* when the read that completed it returned */
    union {
        const struct source_description *description;
        struct source_frame frame;
        struct thenar_health health;
        struct thenar_fault fault;
        struct source_aux aux;
        struct source_tare tare;
        struct source_answer answer;
        const char *reason; /* one sentence with the cure; borrowed until the next call */
    };
};

/* What the link damaged since the source was opened. */
struct source_damage {
    uint64_t n_messages; /* whole and checked */
    uint64_t
        n_bad_messages; /* dropped: not COBS, checksum, length, or a body that does not decode */
    uint64_t n_skipped_bytes; /* octets dropped with them */
};

enum source_command_kind {
    SOURCE_SET_RATE,
    SOURCE_IDENTIFY,
    SOURCE_SELF_TEST, /* frames pause for some seconds */
    SOURCE_BOOTLOADER /* the device leaves, and comes back with whatever is flashed then */
};

struct source_command {
    enum source_command_kind kind;
    uint32_t ticket; /* chosen by the caller, comes back in the ANSWER */
    double value;    /* rate: Hz; identify: seconds */
};

struct source;

/* One kind of source, chosen by the scheme of its URI. */
struct source_kind {
    const char *scheme;
    const char *usage; /* for --help: "csv:FILE?rows=R&cols=C" */
    const char *help;
    enum thenar_status (*open)(struct source **out, const struct uri *uri,
                               struct thenar_error *error);
};

/* What a kind implements; it embeds this as its first member. */
struct source {
    enum thenar_status (*next)(struct source *source, int wake_fd, int timeout_ms,
                               struct source_event *event);
    enum thenar_status (*command)(struct source *source, const struct source_command *command);
    void (*close)(struct source *source);
    bool can_wait; /* when the reader is slow it waits, and nothing is lost */
    bool is_recording;
    struct source_damage damage;
};

/** [n_kinds] every kind there is, for --help and for messages. */
const struct source_kind *const *source_kinds(size_t *n_kinds);

/**
 * Open a source. What only a wrong URI or a missing file can cause fails here; a device that is
 * merely not plugged in does not: it is reported as LOST, and waited for.
 *
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE the URI; THENAR_ERR_ABSENT,
 *         THENAR_ERR_DENIED, THENAR_ERR_OS a file; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status source_open(struct source **out, const char *uri,
                                                struct thenar_error *error);

/**
 * Only check what source_open would say of a URI's scheme.
 * @return the kind; NULL with a sentence in `error` that names the kinds there are
 */
const struct source_kind *source_kind_of(const struct uri *uri, struct thenar_error *error);

/**
 * What happened next.
 *
 * @param wake_fd     returns early when this becomes readable; -1: none
 * @param timeout_ms  how long to wait; 0: not at all
 * @return THENAR_OK `event` is filled; THENAR_PENDING nothing happened, or `wake_fd` is readable
 * Context: one thread a source; allocates nothing while frames flow
 */
THENAR_NODISCARD static inline enum thenar_status source_next(struct source *source, int wake_fd,
                                                              int timeout_ms,
                                                              struct source_event *event)
{
    return source->next(source, wake_fd, timeout_ms, event);
}

/**
 * Ask the device for something; an ANSWER with the same ticket follows in any case.
 * @return THENAR_OK; THENAR_ERR_BUSY a command is under way; THENAR_ERR_UNSUPPORTED this source
 *         cannot (no ANSWER follows either)
 */
THENAR_NODISCARD static inline enum thenar_status source_command(
    struct source *source, const struct source_command *command)
{
    return source->command ? source->command(source, command) : THENAR_ERR_UNSUPPORTED;
}

/** Stop the device and free all; NULL is allowed. */
static inline void source_close(struct source *source)
{
    if (source)
        source->close(source);
}

#endif
