/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permission.h - what a role may see and do through the gateway */
#ifndef PERMISSION_H
#define PERMISSION_H

#include "accounts.h"
#include "feed/control.h"

/* Who is at the other end of a connection. */
struct permission {
    bool is_local;  /* no accounts are kept: whoever sits at this machine */
    bool is_joined; /* a tablet that came by a table's code */
    char name[ACCOUNT_NAME_BYTES];
    enum account_role role;
    char station[THENAR_TOPIC_NAME_BYTES]; /* "": all */
};

/** The permission of this machine's own user, when no accounts are kept. */
struct permission permission_local(void);

struct permission permission_of(const struct account *account);

/** Of a tablet that joined a table by its code: a student there. */
struct permission permission_joined(const char *station);

/** Whether the class is theirs to lead: the instructor, and this machine's own user. */
bool permission_teaches(const struct permission *permission);

/** Whether that station may be looked at. "" is all of them. */
bool permission_sees(const struct permission *permission, const char *station);

/**
 * Whether a command may be sent to a station's daemon. Nobody ends a daemon from a page, and
 * nobody names a file of the daemon's machine.
 * @param error  out: the sentence for the page
 * @return THENAR_OK; THENAR_ERR_DENIED
 */
THENAR_NODISCARD enum thenar_status permission_check(const struct permission *permission,
                                                     const char *station,
                                                     const struct thenar_control_request *request,
                                                     struct thenar_error *error);

#endif
