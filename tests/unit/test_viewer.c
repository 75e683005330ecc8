/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "viewer.h"

/* ---- a feed by hand */

static void say(struct hub *hub, enum thenar_topic_kind kind, const char *station,
                const char *device, const char *json)
{
    struct thenar_feed_message message = {.topic.kind = kind, .json = json, .n_json = strlen(json)};
    (void)snprintf(message.topic.station, sizeof message.topic.station, "%s", station);
    (void)snprintf(message.topic.device, sizeof message.topic.device, "%s", device);
    assert_int_equal(hub_take(hub, 0, &message), THENAR_OK);
}

static void show_map(struct hub *hub, const char *station, unsigned n_side, float value)
{
    float matrix[64 * 64];
    for (unsigned i = 0; i < n_side * n_side; i++)
        matrix[i] = value;
    struct thenar_feed_message message = {.topic.kind = THENAR_TOPIC_FRAME,
                                          .json = "{}",
                                          .n_json = 2,
                                          .matrix = matrix,
                                          .n_matrix = (size_t)n_side * n_side};
    message.payload.frame.n_rows = message.payload.frame.n_cols = n_side;
    (void)snprintf(message.topic.station, sizeof message.topic.station, "%s", station);
    (void)snprintf(message.topic.device, sizeof message.topic.device, "pad");
    assert_int_equal(hub_take(hub, 0, &message), THENAR_OK);
}

static const struct viewer_wish everything = {
    .state_hz = 10, .maps_hz = 10, .n_cells_max = 0, .events = true};

/* ---- what a viewer was sent, parsed by another reader than ours */

static json_t *sent(struct viewer *viewer, const struct hub *hub, double now_s)
{
    static char text[VIEWER_TEXT_BYTES];
    size_t n_text = viewer_write_text(viewer, hub, now_s, text, sizeof text);
    if (n_text == 0)
        return json_array();
    json_t *items = json_loadb(text, n_text, 0, NULL);
    assert_non_null(items);
    return items;
}

static size_t n_of(const json_t *items, const char *topic)
{
    size_t n = 0, index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        n += strcmp(json_string_value(json_object_get(item, "topic")), topic) == 0;
    }
    return n;
}

static const json_t *data_of(const json_t *items, const char *topic)
{
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "topic")), topic) == 0)
            return json_object_get(item, "data");
    }
    return NULL;
}

/* ---- */

static void newest_wins_and_nothing_comes_twice(void **state)
{
    (void)state;
    struct hub hub = {0};
    struct viewer *viewer = malloc(sizeof *viewer);
    viewer_init(viewer);
    say(&hub, THENAR_TOPIC_METRICS, "s1", "pad", "{\"seq\":1}");
    viewer_set_wish(viewer, &hub, &everything, 0);
    say(&hub, THENAR_TOPIC_METRICS, "s1", "pad", "{\"seq\":2}");
    assert_true(viewer_is_due(viewer, &hub, 0));
    json_t *items = sent(viewer, &hub, 0);
    assert_int_equal(n_of(items, "devices"), 1);
    assert_int_equal(n_of(items, "metrics.s1.pad"), 1);
    assert_int_equal(json_integer_value(json_object_get(data_of(items, "metrics.s1.pad"), "seq")),
                     2);
    json_decref(items);
    assert_false(viewer_is_due(viewer, &hub, 5));
    say(&hub, THENAR_TOPIC_METRICS, "s1", "pad", "{\"seq\":3}");
    assert_false(viewer_is_due(viewer, &hub, 0.05)); /* ten a second at most */
    assert_true(viewer_is_due(viewer, &hub, 0.11));
    hub_finish(&hub);
    free(viewer);
}

static void events_come_each_and_missed_ones_are_counted(void **state)
{
    (void)state;
    struct hub hub = {0};
    struct viewer *viewer = malloc(sizeof *viewer);
    char json[32];
    viewer_init(viewer);
    say(&hub, THENAR_TOPIC_STROKE, "s1", "pad", "{\"n\":-1}"); /* before it looked: not its own */
    viewer_set_wish(viewer, &hub, &everything, 0);
    for (int i = 0; i < HUB_EVENTS + 5; i++) {
        (void)snprintf(json, sizeof json, "{\"n\":%d}", i);
        say(&hub, THENAR_TOPIC_STROKE, "s1", "pad", json);
    }
    json_t *items = sent(viewer, &hub, 0);
    assert_int_equal(n_of(items, "stroke.s1.pad"), HUB_EVENTS);
    assert_int_equal(json_integer_value(json_object_get(data_of(items, "missed.s1.pad"), "events")),
                     5);
    assert_int_equal(json_integer_value(json_object_get(data_of(items, "stroke.s1.pad"), "n")), 5);
    json_decref(items);
    items = sent(viewer, &hub, 0);
    assert_int_equal(json_array_size(items), 0);
    json_decref(items);
    hub_finish(&hub);
    free(viewer);
}

