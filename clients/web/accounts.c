/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert((size_t)ACCOUNT_PASSWORD_BYTES >= crypto_pwhash_STRBYTES, "a hash fits");

enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 128, FILE_BYTES_MAX = 1024 * 1024 };

static const char *const role_names[N_ACCOUNT_ROLES] = {"student", "instructor", "researcher"};

void accounts_finish(struct accounts *accounts)
{
    free(accounts->accounts);
    memset(accounts, 0, sizeof *accounts);
}

const char *account_role_name(enum account_role role)
{
    return role_names[role];
}

enum thenar_status account_role_read(const char *text, enum account_role *role)
{
    for (size_t i = 0; i < N_ACCOUNT_ROLES; i++)
        if (strcmp(role_names[i], text) == 0) {
            *role = (enum account_role)i;
            return THENAR_OK;
        }
    return THENAR_ERR_VALUE;
}

const struct account *accounts_find(const struct accounts *accounts, const char *name)
{
    for (size_t i = 0; i < accounts->n_accounts; i++)
        if (strcmp(accounts->accounts[i].name, name) == 0)
            return &accounts->accounts[i];
    return NULL;
}

enum thenar_status accounts_put(struct accounts *accounts, const struct account *account)
{
    for (size_t i = 0; i < accounts->n_accounts; i++)
        if (strcmp(accounts->accounts[i].name, account->name) == 0) {
            accounts->accounts[i] = *account;
            return THENAR_OK;
        }
    if (accounts->n_accounts == ACCOUNTS_MAX)
        return THENAR_ERR_SPACE;
    struct account *larger =
        realloc(accounts->accounts, (accounts->n_accounts + 1) * sizeof *larger);
    if (!larger)
        return THENAR_ERR_MEMORY;
    accounts->accounts = larger;
    larger[accounts->n_accounts++] = *account;
    return THENAR_OK;
}

bool accounts_remove(struct accounts *accounts, const char *name)
{
    const struct account *found = accounts_find(accounts, name);
    if (!found)
        return false;
    size_t index = (size_t)(found - accounts->accounts);
    accounts->n_accounts--;
    memmove(accounts->accounts + index, accounts->accounts + index + 1,
            (accounts->n_accounts - index) * sizeof *accounts->accounts);
    return true;
}

/* ---- the file */

/* A text field that fits; the word for the sentence when it is not there or too long. */
static bool take_text(const json_t *object, const char *key, char *text, size_t n_space)
{
    const char *value = json_string_value(json_object_get(object, key));
    if (!value || strlen(value) >= n_space)
        return false;
    (void)snprintf(text, n_space, "%s", value);
    return true;
}

static enum thenar_status read_account(const json_t *object, const char *where, size_t number,
                                       struct account *account, struct thenar_error *error)
{
    char role[16];
    memset(account, 0, sizeof *account);
    if (!take_text(object, "name", account->name, sizeof account->name) ||
        !thenar_name_is_valid(account->name))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: account %zu: \"name\" must be 1 to 31 of a-z, 0-9, _ and -", where,
                           number);
    if (!take_text(object, "role", role, sizeof role) ||
        account_role_read(role, &account->role) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: account %s: \"role\" must be student, instructor or researcher",
                           where, account->name);
    if (account->role == ACCOUNT_STUDENT &&
        (!take_text(object, "station", account->station, sizeof account->station) ||
         !thenar_name_is_valid(account->station)))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: account %s: a student needs a \"station\", the name of a table",
                           where, account->name);
    if (!take_text(object, "password", account->password, sizeof account->password) ||
        strncmp(account->password, "$argon2id$", 10) != 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: account %s: \"password\" must be a hash; 'thenar-web user add' "
                           "makes it",
                           where, account->name);
    return THENAR_OK;
}

