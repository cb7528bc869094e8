/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the charts of a folder again. */
#include "base/err.h"
#include "cli/commands.h"
#include "cli/signals.h"
#include "report/charts/registry.h"

#include <stdio.h>
#include <string.h>

static void list(const char *run, const struct barista_pictures *drawn)
{
	for (size_t i = 0; barista_chart_name(i); i++) {
		const char *name = barista_chart_name(i);

		if (drawn->png >> i & 1)
			printf("%s/charts/%s.png\n", run, name);
		if (drawn->svg >> i & 1)
			printf("%s/charts/%s.svg\n", run, name);
	}
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const char *run = args->operand[0];
	struct barista_pictures drawn;
	int rc;

	if (!*run || strlen(run) > 4000)
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%.60s' is not a folder's name", run);
	cli_catch_signals();
	rc = barista_charts_draw(
		run, &(struct barista_draw_options){args->output.quiet, cli_stop_signal()}, &drawn,
		err);
	list(run, &drawn);
	return rc;
}

const struct cli_command cli_plot = {
	.name = "plot",
	.summary = "draw the charts of a run folder again, from the scripts and data kept in it",
	.operands = "RUN",
	.example = "barista-dse plot results/alexnet",
	.options = CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP),
	.details = "Edit RUN/charts/NAME.gp to change how a chart looks. Writes NAME.png and "
		   "NAME.svg; of a chart\n"
		   "that cannot be drawn the pictures stay as they were.\n",
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
