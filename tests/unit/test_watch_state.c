/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "watch_state.h"

static struct watch_state watch;

static int start(void **state)
{
    (void)state;
    watch_state_init(&watch);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    watch_state_finish(&watch);
    return 0;
}

static struct thenar_feed_message message_of(enum thenar_topic_kind kind, const char *device)
{
    struct thenar_feed_message message = {.topic.kind = kind, .time_s = 1790000000, .name = "x"};
    (void)snprintf(message.topic.station, sizeof message.topic.station, "s1");
    (void)snprintf(message.topic.device, sizeof message.topic.device, "%s", device);
    thenar_payload_clear(kind, &message.payload);
    return message;
}

static void take(const struct thenar_feed_message *message, double now_s)
{
    assert_int_equal(watch_state_take(&watch, message, now_s), THENAR_OK);
}

static void send_status(const char *device, const char *condition, const char *reason)
{
    struct thenar_feed_message message = message_of(THENAR_TOPIC_STATUS, device);
    struct thenar_feed_status *status = &message.payload.status;
    status->stamp.t_publish = 1790000001;
    (void)snprintf(status->state, sizeof status->state, "%s", condition);
    (void)snprintf(status->reason, sizeof status->reason, "%s", reason);
    take(&message, 1);
}

static void send_metrics(const char *device, float pace_cpm, double now_s)
{
    struct thenar_feed_message message = message_of(THENAR_TOPIC_METRICS, device);
    struct thenar_feed_metrics *metrics = &message.payload.metrics;
    (void)snprintf(metrics->technique, sizeof metrics->technique, "petrissage");
    metrics->force_n = 23;
    metrics->peak_kpa = 61;
    metrics->pace_cpm = pace_cpm;
    take(&message, now_s);
}

static void send_stroke(const char *device, const char *technique)
{
    struct thenar_feed_message message = message_of(THENAR_TOPIC_STROKE, device);
    struct thenar_feed_stroke *stroke = &message.payload.stroke;
    (void)snprintf(stroke->technique, sizeof stroke->technique, "%s", technique);
    stroke->t_end = 1790000002;
    stroke->duration_s = 1.25F;
    stroke->peak_kpa = 48;
    take(&message, 2);
}

static const char *event(unsigned i)
{
    const struct watch_event *found = watch_state_event(&watch, i);
    return found ? found->text : "";
}

static void devices_are_known_as_they_come(void **state)
{
    (void)state;
    assert_null(watch_state_selected(&watch));
    send_status("pad", "streaming", "");
    send_metrics("pad", 45, 1);
    send_status("glove", "absent", "no device at serial:/dev/ttyACM0");
    assert_int_equal(watch.n_devices, 2);
    assert_string_equal(watch_state_selected(&watch)->name, "pad");
    assert_true(watch.devices[0].force.end == 30 && watch.devices[0].peak.end == 80);
    assert_int_equal(watch.n_events, 1); /* a device that streams is no news */
    assert_string_equal(event(0), "device   absent: no device at serial:/dev/ttyACM0");
    for (unsigned i = 0; i < 2 * WATCH_DEVICES_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "d%u", i);
        send_metrics(name, 45, 1);
    }
    assert_int_equal(watch.n_devices, WATCH_DEVICES_MAX); /* the rest is passed over */
}

static void going_and_coming_back_is_said(void **state)
{
    (void)state;
    send_status("pad", "streaming", "");
    send_status("pad", "absent", "unplugged");
    send_status("pad", "absent", "unplugged"); /* each second: said once */
    send_status("pad", "streaming", "");
    assert_int_equal(watch.n_events, 2);
    assert_string_equal(event(1), "device   absent: unplugged");
    assert_int_equal(watch_state_event(&watch, 1)->mood, WATCH_BAD);
    assert_string_equal(event(0), "device   is back");
    assert_null(watch_state_event(&watch, 2));
}

static void silence_is_measured(void **state)
{
    (void)state;
    send_status("pad", "streaming", "");
    assert_true(isnan(watch_device_silence_s(&watch.devices[0], 10)));
    send_metrics("pad", 45, 10);
    assert_true(watch_device_silence_s(&watch.devices[0], 10.4) == 0);
    assert_true(watch_device_silence_s(&watch.devices[0], 12.25) == 2.25);
}

