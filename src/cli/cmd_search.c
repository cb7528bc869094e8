/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "base/memory.h"
#include "cli/long_search.h"
#include "cli/signals.h"
#include "model/baseline.h"
#include "model/device.h"
#include "report/run_folder.h"
#include "search/kernel_set.h"
#include "cli/ranks.h"
#include "search/search.h"
#include "search/uncertainty.h"
#include "search/what_if.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BOARDS = 32 };

static void remark(const struct cli_args *args, const char *text)
{
	if (!args->quiet)
		fprintf(stderr, "barista-dse: %s\n", text);
}

/* Spreads of the kernels kept for the network, and of the best one for each shape. */
static int add_intervals(struct barista_board *b, struct barista_err *err)
{
	const struct barista_ranking *top = &b->search->ranking[BARISTA_RANK_PPW];
	size_t nclasses = b->model.lowered->nclasses;
	struct barista_point *point = calloc(top->n, sizeof *point);
	struct barista_interval *class = calloc(nclasses, sizeof *class);
	struct barista_uncertainty ignored;
	int rc;

	b->uncertainty = calloc(top->n, sizeof *b->uncertainty);
	b->layer = calloc(nclasses, sizeof *b->layer);
	rc = point && class && b->uncertainty && b->layer ? 0 : barista_no_memory(err);
	for (size_t i = 0; !rc && i < top->n; i++)
		point[i] = top->item[i].point;
	if (!rc)
		rc = barista_uncertainty_run(&b->model, point, top->n, b->uncertainty, NULL, err);
	if (!rc && !b->search->nranked)
		rc = barista_uncertainty_run(&b->model, point, 1, &ignored, b->layer, err);
	for (size_t s = 0; !rc && s < b->search->nranked; s++) {
		rc = barista_uncertainty_run(&b->model, &b->search->class_ranking[s].item[0].point,
					     1, &ignored, class, err);
		b->layer[s] = class[s];
	}
	free(point);
	free(class);
	return rc;
}

static int add_what_if(struct barista_board *b, struct barista_err *err)
{
	b->what_if = calloc(BARISTA_WHAT_IF_PARAMS, sizeof *b->what_if);
	return b->what_if
		       ? barista_what_if(&b->model, &b->space, cli_stop_signal(), b->what_if, err)
		       : barista_no_memory(err);
}

/* The best kernels together are chosen among the best few of every layer, and ties with rank 1 are
 * looked for among the next few: more are kept than shown. */
static struct barista_search_options search_options(const struct barista_report *r,
						    const struct cli_args *args)
{
	const size_t few = 24, top = (size_t)args->top;

	return (struct barista_search_options){
		.baseline = r->baseline_ppw,
		.keep = (args->kernels > 1 || args->interval) && top < few ? few : top,
		.pareto = args->pareto,
		.npareto = args->npareto,
	};
}

static int search_board(struct barista_board *b, const struct barista_report *r,
			struct cli_sweep *sweep, const struct cli_args *args,
			struct barista_err *err)
{
	struct barista_search_options options = search_options(r, args);
	struct cli_progress progress;
	int rc;

	b->model = (struct barista_model){b->dev, r->lowered, args->family};
	if ((rc = cli_make_space(args, &b->model, &b->space, err)))
		return rc;
	if ((rc = cli_sweep_prepare(sweep, &options, args, b->dev, r->lowered, r->command, err)))
		return rc;
	cli_progress_start(&progress, args, b->dev->name);
	options.progress = cli_progress_step;
	options.progress_user = &progress;
	rc = barista_search_run(&b->search, &b->model, &b->space, &options, err);
	cli_progress_end(&progress);
	if (rc || cli_ranks()->rank)
		return rc;
	if (args->family->per_layer &&
	    (rc = barista_search_kernel_set(b->search, (size_t)args->kernels, &b->set, err)))
		return rc;
	b->meets_deadline =
		b->search->ranking[BARISTA_RANK_TIME_ROUTABLE].item[0].metric[BARISTA_TIME] <=
		args->deadline;
	if (args->interval && (rc = add_intervals(b, err)))
		return rc;
	return args->what_if && !b->search->partial ? add_what_if(b, err) : 0;
}

static void drop_board(struct barista_board *b)
{
	barista_search_free(b->search);
	barista_device_free(b->dev);
	free(b->uncertainty);
	free(b->layer);
	free(b->what_if);
	*b = (struct barista_board){.dev = NULL};
}

/* No kernel, for a reason that leaves the other boards' results good: the board has none, or a stop
 * came first. */
