/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "feed/record.h"
#include "feed/record_parts.h"

static enum thenar_status wrong_type(const struct thenar_field *field, const char *expected,
                                     struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_TYPE, "field \"%s\" must be %s", field->name, expected);
}

static enum thenar_status read_integer(const struct thenar_field *field, const json_t *value,
                                       char *member, struct thenar_error *error)
{
    if (!json_is_integer(value))
        return wrong_type(field, "an integer", error);
    json_int_t integer = json_integer_value(value);
    bool wide = field->type == THENAR_FIELD_U64;
    if (integer < 0 || (!wide && integer > UINT32_MAX))
        return thenar_fail(error, THENAR_ERR_VALUE, "field \"%s\" is out of range: 0..%s",
                           field->name, wide ? "2^63-1" : "4294967295");
    if (wide)
        memcpy(member, &(uint64_t){(uint64_t)integer}, sizeof(uint64_t));
    else
        memcpy(member, &(uint32_t){(uint32_t)integer}, sizeof(uint32_t));
    return THENAR_OK;
}

static enum thenar_status read_number(const struct thenar_field *field, const json_t *value,
                                      char *member, struct thenar_error *error)
{
    if (!json_is_number(value))
        return wrong_type(field, "a number", error);
    double number = json_number_value(value);
    if (!(fabs(number) < 1e12))
        return thenar_fail(error, THENAR_ERR_VALUE, "field \"%s\" is out of range: +-1e12",
                           field->name);
    if (field->type == THENAR_FIELD_DOUBLE)
        memcpy(member, &number, sizeof number);
    else
        memcpy(member, &(float){(float)number}, sizeof(float));
    return THENAR_OK;
}

static enum thenar_status read_text(const struct thenar_field *field, const json_t *value,
                                    char *member, struct thenar_error *error)
{
    if (!json_is_string(value))
        return wrong_type(field, "a text", error);
    size_t n_bytes = json_string_length(value);
    if (n_bytes >= field->n_bytes)
        return thenar_fail(error, THENAR_ERR_VALUE, "field \"%s\" is longer than %d octets",
                           field->name, field->n_bytes - 1);
    memcpy(member, json_string_value(value), n_bytes);
    member[n_bytes] = '\0';
    return THENAR_OK;
}

static enum thenar_status read_field(const struct thenar_field *field, const json_t *value,
                                     char *member, struct thenar_error *error)
{
    switch ((enum thenar_field_type)field->type) {
    case THENAR_FIELD_BOOL:
        if (!json_is_boolean(value))
            return wrong_type(field, "true or false", error);
        *(bool *)member = json_is_true(value);
        return THENAR_OK;
    case THENAR_FIELD_U32:
    case THENAR_FIELD_U64:
        return read_integer(field, value, member, error);
    case THENAR_FIELD_FLOAT:
    case THENAR_FIELD_DOUBLE:
        return read_number(field, value, member, error);
    case THENAR_FIELD_TEXT:
        return read_text(field, value, member, error);
    }
    return wrong_type(field, "of a known type", error);
}

static enum thenar_status refuse_unknown(const struct thenar_record *record, json_t *object,
                                         struct thenar_error *error)
{
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);
        if (!thenar_record_find(record, key))
            return thenar_fail(error, THENAR_ERR_VALUE, "unknown field \"%.40s\" in %s", key,
                               record->name);
    }
    return THENAR_OK;
}

static enum thenar_status read_object(const struct thenar_record *record, const json_t *object,
                                      char *values, struct thenar_error *error)
{
    bool relative =
        record->uncalibrated_offset >= 0 && json_is_true(json_object_get(object, "uncalibrated"));
    enum thenar_field_presence forbidden = relative ? THENAR_IF_CALIBRATED : THENAR_IF_RELATIVE;
    enum thenar_field_presence wanted = relative ? THENAR_IF_RELATIVE : THENAR_IF_CALIBRATED;
    const struct thenar_field *field;
    for (size_t i = 0; (field = thenar_record_field(record, i)); i++) {
        const json_t *value = json_object_get(object, field->name);
        bool needed = field->presence == THENAR_ALWAYS || field->presence == wanted;
        if (!value && needed)
            return thenar_fail(error, THENAR_ERR_VALUE, "field \"%s\" is missing in %s",
                               field->name, record->name);
        if (!value)
            continue;
        if (field->presence == forbidden || (relative && field->presence == THENAR_IF_SKIN))
            return thenar_fail(error, THENAR_ERR_VALUE, "field \"%s\" does not go with %s",
                               field->name, relative ? "uncalibrated true" : "uncalibrated false");
        enum thenar_status status = read_field(field, value, values + field->offset, error);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}

enum thenar_status thenar_record_read(const struct thenar_record *record, json_t *object,
                                      enum thenar_strictness strictness, void *values,
                                      struct thenar_error *error)
{
    thenar_record_clear(record, values);
    if (!json_is_object(object))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "not a JSON object: it must begin with {");
    if (strictness == THENAR_REFUSE_UNKNOWN) {
        enum thenar_status status = refuse_unknown(record, object, error);
        if (status != THENAR_OK)
            return status;
    }
    return read_object(record, object, values, error);
}

enum thenar_status thenar_json_load(const char *text, size_t n_text, json_t **object,
                                    struct thenar_error *error)
{
    json_error_t fault;
    *object = json_loadb(text, n_text, JSON_REJECT_DUPLICATES, &fault);
    if (!*object)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "not JSON: %s (octet %d)", fault.text,
                           fault.position);
    return THENAR_OK;
}

enum thenar_status thenar_record_decode(const struct thenar_record *record, const char *text,
                                        size_t n_text, enum thenar_strictness strictness,
                                        void *values, struct thenar_error *error)
{
    json_t *object;
    thenar_record_clear(record, values);
    enum thenar_status status = thenar_json_load(text, n_text, &object, error);
    if (status == THENAR_OK)
        status = thenar_record_read(record, object, strictness, values, error);
    json_decref(object);
    return status;
}
