/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "source/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any text is taken apart or refused with a sentence; what was taken apart lies inside the uri. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static const char *const names[] = {"rows", "cols", "fault"};
    char text[2 * URI_TEXT_BYTES];
    struct uri uri;
    struct thenar_error error = {0};
    if (n_bytes >= sizeof text)
        return 0;
    memcpy(text, data, n_bytes);
    text[n_bytes] = '\0';
    if (uri_parse(&uri, text, &error) != THENAR_OK) {
        if (error.text[0] == '\0')
            __builtin_trap();
        return 0;
    }
    for (size_t i = 0; i < uri.n_params; i++) {
        const char *end = uri.params[i].value + strlen(uri.params[i].value);
        if (uri.params[i].name < uri.text || end >= uri.text + sizeof uri.text)
            __builtin_trap();
    }
    double number = 1;
    long whole = 1;
    size_t index = 0;
    enum thenar_status ignored = uri_allow(&uri, names, 3, "fault", &error);
    ignored = uri_number(&uri, "rows", 0, 10, &number, &error);
    ignored = uri_integer(&uri, "cols", 0, 10, &whole, &error);
    ignored = uri_choice(&uri, "fault", names, 3, &index, &error);
    (void)ignored;
    if (!(number >= 0 && number <= 10) || whole < 0 || whole > 10 || index > 2)
        __builtin_trap();
    return 0;
}
