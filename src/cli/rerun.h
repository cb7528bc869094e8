/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_RERUN_H
#define CLI_RERUN_H

#include "cli/command.h"

/* Writes a command that gives the same result again: everything that decides it, defaults that may
 * change included, and nothing of where and how it is written. *out is the caller's to free. */
int cli_rerun_command(const struct cli_args *args, const struct cli_command *cmd, char **out,
		      struct barista_err *err);

#endif
