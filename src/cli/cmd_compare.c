/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches every architecture on one network. */
#include "base/err.h"
#include "base/split.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/rerun.h"
#include "cli/signals.h"
#include "cli/space.h"
#include "families/registry.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/lowering.h"
#include "network/workload.h"
#include "report/breakdown.h"
#include "report/compare_folder.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 256 };

/* All searches of a comparison share these inputs, and add their rows to `out`. */
struct work {
	const struct cli_problem_options *problem;
	const struct cli_space_options *space;
	enum barista_rank objective;
	bool quiet;
	struct barista_workload *net;
	struct barista_baseline *host; /* or NULL */
	struct barista_comparison out;
};

static void set_design(struct barista_compared *row, const struct barista_model *model,
		       const struct barista_candidate *c, const char *aim)
{
	row->feasible = true;
	snprintf(row->aim, sizeof row->aim, "%s", aim);
	memcpy(row->metric, c->metric, sizeof row->metric);
	model->family->format(&c->point, row->design, sizeof row->design);
	barista_network_bottleneck(model, &c->point, row->binds, sizeof row->binds);
}

/* Adds two rows, or one when the best design by the objective is the fastest too. `row` names the
 * architecture and the board. */
static void add_designs(struct barista_comparison *out, struct barista_compared *row,
			const struct barista_model *model, const struct barista_search *search)
{
	const struct barista_candidate *best = &barista_search_top(search)->item[0];
	const struct barista_candidate *fast = &search->ranking[BARISTA_RANK_TIME].item[0];
	const char *objective = barista_objective_name(search->objective);
	bool fastest = best->metric[BARISTA_TIME] <= fast->metric[BARISTA_TIME];
	char aim[48];

	snprintf(aim, sizeof aim, "%s%s", objective,
		 fastest && search->objective != BARISTA_RANK_TIME ? ", time" : "");
	set_design(row, model, best, aim);
	out->row[out->n++] = *row;
	if (fastest)
		return;
	set_design(row, model, fast, "time");
	out->row[out->n++] = *row;
}

static void name_board(struct barista_compared *row, const struct barista_model *model)
{
	const struct barista_device *dev = model->dev;

	*row = (struct barista_compared){.family = model->family};
	snprintf(row->board, sizeof row->board, "%.150s", dev->name);
	snprintf(row->precision_table, sizeof row->precision_table, "%.150s", dev->precision_table);
	memcpy(row->sha256, dev->sha256, sizeof row->sha256);
	memcpy(row->precision_sha256, dev->precision_sha256, sizeof row->precision_sha256);
}

/* An architecture that does not fit the board gets a row that says why. */
static int search_board(struct work *w, const struct barista_model *model, struct barista_err *err)
{
	struct barista_search_options options = {.objective = w->objective,
						 .keep = 1,
						 .network_only = true,
						 .stop = cli_stop_signal()};
	struct barista_search *search = NULL;
	struct barista_compared row;
	struct barista_space space;
	int rc = cli_make_space(&space, model, w->space, err);

	name_board(&row, model);
	if (!rc)
		rc = cli_search_run(&search, model, &space, options, w->quiet, err);
	if ((!rc && search->partial) || rc == BARISTA_E_STOPPED)
		rc = barista_fail(err, BARISTA_E_STOPPED,
				  "stopped before all architectures were searched");
	if (!rc)
		add_designs(&w->out, &row, model, search);
	barista_search_free(search);
	if (rc != BARISTA_E_INFEASIBLE)
		return rc;
	snprintf(row.why_not, sizeof row.why_not, "%s", err->msg);
	err->msg[0] = '\0';
	w->out.row[w->out.n++] = row;
	return 0;
}

static int search_boards(struct work *w, const struct barista_family *family,
			 const struct barista_lowered *lowered, struct barista_err *err)
{
	const struct cli_board_options *o = &w->problem->board;
	const char *data_dir = cli_data_dir(w->problem->data);
	char name[4096];
	int rc = 0;

	for (const char *rest = cli_device(o, family); !rc && rest;) {
		struct barista_device *dev;
		size_t n = barista_split_next(&rest, name, sizeof name);

		if (w->out.n + 2 > MAX_ROWS || n >= sizeof name)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "--device: more than %d designs to compare", MAX_ROWS);
		if ((rc = cli_load_device(&dev, name, data_dir, w->host, o, err)))
			return rc;
		rc = search_board(w, &(struct barista_model){dev, lowered, family}, err);
		barista_device_free(dev);
	}
	return rc;
}

/* All families work on the same layers, which are all that multiply unless the user says
 * otherwise. */
static int search_family(struct work *w, const struct barista_family *family,
			 struct barista_err *err)
{
	struct cli_lowering_options lowering = w->problem->lowering;
	struct barista_lowered *lowered;
	int rc;

