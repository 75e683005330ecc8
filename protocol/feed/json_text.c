/* SPDX-License-Identifier: MIT */
#include "feed/json_text.h"

void json_text_init(struct json_text *out, char *text, size_t n_space)
{
    out->begin = out->at = text;
    out->end = n_space ? text + n_space - 1 : text;
    out->overflow = n_space == 0;
}

/* Digits of `integer`, ending at `end`; returns where they begin. */
static char *digits(char *end, uint64_t integer)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    while (integer >= 100) {
        end -= 2;
        memcpy(end, pairs + 2 * (integer % 100), 2);
        integer /= 100;
    }
    if (integer >= 10) {
        end -= 2;
        memcpy(end, pairs + 2 * integer, 2);
    } else {
        *--end = (char)('0' + integer);
    }
    return end;
}

void json_text_put_integer(struct json_text *out, uint64_t integer)
{
    char buffer[24];
    char *end = buffer + sizeof buffer;
    char *begin = digits(end, integer);
    json_text_put(out, begin, (size_t)(end - begin));
}

bool json_text_is_number(double number)
{
    return number > -1e12 && number < 1e12; /* false for NaN too */
}

void json_text_put_number(struct json_text *out, double number, unsigned n_decimals)
{
    static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    if (n_decimals < 1 || n_decimals > 6)
        n_decimals = 6;
    bool negative = number < 0;
    double size = negative ? -number : number;
    uint32_t power = powers[n_decimals];
    uint64_t whole = (uint64_t)size; /* the rest is exact: nothing is lost above 2^53 / power */
    uint64_t part = (uint64_t)((size - (double)whole) * power + 0.5);
    if (part >= power) {
        part = 0;
        whole++;
    }

    char buffer[40];
    char *end = buffer + sizeof buffer;
    char *begin = digits(end, part);
    while (end - begin < (ptrdiff_t)n_decimals)
        *--begin = '0';
    while (end - begin > 1 && end[-1] == '0')
        end--;
    *--begin = '.';
    begin = digits(begin, whole);
    if (negative && (whole > 0 || part > 0))
        *--begin = '-';
    json_text_put(out, begin, (size_t)(end - begin));
}

/* Length of the UTF-8 sequence at `bytes`, 0 if it is none (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
static size_t utf8_length(const unsigned char *bytes, size_t n_bytes)
{
    unsigned char lead = bytes[0];
    if (lead < 0x80)
        return 1;
    size_t n = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || n > n_bytes)
        return 0;
    unsigned char low = 0x80, high = 0xBF;
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

static void put_escape(struct json_text *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char code[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    if (c == '"' || c == '\\') {
        code[1] = (char)c;
        json_text_put(out, code, 2);
    } else if (c == '\n') {
        json_text_put(out, "\\n", 2);
    } else if (c == '\t') {
        json_text_put(out, "\\t", 2);
    } else {
        json_text_put(out, code, sizeof code);
    }
}

void json_text_put_string(struct json_text *out, const char *bytes, size_t n_bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    json_text_put(out, "\"", 1);
    while (n_bytes > 0) {
        size_t n_plain = 0;
        while (n_plain < n_bytes && at[n_plain] >= 0x20 && at[n_plain] < 0x80 &&
               at[n_plain] != '"' && at[n_plain] != '\\')
            n_plain++;
        if (n_plain == 0 && at[0] < 0x80) {
            put_escape(out, at[0]);
            n_plain = 1;
        } else if (n_plain == 0) {
            n_plain = utf8_length(at, n_bytes);
            json_text_put(out, n_plain ? (const char *)at : "\xEF\xBF\xBD", n_plain ? n_plain : 3);
            if (n_plain == 0)
                n_plain = 1;
        } else {
            json_text_put(out, (const char *)at, n_plain);
        }
        at += n_plain;
        n_bytes -= n_plain;
    }
    json_text_put(out, "\"", 1);
}

void json_text_close(struct json_text *out, char bracket)
{
    if (out->at > out->begin && out->at[-1] == ',' && !out->overflow)
        out->at--;
    json_text_put(out, &bracket, 1);
}

enum thenar_status json_text_finish(struct json_text *out, size_t *n_text)
{
    *n_text = 0;
    if (out->overflow)
        return THENAR_ERR_SPACE;
    *out->at = '\0';
    *n_text = (size_t)(out->at - out->begin);
    return THENAR_OK;
}
