/* SPDX-License-Identifier: MIT */
#include "core/scan.h"

#include <string.h>

static void add_step(struct scan *scan, const struct board *board, uint16_t row, uint16_t col)
{
    struct thenar_taxel taxel;
    if (board_taxel(board, row, col, &taxel))
        scan->order[scan->n_steps++] = (struct scan_place){(uint8_t)row, (uint8_t)col};
}

void scan_init(struct scan *scan, const struct board *board, uint32_t tick_hz)
{
    memset(scan, 0, sizeof *scan);
    scan->n_cols = board->n_cols;
    scan->n_taxels = (uint16_t)(board->n_rows * board->n_cols);
    scan->tick_hz = tick_hz;
    scan->step_ticks_q8 = (uint32_t)((uint64_t)board->step_ns * tick_hz * 256U / 1000000000U);

    uint16_t n_inputs = board->n_adc_inputs ? board->n_adc_inputs : 1;
    uint16_t n_block = (uint16_t)((board->n_cols + n_inputs - 1) / n_inputs);
    for (uint16_t row = 0; row < board->n_rows; row++)
        for (uint16_t i = 0; i < n_block; i++)
            for (uint16_t input = 0; input < n_inputs; input++)
                if (input * n_block + i < board->n_cols)
                    add_step(scan, board, row, (uint16_t)(input * n_block + i));
}

void scan_start(struct scan *scan, uint32_t rate_mhz, uint64_t now_ticks)
{
    scan_pace_init(&scan->pace, scan->tick_hz, rate_mhz, now_ticks);
    atomic_store(&scan->pace_changed, false);
    atomic_store(&scan->ready, 0);
    scan->sequence = 0;
}

void scan_set_rate(struct scan *scan, uint32_t rate_mhz)
{
    /* While the flag is down no interrupt looks at `coming`. */
    atomic_store(&scan->pace_changed, false);
    scan_pace_init(&scan->coming, scan->tick_hz, rate_mhz, 0);
    atomic_store(&scan->pace_changed, true);
}

const struct scan_record *scan_take(struct scan *scan)
{
    unsigned ready = atomic_load_explicit(&scan->ready, memory_order_acquire);
    return ready ? &scan->records[ready - 1] : NULL;
}

void scan_release(struct scan *scan)
{
    atomic_store_explicit(&scan->ready, 0, memory_order_release);
}
