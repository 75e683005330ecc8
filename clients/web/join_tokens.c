/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join_tokens.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

bool join_tokens_put(struct join_tokens *tokens, const char *station,
                     const unsigned char token[static JOIN_TOKEN_BYTES], double now_s)
{
    struct join_token *place = NULL;
    for (size_t i = 0; i < CLASS_STATIONS_MAX; i++) {
        struct join_token *one = &tokens->tokens[i];
        if (strcmp(one->station, station) == 0) {
            place = one;
            break;
        }
        if (!place && (one->station[0] == '\0' || now_s - one->made_s > JOIN_TOKEN_GOOD_S))
            place = one;
    }
    if (!place)
        return false;
    (void)snprintf(place->station, sizeof place->station, "%s", station);
    memcpy(place->token, token, sizeof place->token);
    place->made_s = now_s;
    return true;
}

bool join_tokens_use(struct join_tokens *tokens, const char *station,
                     const unsigned char token[static JOIN_TOKEN_BYTES], double now_s)
{
    if (station[0] == '\0')
        return false;
    for (size_t i = 0; i < CLASS_STATIONS_MAX; i++) {
        struct join_token *one = &tokens->tokens[i];
        if (strcmp(one->station, station) != 0)
            continue;
        if (now_s - one->made_s > JOIN_TOKEN_GOOD_S ||
            sodium_memcmp(one->token, token, sizeof one->token) != 0)
            return false;
        sodium_memzero(one, sizeof *one);
        return true;
    }
    return false;
}

void join_tokens_clear(struct join_tokens *tokens)
{
    sodium_memzero(tokens, sizeof *tokens);
}
