/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"

#include <string.h>

#include "nearest.h"
#include "source_kinds.h"

enum { N_KINDS = 6 };

/* Every source there is. A new one is a line here and a file beside this. */
static const struct source_kind *const kinds[N_KINDS] = {
    &source_virtual, &source_auto, &source_usb, &source_serial, &source_csv, &source_session};

const struct source_kind *const *source_kinds(size_t *n_kinds)
{
    *n_kinds = N_KINDS;
    return kinds;
}

const struct source_kind *source_kind_of(const struct uri *uri, struct thenar_error *error)
{
    const char *schemes[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++) {
        if (strcmp(uri->scheme, kinds[i]->scheme) == 0)
            return kinds[i];
        schemes[i] = kinds[i]->scheme;
    }
    char hint[200];
    nearest_hint(hint, sizeof hint, uri->scheme, schemes, N_KINDS);
    (void)thenar_fail(error, THENAR_ERR_SYNTAX, "%s: unknown kind of source '%s'%s", uri->written,
                      uri->scheme, hint);
    return NULL;
}

enum thenar_status source_open(struct source **out, const char *text, struct thenar_error *error)
{
    struct uri uri;
    enum thenar_status status = uri_parse(&uri, text, error);
    if (status != THENAR_OK)
        return status;
    const struct source_kind *kind = source_kind_of(&uri, error);
    return kind ? kind->open(out, &uri, error) : THENAR_ERR_SYNTAX;
}
