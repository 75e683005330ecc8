/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hello_words.h - what a device said of itself (LINK.md, HELLO) as text, for the files of sessions
 */
#ifndef HELLO_WORDS_H
#define HELLO_WORDS_H

#include "link/message.h"

/**
 * One line a field, "name value" in the units of LINK.md, and at the end its octets.
 * @return for free(); NULL: out of memory
 */
char *hello_words(const struct thenar_hello *hello);

#endif
