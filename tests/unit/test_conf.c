/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf_file.h"
#include "device_name.h"
#include "options.h"

static struct conf config;
static struct thenar_error error;

static int set_up(void **state)
{
    (void)state;
    return conf_init(&config, &error) == THENAR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    conf_finish(&config);
    return 0;
}

static void read_good(const char *text)
{
    if (conf_file_parse(&config, text, "t.conf", &error) != THENAR_OK)
        fail_msg("%s", error.text);
}

static void refuse(const char *text, const char *sentence)
{
    enum thenar_status status = conf_file_parse(&config, text, "t.conf", &error);
    assert_true(status < 0);
    assert_string_equal(error.text, sentence);
}

static void test_everything_is_read_with_its_place(void **state)
{
    (void)state;
    read_good("station = \"t3\";\nfeed = \"ipc:///tmp/f\";\ncontrol = \"tcp://127.0.0.1:5000\";\n"
              "sessions = \"/tmp/s\";\nmetrics_rate_hz = 25;\nframe_rate_hz = 12.5;\n"
              "gate_kpa = 0.75;\nlog = \"debug\";\n"
              "devices = ( { name = \"pad\"; uri = \"serial:/dev/ttyACM0\"; },\n"
              "            \"left=virtual:glove16\", \"virtual:table32\" );\n");
    assert_string_equal(config.station, "t3");
    assert_string_equal(config.feed, "ipc:///tmp/f");
    assert_string_equal(config.control, "tcp://127.0.0.1:5000");
    assert_string_equal(config.sessions, "/tmp/s");
    assert_true(config.metrics_rate_hz == 25 && config.frame_rate_hz == 12.5);
    assert_true(config.gate_kpa == 0.75);
    assert_int_equal(config.log, LOG_LEVEL_DEBUG);
    assert_int_equal(config.n_devices, 3);
    assert_string_equal(config.devices[0].name, "pad");
    assert_string_equal(config.devices[0].uri, "serial:/dev/ttyACM0");
    assert_string_equal(config.devices[1].name, "left");
    assert_string_equal(config.devices[1].uri, "virtual:glove16");
    assert_string_equal(config.devices[2].name, "table32");
    assert_string_equal(config.origins[CONF_GATE_KPA], "t.conf:7");
    assert_string_equal(config.origins[CONF_DEVICES], "t.conf:9");
}

static void test_what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    refuse("station = \"s1\";\nstatoin = \"s2\";\n",
           "t.conf:2: unknown setting 'statoin'; did you mean 'station'?");
    refuse("colour = 3;",
           "t.conf:1: unknown setting 'colour'; allowed are station, feed, control, sessions, "
           "calibrations, keys, model, metrics_rate_hz, frame_rate_hz, gate_kpa, log and devices");
    refuse("station = \"Table 3\";",
           "t.conf:1: 'Table 3' cannot name a station; use 1 to 31 of a-z, 0-9, _ and -");
    refuse("station = 3;", "t.conf:1: station must be a text in quotes");
    refuse("metrics_rate_hz = \"50\";", "t.conf:1: metrics_rate_hz must be a number, as in 50");
    refuse("\nmetrics_rate_hz = -1;", "t.conf:2: metrics_rate_hz is -1; it must be from 0 to 2000");
    refuse("frame_rate_hz = 1e9;", "t.conf:1: frame_rate_hz is 1e+09; it must be from 0 to 2000");
    refuse("log = \"warnign\";", "t.conf:1: unknown log level 'warnign'; did you mean 'warning'?");
    refuse("station = \"s1\"\nfeed = ;", "t.conf:2: syntax error");
    refuse("devices = \"virtual:table32\";",
           "t.conf:1: devices must be a list, as in devices = ( \"table=virtual:table32\" );");
    refuse("devices = (\n  { name = \"a\"; url = \"virtual:table32\"; } );",
           "t.conf:2: unknown setting 'url' of a device; did you mean 'uri'?");
    refuse("devices = (\n\n  { name = \"a\"; } );",
           "t.conf:3: a device needs uri = \"...\", as in uri = \"serial:/dev/ttyACM0\"");
    refuse("devices = ( \"a=virtual:x\", \"a=virtual:y\" );",
           "t.conf:1: two devices are named 'a'");
    refuse("devices = ( \"usb2:1\" );",
           "t.conf:1: usb2:1: unknown kind of source 'usb2'; did you mean 'usb'?");
}

static void test_addresses_stay_on_this_machine(void **state)
{
    (void)state;
    refuse("control = \"udp://127.0.0.1:5\";",
           "t.conf:1: control: udp://127.0.0.1:5: not an address; write tcp://127.0.0.1:PORT or "
           "ipc:///PATH");
}

static void test_what_others_reach_needs_keys(void **state)
{
    (void)state;
    read_good("\ncontrol = \"tcp://*:5000\";");
    assert_int_equal(conf_check(&config, &error), THENAR_ERR_VALUE);
    assert_string_equal(error.text,
                        "t.conf:2: control: tcp://*:5000 is reached by other machines, so it needs "
                        "keys: run 'thenar keys make', and say keys = \"FOLDER\" or --keys FOLDER "
                        "(thenard(1), OTHER MACHINES)");
    read_good("keys = \"/etc/thenar/keys\";");
    assert_int_equal(conf_check(&config, &error), THENAR_OK);
}

