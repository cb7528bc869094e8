/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "barista/family.h"
#include "cli/inputs.h"

#include "base/num.h"
#include "base/text.h"
#include "families/registry.h"
#include "io/unit.h"
#include "model/family.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(NOPTIONS <= 64, "a command holds its options as bits of a word");

enum { KNOB_BASE = 1000, MAX_KNOB_OPTIONS = 48 };

static int choose(const char *option, const char *text, const char *const *words, int *out,
		  struct barista_err *err)
{
	char hint[128], list[128] = "";

	for (int i = 0; words[i]; i++) {
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
			 !i             ? ""
			 : words[i + 1] ? ", "
					: " or ",
			 words[i]);
		if (!strcmp(words[i], text)) {
			*out = i;
			return 0;
		}
	}
	barista_suggest_from(hint, sizeof hint, text, words);
	return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: unknown word '%.60s'%s (%s)", option,
			    text, hint, list);
}

static int whole(const char *option, const char *text, int64_t lo, int64_t hi, int64_t *out,
		 struct barista_err *err)
{
	int64_t v;

	if (!barista_parse_int(text, &v) || v < lo || v > hi)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is not a whole number from %lld to %lld", option,
				    text, (long long)lo, (long long)hi);
	*out = v;
	return 0;
}

static int set_choice(struct cli_args *a, enum cli_option o, const char *text,
		      struct barista_err *err)
{
	static const char *const formats[] = {"table", "csv", "json", NULL};
	static const char *const lowerings[] = {"image", "batch", NULL};
	static const char *const layers[] = {"conv", "all", NULL};
	static const char *const grids[] = {"all", "pow2", NULL};
	static const char *const phases[] = {"train", "test", NULL};
	const char *const *words = o == OPT_PHASE      ? phases
				   : o == OPT_FORMAT   ? formats
				   : o == OPT_LOWERING ? lowerings
				   : o == OPT_LAYERS   ? layers
						       : grids;
	int i = 0, rc = choose(cli_option_defs[o].name, text, words, &i, err);

	if (rc)
		return rc;
	switch (o) {
	case OPT_PHASE: a->import.test_phase = i; break;
	case OPT_FORMAT: a->format = (enum barista_format)i; break;
	case OPT_LOWERING: a->whole_batch = i; break;
	case OPT_LAYERS: a->layers = layers[i]; break;
	default: a->grid_pow2 = i; break;
	}
	return 0;
}

static int set_quantity(const char *option, const char *text, enum barista_dimension dim,
			double *out, struct barista_err *err)
{
	char why[256];

	if (!barista_quantity_parse(text, dim, out, why, sizeof why))
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: %s", option, why);
	if (!(*out > 0))
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: '%.60s' must be above zero",
				    option, text);
	return 0;
}

static const char *family_at(const void *list, size_t i)
{
	(void)list;
	return barista_families[i] ? barista_families[i]->name : NULL;
}

static int choose_family(struct cli_args *a, const char *text, struct barista_err *err)
{
	char hint[128];

	a->family = barista_family_find(text);
	if (a->family)
		return 0;
	barista_suggest(hint, sizeof hint, text, family_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "--family: unknown '%.60s'%s (see `barista-dse list families`)", text,
			    hint);
}

static int set_option(struct cli_args *a, enum cli_option o, const char *text,
		      struct barista_err *err)
{
	const char *name = cli_option_defs[o].name;

	switch (o) {
	case OPT_WORKLOAD: a->workload = text; return 0;
	case OPT_FAMILY: return choose_family(a, text, err);
	case OPT_DEVICE: a->device = text; return 0;
	case OPT_KERNEL: a->kernel = text; return 0;
	case OPT_PRECISION: a->precision = text; return 0;
	case OPT_HOST: a->host = text; return 0;
	case OPT_BASELINE: a->baseline = text; return 0;
	case OPT_OUTPUT: a->output = text; return 0;
	case OPT_CHECKPOINT: a->checkpoint = text; return 0;
	case OPT_POINTS: a->points = text; return 0;
	case OPT_BURSTS: a->bursts = text; return 0;
	case OPT_CPU: a->cpu = text; return 0;
	case OPT_DATA: a->data = text; return 0;
	case OPT_EXPLAIN: a->explain = true; return 0;
	case OPT_INTERVAL: a->interval = true; return 0;
	case OPT_WHAT_IF: a->what_if = true; return 0;
	case OPT_EXHAUSTIVE: a->exhaustive = true; return 0;
	case OPT_NO_PLOTS: a->no_plots = true; return 0;
	case OPT_QUIET: a->quiet = true; return 0;
	case OPT_HELP: a->help = true; return 0;
	case OPT_SOLVER: a->import.solver = text; return 0;
	case OPT_LENIENT: a->import.lenient = true; return 0;
	case OPT_BATCH: return whole(name, text, 1, 1 << 24, &a->import.batch, err);
	case OPT_INPUT:
		if (a->import.ninputs == CLI_MAX_INPUTS)
			return barista_fail(err, BARISTA_E_ARGUMENT, "--input: more than %d times",
					    CLI_MAX_INPUTS);
		a->input[a->import.ninputs++] = text;
		return 0;
	case OPT_TOP: return whole(name, text, 1, 100, &a->top, err);
	case OPT_KERNELS: return whole(name, text, 1, 8, &a->kernels, err);
	case OPT_THREADS: return whole(name, text, 1, 1024, &a->threads, err);
	case OPT_IMAGES: return whole(name, text, 1, 1000, &a->images, err);
	case OPT_SEED: return whole(name, text, 1, 1 << 30, &a->seed, err);
	case OPT_DEADLINE:
		a->deadline_text = text;
		return set_quantity(name, text, BARISTA_DIM_SECOND, &a->deadline, err);
	case OPT_PARETO: return cli_parse_pareto(a, text, err);
	case OPT_MAX_MACS: return set_quantity(name, text, BARISTA_DIM_COUNT, &a->max_macs, err);
	case OPT_SET:
		if (a->nsets == CLI_MAX_SETS)
			return barista_fail(err, BARISTA_E_ARGUMENT, "--set: more than %d times",
					    CLI_MAX_SETS);
		a->set[a->nsets++] = text;
		return 0;
	default: return set_choice(a, o, text, err);
	}
}

