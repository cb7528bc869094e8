/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches for the best kernels of a network on one board or on several. */
#include "base/err.h"
#include "cli/board_search.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/rerun.h"
#include "cli/signals.h"
#include "model/baseline.h"
#include "report/report_document.h"
#include "report/run_folder.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A report points to these objects, which live as long as it does. */
struct work {
	struct cli_inputs in;
	struct barista_baseline *baseline, *gpu; /* gpu: NULL without one */
	char *command;
	struct barista_report report;
};

/* Loads the baseline that is named, else the host when its GEMMs were timed, else the default
 * one. */
static int load_baseline(struct work *w, const char *name, const char *host, const char *data_dir,
			 struct barista_err *err)
{
	const char *timed_host = w->in.host && w->in.host->ntimes ? host : NULL;

	return barista_baseline_load(&w->baseline,
				     name         ? name
				     : timed_host ? timed_host
						  : CLI_DEFAULT_CPU,
				     data_dir, err);
}

/* Loads the GPU of [Barista] for the chart of the layers, when its file is there and the
 * baseline is not a GPU itself. */
static int load_gpu(struct work *w, const char *data_dir, struct barista_err *err)
{
	int rc;

	if (!strcmp(w->baseline->kind, "gpu"))
		return 0;
	rc = barista_baseline_load(&w->gpu, "gtx-1080-ti", data_dir, err);
	return rc == BARISTA_E_INPUT ? 0 : rc;
}

/* An option that changes nothing is said to. */
static void remark_unused(const struct cli_problem_options *o, const char *baseline, bool quiet)
{
	cli_remark_idle_host(&o->board, o->family, quiet);
	if (baseline && !o->family->per_layer)
		cli_remark(quiet,
			   "--baseline changes nothing: family '%s' has one design for all layers, "
			   "and leaves none to the CPU",
			   o->family->name);
}

static int load(struct work *w, const struct cli_problem_options *o, const char *baseline,
		bool quiet, struct barista_err *err)
{
	const char *data_dir = cli_data_dir(o->data);
	int rc = cli_load_network(&w->in, o, quiet, err);

	if (!rc)
		rc = cli_load_host(&w->in.host, o->board.host, data_dir, err);
	if (!rc)
		remark_unused(o, baseline, quiet);
	if (!rc)
		rc = load_baseline(w, baseline, o->board.host, data_dir, err);
	return rc ? rc : load_gpu(w, data_dir, err);
}

/* Makes a report without boards, which the searches add. */
static int make_report(struct work *w, const struct cli_objective_options *o, int grid,
		       struct barista_err *err)
{
	struct barista_report *r = &w->report;
	size_t n = w->in.lowered->nlayers;

	*r = (struct barista_report){
		.net = w->in.net,
		.lowered = w->in.lowered,
		.baseline = w->baseline,
		.host = w->in.host,
		.baseline_ppw = calloc(n, sizeof *r->baseline_ppw),
		.gpu_ppw = w->gpu ? calloc(n, sizeof *r->gpu_ppw) : NULL,
		.baseline_from = calloc(n, sizeof *r->baseline_from),
		.board = calloc(CLI_MAX_BOARDS, sizeof *r->board),
		.excluded = calloc(CLI_MAX_BOARDS, sizeof *r->excluded),
		.objective = (enum barista_rank)o->objective,
		.top = o->top,
		.kernels = o->kernels,
		.deadline = o->deadline.value,
		.grid_all = grid == CLI_GRID_ALL,
		.command = w->command,
	};
	if (!r->baseline_ppw || (w->gpu && !r->gpu_ppw) || !r->baseline_from || !r->board ||
	    !r->excluded)
		return barista_no_memory(err);
	/* The report does not tell where the GPU's figures come from, so the baseline's
	 * overwrite that. */
	if (w->gpu)
		barista_baseline_ppw(w->gpu, w->in.lowered, r->gpu_ppw, r->baseline_from);
	barista_baseline_ppw(w->baseline, w->in.lowered, r->baseline_ppw, r->baseline_from);
	return 0;
}

