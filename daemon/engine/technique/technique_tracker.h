/* SPDX-License-Identifier: GPL-3.0-or-later */
/* technique_tracker.h - from filtered frames to contacts, the name of the stroke, pace and events
 *
 *     contacts -> history -> pace, strokes -> window features -> classifier -> name -> episodes
 *
 * The one entry of this folder for the pipeline. A pure function of frames and their times:
 * contacts and strokes follow every frame; spectra, features and the classifier run ten times a
 * second of frame time. Causal; allocates nothing after create; the same input gives the same bits.
 *
 * Lag: a fast technique is named within 1.5 s of its start, what only history can tell (muscle
 * energy, soft tissue release) after its first cycles; until then a parent may stand. Strokes are
 * held back until their technique is named, 3 s at most. Episodes come out when they end. */
#ifndef TECHNIQUE_TRACKER_H
#define TECHNIQUE_TRACKER_H

#include "array_layout.h"
#include "signal/frame_features.h"
#include "technique/classifier.h"
#include "technique/contact.h"
#include "technique/technique.h"

enum { TRACKER_STROKES_MAX = 4, TRACKER_EPISODES_MAX = 2 };

struct technique_input {
    double device_s;       /* never back between resets */
    const float *pressure; /* [n_taxels] filtered, kPa or relative; 0 where no taxel exists */
    const struct frame_features *features; /* of the same frame */
    float gate_kpa;                        /* touched above it, > 0 */
};

struct technique_output {
    struct technique_state state;
    unsigned n_contacts;
    struct contact contacts[CONTACTS_MAX]; /* strongest first; the first n_contacts are set */
    unsigned n_strokes;
    struct stroke strokes[TRACKER_STROKES_MAX]; /* that ended; the first n_strokes are set */
    unsigned n_episodes;
    struct episode episodes[TRACKER_EPISODES_MAX]; /* likewise */
};

struct technique_tracker;

/**
 * @param layout      copied
 * @param classifier  borrowed until destroy; &classifier_rules
 * @return THENAR_OK; THENAR_ERR_ARGUMENT a layout without taxels or rate; THENAR_ERR_MEMORY
 * Owner: caller; technique_tracker_destroy frees it, NULL allowed
 */
THENAR_NODISCARD enum thenar_status technique_tracker_create(struct technique_tracker **out,
                                                             const struct array_layout *layout,
                                                             const struct classifier *classifier);
void technique_tracker_destroy(struct technique_tracker *tracker);

/**
 * After a gap: contacts, pace and windows begin anew with the next frame; the name in force and its
 * episode are kept and go on if the hands do.
 */
void technique_tracker_reset(struct technique_tracker *tracker);

/**
 * One frame.
 * @param output  out: see above; what is beyond the counts is left as it was
 * Context: pipeline thread; allocates nothing
 */
void technique_tracker_execute(struct technique_tracker *tracker,
                               const struct technique_input *input,
                               struct technique_output *output);

/**
 * The end of a recording: what is going on ends now. Call until it returns false; each call fills
 * n_strokes and n_episodes anew.
 * @return true when there is more to fetch
 */
bool technique_tracker_finish(struct technique_tracker *tracker, struct technique_output *output);

/** What the classifier saw last, and what it answered [N_TECHNIQUES]; borrowed, for tools. */
const struct window_features *technique_tracker_features(const struct technique_tracker *tracker);
const float *technique_tracker_probability(const struct technique_tracker *tracker);

#endif
