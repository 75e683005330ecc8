/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf_file.h - read thenard.conf(5) into a config */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include "conf.h"

/**
 * Read a file on top of what `config` holds.
 * @return THENAR_OK; THENAR_ERR_ABSENT, THENAR_ERR_DENIED, THENAR_ERR_OS the file;
 *         THENAR_ERR_SYNTAX, THENAR_ERR_VALUE with "FILE:LINE: ..." in the text
 */
THENAR_NODISCARD enum thenar_status conf_file_read(struct conf *config, const char *path,
                                                   struct thenar_error *error);

/** The same from memory; `name` stands for the file's in messages. */
THENAR_NODISCARD enum thenar_status conf_file_parse(struct conf *config, const char *text,
                                                    const char *name, struct thenar_error *error);

#endif
