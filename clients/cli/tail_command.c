/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "cli_options.h"
#include "cli_command.h"
#include "message_line.h"
#include "stop_signal.h"

enum { SILENCE_MS = 3000 }; /* status comes each second: longer silence means nobody is there */

/* Without topics: all but matrices and motion, which are no reading matter. */
static const char *const default_topics[] = {"metrics", "contact", "stroke",  "episode",
                                             "cue",     "status",  "session", "gap"};

struct tail {
    struct thenar_feed *feed;
    const char *address;
    bool json;
    unsigned n_wanted; /* 0: until told to stop */
};

static void print_missed(const struct thenar_feed_message *message)
{
    (void)fprintf(stderr, "thenar tail: missed %" PRIu64 " message%s of %s\n", message->n_missed,
                  message->n_missed == 1 ? "" : "s", message->name);
}

static int run(struct tail *tail)
{
    struct thenar_feed_message message;
    struct thenar_error error;
    unsigned n_printed = 0;
    bool told = false;
    while (!stop_signal_came()) {
        enum thenar_status status = thenar_feed_next(tail->feed, SILENCE_MS, &message, &error);
        if (status < THENAR_OK) {
            (void)fprintf(stderr, "thenar tail: %s\n", error.text);
            return EXIT_FAILED;
        }
        if (status == THENAR_PENDING) {
            if (!told && n_printed == 0 && !stop_signal_came())
                (void)fprintf(stderr,
                              "thenar tail: nothing from %s for %d s; is the daemon running "
                              "('thenar list')? Waiting.\n",
                              tail->address, SILENCE_MS / 1000);
            told = true;
            continue;
        }
        if (message.n_missed)
            print_missed(&message);
        if (tail->json)
            message_line_print_json(stdout, &message);
        else
            message_line_print(stdout, &message);
        if (fflush(stdout) != 0)
            return EXIT_DONE; /* the reader has seen enough: head, less */
        if (tail->n_wanted && ++n_printed == tail->n_wanted)
            break;
        n_printed += tail->n_wanted == 0 && n_printed == 0;
    }
    return EXIT_DONE;
}

static void print_counts(const struct thenar_feed *feed)
{
    struct thenar_feed_counts counts = thenar_feed_counts(feed);
    if (counts.n_missed || counts.n_bad)
        (void)fprintf(stderr,
                      "thenar tail: of %" PRIu64 " messages, %" PRIu64 " were missed and %" PRIu64
                      " were not as FEED.md says\n",
                      counts.n_messages + counts.n_missed + counts.n_bad, counts.n_missed,
                      counts.n_bad);
}

int tail_command(int argc, char **argv)
{
    struct tail tail = {0};
    const struct option_row rows[] = {
        {"json", OPTION_FLAG, &tail.json, NULL, "one JSON object a line, with its topic", 0, 0},
        {"count", OPTION_COUNT, &tail.n_wanted, "N", "end after N messages", 1, 4e9},
    };
    const struct option_table table = {
        "tail",
        "[TOPIC...]",
        "What the feed says, one message a line. A topic is KIND, KIND.STATION or\n"
        "KIND.STATION.DEVICE; without topics, everything but the frames' matrices.\n"
        "Kinds: metrics contact stroke episode cue frame status session gap motion.",
        rows,
        2,
        OPTION_FEED};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    const char *const *topics = (const char *const *)options.operands;
    size_t n_topics = options.n_operands;
    if (n_topics == 0) {
        topics = default_topics;
        n_topics = sizeof default_topics / sizeof *default_topics;
    }
    struct thenar_error error;
    tail.address = options.feed;
    if (thenar_feed_open(&tail.feed, options.feed, topics, n_topics, &error) != THENAR_OK)
        return options_fail(&table, "%s", error.text);
    stop_signal_start();
    code = run(&tail);
    print_counts(tail.feed);
    thenar_feed_close(tail.feed);
    return code;
}
