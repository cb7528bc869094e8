/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "barista/family.h"
#include "cli/inputs.h"
#include "cli/signals.h"
#include "families/registry.h"
#include "model/device.h"
#include "model/family.h"
#include "network/lowering.h"
#include "report/breakdown.h"
#include "report/compare_folder.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 256 };

/* What all searches of one comparison share. */
struct work {
	struct cli_inputs in;
	struct barista_comparison out;
	const struct cli_args *args;
};

/* In terms that all families can answer for: every layer that multiplies, unless told otherwise. */
static struct cli_args args_of(const struct cli_args *args, const struct barista_family *family)
{
	struct cli_args a = *args;

	a.family = family;
	a.layers = args->layers ? args->layers : "all";
	return a;
}

static void fill(struct barista_compared *row, const struct barista_model *model,
		 const struct barista_candidate *c, const char *aim)
{
	row->feasible = true;
	row->aim = aim;
	memcpy(row->metric, c->metric, sizeof row->metric);
	model->family->format(&c->point, row->design, sizeof row->design);
	barista_network_bottleneck(model, &c->point, row->binds, sizeof row->binds);
}

/* Two rows, or one when the design with the best PPW is the fastest too. */
static void add_found(struct work *w, const struct barista_model *model,
		      const struct barista_search *search)
{
	const struct barista_candidate *best = &search->ranking[BARISTA_RANK_PPW].item[0],
				       *fast = &search->ranking[BARISTA_RANK_TIME_ROUTABLE].item[0];
	struct barista_compared *row = &w->out.row[w->out.n];

	if (best->metric[BARISTA_TIME] <= fast->metric[BARISTA_TIME]) {
		fill(row, model, best, "mean PPW, time");
	} else {
		row[1] = row[0];
		fill(row, model, best, "mean PPW");
		fill(row + 1, model, fast, "time");
		w->out.n++;
	}
	w->out.n++;
}

static int search_board(struct work *w, const struct cli_args *args,
			const struct barista_lowered *lowered, struct barista_device *dev,
			struct barista_err *err)
{
	struct barista_model model = {dev, lowered, args->family};
	struct barista_search_options options = {.keep = 1, .stop = cli_stop_signal()};
	struct barista_compared *row = &w->out.row[w->out.n];
	struct barista_search *search = NULL;
	struct barista_space space;
	struct cli_progress progress;
	int rc = cli_make_space(args, &model, &space, err);

	*row = (struct barista_compared){.family = args->family};
	snprintf(row->board, sizeof row->board, "%.150s", dev->name);
	snprintf(row->precision_table, sizeof row->precision_table, "%.150s", dev->precision_table);
	memcpy(row->sha256, dev->sha256, sizeof row->sha256);
	memcpy(row->precision_sha256, dev->precision_sha256, sizeof row->precision_sha256);
	if (!rc) {
		cli_progress_start(&progress, args, dev->name);
		options.progress = cli_progress_step;
		options.progress_user = &progress;
		rc = barista_search_run(&search, &model, &space, &options, err);
		cli_progress_end(&progress);
	}
	if ((!rc && *cli_stop_signal()) || rc == BARISTA_E_STOPPED)
		rc = barista_fail(err, BARISTA_E_STOPPED,
				  "stopped before all architectures were searched");
	if (!rc)
		add_found(w, &model, search);
	barista_search_free(search);
	if (rc != BARISTA_E_INFEASIBLE)
		return rc;
	snprintf(row->why_not, sizeof row->why_not, "%s", err->msg);
	err->msg[0] = '\0';
	w->out.n++;
	return 0;
}

static int search_family(struct work *w, const struct barista_family *family,
			 struct barista_err *err)
{
	struct cli_args args = args_of(w->args, family);
	struct barista_lowered *lowered;
	char name[4096];
	int rc = cli_lower_network(&lowered, w->in.net, &args, err);

