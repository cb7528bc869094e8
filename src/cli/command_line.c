/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run folder says of how it was made. */
#include "cli/commands.h"
#include "barista/family.h"
#include "cli/inputs.h"

#include <string.h>

/* A word as the shell needs it. */
static void quote(FILE *f, const char *word)
{
	if (*word &&
	    !word[strspn(
		    word,
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./")]) {
		fputs(word, f);
		return;
	}
	fputc('\'', f);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, f);
	fputc('\'', f);
}

static void say(FILE *f, const char *option, const char *value)
{
	if (!value)
		return;
	fprintf(f, " --%s ", option);
	quote(f, value);
}

static void say_import(FILE *f, const struct barista_import_options *o)
{
	say(f, "solver", o->solver);
	for (size_t i = 0; i < o->ninputs; i++)
		say(f, "input", o->input[i]);
	if (o->batch)
		fprintf(f, " --batch %lld", (long long)o->batch);
	if (o->test_phase)
		say(f, "phase", "test");
	if (o->lenient)
		fputs(" --lenient", f);
}

static bool has(const struct cli_command *cmd, enum cli_option o)
{
	return cmd->options >> o & 1;
}

static void say_flag(FILE *f, const char *option, bool set)
{
	if (set)
		fprintf(f, " --%s", option);
}

/* What follows from the family when it is not given; a command over all families has none. */
static void say_family(FILE *f, const struct cli_args *args, const struct cli_command *cmd)
{
	bool one = has(cmd, OPT_FAMILY);
	char option[48];

	if (one)
		say(f, "family", args->family->name);
	say(f, "device", one ? cli_device(args) : args->device);
	say(f, "precision", one ? cli_precision(args) : args->precision);
	if (has(cmd, OPT_LOWERING))
		say(f, "lowering", args->whole_batch ? "batch" : "image");
	say(f, "layers",
	    args->layers                       ? args->layers
	    : !one || args->family->all_layers ? "all"
					       : "conv");
	say(f, "grid", args->grid_pow2 ? "pow2" : "all");
	if (has(cmd, OPT_TOP))
		fprintf(f, " --top %lld --kernels %lld", (long long)args->top,
			(long long)args->kernels);
	for (size_t k = 0; one && k < args->family->nknobs; k++) {
		cli_knob_option(option, sizeof option, &args->family->knob[k]);
		say(f, option, args->knob[k]);
	}
}

int cli_describe_command(const struct cli_args *args, const struct cli_command *cmd, char **out,
			 struct barista_err *err)
{
	size_t size;
	FILE *f = open_memstream(out, &size);

	if (!f)
		return barista_no_memory(err);
	fprintf(f, "barista-dse %s", cmd->name);
	say(f, "workload", args->workload);
	say_import(f, &args->import);
	say_family(f, args, cmd);
	for (size_t i = 0; i < args->nsets; i++)
		say(f, "set", args->set[i]);
	say(f, "host", args->host);
	say(f, "baseline", args->baseline);
	say(f, "deadline", args->deadline_text);
	say_flag(f, "interval", args->interval);
	say_flag(f, "exhaustive", args->exhaustive);
	say(f, "pareto", args->pareto_text);
	say_flag(f, "what-if", args->what_if);
	return fclose(f) ? barista_no_memory(err) : 0;
}
