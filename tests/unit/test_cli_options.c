/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <unistd.h>

#include "cli_options.h"
#include "cli_command.h"
#include "suggest.h"

struct values {
    bool flag;
    const char *text;
    double number;
    unsigned count;
};

static char said[1024]; /* on stderr */

/* Read a command line of up to five words after the command's name. */
static int read_line(struct values *values, struct options_result *result, const char *const *words)
{
    static char copies[8][64];
    static char *argv[9]; /* the result borrows it */
    argv[0] = copies[0];
    int argc = 1;
    (void)snprintf(copies[0], sizeof copies[0], "try");
    for (; words[argc - 1]; argc++) {
        (void)snprintf(copies[argc], sizeof copies[argc], "%s", words[argc - 1]);
        argv[argc] = copies[argc];
    }
    *values = (struct values){.text = "default", .number = 7, .count = 3};
    const struct option_row rows[] = {
        {"flag", OPTION_FLAG, &values->flag, NULL, "a flag", 0, 0},
        {"text", OPTION_TEXT, &values->text, "T", "a text", 0, 0},
        {"number", OPTION_NUMBER, &values->number, "N", "a number", -1, 10},
        {"count", OPTION_COUNT, &values->count, "C", "a count", 1, 100},
    };
    const struct option_table table = {"try", "[FILE...]", "A try.", rows, 4, OPTION_FEED};
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stderr);
    int kept = dup(STDERR_FILENO);
    (void)dup2(fileno(file), STDERR_FILENO);
    int code = options_read(&table, argc, argv, result);
    (void)fflush(stderr);
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    (void)fclose(file);
    return code;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void options_are_read(void **state)
{
    (void)state;
    struct values values;
    struct options_result result;
    assert_int_equal(read_line(&values, &result, WORDS("a", "--flag", "--text", "x", "b")), -1);
    assert_true(values.flag);
    assert_string_equal(values.text, "x");
    assert_int_equal(result.n_operands, 2);
    assert_string_equal(result.operands[0], "a");
    assert_string_equal(result.operands[1], "b");
    assert_int_equal(read_line(&values, &result, WORDS("--number=-0.5", "--count=42", "-")), -1);
    assert_true(values.number == -0.5 && values.count == 42 && !values.flag);
    assert_string_equal(result.operands[0], "-");
    assert_int_equal(read_line(&values, &result, WORDS("--text", "--flag", "--", "--flag")), -1);
    assert_string_equal(values.text, "--flag"); /* a value is a value */
    assert_false(values.flag);
    assert_string_equal(result.operands[0], "--flag");
    assert_string_equal(said, "");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *word, *says;
    } mistakes[] = {
        {"--flga", "thenar try: unknown option '--flga'; did you mean '--flag'?"},
        {"--numer=3", "unknown option '--numer'; did you mean '--number'?"},
        {"--colour", "unknown option '--colour'; 'thenar try --help' lists them"},
        {"-f", "unknown option '-f'"},
        {"--flag=yes", "--flag takes no value"},
        {"--text", "--text needs a value: --text T"},
        {"--number=ten", "--number needs a number, not 'ten'"},
        {"--number=", "--number needs a number, not ''"},
        {"--number=nan", "--number needs a number"},
        {"--number=11", "--number 11 is out of range: -1 to 10"},
        {"--count=1.5", "--count needs a whole number, not '1.5'"},
        {"--count=0", "--count 0 is out of range: 1 to 100"},
        {"--count=1e99", "out of range"},
        {"--hepl", "did you mean '--help'?"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct values values;
        struct options_result result;
        assert_int_equal(read_line(&values, &result, WORDS(mistakes[i].word)), EXIT_USAGE);
        if (!strstr(said, mistakes[i].says))
            fail_msg("%s: said \"%s\", not \"%s\"", mistakes[i].word, said, mistakes[i].says);
    }
}

static void addresses_come_from_three_places(void **state)
{
    (void)state;
    struct values values;
    struct options_result result;
    (void)unsetenv("THENAR_FEED");
    assert_int_equal(read_line(&values, &result, WORDS("--flag")), -1);
    assert_string_equal(result.feed, "tcp://127.0.0.1:9872");
    (void)setenv("THENAR_FEED", "ipc:///environment", 1);
    assert_int_equal(read_line(&values, &result, WORDS("--flag")), -1);
    assert_string_equal(result.feed, "ipc:///environment");
    assert_int_equal(read_line(&values, &result, WORDS("--feed", "ipc:///option")), -1);
    assert_string_equal(result.feed, "ipc:///option");
    /* A command that does not speak to control has no such option. */
    assert_int_equal(read_line(&values, &result, WORDS("--control=x")), EXIT_USAGE);
    (void)unsetenv("THENAR_FEED");
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    const char *const words[] = {"list", "status", "tail", "watch", "analyze"};
    assert_string_equal(suggest_nearest("lsit", words, 5), "list");
    assert_string_equal(suggest_nearest("analyse", words, 5), "analyze");
    assert_string_equal(suggest_nearest("stat", words, 5), "status");
    assert_string_equal(suggest_nearest("wach", words, 5), "watch");
    assert_null(suggest_nearest("record", words, 5));
    assert_null(suggest_nearest("", words, 5));
    assert_null(
        suggest_nearest("a-word-that-is-longer-than-all-the-words-that-there-are", words, 5));
}

int main(void)
{
    program_invocation_short_name = (char *)"thenar";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_read),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(addresses_come_from_three_places),
        cmocka_unit_test(the_nearest_word_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
