/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/control_tables.h"
#include "feed/payload.h"

/* FEED.md is the law and the C tables follow it: compare them row by row. */

static char *document;

static int read_document(void **state)
{
    (void)state;
    FILE *file = fopen(TEST_SOURCE_DIR "/../protocol/FEED.md", "rb");
    if (!file)
        return -1;
    document = calloc(1, 1 << 20);
    size_t n_bytes = document ? fread(document, 1, (1 << 20) - 1, file) : 0;
    (void)fclose(file);
    return n_bytes > 0 ? 0 : -1;
}

static int free_document(void **state)
{
    (void)state;
    free(document);
    return 0;
}

/* The n-th table of field rows after a heading; "| field |" begins one. */
static const char *table_of(const char *heading, int n)
{
    const char *at = strstr(document, heading);
    if (!at)
        fail_msg("FEED.md has no heading \"%s\"", heading);
    for (; n >= 0; n--) {
        at = strstr(at, "| field | type | unit | there | meaning |\n");
        assert_non_null(at);
        at = strchr(at, '\n') + 1;
        at = strchr(at, '\n') + 1; /* the line of dashes */
    }
    return at;
}

static const char *type_word(const struct thenar_field *field)
{
    switch ((enum thenar_field_type)field->type) {
    case THENAR_FIELD_BOOL:
        return "boolean";
    case THENAR_FIELD_U32:
    case THENAR_FIELD_U64:
        return "integer";
    case THENAR_FIELD_FLOAT:
    case THENAR_FIELD_DOUBLE:
        return "number";
    case THENAR_FIELD_TEXT:
        return "text";
    }
    return "";
}

static const char *const presence_words[] = {
    [THENAR_ALWAYS] = "always",
    [THENAR_MAYBE] = "may be absent",
    [THENAR_IF_CALIBRATED] = "if calibrated",
    [THENAR_IF_RELATIVE] = "if uncalibrated",
    [THENAR_IF_SKIN] = "if calibrated, no mat",
};

/* The rows at `at` are those of `fields`, in order; what follows is no row, or `after`. */
static void compare(const char *at, const struct thenar_field *fields, size_t n_fields,
                    const char *after)
{
    for (size_t i = 0; i < n_fields; i++) {
        char row[512];
        (void)snprintf(row, sizeof row, "| `%s` | %s | %s | %s | %s |\n", fields[i].name,
                       type_word(&fields[i]), fields[i].unit, presence_words[fields[i].presence],
                       fields[i].description);
        if (strncmp(at, row, strlen(row)) != 0)
            fail_msg("FEED.md has\n%.*s\nwhere the table in C has\n%s", (int)strcspn(at, "\n"), at,
                     row);
        at += strlen(row);
    }
    if (at[0] == '|' && !(after && strncmp(at, after, strlen(after)) == 0))
        fail_msg("FEED.md has a row that C has not: %.*s", (int)strcspn(at, "\n"), at);
}

static void payloads_are_as_documented(void **state)
{
    (void)state;
    const struct thenar_record *metrics = thenar_payload_record(THENAR_TOPIC_METRICS);
    const struct thenar_record *status = thenar_payload_record(THENAR_TOPIC_STATUS);
    compare(table_of("\n### Common fields\n", 0), metrics->common, metrics->n_common, NULL);
    compare(table_of("\n### Common fields\n", 1), status->common, status->n_common, NULL);
    for (unsigned i = 0; i < THENAR_N_TOPIC_KINDS; i++) {
        const struct thenar_record *record = thenar_payload_record((enum thenar_topic_kind)i);
        char heading[40];
        if (!record)
            continue;
        assert_true(record->common == metrics->common || record->common == status->common);
        (void)snprintf(heading, sizeof heading, "\n### %s\n", record->name);
        compare(table_of(heading, 0), record->own, record->n_own, NULL);
    }
}

static void control_is_as_documented(void **state)
{
    (void)state;
    compare(table_of("\n### Every request\n", 0), control_head_record.common,
            control_head_record.n_common, NULL);
    compare(table_of("\n### Every reply\n", 0), control_any_reply.common,
            control_any_reply.n_common, NULL);
    compare(table_of("\n### error reply\n", 0), control_error_record.own,
            control_error_record.n_own, NULL);
    compare(table_of("\n#### status reply\n", 0), control_daemon_record.own,
            control_daemon_record.n_own, "| `devices` |");
    compare(table_of("\n### discover\n", 0), control_found_record.own, control_found_record.n_own,
            NULL);
    for (unsigned i = 0; i < THENAR_N_CONTROL_COMMANDS; i++) {
        char heading[40];
        const struct control_row *row = &control_table[i];
        (void)snprintf(heading, sizeof heading, "\n### %s\n", row->name);
        assert_non_null(strstr(document, heading));
        (void)snprintf(heading, sizeof heading, "\n#### %s request\n", row->name);
        if (row->request->n_own)
            compare(table_of(heading, 0), row->request->own, row->request->n_own, NULL);
        else
            assert_null(strstr(document, heading));
        (void)snprintf(heading, sizeof heading, "\n#### %s reply\n", row->name);
        bool is_told_before = i > 0 && row->reply == control_table[i - 1].reply;
        if (row->reply->n_own && !is_told_before)
            compare(table_of(heading, 0), row->reply->own, row->reply->n_own, NULL);
    }
}

static void the_addresses_are_as_documented(void **state)
{
    (void)state;
    assert_non_null(strstr(document, "| feed | `" THENAR_FEED_ADDRESS "` | PUB |"));
    assert_non_null(strstr(document, "| control | `" THENAR_CONTROL_ADDRESS "` | ROUTER |"));
    for (unsigned i = 0; i < THENAR_N_TOPIC_KINDS; i++) {
        char word[40];
        (void)snprintf(word, sizeof word, "`%s`",
                       thenar_topic_kind_name((enum thenar_topic_kind)i));
        assert_non_null(strstr(document, word));
    }
}

/* Names end in their unit, so that nobody needs this page to know it. */
static void names_end_in_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *end;
    } ends[] = {{"N", "_n"},     {"kPa", "_kpa"},     {"mm", "_mm"},  {"mm/s", "_mm_s"},
                {"Hz", "_hz"},   {"1/min", "_cpm"},   {"%", "_pct"},  {"ms", "_ms"},
                {"us", "_us"},   {"deg", "_deg"},     {"degC", "_c"}, {"V", "_v"},
                {"N s", "_n_s"}, {"cm2 s", "_rel_s"}, {"ppm", "_ppm"}};
    for (unsigned i = 0; i < THENAR_N_TOPIC_KINDS; i++) {
        const struct thenar_record *record = thenar_payload_record((enum thenar_topic_kind)i);
        for (size_t k = 0; record && k < record->n_own; k++)
            for (size_t u = 0; u < sizeof ends / sizeof *ends; u++) {
                const struct thenar_field *field = &record->own[k];
                size_t n_end = strlen(ends[u].end);
                if (strcmp(field->unit, ends[u].unit) == 0 &&
                    (strlen(field->name) <= n_end ||
                     strcmp(field->name + strlen(field->name) - n_end, ends[u].end) != 0))
                    fail_msg("%s.%s does not end in %s", record->name, field->name, ends[u].end);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_are_as_documented),
        cmocka_unit_test(control_is_as_documented),
        cmocka_unit_test(the_addresses_are_as_documented),
        cmocka_unit_test(names_end_in_their_unit),
    };
    return cmocka_run_group_tests(tests, read_document, free_document);
}
