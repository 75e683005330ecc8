/* SPDX-License-Identifier: GPL-3.0-or-later */
/* methods_text.h - the paragraph that a paper needs, from what the file itself says */
#ifndef METHODS_TEXT_H
#define METHODS_TEXT_H

#include <stdio.h>

#include "session/session_reader.h"

/** One paragraph, one line, UTF-8. @return THENAR_OK; as session_reader_rows */
THENAR_NODISCARD enum thenar_status methods_text_write(FILE *out, struct session_reader *reader,
                                                       struct thenar_error *error);

#endif
