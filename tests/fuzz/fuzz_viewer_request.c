/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "viewer_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Whatever a browser sends is read, or refused with a sentence; a wish that is read is in range. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct viewer_request request;
    struct thenar_error error = {0};
    if (viewer_request_decode((const char *)data, n_bytes, &request, &error) != THENAR_OK) {
        if (error.text[0] == '\0')
            abort();
        return 0;
    }
    if (request.kind == VIEWER_REQUEST_SHOW &&
        !(request.wish.state_hz >= 0 && request.wish.state_hz <= 100 && request.wish.maps_hz >= 0 &&
          request.wish.maps_hz <= 100))
        abort();
    return 0;
}
