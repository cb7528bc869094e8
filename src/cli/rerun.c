/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This is the inverse of parse_options.c: it writes a command line from options, for folders of
 * results to tell how they were made. */
#include "cli/rerun.h"

#include "base/err.h"
#include "base/memory_stream.h"
#include "cli/option_defs.h"

#include <stdio.h>
#include <string.h>

/* Writes a word so that the shell reads it as one. */
static void quote(FILE *f, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_-+=:,./";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, f);
		return;
	}
	fputc('\'', f);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, f);
	fputc('\'', f);
}

static void put_option(FILE *f, const char *option, const char *value)
{
	if (!value)
		return;
	fprintf(f, " --%s ", option);
	quote(f, value);
}

static void put_list(FILE *f, const char *option, const struct cli_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		put_option(f, option, list->item[i]);
}

static void put_flag(FILE *f, const char *option, bool set)
{
	if (set)
		fprintf(f, " --%s", option);
}

static void put_import(FILE *f, const struct cli_import_options *o)
{
	put_option(f, "solver", o->solver);
	put_list(f, "input", &o->input);
	if (o->batch)
		fprintf(f, " --batch %lld", (long long)o->batch);
	if (o->phase == CLI_TEST)
		put_option(f, "phase", "test");
	put_flag(f, "lenient", o->lenient);
}

static const char *layers_of(int layers, const struct barista_family *family)
{
	if (layers == BARISTA_LAYERS_DEFAULT)
		return !family || family->all_layers ? "all" : "conv";
	return layers == BARISTA_LAYERS_ALL ? "all" : "conv";
}

/* `family` is the one whose defaults hold where an option is not given; it is NULL for a command
 * that goes over all families. */
static void put_problem(FILE *f, const struct cli_args *args, const struct cli_command *cmd,
			const struct barista_family *family)
{
	const struct cli_board_options *board = &args->problem.board;

	put_option(f, "workload", args->problem.workload);
	put_import(f, &args->problem.import);
	if (family)
		put_option(f, "family", family->name);
	put_option(f, "device", family ? cli_device(board, family) : board->device);
	put_option(f, "precision",
		   family ? cli_precision(&args->space, family) : args->space.precision);
	if (cli_has_option(cmd, OPT_LOWERING))
		put_option(f, "lowering",
			   args->problem.lowering.gemm == CLI_GEMM_PER_BATCH ? "batch" : "image");
	put_option(f, "layers", layers_of(args->problem.lowering.layers, family));
}

static void put_space(FILE *f, const struct cli_args *args, const struct cli_command *cmd,
		      const struct barista_family *family)
{
	char option[48];

	put_option(f, "grid", args->space.grid == CLI_GRID_POW2 ? "pow2" : "all");
	put_option(f, "objective",
		   barista_objective_name((enum barista_rank)args->objective.objective));
	if (cli_has_option(cmd, OPT_TOP))
		fprintf(f, " --top %lld --kernels %lld", (long long)args->objective.top,
			(long long)args->objective.kernels);
	for (size_t k = 0; family && k < family->nknobs; k++) {
		cli_knob_option(option, sizeof option, &family->knob[k]);
		put_option(f, option, args->space.knob[k]);
	}
}

int cli_rerun_command(const struct cli_args *args, const struct cli_command *cmd, char **out,
		      struct barista_err *err)
{
	const struct barista_family *family =
		cli_has_option(cmd, OPT_FAMILY) ? args->problem.family : NULL;
	struct barista_memory_stream m;
	FILE *f = barista_memory_stream_open(&m);

	if (!f)
		return barista_no_memory(err);
	fprintf(f, "barista-dse %s", cmd->name);
	put_problem(f, args, cmd, family);
	put_space(f, args, cmd, family);
	put_list(f, "set", &args->problem.board.set);
	put_option(f, "max-dsp", args->problem.board.max_dsp.text);
	put_option(f, "max-power", args->problem.board.max_power.text);
	put_option(f, "max-boards", args->problem.board.max_boards.text);
	put_option(f, "host", args->problem.board.host);
	put_option(f, "baseline", args->objective.baseline);
	put_option(f, "deadline", args->objective.deadline.text);
	put_flag(f, "interval", args->objective.interval);
	put_flag(f, "exhaustive", args->sweep.exhaustive);
	put_option(f, "pareto", args->objective.pareto.text);
	put_flag(f, "what-if", args->objective.what_if);
	*out = barista_memory_stream_close(&m);
	return *out ? 0 : barista_no_memory(err);
}
