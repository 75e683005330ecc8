/* SPDX-License-Identifier: MIT */
#include "core/describe.h"

#include <string.h>

#include "port/port.h"

static void copy_text(char to[THENAR_NAME_BYTES], const char *from)
{
    size_t n = 0;
    while (n < THENAR_NAME_BYTES - 1 && from[n])
        n++;
    memcpy(to, from, n);
    to[n] = '\0';
}

static void fill_calibration(struct thenar_hello *hello, const struct identity *identity)
{
    hello->calibration = identity->calibration;
    if (identity->calibration == THENAR_CALIBRATION_NONE)
        return;
    hello->conductance_100kpa_ns = identity->conductance_100kpa_ns;
    hello->exponent_e4 = identity->exponent_e4;
    hello->uncertainty_e4 = identity->uncertainty_e4;
    hello->calibration_days = identity->calibration_days;
    copy_text(hello->calibration_reference, identity->calibration_reference);
}

static void fill_existing(struct thenar_hello *hello, const struct board *board)
{
    struct thenar_taxel taxel;
    for (uint16_t row = 0; row < board->n_rows; row++)
        for (uint16_t col = 0; col < board->n_cols; col++) {
            size_t i = (size_t)row * board->n_cols + col;
            if (board_taxel(board, row, col, &taxel))
                hello->exists[i / 8] = (uint8_t)(hello->exists[i / 8] | 1U << i % 8);
        }
}

void describe_hello(struct thenar_hello *hello, const struct board *board,
                    const struct identity *identity, uint32_t tick_hz, uint32_t rate_mhz,
                    uint16_t gate_counts)
{
    memset(hello, 0, sizeof *hello);
    hello->version_major = THENAR_LINK_VERSION_MAJOR;
    hello->version_minor = THENAR_LINK_VERSION_MINOR;
    hello->mount = board->mount;
    hello->adc_bits = board->adc_bits;
    hello->n_rows = board->n_rows;
    hello->n_cols = board->n_cols;
    hello->tick_hz = tick_hz;
    hello->rate_mhz = rate_mhz;
    hello->rate_min_mhz = board->rate_min_mhz;
    hello->rate_max_mhz = board->rate_max_mhz;
    hello->pitch_x_um = board->pitch_x_um;
    hello->pitch_y_um = board->pitch_y_um;
    hello->sensing_um2 = board->sensing_um2;
    hello->front_end = board->front_end;
    hello->zero_potential = board->zero_potential;
    hello->has_taxel_pages = describe_n_pages(board, identity) > 0;
    hello->reference_ohm = board->reference_ohm;
    hello->settle_ns = board->settle_ns;
    hello->gate_counts = gate_counts;
    fill_calibration(hello, identity);
    hello->n_aux = port_aux_channels(hello->aux);
    copy_text(hello->model, board->model);
    copy_text(hello->serial, identity->serial);
    copy_text(hello->firmware, identity->firmware);
    fill_existing(hello, board);
}

uint16_t describe_n_pages(const struct board *board, const struct identity *identity)
{
    if (board->n_parts == 0 && !identity->gain_q14)
        return 0;
    unsigned n_taxels = (unsigned)board->n_rows * board->n_cols;
    return (uint16_t)((n_taxels + THENAR_TAXELS_A_PAGE - 1) / THENAR_TAXELS_A_PAGE);
}

void describe_page(struct thenar_taxel_page *page, const struct board *board,
                   const struct identity *identity, uint16_t index)
{
    unsigned n_taxels = (unsigned)board->n_rows * board->n_cols;
    unsigned first = (unsigned)index * THENAR_TAXELS_A_PAGE;
    unsigned n_left = n_taxels - first;
    page->first = (uint16_t)first;
    page->n_taxels = (uint16_t)(n_left < THENAR_TAXELS_A_PAGE ? n_left : THENAR_TAXELS_A_PAGE);
    for (unsigned i = 0; i < page->n_taxels; i++) {
        struct thenar_taxel *taxel = &page->taxels[i];
        unsigned at = first + i;
        if (board_taxel(board, (uint16_t)(at / board->n_cols), (uint16_t)(at % board->n_cols),
                        taxel) &&
            identity->gain_q14)
            taxel->gain_q14 = identity->gain_q14[at];
    }
}
