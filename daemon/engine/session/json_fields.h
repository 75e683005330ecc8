/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_fields.h - read a JSON object strictly: every member known, of its type, within its range
 *
 *     struct json_fields fields;
 *     json_fields_init(&fields, "pad.json", text, error);
 *     double ohm = json_fields_number(&fields, object, "front_end", "reference_ohm", 1, 1e9);
 *     json_fields_only(&fields, object, "front_end", names, n_names);
 *     return fields.status;
 *
 * The first fault is kept, as "pad.json:14: front_end.reference_ohm: ..."; after it every call is
 * idle and gives 0 or "". Offline helper: allocates within jansson. */
#ifndef JSON_FIELDS_H
#define JSON_FIELDS_H

#include <jansson.h>

#include "error.h"

struct json_fields {
    const char *name; /* of the file; borrowed */
    const char *text; /* terminated, to count lines in; borrowed; NULL: no lines */
    struct thenar_error *error;
    enum thenar_status status;
};

void json_fields_init(struct json_fields *fields, const char *name, const char *text,
                      struct thenar_error *error);

/** Keep this fault, unless there is one. `parent` may be "". */
__attribute__((format(printf, 4, 5))) void json_fields_fail(struct json_fields *fields,
                                                            const char *parent, const char *key,
                                                            const char *format, ...);

/** A finite number within least..most. */
double json_fields_number(struct json_fields *fields, const json_t *object, const char *parent,
                          const char *key, double least, double most);
/** The same; NaN where it is null. */
double json_fields_number_or_null(struct json_fields *fields, const json_t *object,
                                  const char *parent, const char *key, double least, double most);

/** A text that fits into [n_space], copied; "" on a fault. */
void json_fields_text(struct json_fields *fields, const json_t *object, const char *parent,
                      const char *key, char *out, size_t n_space);

/** An object, or an array of `n_least` to `n_most` entries; NULL on a fault. */
const json_t *json_fields_object(struct json_fields *fields, const json_t *object,
                                 const char *parent, const char *key);
const json_t *json_fields_array(struct json_fields *fields, const json_t *object,
                                const char *parent, const char *key, size_t n_least, size_t n_most);

/** Nothing but these members. */
void json_fields_only(struct json_fields *fields, const json_t *object, const char *parent,
                      const char *const *names, size_t n_names);

#endif
