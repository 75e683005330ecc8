/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a request, and as a reply. */
#include <stdint.h>
#include <stdlib.h>

#include "feed/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    const char *text = (const char *)bytes;
    static char again[THENAR_REQUEST_BYTES];
    struct thenar_control_request request;
    struct thenar_error error = {0};
    size_t n_again;
    if (thenar_control_request_decode(text, n_bytes, &request, &error) == THENAR_OK) {
        if (thenar_control_request_encode(&request, again, sizeof again, &n_again) != THENAR_OK ||
            thenar_control_request_decode(again, n_again, &request, NULL) != THENAR_OK)
            abort(); /* what was taken can be sent on */
    } else if (!error.text[0]) {
        abort();
    }
    struct thenar_control_reply reply;
    struct thenar_control_daemon daemon;
    static struct thenar_feed_status devices[4];
    size_t n_devices;
    if (thenar_control_reply_decode(text, n_bytes, &reply, &daemon, devices, 4, &n_devices,
                                    &error) == THENAR_OK &&
        n_devices > 4)
        abort();
    return 0;
}
