/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct cli_command cli_list, cli_show, cli_import, cli_eval, cli_search, cli_compare,
	cli_calibrate, cli_verify, cli_validate, cli_plot;

extern const struct cli_command *const cli_commands[]; /* NULL-terminated */

/* Finds the command of that name. Errors: BARISTA_E_ARGUMENT, with the nearest name. */
int cli_find_command(const struct cli_command **out, const char *name, struct barista_err *err);

#endif
