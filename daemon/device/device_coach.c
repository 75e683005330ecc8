/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_coach.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coach_words.h"
#include "log.h"

void device_coach_init(struct device_coach *coach, const char *name)
{
    memset(coach, 0, sizeof *coach);
    coach->name = name;
    coaching_init(&coach->coaching, MOUNT_PAD, true);
}

void device_coach_finish(struct device_coach *coach)
{
    free(coach->plan);
    free(coach->plan_text);
    coach->plan = NULL;
    coach->plan_text = NULL;
}

static const int64_t SCORE_NS = 10LL * NS_PER_S;

void device_coach_write_score(struct device_coach *coach, struct device_tape *tape)
{
    struct session_score_row row;
    if (!tape->is_on || !coach->coaching.plan)
        return;
    coach->scored_ns = moment_monotonic_ns();
    coach_words_score(&coach->coaching, &row);
    device_tape_score(tape, &row);
}

void device_coach_write_score_when_due(struct device_coach *coach, struct device_tape *tape)
{
    if (moment_monotonic_ns() - coach->scored_ns >= SCORE_NS)
        device_coach_write_score(coach, tape);
}

void device_coach_publish(struct device_coach *coach, struct device_outbox *outbox)
{
    struct thenar_feed_plan payload;
    coach->step = coach->coaching.step;
    coach->state = coach->coaching.state;
    coach_words_plan(&coach->coaching, &payload);
    device_outbox_plan(outbox, &payload);
}

void device_coach_look(struct device_coach *coach, const struct array_layout *layout,
                       const struct pipeline_output *output)
{
    struct coaching *coaching = &coach->coaching;
    bool is_relative = !array_layout_is_kpa(layout);
    if (coaching->mount != layout->mount || coaching->is_relative != is_relative)
        coaching_set_array(coaching, layout->mount, is_relative);
    struct coaching_frame frame = {.device_s = output->device_s,
                                   .technique = &output->technique,
                                   .strokes = output->strokes,
                                   .n_strokes = output->n_strokes,
                                   .force_n = output->features.force_n,
                                   .peak_kpa = output->features.peak_kpa,
                                   .load_change_n = output->mat.load_change_n,
                                   .is_touched = output->features.n_touched > 0,
                                   .is_saturated = output->features.n_saturated > 0};
    coach->has_cue = coaching_execute(coaching, &frame, &coach->cue);
}

void device_coach_speak(struct device_coach *coach, struct device_outbox *outbox,
                        struct device_tape *tape)
{
    if (coach->has_cue) {
        struct thenar_feed_cue payload;
        coach_words_cue(&coach->cue, &coach->coaching, &payload);
        device_outbox_cue(outbox, &payload);
        device_tape_cue(tape, &payload);
        coach->has_cue = false;
    }
    if (coach->step != coach->coaching.step || coach->state != coach->coaching.state) {
        device_coach_write_score(coach, tape);
        device_coach_publish(coach, outbox);
    }
}

/* ---- orders ---- */

static void start(struct device_coach *coach, struct coach_order *order, struct device_tape *tape)
{
    device_coach_write_score(coach, tape);
    free(coach->plan);
    free(coach->plan_text);
    coach->plan = order->plan;
    coach->plan_text = order->plan_text;
    order->plan = NULL;
    order->plan_text = NULL;
    coaching_start(&coach->coaching, coach->plan, order->policy);
    device_tape_plan(tape, coach->plan->name, coach->plan_text);
    device_coach_write_score(coach, tape);
    log_say(LOG_LEVEL_INFO, coach->name, "plan %s: %u steps, %.0f min; cues: %s", coach->plan->name,
            coach->plan->n_steps, (double)plan_duration_s(coach->plan) / 60,
            plan_cues_name(order->policy));
}

