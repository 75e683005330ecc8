/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coach_order.h"

#include <stdlib.h>
#include <string.h>

struct coach_order *coach_order_copy(const struct coach_order *order)
{
    struct coach_order *copy = malloc(sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *order;
    copy->plan = order->plan ? malloc(sizeof *copy->plan) : NULL;
    copy->plan_text = order->plan_text ? strdup(order->plan_text) : NULL;
    if ((order->plan && !copy->plan) || (order->plan_text && !copy->plan_text)) {
        coach_order_destroy(copy);
        return NULL;
    }
    if (copy->plan)
        *copy->plan = *order->plan;
    return copy;
}

void coach_order_destroy(struct coach_order *order)
{
    if (!order)
        return;
    free(order->plan);
    free(order->plan_text);
    free(order);
}
