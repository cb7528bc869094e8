/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluates one kernel and shows every term of it. */
#include "base/err.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "model/device.h"
#include "report/evaluation.h"
#include "search/nearest_fit.h"

#include <stdlib.h>

static int evaluate(struct barista_evaluation *e, const char *kernel, bool interval,
		    struct barista_err *err)
{
	size_t nclasses = e->model->lowered->nclasses;
	int rc;

	e->result.class_time = calloc(nclasses, sizeof *e->result.class_time);
	e->class_interval = interval ? calloc(nclasses, sizeof *e->class_interval) : NULL;
	if (!e->result.class_time || (interval && !e->class_interval))
		return barista_no_memory(err);
	if (!kernel)
		kernel = e->model->family->default_design;
	rc = cli_parse_kernel(e->model, kernel, &e->point, err);
	if (!rc)
		rc = barista_evaluate_point(e->model, &e->point, &e->result, err);
	if (!rc && interval)
		rc = barista_uncertainty_run(e->model, &e->point, 1, BARISTA_TIME, &e->uncertainty,
					     e->class_interval, NULL, err);
	return rc;
}

/* A kernel that does not fit was evaluated all the same, but is a failure. */
static int check_fits(const struct barista_evaluation *e, struct barista_err *err)
{
	char kernel[BARISTA_POINT_TEXT], nearest[BARISTA_POINT_TEXT + 200], why[400];

	if (!e->result.over)
		return 0;
	e->model->family->format(&e->point, kernel, sizeof kernel);
	barista_explain_infeasible(e->model, &e->result, why, sizeof why);
	barista_nearest_fit_text(e->model, &e->point, nearest, sizeof nearest);
	return barista_fail(err, BARISTA_E_INFEASIBLE,
			    "why not: %.400s does not fit on '%.80s': %s%s%.600s", kernel,
			    e->model->dev->name, why, *nearest ? "; the nearest that does is " : "",
			    nearest);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct cli_inputs in = {.net = NULL};
	struct barista_evaluation e = {.model = &in.model, .explain = args->explain};
	int rc = cli_load_model(&in, &args->problem, args->output.quiet, err);

	if (!rc)
		rc = evaluate(&e, args->kernel, args->objective.interval, err);
	if (!rc)
		rc = cli_print(&barista_evaluation_document, &e, &args->output, err);
	if (!rc)
		rc = check_fits(&e, err);
	free(e.class_interval);
	free(e.result.class_time);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_eval = {
	.name = "eval",
	.summary =
		"one kernel: every term of the equations per layer and pass, what binds, resources",
	.example = "barista-dse eval -w alexnet-cifar10 -d aws-f1-vu9p -k 16x16x64:fp32 --explain",
	.options = CLI_NETWORK_OPTIONS | CLI_BIT(OPT_FAMILY) | CLI_BIT(OPT_DEVICE) |
		   CLI_BIT(OPT_KERNEL) | CLI_BIT(OPT_LOWERING) | CLI_BIT(OPT_LAYERS) |
		   CLI_BIT(OPT_HOST) | CLI_BIT(OPT_SET) | CLI_BIT(OPT_EXPLAIN) |
		   CLI_BIT(OPT_INTERVAL) | CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_QUIET) |
		   CLI_BIT(OPT_DATA) | CLI_BIT(OPT_HELP),
	.details = "Without -k: the published kernel, 16x16x64:fp32, or a design of the family. A "
		   "kernel that does not fit is\n"
		   "evaluated all the same, says why not, and exits with 1.\n",
	.run = run,
};
