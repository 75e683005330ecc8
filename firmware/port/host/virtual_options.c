/* SPDX-License-Identifier: MIT */
#include "virtual_options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/message.h"

const char virtual_options_help[] =
    "Usage: thenar-virtual MODEL [options]\n"
    "A Thenar device without hardware: the firmware as a process, pressed by a virtual therapist\n"
    "or by a recording. See thenar-virtual(1).\n"
    "\n"
    "MODEL: table32 | glove16 | array (any size; or --board MODEL)\n"
    "  --rows N --cols N        size of an array (16 x 16)\n"
    "  --pitch-mm MM            between taxels of an array (15)\n"
    "  --rate HZ                frames a second at power-on\n"
    "  --mount MOUNT            pad, torso, mat or glove\n"
    "  --serial TEXT            (VT-MODEL-SEED)\n"
    "  --seed N                 of the sensors, the therapist and the faults (1)\n"
    "\n"
    "What presses on it\n"
    "  --script demo|FILE       the virtual therapist (demo)\n"
    "  --truth FILE             write what the therapist really did\n"
    "  --uncalibrated           no factory calibration\n"
    "  --noise-counts N         standard deviation of a reading\n"
    "  --dead N                 taxels that feel nothing\n"
    "  --sneak-paths            a front end whose unread lines float: ghosts and all\n"
    "  --recording FILE         play a CSV recording, plain or .gz, instead\n"
    "  --recording-rate HZ      frames a second of it (from its times)\n"
    "  --full-scale COUNTS      sample that becomes 4095 (guessed)\n"
    "  --loop                   begin again at the end of script or recording\n"
    "  --until-end              end with the script or the recording\n"
    "\n"
    "Faults and time\n"
    "  --fault KIND@T[+D][,ARG] at T seconds of device time, for D seconds; may be repeated:\n"
    "                           bits,P  flip,N  drop,N  delay,MS  stall  unplug  reset  watchdog\n"
    "                           drift,PPM  row-open,R  column-short,C  taxel-stuck,I[,COUNTS]\n"
    "                           hum,COUNTS  late,STEPS  hang  supply,MV  flash\n"
    "                           trigger (no fault: its trigger input is high)\n"
    "  --speed X|max            device time against the clock; max: as fast as the host reads\n"
    "  --duration S             end after S seconds of device time\n"
    "\n"
    "Where the host connects\n"
    "  --listen PATH|@NAME      Unix socket ($XDG_RUNTIME_DIR/thenar/MODEL.sock)\n"
    "  --listen-fd N            a listening socket that is open already; ends with the parent\n"
    "\n"
    "  --help  --version\n";

enum option_key {
    KEY_BOARD = 256,
    KEY_ROWS,
    KEY_COLS,
    KEY_PITCH,
    KEY_RATE,
    KEY_MOUNT,
    KEY_SERIAL,
    KEY_SEED,
    KEY_SCRIPT,
    KEY_TRUTH,
    KEY_UNCALIBRATED,
    KEY_NOISE,
    KEY_DEAD,
    KEY_SNEAK_PATHS,
    KEY_RECORDING,
    KEY_RECORDING_RATE,
    KEY_FULL_SCALE,
    KEY_LOOP,
    KEY_UNTIL_END,
    KEY_FAULT,
    KEY_SPEED,
    KEY_DURATION,
    KEY_LISTEN,
    KEY_LISTEN_FD,
    KEY_HELP,
    KEY_VERSION
};

static const struct option long_options[] = {
    {"board", required_argument, NULL, KEY_BOARD},
    {"rows", required_argument, NULL, KEY_ROWS},
    {"cols", required_argument, NULL, KEY_COLS},
    {"pitch-mm", required_argument, NULL, KEY_PITCH},
    {"rate", required_argument, NULL, KEY_RATE},
    {"mount", required_argument, NULL, KEY_MOUNT},
    {"serial", required_argument, NULL, KEY_SERIAL},
    {"seed", required_argument, NULL, KEY_SEED},
    {"script", required_argument, NULL, KEY_SCRIPT},
    {"truth", required_argument, NULL, KEY_TRUTH},
    {"uncalibrated", no_argument, NULL, KEY_UNCALIBRATED},
    {"noise-counts", required_argument, NULL, KEY_NOISE},
    {"dead", required_argument, NULL, KEY_DEAD},
    {"sneak-paths", no_argument, NULL, KEY_SNEAK_PATHS},
    {"recording", required_argument, NULL, KEY_RECORDING},
    {"recording-rate", required_argument, NULL, KEY_RECORDING_RATE},
    {"full-scale", required_argument, NULL, KEY_FULL_SCALE},
    {"loop", no_argument, NULL, KEY_LOOP},
    {"until-end", no_argument, NULL, KEY_UNTIL_END},
    {"fault", required_argument, NULL, KEY_FAULT},
    {"speed", required_argument, NULL, KEY_SPEED},
    {"duration", required_argument, NULL, KEY_DURATION},
    {"listen", required_argument, NULL, KEY_LISTEN},
    {"listen-fd", required_argument, NULL, KEY_LISTEN_FD},
    {"help", no_argument, NULL, KEY_HELP},
    {"version", no_argument, NULL, KEY_VERSION},
    {0},
};

static const char *name_of(int key)
{
    for (const struct option *option = long_options; option->name; option++)
        if (option->val == key)
            return option->name;
    return "?";
}

static enum thenar_status read_number(int key, const char *text, double low, double high,
                                      double *out, struct thenar_error *error)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (end == text || *end || errno || !(value >= low && value <= high))
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "--%s: '%s' is not a number from %g to %g",
                           name_of(key), text, low, high);
    *out = value;
    return THENAR_OK;
}

