/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>
#include <zmq.h>

#include "feed_sample.h"
#include "thenar.h"

/* A publisher in the same process. XPUB tells when a subscription has arrived, so nothing waits. */
struct publisher {
    void *context, *socket;
};

static int start(void **state)
{
    static struct publisher publisher;
    publisher.context = zmq_ctx_new();
    publisher.socket = zmq_socket(publisher.context, ZMQ_XPUB);
    *state = &publisher;
    return zmq_bind(publisher.socket, "inproc://feed");
}

static int stop(void **state)
{
    struct publisher *publisher = *state;
    (void)zmq_close(publisher->socket);
    return zmq_ctx_term(publisher->context);
}

static struct thenar_feed *subscribe(struct publisher *publisher, const char *const *topics,
                                     size_t n_topics)
{
    struct thenar_feed *feed;
    struct thenar_error error = {0};
    assert_int_equal(
        thenar_feed_open_in(&feed, publisher->context, "inproc://feed", topics, n_topics, &error),
        THENAR_OK);
    for (size_t i = 0; i < (n_topics ? n_topics : 1); i++) {
        char what[128];
        assert_true(zmq_recv(publisher->socket, what, sizeof what, 0) >= 1);
        assert_int_equal(what[0], 1);
    }
    return feed;
}

static void send_part(struct publisher *publisher, const void *bytes, size_t n_bytes, int more)
{
    assert_int_equal(zmq_send(publisher->socket, bytes, n_bytes, more ? ZMQ_SNDMORE : 0),
                     (int)n_bytes);
}

static void send_text(struct publisher *publisher, const char *topic, const char *json,
                      const char *time)
{
    send_part(publisher, topic, strlen(topic), 1);
    send_part(publisher, json, strlen(json), 1);
    send_part(publisher, time, strlen(time), 0);
}

/* A message of a kind with its `seq`; frames of 2 x 3 with their matrix, of n_octets. */
static void send_sample(struct publisher *publisher, const char *topic, uint64_t seq,
                        size_t n_octets)
{
    struct thenar_topic parsed;
    union thenar_payload payload;
    char text[THENAR_PAYLOAD_BYTES];
    size_t n_text;
    assert_int_equal(thenar_topic_decode(topic, strlen(topic), &parsed), THENAR_OK);
    sample_fill(thenar_payload_record(parsed.kind), &payload, false, true);
    payload.stamp.seq = seq;
    if (parsed.kind == THENAR_TOPIC_FRAME) {
        payload.frame.n_rows = 2;
        payload.frame.n_cols = 3;
    }
    assert_int_equal(thenar_payload_encode(parsed.kind, &payload, text, sizeof text, &n_text),
                     THENAR_OK);
    if (parsed.kind != THENAR_TOPIC_FRAME) {
        send_text(publisher, topic, text, "1790000000.25");
        return;
    }
    /* 0, 1.5, NaN, -2, 100, 0.1 in little-endian float32 */
    static const uint8_t matrix[] = {0, 0, 0, 0,    0, 0, 0xC0, 0x3F, 0,    0,    0xC0, 0x7F,
                                     0, 0, 0, 0xC0, 0, 0, 0xC8, 0x42, 0xCD, 0xCC, 0xCC, 0x3D};
    send_part(publisher, topic, strlen(topic), 1);
    send_part(publisher, text, n_text, 1);
    send_part(publisher, "1790000000.25", 13, 1);
    send_part(publisher, matrix, n_octets, 0);
}

static enum thenar_status next(struct thenar_feed *feed, struct thenar_feed_message *message)
{
    struct thenar_error error = {0};
    return thenar_feed_next(feed, 0, message, &error);
}

static void only_whole_names_arrive(void **state)
{
    struct publisher *publisher = *state;
    const char *const topics[] = {"metrics.s1", "stroke.s1.pad."};
    struct thenar_feed *feed = subscribe(publisher, topics, 2);
    struct thenar_feed_message message;
    send_sample(publisher, "metrics.s12.pad", 0, 0);
    send_sample(publisher, "metrics.s1.pad", 0, 0);
    send_sample(publisher, "stroke.s1.pad2", 0, 0);
    send_sample(publisher, "stroke.s1.glove", 0, 0);
    send_sample(publisher, "stroke.s1.pad", 0, 0);
    assert_int_equal(next(feed, &message), THENAR_OK);
    assert_string_equal(message.name, "metrics.s1.pad");
    assert_string_equal(message.topic.station, "s1");
    assert_true(message.time_s == 1790000000.25);
    assert_true(message.payload.metrics.stamp.seq == 0 && message.matrix == NULL);
    assert_int_equal(strlen(message.json), message.n_json);
    assert_int_equal(next(feed, &message), THENAR_OK);
    assert_string_equal(message.name, "stroke.s1.pad");
    assert_int_equal(next(feed, &message), THENAR_PENDING);
    assert_int_equal(thenar_feed_counts(feed).n_messages, 2);
    assert_int_equal(thenar_feed_counts(feed).n_bad, 0);
    thenar_feed_close(feed);
}

