/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a payload of each kind; what is taken goes round unchanged. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "feed/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static char first[THENAR_PAYLOAD_BYTES], second[THENAR_PAYLOAD_BYTES];
    for (unsigned i = 0; i < THENAR_N_TOPIC_KINDS; i++) {
        enum thenar_topic_kind kind = (enum thenar_topic_kind)i;
        union thenar_payload payload;
        struct thenar_error error = {0};
        size_t n_first, n_second;
        if (thenar_payload_decode(kind, (const char *)bytes, n_bytes, &payload, &error) !=
            THENAR_OK) {
            if (!error.text[0])
                abort(); /* a refusal has its sentence */
            continue;
        }
        if (thenar_payload_encode(kind, &payload, first, sizeof first, &n_first) != THENAR_OK)
            continue; /* a float's rounding can lift a number past the limit */
        if (thenar_payload_decode(kind, first, n_first, &payload, NULL) != THENAR_OK)
            abort();
        if (thenar_payload_encode(kind, &payload, second, sizeof second, &n_second) != THENAR_OK ||
            n_first != n_second || memcmp(first, second, n_first) != 0)
            abort();
    }
    struct thenar_topic topic;
    double time_s;
    (void)!thenar_topic_decode((const char *)bytes, n_bytes, &topic);
    (void)!thenar_time_decode((const char *)bytes, n_bytes, &time_s);
    return 0;
}
