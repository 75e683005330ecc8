/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.h - the command line of thenard(1) */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "conf.h"

enum options_wish {
    OPTIONS_RUN,
    OPTIONS_SHOW_CONFIG,
    OPTIONS_DONE /* help or version was printed */
};

/**
 * Read the command line, and the configuration file that it names or the usual one, into `config`,
 * which was initialised.
 * @param wish  out
 * @return THENAR_OK; a negative status with the sentence for stderr
 */
THENAR_NODISCARD enum thenar_status options_read(int argc, char **argv, struct conf *config,
                                                 enum options_wish *wish,
                                                 struct thenar_error *error);

#endif
