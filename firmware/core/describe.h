/* SPDX-License-Identifier: MIT */
/* describe.h - HELLO and TAXELS, from the board and the device's identity */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "board/board.h"
#include "core/identity.h"
#include "link/hello.h"

/**
 * Fill in the whole HELLO.
 * @param rate_mhz, gate_counts  in force
 * Context: main; about a millisecond on a small core
 */
void describe_hello(struct thenar_hello *hello, const struct board *board,
                    const struct identity *identity, uint32_t tick_hz, uint32_t rate_mhz,
                    uint16_t gate_counts);

/** How many pages of TAXELS follow HELLO: none if the taxels stand on the grid, all alike. */
uint16_t describe_n_pages(const struct board *board, const struct identity *identity);

/** Fill in one page. @param index  0 .. describe_n_pages() - 1 */
void describe_page(struct thenar_taxel_page *page, const struct board *board,
                   const struct identity *identity, uint16_t index);

#endif
