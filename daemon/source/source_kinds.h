/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source_kinds.h - the kinds of source, one a file; source.c lists them */
#ifndef SOURCE_KINDS_H
#define SOURCE_KINDS_H

#include "source.h"

extern const struct source_kind source_virtual; /* virtual.c */
extern const struct source_kind source_serial;  /* serial.c */
extern const struct source_kind source_usb;     /* usb.c */
extern const struct source_kind source_auto;    /* auto.c */
extern const struct source_kind source_csv;     /* csv.c */
extern const struct source_kind source_session; /* session.c */

#endif