	if (lowering.layers == BARISTA_LAYERS_DEFAULT)
		lowering.layers = BARISTA_LAYERS_ALL;
	if ((rc = cli_lower(&lowered, w->net, family, &lowering, w->quiet, err)))
		return rc;
	w->out.ops = lowered->ops;
	w->out.training = lowered->training;
	rc = search_boards(w, family, lowered, err);
	barista_lowered_free(lowered);
	return rc;
}

static int compare(struct work *w, struct barista_err *err)
{
	const struct cli_problem_options *o = w->problem;
	const char *data_dir = cli_data_dir(o->data);
	int rc;

	w->out.row = calloc(MAX_ROWS, sizeof *w->out.row);
	rc = w->out.row
		     ? cli_load_workload(&w->net, o->workload, data_dir, &o->import, w->quiet, err)
		     : barista_no_memory(err);
	if (!rc)
		rc = cli_load_host(&w->host, o->board.host, data_dir, err);
	w->out.net = w->net;
	for (size_t i = 0; !rc && barista_families[i]; i++)
		rc = search_family(w, barista_families[i], err);
	return rc;
}

static int write_folder(const struct barista_comparison *c, bool draw,
			const struct cli_output_options *o, struct barista_err *charts,
			struct barista_err *err)
{
	struct barista_written written;
	int rc = barista_compare_write(c, o->path, draw, cli_stop_signal(), &written, err);

	if (rc)
		return rc;
	*charts = written.charts;
	if (*charts->msg && !charts->status)
		cli_remark(o->quiet, "%s", charts->msg);
	cli_remark(o->quiet, "comparison written to %s", written.place);
	return 0;
}

static int any_feasible(const struct barista_comparison *c, struct barista_err *err)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->row[i].feasible)
			return 0;
	return barista_fail(err, BARISTA_E_INFEASIBLE, "no architecture fits any of the boards");
}

/* Writes and prints: the answer is printed although its folder could not be written. */
static int show(const struct barista_comparison *c, const struct cli_output_options *o,
		struct barista_err *err)
{
	enum { WRITTEN, PRINTED, FEASIBLE, CHARTS, NFAILURES };
	struct barista_err failure[NFAILURES] = {{0, ""}};
	bool draw;

	failure[FEASIBLE].status = any_feasible(c, &failure[FEASIBLE]);
	draw = !o->no_plots && !failure[FEASIBLE].status;
	if (o->path)
		failure[WRITTEN].status =
			write_folder(c, draw, o, &failure[CHARTS], &failure[WRITTEN]);
	failure[PRINTED].status = cli_print(&barista_compare_document, c, o, &failure[PRINTED]);
	return cli_first_failure(failure, NFAILURES, o->quiet, err);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const struct cli_output_options *o = &args->output;
	struct work w = {.problem = &args->problem,
			 .space = &args->space,
			 .objective = (enum barista_rank)args->objective.objective,
			 .quiet = o->quiet};
	struct barista_err ignored;
	char *command = NULL;
	int rc = o->path ? barista_compare_try(o->path, err) : 0;

	cli_catch_signals();
	if (!rc)
		rc = cli_rerun_command(args, &cli_compare, &command, err);
	w.out.command = command;
	if (!rc)
		rc = compare(&w, err);
	w.out.partial = rc == BARISTA_E_STOPPED && w.out.n;
	if (w.out.partial)
		(void)cli_print(&barista_compare_document, &w.out, o, &ignored);
	if (!rc)
		rc = show(&w.out, o, err);
	free(command);
	free(w.out.row);
	barista_baseline_free(w.host);
	barista_workload_free(w.net);
	return rc;
}

const struct cli_command cli_compare = {
	.name = "compare",
	.summary = "the architectures side by side on one network, each on its board or all on the "
		   "boards named",
	.example = "barista-dse compare -w resnet20-cifar10-b -o results/compare",
	.options = CLI_NETWORK_OPTIONS | CLI_BIT(OPT_DEVICE) | CLI_BIT(OPT_PRECISION) |
		   CLI_BIT(OPT_LAYERS) | CLI_BIT(OPT_HOST) | CLI_BIT(OPT_SET) | CLI_LIMIT_OPTIONS |
		   CLI_BIT(OPT_OBJECTIVE) | CLI_BIT(OPT_GRID) | CLI_BIT(OPT_OUTPUT) |
		   CLI_BIT(OPT_NO_PLOTS) | CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_QUIET) |
		   CLI_BIT(OPT_DATA) | CLI_BIT(OPT_HELP),
	.details = "Searches every family: the best design by --objective and the fastest one. "
		   "Without -d each on the\n"
		   "board that it was published for (`list families`). The same work counts for "
		   "all: that of the layers\n"
		   "that multiply, or with `--layers conv` of the convolutions; a family with "
		   "kernels for the other\n"
		   "layers takes their time too. With -o writes a folder: run.json, compare.csv, "
		   "report.md and charts/.\n",
	.run = run,
};
