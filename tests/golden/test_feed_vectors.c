/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vectors of the feed through the C library: good ones go round octet by octet, bad ones are
 * refused for the reason named. Usage: test_feed_vectors GOOD BAD */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/control.h"
#include "feed/payload.h"

enum { LINE_BYTES = 16384 };

struct vector {
    char topic[LINE_BYTES], time[LINE_BYTES], body[LINE_BYTES], error[LINE_BYTES];
    bool is_request;
};

/* Take the rest of a line that begins with `name`. */
static bool take(const char *line, const char *name, char *rest)
{
    size_t n_name = strlen(name);
    if (strncmp(line, name, n_name) != 0)
        return false;
    line += n_name;
    line += *line == ' ';
    (void)snprintf(rest, LINE_BYTES, "%.*s", (int)strcspn(line, "\n"), line);
    return true;
}

static bool read_vector(const char *path, struct vector *vector)
{
    static char line[LINE_BYTES], ignored[LINE_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    memset(vector, 0, sizeof *vector);
    bool body_next = false;
    while (fgets(line, sizeof line, file)) {
        if (body_next) {
            (void)take(line, "", vector->body);
            body_next = false;
        } else if (take(line, "request:", ignored)) {
            vector->is_request = body_next = true;
        } else if (take(line, "payload:", ignored)) {
            body_next = true;
        } else if (!take(line, "topic:", vector->topic) && !take(line, "time:", vector->time)) {
            (void)take(line, "error:", vector->error);
        }
    }
    (void)fclose(file);
    return vector->body[0] != '\0';
}

static const char *reason_of(enum thenar_status status)
{
    switch ((int)status) {
    case THENAR_OK:
        return "";
    case THENAR_ERR_SYNTAX:
        return "SYNTAX";
    case THENAR_ERR_TYPE:
        return "TYPE";
    case THENAR_ERR_VALUE:
        return "VALUE";
    default:
        return "another";
    }
}

/* Decode; when good, encode again into `again`. */
static enum thenar_status run_request(const struct vector *vector, char *again)
{
    struct thenar_control_request request;
    size_t n_again;
    enum thenar_status status =
        thenar_control_request_decode(vector->body, strlen(vector->body), &request, NULL);
    if (status == THENAR_OK)
        status = thenar_control_request_encode(&request, again, LINE_BYTES, &n_again);
    return status;
}

static enum thenar_status run_message(const struct vector *vector, char *again)
{
    struct thenar_topic topic;
    union thenar_payload payload;
    double time_s;
    size_t n_again;
    enum thenar_status status = thenar_topic_decode(vector->topic, strlen(vector->topic), &topic);
    if (status == THENAR_OK)
        status = thenar_time_decode(vector->time, strlen(vector->time), &time_s);
    if (status == THENAR_OK)
        status =
            thenar_payload_decode(topic.kind, vector->body, strlen(vector->body), &payload, NULL);
    if (status != THENAR_OK)
        return status;
    status = thenar_time_encode(thenar_payload_time(topic.kind, &payload.stamp), again, LINE_BYTES,
                                &n_again);
    if (status != THENAR_OK || strcmp(again, vector->time) != 0)
        return THENAR_ERR_LENGTH; /* part 3 is not the time that FEED.md says */
    return thenar_payload_encode(topic.kind, &payload, again, LINE_BYTES, &n_again);
}

static bool run(const char *path)
{
    static struct vector vector;
    static char again[LINE_BYTES];
    if (!read_vector(path, &vector)) {
        (void)fprintf(stderr, "%s: not a vector\n", path);
        return false;
    }
    enum thenar_status status =
        vector.is_request ? run_request(&vector, again) : run_message(&vector, again);
    if (strcmp(reason_of(status), vector.error) != 0) {
        (void)fprintf(stderr, "%s: '%s' expected, '%s' (%d) found\n", path, vector.error,
                      reason_of(status), (int)status);
        return false;
    }
    /* A request is written with all flags; a request that leaves them out means the same. */
    if (status == THENAR_OK && strcmp(again, vector.body) != 0) {
        (void)fprintf(stderr, "%s: comes back as\n%s\n", path, again);
        return false;
    }
    return true;
}

static int run_folder(const char *folder, bool good)
{
    int n_run = 0, n_failed = 0;
    DIR *directory = opendir(folder);
    if (!directory) {
        perror(folder);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        n_failed += !run(path);
        n_run++;
    }
    (void)closedir(directory);
    printf("%d %s vectors, %d failed\n", n_run, good ? "good" : "bad", n_failed);
    return n_failed > 0 || n_run == 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: test_feed_vectors GOOD BAD\n");
        return EXIT_FAILURE;
    }
    int failed = run_folder(argv[1], true) + run_folder(argv[2], false);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
