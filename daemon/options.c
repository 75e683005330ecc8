/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf_file.h"
#include "nearest.h"
#include "source/source.h"
#include "thenar_version.h"

#define USUAL_FILE "/etc/thenar/thenard.conf"

/* Options that are settings carry their key; the others begin behind those. */
enum { OPTION_CONFIG = N_CONF_KEYS, OPTION_SHOW_CONFIG, OPTION_HELP, OPTION_VERSION };

static const struct option options[] = {
    {"device", required_argument, NULL, CONF_DEVICES},
    {"station", required_argument, NULL, CONF_STATION},
    {"feed", required_argument, NULL, CONF_FEED},
    {"control", required_argument, NULL, CONF_CONTROL},
    {"sessions", required_argument, NULL, CONF_SESSIONS},
    {"calibrations", required_argument, NULL, CONF_CALIBRATIONS},
    {"keys", required_argument, NULL, CONF_KEYS},
    {"model", required_argument, NULL, CONF_MODEL},
    {"metrics-rate-hz", required_argument, NULL, CONF_METRICS_RATE_HZ},
    {"frame-rate-hz", required_argument, NULL, CONF_FRAME_RATE_HZ},
    {"gate-kpa", required_argument, NULL, CONF_GATE_KPA},
    {"log", required_argument, NULL, CONF_LOG},
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"show-config", no_argument, NULL, OPTION_SHOW_CONFIG},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

enum { N_OPTIONS = sizeof options / sizeof *options - 1 };

static void print_help(void)
{
    size_t n_kinds;
    const struct source_kind *const *kinds = source_kinds(&n_kinds);
    fputs("thenard: measure hands at work and publish it live\n"
          "usage: thenard [options]\n"
          "  --device [NAME=]URI    a device; may be given again for more\n",
          stdout);
    for (size_t i = 0; i < n_kinds; i++)
        printf("      %s\n          %s\n", kinds[i]->usage, kinds[i]->help);
    fputs("  --station NAME         this table's name on the feed (s1)\n"
          "  --feed ADDRESS         where to publish (" THENAR_FEED_ADDRESS ")\n"
          "  --control ADDRESS      where to take commands (" THENAR_CONTROL_ADDRESS ")\n"
          "  --sessions DIR         folder for session files\n"
          "  --calibrations DIR     folder of calibrations, one a device, named by serial\n"
          "  --keys DIR             folder of keys: who may connect, encrypted (thenar keys)\n"
          "  --model FILE           technique model, from thenar train (the one that ships)\n"
          "  --metrics-rate-hz HZ   metrics and contacts a second (50; 0: none)\n"
          "  --frame-rate-hz HZ     matrices a second (as the device scans; 0: none)\n"
          "  --gate-kpa KPA         touched above it (from the array's own noise)\n"
          "  --log LEVEL            error, warning, info or debug\n"
          "  --config FILE          settings (" USUAL_FILE ", if it is there)\n"
          "  --show-config          print the settings in force and end\n"
          "  --help, --version\n"
          "Every setting has the same name in the file, see thenard.conf(5). An option wins over\n"
          "the file, the file over what is built in; --device replaces the file's devices.\n",
          stdout);
}

/* getopt's own messages do not say what to do. */
static enum thenar_status refuse(const char *argument, bool lacks_value, struct thenar_error *error)
{
    if (lacks_value)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "%s needs a value; see thenard --help",
                           argument);
    const char *words[N_OPTIONS];
    char word[40];
    const char *bare = argument + strspn(argument, "-");
    (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(bare, "="), bare);
    for (size_t i = 0; i < N_OPTIONS; i++)
        words[i] = options[i].name;
    const char *near = nearest_word(word, words, N_OPTIONS);
    if (near && strcmp(near, word) == 0)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "--%s takes no value", word);
    if (near)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "unknown option %s; did you mean --%s?",
                           argument, near);
    return thenar_fail(error, THENAR_ERR_ARGUMENT, "unknown option %s; see thenard --help",
                       argument);
}

/* One pass over the command line; settings are applied only in the second, on top of the file. */
static enum thenar_status pass(int argc, char **argv, struct conf *config, const char **file,
                               enum options_wish *wish, struct thenar_error *error)
{
    bool has_devices = false;
    optind = 0; /* glibc: start over */
    opterr = 0;
    for (int code; (code = getopt_long(argc, argv, ":d:c:hV", options, NULL)) != -1;) {
        if (code == 'd')
            code = CONF_DEVICES;
        if (code == ':' || code == '?')
            return refuse(argv[optind - 1], code == ':', error);
        if (code == 'c' || code == OPTION_CONFIG) {
            *file = optarg;
        } else if (code == OPTION_SHOW_CONFIG) {
            *wish = OPTIONS_SHOW_CONFIG;
        } else if (code == 'h' || code == OPTION_HELP) {
            print_help();
            *wish = OPTIONS_DONE;
            return THENAR_OK;
        } else if (code == 'V' || code == OPTION_VERSION) {
            puts("thenard " THENAR_VERSION);
            *wish = OPTIONS_DONE;
            return THENAR_OK;
        } else if (config) {
            char origin[64];
            int key = code;
            for (size_t i = 0; i < N_OPTIONS; i++)
                if (options[i].val == key)
                    (void)snprintf(origin, sizeof origin, "--%s", options[i].name);
            if (key == CONF_DEVICES && !has_devices)
                config->n_devices = 0; /* replaces the file's */
            has_devices |= key == CONF_DEVICES;
            enum thenar_status status = conf_set(config, (enum conf_key)key, optarg, origin, error);
            if (status != THENAR_OK)
                return status;
        }
    }
    if (optind < argc)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "what is '%s'? devices are given as --device %s", argv[optind],
                           argv[optind]);
    return THENAR_OK;
}

enum thenar_status options_read(int argc, char **argv, struct conf *config, enum options_wish *wish,
                                struct thenar_error *error)
{
    const char *file = NULL;
    *wish = OPTIONS_RUN;
    enum thenar_status status = pass(argc, argv, NULL, &file, wish, error);
    if (status != THENAR_OK || *wish == OPTIONS_DONE)
        return status;
    if (!file && access(USUAL_FILE, F_OK) == 0)
        file = USUAL_FILE;
    if (file)
        status = conf_file_read(config, file, error);
    if (status == THENAR_OK)
        status = pass(argc, argv, config, &file, wish, error);
    return status == THENAR_OK ? conf_check(config, error) : status;
}