static void comfort(struct device_coach *coach, float pain, struct device_outbox *outbox)
{
    struct coaching_report report;
    struct thenar_feed_comfort payload;
    coaching_comfort(&coach->coaching, pain);
    coaching_read(&coach->coaching, &report);
    thenar_payload_clear(THENAR_TOPIC_COMFORT, &payload);
    payload.pain = pain;
    payload.button = isnan(pain);
    payload.step = coach_words_step(&report);
    if (report.plan)
        (void)snprintf(payload.plan, sizeof payload.plan, "%s", report.plan->name);
    device_outbox_comfort(outbox, &payload);
}

/* @return NULL when it was done, else why not */
static const char *execute(struct device_coach *coach, struct coach_order *order,
                           struct device_outbox *outbox, struct device_tape *tape)
{
    static const char no_plan[] = "no plan is in force; start one: thenar plan start NAME";
    struct coaching *coaching = &coach->coaching;
    switch (order->kind) {
    case COACH_ORDER_START:
        start(coach, order, tape);
        return NULL;
    case COACH_ORDER_STOP:
        device_coach_write_score(coach, tape);
        coaching_stop(coaching);
        device_tape_plan(tape, NULL, NULL);
        return NULL;
    case COACH_ORDER_NEXT:
        if (!coach->coaching.plan)
            return no_plan;
        return coaching_move(coaching, 1) ? NULL : "the plan is finished already";
    case COACH_ORDER_BACK:
        if (!coach->coaching.plan)
            return no_plan;
        return coaching_move(coaching, -1) ? NULL : "this is the first step";
    case COACH_ORDER_PAUSE:
    case COACH_ORDER_RESUME:
        if (!coach->coaching.plan)
            return no_plan;
        coaching_pause(coaching, order->kind == COACH_ORDER_PAUSE);
        return NULL;
    case COACH_ORDER_DECLARE:
        coaching_declare(coaching, order->technique, order->variant);
        return NULL;
    case COACH_ORDER_COMFORT:
        comfort(coach, order->pain, outbox);
        return NULL;
    case COACH_ORDER_ASK:
        break;
    }
    return NULL;
}

static void answer(const struct device_coach *coach, uint32_t ticket, const char *refusal,
                   struct device_letters *letters)
{
    struct coaching_report report;
    struct device_answer letter = {.ticket = ticket,
                                   .status = refusal ? THENAR_ERR_VALUE : THENAR_OK};
    coaching_read(&coach->coaching, &report);
    if (refusal)
        (void)snprintf(letter.text, sizeof letter.text, "%s", refusal);
    (void)snprintf(letter.plan_state, sizeof letter.plan_state, "%s",
                   coaching_state_name(report.plan ? report.state : COACHING_NONE));
    letter.step = coach_words_step(&report);
    if (report.plan) {
        letter.n_steps = report.plan->n_steps;
        (void)snprintf(letter.plan, sizeof letter.plan, "%s", report.plan->name);
    }
    device_letters_post(letters, &letter);
}

void device_coach_obey(struct device_coach *coach, const struct device_command *command,
                       struct thenar_feed_status *state, struct device_letters *letters,
                       struct device_outbox *outbox, struct device_tape *tape)
{
    bool asked_only = command->order->kind == COACH_ORDER_ASK;
    float pain = command->order->kind == COACH_ORDER_COMFORT ? command->order->pain : NAN;
    const char *refusal = execute(coach, command->order, outbox, tape);
    if (!asked_only)
        device_tape_command(tape, &(struct device_tape_command){.name = command->name,
                                                                .request = command->text,
                                                                .value = (double)pain,
                                                                .is_done = !refusal});
    (void)snprintf(state->plan, sizeof state->plan, "%s",
                   coach->coaching.plan ? coach->coaching.plan->name : "");
    coach_order_destroy(command->order);
    answer(coach, command->ticket, refusal, letters);
    if (!asked_only && !refusal)
        device_coach_publish(coach, outbox);
}

/* ---- the recording ---- */

void device_coach_anew(struct device_coach *coach)
{
    coaching_set_array(&coach->coaching, coach->coaching.mount, coach->coaching.is_relative);
}
