/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses a command line once, into typed options. getopt_long() finds the options and the rows of
 * cli_option_defs[] say what their values mean; the options of knobs follow from the families. */
#include "cli/parse_options.h"

#include "base/err.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/option_defs.h"
#include "families/registry.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

_Static_assert(NOPTIONS <= 64, "a command holds its options as bits of a word");

/* getopt_long() returns the letter of a short option, and for a long one a number that is no
 * letter: LONG_BASE plus its enum cli_option, KNOB_BASE and above for those of knobs. */
enum { LONG_BASE = 256, KNOB_BASE = 1000, MAX_KNOB_OPTIONS = 48 };

struct parser {
	const struct cli_command *cmd;
	struct option longs[NOPTIONS + MAX_KNOB_OPTIONS + 1];
	char knob_names[MAX_KNOB_OPTIONS][48]; /* of all families, each name once */
	const char *knob_text[MAX_KNOB_OPTIONS];
	size_t nknobs;
	char shorts[3 * NOPTIONS + 2];
	const char *names[NOPTIONS + MAX_KNOB_OPTIONS + 1]; /* with dashes, for suggestions */
	char dashed[NOPTIONS + MAX_KNOB_OPTIONS][56];
	size_t n;
};

static void add_long(struct parser *p, const char *name, bool has_value, int id)
{
	strcpy(stpcpy(p->dashed[p->n], "--"), name);
	p->names[p->n] = p->dashed[p->n];
	p->longs[p->n++] =
		(struct option){name, has_value ? required_argument : no_argument, NULL, id};
}

/* Families may share the name of a knob, which is one option then. */
static void add_knob(struct parser *p, const struct barista_knob *knob)
{
	char *name = p->knob_names[p->nknobs];

	if (knob->categorical || p->nknobs == MAX_KNOB_OPTIONS)
		return;
	cli_knob_option(name, sizeof p->knob_names[0], knob);
	for (size_t i = 0; i < p->nknobs; i++)
		if (!strcmp(p->knob_names[i], name))
			return;
	add_long(p, name, true, KNOB_BASE + (int)p->nknobs++);
}

static void build(struct parser *p, const struct cli_command *cmd)
{
	size_t s = 0;

	*p = (struct parser){.cmd = cmd};
	p->shorts[s++] = ':';
	for (int o = 0; o < NOPTIONS; o++) {
		const struct cli_option_def *def = &cli_option_defs[o];

		if (!cli_has_option(cmd, (enum cli_option)o) || o == OPT_KNOBS)
			continue;
		add_long(p, def->name, def->value != NULL, LONG_BASE + o);
		if (!def->letter)
			continue;
		p->shorts[s++] = def->letter;
		if (def->value)
			p->shorts[s++] = ':';
	}
	for (size_t i = 0; cli_has_option(cmd, OPT_KNOBS) && barista_families[i]; i++)
		for (size_t k = 0; k < barista_families[i]->nknobs; k++)
			add_knob(p, &barista_families[i]->knob[k]);
}

static int by_letter(int letter)
{
	int o = 0;

	while (o < NOPTIONS && (!cli_option_defs[o].letter || cli_option_defs[o].letter != letter))
		o++;
	return o;
}

/* Fails for an option that only other commands have; returns 0 when none has it. */
static int fail_of_others(const struct parser *p, const char *word, struct barista_err *err)
{
	char others[200] = "";
	size_t used = 0;

	for (int o = 0; o < NOPTIONS; o++) {
		const struct cli_option_def *def = &cli_option_defs[o];
		bool same = !def->name       ? false
			    : word[1] == '-' ? !strcmp(word + 2, def->name)
					     : def->letter == word[1] && !word[2];

		for (size_t i = 0; same && cli_commands[i]; i++)
			if (cli_has_option(cli_commands[i], (enum cli_option)o) &&
			    used < sizeof others)
				used += (size_t)snprintf(others + used, sizeof others - used,
							 "%s%s", used ? ", " : "",
							 cli_commands[i]->name);
	}
	if (!used)
		return 0;
	return barista_fail(err, BARISTA_E_ARGUMENT, "`%s` has no option '%s', only %s",
			    p->cmd->name, word, others);
}