static void release(struct work *w)
{
	struct barista_report *r = &w->report;

	for (size_t i = 0; i < r->nboards; i++)
		cli_drop_board(&r->board[i]);
	free(r->baseline_ppw);
	free(r->gpu_ppw);
	free(r->baseline_from);
	free(r->board);
	free(r->excluded);
	free(w->command);
	barista_baseline_free(w->gpu);
	barista_baseline_free(w->baseline);
	cli_release(&w->in);
}

/* Was every board searched to its end? Of several processes, a signal may have gone to another. */
static bool is_complete(const struct barista_report *r)
{
	for (size_t i = 0; i < r->nboards; i++)
		if (r->board[i].search->partial)
			return false;
	for (size_t i = 0; i < r->nexcluded; i++)
		if (r->excluded[i].stopped)
			return false;
	return !r->unanswered;
}

/* Searches the boards; the file of points must be whole for a success. */
static int search(struct barista_report *r, struct cli_board_search *s, struct barista_err *err)
{
	const struct cli_problem_options *o = s->problem;
	struct barista_err closing;
	int closed, rc = cli_sweep_files_open(&s->files, s->sweep, cli_device(&o->board, o->family),
					      o->family, err);

	if (!rc) {
		cli_catch_signals();
		rc = cli_search_boards(r, s, err);
		if (cli_without_kernel(rc) && *cli_stop_signal())
			rc = BARISTA_E_STOPPED;
	}
	closed = cli_sweep_files_close(&s->files, !rc && is_complete(r), &closing);
	if (closed == BARISTA_E_STOPPED) {
		cli_remark(s->quiet, "%s", closing.msg);
	} else if (closed && !rc) {
		*err = closing;
		rc = closed;
	}
	return rc;
}

static int write_run(struct barista_report *r, bool stopped, const struct cli_output_options *o,
		     struct barista_err *charts, struct barista_err *err)
{
	struct cli_progress progress;
	struct barista_watch watch = {cli_stop_signal(), cli_progress_step, &progress, 0, 0};
	struct barista_written written;
	int rc;

	cli_progress_start(&progress, "charts", o->quiet);
	r->watch = &watch;
	rc = barista_run_write(r, o->path, !o->no_plots, stopped, &written, err);
	r->watch = NULL;
	cli_progress_end(&progress);
	if (rc)
		return rc;
	*charts = written.charts;
	if (*charts->msg && !charts->status)
		cli_remark(o->quiet, "%s", charts->msg);
	cli_remark(o->quiet, "run written to %s%s", written.place,
		   o->no_plots || *charts->msg ? "" : ", charts in its folder charts/");
	return 0;
}

/* What a command tells of an answer that is not all that was asked for. */
static int check_answer(const struct barista_report *r, struct barista_err *err)
{
	bool stopped = false, truncated = false;

	for (size_t i = 0; i < r->nboards; i++) {
		if (r->board[i].search->unsaved.status) {
			*err = r->board[i].search->unsaved;
			return err->status;
		}
		stopped |= r->board[i].set.stopped;
		truncated |= r->board[i].search->truncated;
	}
	err->msg[0] = '\0';
	if (r->unanswered)
		return barista_fail(err, BARISTA_E_STOPPED,
				    "stopped before what --interval and --what-if ask was known");
	if (!is_complete(r))
		return BARISTA_E_STOPPED;
	if (truncated)
		return barista_fail(err, BARISTA_E_STOPPED,
				    "stopped: of each layer only the best kernel is shown");
	if (stopped)
		return barista_fail(err, BARISTA_E_STOPPED,
				    "stopped before the best kernels together were proven");
	if (!isnan(r->deadline) && barista_smallest_board(r) == r->nboards)
		return barista_fail(err, BARISTA_E_INFEASIBLE, "no board meets the deadline");
	return 0;
}

/* Writes and prints: the answer is printed although its folder could not be written. */
static int show(struct barista_report *r, const struct cli_output_options *o,
		struct barista_err *err)
{
	enum { WRITTEN, PRINTED, ANSWER, CHARTS, NFAILURES };
	struct barista_err failure[NFAILURES] = {{0, ""}};
	bool stopped;

