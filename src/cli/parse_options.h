/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PARSE_OPTIONS_H
#define CLI_PARSE_OPTIONS_H

#include "cli/command.h"

/* Parses what follows the command's name; argv[0] is that name. args points into itself and into
 * argv. Errors: BARISTA_E_ARGUMENT. With --help nothing else is checked. */
int cli_parse(struct cli_args *args, const struct cli_command *cmd, int argc, char **argv,
	      struct barista_err *err);

#endif
