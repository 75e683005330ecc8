/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_command.h - a command of `thenar`
 *
 * One file a command (NAME_command.c), one row in the table of thenar_main.c. A command reads its
 * options (cli_options.h), does its work and answers with an exit code. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/* Exit codes, as thenar(1) tells. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,   /* it was tried and did not work; the sentence says why */
    EXIT_USAGE = 2,    /* the command line is wrong */
    EXIT_NO_DAEMON = 3 /* nobody answers at the address */
};

struct command {
    const char *name;
    const char *summary; /* one line for `thenar --help` */
    /** @param argc, argv  argv[0] is the command's name @return enum exit_code */
    int (*execute)(int argc, char **argv);
};

int list_command(int argc, char **argv);
int device_command(int argc, char **argv);
int tare_command(int argc, char **argv);
int status_command(int argc, char **argv);
int tail_command(int argc, char **argv);
int watch_command(int argc, char **argv);
int session_command(int argc, char **argv);
int analyze_command(int argc, char **argv);
int compare_command(int argc, char **argv);
int label_command(int argc, char **argv);
int plan_command(int argc, char **argv);
int declare_command(int argc, char **argv);
int comfort_command(int argc, char **argv);
int calibrate_command(int argc, char **argv);
int train_command(int argc, char **argv);
int keys_command(int argc, char **argv);

#endif
