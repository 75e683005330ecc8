/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "session_query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static void check_name(const char *name)
{
    if (name[0] && (!session_query_is_name(name) || strchr(name, '/') || name[0] == '.'))
        abort();
}

/* Cut the next line off. @return NULL: there is none */
static const char *next_line(char **rest)
{
    char *line = *rest, *end = line ? strchr(line, '\n') : NULL;
    *rest = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return line;
}

/* Lines: the path, then one name=value each. Whatever comes is read, or refused with a sentence;
 * what is read leads nowhere out of a folder, and its numbers are in range. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct session_query query;
    struct thenar_error error = {0};
    char *text = malloc(n_bytes + 1), *rest = text;
    if (!text)
        return 0;
    memcpy(text, data, n_bytes);
    text[n_bytes] = '\0';
    const char *line = next_line(&rest);
    enum thenar_status status = session_query_take_path(&query, line, &error);
    while (status == THENAR_OK && (line = next_line(&rest)))
        status = session_query_take(&query, line, &error);
    if (status == THENAR_OK)
        status = session_query_check(&query, &error);
    if (status != THENAR_OK && error.text[0] == '\0')
        abort();
    check_name(query.id);
    check_name(query.device);
    check_name(query.reference);
    check_name(query.participant);
    if (query.n > SESSION_QUERY_SPANS_MAX || query.n_cells > SESSION_QUERY_CELLS_MAX ||
        isinf(query.at_s) || isinf(query.from_s) || isinf(query.to_s))
        abort();
    free(text);
    return 0;
}
