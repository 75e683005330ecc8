/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first octet chooses HELLO or TAXELS; what is accepted must come back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/hello.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

static void hello(const uint8_t *body, size_t n_body)
{
    static struct thenar_hello first, second;
    static uint8_t again[THENAR_MESSAGE_BYTES], third[THENAR_MESSAGE_BYTES];
    size_t n_again, n_third;
    if (thenar_hello_decode(body, n_body, &first))
        return;
    check(first.serial[0] && !first.serial[THENAR_NAME_BYTES - 1]);
    check(first.n_rows * first.n_cols <= THENAR_MAX_TAXELS && first.n_aux <= THENAR_MAX_AUX);
    check(thenar_hello_encode(&first, again, sizeof again, &n_again) == THENAR_OK);
    check(n_again <= n_body);
    check(thenar_hello_decode(again, n_again, &second) == THENAR_OK);
    check(thenar_hello_encode(&second, third, sizeof third, &n_third) == THENAR_OK);
    check(n_third == n_again && memcmp(third, again, n_again) == 0);
}

static void taxels(const uint8_t *body, size_t n_body)
{
    struct thenar_taxel_page page;
    uint8_t again[4 + 14 * THENAR_TAXELS_A_PAGE];
    size_t n_again;
    if (thenar_taxels_decode(body, n_body, &page))
        return;
    check(page.first + page.n_taxels <= THENAR_MAX_TAXELS);
    check(thenar_taxels_encode(&page, again, sizeof again, &n_again) == THENAR_OK);
    check(n_again <= n_body && memcmp(again, body, n_again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    if (n_bytes < 1)
        return 0;
    if (bytes[0] % 2)
        taxels(bytes + 1, n_bytes - 1);
    else
        hello(bytes + 1, n_bytes - 1);
    return 0;
}
