/* SPDX-License-Identifier: GPL-3.0-or-later */
/* station.h - everything that runs: devices, publisher, control server, until told to end */
#ifndef STATION_H
#define STATION_H

#include "conf.h"

/**
 * Run until SIGTERM, SIGINT or a shutdown request.
 * @return THENAR_OK a clean end; otherwise why it could not start
 */
THENAR_NODISCARD enum thenar_status station_run(struct conf *config, struct thenar_error *error);

#endif
