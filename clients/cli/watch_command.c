/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <curses.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli_options.h"
#include "cli_command.h"
#include "stop_signal.h"
#include "watch_screen.h"
#include "watch_state.h"
#include "watch_view.h"

enum {
    PICTURE_MS = 33, /* 30 pictures a second: a terminal shows no more */
    TARE_TIMEOUT_MS = 500,
    BURST_MAX = 20000 /* messages taken before a picture is drawn all the same */
};

/* Everything but frames, which are taken of the selected device only. */
static const char *const topics[] = {"metrics", "stroke", "episode", "gap",
                                     "status",  "cue",    "plan",    "comfort"};

struct watch {
    const char *feed_address, *control_address;
    struct thenar_feed *feed;
    struct thenar_feed *frames; /* of the selected device; NULL while there is none */
    char frames_topic[THENAR_TOPIC_BYTES];
    struct watch_state state;
    struct watch_screen screen;
    struct watch_view view;
    bool over;
};

static double steady_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double unix_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Subscribe to the frames of the device on view. */
static enum thenar_status follow_selected(struct watch *watch, struct thenar_error *error)
{
    const struct watch_device *device = watch_state_selected(&watch->state);
    char topic[THENAR_TOPIC_BYTES];
    if (!device || thenar_topic_encode(THENAR_TOPIC_FRAME, device->station, device->name, topic,
                                       sizeof topic, NULL) != THENAR_OK)
        return THENAR_OK;
    if (watch->frames && strcmp(topic, watch->frames_topic) == 0)
        return THENAR_OK;
    thenar_feed_close(watch->frames);
    memcpy(watch->frames_topic, topic, sizeof topic);
    const char *const wanted[] = {watch->frames_topic};
    return thenar_feed_open(&watch->frames, watch->feed_address, wanted, 1, error);
}

/* Take all that has come, so that the picture is never older than the newest message. */
static enum thenar_status drain(struct watch *watch, struct thenar_feed *feed, double now_s,
                                struct thenar_error *error)
{
    struct thenar_feed_message message;
    for (int i = 0; feed && i < BURST_MAX; i++) {
        enum thenar_status status = thenar_feed_next(feed, 0, &message, error);
        if (status != THENAR_OK)
            return status == THENAR_PENDING ? THENAR_OK : status;
        if (watch->view.paused && message.topic.kind != THENAR_TOPIC_STATUS)
            continue;
        status = watch_state_take(&watch->state, &message, now_s);
        if (status != THENAR_OK)
            return thenar_fail(error, status, "out of memory");
    }
    return THENAR_OK;
}

static void tare(struct watch *watch)
{
    const struct watch_device *device = watch_state_selected(&watch->state);
    struct thenar_control *control;
    struct thenar_control_request request;
    struct thenar_error error;
    if (!device)
        return;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_TARE;
    memcpy(request.device, device->name, sizeof request.device);
    enum thenar_status status = thenar_control_open(&control, watch->control_address, &error);
    if (status == THENAR_OK)
        status = thenar_control_send(control, &request, TARE_TIMEOUT_MS, NULL, &error);
    thenar_control_close(control);
    if (status == THENAR_OK)
        watch_state_log(&watch->state, unix_s(), watch->state.selected, WATCH_GOOD,
                        "tare     under way: hands off for a second");
    else
        watch_state_log(&watch->state, unix_s(), watch->state.selected, WATCH_BAD, "tare     %s",
                        error.text);
}

static void select_device(struct watch *watch, int step)
{
    struct watch_state *state = &watch->state;
    if (state->n_devices)
        state->selected = (state->selected + state->n_devices + (unsigned)step) % state->n_devices;
}

static void take_key(struct watch *watch, int key)
{
    switch (key) {
    case 'q':
    case 'Q':
        watch->over = true;
        break;
    case 'd':
    case '\t':
        select_device(watch, 1);
        break;
    case 'D':
        select_device(watch, -1);
        break;
    case 't':
        tare(watch);
        break;
    case ' ':
        watch->view.paused = !watch->view.paused;
        break;
    case '?':
    case 'h':
        watch->view.help = !watch->view.help;
        break;
    case KEY_RESIZE:
        (void)clearok(stdscr, TRUE);
        break;
    default:
        watch->view.help = false;
        break;
    }
}

static enum thenar_status run(struct watch *watch, struct thenar_error *error)
{
    double begun_s = steady_s();
    while (!watch->over && !stop_signal_came()) {
        double now_s = steady_s();
        enum thenar_status status = drain(watch, watch->feed, now_s, error);
        if (status == THENAR_OK)
            status = follow_selected(watch, error);
        if (status == THENAR_OK)
            status = drain(watch, watch->frames, now_s, error);
        if (status != THENAR_OK)
            return status;
        if (!watch->view.paused)
            watch_state_tick(&watch->state, now_s);
        watch->view.waiting_s = now_s - begun_s;
        watch_screen_measure(&watch->screen);
        watch_view_draw(&watch->view, &watch->screen, &watch->state, now_s);
        (void)refresh();
        struct pollfd keyboard = {.fd = STDIN_FILENO, .events = POLLIN};
        (void)poll(&keyboard, 1, PICTURE_MS);
        if (keyboard.revents & (POLLHUP | POLLERR | POLLNVAL))
            return THENAR_OK; /* the terminal is gone */
        for (int key; (key = getch()) != ERR;)
            take_key(watch, key);
    }
    return THENAR_OK;
}

int watch_command(int argc, char **argv)
{
    const struct option_table table = {
        "watch",
        "",
        "The live view: pressure map, technique, force, pace, events.\n"
        "Keys: q quit, d device, t tare, space pause, ? help. NO_COLOR is honoured.",
        NULL,
        0,
        OPTION_FEED | OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    struct watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return EXIT_FAILED;
    struct thenar_error error;
    watch_state_init(&watch->state);
    watch->feed_address = watch->view.feed_address = options.feed;
    watch->control_address = options.control;
    code = EXIT_FAILED;
    if (thenar_feed_open(&watch->feed, options.feed, topics, sizeof topics / sizeof *topics,
                         &error) != THENAR_OK) {
        code = options_fail(&table, "%s", error.text);
    } else if (watch_screen_open(&watch->screen, &error) == THENAR_OK) {
        stop_signal_start();
        enum thenar_status status = run(watch, &error);
        watch_screen_close(&watch->screen);
        code = status == THENAR_OK ? EXIT_DONE : EXIT_FAILED;
    }
    if (code == EXIT_FAILED)
        (void)fprintf(stderr, "thenar watch: %s\n", error.text);
    thenar_feed_close(watch->frames);
    thenar_feed_close(watch->feed);
    watch_state_finish(&watch->state);
    free(watch);
    return code;
}
