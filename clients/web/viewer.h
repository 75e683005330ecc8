/* SPDX-License-Identifier: GPL-3.0-or-later */
/* viewer.h - one browser: what it asked for, what it was sent, what is due now
 *
 * A viewer never has a queue: what is due is worked out from the hub when its socket can take it,
 * so a slow phone gets fewer and newer messages, and harms nobody. Only events (strokes, episodes,
 * cues, gaps) are sent each; those that fell out of the hub's history meanwhile are counted.
 *
 * Pure: times are the caller's. Context: one thread, the gateway's. */
#ifndef VIEWER_H
#define VIEWER_H

#include "hub.h"
#include "map_code.h"

/* What a page wants to see; viewer_request.h reads it. */
struct viewer_wish {
    char station[THENAR_TOPIC_NAME_BYTES]; /* "": all */
    char device[THENAR_TOPIC_NAME_BYTES];  /* "": all of the station */
    float state_hz;                        /* metrics and the like, at most; 0: none */
    float maps_hz;                         /* maps, at most; 0: none */
    unsigned n_cells_max;                  /* on the longer side of a map; 0: all */
    bool events;
    bool classroom; /* the class, or the own table's part of it; gateway_class.c sends it */
};

/* What one viewer was sent of one device. */
struct viewer_device {
    uint64_t state_version[THENAR_N_TOPIC_KINDS];
    uint64_t map_version;
    uint64_t n_events; /* of the device's, that were sent or missed */
};

struct viewer {
    struct viewer_wish wish;
    struct viewer_device devices[HUB_DEVICES_MAX];
    size_t n_listed;                /* devices that the browser was told of */
    double state_due_s, maps_due_s; /* not before */
    bool must_list;
};

/** Wishes nothing yet. */
void viewer_init(struct viewer *viewer);

/** From now on this; what is known already is due at once, events from now on only. */
void viewer_set_wish(struct viewer *viewer, const struct hub *hub, const struct viewer_wish *wish,
                     double now_s);

/** True when viewer_write_text or viewer_write_maps would write something now. */
bool viewer_is_due(const struct viewer *viewer, const struct hub *hub, double now_s);

/**
 * What is due as text: a JSON array of {"topic":..,"data":..}, first the list of devices if it
 * changed. What does not fit stays due.
 *
 * @param text  [n_space] out; VIEWER_TEXT_BYTES is always enough for some progress
 * @return octets written, 0: nothing is due
 */
enum { VIEWER_TEXT_BYTES = 128 * 1024, VIEWER_MAPS_BYTES = 256 * 1024 };
size_t viewer_write_text(struct viewer *viewer, const struct hub *hub, double now_s, char *text,
                         size_t n_space);

/** What is due of maps: one map_code after the other. @return octets written, 0: nothing */
size_t viewer_write_maps(struct viewer *viewer, const struct hub *hub, double now_s,
                         unsigned char *maps, size_t n_space);

#endif
