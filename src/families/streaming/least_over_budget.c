/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The design that is least over the budgets. What it is over them grows with its multipliers and
 * with its block RAMs, so that it is among the designs that no other dominates in these two. They
 * are built layer by layer:
 *  1. Of the options of a layer only those that no other dominates in the two are tried.
 *  2. Every partial design of the layers before is combined with each of these, and of the sums
 *     those are kept that no other dominates.
 *  3. Of the complete designs the one that is least over the budgets is taken, and its options are
 *     found by the links that each partial design keeps to the one it was made from.
 * A layer costs as many sums as there are partial designs times its options, and their sorting.
 */
#include "families/streaming/front.h"
#include "base/err.h"
#include "model/metric.h"

#include <math.h>
#include <stdlib.h>

/* A design of the first layers. */
struct partial {
	double multipliers, bram;
	size_t before;   /* index of the partial design without its last layer */
	uint32_t option; /* of its last layer */
};

struct partials {
	struct partial *item;
	size_t n;
};

static int by_multipliers(const void *a, const void *b)
{
	const struct partial *x = a, *y = b;

	if (x->multipliers != y->multipliers)
		return x->multipliers < y->multipliers ? -1 : 1;
	return (x->bram > y->bram) - (x->bram < y->bram);
}

static void remove_dominated(struct partials *p)
{
	double least_bram = INFINITY;
	size_t kept = 0;

	qsort(p->item, p->n, sizeof *p->item, by_multipliers);
	for (size_t i = 0; i < p->n; i++) {
		if (!(p->item[i].bram < least_bram))
			continue;
		least_bram = p->item[i].bram;
		p->item[kept++] = p->item[i];
	}
	p->n = kept;
}

/* Step 1. */
static int list_options(const struct streaming_options *options, struct partials *out,
			struct barista_err *err)
{
	*out = (struct partials){malloc(options->n * sizeof *out->item), options->n};
	if (!out->item)
		return barista_no_memory(err);
	for (size_t i = 0; i < options->n; i++)
		out->item[i] = (struct partial){options->option[i].multipliers,
						options->option[i].bram, 0, (uint32_t)i};
	remove_dominated(out);
	return 0;
}

/* Step 2. */
static int combine(const struct partials *before, const struct partials *layer,
		   struct partials *out, struct barista_err *err)
{
	out->item = malloc(before->n * layer->n * sizeof *out->item);
	if (!out->item)
		return barista_no_memory(err);
	for (size_t i = 0; i < before->n; i++) {
		for (size_t k = 0; k < layer->n; k++) {
			const struct partial *a = &before->item[i], *b = &layer->item[k];

			out->item[out->n++] = (struct partial){a->multipliers + b->multipliers,
							       a->bram + b->bram, i, b->option};
		}
	}
	remove_dominated(out);
	return 0;
}

static int add_layer(const struct streaming_options *options, const struct partials *before,
		     struct partials *out, struct barista_err *err)
{
	struct partials layer;
	int rc = list_options(options, &layer, err);

	if (!rc)
		rc = combine(before, &layer, out, err);
	free(layer.item);
	return rc;
}

static double excess_of(const struct streaming_front *f, const struct partial *p)
{
	const struct barista_model *model = f->enumeration->model;
	double metric[BARISTA_NMETRICS], excess = 0;

	barista_streaming_resource_metrics(model, f->knob, p->multipliers, p->bram, metric);
	for (int b = 0; b < barista_nbudgets; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];
		double limit = barista_budget_limit(model->dev, b);

		if (!def->at_least && metric[def->metric] > limit)
			excess += metric[def->metric] / limit - 1;
	}
	return excess;
}

/* Step 3. */
static void choose(const struct streaming_front *f, const struct partials *partials, double *excess,
		   uint32_t *choice)
{
	const struct partials *complete = &partials[f->nlayers];
	size_t best = 0;

	*excess = INFINITY;
	for (size_t i = 0; i < complete->n; i++) {
		double over = excess_of(f, &complete->item[i]);

		if (over < *excess) {
			*excess = over;
			best = i;
		}
	}
	for (size_t l = f->nlayers; l-- > 0;) {
		choice[l] = partials[l + 1].item[best].option;
		best = partials[l + 1].item[best].before;
	}
}

int barista_streaming_least_over_budget(const struct streaming_front *f, double *excess,
					uint32_t *choice, struct barista_err *err)
{
	struct partial empty = {0};
	struct partials partials[BARISTA_MAX_UNROLLED + 1] = {{&empty, 1}};
	int rc = 0;

	for (size_t l = 0; l < f->nlayers && !rc; l++)
		rc = add_layer(&f->options[l], &partials[l], &partials[l + 1], err);
	if (!rc)
		choose(f, partials, excess, choice);
	for (size_t l = 0; l < f->nlayers; l++)
		free(partials[l + 1].item);
	return rc;
}