struct parser {
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

/* Families may share the name of a knob: it is one option. */
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

	memset(p, 0, sizeof *p);
	p->shorts[s++] = ':';
	for (int o = 0; o < NOPTIONS; o++) {
		if (!(cmd->options >> o & 1) || o == OPT_KNOBS)
			continue;
		add_long(p, cli_option_defs[o].name, cli_option_defs[o].value != NULL, o);
		if (!cli_option_defs[o].letter)
			continue;
		p->shorts[s++] = cli_option_defs[o].letter;
		if (cli_option_defs[o].value)
			p->shorts[s++] = ':';
	}
	for (size_t i = 0; (cmd->options >> OPT_KNOBS & 1) && barista_families[i]; i++)
		for (size_t k = 0; k < barista_families[i]->nknobs; k++)
			add_knob(p, &barista_families[i]->knob[k]);
}

static enum cli_option by_letter(int letter)
{
	int o = 0;

	while (o < NOPTIONS && (!cli_option_defs[o].letter || cli_option_defs[o].letter != letter))
		o++;
	return (enum cli_option)o;
}

static int fail_option(const struct parser *p, const struct cli_command *cmd, const char *word,
		       bool no_value, struct barista_err *err)
{
	char name[80], hint[128];

	if (no_value)
		return barista_fail(err, BARISTA_E_ARGUMENT, "option '%.60s' needs a value", word);
	snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
	barista_suggest_from(hint, sizeof hint, name, p->names);
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(name, p->names[i]))
			return barista_fail(err, BARISTA_E_ARGUMENT, "option '%s' takes no value",
					    name);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown option '%s'%s (see `barista-dse %s --help`)", name, hint,
			    cmd->name);
}

const char *cli_device(const struct cli_args *args)
{
	return args->device ? args->device : args->family->default_board;
}

const char *cli_precision(const struct cli_args *args)
{
	return args->precision ? args->precision : args->family->default_precision;
}

/* What the options mean depends on the family, which may be named after them. */
static int settle_family(struct cli_args *args, const struct parser *p, struct barista_err *err)
{
	const struct barista_family *f = args->family;
	char name[48];

	if (args->whole_batch && !f->terms)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"--lowering is for families whose layers are GEMMs, not for '%s'", f->name);
	for (size_t i = 0; i < p->nknobs; i++) {
		size_t k = 0;

		if (!p->knob_text[i])
			continue;
		for (; k < f->nknobs; k++) {
			cli_knob_option(name, sizeof name, &f->knob[k]);
			if (!f->knob[k].categorical && !strcmp(name, p->knob_names[i]))
				break;
		}
		if (k == f->nknobs)
			return barista_fail(
				err, BARISTA_E_ARGUMENT,
				"family '%s' has no --%s (see `barista-dse list knobs`)", f->name,
				p->knob_names[i]);
		args->knob[k] = p->knob_text[i];
	}
	return 0;
}

int cli_parse(struct cli_args *args, const struct cli_command *cmd, int argc, char **argv,
	      struct barista_err *err)
{
	struct parser p;
	int o, rc;

	*args = (struct cli_args){.family = barista_families[0],
				  .workload = "resnet20-cifar10-b",
				  .top = 1,
				  .kernels = 1,
				  .images = 1,
				  .seed = 1,
				  .deadline = (double)NAN,
				  .max_macs = 3e8};
	args->import.input = args->input;
	build(&p, cmd);
	opterr = 0;
	optind = 1;
	while ((o = getopt_long(argc, argv, p.shorts, p.longs, NULL)) != -1) {
		if (o == '?' || o == ':') {
			char letter[] = {'-', (char)optopt, '\0'};
			bool is_short = optopt > ' ' &&
					optopt < 0x7f; /* argv[optind - 1] may be another word */

			return fail_option(&p, cmd, is_short ? letter : argv[optind - 1], o == ':',
					   err);
		}
		if (o >= KNOB_BASE) {
			p.knob_text[o - KNOB_BASE] = optarg;
			continue;
		}
		if (o >= NOPTIONS)
			o = by_letter(o);
		if ((rc = set_option(args, (enum cli_option)o, optarg, err)))
			return rc;
	}
	args->rest = argv + optind;
	args->nrest = argc - optind;
	if (args->help)
		return 0;
	if ((rc = settle_family(args, &p, err)))
		return rc;
	if (args->nrest < cmd->min_operands)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "missing %s (see `barista-dse %s --help`)", cmd->operands,
				    cmd->name);
	if (args->nrest > cmd->max_operands)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "unexpected word '%.60s' (see `barista-dse %s --help`)",
				    args->rest[cmd->max_operands], cmd->name);
	return 0;
}
