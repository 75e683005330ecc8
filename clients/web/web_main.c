/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thenar-web - the gateway between daemons and browsers: its command line, and nothing else */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate_command.h"
#include "cli_command.h"
#include "cli_options.h"
#include "gateway.h"
#include "rubric.h"
#include "stop_signal.h"
#include "user_command.h"

enum { PORT = 9874, DAEMONS_MAX = 256 };

/* "FEED" or "FEED,CONTROL"; the text is cut at its comma. */
static int read_daemon(const struct option_table *table, char *text, struct gateway_daemon *daemon)
{
    char *comma = strchr(text, ',');
    if (!comma)
        return options_fail(table,
                            "'%s' names no control socket: tcp://127.0.0.1:9872,"
                            "tcp://127.0.0.1:9873 names a feed and its control",
                            text);
    *comma = '\0';
    daemon->feed = text;
    daemon->control = comma + 1;
    return -1;
}

static int serve(const struct option_table *table, const struct gateway_options *options)
{
    struct thenar_error error = {0};
    struct gateway *gateway;
    stop_signal_start();
    enum thenar_status status = gateway_create(&gateway, options, &error);
    if (status != THENAR_OK) {
        (void)options_fail(table, "%s", error.text);
        return status == THENAR_ERR_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
    }
    bool is_v6 = strchr(options->address, ':') != NULL;
    printf("thenar-web: %s://%s%s%s:%u/\n", options->certificate_path ? "https" : "http",
           is_v6 ? "[" : "", options->address, is_v6 ? "]" : "", gateway_port(gateway));
    (void)fflush(stdout);
    gateway_run(gateway, stop_signal_came);
    gateway_destroy(gateway);
    return EXIT_DONE;
}

static bool is_loopback(const char *address)
{
    return strcmp(address, "127.0.0.1") == 0 || strcmp(address, "::1") == 0 ||
           strcmp(address, "localhost") == 0;
}

/* What is reached from elsewhere needs a login, and a login needs a line that nobody reads. */
static int check_reach(const struct option_table *table, const struct gateway_options *options)
{
    if (!options->certificate_path != !options->key_path)
        return options_fail(table, "--certificate and --key go together");
    if (is_loopback(options->address) || (options->accounts_path && options->certificate_path))
        return -1;
    return options_fail(table,
                        "%s is not a loopback address (127.0.0.1, ::1): anybody on the network "
                        "could watch and command the devices there. It needs --accounts "
                        "('thenar-web user add'), --certificate and --key ('thenar-web "
                        "certificate')",
                        options->address);
}

static int gateway_command(int argc, char **argv)
{
    struct gateway_options options = {.address = "127.0.0.1"};
    unsigned port = PORT;
    const struct option_row rows[] = {
        {"address", OPTION_TEXT, &options.address, "ADDRESS", "where to listen (127.0.0.1)", 0, 0},
        {"port", OPTION_COUNT, &port, "N", "port to listen on (9874); 0 takes any free one", 0,
         65535},
        {"accounts", OPTION_TEXT, &options.accounts_path, "FILE", "who may log in", 0, 0},
        {"certificate", OPTION_TEXT, &options.certificate_path, "FILE", "certificate, PEM", 0, 0},
        {"key", OPTION_TEXT, &options.key_path, "FILE", "its key, PEM", 0, 0},
        {"sessions", OPTION_TEXT, &options.sessions, "DIR",
         "folder of recorded sessions (else the first daemon's)", 0, 0},
        {"class", OPTION_TEXT, &options.class_path, "FILE", "the class: codes, tables, results", 0,
         0},
        {"rubric", OPTION_TEXT, &options.rubric_path, "FILE", "what a class is judged by", 0, 0},
    };
    const struct option_table table = {
        .command = "",
        .arguments = "[FEED,CONTROL]...",
        .summary =
            "Serves the pages of Thenar to browsers. Each FEED,CONTROL is a daemon's pair of "
            "addresses;\nwithout any, the daemon of --feed and --control. 'thenar-web user' "
            "and 'thenar-web certificate'\nprepare it for other machines than this one.",
        .rows = rows,
        .n_rows = sizeof rows / sizeof *rows,
        .shared = OPTION_FEED | OPTION_CONTROL,
    };
    struct options_result result;
    struct gateway_daemon daemons[DAEMONS_MAX];
    int code = options_read(&table, argc, argv, &result);
    if (code < 0)
        code = check_reach(&table, &options);
    if (code >= 0)
        return code;
    if (result.n_operands > DAEMONS_MAX)
        return options_fail(&table, "%zu daemons are too many; %d is the most", result.n_operands,
                            DAEMONS_MAX);
    for (size_t i = 0; i < result.n_operands; i++)
        if ((code = read_daemon(&table, result.operands[i], &daemons[i])) >= 0)
            return code;
    if (result.n_operands == 0)
        daemons[0] = (struct gateway_daemon){.feed = result.feed, .control = result.control};
    options.port = (uint16_t)port;
    options.daemons = daemons;
    options.n_daemons = result.n_operands ? result.n_operands : 1;
    return serve(&table, &options);
}

/* To begin an own one with: thenar-web rubric >FILE */
static int rubric_command(int argc, char **argv)
{
    const struct option_table table = {
        .command = "rubric",
        .arguments = "",
        .summary = "Prints the built-in rubric, what a class is judged by, to be edited and given "
                   "to --rubric.",
    };
    struct options_result result;
    int code = options_read(&table, argc, argv, &result);
    if (code >= 0)
        return code;
    (void)fputs(rubric_default_text(), stdout);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "user") == 0)
        return user_command(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "rubric") == 0)
        return rubric_command(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "certificate") == 0)
        return certificate_command(argc - 1, argv + 1);
    return gateway_command(argc, argv);
}
