/* SPDX-License-Identifier: MIT */
/* pressure.c - print the peak pressure of every device, and what was missed
 *
 *     cc pressure.c $(pkg-config --cflags --libs thenar) -o pressure */
#include <inttypes.h>
#include <stdio.h>

#include "thenar.h"

int main(int argc, char **argv)
{
    struct thenar_feed *feed;
    struct thenar_feed_message message;
    struct thenar_error error;
    const char *const topics[] = {"metrics"};
    if (thenar_feed_open(&feed, argc > 1 ? argv[1] : NULL, topics, 1, &error) != THENAR_OK) {
        (void)fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    while (thenar_feed_next(feed, 2000, &message, &error) == THENAR_OK) {
        const struct thenar_feed_metrics *metrics = &message.payload.metrics;
        if (message.n_missed)
            printf("missed %" PRIu64 "\n", message.n_missed);
        if (metrics->uncalibrated)
            printf("%s %.3f of full scale\n", message.topic.device, (double)metrics->peak_rel);
        else
            printf("%s %.1f kPa\n", message.topic.device, (double)metrics->peak_kpa);
    }
    thenar_feed_close(feed); /* two seconds of silence, or a failure */
    return 0;
}
