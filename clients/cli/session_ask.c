/* SPDX-License-Identifier: GPL-3.0-or-later */
/* start, stop, note, status: what is asked of the daemon */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "daemon_link.h"
#include "session_command.h"
#include "session_print.h"

enum { ASK_MS = 5000, DISK_MS = 10000 }; /* the daemon itself waits 8 s for a disk */

static void print_losses(const struct thenar_control_reply *reply)
{
    printf("%" PRIu64 " frames, ", reply->frames);
    if (reply->lost == 0 && reply->gaps == 0)
        printf("none lost");
    else
        printf("%" PRIu64 " lost in %" PRIu64 " gap%s", reply->lost, reply->gaps,
               reply->gaps == 1 ? "" : "s");
    if (reply->lost_disk > 0)
        printf(" (%" PRIu64 " at the disk)", reply->lost_disk);
}

void session_print_reply(const struct thenar_control_reply *reply)
{
    char span[48], size[32], room[32];
    if (reply->session[0] == '\0') {
        printf("no session yet; `thenar session start` begins one\n");
        return;
    }
    session_print_span(span, sizeof span, (double)reply->length_s);
    session_print_size(size, sizeof size, (double)reply->size_bytes);
    session_print_size(room, sizeof room, (double)reply->free_bytes);
    printf("%s: %s, %s, %s in %u file%s\n", reply->session, reply->session_state, span, size,
           reply->files, reply->files == 1 ? "" : "s");
    printf("  ");
    print_losses(reply);
    printf("\n  in %s, %s free there\n", reply->folder, room);
    if (reply->participant[0] || reply->operator_id[0])
        printf("  participant %s, operator %s\n", reply->participant[0] ? reply->participant : "-",
               reply->operator_id[0] ? reply->operator_id : "-");
    if (reply->session_reason[0])
        printf("  %s\n", reply->session_reason);
    if (strcmp(reply->session_state, "armed") == 0)
        printf("  counts from the first touch; `thenar session stop` before it keeps nothing\n");
    if (strcmp(reply->session_state, "dropped") == 0)
        printf("  nothing touched, nothing is kept\n");
    if (reply->files == 0 && strcmp(reply->session_state, "recording") == 0)
        printf("  no device is there yet; each is recorded from when it comes\n");
    else if (reply->files == 0 && strcmp(reply->session_state, "closed") == 0)
        printf("  nothing was recorded: no device was there\n");
}

/* @return EXIT_FAILED when something is wrong with the recording */
static int print(const struct thenar_control_reply *reply, const char *json, bool as_json)
{
    if (as_json)
        printf("%s\n", json);
    else
        session_print_reply(reply);
    return reply->session_reason[0] || reply->lost_disk > 0 ? EXIT_FAILED : EXIT_DONE;
}

static int ask(const struct option_table *table, const char *control,
               struct thenar_control_request *request, bool as_json)
{
    struct thenar_control_reply reply;
    char *json = NULL;
    bool is_slow = request->command == THENAR_CONTROL_SESSION_START ||
                   request->command == THENAR_CONTROL_SESSION_STOP;
    int patience_ms = is_slow ? DISK_MS : ASK_MS;
    int code = daemon_request(table->command, control, request, patience_ms, &reply, &json);
    if (code == EXIT_DONE) {
        code = print(&reply, json, as_json);
        if (request->command == THENAR_CONTROL_SESSION_NOTE)
            code = EXIT_DONE; /* it is noted, whatever else is lost */
    }
    free(json);
    return code;
}

/* @return false when it does not fit: printed */
static bool put(const struct option_table *table, char *field, size_t n_bytes, const char *what,
                const char *text)
{
    if (text && strlen(text) >= n_bytes) {
        (void)options_fail(table, "%s: longer than %zu octets", what, n_bytes - 1);
        return false;
    }
    (void)snprintf(field, n_bytes, "%s", text ? text : "");
    return true;
}