static enum thenar_status read_whole(int key, const char *text, long low, long high, long *out,
                                     struct thenar_error *error)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (end == text || *end || errno || value < low || value > high)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--%s: '%s' is not a whole number from %ld to %ld", name_of(key), text,
                           low, high);
    *out = value;
    return THENAR_OK;
}

/* The options that are numbers. @return THENAR_PENDING if `key` is none of them */
static enum thenar_status read_numeric(struct virtual_options *options, int key, const char *text,
                                       struct thenar_error *error)
{
    long whole = 0;
    enum thenar_status status;
    switch (key) {
    case KEY_ROWS:
        return read_whole(key, text, 1, THENAR_MAX_SIDE, &options->n_rows, error);
    case KEY_COLS:
        return read_whole(key, text, 1, THENAR_MAX_SIDE, &options->n_cols, error);
    case KEY_PITCH:
        return read_number(key, text, 0.1, 1000.0, &options->pitch_mm, error);
    case KEY_RATE:
        return read_number(key, text, 0.1, 100000.0, &options->rate_hz, error);
    case KEY_SEED:
        status = read_whole(key, text, 0, LONG_MAX, &whole, error);
        options->seed = (uint64_t)whole;
        return status;
    case KEY_NOISE:
        return read_number(key, text, 0.0, 1000.0, &options->noise_counts, error);
    case KEY_DEAD:
        return read_whole(key, text, 0, THENAR_MAX_TAXELS, &options->n_dead, error);
    case KEY_RECORDING_RATE:
        return read_number(key, text, 0.1, 100000.0, &options->recording_rate_hz, error);
    case KEY_FULL_SCALE:
        return read_number(key, text, 1e-6, 1e12, &options->full_scale_counts, error);
    case KEY_DURATION:
        return read_number(key, text, 0.001, 1e9, &options->duration_s, error);
    case KEY_LISTEN_FD:
        status = read_whole(key, text, 0, INT_MAX, &whole, error);
        options->listen_fd = status == THENAR_OK ? (int)whole : -1;
        return status;
    case KEY_SPEED:
        options->speed_max = strcmp(text, "max") == 0;
        if (options->speed_max)
            return THENAR_OK;
        return read_number(key, text, 0.01, 1000.0, &options->speed, error);
    default:
        return THENAR_PENDING;
    }
}

static enum thenar_status read_option(struct virtual_options *options, int key, const char *text,
                                      struct thenar_error *error)
{
    enum thenar_status status = read_numeric(options, key, text, error);
    if (status != THENAR_PENDING)
        return status;
    switch (key) {
    case KEY_BOARD:
        options->model = text;
        break;
    case KEY_MOUNT:
        options->mount = text;
        break;
    case KEY_SERIAL:
        options->serial = text;
        break;
    case KEY_SCRIPT:
        options->script = text;
        break;
    case KEY_TRUTH:
        options->truth = text;
        break;
    case KEY_RECORDING:
        options->recording = text;
        break;
    case KEY_LISTEN:
        options->listen = text;
        break;
    case KEY_UNCALIBRATED:
        options->uncalibrated = true;
        break;
    case KEY_SNEAK_PATHS:
        options->sneak_paths = true;
        break;
    case KEY_LOOP:
        options->loop = true;
        break;
    case KEY_UNTIL_END:
        options->until_end = true;
        break;
    case KEY_HELP:
        options->help = true;
        break;
    case KEY_VERSION:
        options->version = true;
        break;
    case KEY_FAULT:
        return fault_plan_add(&options->faults, text, error);
    default:
        break;
    }
    return THENAR_OK;
}

/* Options that contradict each other: better said than guessed. */
static enum thenar_status check_together(const struct virtual_options *options,
                                         struct thenar_error *error)
{
    if (!options->model)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "no MODEL: name table32, glove16 or array (see --help)");
    if (options->recording && (options->script || options->truth || options->n_dead > 0 ||
                               options->sneak_paths || !isnan(options->noise_counts)))
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--recording plays what was recorded: leave out --script, --truth, "
                           "--noise-counts, --dead and --sneak-paths");
    if (!options->recording &&
        (options->recording_rate_hz > 0.0 || options->full_scale_counts > 0.0))
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--recording-rate and --full-scale describe a recording: name it with "
                           "--recording FILE");
    if (options->loop && options->until_end)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--loop has no end: leave out --until-end, or say --duration");
    if (options->listen && options->listen_fd >= 0)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--listen and --listen-fd name two sockets: leave one out");
    return THENAR_OK;
}

enum thenar_status virtual_options_parse(struct virtual_options *options, int argc, char **argv,
                                         struct thenar_error *error)
{
    *options = (struct virtual_options){
        .seed = 1, .noise_counts = (double)NAN, .speed = 1.0, .listen_fd = -1};
    optind = 0; /* begin anew, in tests too */
    opterr = 0;
    for (;;) {
        int before = optind ? optind : 1;
        int key = getopt_long(argc, argv, "-:", long_options, NULL);
        if (key == -1)
            break;
        if (key == '?')
            return thenar_fail(error, THENAR_ERR_ARGUMENT,
                               "unknown option '%s': --help lists those there are", argv[before]);
        if (key == ':')
            return thenar_fail(error, THENAR_ERR_ARGUMENT, "option '%s' needs a value: see --help",
                               argv[before]);
        if (key == 1 && options->model)
            return thenar_fail(error, THENAR_ERR_ARGUMENT,
                               "'%s': there is a MODEL already, '%s'; one device a process", optarg,
                               options->model);
        enum thenar_status status = read_option(options, key == 1 ? KEY_BOARD : key, optarg, error);
        if (status != THENAR_OK)
            return status;
    }
    if (options->help || options->version)
        return THENAR_OK;
    return check_together(options, error);
}
