/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "coach_ask.h"

int comfort_command(int argc, char **argv)
{
    const char *device = NULL;
    const struct option_row rows[] = {
        {"device", OPTION_TEXT, &device, "NAME", "this device only (else all)", 0, 0},
    };
    const struct option_table table = {
        "comfort",
        "PAIN|pain",
        "The receiver says how it feels: 0 is no pain, 10 the worst; the word `pain` is the "
        "button.\nFrom 4 on the coach never says \"deeper\", until a report below 4.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1)
        return options_fail(&table, "how does it feel? 0 (no pain) to 10 (the worst), or `pain`");
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_COMFORT;
    char *end = NULL;
    const char *word = options.operands[0];
    if (strcmp(word, "pain") != 0) {
        request.pain = strtof(word, &end);
        if (end == word || *end || !(request.pain >= 0 && request.pain <= 10))
            return options_fail(&table, "'%s' is not within 0 (no pain) and 10 (the worst)", word);
    }
    code = coach_ask("comfort", &options, device, &request, &reply);
    if (code != EXIT_DONE)
        return code;
    bool is_pain = isnan(request.pain) || request.pain >= 4;
    if (isnan(request.pain))
        printf("noted: it hurts; no \"deeper\" until a report below 4\n");
    else
        printf("noted: %g of 10 (0 no pain, 10 the worst)%s\n", (double)request.pain,
               is_pain ? "; no \"deeper\" until a report below 4" : "");
    return EXIT_DONE;
}
