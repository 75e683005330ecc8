/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thenar - the command line of Thenar: which command is meant, and nothing else */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli_command.h"
#include "suggest.h"

/* A new command: its file NAME_command.c, a line in cli_command.h, a row here, a section in
 * docs/man/thenar.1, a line in packaging/completion/thenar.bash. */
static const struct command commands[] = {
    {"list", "the devices of the daemon, and what is plugged in", list_command},
    {"device", "let a device blink, test itself, or wait for new firmware", device_command},
    {"tare", "take what a device feels now for nothing", tare_command},
    {"status", "the daemon and its devices: rates, losses, latency", status_command},
    {"tail", "what the feed says, one message a line", tail_command},
    {"watch", "the live view: pressure map, technique, force, pace", watch_command},
    {"session", "record, and what was recorded: start, stop, list, verify, replay",
     session_command},
    {"analyze", "a recording through the whole pipeline, without a daemon", analyze_command},
    {"plan", "treatment plans, and the one in force", plan_command},
    {"compare", "a recording beside another one, the instructor's for example", compare_command},
    {"label", "correct who did what when in a recording", label_command},
    {"declare", "say what is being done, when the array cannot show it", declare_command},
    {"comfort", "the receiver says how it feels", comfort_command},
    {"calibrate", "measure a device's sensors with known loads, so that it reads kPa",
     calibrate_command},
    {"train", "teach a technique model: from simulated hands, or from your own recordings",
     train_command},
    {"keys", "who may connect from other machines, and whom this one trusts", keys_command},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void print_help(void)
{
    printf("Usage: thenar COMMAND [OPTION...]\n"
           "Shows what Thenar measures, and analyses recordings.\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    printf("\n  'thenar COMMAND --help' tells each command's options; 'thenar --version' the "
           "version.\n"
           "  Where to listen: --feed and --control, or THENAR_FEED and THENAR_CONTROL.\n"
           "  The whole story: man thenar\n");
}

static int fail_unknown(const char *name)
{
    const char *names[N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i].name;
    const char *nearest = suggest_nearest(name, names, N_COMMANDS);
    (void)fprintf(stderr, "thenar: unknown %s '%s'", name[0] == '-' ? "option" : "command", name);
    if (nearest)
        (void)fprintf(stderr, "; did you mean '%s'?\n", nearest);
    else
        (void)fprintf(stderr, "; 'thenar --help' lists the commands\n");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_CTYPE, ""); /* what the terminal can show; numbers keep their point */
    if (argc < 2) {
        print_help();
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("thenar %s\n", THENAR_VERSION);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].execute(argc - 1, argv + 1);
    return fail_unknown(argv[1]);
}
