/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options.h"

extern const struct cli_command cli_list, cli_show, cli_eval, cli_search, cli_calibrate, cli_verify,
	cli_validate, cli_plot;

#endif
