/* SPDX-License-Identifier: MIT */
/* record.h - a plain struct to a flat JSON object and back, by one visible table
 *
 * The table names each member's field, type, unit and when it is there; encoding, decoding and the
 * checks all follow it, and a test compares it with FEED.md. Payloads (payload.h) and control
 * messages (control.h) are records.
 *
 * Absent is absent: a number that is NaN (or beyond +-1e12) is not written, nor a text that is
 * empty, unless the field is always there; what was not read is NaN, 0, false or "". */
#ifndef THENAR_RECORD_H
#define THENAR_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum thenar_field_type {
    THENAR_FIELD_BOOL,   /* bool                 true, false */
    THENAR_FIELD_U32,    /* uint32_t             integer */
    THENAR_FIELD_U64,    /* uint64_t             integer, below 2^63 */
    THENAR_FIELD_FLOAT,  /* float                number, always with a decimal point */
    THENAR_FIELD_DOUBLE, /* double               the same */
    THENAR_FIELD_TEXT    /* char [n_bytes]       text, UTF-8, closed by a zero */
};

enum thenar_field_presence {
    THENAR_ALWAYS,
    THENAR_MAYBE,         /* the description says when it is absent */
    THENAR_IF_CALIBRATED, /* there when `uncalibrated` is false, absent when true */
    THENAR_IF_RELATIVE,   /* the other way round */
    THENAR_IF_SKIN        /* as IF_CALIBRATED, but absent from a mat, which does not see the skin */
};

struct thenar_field {
    const char *name;
    const char *key; /* the name as it is written: "name": */
    uint16_t n_key;
    uint16_t offset;         /* of the member */
    uint16_t n_bytes;        /* of the member */
    uint8_t type;            /* enum thenar_field_type */
    uint8_t presence;        /* enum thenar_field_presence */
    uint8_t n_decimals;      /* of numbers: how many are written at most */
    const char *unit;        /* "" where there is none */
    const char *description; /* as in FEED.md */
};

struct thenar_record {
    const char *name;
    size_t n_struct_bytes;
    const struct thenar_field *common; /* [n_common] shared by several records, at the start */
    size_t n_common;
    const struct thenar_field *own; /* [n_own] */
    size_t n_own;
    int uncalibrated_offset; /* of the bool that decides IF_CALIBRATED / IF_RELATIVE; -1: none */
};

/** Make every field absent: numbers NaN, counts 0, flags false, texts empty. */
void thenar_record_clear(const struct thenar_record *record, void *values);

/**
 * Write a struct as one flat JSON object. The decimal point is a point in every locale; texts are
 * escaped, octets that are not UTF-8 become U+FFFD.
 *
 * @param values  the struct that the record describes
 * @param text    [n_space] out: the object with a closing zero
 * @param n_text  out: octets without the zero; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SPACE; THENAR_ERR_VALUE a field that must be there is absent
 * Context: any thread; allocates nothing; about 20 ns a field
 */
THENAR_NODISCARD enum thenar_status thenar_record_encode(const struct thenar_record *record,
                                                         const void *values, char *text,
                                                         size_t n_space, size_t *n_text);

enum thenar_strictness {
    THENAR_PASS_UNKNOWN,  /* a newer writer may say more than this end knows */
    THENAR_REFUSE_UNKNOWN /* a request with a field that is not known is a mistake */
};

/**
 * Read one flat JSON object.
 *
 * @param text    [n_text] JSON, no closing zero needed
 * @param values  out: every field set, absent ones as thenar_record_clear says; undefined on
 * failure
 * @param error   out: which field, and what is wrong; NULL is allowed
 * @return THENAR_OK; THENAR_ERR_SYNTAX not JSON, or not an object; THENAR_ERR_TYPE a field of
 *         another type; THENAR_ERR_VALUE a field is missing, too long, out of range, not known, or
 *         there when it must not be
 * Context: any thread; allocates (jansson)
 */
THENAR_NODISCARD enum thenar_status thenar_record_decode(const struct thenar_record *record,
                                                         const char *text, size_t n_text,
                                                         enum thenar_strictness strictness,
                                                         void *values, struct thenar_error *error);

/** The i-th field, common ones first; NULL past the end. */
const struct thenar_field *thenar_record_field(const struct thenar_record *record, size_t i);

/** A field by its name; NULL when there is none. */
const struct thenar_field *thenar_record_find(const struct thenar_record *record, const char *name);

#endif
