/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "coach_ask.h"

int declare_command(int argc, char **argv)
{
    const char *device = NULL, *variant = NULL;
    const struct option_row rows[] = {
        {"variant", OPTION_TEXT, &variant, "WHO",
         "of soft_tissue_release: passive, active or weight_bearing", 0, 0},
        {"device", OPTION_TEXT, &device, "NAME", "this device only (else all)", 0, 0},
    };
    const struct option_table table = {
        "declare",
        "TECHNIQUE",
        "Say what is being done, when the array cannot show it (a mat, a glove, soft tissue\n"
        "release). Holds, their length, pressure and rhythm are then measured: see the feed's\n"
        "`plan`. `thenar declare unknown` takes it back, and so does the plan's next step.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1)
        return options_fail(&table, "which technique? as in: thenar declare stretching");
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_DECLARE;
    (void)snprintf(request.technique, sizeof request.technique, "%s", options.operands[0]);
    (void)snprintf(request.variant, sizeof request.variant, "%s", variant ? variant : "");
    code = coach_ask("declare", &options, device, &request, &reply);
    if (code == EXIT_DONE && strcmp(reply.technique, "unknown") == 0)
        printf("nothing is declared\n");
    else if (code == EXIT_DONE)
        printf("declared: %s%s%s\n", variant ? variant : "", variant ? " " : "", reply.technique);
    return code;
}
