/* SPDX-License-Identifier: MIT */
/* selftest.h - what is wrong with an array that nothing touches
 *
 * Check resistors tell an open row. Then a number of scans is watched: a column that is always near
 * full scale is shorted, a single taxel that is always pressed is stuck, and a reading that swings
 * everywhere is hum from the mains. Main context only. */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "board/board.h"
#include "link/message.h"

struct selftest {
    const struct board *board;
    uint16_t n_left; /* scans still wanted */
    uint16_t smallest[BOARD_MAX_TAXELS], largest[BOARD_MAX_TAXELS];
    uint16_t n_findings; /* all that there were; the list holds the first THENAR_MAX_FINDINGS */
    struct thenar_finding findings[THENAR_MAX_FINDINGS];
};

/** Scan rate of a self-test: the board's fastest. */
static inline uint32_t selftest_rate_mhz(const struct board *board)
{
    return board->rate_max_mhz;
}

/** Begin; reads the check resistors, so not while scanning. */
void selftest_start(struct selftest *test, const struct board *board);

/** Look at one scan: [n_rows * n_cols]. @return whether that was the last; then there are findings
 */
bool selftest_add(struct selftest *test, const uint16_t *counts);

#endif
