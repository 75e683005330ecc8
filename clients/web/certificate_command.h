/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate_command.h - thenar-web certificate: an authority of the school's own, and a
 * certificate for the gateway
 *
 * The authority's certificate is put on each tablet once; from then on the gateway's address is
 * trusted there, and gateways can be given new certificates without touching the tablets. */
#ifndef CERTIFICATE_COMMAND_H
#define CERTIFICATE_COMMAND_H

/** @param argc, argv  argv[0] is "certificate" @return an exit code of cli_command.h */
int certificate_command(int argc, char **argv);

#endif
