/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "publish/latency_certificate.h"

/* A percentile is right within 9 % (latency_histogram.h). */
static void assert_us(float found_us, double true_us)
{
    assert_true(fabs((double)found_us / true_us - 1) < 0.09);
}

/* 2000 frames: a scan of 4.4 ms, a link that takes 0.1 ms and every hundredth time 9 ms, a pipeline
 * of 30 us, published 80 us after arrival. */
static void run(struct latency_certificate *certificate, double scan_s)
{
    static struct device_record record;
    latency_certificate_init(certificate);
    for (int i = 0; i < 2000; i++) {
        int64_t link_ns = i % 100 == 99 ? 9000000 : 100000;
        struct moment arrival = {i * INT64_C(5000000),
                                 INT64_C(1790000000) * NS_PER_S + i * INT64_C(5000000)};
        record.kind = DEVICE_FRAME;
        record.has_frame = true;
        record.arrival = arrival;
        record.scan_s = scan_s;
        record.t_device = moment_unix_s(arrival) - 0.0044 - (double)link_ns * 1e-9;
        record.done_ns = arrival.monotonic_ns + 30000;
        struct moment now = {arrival.monotonic_ns + 80000, arrival.unix_ns + 80000};
        latency_certificate_frame(certificate, &record);
        latency_certificate_publish(certificate, &record, now);
    }
}

static void test_each_stage_is_told_by_itself(void **state)
{
    (void)state;
    static struct latency_certificate certificate;
    static struct thenar_feed_status status;
    run(&certificate, 0.0044);
    latency_certificate_tell(&certificate, INT64_C(10) * NS_PER_S, &status);
    assert_us(status.latency_device_p50_us, 4400);
    assert_us(status.latency_device_p999_us, 4400);
    assert_us(status.latency_link_p50_us, 100);
    assert_us(status.latency_link_p99_us, 100);
    assert_us(status.latency_link_p999_us, 9000);
    assert_us(status.latency_pipeline_p99_us, 30);
    assert_us(status.latency_publish_p999_us, 80);
    assert_us(status.latency_total_p50_us, 4580);
    assert_us(status.latency_total_p999_us, 13480);
    latency_certificate_tell(&certificate, INT64_C(200) * NS_PER_S, &status);
    assert_true(isnan(status.latency_link_p50_us)); /* more than a minute ago */
    assert_true(isnan(status.latency_total_p999_us));
}

static void test_a_recording_has_no_device_and_no_link(void **state)
{
    (void)state;
    static struct latency_certificate certificate;
    static struct thenar_feed_status status;
    run(&certificate, (double)NAN);
    latency_certificate_tell(&certificate, INT64_C(10) * NS_PER_S, &status);
    assert_true(isnan(status.latency_device_p50_us));
    assert_true(isnan(status.latency_link_p50_us));
    assert_true(isnan(status.latency_total_p50_us));
    assert_us(status.latency_pipeline_p50_us, 30);
    assert_us(status.latency_publish_p50_us, 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_stage_is_told_by_itself),
        cmocka_unit_test(test_a_recording_has_no_device_and_no_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