static void strokes_of_one_kind_share_a_line(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++)
        send_stroke("pad", "tapotement");
    assert_int_equal(watch.n_events, 1);
    assert_string_equal(event(0), "stroke   tapotement x40, 1.25 s, peak 48 kPa");
    send_stroke("pad", "friction");
    send_stroke("glove", "friction");
    assert_int_equal(watch.n_events, 3);
    assert_string_equal(event(0), "stroke   friction, 1.25 s, peak 48 kPa");
    send_stroke("pad", "friction"); /* two devices at once: each has its line */
    assert_int_equal(watch.n_events, 3);
    assert_string_equal(event(0), "stroke   friction x2, 1.25 s, peak 48 kPa");
    assert_string_equal(event(1), "stroke   friction, 1.25 s, peak 48 kPa");
    assert_int_equal(watch_state_event(&watch, 1)->device, 1);
    assert_string_equal(event(2), "stroke   tapotement x40, 1.25 s, peak 48 kPa");
}

static void the_log_keeps_the_newest(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3 * WATCH_EVENTS_MAX; i++)
        watch_state_log(&watch, i, 0, WATCH_PLAIN, "line %u", i);
    assert_string_equal(event(0), "line 383");
    assert_string_equal(event(WATCH_EVENTS_MAX - 1), "line 256");
    assert_null(watch_state_event(&watch, WATCH_EVENTS_MAX));
}

static void what_was_missed_is_logged(void **state)
{
    (void)state;
    struct thenar_feed_message message = message_of(THENAR_TOPIC_GAP, "pad");
    message.n_missed = 3;
    message.name = "gap.s1.pad";
    message.payload.gap.frames_lost = 5;
    (void)snprintf(message.payload.gap.side, sizeof message.payload.gap.side, "link");
    (void)snprintf(message.payload.gap.reason, sizeof message.payload.gap.reason, "cable");
    take(&message, 1);
    assert_string_equal(event(1), "missed   3 messages of gap.s1.pad");
    assert_string_equal(event(0), "gap      5 frames lost (link): cable");
}

static void the_newest_frame_is_kept(void **state)
{
    (void)state;
    struct thenar_feed_message message = message_of(THENAR_TOPIC_FRAME, "pad");
    const float small[] = {1, 2}, large[] = {1, NAN, 170, 4, 5, 6};
    message.payload.frame.n_rows = 1;
    message.payload.frame.n_cols = 2;
    message.matrix = small;
    message.n_matrix = 2;
    take(&message, 1);
    assert_true(watch.devices[0].map.end == 10);
    message.payload.frame.n_rows = 3;
    message.matrix = large;
    message.n_matrix = 6;
    take(&message, 2);
    assert_int_equal(watch.devices[0].frame.n_rows, 3);
    assert_true(watch.devices[0].matrix[5] == 6 && watch.devices[0].map.end == 200);
}

static void the_beat_follows_the_pace(void **state)
{
    (void)state;
    send_metrics("pad", 60, 1);
    watch_state_tick(&watch, 100);
    for (int i = 1; i <= 10; i++) /* a quarter of a beat in a quarter of a second, by 25 ms */
        watch_state_tick(&watch, 100 + 0.025 * i);
    assert_true(fabs(watch.devices[0].beat - 0.25) < 1e-6);
    send_stroke("pad", "petrissage");
    assert_true(watch.devices[0].beat == 0);
    watch_state_tick(&watch, 102); /* 1.75 beats on */
    assert_true(fabs(watch.devices[0].beat - 0.75) < 1e-6);
    send_metrics("pad", NAN, 2);
    watch_state_tick(&watch, 103);
    assert_true(watch.devices[0].beat == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(devices_are_known_as_they_come, start, stop),
        cmocka_unit_test_setup_teardown(going_and_coming_back_is_said, start, stop),
        cmocka_unit_test_setup_teardown(silence_is_measured, start, stop),
        cmocka_unit_test_setup_teardown(strokes_of_one_kind_share_a_line, start, stop),
        cmocka_unit_test_setup_teardown(the_log_keeps_the_newest, start, stop),
        cmocka_unit_test_setup_teardown(what_was_missed_is_logged, start, stop),
        cmocka_unit_test_setup_teardown(the_newest_frame_is_kept, start, stop),
        cmocka_unit_test_setup_teardown(the_beat_follows_the_pace, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
