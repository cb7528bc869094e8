/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file searches the boards of a report one after the other, and adds what --interval,
 * --what-if and --kernels ask of each. */
#include "cli/board_search.h"

#include "base/err.h"
#include "base/split.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/signals.h"
#include "cli/space.h"
#include "model/device.h"
#include "search/kernel_set.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/uncertainty.h"
#include "search/what_if.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The best kernel of a layer class: the class's own, or that of the network where all share one. */
static const struct barista_point *class_best(const struct barista_board *b, size_t class)
{
	return class < b->search->nranked ? &b->search->class_ranking[class].item[0].point
					  : &barista_board_choice(b)->point;
}

static bool same_point(const struct barista_board *b, const struct barista_point *p,
		       const struct barista_point *q)
{
	return !memcmp(p->knob, q->knob, b->model.family->nknobs * sizeof *p->knob) &&
	       p->nstages == q->nstages &&
	       !memcmp(p->stage, q->stage, p->nstages * sizeof *p->stage);
}

/* Adds the interval of the best kernel of every layer class. A kernel that is the best of several
 * is evaluated once. */
static int add_class_intervals(struct barista_board *b, struct cli_progress *progress,
			       struct barista_err *err)
{
	size_t nclasses = b->model.lowered->nclasses;
	struct barista_interval *all = calloc(nclasses, sizeof *all);
	bool *known = calloc(nclasses, sizeof *known);
	struct barista_uncertainty whole;
	int rc = all && known ? 0 : barista_no_memory(err);

	for (size_t i = 0; !rc && i < nclasses; i++) {
		if (known[i])
			continue;
		cli_progress_step(progress, (double)i, (double)nclasses, (double)NAN);
		rc = barista_uncertainty_run(&b->model, class_best(b, i), 1, BARISTA_TIME, &whole,
					     all, cli_stop_signal(), err);
		for (size_t j = i; j < nclasses; j++) {
			if (known[j] || !same_point(b, class_best(b, i), class_best(b, j)))
				continue;
			b->class_interval[j] = all[j];
			known[j] = true;
		}
	}
	free(known);
	free(all);
	return rc;
}

static int add_intervals(struct barista_board *b, bool quiet, struct barista_err *err)
{
	const struct barista_ranking *top = barista_search_top(b->search);
	enum barista_metric by = barista_objective_metric(b->search->objective);
	struct barista_point *point = calloc(top->n, sizeof *point);
	struct cli_progress progress;
	int rc;

	b->uncertainty = calloc(top->n, sizeof *b->uncertainty);
	b->class_interval = calloc(b->model.lowered->nclasses, sizeof *b->class_interval);
	rc = point && b->uncertainty && b->class_interval ? 0 : barista_no_memory(err);
	for (size_t i = 0; !rc && i < top->n; i++)
		point[i] = top->item[i].point;
	if (!rc)
		rc = barista_uncertainty_run(&b->model, point, top->n, by, b->uncertainty, NULL,
					     cli_stop_signal(), err);
	free(point);
	if (rc)
		return rc;
	cli_progress_start(&progress, "intervals", quiet);
	rc = add_class_intervals(b, &progress, err);
	cli_progress_end(&progress);
	return rc;
}

static int add_what_if(struct barista_board *b, const struct barista_search_options *o,
		       struct barista_err *err)
{
	b->what_if = calloc(BARISTA_WHAT_IF_PARAMS, sizeof *b->what_if);
	return b->what_if ? barista_what_if(&b->model, &b->space, o, b->what_if, err)
			  : barista_no_memory(err);
}

/* The best kernels together are chosen among the best few of every layer, and ties with rank 1 are
 * looked for among the next few: more are kept than shown. */
static struct barista_search_options search_options(const struct cli_objective_options *o,
						    const double *baseline)
{
	const size_t few = 24, top = (size_t)o->top;

	return (struct barista_search_options){
		.objective = (enum barista_rank)o->objective,
		.deadline = isnan(o->deadline.value) ? 0 : o->deadline.value,
		.baseline = baseline,
		.keep = (o->kernels > 1 || o->interval) && top < few ? few : top,
		.pareto = o->pareto.metric,
		.npareto = o->pareto.n,
		.stop = cli_stop_signal(),
	};
}