/* The option that getopt_long() refused is the word before optind, or the letter in optopt, which
 * may stand within another word. */
static int fail_option(const struct parser *p, char **argv, bool no_value, struct barista_err *err)
{
	char letter[] = {'-', (char)optopt, '\0'}, name[80], suggestion[128];
	const char *word = optopt > ' ' && optopt < 0x7f ? letter : argv[optind - 1];

	if (no_value)
		return barista_fail(err, BARISTA_E_ARGUMENT, "option '%.60s' needs a value", word);
	snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(name, p->names[i]))
			return barista_fail(err, BARISTA_E_ARGUMENT, "option '%s' takes no value",
					    name);
	if (fail_of_others(p, name, err))
		return err->status;
	barista_suggest_from(suggestion, sizeof suggestion, name, p->names);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown option '%s'%s (see `barista-dse %s --help`)", name, suggestion,
			    p->cmd->name);
}

static int parse_options(struct parser *p, struct cli_args *args, int argc, char **argv,
			 struct barista_err *err)
{
	int o, rc;

	opterr = 0;
	optind = 0; /* from the start, even after a line that was refused in the middle of a word */
	while ((o = getopt_long(argc, argv, p->shorts, p->longs, NULL)) != -1) {
		const struct cli_option_def *def;

		if (o == '?' || o == ':')
			return fail_option(p, argv, o == ':', err);
		if (o >= KNOB_BASE) {
			p->knob_text[o - KNOB_BASE] = optarg;
			continue;
		}
		def = &cli_option_defs[o < LONG_BASE ? by_letter(o) : o - LONG_BASE];
		if ((rc = def->parse(def, optarg, (char *)args + def->offset, err)))
			return rc;
	}
	args->operand = argv + optind;
	args->noperands = argc - optind;
	return 0;
}

/* Returns which of the family's knobs an option sets, or their number when the option is of
 * another family. */
static size_t find_knob(const struct barista_family *f, const char *option)
{
	char name[48];
	size_t k = 0;

	for (; k < f->nknobs; k++) {
		cli_knob_option(name, sizeof name, &f->knob[k]);
		if (!f->knob[k].categorical && !strcmp(name, option))
			break;
	}
	return k;
}

/* What some options mean depends on the family, which may be named after them. */
static int settle_family(struct cli_args *args, const struct parser *p, struct barista_err *err)
{
	const struct barista_family *f = args->problem.family;

	if (args->problem.lowering.gemm == CLI_GEMM_PER_BATCH && !f->terms)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"--lowering is for families whose layers are GEMMs, not for '%s'", f->name);
	for (size_t i = 0; i < p->nknobs; i++) {
		size_t k;

		if (!p->knob_text[i])
			continue;
		k = find_knob(f, p->knob_names[i]);
		if (k == f->nknobs)
			return barista_fail(
				err, BARISTA_E_ARGUMENT,
				"family '%s' has no --%s (see `barista-dse list knobs`)", f->name,
				p->knob_names[i]);
		args->space.knob[k] = p->knob_text[i];
	}
	return 0;
}

static int check_operands(const struct cli_args *args, const struct cli_command *cmd,
			  struct barista_err *err)
{
	if (args->noperands < cmd->min_operands)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "missing %s (see `barista-dse %s --help`)", cmd->operands,
				    cmd->name);
	if (args->noperands > cmd->max_operands)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "unexpected word '%.60s' (see `barista-dse %s --help`)",
				    args->operand[cmd->max_operands], cmd->name);
	return 0;
}

int cli_parse(struct cli_args *args, const struct cli_command *cmd, int argc, char **argv,
	      struct barista_err *err)
{
	struct parser p;
	int rc;

	*args = (struct cli_args){
		.problem = {.family = barista_families[0], .workload = "resnet20-cifar10-b"},
		.objective = {.top = 1, .kernels = 1, .deadline.value = (double)NAN},
		.check = {.images = 1, .seed = 1, .max_macs.value = 3e8},
	};
	build(&p, cmd);
	rc = parse_options(&p, args, argc, argv, err);
	if (rc || args->help)
		return rc;
	rc = settle_family(args, &p, err);
	return rc ? rc : check_operands(args, cmd, err);
}