static bool without_kernel(int rc)
{
	return rc == BARISTA_E_INFEASIBLE || rc == BARISTA_E_STOPPED;
}

/* Searches every board of the comma-separated list. One without a kernel is left out and said,
 * unless none is left. */
static int search_boards(struct cli_inputs *in, struct barista_report *r, struct cli_sweep *sweep,
			 const struct cli_args *args, struct barista_err *err)
{
	char name[4096];
	int rc;

	for (const char *p = cli_device(args);; p++) {
		struct barista_board *b = &r->board[r->nboards];
		size_t len = strcspn(p, ",");

		if (r->nboards + r->nexcluded == MAX_BOARDS || len >= sizeof name)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "--device: more than %d boards", MAX_BOARDS);
		snprintf(name, sizeof name, "%.*s", (int)len, p);
		if ((rc = cli_load_device(in, args, name, &b->dev, err)))
			return rc;
		for (size_t i = 0; i < r->nboards; i++)
			if (!strcmp(r->board[i].dev->name, b->dev->name)) {
				drop_board(b);
				return barista_fail(err, BARISTA_E_ARGUMENT,
						    "--device: '%.80s': two boards are named "
						    "'%.80s'; change the "
						    "name inside a file that you copied",
						    name, r->board[i].dev->name);
			}
		rc = search_board(b, r, sweep, args, err);
		if (rc && !without_kernel(rc)) {
			drop_board(b);
			return rc;
		}
		if (rc) {
			drop_board(b);
			r->excluded[r->nexcluded].stopped = rc != BARISTA_E_INFEASIBLE;
			snprintf(r->excluded[r->nexcluded++].why, sizeof r->excluded->why, "%s",
				 err->msg);
		} else {
			r->nboards++;
		}
		p += len;
		if (!*p)
			return r->nboards ? 0 : rc;
	}
}

/* The GPU of [Barista], for the chart of the layers: when its file is there, and the
 * baseline is not a GPU itself. */
static int load_gpu(struct cli_inputs *in, struct barista_report *r, struct barista_baseline **gpu,
		    const char **from, struct barista_err *err)
{
	int rc = strcmp(r->baseline->kind, "gpu")
			 ? barista_baseline_load(gpu, "gtx-1080-ti", in->data, err)
			 : BARISTA_E_INPUT;

	if (rc == BARISTA_E_INPUT) {
		r->gpu_ppw = NULL;
		return 0;
	}
	if (rc)
		return rc;
	barista_baseline_ppw(*gpu, in->lowered, r->gpu_ppw, from);
	r->gpu = *gpu;
	return 0;
}

static int write_run(const struct barista_report *r, const struct cli_args *args,
		     struct barista_err *err)
{
	struct barista_err chart_error;
	char text[4200];
	sigset_t before;
	int rc;

	cli_hold_signals(&before);
	rc = barista_run_write(r, args->output, !args->no_plots, &chart_error, err);
	cli_release_signals(&before);
	if (rc)
		return rc;
	if (chart_error.status)
		remark(args, chart_error.msg);
	snprintf(text, sizeof text, "run written to %s%s", args->output,
		 args->no_plots || chart_error.status ? "" : ", charts in its folder charts/");
	remark(args, text);
	return 0;
}

static int print(const struct barista_report *r, const struct cli_args *args,
		 struct barista_err *err)
{
	struct barista_table *t;
	int rc;

	if (args->format == BARISTA_JSON)
		return barista_json_print(barista_report_json(r), stdout, err);
	if (args->format == BARISTA_TABLE)
		return barista_report_print(r, stdout, false, cli_bold(), false, err);
	t = barista_layers_table(r, true);
	rc = t ? barista_table_csv(t, stdout, err) : barista_no_memory(err);
	barista_table_free(t);
	return rc;
}

/* Writes and prints; a search that was cut short ends as the signal that did it would have. */
static int show(const struct barista_report *r, const struct cli_args *args,
		struct barista_err *err)
{
	int rc = args->output ? write_run(r, args, err) : 0;

	if (!rc)
		rc = print(r, args, err);
	if (!rc)
		err->msg[0] = '\0';
	/* A search of several processes may be stopped by a signal to another one. */
	return !rc && (*cli_stop_signal() || r->board[0].search->partial) ? BARISTA_E_STOPPED : rc;
}

