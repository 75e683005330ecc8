/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coach_order.h - what the control server asks of a device's coach; on the heap, with one owner */
#ifndef COACH_ORDER_H
#define COACH_ORDER_H

#include "engine/technique/coach.h"

enum coach_order_kind {
    COACH_ORDER_ASK, /* only the answer is wanted */
    COACH_ORDER_START,
    COACH_ORDER_STOP,
    COACH_ORDER_NEXT,
    COACH_ORDER_BACK,
    COACH_ORDER_PAUSE,
    COACH_ORDER_RESUME,
    COACH_ORDER_DECLARE,
    COACH_ORDER_COMFORT
};

struct coach_order {
    enum coach_order_kind kind;
    struct plan *plan; /* START: goes with the order to the device; freed with it otherwise */
    char *plan_text;   /* START: its file, as it was; the same owner */
    enum plan_cues policy;
    enum technique technique; /* DECLARE */
    enum plan_variant variant;
    float pain; /* COMFORT; NaN: the button */
};

/**
 * A copy for one more device, plan and all.
 * @return NULL: out of memory
 */
struct coach_order *coach_order_copy(const struct coach_order *order);

/** NULL is allowed. */
void coach_order_destroy(struct coach_order *order);

#endif
