/* SPDX-License-Identifier: MIT */
#include "fault_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What each kind is called, takes and lasts. */
static const struct kind {
    const char *name;
    int n_least, n_most; /* arguments */
    double low, high;    /* of the first */
    double usual_second; /* of the second, when it is left out */
    double usual_for_s;  /* 0: happens once, and takes no D */
} kinds[FAULT_N_KINDS] = {
    [FAULT_BITS] = {"bits", 1, 1, 0.0, 0.5, 0.0, HUGE_VAL},
    [FAULT_FLIP] = {"flip", 1, 1, 1.0, 1e6, 0.0, 0.0},
    [FAULT_DROP] = {"drop", 1, 1, 1.0, 1e6, 0.0, 0.0},
    [FAULT_DELAY] = {"delay", 1, 1, 0.0, 1000.0, 0.0, HUGE_VAL},
    [FAULT_STALL] = {"stall", 0, 0, 0.0, 0.0, 0.0, 1.0},
    [FAULT_UNPLUG] = {"unplug", 0, 0, 0.0, 0.0, 0.0, 1.0},
    [FAULT_RESET] = {"reset", 0, 0, 0.0, 0.0, 0.0, 0.0},
    [FAULT_WATCHDOG] = {"watchdog", 0, 0, 0.0, 0.0, 0.0, 0.0},
    [FAULT_DRIFT] = {"drift", 1, 1, -1e5, 1e5, 0.0, HUGE_VAL},
    [FAULT_ROW_OPEN] = {"row-open", 1, 1, 0.0, 255.0, 0.0, HUGE_VAL},
    [FAULT_COLUMN_SHORT] = {"column-short", 1, 1, 0.0, 255.0, 0.0, HUGE_VAL},
    [FAULT_TAXEL_STUCK] = {"taxel-stuck", 1, 2, 0.0, 4095.0, 1000.0, HUGE_VAL},
    [FAULT_HUM] = {"hum", 1, 1, 1.0, 4095.0, 0.0, HUGE_VAL},
    [FAULT_LATE] = {"late", 1, 1, 1.0, 4096.0, 0.0, HUGE_VAL},
    [FAULT_HANG] = {"hang", 0, 0, 0.0, 0.0, 0.0, 1.0},
    [FAULT_SUPPLY] = {"supply", 1, 1, 1.0, 65535.0, 0.0, HUGE_VAL},
    [FAULT_FLASH] = {"flash", 0, 0, 0.0, 0.0, 0.0, HUGE_VAL},
    [FAULT_TRIGGER] = {"trigger", 0, 0, 0.0, 0.0, 0.0, HUGE_VAL},
};

static bool find_kind(const char *name, size_t n_name, enum fault_kind *kind)
{
    for (int i = 0; i < FAULT_N_KINDS; i++)
        if (strlen(kinds[i].name) == n_name && memcmp(kinds[i].name, name, n_name) == 0) {
            *kind = (enum fault_kind)i;
            return true;
        }
    return false;
}

/* A number from `low` on; NAN if there is none. */
static double take_number(const char **text, double low)
{
    char *end;
    double value = strtod(*text, &end);
    if (end == *text || !(value >= low))
        return (double)NAN;
    *text = end;
    return value;
}

static bool take_times(struct fault *fault, const char **text)
{
    const struct kind *kind = &kinds[fault->kind];
    fault->at_s = take_number(text, 0.0);
    fault->for_s = kind->usual_for_s;
    if (isnan(fault->at_s) || isinf(fault->at_s))
        return false;
    if (**text != '+')
        return true;
    ++*text;
    fault->for_s = take_number(text, 0.0);
    return kind->usual_for_s > 0.0 && fault->for_s > 0.0;
}

static bool take_arguments(struct fault *fault, const char **text)
{
    const struct kind *kind = &kinds[fault->kind];
    double values[2] = {0.0, kind->usual_second};
    int n = 0;
    for (; n < kind->n_most && **text == ','; n++) {
        ++*text;
        values[n] = take_number(text, -HUGE_VAL);
        if (isnan(values[n]))
            return false;
    }
    fault->value = values[0];
    fault->second = values[1];
    if (n < kind->n_least)
        return false;
    return n == 0 || (values[0] >= kind->low && values[0] <= kind->high && values[1] >= 0.0 &&
                      values[1] <= 4095.0);
}

enum thenar_status fault_plan_add(struct fault_plan *plan, const char *text,
                                  struct thenar_error *error)
{
    if (plan->n_faults == FAULT_PLAN_MOST)
        return thenar_fail(error, THENAR_ERR_SPACE, "--fault %s: more than %d faults", text,
                           FAULT_PLAN_MOST);
    struct fault *fault = &plan->faults[plan->n_faults];
    *fault = (struct fault){0};
    size_t n_name = strcspn(text, "@");
    if (!find_kind(text, n_name, &fault->kind))
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--fault %s: no such kind of fault; --help lists them", text);
    const struct kind *kind = &kinds[fault->kind];
    if (text[n_name] != '@')
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "--fault %s: when? write %s@SECONDS", text,
                           kind->name);
    const char *rest = text + n_name + 1;
    if (!take_times(fault, &rest))
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "--fault %s: bad time; write %s@SECONDS%s",
                           text, kind->name,
                           kind->usual_for_s > 0.0 ? "[+DURATION]" : ", without a duration");
    if (!take_arguments(fault, &rest) || *rest)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--fault %s: bad argument; %s takes %d to %d, the first from %g to %g",
                           text, kind->name, kind->n_least, kind->n_most, kind->low, kind->high);
    plan->n_faults++;
    return THENAR_OK;
}

/* When it begins or ends next; INFINITY once it is over. */
static double next_change_s(const struct fault *fault)
{
    if (!fault->begun)
        return fault->at_s;
    return fault->ended ? HUGE_VAL : fault->at_s + fault->for_s;
}

const struct fault *fault_plan_step(struct fault_plan *plan, double now_s)
{
    struct fault *first = NULL;
    for (size_t i = 0; i < plan->n_faults; i++) {
        struct fault *fault = &plan->faults[i];
        if (next_change_s(fault) <= now_s &&
            (!first || next_change_s(fault) < next_change_s(first)))
            first = fault;
    }
    if (!first)
        return NULL;
    if (!first->begun)
        first->begun = true;
    else
        first->ended = true;
    if (first->for_s <= 0.0) /* what happens once is told once */
        first->ended = true;
    return first;
}

const struct fault *fault_plan_active(const struct fault_plan *plan, enum fault_kind kind,
                                      const struct fault *after)
{
    for (size_t i = after ? (size_t)(after - plan->faults) + 1 : 0; i < plan->n_faults; i++)
        if (plan->faults[i].kind == kind && plan->faults[i].begun && !plan->faults[i].ended)
            return &plan->faults[i];
    return NULL;
}

double fault_plan_next_s(const struct fault_plan *plan)
{
    double next_s = HUGE_VAL;
    for (size_t i = 0; i < plan->n_faults; i++)
        next_s = fmin(next_s, next_change_s(&plan->faults[i]));
    return next_s;
}
