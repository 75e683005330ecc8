/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thenard - measure hands at work: devices in, a live feed out (thenard(1)) */
#include <stdio.h>

#include "auto_devices.h"
#include "log.h"
#include "options.h"
#include "station.h"

enum { EXIT_GOOD = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2 };

/* A wrong option, setting or address of a device is the user's to mend before trying again. */
static int exit_code(enum thenar_status status)
{
    switch ((int)status) {
    case THENAR_OK:
        return EXIT_GOOD;
    case THENAR_ERR_ARGUMENT:
    case THENAR_ERR_VALUE:
    case THENAR_ERR_SYNTAX:
        return EXIT_USAGE;
    default:
        return EXIT_TROUBLE;
    }
}

static enum thenar_status execute(struct conf *config, enum options_wish wish,
                                  struct thenar_error *error)
{
    if (wish == OPTIONS_DONE)
        return THENAR_OK;
    if (wish == OPTIONS_SHOW_CONFIG) {
        conf_print(config, stdout);
        return THENAR_OK;
    }
    if (config->n_devices == 0)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "no device; give one, as in --device virtual:table32?script=demo");
    log_init(config->log);
    enum thenar_status status = auto_devices_expand(config, error);
    return status == THENAR_OK ? station_run(config, error) : status;
}

int main(int argc, char **argv)
{
    struct conf config;
    struct thenar_error error = {0};
    enum options_wish wish = OPTIONS_RUN;
    enum thenar_status status = conf_init(&config, &error);
    if (status == THENAR_OK)
        status = options_read(argc, argv, &config, &wish, &error);
    if (status == THENAR_OK)
        status = execute(&config, wish, &error);
    if (status != THENAR_OK)
        fprintf(stderr, "thenard: %s\n", error.text);
    conf_finish(&config);
    return exit_code(status);
}