static void only_what_was_asked_for_comes(void **state)
{
    (void)state;
    struct hub hub = {0};
    struct viewer *viewer = malloc(sizeof *viewer);
    struct viewer_wish wish = everything;
    viewer_init(viewer);
    say(&hub, THENAR_TOPIC_METRICS, "s1", "pad", "{}");
    say(&hub, THENAR_TOPIC_METRICS, "s12", "pad", "{}");
    say(&hub, THENAR_TOPIC_METRICS, "s1", "glove", "{}");
    (void)snprintf(wish.station, sizeof wish.station, "s1");
    (void)snprintf(wish.device, sizeof wish.device, "pad");
    viewer_set_wish(viewer, &hub, &wish, 0);
    json_t *items = sent(viewer, &hub, 0);
    assert_int_equal(json_array_size(items), 2);
    assert_int_equal(n_of(items, "metrics.s1.pad"), 1);
    assert_int_equal(json_array_size(data_of(items, "devices")), 1);
    json_decref(items);
    wish.state_hz = 0;
    wish.events = false;
    viewer_set_wish(viewer, &hub, &wish, 1);
    say(&hub, THENAR_TOPIC_STROKE, "s1", "pad", "{}");
    items = sent(viewer, &hub, 1);
    assert_int_equal(n_of(items, "metrics.s1.pad") + n_of(items, "stroke.s1.pad"), 0);
    json_decref(items);
    hub_finish(&hub);
    free(viewer);
}

/* Space for a few items only: each call makes progress, none is lost, none comes twice. */
static void what_does_not_fit_comes_next(void **state)
{
    (void)state;
    struct hub hub = {0};
    struct viewer *viewer = malloc(sizeof *viewer);
    char station[8], text[4096];
    viewer_init(viewer);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(station, sizeof station, "s%d", i);
        say(&hub, THENAR_TOPIC_METRICS, station, "pad",
            "{\"filler\":\"0123456789012345678901234\"}");
    }
    viewer_set_wish(viewer, &hub, &everything, 0);
    size_t n_items = 0, n_calls = 0;
    while (viewer_is_due(viewer, &hub, 0)) {
        size_t n_text = viewer_write_text(viewer, &hub, 0, text, n_calls ? 300 : sizeof text / 2);
        assert_true(n_text > 0 && ++n_calls < 50);
        json_t *items = json_loadb(text, n_text, 0, NULL);
        n_items += json_array_size(items);
        json_decref(items);
    }
    assert_int_equal(n_items, 21);
    assert_true(n_calls > 2);
    hub_finish(&hub);
    free(viewer);
}

static void maps_come_at_their_rate_and_newest(void **state)
{
    (void)state;
    struct hub hub = {0};
    struct viewer *viewer = malloc(sizeof *viewer);
    static unsigned char maps[VIEWER_MAPS_BYTES];
    viewer_init(viewer);
    viewer_set_wish(viewer, &hub, &everything, 0);
    show_map(&hub, "s1", 32, 10);
    show_map(&hub, "s1", 32, 20);
    show_map(&hub, "s2", 16, 30);
    size_t n_bytes = viewer_write_maps(viewer, &hub, 0, maps, sizeof maps);
    assert_int_equal(n_bytes, 2 * MAP_CODE_HEAD_BYTES + 2 * (32 * 32 + 16 * 16));
    assert_int_equal(maps[32] | maps[33] << 8, 400); /* 20 kPa in steps of 0.05 */
    show_map(&hub, "s1", 32, 40);
    assert_int_equal(viewer_write_maps(viewer, &hub, 0.05, maps, sizeof maps), 0);
    assert_int_equal(viewer_write_maps(viewer, &hub, 0.1, maps, sizeof maps),
                     MAP_CODE_HEAD_BYTES + 2 * 32 * 32);
    /* After long silence the beat goes on from now: no burst of what would have been. */
    show_map(&hub, "s1", 32, 50);
    assert_true(viewer_write_maps(viewer, &hub, 60, maps, sizeof maps) > 0);
    show_map(&hub, "s1", 32, 60);
    assert_int_equal(viewer_write_maps(viewer, &hub, 60.01, maps, sizeof maps), 0);
    hub_finish(&hub);
    free(viewer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_wins_and_nothing_comes_twice),
        cmocka_unit_test(events_come_each_and_missed_ones_are_counted),
        cmocka_unit_test(only_what_was_asked_for_comes),
        cmocka_unit_test(what_does_not_fit_comes_next),
        cmocka_unit_test(maps_come_at_their_rate_and_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
