/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_state.h - what the live view knows: devices, their newest data, and the log of events
 *
 * Fed with messages, read by the drawing; no terminal, no socket. Times `now_s` are any steady
 * clock of the viewer's own, since the daemon's may differ. */
#ifndef WATCH_STATE_H
#define WATCH_STATE_H

#include "thenar.h"
#include "watch_scale.h"

enum { WATCH_DEVICES_MAX = 64, WATCH_EVENTS_MAX = 128, WATCH_EVENT_BYTES = 160 };

#define WATCH_STALE_S 0.5 /* no data for longer than this is said */

enum watch_mood { WATCH_PLAIN, WATCH_GOOD, WATCH_BAD };

struct watch_event {
    double time_s; /* Unix */
    enum watch_mood mood;
    unsigned device;                   /* index */
    unsigned n;                        /* strokes of one technique in a row are one line */
    char technique[THENAR_WORD_BYTES]; /* of strokes, else "" */
    char text[WATCH_EVENT_BYTES];
};

struct watch_device {
    char station[THENAR_TOPIC_NAME_BYTES], name[THENAR_TOPIC_NAME_BYTES];
    struct thenar_feed_status status;   /* state "" until it came */
    struct thenar_feed_session session; /* session "" until it came */
    struct thenar_feed_metrics metrics; /* technique "" until it came */
    struct thenar_feed_frame frame;     /* n_rows 0 until it came */
    float *matrix;                      /* [n_matrix] of the newest frame */
    size_t n_matrix;
    double heard_s;               /* when metrics or a frame last came; NaN: never */
    struct thenar_feed_plan plan; /* plan "": none */
    struct thenar_feed_cue cue;   /* the last; cue "": none */
    double cue_s, ticked_s;       /* when it came; now */
    struct watch_scale force, peak, map;
    double beat; /* phase of the pace, 0..1; 0 at the end of a stroke */
};

struct watch_state {
    struct watch_device devices[WATCH_DEVICES_MAX];
    unsigned n_devices;
    unsigned selected;
    struct watch_event events[WATCH_EVENTS_MAX]; /* a ring */
    unsigned n_events;                           /* ever; the newest is (n_events - 1) % MAX */
    double ticked_s;
};

void watch_state_init(struct watch_state *state);
void watch_state_finish(struct watch_state *state);

/** Take a message in. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status watch_state_take(struct watch_state *state,
                                                     const struct thenar_feed_message *message,
                                                     double now_s);

/** Let time pass: the beat goes on. */
void watch_state_tick(struct watch_state *state, double now_s);

/** A line of our own in the log. */
__attribute__((format(printf, 5, 6))) void watch_state_log(struct watch_state *state, double time_s,
                                                           unsigned device, enum watch_mood mood,
                                                           const char *format, ...);

/** The i-th newest event, 0..; NULL past the oldest kept. */
const struct watch_event *watch_state_event(const struct watch_state *state, unsigned i);

/** The device on view; NULL while none is known. */
const struct watch_device *watch_state_selected(const struct watch_state *state);

/** Seconds without data; 0 while it flows; NaN: never had any. */
double watch_device_silence_s(const struct watch_device *device, double now_s);

#endif