enum thenar_status accounts_decode(const char *text, size_t n_text, const char *where,
                                   struct accounts *accounts, struct thenar_error *error)
{
    json_error_t fault;
    memset(accounts, 0, sizeof *accounts);
    json_t *root = json_loadb(text, n_text, JSON_REJECT_DUPLICATES, &fault);
    if (!root)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: %s", where, fault.line, fault.text);
    const json_t *list = json_object_get(root, "accounts");
    enum thenar_status status =
        json_is_array(list)
            ? THENAR_OK
            : thenar_fail(error, THENAR_ERR_SYNTAX, "%s: no list \"accounts\" in it", where);
    for (size_t i = 0; status == THENAR_OK && i < json_array_size(list); i++) {
        struct account account;
        status = read_account(json_array_get(list, i), where, i + 1, &account, error);
        if (status == THENAR_OK && accounts_find(accounts, account.name))
            status = thenar_fail(error, THENAR_ERR_VALUE, "%s: account %s is there twice", where,
                                 account.name);
        if (status == THENAR_OK && accounts_put(accounts, &account) != THENAR_OK)
            status = thenar_fail(error, THENAR_ERR_MEMORY, "%s: more than %d accounts", where,
                                 ACCOUNTS_MAX);
    }
    json_decref(root);
    if (status != THENAR_OK)
        accounts_finish(accounts);
    return status;
}

static enum thenar_status read_file(int fd, const char *path, struct accounts *accounts,
                                    struct thenar_error *error)
{
    struct stat kind;
    if (fstat(fd, &kind) != 0)
        return thenar_fail(error, THENAR_ERR_OS, "%s: %s", path, strerror(errno));
    if (kind.st_mode & 077)
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "%s: others may read or change it; 'chmod 600 %s' keeps them out", path,
                           path);
    if (kind.st_size > FILE_BYTES_MAX)
        return thenar_fail(error, THENAR_ERR_LENGTH, "%s: larger than any file of accounts", path);
    size_t n_text = (size_t)kind.st_size;
    char *text = malloc(n_text + 1);
    if (!text)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    enum thenar_status status =
        read(fd, text, n_text) == (ssize_t)n_text
            ? accounts_decode(text, n_text, path, accounts, error)
            : thenar_fail(error, THENAR_ERR_OS, "%s: it cannot be read whole", path);
    free(text);
    return status;
}

enum thenar_status accounts_load(const char *path, struct accounts *accounts,
                                 struct thenar_error *error)
{
    memset(accounts, 0, sizeof *accounts);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return thenar_fail(error, errno == ENOENT ? THENAR_ERR_ABSENT : THENAR_ERR_OS, "%s: %s",
                           path, strerror(errno));
    enum thenar_status status = read_file(fd, path, accounts, error);
    close(fd);
    return status;
}

static json_t *to_json(const struct accounts *accounts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < accounts->n_accounts; i++) {
        const struct account *account = &accounts->accounts[i];
        json_t *object = json_pack("{s:s, s:s, s:s}", "name", account->name, "role",
                                   role_names[account->role], "password", account->password);
        if (account->role == ACCOUNT_STUDENT)
            json_object_set_new(object, "station", json_string(account->station));
        json_array_append_new(list, object);
    }
    return json_pack("{s:o}", "accounts", list);
}

enum thenar_status accounts_save(const char *path, const struct accounts *accounts,
                                 struct thenar_error *error)
{
    char scratch[4096];
    if (snprintf(scratch, sizeof scratch, "%s.new", path) >= (int)sizeof scratch)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "%s: the name is too long", path);
    json_t *root = to_json(accounts);
    int fd = root ? open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    bool is_good = fd >= 0 && json_dumpfd(root, fd, JSON_INDENT(2)) == 0 &&
                   write(fd, "\n", 1) == 1 && fsync(fd) == 0;
    if (fd >= 0)
        is_good = close(fd) == 0 && is_good;
    json_decref(root);
    if (!is_good || rename(scratch, path) != 0) {
        enum thenar_status status = thenar_fail(
            error, THENAR_ERR_OS, "%s: it cannot be written: %s", path, strerror(errno));
        (void)unlink(scratch);
        return status;
    }
    return THENAR_OK;
}

/* ---- passwords */

enum thenar_status account_set_password(struct account *account, const char *password,
                                        struct thenar_error *error)
{
    size_t n_password = strlen(password);
    if (n_password < PASSWORD_LEAST || n_password > PASSWORD_MOST)
        return thenar_fail(error, THENAR_ERR_VALUE, "a password has %d to %d octets, this one %zu",
                           PASSWORD_LEAST, PASSWORD_MOST, n_password);
    if (sodium_init() < 0 || crypto_pwhash_str(account->password, password, n_password,
                                               crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                               crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory to hash a password");
    return THENAR_OK;
}

bool account_check_password(const struct account *account, const char *password)
{
    /* Of a password that nobody has: what it costs is what counts. */
    static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const char *hash = account ? account->password : nobody;
    bool is_right =
        sodium_init() >= 0 && crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    return account && is_right;
}
