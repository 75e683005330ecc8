/* SPDX-License-Identifier: MIT */
/* fault_plan.h - which faults the virtual device has, and when
 *
 * Each is written KIND@T[+D][,ARG...]: at T seconds of device time since power-on, for D seconds.
 * Without D a fault that lasts does so to the end (stall, unplug and hang: 1 s). */
#ifndef FAULT_PLAN_H
#define FAULT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

enum fault_kind {
    FAULT_BITS,         /* each bit sent is flipped with probability value */
    FAULT_FLIP,         /* value bits are flipped, near each other */
    FAULT_DROP,         /* value FRAMEs vanish on the way */
    FAULT_DELAY,        /* what is sent waits up to value milliseconds */
    FAULT_STALL,        /* nothing is sent for a while */
    FAULT_UNPLUG,       /* the link is closed; the device loses power and comes back reset */
    FAULT_RESET,        /* the device restarts; the link stays */
    FAULT_WATCHDOG,     /* the same, by the watchdog */
    FAULT_DRIFT,        /* the device's clock is fast by value, parts per million */
    FAULT_ROW_OPEN,     /* row value reads nothing, its check resistor neither */
    FAULT_COLUMN_SHORT, /* column value reads full scale */
    FAULT_TAXEL_STUCK,  /* taxel value never reads less than `second` counts */
    FAULT_HUM,          /* 50 Hz on every taxel, value counts peak to peak */
    FAULT_LATE,         /* value steps of each scan come late */
    FAULT_HANG,         /* the scan does not run */
    FAULT_SUPPLY,       /* the supply reads value millivolts */
    FAULT_FLASH,        /* the flash cannot be written */
    FAULT_TRIGGER,      /* no fault, but planned like one: the trigger input is high */
    FAULT_N_KINDS
};

struct fault {
    enum fault_kind kind;
    double at_s, for_s; /* for_s may be INFINITY; 0 for what happens once */
    double value, second;
    bool begun, ended; /* as fault_plan_step() said */
};

enum { FAULT_PLAN_MOST = 64 };

struct fault_plan {
    struct fault faults[FAULT_PLAN_MOST];
    size_t n_faults;
};

/**
 * Add one from its text.
 * @return THENAR_OK; THENAR_ERR_ARGUMENT with what is wrong; THENAR_ERR_SPACE too many
 */
THENAR_NODISCARD enum thenar_status fault_plan_add(struct fault_plan *plan, const char *text,
                                                   struct thenar_error *error);

/** The next fault that begins or ends by `now_s`, each once; NULL: no more. Tell which by `ended`.
 */
const struct fault *fault_plan_step(struct fault_plan *plan, double now_s);

/** Whether one of that kind lasts now; with `after` not NULL, one behind it. */
const struct fault *fault_plan_active(const struct fault_plan *plan, enum fault_kind kind,
                                      const struct fault *after);

/** When fault_plan_step() will next have something; INFINITY: never. */
double fault_plan_next_s(const struct fault_plan *plan);

#endif
