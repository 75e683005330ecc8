/* SPDX-License-Identifier: MIT */
/* hello.h - HELLO and TAXELS as octets (LINK.md, "HELLO", "TAXELS")
 *
 * Octets after the last field that this minor version knows are ignored: newer ones append. */
#ifndef THENAR_HELLO_H
#define THENAR_HELLO_H

#include "link/message.h"
#include "status.h"

/**
 * Write a body.
 * @param body    [n_space] where to write
 * @param n_body  out: octets written; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SPACE; THENAR_ERR_VALUE if decoding would refuse the result
 * Context: any thread or interrupt; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_hello_encode(const struct thenar_hello *hello,
                                                        uint8_t *body, size_t n_space,
                                                        size_t *n_body);

/**
 * Read a body. On failure `hello` holds nothing to be used.
 * @return THENAR_OK; THENAR_ERR_VERSION other major version; THENAR_ERR_LENGTH cut short;
 *         THENAR_ERR_VALUE a field outside what LINK.md allows (no rows, too many taxels, rates
 *         crossed, no pitch or area, text that is not printable UTF-8, empty serial)
 * Context: any thread or interrupt; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_hello_decode(const uint8_t *body, size_t n_body,
                                                        struct thenar_hello *hello);

/** TAXELS (taxels.c): the same rules; `first` + `n_taxels` must stay within THENAR_MAX_TAXELS. */
THENAR_NODISCARD enum thenar_status thenar_taxels_encode(const struct thenar_taxel_page *page,
                                                         uint8_t *body, size_t n_space,
                                                         size_t *n_body);
THENAR_NODISCARD enum thenar_status thenar_taxels_decode(const uint8_t *body, size_t n_body,
                                                         struct thenar_taxel_page *page);

/** Whether taxel `index` is there. */
static inline bool thenar_hello_exists(const struct thenar_hello *hello, size_t index)
{
    return hello->exists[index / 8] >> (index % 8) & 1;
}

#endif
