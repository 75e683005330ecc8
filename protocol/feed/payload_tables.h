/* SPDX-License-Identifier: MIT */
/* payload_tables.h - the field tables of all kinds; for payload.c, others use thenar_payload_record
 */
#ifndef THENAR_PAYLOAD_TABLES_H
#define THENAR_PAYLOAD_TABLES_H

#include "feed/payload.h"

/* [kind]; NULL for reserved kinds */
extern const struct thenar_record *const payload_tables[THENAR_N_TOPIC_KINDS];

#endif
