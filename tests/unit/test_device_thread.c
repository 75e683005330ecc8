/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device's thread on a recording at full speed: everything comes out, in order, however slow the
 * reader of its ring is. */
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "device/device_record.h"
#include "device/device_thread.h"

enum { N_FRAMES = 4000, HOLE_AT = 600, HOLE_FRAMES = 50, N_TAXELS = 16 };

static char path[] = "/tmp/thenar-device-XXXXXX";
static struct thenar_error error;

/* 100 frames/s of a press that comes and goes, with a hole of half a second. */
static int write_recording(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file)
        return -1;
    fputs("t_s", file);
    for (int k = 0; k < N_TAXELS; k++)
        fprintf(file, ",p%d", k);
    for (int i = 0; i < N_FRAMES; i++) {
        fprintf(file, "\n%.3f", (i + (i >= HOLE_AT ? HOLE_FRAMES : 0)) * 0.01);
        for (int k = 0; k < N_TAXELS; k++)
            fprintf(file, ",%d", k == 5 ? 300 + (int)(200 * sin(i * 0.06)) : 0);
    }
    return fclose(file);
}

static int remove_recording(void **state)
{
    (void)state;
    return remove(path);
}

static struct device_thread *create(struct waker *published, struct waker *answered)
{
    char uri[128];
    struct device_thread *device;
    (void)snprintf(uri, sizeof uri, "csv:%s?rows=4&cols=4&unit=kpa&speed=max", path);
    struct device_thread_options options = {
        .name = "pad", .uri = uri, .gate_kpa = NAN, .published = published, .answered = answered};
    assert_int_equal(device_thread_create(&device, &options, &error), THENAR_OK);
    assert_int_equal(device_thread_start(device, &error), THENAR_OK);
    return device;
}

static void sleep_until_written(struct waker *waker, struct ring *ring)
{
    waker_prepare(waker);
    if (!ring_peek(ring)) {
        struct pollfd fd = {.fd = waker->fd, .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 20000), 1);
    }
    waker_finish_sleep(waker);
}

static void test_a_recording_comes_out_whole(void **state)
{
    (void)state;
    struct waker published, answered;
    assert_int_equal(waker_init(&published), THENAR_OK);
    assert_int_equal(waker_init(&answered), THENAR_OK);
    struct device_thread *device = create(&published, &answered);
    struct ring *ring = device_thread_ring(device);
    unsigned n_frames = 0, n_gaps = 0, n_states = 0, n_episodes = 0;
    uint32_t sequence = 0;
    double before = 0;
    for (bool has_ended = false; !has_ended;) {
        const struct device_record *record = ring_peek(ring);
        if (!record) {
            sleep_until_written(&published, ring);
            continue;
        }
        switch (record->kind) {
        case DEVICE_STATE:
            assert_true(n_frames > 0 || n_states < 3);
            n_states++;
            has_ended = strcmp(record->state.state, "ended") == 0;
            if (has_ended) {
                assert_int_equal(record->state.frames, N_FRAMES);
                assert_int_equal(record->state.lost_host, 0);
                assert_int_equal(record->state.gaps, 1);
                assert_int_equal(record->state.n_rows, 4);
                assert_false(record->state.uncalibrated);
            }
            break;
        case DEVICE_PLAN:
            assert_string_equal(record->plan.state, "none");
            break;
        case DEVICE_CUE:
        case DEVICE_COMFORT:
            fail_msg("nobody coaches here");
            break;
        case DEVICE_GAP:
            n_gaps++;
            assert_int_equal(record->hole.side, LOSS_SOURCE);
            assert_int_equal(record->hole.n_frames, HOLE_FRAMES);
            break;
        case DEVICE_FRAME:
            assert_true(n_states > 0); /* what describes it came before */
            if (n_frames > 0)
                assert_int_equal(record->output.sequence,
                                 sequence + 1 + (n_frames == HOLE_AT ? HOLE_FRAMES : 0));
            sequence = record->output.sequence;
            if (n_frames > 0)
                assert_true(record->t_device > before);
            before = record->t_device;
            assert_true(record->done_ns >= record->arrival.monotonic_ns);
            n_frames++;
            n_episodes += record->output.n_episodes;
            break;
        case DEVICE_EVENTS:
            n_episodes += record->output.n_episodes;
            break;
        case DEVICE_MOTION:
            fail_msg("a recording has no motion sensor");
            break;
        }
        ring_release(ring);
    }
    assert_int_equal(n_frames, N_FRAMES);
    assert_int_equal(n_gaps, 1);
    assert_true(n_episodes > 0);
    device_thread_stop(device);
    device_thread_destroy(device);
    waker_finish(&published);
    waker_finish(&answered);
}

