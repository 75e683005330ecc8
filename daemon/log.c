/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 1024 };

const char *const log_level_names[N_LOG_LEVELS] = {"error", "warning", "info", "debug"};

/* Written once before any thread starts. */
static enum log_level threshold = LOG_LEVEL_INFO;
static bool has_journal;

void log_init(enum log_level level)
{
    threshold = level;
    has_journal = getenv("JOURNAL_STREAM") || getenv("INVOCATION_ID");
}

static int write_prefix(char *line, size_t n_space, enum log_level level, const char *who)
{
    static const int priorities[N_LOG_LEVELS] = {3, 4, 6, 7}; /* sd-daemon(3) */
    const char *name = who ? who : "";
    const char *colon = who ? ": " : "";
    if (has_journal)
        return snprintf(line, n_space, "<%d>%s%s", priorities[level], name, colon);
    time_t now = time(NULL);
    struct tm local;
    char clock[16] = "";
    if (localtime_r(&now, &local))
        (void)strftime(clock, sizeof clock, "%H:%M:%S", &local);
    return snprintf(line, n_space, "%s %s: %s%s", clock, log_level_names[level], name, colon);
}

void log_say(enum log_level level, const char *who, const char *format, ...)
{
    if (level > threshold)
        return;
    char line[LINE_BYTES];
    size_t used = (size_t)write_prefix(line, sizeof line, level, who);
    va_list arguments;
    va_start(arguments, format);
    int n = used < sizeof line ? vsnprintf(line + used, sizeof line - used, format, arguments) : 0;
    va_end(arguments);
    used += n > 0 ? (size_t)n : 0;
    if (used > sizeof line - 2)
        used = sizeof line - 2;
    for (size_t i = 0; i < used; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' '; /* a device's text must not forge a second line */
    line[used++] = '\n';
    (void)!write(STDERR_FILENO, line, used);
}
