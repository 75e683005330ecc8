/* SPDX-License-Identifier: MIT */
#include "core/selftest.h"

#include "port/port.h"

/* Long enough for two periods of the mains at any scan rate that can show them, and within the
 * five seconds that LINK.md allows for an answer. */
enum { SCANS_MOST = 128, SCANS_LEAST = 4, LONGEST_S = 3 };

static void report(struct selftest *test, enum thenar_finding_kind kind, uint16_t index,
                   uint16_t counts)
{
    if (test->n_findings < THENAR_MAX_FINDINGS)
        test->findings[test->n_findings] =
            (struct thenar_finding){.kind = (uint8_t)kind, .index = index, .counts = counts};
    test->n_findings++;
}

static void check_rows(struct selftest *test)
{
    if (test->board->row_check_counts == 0)
        return;
    for (uint16_t row = 0; row < test->board->n_rows; row++) {
        uint16_t counts = port_row_check(row);
        if (counts < test->board->row_check_counts / 2)
            report(test, THENAR_FINDING_OPEN_ROW, row, counts);
    }
}

void selftest_start(struct selftest *test, const struct board *board)
{
    test->board = board;
    test->n_findings = 0;
    uint32_t n_scans = selftest_rate_mhz(board) / 1000U * LONGEST_S;
    n_scans = n_scans > SCANS_MOST ? SCANS_MOST : n_scans;
    test->n_left = (uint16_t)(n_scans < SCANS_LEAST ? SCANS_LEAST : n_scans);
    for (unsigned i = 0; i < BOARD_MAX_TAXELS; i++) {
        test->smallest[i] = UINT16_MAX;
        test->largest[i] = 0;
    }
    check_rows(test);
}

static bool exists(const struct board *board, uint16_t row, uint16_t col)
{
    struct thenar_taxel taxel;
    return board_taxel(board, row, col, &taxel);
}

/* A shorted column reads full scale wherever its rows are driven at all: an open row may cross it.
 * @param counts  out: the smallest of its readings near full scale */
static bool is_shorted(const struct selftest *test, uint16_t col, uint16_t *counts)
{
    uint32_t full_counts = 1U << test->board->adc_bits;
    uint16_t n_taxels = 0, n_full = 0;
    *counts = UINT16_MAX;
    for (uint16_t row = 0; row < test->board->n_rows; row++) {
        uint16_t smallest = test->smallest[(unsigned)row * test->board->n_cols + col];
        if (!exists(test->board, row, col))
            continue;
        n_taxels++;
        if (smallest < full_counts - full_counts / 8)
            continue;
        n_full++;
        if (smallest < *counts)
            *counts = smallest;
    }
    return n_taxels > 1 && 2 * n_full > n_taxels;
}

/* Stuck taxels of a column that is not shorted; its healthy ones add to the hum. */
static void check_taxels(struct selftest *test, uint16_t col, uint32_t *swing, uint32_t *n_swinging)
{
    uint16_t pressed = (uint16_t)((1U << test->board->adc_bits) / 8);
    for (uint16_t row = 0; row < test->board->n_rows; row++) {
        uint16_t i = (uint16_t)(row * test->board->n_cols + col);
        if (!exists(test->board, row, col))
            continue;
        if (test->smallest[i] >= pressed) {
            report(test, THENAR_FINDING_STUCK_TAXEL, i, test->smallest[i]);
            continue;
        }
        *swing += (uint32_t)(test->largest[i] - test->smallest[i]);
        ++*n_swinging;
    }
}

static void conclude(struct selftest *test)
{
    uint32_t full_counts = 1U << test->board->adc_bits;
    uint32_t swing = 0, n_swinging = 0;
    for (uint16_t col = 0; col < test->board->n_cols; col++) {
        uint16_t counts;
        if (is_shorted(test, col, &counts))
            report(test, THENAR_FINDING_SHORTED_COLUMN, col, counts);
        else
            check_taxels(test, col, &swing, &n_swinging);
    }
    /* Noise alone, of 3 counts in 4096, swings by 16; hum worth finding stands well above it. */
    uint32_t hum_counts = n_swinging ? swing / n_swinging : 0;
    if (hum_counts >= full_counts / 100)
        report(test, THENAR_FINDING_IDLE_HUM, 0, (uint16_t)hum_counts);
}

bool selftest_add(struct selftest *test, const uint16_t *counts)
{
    unsigned n_taxels = (unsigned)test->board->n_rows * test->board->n_cols;
    for (unsigned i = 0; i < n_taxels; i++) {
        if (counts[i] < test->smallest[i])
            test->smallest[i] = counts[i];
        if (counts[i] > test->largest[i])
            test->largest[i] = counts[i];
    }
    if (--test->n_left > 0)
        return false;
    conclude(test);
    return true;
}
