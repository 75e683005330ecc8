/* SPDX-License-Identifier: GPL-3.0-or-later */
/* access.h - who is logged in, and who has guessed too often
 *
 * Logins live in memory only: a restart asks everybody again. A login ends 12 h after it began, or
 * after 3 h without use. Guessing is slowed by account and never by address: a class of sixty
 * tablets shares one. After 5 wrong passwords an account waits 2 s, then 4, 8, ... up to 5 min.
 *
 * Pure: times and random octets are the caller's. Context: one thread, the gateway's. */
#ifndef ACCESS_H
#define ACCESS_H

#include "accounts.h"

enum { ACCESS_TOKEN_BYTES = 32, ACCESS_LOGINS_MAX = 512, ACCESS_FREE_GUESSES = 5 };

struct access_login {
    unsigned char token[ACCESS_TOKEN_BYTES];
    char name[ACCOUNT_NAME_BYTES]; /* of an account; "" with a station: a tablet that joined */
    char station[THENAR_TOPIC_NAME_BYTES]; /* of such a tablet; "" and no name: free */
    double began_s, used_s;
};

struct access_guesses {
    char name[ACCOUNT_NAME_BYTES];
    unsigned n_wrong;
    double next_s; /* not before */
};

struct access {
    struct access_login logins[ACCESS_LOGINS_MAX];
    struct access_guesses guesses[ACCESS_LOGINS_MAX]; /* a ring of the names tried last */
    size_t n_guesses;                                 /* ever */
};

/** How long until this name may try again, s; 0: now. Names that do not exist wait alike. */
double access_wait_s(const struct access *access, const char *name, double now_s);

/** Take note of a wrong password. */
void access_note_wrong(struct access *access, const char *name, double now_s);

/** Take note of a right one: log in under this token. The login used least makes room. */
void access_log_in(struct access *access, const char *name,
                   const unsigned char token[static ACCESS_TOKEN_BYTES], double now_s);

/** Let a tablet in that came by a table's code: a student of that table, under no account. */
void access_join(struct access *access, const char *station,
                 const unsigned char token[static ACCESS_TOKEN_BYTES], double now_s);

/** End all logins of tablets that came by a code: the class is over. */
void access_end_joined(struct access *access);

/** Who is logged in under a token, and is still now; NULL: nobody. Notes the use. */
const struct access_login *access_find(struct access *access,
                                       const unsigned char token[static ACCESS_TOKEN_BYTES],
                                       double now_s);

/** End a login; a token that is none is passed over. */
void access_log_out(struct access *access, const unsigned char token[static ACCESS_TOKEN_BYTES]);

#endif
