/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_options.h"
#include "cli_command.h"
#include "daemon_link.h"

enum { N_COLUMNS = 8 };

static void fill_row(const struct thenar_feed_status *device, char cell[N_COLUMNS][80])
{
    const char *texts[] = {device->device,   device->model, device->serial,
                           device->firmware, device->state, device->mount};
    for (size_t i = 0; i < 6; i++)
        (void)snprintf(cell[i], 80, "%.79s", texts[i][0] ? texts[i] : "-");
    if (isnan(device->rate_hz))
        (void)snprintf(cell[6], 80, "-");
    else
        (void)snprintf(cell[6], 80, "%ux%u at %.6g Hz", device->n_rows, device->n_cols,
                       (double)device->rate_hz);
    (void)snprintf(cell[7], 80, "%.79s", device->uri);
}

static void print_row(char cell[N_COLUMNS][80], const int *width)
{
    for (size_t i = 0; i + 1 < N_COLUMNS; i++)
        printf("%-*s  ", width[i], cell[i]);
    printf("%s\n", cell[N_COLUMNS - 1]);
}

static void print_devices(const struct daemon_answer *answer)
{
    static const char *const titles[N_COLUMNS] = {"NAME",  "MODEL", "SERIAL", "FIRMWARE",
                                                  "STATE", "MOUNT", "ARRAY",  "FROM"};
    char cell[N_COLUMNS][80];
    int width[N_COLUMNS];
    for (size_t i = 0; i < N_COLUMNS; i++)
        width[i] = (int)strlen(titles[i]);
    for (size_t k = 0; k < answer->n_devices; k++) {
        fill_row(&answer->devices[k], cell);
        for (size_t i = 0; i < N_COLUMNS; i++)
            if ((int)strlen(cell[i]) > width[i])
                width[i] = (int)strlen(cell[i]);
    }
    for (size_t i = 0; i < N_COLUMNS; i++)
        (void)snprintf(cell[i], 80, "%s", titles[i]);
    print_row(cell, width);
    for (size_t k = 0; k < answer->n_devices; k++) {
        const struct thenar_feed_status *device = &answer->devices[k];
        fill_row(device, cell);
        print_row(cell, width);
        if (device->reason[0])
            printf("  %s: %s\n", device->device, device->reason);
        if (device->uncalibrated && strcmp(device->state, "streaming") == 0)
            printf("  %s: uncalibrated, relative values (thenar calibrate)\n", device->device);
        if (strcmp(device->calibration, "expired") == 0)
            printf("  %s: its calibration of %s expired on %s\n", device->device,
                   device->calibration_date, device->calibration_expires);
        if (device->calibration_problem[0])
            printf("  %s: its calibration is not used: %s\n", device->device,
                   device->calibration_problem);
    }
}

static void print_found(const struct thenar_control_found *found)
{
    printf("  %s %s", found->model[0] ? found->model : "a device", found->serial);
    printf(", port %s", found->port[0] ? found->port : "unknown");
    if (found->usb[0])
        printf(", %s", found->usb);
    if (found->tty[0])
        printf(", %s", found->tty);
    if (found->device[0])
        printf(": %s", found->device);
    else
        printf(": not in use; thenard --device %s", found->uri);
    printf("\n");
    if (found->problem[0])
        printf("    %s\n", found->problem);
}

/* What is plugged in, each device once, whether the daemon was told of it or not: its reply. */
static int ask_found(const char *control, char **json)
{
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_DISCOVER;
    int code = daemon_request("list", control, &request, DAEMON_TIMEOUT_MS, &reply, json);
    return code == EXIT_DONE && !*json ? EXIT_FAILED : code;
}

static int print_all_found(const char *json)
{
    struct thenar_control_found found[THENAR_FOUND_MAX];
    struct thenar_error error;
    size_t n = 0;
    if (thenar_control_found_decode(json, strlen(json), found, THENAR_FOUND_MAX, &n, &error) !=
        THENAR_OK) {
        (void)fprintf(stderr, "thenar list: %s\n", error.text);
        return EXIT_FAILED;
    }
    if (n > 0)
        printf("\nPlugged in:\n");
    for (size_t i = 0; i < n; i++)
        print_found(&found[i]);
    return EXIT_DONE;
}

/* The daemon's two replies as one object: `devices` of the one, `found` of the other. */
static int print_json(const char *devices, const char *found)
{
    json_t *whole = json_loads(devices, 0, NULL), *other = json_loads(found, 0, NULL);
    char *text = NULL;
    if (json_object_update_missing(whole, other) == 0)
        text = json_dumps(whole, JSON_COMPACT);
    if (text)
        printf("%s\n", text);
    else
        (void)fprintf(stderr, "thenar list: the daemon's reply is no JSON object\n");
    int code = text ? EXIT_DONE : EXIT_FAILED;
    free(text);
    json_decref(other);
    json_decref(whole);
    return code;
}

static void print_table(const struct daemon_answer *answer)
{
    if (answer->n_devices == 0)
        printf("The daemon has no devices. thenard --device auto takes all that are plugged in; "
               "man thenard has others.\n");
    else
        print_devices(answer);
}

int list_command(int argc, char **argv)
{
    bool json = false;
    const struct option_row rows[] = {
        {"json", OPTION_FLAG, &json, NULL, "one JSON object: devices, and what was found", 0, 0},
    };
    const struct option_table table = {
        "list", "", "The devices of the daemon, present or not, and what is plugged in.",
        rows,   1,  OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    struct daemon_answer answer;
    char *found = NULL;
    code = daemon_ask("list", options.control, &answer);
    if (code == EXIT_DONE && !json)
        print_table(&answer);
    if (code == EXIT_DONE)
        code = ask_found(options.control, &found);
    if (code == EXIT_DONE)
        code = json ? print_json(answer.json, found) : print_all_found(found);
    free(found);
    daemon_answer_finish(&answer);
    return code;
}
