/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_command.h"

#include <stdio.h>
#include <string.h>

#include "cli_command.h"
#include "suggest.h"

static const struct session_action actions[] = {
    {"start", "record what the daemon's devices measure", session_start_action},
    {"stop", "end the recording, and tell what it holds", session_stop_action},
    {"note", "write something down in the recording", session_note_action},
    {"status", "what is recorded now: length, size, frames, gaps", session_status_action},
    {"list", "the sessions there are", session_list_action},
    {"show", "what a session holds", session_show_action},
    {"verify", "is everything there, and as it was written?", session_verify_action},
    {"repair", "make a recording readable that was cut off", session_repair_action},
    {"report", "a page to take home, as HTML", session_report_action},
    {"export", "as CSV or EDF+, for other programs", session_export_action},
    {"methods", "the paragraph that a paper needs", session_methods_action},
    {"progress", "a participant's sessions by week", session_progress_action},
    {"erase", "remove all sessions of a participant", session_erase_action},
    {"replay", "the pipeline once more over it: is it the same?", session_replay_action},
};
enum { N_ACTIONS = sizeof actions / sizeof *actions };

static void print_help(void)
{
    printf("Usage: thenar session ACTION [OPTION...]\n"
           "Sessions: recordings that can be trusted, opened and replayed.\n\n");
    for (size_t i = 0; i < N_ACTIONS; i++)
        printf("  %-10s %s\n", actions[i].name, actions[i].summary);
    printf("\n  'thenar session ACTION --help' tells each action's options.\n"
           "  SESSION is an id, or its beginning, or 'last', or the path of a file or folder.\n"
           "  What is in the files: docs/session-file.md\n");
}

int session_command(int argc, char **argv)
{
    const char *names[N_ACTIONS];
    if (argc < 2) {
        print_help();
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return EXIT_DONE;
    }
    for (size_t i = 0; i < N_ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return actions[i].execute(argc - 1, argv + 1);
    }
    const char *nearest = suggest_nearest(argv[1], names, N_ACTIONS);
    (void)fprintf(stderr, "thenar session: unknown action '%s'", argv[1]);
    if (nearest)
        (void)fprintf(stderr, "; did you mean '%s'?\n", nearest);
    else
        (void)fprintf(stderr, "; 'thenar session --help' lists them\n");
    return EXIT_USAGE;
}
