/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_command.h - thenar-web user: who may log in */
#ifndef USER_COMMAND_H
#define USER_COMMAND_H

/** @param argc, argv  argv[0] is "user" @return an exit code of cli_command.h */
int user_command(int argc, char **argv);

/** The usual file of accounts: $XDG_CONFIG_HOME/thenar/accounts.json; "" when there is no home. */
const char *user_accounts_path(void);

#endif
