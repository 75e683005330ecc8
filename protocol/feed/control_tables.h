/* SPDX-License-Identifier: MIT */
/* control_tables.h - the fields of each command's request and reply; for control.c */
#ifndef THENAR_CONTROL_TABLES_H
#define THENAR_CONTROL_TABLES_H

#include "feed/control.h"

struct control_row {
    const char *name;
    const struct thenar_record *request;
    const struct thenar_record *reply;
};

/* [command] */
extern const struct control_row control_table[THENAR_N_CONTROL_COMMANDS];

extern const struct thenar_record control_head_record;   /* id and command of any request */
extern const struct thenar_record control_any_reply;     /* every field that a reply may hold */
extern const struct thenar_record control_error_record;  /* id, ok, error */
extern const struct thenar_record control_daemon_record; /* thenar_control_daemon */
extern const struct thenar_record control_found_record;  /* thenar_control_found */

#endif
