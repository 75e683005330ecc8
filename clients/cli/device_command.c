/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "daemon_link.h"

enum { SELF_TEST_MS = 10000, ANSWER_MS = 5000 };

struct device_options {
    bool bootloader, json;
    double seconds; /* NaN: the daemon's own */
};

static int choose(const struct option_table *table, const char *action,
                  const struct device_options *wanted, enum thenar_control_command *command)
{
    if (strcmp(action, "identify") == 0)
        *command = THENAR_CONTROL_IDENTIFY;
    else if (strcmp(action, "selftest") == 0)
        *command = THENAR_CONTROL_SELF_TEST;
    else if (strcmp(action, "reboot") == 0)
        *command = THENAR_CONTROL_BOOTLOADER;
    else
        return options_fail(table, "unknown action '%s'; there are identify, selftest and reboot",
                            action);
    if (*command == THENAR_CONTROL_BOOTLOADER && !wanted->bootloader)
        return options_fail(table, "reboot needs --bootloader: the device waits there for new "
                                   "firmware, and measures nothing meanwhile");
    if (*command != THENAR_CONTROL_BOOTLOADER && wanted->bootloader)
        return options_fail(table, "--bootloader goes with reboot");
    if (*command != THENAR_CONTROL_IDENTIFY && !isnan(wanted->seconds))
        return options_fail(table, "--seconds goes with identify");
    return EXIT_DONE;
}

/* @return EXIT_FAILED when the self-test found something */
static int print_reply(enum thenar_control_command command,
                       const struct thenar_control_reply *reply)
{
    if (command == THENAR_CONTROL_IDENTIFY) {
        double span_s = (double)reply->span_s;
        if (span_s > 0)
            printf("%s blinks for %g s\n", reply->device, span_s);
        else
            printf("%s stops blinking\n", reply->device);
        return EXIT_DONE;
    }
    if (command == THENAR_CONTROL_BOOTLOADER) {
        printf("%s is in its boot loader: copy the .uf2 onto the drive that appears, or\n"
               "    picotool load -x thenar-BOARD.uf2\n"
               "It comes back by itself with the new firmware.\n",
               reply->device);
        return EXIT_DONE;
    }
    if (reply->findings == 0) {
        printf("%s: nothing is wrong\n", reply->device);
        return EXIT_DONE;
    }
    printf("%s: %u finding%s: %s\n", reply->device, reply->findings,
           reply->findings == 1 ? "" : "s", reply->report);
    return EXIT_FAILED;
}

int device_command(int argc, char **argv)
{
    struct device_options wanted = {.seconds = (double)NAN};
    const struct option_row rows[] = {
        {"bootloader", OPTION_FLAG, &wanted.bootloader, NULL, "reboot: to where firmware is loaded",
         0, 0},
        {"seconds", OPTION_NUMBER, &wanted.seconds, "S", "identify: for how long (5; 0: stop)", 0,
         60},
        {"json", OPTION_FLAG, &wanted.json, NULL, "the daemon's reply as it came", 0, 0},
    };
    const struct option_table table = {
        "device",
        "identify|selftest|reboot NAME",
        "Ask one device for something: identify lets it blink; selftest looks for broken rows, "
        "columns\nand taxels (nothing may touch it); reboot --bootloader makes it ready for new "
        "firmware.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 2)
        return options_fail(&table, "say what to do and which device, as in: thenar device "
                                    "identify NAME; `thenar list` shows the names");
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    code = choose(&table, options.operands[0], &wanted, &request.command);
    if (code != EXIT_DONE)
        return code;
    if (strlen(options.operands[1]) >= sizeof request.device)
        return options_fail(&table, "'%s' is no name of a device", options.operands[1]);
    (void)snprintf(request.device, sizeof request.device, "%s", options.operands[1]);
    request.span_s = (float)wanted.seconds;
    char *json;
    int patience_ms = request.command == THENAR_CONTROL_SELF_TEST ? SELF_TEST_MS : ANSWER_MS;
    code = daemon_request("device", options.control, &request, patience_ms, &reply, &json);
    if (code == EXIT_DONE && wanted.json)
        printf("%s\n", json);
    else if (code == EXIT_DONE)
        code = print_reply(request.command, &reply);
    free(json);
    return code;
}
