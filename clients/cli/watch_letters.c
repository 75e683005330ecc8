/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_letters.h"

#include <stdint.h>

/* One octal digit a row from the top, one bit a point: a is .#. #.# ### #.# #.# */
static const uint16_t letters[26] = {
    /* clang-format off */
    025755, 065656, 034443, 065556, 074647, 074644, /* a b c d e f */
    034553, 055755, 072227, 011152, 055655, 044447, /* g h i j k l */
    057755, 065555, 025552, 065644, 025531, 065655, /* m n o p q r */
    034216, 072222, 055557, 055552, 055775, 055255, /* s t u v w x */
    055222, 071247, /* y z */
    /* clang-format on */
};

bool watch_letter_point(char letter, int x, int y)
{
    if (letter < 'a' || letter > 'z' || x < 0 || x >= LETTER_WIDTH || y < 0 || y >= LETTER_HEIGHT)
        return false;
    int bit = (LETTER_HEIGHT - 1 - y) * 3 + (LETTER_WIDTH - 1 - x);
    return letters[letter - 'a'] >> bit & 1;
}