static int search(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err)
{
	struct barista_board *boards = calloc(MAX_BOARDS, sizeof *boards);
	size_t n = in->lowered->nlayers;
	double *ppw = calloc(2 * n, sizeof *ppw);
	const char **from = calloc(2 * n, sizeof *from);
	char *command = NULL;
	struct barista_report r = {.net = in->net,
				   .lowered = in->lowered,
				   .baseline = in->baseline,
				   .host = in->host,
				   .board = boards,
				   .excluded = calloc(MAX_BOARDS, sizeof *r.excluded),
				   .top = args->top,
				   .kernels = args->kernels,
				   .deadline = args->deadline,
				   .grid_all = !args->grid_pow2};
	struct barista_baseline *gpu = NULL;
	struct cli_sweep sweep = {.points = NULL};
	struct barista_err closing;
	int rc = boards && ppw && from && r.excluded ? 0 : barista_no_memory(err);

	if (!rc)
		rc = cli_describe_command(args, &cli_search, &command, err);
	if (!rc) {
		r.command = command;
		r.baseline_ppw = ppw;
		r.gpu_ppw = ppw + n;
		r.baseline_from = from;
		barista_baseline_ppw(in->baseline, in->lowered, ppw, from);
		rc = load_gpu(in, &r, &gpu, from + n, err);
	}
	if (!rc)
		rc = cli_sweep_open(&sweep, args, err);
	if (!rc && (rc = search_boards(in, &r, &sweep, args, err)) && without_kernel(rc) &&
	    *cli_stop_signal())
		rc = BARISTA_E_STOPPED;
	if (cli_sweep_close(&sweep, &closing) && !rc) {
		*err = closing;
		rc = closing.status;
	}
	if (!rc && !cli_ranks()->rank)
		rc = show(&r, args, err);
	if (!rc && !cli_ranks()->rank && !isnan(args->deadline) &&
	    barista_smallest_board(&r) == r.nboards)
		rc = barista_fail(err, BARISTA_E_INFEASIBLE, "no board meets the deadline");
	for (size_t i = 0; i < r.nboards; i++)
		drop_board(&boards[i]);
	barista_baseline_free(gpu);
	barista_free_all(command, r.excluded, boards, ppw, from);
	return rc;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct cli_inputs in = {.net = NULL};
	int rc = 0;

	if (args->kernels > 1 && !args->family->per_layer)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--kernels: family '%s' has one design for all layers",
				    args->family->name);
	rc = cli_load_network(&in, args, err);
	if (!rc && !(rc = cli_load_host(&in, args, err)) &&
	    !(rc = cli_load_baseline(&in, args, err)))
		rc = search(&in, args, err);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_search = {
	.name = "search",
	.summary =
		"the best kernels per layer and for the network, under every budget of the board",
	.operands = "",
	.example = "barista-dse search -w alexnet-cifar10 -d aws-f1-vu9p --kernels 2 -o "
		   "results/alexnet",
	.details =
		"Ranks by performance per watt (op/s/W). With -o writes a run folder: run.json,\n"
		"layers.csv, kernels.csv, selection.csv, boards.csv, report.md and charts/;\n"
		"with --pareto also pareto.csv, with --what-if whatif.csv; scaling.csv for a "
		"family whose size is a\n"
		"knob. Families with one design for all layers have no selection.csv.\n"
		"-d takes several boards, separated by commas. --format csv prints layers.csv.\n",
	.options = CLI_NETWORK_OPTIONS | 1ULL << OPT_FAMILY | 1ULL << OPT_DEVICE |
		   1ULL << OPT_PRECISION | 1ULL << OPT_LOWERING | 1ULL << OPT_LAYERS |
		   1ULL << OPT_HOST | 1ULL << OPT_BASELINE | 1ULL << OPT_SET | 1ULL << OPT_GRID |
		   1ULL << OPT_KNOBS | 1ULL << OPT_TOP | 1ULL << OPT_KERNELS |
		   1ULL << OPT_DEADLINE | 1ULL << OPT_INTERVAL | 1ULL << OPT_PARETO |
		   1ULL << OPT_WHAT_IF | 1ULL << OPT_EXHAUSTIVE | 1ULL << OPT_THREADS |
		   1ULL << OPT_CHECKPOINT | 1ULL << OPT_POINTS | 1ULL << OPT_OUTPUT |
		   1ULL << OPT_NO_PLOTS | 1ULL << OPT_FORMAT | 1ULL << OPT_QUIET |
		   1ULL << OPT_DATA | 1ULL << OPT_HELP,
	.min_operands = 0,
	.max_operands = 0,
	.run = run,
};
