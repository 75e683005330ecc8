/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first octet chooses STATUS, FAULT or AUX; what is accepted must come back octet by octet. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/report.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    uint8_t again[64];
    size_t n_again = 0;
    if (n_bytes < 1)
        return 0;
    const uint8_t *body = bytes + 1;
    size_t n_body = n_bytes - 1;
    struct thenar_health health;
    struct thenar_fault fault;
    struct thenar_aux_sample sample;
    switch (bytes[0] % 3) {
    case 0:
        if (thenar_health_decode(body, n_body, &health))
            return 0;
        check(thenar_health_encode(&health, again, sizeof again, &n_again) == THENAR_OK);
        break;
    case 1:
        if (thenar_fault_decode(body, n_body, &fault))
            return 0;
        check(thenar_fault_encode(&fault, again, sizeof again, &n_again) == THENAR_OK);
        break;
    default:
        if (thenar_aux_decode(body, n_body, &sample))
            return 0;
        check(sample.n_values >= 1 && sample.n_values <= THENAR_MAX_AUX_VALUES);
        check(thenar_aux_encode(&sample, again, sizeof again, &n_again) == THENAR_OK);
        break;
    }
    check(n_again <= n_body && memcmp(again, body, n_again) == 0);
    return 0;
}
