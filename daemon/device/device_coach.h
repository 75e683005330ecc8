/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_coach.h - the plan in force on a device: orders come in, cues and the plan's state go out
 *
 * Frames go through engine/technique/coaching.h; here is what surrounds it: the plan that it
 * follows is owned, orders are answered, what it says becomes records for the publisher.
 * Context: the device's thread; a frame allocates nothing, an order frees the plan before */
#ifndef DEVICE_COACH_H
#define DEVICE_COACH_H

#include "coach_order.h"
#include "device_letters.h"
#include "device_outbox.h"
#include "device_tape.h"
#include "engine/technique/coaching.h"

struct device_coach {
    const char *name; /* for the log; borrowed */
    struct coaching coaching;
    struct plan *plan; /* owned; NULL: none */
    char *plan_text;   /* owned; its file as it was */
    int64_t scored_ns; /* when its score was written down last */
    unsigned step;     /* as published last */
    enum coaching_state state;
    bool has_cue; /* to be said */
    struct coach_cue cue;
};

void device_coach_init(struct device_coach *coach, const char *name);
void device_coach_finish(struct device_coach *coach);

/**
 * One frame that went through the pipeline.
 * @param layout  of the array as it is now: its mount and its units
 */
void device_coach_look(struct device_coach *coach, const struct array_layout *layout,
                       const struct pipeline_output *output);

/** Say what there is to say of it; after the frame's own record. */
void device_coach_speak(struct device_coach *coach, struct device_outbox *outbox,
                        struct device_tape *tape);

/**
 * Do what a command of kind DEVICE_COACH says, write it down, and answer.
 * @param command  its order is freed
 * @param state    its `plan` is brought up to date
 * @param tape     the plan and the score of the one before are written down
 */
void device_coach_obey(struct device_coach *coach, const struct device_command *command,
                       struct thenar_feed_status *state, struct device_letters *letters,
                       struct device_outbox *outbox, struct device_tape *tape);

/** A recording begins: from here on a replay of it must see the same. A plan in force goes on. */
void device_coach_anew(struct device_coach *coach);

/** The plan's state, as due every second. */
void device_coach_publish(struct device_coach *coach, struct device_outbox *outbox);

/** How the plan is followed, into the file: where one begins and ends. Nothing without a plan. */
void device_coach_write_score(struct device_coach *coach, struct device_tape *tape);

/** The same, when it was not done for ten seconds. */
void device_coach_write_score_when_due(struct device_coach *coach, struct device_tape *tape);

#endif