static void what_was_missed_is_told(void **state)
{
    struct publisher *publisher = *state;
    struct thenar_feed *feed = subscribe(publisher, NULL, 0);
    struct thenar_feed_message message;
    const uint64_t sent[] = {4, 5, 8, 9, 20, 0, 1};
    const uint64_t missed[] = {0, 0, 2, 0, 10, 0, 0};
    for (size_t i = 0; i < 7; i++) {
        send_sample(publisher, "metrics.s1.pad", sent[i], 0);
        send_sample(publisher, "metrics.s1.glove", i, 0);
    }
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(next(feed, &message), THENAR_OK);
        assert_int_equal(message.n_missed, missed[i]);
        assert_int_equal(next(feed, &message), THENAR_OK);
        assert_int_equal(message.n_missed, 0);
    }
    struct thenar_feed_counts counts = thenar_feed_counts(feed);
    assert_int_equal(counts.n_messages, 14);
    assert_int_equal(counts.n_missed, 12);
    assert_int_equal(counts.n_restarts, 1);
    thenar_feed_close(feed);
}

static void frames_bring_their_matrix(void **state)
{
    struct publisher *publisher = *state;
    struct thenar_feed *feed = subscribe(publisher, NULL, 0);
    struct thenar_feed_message message;
    send_sample(publisher, "frame.s1.pad", 0, 24);
    assert_int_equal(next(feed, &message), THENAR_OK);
    assert_int_equal(message.n_matrix, 6);
    const float expected[] = {0, 1.5F, NAN, -2, 100, 0.1F};
    for (size_t i = 0; i < 6; i++)
        assert_true(message.matrix[i] == expected[i] ||
                    (isnan(expected[i]) && isnan(message.matrix[i])));
    send_sample(publisher, "frame.s1.pad", 1, 23); /* an octet short */
    send_sample(publisher, "frame.s1.pad", 2, 0);
    assert_int_equal(next(feed, &message), THENAR_PENDING);
    assert_int_equal(thenar_feed_counts(feed).n_bad, 2);
    thenar_feed_close(feed);
}

static void what_is_no_message_is_counted(void **state)
{
    struct publisher *publisher = *state;
    struct thenar_feed *feed = subscribe(publisher, NULL, 0);
    struct thenar_feed_message message;
    send_text(publisher, "metrics.s1.pad", "{}", "1.0");
    send_text(publisher, "metrics.s1.pad", "not JSON", "1.0");
    send_text(publisher, "metrics", "{}", "1.0");
    send_text(publisher, "nothing.s1.pad", "{}", "1.0");
    send_text(publisher, "cue.s1.pad", "{}", "now");
    send_part(publisher, "metrics.s1.pad", 14, 0); /* one part */
    send_part(publisher, "", 0, 0);
    send_part(publisher, "session.s1.hand", 15, 1);
    send_part(publisher, "{}", 2, 1);
    send_part(publisher, "2.0", 3, 1);
    for (int i = 0; i < 5; i++) /* parts that a later version may add */
        send_part(publisher, "more", 4, i < 4);
    send_sample(publisher, "session.s1.pad", 0, 0);
    assert_int_equal(next(feed, &message), THENAR_OK);
    assert_int_equal(message.topic.kind, THENAR_TOPIC_SESSION);
    assert_string_equal(message.topic.device, "pad");
    assert_int_equal(next(feed, &message), THENAR_PENDING);
    assert_int_equal(thenar_feed_counts(feed).n_bad, 8);
    thenar_feed_close(feed);
}

static void wrong_words_are_refused(void **state)
{
    (void)state;
    struct thenar_feed *feed;
    struct thenar_error error = {0};
    const char *const kinds[] = {"metric"};
    const char *const parts[] = {"metrics.s1.pad.x"};
    const char *const good[] = {"metrics"};
    assert_int_equal(thenar_feed_open(&feed, NULL, kinds, 1, &error), THENAR_ERR_TYPE);
    assert_null(feed);
    assert_non_null(strstr(error.text, "'metric'"));
    assert_int_equal(thenar_feed_open(&feed, NULL, parts, 1, &error), THENAR_ERR_SYNTAX);
    assert_non_null(strstr(error.text, "kind.station.device"));
    assert_int_equal(thenar_feed_open(&feed, "nonsense", good, 1, &error), THENAR_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "nonsense"));
    thenar_feed_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_whole_names_arrive, start, stop),
        cmocka_unit_test_setup_teardown(what_was_missed_is_told, start, stop),
        cmocka_unit_test_setup_teardown(frames_bring_their_matrix, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_message_is_counted, start, stop),
        cmocka_unit_test(wrong_words_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
