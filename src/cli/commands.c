/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of commands. */
#include "cli/commands.h"

const struct cli_command *const cli_commands[] = {
	&cli_list,      &cli_show,   &cli_import,   &cli_eval, &cli_search, &cli_compare,
	&cli_calibrate, &cli_verify, &cli_validate, &cli_plot, NULL,
};