static void test_names_are_made_and_kept_apart(void **state)
{
    (void)state;
    static const struct {
        const char *path, *name;
    } cases[] = {{"table32", "table32"},
                 {"/data/Knead 3.csv.gz", "knead_3"},
                 {"/dev/ttyACM0", "ttyacm0"},
                 {"@pad", "pad"},
                 {"/", "device"},
                 {"\xc3\xa9t\xc3\xa9", "t"},
                 {"a-very-long-name-that-does-not-end-here", "a-very-long-name-that-does-not-"}};
    char name[32];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        device_name_make(cases[i].path, name, sizeof name);
        assert_string_equal(name, cases[i].name);
        assert_true(thenar_name_is_valid(name));
    }
    device_name_number(name, sizeof name, 12);
    assert_string_equal(name, "a-very-long-name-that-does-n-12");
    read_good(
        "devices = ( \"virtual:table32\", \"virtual:table32\", \"table32=virtual:glove16\" );");
    assert_string_equal(config.devices[2].name, "table32"); /* a given name is never changed */
    assert_string_not_equal(config.devices[0].name, "table32");
    assert_string_not_equal(config.devices[0].name, config.devices[1].name);
}

static enum thenar_status read_options(const char *const *words, enum options_wish *wish)
{
    char *argv[16] = {(char *)(uintptr_t) "thenard"};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    return options_read(argc, argv, &config, wish, &error);
}

static void test_options_win_over_the_file(void **state)
{
    (void)state;
    enum options_wish wish;
    char path[] = "/tmp/thenar-conf-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    fputs("station = \"file\"; metrics_rate_hz = 20; devices = ( \"a=virtual:table32\" );", file);
    fclose(file);
    const char *const words[] = {"--station",         "option",        "--config", path, "-d",
                                 "b=virtual:glove16", "--show-config", NULL};
    assert_int_equal(read_options(words, &wish), THENAR_OK);
    remove(path);
    assert_int_equal(wish, OPTIONS_SHOW_CONFIG);
    assert_string_equal(config.station, "option");
    assert_string_equal(config.origins[CONF_STATION], "--station");
    assert_true(config.metrics_rate_hz == 20);
    assert_int_equal(config.n_devices, 1);
    assert_string_equal(config.devices[0].name, "b");
}

static void refuse_options(const char *const *words, const char *sentence)
{
    enum options_wish wish;
    assert_true(read_options(words, &wish) < 0);
    assert_string_equal(error.text, sentence);
}

static void test_wrong_options_are_named(void **state)
{
    (void)state;
    refuse_options((const char *const[]){"--staton", "x", NULL},
                   "unknown option --staton; did you mean --station?");
    refuse_options((const char *const[]){"--frobnicate", NULL},
                   "unknown option --frobnicate; see thenard --help");
    refuse_options((const char *const[]){"--station", NULL},
                   "--station needs a value; see thenard --help");
    refuse_options((const char *const[]){"--show-config=1", NULL}, "--show-config takes no value");
    refuse_options((const char *const[]){"virtual:table32", NULL},
                   "what is 'virtual:table32'? devices are given as --device virtual:table32");
    refuse_options((const char *const[]){"--config", "/nowhere/x.conf", NULL},
                   "/nowhere/x.conf: No such file or directory");
    refuse_options((const char *const[]){"--config", "/tmp", NULL},
                   "/tmp: not a configuration file");
    refuse_options((const char *const[]){"--metrics-rate-hz", "fast", NULL},
                   "--metrics-rate-hz: 'fast' is not a number");
}

static void test_what_is_printed_reads_back_the_same(void **state)
{
    (void)state;
    char *first = NULL, *second = NULL;
    size_t n_first, n_second;
    read_good("station = \"t3\"; gate_kpa = 0.1; sessions = \"/a \\\"b\\\\c\";"
              "devices = ( \"x=csv:a.csv?rows=1&cols=2\" );");
    FILE *out = open_memstream(&first, &n_first);
    conf_print(&config, out);
    fclose(out);
    conf_finish(&config);
    assert_int_equal(conf_init(&config, &error), THENAR_OK);
    read_good(first);
    assert_string_equal(config.sessions, "/a \"b\\c");
    assert_true(config.gate_kpa == 0.1);
    assert_true(isnan(config.frame_rate_hz));
    assert_string_equal(config.devices[0].uri, "csv:a.csv?rows=1&cols=2");
    for (int key = 0; key < N_CONF_KEYS; key++) /* only the places differ */
        (void)snprintf(config.origins[key], CONF_ORIGIN_BYTES, "built in");
    out = open_memstream(&second, &n_second);
    conf_print(&config, out);
    fclose(out);
    assert_non_null(strstr(second, "station = \"t3\";"));
    free(first);
    free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everything_is_read_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_wrong_is_said_with_its_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_addresses_stay_on_this_machine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_others_reach_needs_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_are_made_and_kept_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_options_win_over_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_options_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_printed_reads_back_the_same, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
