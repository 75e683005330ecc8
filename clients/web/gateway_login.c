/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway_parts.h"

#define COOKIE "thenar_login"
#define JSON_TYPE "application/json"

enum { TOKEN_TEXT_BYTES = 2 * ACCESS_TOKEN_BYTES + 1, DESK_WAIT_S = 30 };

static void wake(void *argument)
{
    struct gateway *gateway = argument;
    lws_cancel_service(gateway->context);
}

enum thenar_status gateway_login_start(struct gateway *gateway, struct thenar_error *error)
{
    const char *path = gateway->options->accounts_path;
    struct stat kind;
    if (!path)
        return THENAR_OK;
    if (sodium_init() < 0)
        return thenar_fail(error, THENAR_ERR_OS, "libsodium cannot start");
    enum thenar_status status = accounts_load(path, &gateway->accounts, error);
    if (status != THENAR_OK)
        return status;
    if (stat(path, &kind) == 0)
        gateway->accounts_at = kind.st_mtim;
    return login_desk_create(&gateway->login_desk, wake, gateway, error);
}

void gateway_login_finish(struct gateway *gateway)
{
    worker_destroy(gateway->login_desk);
    accounts_finish(&gateway->accounts);
    sodium_memzero(&gateway->access, sizeof gateway->access);
}

/* Accounts that were added meanwhile count from the next login on; a file that is broken now does
 * not lock anybody out: what was read before stays in force. */
static void refresh_accounts(struct gateway *gateway)
{
    const char *path = gateway->options->accounts_path;
    struct accounts fresh;
    struct stat kind;
    if (stat(path, &kind) != 0 || (kind.st_mtim.tv_sec == gateway->accounts_at.tv_sec &&
                                   kind.st_mtim.tv_nsec == gateway->accounts_at.tv_nsec))
        return;
    gateway->accounts_at = kind.st_mtim;
    if (accounts_load(path, &fresh, NULL) != THENAR_OK)
        return;
    accounts_finish(&gateway->accounts);
    gateway->accounts = fresh;
}

static bool read_token(struct lws *wsi, unsigned char token[static ACCESS_TOKEN_BYTES])
{
    char text[TOKEN_TEXT_BYTES + 1];
    size_t n_text = sizeof text, n_token;
    return lws_http_cookie_get(wsi, COOKIE, text, &n_text) == 0 &&
           sodium_hex2bin(token, ACCESS_TOKEN_BYTES, text, n_text, NULL, &n_token, NULL) == 0 &&
           n_token == ACCESS_TOKEN_BYTES;
}

bool gateway_login_permission(struct gateway *gateway, struct lws *wsi,
                              struct permission *permission)
{
    unsigned char token[ACCESS_TOKEN_BYTES];
    if (!gateway->options->accounts_path) {
        *permission = permission_local();
        return true;
    }
    if (!read_token(wsi, token))
        return false;
    const struct access_login *login = access_find(&gateway->access, token, gateway_now_s());
    if (login && login->station[0]) {
        *permission = permission_joined(login->station);
        return true;
    }
    const struct account *account = login ? accounts_find(&gateway->accounts, login->name) : NULL;
    if (!account)
        return false;
    *permission = permission_of(account);
    return true;
}

static int reply_json(struct gateway_request *request, unsigned code, const char *cookie,
                      json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return gateway_http_reply(request, code, JSON_TYPE, cookie, text);
}

static int refuse(struct gateway_request *request, unsigned code, const char *sentence)
{
    return reply_json(request, code, NULL, json_pack("{s:b, s:s}", "ok", 0, "error", sentence));
}

int gateway_login_who(struct gateway_request *request, const struct permission *permission)
{
    return reply_json(
        request, HTTP_STATUS_OK, NULL,
        json_pack("{s:s, s:s, s:s}", "name", permission->name, "role",
                  permission->is_local ? "local" : account_role_name(permission->role), "station",
                  permission->station));
}

/* Name and password of the form. */
static bool read_form(const struct gateway_request *request, struct login_try *attempt)
{
    json_t *form = json_loadb(request->form, request->n_form, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(form, "name"));
    const char *password = json_string_value(json_object_get(form, "password"));
    bool is_good = name && password && thenar_name_is_valid(name) &&
                   strlen(password) < sizeof attempt->password;
    if (is_good) {
        (void)snprintf(attempt->name, sizeof attempt->name, "%s", name);
        (void)snprintf(attempt->password, sizeof attempt->password, "%s", password);
    }
    json_decref(form);
    return is_good;
}

