/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.h - what the daemon says on stderr: one line a message, fit for a terminal and for journald
 *
 * Under systemd each line starts with the priority that journald understands ("<4>") and the
 * journal keeps the time; elsewhere it starts with the time of day and the level's name.
 * Never called a frame. */
#ifndef LOG_H
#define LOG_H

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG,
    N_LOG_LEVELS
};

/** Names in the order of the enum: "error", "warning", "info", "debug". */
extern const char *const log_level_names[N_LOG_LEVELS];

/** Say what is at least this important; finds out whether systemd listens. At start, one thread. */
void log_init(enum log_level level);

/**
 * @param who     device or part that speaks: "table32", "feed"; NULL for the daemon itself
 * @param format  printf format of one sentence, without newline
 * Context: any thread; one write(2) a line, so that lines do not mix
 */
__attribute__((format(printf, 3, 4))) void log_say(enum log_level level, const char *who,
                                                   const char *format, ...);

#endif
