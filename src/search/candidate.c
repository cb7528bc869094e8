/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A design and what it reaches: evaluated by itself, or asked about by callers of the library. */
#include "base/err.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "search/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *barista_metric_key(enum barista_metric metric)
{
	return metric < BARISTA_NMETRICS ? barista_metric_defs[metric].key : NULL;
}

/* Evaluates a design into the candidate and its row of times and PPW. */
static int evaluate(struct barista_candidate *c, double *row, const struct barista_model *model,
		    const char *text, struct barista_err *err)
{
	const struct barista_lowered *lowered = model->lowered;
	double *ppw = row + lowered->nclasses;
	struct barista_result result = {.class_time = row};
	int rc = model->family->parse(text, &c->point, err);

	if (!rc)
		rc = barista_evaluate_point(model, &c->point, &result, err);
	if (rc)
		return rc;
	memcpy(c->metric, result.metric, sizeof c->metric);
	c->score = c->metric[BARISTA_PPW_MEAN];
	barista_class_ppws(lowered, row, c->metric[BARISTA_POWER], ppw);
	c->class_time = row;
	c->class_ppw = ppw;
	return 0;
}

int barista_evaluate_design(struct barista_candidate **out, const struct barista_model *model,
			    const char *text, struct barista_err *err)
{
	/* The candidate and its row lie in one block. */
	struct barista_candidate *c =
		calloc(1, sizeof *c + 2 * model->lowered->nclasses * sizeof(double));
	int rc = c ? evaluate(c, (double *)(c + 1), model, text, err) : barista_no_memory(err);

	if (!rc)
		*out = c;
	else
		free(c);
	return rc;
}

void barista_candidate_free(struct barista_candidate *candidate)
{
	free(candidate);
}

double barista_candidate_metric(const struct barista_candidate *candidate,
				enum barista_metric metric)
{
	return metric < BARISTA_NMETRICS ? candidate->metric[metric] : (double)NAN;
}

bool barista_candidate_feasible(const struct barista_model *model,
				const struct barista_candidate *candidate)
{
	for (int b = 0; b < barista_nbudgets; b++)
		if (barista_budget_broken(b, candidate->metric[barista_budget_defs[b].metric],
					  barista_budget_limit(model->dev, b)))
			return false;
	return true;
}

double barista_candidate_layer_time(const struct barista_model *model,
				    const struct barista_candidate *candidate, size_t layer)
{
	if (!candidate->class_time || layer >= model->lowered->nlayers)
		return NAN;
	return candidate->class_time[model->lowered->class_of[layer]];
}

double barista_candidate_layer_ppw(const struct barista_model *model,
				   const struct barista_candidate *candidate, size_t layer)
{
	if (!candidate->class_ppw || layer >= model->lowered->nlayers)
		return NAN;
	return candidate->class_ppw[model->lowered->class_of[layer]];
}

size_t barista_candidate_text(const struct barista_model *model,
			      const struct barista_candidate *candidate, char *buf, size_t size)
{
	char text[BARISTA_POINT_TEXT];

	model->family->format(&candidate->point, text, sizeof text);
	return (size_t)snprintf(buf, size, "%s", text);
}
