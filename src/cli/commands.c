/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This is the one list of commands. */
#include "cli/commands.h"

#include "base/err.h"
#include "base/text.h"

#include <string.h>

const struct cli_command *const cli_commands[] = {
	&cli_list,      &cli_show,   &cli_import,   &cli_eval, &cli_search, &cli_compare,
	&cli_calibrate, &cli_verify, &cli_validate, &cli_plot, NULL,
};

static const char *command_at(const void *list, size_t i)
{
	(void)list;
	return cli_commands[i] ? cli_commands[i]->name : NULL;
}

int cli_find_command(const struct cli_command **out, const char *name, struct barista_err *err)
{
	char suggestion[128];

	for (size_t i = 0; cli_commands[i]; i++) {
		if (!strcmp(name, cli_commands[i]->name)) {
			*out = cli_commands[i];
			return 0;
		}
	}
	barista_suggest(suggestion, sizeof suggestion, name, command_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown command '%.60s'%s (see `barista-dse --help`)", name,
			    suggestion);
}