	failure[ANSWER].status = check_answer(r, &failure[ANSWER]);
	stopped = failure[ANSWER].status == BARISTA_E_STOPPED || !is_complete(r);
	if (o->path)
		failure[WRITTEN].status =
			write_run(r, stopped, o, &failure[CHARTS], &failure[WRITTEN]);
	failure[PRINTED].status = cli_print(&barista_report_document, r, o, &failure[PRINTED]);
	return cli_first_failure(failure, NFAILURES, o->quiet, err);
}

/* What would have no place is not searched for; of several processes the first one writes. */
static int check_places(const struct cli_args *args, struct barista_err *err)
{
	const char *path = args->output.path;
	int rc;

	if (!path || cli_ranks()->rank)
		return 0;
	rc = barista_run_try(path, err);
	return rc ? rc : cli_sweep_files_check_outside(&args->sweep, path, err);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct cli_board_search s = {.problem = &args->problem,
				     .space = &args->space,
				     .objective = &args->objective,
				     .sweep = &args->sweep,
				     .quiet = args->output.quiet};
	struct work w = {.baseline = NULL};
	int rc;

	if (args->objective.kernels > 1 && !args->problem.family->per_layer)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--kernels: family '%s' has one design for all layers",
				    args->problem.family->name);
	rc = check_places(args, err);
	if (!rc)
		rc = load(&w, &args->problem, args->objective.baseline, args->output.quiet, err);
	if (!rc)
		rc = cli_rerun_command(args, &cli_search, &w.command, err);
	if (!rc)
		rc = make_report(&w, &args->objective, args->space.grid, err);
	if (!rc)
		rc = search(&w.report, &s, err);
	if (!rc && !cli_ranks()->rank)
		rc = show(&w.report, &args->output, err);
	release(&w);
	return rc;
}

const struct cli_command cli_search = {
	.name = "search",
	.summary =
		"the best kernels per layer and for the network, under every budget of the board",
	.example = "barista-dse search -w alexnet-cifar10 -d aws-f1-vu9p --kernels 2 -o "
		   "results/alexnet",
	.options = CLI_NETWORK_OPTIONS | CLI_BIT(OPT_FAMILY) | CLI_BIT(OPT_DEVICE) |
		   CLI_BIT(OPT_PRECISION) | CLI_BIT(OPT_LOWERING) | CLI_BIT(OPT_LAYERS) |
		   CLI_BIT(OPT_HOST) | CLI_BIT(OPT_BASELINE) | CLI_BIT(OPT_SET) |
		   CLI_LIMIT_OPTIONS | CLI_BIT(OPT_GRID) | CLI_BIT(OPT_KNOBS) |
		   CLI_BIT(OPT_OBJECTIVE) | CLI_BIT(OPT_TOP) | CLI_BIT(OPT_KERNELS) |
		   CLI_BIT(OPT_DEADLINE) | CLI_BIT(OPT_INTERVAL) | CLI_BIT(OPT_PARETO) |
		   CLI_BIT(OPT_WHAT_IF) | CLI_BIT(OPT_EXHAUSTIVE) | CLI_BIT(OPT_THREADS) |
		   CLI_BIT(OPT_CHECKPOINT) | CLI_BIT(OPT_POINTS) | CLI_BIT(OPT_OUTPUT) |
		   CLI_BIT(OPT_NO_PLOTS) | CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_QUIET) |
		   CLI_BIT(OPT_DATA) | CLI_BIT(OPT_HELP),
	.details =
		"Ranks by --objective, at first performance per watt (op/s/W), and says what the "
		"best by\n"
		"the other objectives would gain and cost. With -o writes a run folder: run.json,\n"
		"layers.csv, kernels.csv, selection.csv, boards.csv, report.md and charts/;\n"
		"with --pareto also pareto.csv, with --what-if whatif.csv; scaling.csv for a "
		"family whose size is a\n"
		"knob. Families with one design for all layers have no selection.csv.\n"
		"-d takes several boards, separated by commas. --format csv prints layers.csv.\n",
	.run = run,
};
