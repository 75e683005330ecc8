/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_letters.h - letters of 3 x 5 points, so that a name can be read across the room */
#ifndef WATCH_LETTERS_H
#define WATCH_LETTERS_H

#include <stdbool.h>

enum { LETTER_WIDTH = 3, LETTER_HEIGHT = 5, LETTER_STEP = 4 };

/** True where the point of a letter (a..z; anything else is blank) is lit. x 0..2, y 0..4. */
bool watch_letter_point(char letter, int x, int y);

#endif