int gateway_login_submit(struct gateway *gateway, struct gateway_request *request)
{
    struct login_try attempt = {0};
    char sentence[128];
    bool is_read = read_form(request, &attempt);
    sodium_memzero(request->form, sizeof request->form);
    request->is_form = false;
    if (!gateway->login_desk)
        return refuse(request, HTTP_STATUS_NOT_FOUND, "no accounts are kept here");
    if (!is_read)
        return refuse(request, HTTP_STATUS_BAD_REQUEST,
                      "a login needs a name of a-z, 0-9, _ and -, and a password");
    double wait_s = access_wait_s(&gateway->access, attempt.name, gateway_now_s());
    if (wait_s > 0) {
        sodium_memzero(&attempt, sizeof attempt);
        (void)snprintf(sentence, sizeof sentence,
                       "too many wrong passwords; try again in %.0f seconds", wait_s + 0.5);
        return refuse(request, HTTP_STATUS_FORBIDDEN, sentence);
    }
    refresh_accounts(gateway);
    const struct account *account = accounts_find(&gateway->accounts, attempt.name);
    if (account)
        attempt.account = *account;
    attempt.is_known = account != NULL;
    attempt.number = ++gateway->n_logins_ever;
    bool is_pushed = worker_push(gateway->login_desk, &attempt);
    sodium_memzero(&attempt, sizeof attempt);
    if (!is_pushed)
        return refuse(request, HTTP_STATUS_SERVICE_UNAVAILABLE,
                      "many people are logging in; try again in a moment");
    request->login_number = gateway->n_logins_ever;
    request->next = gateway->logins;
    gateway->logins = request;
    lws_set_timeout(request->wsi, PENDING_TIMEOUT_HTTP_CONTENT, DESK_WAIT_S);
    return 0;
}

void gateway_login_forget(struct gateway *gateway, struct gateway_request *request)
{
    struct gateway_request **link = &gateway->logins;
    while (*link && *link != request)
        link = &(*link)->next;
    if (*link)
        *link = request->next;
    request->login_number = 0;
}

int gateway_login_out(struct gateway *gateway, struct gateway_request *request)
{
    unsigned char token[ACCESS_TOKEN_BYTES];
    if (read_token(request->wsi, token))
        access_log_out(&gateway->access, token);
    return gateway_http_say(request->wsi, HTTP_STATUS_OK, JSON_TYPE,
                            COOKIE "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
                            "{\"ok\":true}");
}

void gateway_login_cookie(const struct gateway *gateway, const unsigned char *token, char *cookie)
{
    char text[TOKEN_TEXT_BYTES];
    (void)snprintf(cookie, GATEWAY_COOKIE_BYTES, COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s",
                   sodium_bin2hex(text, sizeof text, token, ACCESS_TOKEN_BYTES),
                   gateway->options->certificate_path ? "; Secure" : "");
}

static int admit(struct gateway *gateway, struct gateway_request *request, const char *name)
{
    const struct account *account = accounts_find(&gateway->accounts, name);
    unsigned char token[ACCESS_TOKEN_BYTES];
    char cookie[GATEWAY_COOKIE_BYTES];
    if (!account) /* it was removed while the password was checked */
        return refuse(request, HTTP_STATUS_UNAUTHORIZED, "name or password is wrong");
    randombytes_buf(token, sizeof token);
    access_log_in(&gateway->access, name, token, gateway_now_s());
    gateway_login_cookie(gateway, token, cookie);
    return reply_json(request, HTTP_STATUS_OK, cookie,
                      json_pack("{s:b, s:s, s:s}", "ok", 1, "role",
                                account_role_name(account->role), "station", account->station));
}

void gateway_login_take_answers(struct gateway *gateway)
{
    struct login_answer answer;
    while (gateway->login_desk && worker_pop(gateway->login_desk, &answer)) {
        if (!answer.is_right)
            access_note_wrong(&gateway->access, answer.name, gateway_now_s());
        struct gateway_request *request = gateway->logins;
        while (request && request->login_number != answer.number)
            request = request->next;
        if (!request)
            continue;
        gateway_login_forget(gateway, request);
        int code = answer.is_right
                       ? admit(gateway, request, answer.name)
                       : refuse(request, HTTP_STATUS_UNAUTHORIZED, "name or password is wrong");
        if (code != 0)
            lws_set_timeout(request->wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_ASYNC);
    }
}
