/* SPDX-License-Identifier: MIT */
/* scan.h - the order and timing of the scan, and its way from the interrupt to the core
 *
 * The core's half is in scan.c. The interrupt's half is here, inline, so that a port can keep it in
 * RAM. One scan, in the port's interrupt:
 *
 *     scan_begin(scan, port_ticks(), trigger_level);
 *     for (unsigned i = 0; i < scan->n_steps; i++) {     one pass of it an interrupt, as a rule
 *         select(scan_place(scan));                      row and column of this step
 *         ...settle, convert...
 *         scan_put(scan, counts, port_ticks());
 *     }
 *     scan_end(scan, port_ticks());
 *     wake_at(scan->pace.due_ticks);
 *
 * There are two records. The interrupt fills one while the core packs the other; if the core has
 * not let go by then the new scan is lost and counted, and the interrupt never waits. */
#ifndef SCAN_H
#define SCAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "board/board.h"
#include "core/scan_pace.h"

struct scan_place {
    uint8_t row, col;
};

struct scan_record {
    uint32_t sequence; /* of the scan, from 0 at start, lost ones counted */
    uint32_t n_lost;   /* scans that were lost since the reset, when this one began */
    uint64_t start_ticks;
    uint32_t scan_ticks;
    uint16_t n_late;
    bool trigger;
    uint16_t counts[BOARD_MAX_TAXELS]; /* row-major; 0 where no taxel exists */
};

struct scan {
    struct scan_place order[BOARD_MAX_TAXELS]; /* [n_steps] existing taxels, as they are read */
    uint16_t n_steps;
    uint16_t n_taxels; /* n_rows * n_cols */
    uint16_t n_cols;
    uint32_t tick_hz;
    uint32_t step_ticks_q8; /* nominal, in 1/256 tick */

    struct scan_pace pace;
    struct scan_pace coming; /* in force from the next scan when pace_changed */
    atomic_bool pace_changed;

    struct scan_record records[2];
    uint8_t filling;   /* which one the interrupt has */
    atomic_uint ready; /* 0: none; 1 + which one the core may take, or has */
    uint16_t step;
    uint32_t sequence;                       /* of the scan to come */
    atomic_uint n_scans, n_lost, n_overruns; /* since init */
};

/**
 * Lay out the order: row by row; within a row the converter's inputs take turns, each going
 * through its own block of columns, so that one settles while the other is converted.
 * @param board  n_rows * n_cols <= BOARD_MAX_TAXELS
 */
void scan_init(struct scan *scan, const struct board *board, uint32_t tick_hz);

/** Sequence from 0, first scan due at `now_ticks`. Not while the port is scanning. */
void scan_start(struct scan *scan, uint32_t rate_mhz, uint64_t now_ticks);

/** Another pace, from the next scan on. At any time, from the main context. */
void scan_set_rate(struct scan *scan, uint32_t rate_mhz);

/** The scan that is ready, borrowed until scan_release(); NULL: none. */
const struct scan_record *scan_take(struct scan *scan);
void scan_release(struct scan *scan);

/** Whether there is one to take. */
static inline bool scan_is_ready(const struct scan *scan)
{
    return atomic_load_explicit(&scan->ready, memory_order_acquire) != 0;
}

/* --- the interrupt's half -------------------------------------------------------------------- */

/** One more. Only the interrupt writes these, so that load and store are enough on any core. */
static inline void scan_count(atomic_uint *counter)
{
    unsigned n = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, n + 1U, memory_order_relaxed);
}

/** Row and column of the step at hand. */
static inline struct scan_place scan_place(const struct scan *scan)
{
    return scan->order[scan->step];
}

/** A scan begins. One that begins more than an eighth of a period late is an overrun. */
static inline void scan_begin(struct scan *scan, uint64_t now_ticks, bool trigger)
{
    struct scan_record *record = &scan->records[scan->filling];
    record->start_ticks = now_ticks;
    record->sequence = scan->sequence++;
    record->n_lost = atomic_load_explicit(&scan->n_lost, memory_order_relaxed);
    record->n_late = 0;
    record->trigger = trigger;
    scan->step = 0;

    struct scan_pace *pace = &scan->pace;
    if (now_ticks > pace->due_ticks + pace->whole_ticks / 8) {
        scan_count(&scan->n_overruns);
        if (now_ticks > pace->due_ticks + pace->whole_ticks)
            pace->due_ticks = now_ticks; /* whole scans were missed: go on from here */
    }
    if (atomic_load_explicit(&scan->pace_changed, memory_order_acquire)) {
        uint64_t due_ticks = pace->due_ticks;
        *pace = scan->coming;
        pace->due_ticks = due_ticks;
        atomic_store_explicit(&scan->pace_changed, false, memory_order_relaxed);
    }
    scan_pace_step(pace);
}

/** A sample of the step at hand, and on to the next; late if it took over a step too long. */
static inline void scan_put(struct scan *scan, uint16_t counts, uint64_t now_ticks)
{
    struct scan_record *record = &scan->records[scan->filling];
    struct scan_place place = scan->order[scan->step++];
    record->counts[(uint32_t)place.row * scan->n_cols + place.col] = counts;
    uint32_t taken_ticks = (uint32_t)(now_ticks - record->start_ticks);
    uint32_t allowed_ticks = ((scan->step + 1U) * scan->step_ticks_q8 >> 8) + 1U;
    if (taken_ticks > allowed_ticks && record->n_late < UINT16_MAX)
        record->n_late++;
}

/** Where the samples go, row-major, from scan_begin() to scan_end(): for a port that keeps order
 * and time of its steps by itself. */
static inline uint16_t *scan_samples(struct scan *scan)
{
    return scan->records[scan->filling].counts;
}

/** A step came so late that the sample after it may be off. */
static inline void scan_late(struct scan *scan)
{
    struct scan_record *record = &scan->records[scan->filling];
    if (record->n_late < UINT16_MAX)
        record->n_late++;
}

/** The scan is whole: hand it over, or lose it if the core still has the other record. */
static inline void scan_end(struct scan *scan, uint64_t now_ticks)
{
    struct scan_record *record = &scan->records[scan->filling];
    record->scan_ticks = (uint32_t)(now_ticks - record->start_ticks);
    scan_count(&scan->n_scans);
    if (atomic_load_explicit(&scan->ready, memory_order_acquire) != 0) {
        scan_count(&scan->n_lost);
        return;
    }
    atomic_store_explicit(&scan->ready, scan->filling + 1U, memory_order_release);
    scan->filling ^= 1U;
}

#endif
