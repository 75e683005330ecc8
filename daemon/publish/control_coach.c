/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_coach.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/coach_order.h"
#include "engine/session/plan_folder.h"

enum { PATIENCE_MS = 3000 };

static enum coach_order_kind order_kind(const struct thenar_control_request *request)
{
    static const struct {
        const char *action;
        enum coach_order_kind kind;
    } rows[] = {{"start", COACH_ORDER_START}, {"stop", COACH_ORDER_STOP},
                {"next", COACH_ORDER_NEXT},   {"back", COACH_ORDER_BACK},
                {"pause", COACH_ORDER_PAUSE}, {"resume", COACH_ORDER_RESUME}};
    if (request->command == THENAR_CONTROL_DECLARE)
        return COACH_ORDER_DECLARE;
    if (request->command == THENAR_CONTROL_COMFORT)
        return COACH_ORDER_COMFORT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(request->action, rows[i].action) == 0)
            return rows[i].kind;
    return request->plan[0] ? COACH_ORDER_START : COACH_ORDER_ASK;
}

static enum thenar_status read_plan(const struct thenar_control_request *request,
                                    struct coach_order *order, struct thenar_error *error)
{
    order->policy = plan_cues_from_name(request->cues);
    if (request->cues[0] && order->policy == N_PLAN_CUES)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "cues \"%s\" are not known; there are trusted, all and off",
                           request->cues);
    struct plan_folders *folders = malloc(sizeof *folders);
    order->plan = malloc(sizeof *order->plan);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (folders && order->plan) {
        plan_folders_init(folders);
        status =
            plan_folders_read_text(folders, request->plan, order->plan, &order->plan_text, error);
        if (status == THENAR_OK && !request->cues[0])
            order->policy = order->plan->cues;
    } else {
        (void)thenar_fail(error, status, "out of memory for a plan");
    }
    free(folders);
    return status;
}

static enum thenar_status read_declared(const struct thenar_control_request *request,
                                        struct coach_order *order, struct thenar_error *error)
{
    order->technique = technique_from_name(request->technique);
    order->variant = plan_variant_from_name(request->variant);
    if (strcmp(request->technique, "unknown") != 0 && !plan_is_technique(order->technique))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "technique \"%s\" is not known; there are effleurage, petrissage, "
                           "rolling, friction, tapotement, vibration, shaking, compression, "
                           "myofascial_release, soft_tissue_release, muscle_energy, stretching, "
                           "and unknown to take it back",
                           request->technique);
    if (order->variant == N_PLAN_VARIANTS)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "variant \"%s\" is not known; there are passive, active and "
                           "weight_bearing",
                           request->variant);
    if (order->variant != PLAN_VARIANT_NONE && order->technique != TECHNIQUE_SOFT_TISSUE_RELEASE)
        return thenar_fail(error, THENAR_ERR_VALUE, "a variant goes with soft_tissue_release only");
    return THENAR_OK;
}

static enum thenar_status make_order(const struct thenar_control_request *request,
                                     struct coach_order *order, struct thenar_error *error)
{
    *order = (struct coach_order){.kind = order_kind(request), .pain = request->pain};
    if (order->kind == COACH_ORDER_START)
        return read_plan(request, order, error);
    if (order->kind == COACH_ORDER_DECLARE)
        return read_declared(request, order, error);
    return THENAR_OK;
}

/* To devices first..last-1, each its own copy. @return how many took it */
static unsigned send_order(struct control_desk *desk, const struct coach_order *order,
                           const struct thenar_control_request *request, uint32_t ticket,
                           size_t first, size_t last)
{
    unsigned n_sent = 0;
    for (size_t i = first; i < last; i++) {
        struct device_command command = control_desk_letter(desk, DEVICE_COACH, (double)NAN);
        command.ticket = ticket;
        command.order = coach_order_copy(order);
        (void)snprintf(command.name, sizeof command.name, "%s",
                       thenar_control_command_name(request->command));
        if (command.order && device_thread_command(desk->view.devices[i], &command))
            n_sent++;
        else
            coach_order_destroy(command.order);
    }
    return n_sent;
}

void control_coach_execute(struct control_desk *desk, const struct control_client *client,
                           const struct thenar_control_request *request)
{
    size_t first = 0, last = desk->view.n_devices;
    if (request->device[0] != '\0') {
        first = control_desk_device(desk, client, request);
        if (first == desk->view.n_devices)
            return;
        last = first + 1;
    }
    struct coach_order order;
    struct thenar_error error = {0};
    struct control_pending *pending = NULL;
    if (make_order(request, &order, &error) != THENAR_OK)
        control_desk_refuse(desk, client, request->id, error.text);
    else
        pending = control_desk_keep(desk, client, request, PATIENCE_MS);
    if (pending) {
        memcpy(pending->reply.technique, request->technique, sizeof pending->reply.technique);
        pending->n_awaited = send_order(desk, &order, request, pending->ticket, first, last);
        if (pending->n_awaited == 0) {
            pending->is_used = false;
            control_desk_refuse(desk, client, request->id,
                                first == last ? "there is no device yet"
                                              : "too many commands are waiting; try again");
        }
    }
    free(order.plan);
    free(order.plan_text);
}

void control_coach_fill(const struct device_answer *answer, struct thenar_control_reply *reply)
{
    memcpy(reply->plan, answer->plan, sizeof reply->plan);
    memcpy(reply->plan_state, answer->plan_state, sizeof reply->plan_state);
    reply->step = answer->step;
    reply->n_steps = answer->n_steps;
}