static struct device_answer ask(struct device_thread *device, struct waker *answered,
                                struct device_command command)
{
    struct device_answer answer;
    assert_true(device_thread_command(device, &command));
    for (;;) {
        waker_prepare(answered);
        if (device_thread_answer(device, &answer)) {
            waker_finish_sleep(answered);
            return answer;
        }
        struct pollfd fd = {.fd = answered->fd, .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 20000), 1);
        waker_finish_sleep(answered);
    }
}

/* Nobody reads its ring: it waits, yet obeys, and ends when told. */
static void test_commands_are_answered_while_it_waits(void **state)
{
    (void)state;
    struct waker published, answered;
    assert_int_equal(waker_init(&published), THENAR_OK);
    assert_int_equal(waker_init(&answered), THENAR_OK);
    struct device_thread *device = create(&published, &answered);
    struct ring *ring = device_thread_ring(device);
    for (int i = 0; i < 50;) { /* let it get under way, then stand still */
        if (!ring_peek(ring))
            sleep_until_written(&published, ring);
        else
            ring_release(ring), i++;
    }
    struct device_command rate = {.kind = DEVICE_SET_RATE, .ticket = 3, .value = 50};
    struct device_answer answer;
    assert_true(device_thread_command(device, &rate));
    while (!device_thread_answer(device, &answer))
        if (ring_peek(ring))
            ring_release(ring);
    assert_int_equal(answer.ticket, 3);
    assert_int_equal(answer.status, THENAR_ERR_UNSUPPORTED);
    assert_string_equal(answer.text, "the rate of a recording is fixed");
    device_thread_stop(device);
    device_thread_destroy(device);
    waker_finish(&published);
    waker_finish(&answered);
}

static void test_a_tare_needs_frames(void **state)
{
    (void)state;
    struct waker published, answered;
    assert_int_equal(waker_init(&published), THENAR_OK);
    assert_int_equal(waker_init(&answered), THENAR_OK);
    struct device_thread *device = create(&published, &answered);
    struct ring *ring = device_thread_ring(device);
    for (bool has_ended = false; !has_ended;) {
        const struct device_record *record = ring_peek(ring);
        if (!record) {
            sleep_until_written(&published, ring);
            continue;
        }
        has_ended = record->kind == DEVICE_STATE && strcmp(record->state.state, "ended") == 0;
        ring_release(ring);
    }
    struct device_answer answer =
        ask(device, &answered,
            (struct device_command){.kind = DEVICE_TARE, .ticket = 9, .value = 1, .loaded = true});
    assert_int_equal(answer.ticket, 9);
    assert_int_equal(answer.status, THENAR_ERR_ABSENT);
    device_thread_stop(device);
    device_thread_destroy(device);
    waker_finish(&published);
    waker_finish(&answered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_recording_comes_out_whole),
        cmocka_unit_test(test_commands_are_answered_while_it_waits),
        cmocka_unit_test(test_a_tare_needs_frames),
    };
    return cmocka_run_group_tests(tests, write_recording, remove_recording);
}
