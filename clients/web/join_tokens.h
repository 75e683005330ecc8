/* SPDX-License-Identifier: GPL-3.0-or-later */
/* join_tokens.h - one-time codes by which a tablet becomes a table's own, without a password
 *
 * A table has one code at a time: asking for another makes the last one void. A code is 32 random
 * octets, is good for ten minutes and for one tablet, and lives in memory only.
 *
 * Pure: times and random octets are the caller's. Context: one thread, the gateway's. */
#ifndef JOIN_TOKENS_H
#define JOIN_TOKENS_H

#include "class_book.h"

enum { JOIN_TOKEN_BYTES = 32 };

#define JOIN_TOKEN_GOOD_S 600.0

struct join_token {
    char station[THENAR_TOPIC_NAME_BYTES]; /* "": free */
    unsigned char token[JOIN_TOKEN_BYTES];
    double made_s;
};

struct join_tokens {
    struct join_token tokens[CLASS_STATIONS_MAX];
};

/** From now on this is the table's code. @return false: more tables than a class has */
bool join_tokens_put(struct join_tokens *tokens, const char *station,
                     const unsigned char token[static JOIN_TOKEN_BYTES], double now_s);

/**
 * Use a code up.
 * @return true: it was that table's, still good, and now it is void
 */
bool join_tokens_use(struct join_tokens *tokens, const char *station,
                     const unsigned char token[static JOIN_TOKEN_BYTES], double now_s);

/** All of them are void: the class is over. */
void join_tokens_clear(struct join_tokens *tokens);

#endif
