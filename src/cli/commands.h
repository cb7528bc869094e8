/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"

extern const struct cli_command cli_list, cli_show, cli_import, cli_eval, cli_search, cli_compare,
	cli_calibrate, cli_verify, cli_validate, cli_plot;

/* The table of a network's layers, in the format of the options. */
int cli_print_network(const struct cli_args *args, const struct barista_workload *net,
		      struct barista_err *err);

#endif
