/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "user_command.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "accounts.h"
#include "cli_command.h"
#include "cli_options.h"

enum { LINE_BYTES = 256 };

struct user_wish {
    const char *path, *role, *station;
};

const char *user_accounts_path(void)
{
    static char path[4096];
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (folder && folder[0] == '/')
        (void)snprintf(path, sizeof path, "%s/thenar/accounts.json", folder);
    else if (home)
        (void)snprintf(path, sizeof path, "%s/.config/thenar/accounts.json", home);
    return path;
}

/* The folder of a file, as far as it is missing: of its owner alone. */
static void make_folder(const char *path)
{
    char folder[4096];
    (void)snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, 0700); /* whether it worked shows when the file is written */
        *slash = '/';
    }
}

/* One line, without echo on a terminal. @return false: there is none */
static bool read_password(const char *prompt, char line[static LINE_BYTES])
{
    struct termios usual, silent;
    bool is_terminal = tcgetattr(STDIN_FILENO, &usual) == 0;
    if (is_terminal) {
        (void)fprintf(stderr, "%s: ", prompt);
        silent = usual;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    bool is_read = fgets(line, LINE_BYTES, stdin) != NULL;
    if (is_terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
        (void)fputc('\n', stderr);
    }
    if (is_read)
        line[strcspn(line, "\r\n")] = '\0';
    return is_read;
}

static int ask_password(const struct option_table *table, struct account *account)
{
    char first[LINE_BYTES] = "", second[LINE_BYTES] = "";
    struct thenar_error error = {0};
    bool is_read = read_password("password", first) &&
                   (!isatty(STDIN_FILENO) || read_password("once more", second));
    bool is_same = !isatty(STDIN_FILENO) || strcmp(first, second) == 0;
    enum thenar_status status =
        is_read && is_same ? account_set_password(account, first, &error) : THENAR_ERR_VALUE;
    sodium_memzero(first, sizeof first);
    sodium_memzero(second, sizeof second);
    if (!is_read)
        return options_fail(table, "no password came; it is read from the terminal or from stdin");
    if (!is_same)
        return options_fail(table, "the two are not the same; nothing was changed");
    return status == THENAR_OK ? EXIT_DONE : options_fail(table, "%s", error.text);
}

static int save(const struct option_table *table, const char *path, const struct accounts *accounts)
{
    struct thenar_error error = {0};
    make_folder(path);
    if (accounts_save(path, accounts, &error) == THENAR_OK)
        return EXIT_DONE;
    (void)options_fail(table, "%s", error.text);
    return EXIT_FAILED;
}

static int add_user(const struct option_table *table, const struct user_wish *wish,
                    struct accounts *accounts, const char *name)
{
    struct account account = {0};
    if (!thenar_name_is_valid(name))
        return options_fail(table,
                            "'%s' is no name: 1 to 31 of a-z, 0-9, _ and -; a pseudonym "
                            "or the table's name serves best",
                            name);
    if (account_role_read(wish->role, &account.role) != THENAR_OK)
        return options_fail(table, "no role '%s': there are student, instructor and researcher",
                            wish->role);
    if (account.role == ACCOUNT_STUDENT && !thenar_name_is_valid(wish->station))
        return options_fail(table, "a student needs --station, the name of a table");
    if (account.role != ACCOUNT_STUDENT && wish->station[0])
        return options_fail(table, "--station is for students; others see all stations");
    (void)snprintf(account.name, sizeof account.name, "%s", name);
    (void)snprintf(account.station, sizeof account.station, "%s", wish->station);
    int code = ask_password(table, &account);
    if (code != EXIT_DONE)
        return code;
    if (accounts_put(accounts, &account) != THENAR_OK)
        return options_fail(table, "%d accounts are the most", ACCOUNTS_MAX);
    return save(table, wish->path, accounts);
}

static int remove_user(const struct option_table *table, const struct user_wish *wish,
                       struct accounts *accounts, const char *name)
{
    if (!accounts_remove(accounts, name))
        return options_fail(table, "no account '%s' in %s", name, wish->path);
    return save(table, wish->path, accounts);
}

static int list_users(const struct accounts *accounts)
{
    for (size_t i = 0; i < accounts->n_accounts; i++)
        printf("%-31s %-11s %s\n", accounts->accounts[i].name,
               account_role_name(accounts->accounts[i].role), accounts->accounts[i].station);
    return EXIT_DONE;
}

int user_command(int argc, char **argv)
{
    struct user_wish wish = {.path = user_accounts_path(), .role = "student", .station = ""};
    const struct option_row rows[] = {
        {"accounts", OPTION_TEXT, &wish.path, "FILE", "file of accounts", 0, 0},
        {"role", OPTION_TEXT, &wish.role, "ROLE", "student (default), instructor, researcher", 0,
         0},
        {"station", OPTION_TEXT, &wish.station, "NAME", "the table that a student sees", 0, 0},
    };
    const struct option_table table = {
        .command = "user",
        .arguments = "add NAME | remove NAME | list",
        .summary = "Keeps the accounts of the pages. The password is read from the terminal, or "
                   "as a line from stdin.",
        .rows = rows,
        .n_rows = sizeof rows / sizeof *rows,
    };
    struct options_result result;
    struct accounts accounts;
    struct thenar_error error = {0};
    int code = options_read(&table, argc, argv, &result);
    if (code >= 0)
        return code;
    const char *verb = result.n_operands > 0 ? result.operands[0] : "";
    bool is_list = strcmp(verb, "list") == 0 && result.n_operands == 1;
    bool is_other =
        (strcmp(verb, "add") == 0 || strcmp(verb, "remove") == 0) && result.n_operands == 2;
    if (!is_list && !is_other)
        return options_fail(&table, "say 'add NAME', 'remove NAME' or 'list'");
    if (wish.path[0] == '\0')
        return options_fail(&table, "there is no home folder; --accounts names the file");
    enum thenar_status status = accounts_load(wish.path, &accounts, &error);
    if (status != THENAR_OK && status != THENAR_ERR_ABSENT) {
        (void)options_fail(&table, "%s", error.text);
        return EXIT_FAILED;
    }
    code = is_list                    ? list_users(&accounts)
           : strcmp(verb, "add") == 0 ? add_user(&table, &wish, &accounts, result.operands[1])
                                      : remove_user(&table, &wish, &accounts, result.operands[1]);
    accounts_finish(&accounts);
    return code;
}
