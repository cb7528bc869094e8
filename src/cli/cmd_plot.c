/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the charts of a folder again. */
#include "cli/commands.h"
#include "report/charts/registry.h"

#include <stdio.h>
#include <unistd.h>

static int run(const struct cli_args *args, struct barista_err *err)
{
	char dir[4096], script[4096];
	int rc;

	snprintf(dir, sizeof dir, "%.4000s/charts", args->operand[0]);
	if ((rc = barista_charts_draw(dir, args->output.quiet, err)))
		return rc;
	for (size_t i = 0; barista_chart_name(i); i++) {
		const char *name = barista_chart_name(i);

		snprintf(script, sizeof script, "%.4000s/%.60s.gp", dir, name);
		if (!access(script, R_OK))
			printf("%s/%s.png\n%s/%s.svg\n", dir, name, dir, name);
	}
	return 0;
}

const struct cli_command cli_plot = {
	.name = "plot",
	.summary = "draw the charts of a run folder again, from the scripts and data kept in it",
	.operands = "RUN",
	.example = "barista-dse plot results/alexnet",
	.options = CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP),
	.details = "Edit RUN/charts/NAME.gp to change how a chart looks. Writes NAME.png and "
		   "NAME.svg.\n",
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
