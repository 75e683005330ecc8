/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "access.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define LOGIN_LONGEST_S (12 * 3600.0)
#define LOGIN_IDLE_S (3 * 3600.0)
#define WAIT_FIRST_S 2.0
#define WAIT_LONGEST_S 300.0

/* Where the name stands among those tried last; ACCESS_LOGINS_MAX: it does not. */
static size_t guesses_index(const struct access *access, const char *name)
{
    size_t n_kept = access->n_guesses < ACCESS_LOGINS_MAX ? access->n_guesses : ACCESS_LOGINS_MAX;
    for (size_t i = 0; i < n_kept; i++)
        if (strcmp(access->guesses[i].name, name) == 0)
            return i;
    return ACCESS_LOGINS_MAX;
}

double access_wait_s(const struct access *access, const char *name, double now_s)
{
    size_t index = guesses_index(access, name);
    if (index == ACCESS_LOGINS_MAX || access->guesses[index].next_s <= now_s)
        return 0;
    return access->guesses[index].next_s - now_s;
}

void access_note_wrong(struct access *access, const char *name, double now_s)
{
    size_t index = guesses_index(access, name);
    if (index == ACCESS_LOGINS_MAX) {
        index = access->n_guesses++ % ACCESS_LOGINS_MAX;
        memset(&access->guesses[index], 0, sizeof access->guesses[index]);
        (void)snprintf(access->guesses[index].name, sizeof access->guesses[index].name, "%s", name);
    }
    struct access_guesses *guesses = &access->guesses[index];
    guesses->n_wrong++;
    if (guesses->n_wrong < ACCESS_FREE_GUESSES)
        return;
    unsigned n_doublings = guesses->n_wrong - ACCESS_FREE_GUESSES;
    double wait_s = n_doublings < 8 ? WAIT_FIRST_S * (double)(1u << n_doublings) : WAIT_LONGEST_S;
    guesses->next_s = now_s + (wait_s < WAIT_LONGEST_S ? wait_s : WAIT_LONGEST_S);
}

static bool is_free(const struct access_login *login)
{
    return login->name[0] == '\0' && login->station[0] == '\0';
}

static bool is_over(const struct access_login *login, double now_s)
{
    return is_free(login) || now_s - login->began_s > LOGIN_LONGEST_S ||
           now_s - login->used_s > LOGIN_IDLE_S;
}

/* A login that is free or over, else the one used least. */
static struct access_login *make_room(struct access *access, const unsigned char *token,
                                      double now_s)
{
    struct access_login *login = &access->logins[0];
    for (size_t i = 0; i < ACCESS_LOGINS_MAX && !is_over(login, now_s); i++)
        if (is_over(&access->logins[i], now_s) || access->logins[i].used_s < login->used_s)
            login = &access->logins[i];
    memset(login, 0, sizeof *login);
    memcpy(login->token, token, sizeof login->token);
    login->began_s = login->used_s = now_s;
    return login;
}

void access_log_in(struct access *access, const char *name,
                   const unsigned char token[static ACCESS_TOKEN_BYTES], double now_s)
{
    size_t index = guesses_index(access, name);
    if (index < ACCESS_LOGINS_MAX)
        access->guesses[index].n_wrong = 0;
    struct access_login *login = make_room(access, token, now_s);
    (void)snprintf(login->name, sizeof login->name, "%s", name);
}

void access_join(struct access *access, const char *station,
                 const unsigned char token[static ACCESS_TOKEN_BYTES], double now_s)
{
    struct access_login *login = make_room(access, token, now_s);
    (void)snprintf(login->station, sizeof login->station, "%s", station);
}

void access_end_joined(struct access *access)
{
    for (size_t i = 0; i < ACCESS_LOGINS_MAX; i++)
        if (access->logins[i].station[0])
            sodium_memzero(&access->logins[i], sizeof access->logins[i]);
}

static struct access_login *find(struct access *access, const unsigned char *token)
{
    struct access_login *found = NULL;
    for (size_t i = 0; i < ACCESS_LOGINS_MAX; i++) /* all of them, whatever is found: equal time */
        if (sodium_memcmp(access->logins[i].token, token, ACCESS_TOKEN_BYTES) == 0 &&
            !is_free(&access->logins[i]))
            found = &access->logins[i];
    return found;
}

const struct access_login *access_find(struct access *access,
                                       const unsigned char token[static ACCESS_TOKEN_BYTES],
                                       double now_s)
{
    struct access_login *login = find(access, token);
    if (!login || is_over(login, now_s))
        return NULL;
    login->used_s = now_s;
    return login;
}

void access_log_out(struct access *access, const unsigned char token[static ACCESS_TOKEN_BYTES])
{
    struct access_login *login = find(access, token);
    if (login)
        memset(login, 0, sizeof *login);
}