/* Adds the answers that follow from a search. */
static int add_answers(struct barista_board *b, const struct cli_objective_options *o,
		       const struct barista_search_options *options, bool quiet,
		       struct barista_err *err)
{
	int rc = 0;

	b->meets_deadline = barista_board_choice(b)->metric[BARISTA_TIME] <= o->deadline.value;
	if (b->model.family->per_layer)
		rc = barista_search_kernel_set(b->search, (size_t)o->kernels, cli_stop_signal(),
					       &b->set, err);
	if (!rc && o->interval)
		rc = add_intervals(b, quiet, err);
	if (rc || !o->what_if)
		return rc;
	return b->search->partial ? BARISTA_E_STOPPED : add_what_if(b, options, err);
}

static int search_board(struct barista_board *b, const struct barista_report *r,
			struct cli_board_search *s, struct barista_err *err)
{
	struct barista_search_options options = search_options(s->objective, r->baseline_ppw);
	int rc;

	b->model = (struct barista_model){b->dev, r->lowered, s->problem->family};
	rc = cli_make_space(&b->space, &b->model, s->space, err);
	if (!rc)
		rc = cli_sweep_files_prepare(&s->files, &options, s->sweep, &b->model, &b->space,
					     r->command, err);
	if (!rc)
		rc = cli_search_run(&b->search, &b->model, &b->space, options, s->quiet, err);
	/* Of several processes only the first one has the result. */
	return rc || cli_ranks()->rank ? rc : add_answers(b, s->objective, &options, s->quiet, err);
}

static void drop_answers(struct barista_board *b)
{
	free(b->uncertainty);
	free(b->class_interval);
	free(b->what_if);
	b->uncertainty = NULL;
	b->class_interval = NULL;
	b->what_if = NULL;
}

void cli_drop_board(struct barista_board *b)
{
	drop_answers(b);
	barista_search_free(b->search);
	barista_device_free(b->dev);
	*b = (struct barista_board){.dev = NULL};
}

bool cli_without_kernel(int status)
{
	return status == BARISTA_E_INFEASIBLE || status == BARISTA_E_STOPPED;
}

static int load_board(struct barista_board *b, const struct barista_report *r, const char *name,
		      const struct cli_problem_options *o, struct barista_err *err)
{
	int rc = cli_load_device(&b->dev, name, cli_data_dir(o->data), r->host, &o->board, err);

	for (size_t i = 0; !rc && i < r->nboards; i++)
		if (!strcmp(r->board[i].dev->name, b->dev->name))
			rc = barista_fail(err, BARISTA_E_ARGUMENT,
					  "--device: '%.80s': two boards are named '%.80s'; change "
					  "the name inside a file that you copied",
					  name, b->dev->name);
	return rc;
}

/* Adds the board of that name to those that were searched, or to those that are left out. */
static int add_board(struct barista_report *r, const char *name, struct cli_board_search *s,
		     struct barista_err *err)
{
	struct barista_board *b = &r->board[r->nboards];
	int rc = load_board(b, r, name, s->problem, err);

	if (!rc)
		rc = search_board(b, r, s, err);
	if (rc == BARISTA_E_STOPPED && b->search) {
		/* All boards have the same answers, or none of them has any. */
		for (size_t i = 0; i <= r->nboards; i++)
			drop_answers(&r->board[i]);
		r->unanswered = true;
		rc = 0;
	}
	if (!rc) {
		r->nboards++;
		return 0;
	}
	cli_drop_board(b);
	if (cli_without_kernel(rc)) {
		struct barista_excluded *e = &r->excluded[r->nexcluded++];

		e->stopped = rc != BARISTA_E_INFEASIBLE;
		snprintf(e->why, sizeof e->why, "%s", err->msg);
	}
	return rc;
}

int cli_search_boards(struct barista_report *r, struct cli_board_search *s, struct barista_err *err)
{
	char name[4096];
	int rc = 0;

	for (const char *rest = cli_device(&s->problem->board, s->problem->family); rest;) {
		size_t n = barista_split_next(&rest, name, sizeof name);

		if (r->nboards + r->nexcluded == CLI_MAX_BOARDS || n >= sizeof name)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "--device: more than %d boards", CLI_MAX_BOARDS);
		rc = add_board(r, name, s, err);
		if (rc && !cli_without_kernel(rc))
			return rc;
	}
	return r->nboards ? 0 : rc;
}
