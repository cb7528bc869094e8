/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes the texts of --help. */
#include "cli/help.h"

#include "cli/commands.h"
#include "cli/option_defs.h"

#include "families/registry.h"

static void print_option(FILE *f, char letter, const char *name, const char *value,
			 const char *help)
{
	char left[64], dash[8] = "    ";

	if (letter)
		snprintf(dash, sizeof dash, "-%c, ", letter);
	snprintf(left, sizeof left, "%s--%s%s%s", dash, name, value ? " " : "", value ? value : "");
	fprintf(f, "  %-26s %s\n", left, help);
}

static void print_knobs(FILE *f)
{
	for (size_t i = 0; barista_families[i]; i++) {
		const struct barista_family *fam = barista_families[i];

		for (size_t k = 0; k < fam->nknobs; k++) {
			char name[48], help[200];

			if (fam->knob[k].categorical)
				continue;
			cli_knob_option(name, sizeof name, &fam->knob[k]);
			snprintf(help, sizeof help, "%s%s%s%s: one value or LOW:HIGH",
				 i ? "family " : "", i ? fam->name : "", i ? ": " : "",
				 fam->knob[k].help);
			print_option(f, 0, name, "RANGE", help);
		}
	}
}

void cli_print_help(const struct cli_command *cmd, FILE *f)
{
	fprintf(f, "usage: barista-dse %s%s%s [options]\n\n%s\n%s", cmd->name,
		cmd->operands ? " " : "", cmd->operands ? cmd->operands : "", cmd->summary,
		cmd->details ? cmd->details : "");
	fprintf(f, "\noptions:\n");
	for (int o = 0; o < NOPTIONS; o++) {
		if (!(cmd->options >> o & 1))
			continue;
		if (o == OPT_KNOBS)
			print_knobs(f);
		else
			print_option(f, cli_option_defs[o].letter, cli_option_defs[o].name,
				     cli_option_defs[o].value, cli_option_defs[o].help);
	}
	fprintf(f, "\nexample:\n  %s\n", cmd->example);
}

void cli_print_usage(FILE *f)
{
	fprintf(f, "usage: barista-dse COMMAND [options]\n\n"
		   "Which GEMM kernel to build on an FPGA to train a CNN: how fast, how efficient, "
		   "how sure.\n\n"
		   "commands:\n");
	for (size_t i = 0; cli_commands[i]; i++)
		fprintf(f, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
	fprintf(f,
		"\n`barista-dse COMMAND --help` shows its options and an example.\n"
		"exit codes: 0 ok, 1 no feasible design or a check failed, 2 usage, 3 bad input, "
		"4 a tool or the system failed,\n128 + a signal's number: stopped by it, the best "
		"so far was printed\n");
}
