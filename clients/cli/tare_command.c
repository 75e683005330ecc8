/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "daemon_link.h"

enum { ANSWER_MS = 5000 };

static void print_reply(const struct thenar_control_reply *reply, bool is_loaded)
{
    printf("%s: what is felt over the next %g s becomes zero%s\n",
           reply->device[0] ? reply->device : "all devices", (double)reply->span_s,
           is_loaded ? "; it stays so until the next plain tare" : "");
}

int tare_command(int argc, char **argv)
{
    double span_s = (double)NAN;
    bool is_loaded = false, wants_json = false;
    const struct option_row rows[] = {
        {"loaded", OPTION_FLAG, &is_loaded, NULL,
         "although the array is touched: a person lies on it", 0, 0},
        {"span", OPTION_NUMBER, &span_s, "S", "over how long the mean is taken (1)", 0.1, 60},
        {"json", OPTION_FLAG, &wants_json, NULL, "the daemon's reply as it came", 0, 0},
    };
    const struct option_table table = {
        "tare",
        "[NAME]",
        "Take what a device feels now for nothing; without a name, all devices. Refused while the "
        "array\nis touched, for a held pressure would vanish, unless --loaded is given: then what "
        "is felt now is\na person lying still, and changes count from there.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands > 1)
        return options_fail(&table, "one device or, without a name, all; `thenar list` shows the "
                                    "names");
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_TARE;
    request.loaded = is_loaded;
    request.span_s = (float)span_s;
    const char *name = options.n_operands ? options.operands[0] : "";
    if (strlen(name) >= sizeof request.device)
        return options_fail(&table, "'%s' is no name of a device", name);
    (void)snprintf(request.device, sizeof request.device, "%s", name);
    char *json;
    code = daemon_request("tare", options.control, &request, ANSWER_MS, &reply, &json);
    if (code == EXIT_DONE && wants_json)
        printf("%s\n", json);
    else if (code == EXIT_DONE)
        print_reply(&reply, is_loaded);
    free(json);
    return code;
}
