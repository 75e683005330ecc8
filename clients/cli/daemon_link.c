/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "feed/key_folder.h"
#include "feed/socket_address.h"

void daemon_answer_finish(struct daemon_answer *answer)
{
    free(answer->devices);
    free(answer->json);
    *answer = (struct daemon_answer){0};
}

/* Whether what goes to that address is encrypted, so that a missing key may be why. */
static bool has_key(const char *address)
{
    char folder[THENAR_KEY_PATH_BYTES], host[THENAR_HOST_BYTES];
    struct thenar_curve_key key;
    struct thenar_error ignored;
    thenar_key_folder_default(folder);
    return thenar_address_host(address, host) &&
           thenar_key_folder_host(folder, host, &key, &ignored) == THENAR_OK;
}

static int tell(const char *command, const char *address, const struct thenar_error *error)
{
    (void)fprintf(stderr, "thenar %s: %s\n", command, error->text);
    if (error->status == THENAR_ERR_ARGUMENT)
        return EXIT_USAGE;
    if (error->status != THENAR_ERR_TIMEOUT)
        return EXIT_FAILED;
    if (has_key(address)) {
        (void)fprintf(stderr,
                      "That machine is known by a key. Does thenard run there with --keys, is its "
                      "key still the one\nin 'thenar keys list', and does it allow this machine's "
                      "own.key?\n");
        return EXIT_NO_DAEMON;
    }
    (void)fprintf(stderr,
                  "No daemon is there, it seems. Start one, with a virtual table if there is no "
                  "device yet:\n"
                  "    thenard --device 'virtual:table32?script=demo'\n"
                  "or say where it is: --control ADDRESS or THENAR_CONTROL (this was %s).\n",
                  address);
    return EXIT_NO_DAEMON;
}

static enum thenar_status ask(struct thenar_control *control, struct daemon_answer *answer,
                              struct thenar_error *error)
{
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    const char *json;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_STATUS;
    enum thenar_status status =
        thenar_control_send(control, &request, DAEMON_TIMEOUT_MS, &json, error);
    if (status != THENAR_OK)
        return status;
    answer->json = strdup(json);
    answer->devices = calloc(THENAR_DEVICES_MAX, sizeof *answer->devices);
    if (!answer->json || !answer->devices)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    return thenar_control_reply(control, &reply, &answer->daemon, answer->devices,
                                THENAR_DEVICES_MAX, &answer->n_devices, error);
}

int daemon_ask(const char *command, const char *address, struct daemon_answer *answer)
{
    struct thenar_control *control;
    struct thenar_error error;
    *answer = (struct daemon_answer){0};
    enum thenar_status status = thenar_control_open(&control, address, &error);
    if (status == THENAR_OK)
        status = ask(control, answer, &error);
    thenar_control_close(control);
    return status == THENAR_OK ? EXIT_DONE : tell(command, address, &error);
}

int daemon_request(const char *command, const char *address, struct thenar_control_request *request,
                   int timeout_ms, struct thenar_control_reply *reply, char **json)
{
    struct thenar_control *control;
    struct thenar_error error;
    const char *text;
    if (json)
        *json = NULL;
    enum thenar_status status = thenar_control_open(&control, address, &error);
    if (status == THENAR_OK)
        status = thenar_control_send(control, request, timeout_ms, &text, &error);
    if (status == THENAR_OK)
        status = thenar_control_reply(control, reply, NULL, NULL, 0, NULL, &error);
    if (status == THENAR_OK && json)
        *json = strdup(text);
    thenar_control_close(control);
    return status == THENAR_OK ? EXIT_DONE : tell(command, address, &error);
}
