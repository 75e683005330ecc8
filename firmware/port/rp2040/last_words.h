/* SPDX-License-Identifier: MIT */
/* last_words.h - a hung main loop is told to the host before the watchdog bites
 *
 * An interrupt, less urgent than USB's, looks after the main loop. If that has not come round for
 * 300 ms it stops the scan, remembers the fault and sends FAULT; at 500 ms the watchdog resets the
 * chip. When the hang holds interrupts masked, or holds USB itself, only the memory remains. */
#ifndef LAST_WORDS_H
#define LAST_WORDS_H

void last_words_init(void);

/** The main loop lives. Also just before interrupts are allowed again after long. */
void last_words_postpone(void);

#endif