	if (rc)
		return rc;
	w->out.ops = lowered->ops;
	w->out.training = lowered->training;
	for (const char *p = cli_device(&args); !rc; p++) {
		struct barista_device *dev;
		size_t len = strcspn(p, ",");

		if (w->out.n + 2 > MAX_ROWS || len >= sizeof name) {
			rc = barista_fail(err, BARISTA_E_ARGUMENT,
					  "--device: more than %d designs to compare", MAX_ROWS);
			break;
		}
		snprintf(name, sizeof name, "%.*s", (int)len, p);
		if ((rc = cli_load_device(&w->in, &args, name, &dev, err)))
			break;
		rc = search_board(w, &args, lowered, dev, err);
		barista_device_free(dev);
		p += len;
		if (!*p)
			break;
	}
	barista_lowered_free(lowered);
	return rc;
}

static int write_folder(const struct barista_comparison *c, const struct cli_args *args,
			struct barista_err *err)
{
	struct barista_err chart_error;
	sigset_t before;
	int rc;

	cli_hold_signals(&before);
	rc = barista_compare_write(c, args->output, !args->no_plots, &chart_error, err);
	cli_release_signals(&before);
	if (rc || args->quiet)
		return rc;
	if (chart_error.status)
		fprintf(stderr, "barista-dse: %s\n", chart_error.msg);
	fprintf(stderr, "barista-dse: comparison written to %s\n", args->output);
	return 0;
}

static int print(const struct barista_comparison *c, const struct cli_args *args,
		 struct barista_err *err)
{
	if (args->format == BARISTA_TABLE)
		return barista_compare_print(c, stdout, false, err);
	if (args->format == BARISTA_JSON)
		return barista_json_print(barista_compare_json(c), stdout, err);
	return cli_print_table(args, barista_compare_table(c, true), err);
}

static int any_feasible(const struct barista_comparison *c, struct barista_err *err)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->row[i].feasible)
			return 0;
	return barista_fail(err, BARISTA_E_INFEASIBLE, "no architecture fits any of the boards");
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct work w = {.args = args, .out.row = calloc(MAX_ROWS, sizeof *w.out.row)};
	char *command = NULL;
	int rc;

	cli_catch_signals();
	cli_data_dir(args, w.in.data, sizeof w.in.data);
	rc = w.out.row ? cli_load_workload(&w.in.net, args, args->workload, w.in.data, err)
		       : barista_no_memory(err);
	if (!rc)
		rc = cli_load_host(&w.in, args, err);
	for (size_t i = 0; !rc && barista_families[i]; i++)
		rc = search_family(&w, barista_families[i], err);
	w.out.net = w.in.net;
	if (!rc)
		rc = cli_describe_command(args, &cli_compare, &command, err);
	w.out.command = command;
	if (!rc && args->output)
		rc = write_folder(&w.out, args, err);
	if (!rc && !(rc = print(&w.out, args, err)))
		rc = any_feasible(&w.out, err);
	free(command);
	free(w.out.row);
	cli_release(&w.in);
	return rc;
}

const struct cli_command cli_compare = {
	.name = "compare",
	.summary = "the architectures side by side on one network, each on its board or all on the "
		   "boards named",
	.operands = "",
	.example = "barista-dse compare -w resnet20-cifar10-b -o results/compare",
	.details = "Searches every family: the design with the best mean PPW and the fastest one. "
		   "Without -d each on the\n"
		   "board that it was published for (`list families`). The same work counts for "
		   "all: that of the layers\n"
		   "that multiply, or with `--layers conv` of the convolutions; a family with "
		   "kernels for the other\n"
		   "layers takes their time too. With -o writes a folder: run.json, compare.csv, "
		   "report.md and charts/.\n",
	.options = CLI_NETWORK_OPTIONS | 1ULL << OPT_DEVICE | 1ULL << OPT_PRECISION |
		   1ULL << OPT_LAYERS | 1ULL << OPT_HOST | 1ULL << OPT_SET | 1ULL << OPT_GRID |
		   1ULL << OPT_OUTPUT | 1ULL << OPT_NO_PLOTS | 1ULL << OPT_FORMAT |
		   1ULL << OPT_QUIET | 1ULL << OPT_DATA | 1ULL << OPT_HELP,
	.min_operands = 0,
	.max_operands = 0,
	.run = run,
};
