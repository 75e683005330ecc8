/* SPDX-License-Identifier: MIT */
#include "link/utf8.h"

/* Octets that follow a leading octet; the least code point of that length tells overlong forms. */
static size_t n_following(uint8_t lead, uint32_t *least)
{
    if (lead >= 0xF0 && lead <= 0xF4) {
        *least = 0x10000;
        return 3;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *least = 0x800;
        return 2;
    }
    *least = 0x80;
    return 1;
}

static bool is_printable(uint32_t point)
{
    if (point < 0x20 || (point >= 0x7F && point <= 0x9F))
        return false;
    return point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF);
}

bool thenar_utf8_is_printable(const uint8_t *text, size_t n_text)
{
    for (size_t i = 0; i < n_text;) {
        uint8_t lead = text[i++];
        if (lead < 0x80) {
            if (!is_printable(lead))
                return false;
            continue;
        }
        if (lead < 0xC2 || lead > 0xF4)
            return false;
        uint32_t least;
        size_t n_more = n_following(lead, &least);
        if (n_more > n_text - i)
            return false;
        uint32_t point = lead & (0x3Fu >> n_more);
        for (; n_more > 0; n_more--, i++) {
            if ((text[i] & 0xC0) != 0x80)
                return false;
            point = point << 6 | (text[i] & 0x3Fu);
        }
        if (point < least || !is_printable(point))
            return false;
    }
    return true;
}
