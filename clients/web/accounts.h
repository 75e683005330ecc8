/* SPDX-License-Identifier: GPL-3.0-or-later */
/* accounts.h - who may look at what: the file of accounts
 *
 * JSON, mode 0600, written whole and put in place at once:
 *
 *     {"accounts": [{"name": "table-3", "role": "student", "station": "s3", "password":
 * "$argon2id$..."}]}
 *
 * Passwords are Argon2id by libsodium, which chooses and stores its salt and costs. */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "error.h"
#include "feed/topic.h"

enum { ACCOUNT_NAME_BYTES = 32, ACCOUNT_PASSWORD_BYTES = 128, ACCOUNTS_MAX = 1024 };

enum account_role {
    ACCOUNT_STUDENT,    /* the own station: look, zero, comfort, plan */
    ACCOUNT_INSTRUCTOR, /* the class: look at all, and command */
    ACCOUNT_RESEARCHER, /* sessions and signal quality of all stations */
    N_ACCOUNT_ROLES
};

struct account {
    char name[ACCOUNT_NAME_BYTES];
    enum account_role role;
    char station[THENAR_TOPIC_NAME_BYTES]; /* of a student; "" otherwise */
    char password[ACCOUNT_PASSWORD_BYTES]; /* hashed */
};

struct accounts {
    struct account *accounts; /* [n_accounts] */
    size_t n_accounts;
};

/** An accounts of zeros is empty; finish frees what it grew. */
void accounts_finish(struct accounts *accounts);

/** "student", "instructor", "researcher" */
const char *account_role_name(enum account_role role);

/** @return THENAR_OK; THENAR_ERR_VALUE no such role */
THENAR_NODISCARD enum thenar_status account_role_read(const char *text, enum account_role *role);

/**
 * Read the text of a file.
 * @param where  name of the file, for the sentence
 * @return THENAR_OK; THENAR_ERR_SYNTAX, _VALUE with line or account; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status accounts_decode(const char *text, size_t n_text,
                                                    const char *where, struct accounts *accounts,
                                                    struct thenar_error *error);

/**
 * @return THENAR_OK; as accounts_decode; THENAR_ERR_ABSENT; THENAR_ERR_DENIED the file may be read
 *         by others: its hashes would be open to guessing; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status accounts_load(const char *path, struct accounts *accounts,
                                                  struct thenar_error *error);

/** Replaces the file at once, readable by its owner alone. @return THENAR_OK; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status accounts_save(const char *path, const struct accounts *accounts,
                                                  struct thenar_error *error);

/** NULL when there is none of that name. */
const struct account *accounts_find(const struct accounts *accounts, const char *name);

/** Add, or replace the one of the same name. @return THENAR_OK; THENAR_ERR_SPACE; _MEMORY */
THENAR_NODISCARD enum thenar_status accounts_put(struct accounts *accounts,
                                                 const struct account *account);

/** @return false when there is none of that name */
THENAR_NODISCARD bool accounts_remove(struct accounts *accounts, const char *name);

/**
 * Hash a password; takes about a tenth of a second and 64 MiB.
 * @return THENAR_OK; THENAR_ERR_VALUE shorter than 8 or longer than 128 octets; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status account_set_password(struct account *account,
                                                         const char *password,
                                                         struct thenar_error *error);

/**
 * Whether the password is right; as slow as account_set_password. `account` NULL takes as long, so
 * that nobody learns from the time which names exist.
 */
bool account_check_password(const struct account *account, const char *password);

#endif