int session_start_action(int argc, char **argv)
{
    const char *participant = NULL, *operator_id = NULL, *plan = NULL, *note = NULL;
    bool json = false, on_contact = false;
    const struct option_row rows[] = {
        {"participant", OPTION_TEXT, &participant, "ID", "pseudonym of who is treated: P007", 0, 0},
        {"operator", OPTION_TEXT, &operator_id, "ID", "pseudonym of who treats: op-1", 0, 0},
        {"plan", OPTION_TEXT, &plan, "NAME", "the plan that it follows", 0, 0},
        {"note", OPTION_TEXT, &note, "TEXT", "anything worth knowing; no names", 0, 0},
        {"on-contact", OPTION_FLAG, &on_contact, NULL, "it counts from the first touch", 0, 0},
        {"json", OPTION_FLAG, &json, NULL, "the daemon's reply as it came", 0, 0},
    };
    const struct option_table table = {
        "session start",
        "",
        "Record what the daemon's devices measure, until `thenar session stop`. Files hold\n"
        "pseudonyms only: what looks like a name is refused.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    struct thenar_control_request request;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands > 0)
        return options_fail(&table, "unexpected argument '%s'", options.operands[0]);
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_SESSION_START;
    request.on_contact = on_contact;
    if (!put(&table, request.participant, sizeof request.participant, "--participant",
             participant) ||
        !put(&table, request.operator_id, sizeof request.operator_id, "--operator", operator_id) ||
        !put(&table, request.plan, sizeof request.plan, "--plan", plan) ||
        !put(&table, request.note, sizeof request.note, "--note", note))
        return EXIT_USAGE;
    return ask(&table, options.control, &request, json);
}

static int plain_action(int argc, char **argv, const char *command, const char *summary,
                        enum thenar_control_command kind)
{
    bool json = false;
    const struct option_row rows[] = {
        {"json", OPTION_FLAG, &json, NULL, "the daemon's reply as it came", 0, 0},
    };
    const struct option_table table = {command, "", summary, rows, 1, OPTION_CONTROL};
    struct options_result options;
    struct thenar_control_request request;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands > 0)
        return options_fail(&table, "unexpected argument '%s'", options.operands[0]);
    thenar_control_request_clear(&request);
    request.command = kind;
    return ask(&table, options.control, &request, json);
}

int session_stop_action(int argc, char **argv)
{
    return plain_action(argc, argv, "session stop",
                        "End the recording; answers when all is on the disk.",
                        THENAR_CONTROL_SESSION_STOP);
}

int session_status_action(int argc, char **argv)
{
    return plain_action(argc, argv, "session status", "What is recorded now, or was recorded last.",
                        THENAR_CONTROL_SESSION);
}

int session_note_action(int argc, char **argv)
{
    bool json = false;
    const struct option_row rows[] = {
        {"json", OPTION_FLAG, &json, NULL, "the daemon's reply as it came", 0, 0},
    };
    const struct option_table table = {
        "session note",
        "TEXT...",
        "Write something down in the recording, at the moment it is said. No names.",
        rows,
        1,
        OPTION_CONTROL};
    struct options_result options;
    struct thenar_control_request request;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands == 0)
        return options_fail(&table, "what is to be noted?");
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_SESSION_NOTE;
    size_t used = 0;
    for (size_t i = 0; i < options.n_operands && used < sizeof request.note; i++)
        used += (size_t)snprintf(request.note + used, sizeof request.note - used, "%s%s",
                                 i ? " " : "", options.operands[i]);
    if (used >= sizeof request.note)
        return options_fail(&table, "a note has at most %zu octets", sizeof request.note - 1);
    return ask(&table, options.control, &request, json);
}

int session_files_ask(const struct option_table *table, int argc, char **argv,
                      const char *const *option, struct session_files *files)
{
    char folder[SESSION_PATH_BYTES];
    struct options_result options;
    int code = options_read(table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1)
        return options_fail(table, "which session? Its file, its id or 'last'; `thenar session "
                                   "list` shows them");
    session_choose_folder(*option, options.control, folder);
    code = session_files_find(files, table->command, folder, options.operands[0]);
    return code == EXIT_DONE ? -1 : code;
}
