/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first octet chooses COMMAND or REPLY; what is accepted must come back octet by octet. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/command.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    uint8_t again[9 + 5 * THENAR_MAX_FINDINGS];
    size_t n_again = 0;
    if (n_bytes < 1)
        return 0;
    const uint8_t *body = bytes + 1;
    size_t n_body = n_bytes - 1;
    if (bytes[0] % 2) {
        struct thenar_reply reply;
        if (thenar_reply_decode(body, n_body, &reply))
            return 0;
        check(reply.n_findings <= THENAR_MAX_FINDINGS);
        check(thenar_reply_encode(&reply, again, sizeof again, &n_again) == THENAR_OK);
        check(n_again <= n_body);
    } else {
        struct thenar_command command;
        enum thenar_status status = thenar_command_decode(body, n_body, &command);
        check(n_body < 3 || (command.code == body[2] && command.request % 256 == body[0]));
        if (status)
            return 0;
        check(thenar_command_encode(&command, again, sizeof again, &n_again) == THENAR_OK);
        check(n_again == n_body);
    }
    check(memcmp(again, body, n_again) == 0);
    return 0;
}
