/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file shows one design in every detail: terms, layers, resources. */
#include "report/evaluation.h"

#include "model/device.h"
#include "model/family.h"
#include "model/metric.h"
#include "search/nearest_fit.h"
#include "network/workload.h"
#include "report/breakdown.h"

#include <math.h>

/* ---- terms: a row per layer and pass */

/* The names of some columns have to be made up, and live here. */
struct term_columns {
	struct barista_column column[2 * BARISTA_MAX_TERMS + 8];
	char name[BARISTA_MAX_TERMS][24];
	size_t n;
};

/* Inputs of the equations that are the same in every row are left out. */
static bool varies(const struct barista_term *t)
{
	return t->formula != NULL;
}

static void make_columns(struct term_columns *c, const struct barista_family *f)
{
	static const char *const sizes[] = {"M", "N", "K"};

	c->n = 0;
	c->column[c->n++] = barista_text_column("layer");
	c->column[c->n++] = barista_text_column(f->terms ? "pass" : "part");
	for (size_t i = 0; i < 3 && !f->pipelined; i++)
		c->column[c->n++] = barista_real_column(sizes[i], BARISTA_DIM_COUNT);
	c->column[c->n++] = barista_real_column(f->terms ? "GEMMs per image" : "times per image",
						BARISTA_DIM_COUNT);
	for (size_t t = 0; t < f->nterms; t++)
		if (varies(&f->term[t]))
			c->column[c->n++] =
				barista_real_column(f->term[t].symbol, f->term[t].dimension);
	for (size_t t = 0; barista_next_part(f, &t); t++) {
		snprintf(c->name[t], sizeof c->name[t], "%s %%", f->term[t].label);
		c->column[c->n++] = barista_real_column(c->name[t], BARISTA_DIM_COUNT);
	}
	c->column[c->n++] = barista_text_column("binds");
}

static double total_of(const struct barista_family *f, const double *value)
{
	double total = 0;

	for (size_t t = 0; t < f->nterms; t++)
		if (f->term[t].role & BARISTA_ROLE_TOTAL)
			total = value[t];
	return total;
}

static void add_row(struct barista_table *table, const struct barista_model *model,
		    const struct barista_point *point, size_t layer, size_t i)
{
	const struct barista_family *f = model->family;
	struct barista_time_part part;
	const double *value = part.value;

	barista_time_part(model, point, model->lowered->class_of[layer], i, &part);
	barista_cell_text(table, model->lowered->name[layer]);
	barista_cell_text(table, part.name);
	if (!f->pipelined) {
		barista_cell_real(table, part.m);
		barista_cell_real(table, part.n);
		barista_cell_real(table, part.k);
	}
	barista_cell_real(table, part.per_image);
	for (size_t t = 0; t < f->nterms; t++)
		if (varies(&f->term[t]))
			barista_cell_real(table, value[t]);
	for (size_t t = 0; barista_next_part(f, &t); t++)
		barista_cell_real(table, 100 * value[t] / total_of(f, value));
	barista_cell_text(table, barista_bottleneck(f, value));
}

static struct barista_table *terms_table(const void *evaluation)
{
	const struct barista_evaluation *e = evaluation;
	const struct barista_lowered *lowered = e->model->lowered;
	struct term_columns c;
	struct barista_table *t;

	make_columns(&c, e->model->family);
	t = barista_table_make(c.column, c.n);
	for (size_t l = 0; t && l < lowered->nlayers; l++) {
		size_t n = barista_time_part_count(e->model, &e->point, lowered->class_of[l]);

		for (size_t i = 0; i < n; i++)
			add_row(t, e->model, &e->point, l, i);
	}
	return t;
}

/* ---- layers: a row each, all passes together */

static void add_layer(struct barista_table *t, const struct barista_evaluation *e, size_t layer)
{
	const struct barista_lowered *lowered = e->model->lowered;
	size_t class = lowered->class_of[layer];
	double work = lowered->layer_class[class].ops, time = e->result.class_time[class];
	double ops = barista_own_ops(e->model, class);
	struct barista_stages stages;

	barista_class_stages(e->model, &e->point, class, &stages);
	barista_cell_text(t, lowered->name[layer]);
	barista_cell_real(t, time);
	barista_cell_real(t, work);
	barista_cell_real(t, ops / time);
	barista_cell_real(t, ops / time / e->result.metric[BARISTA_POWER]);
	barista_cell_text(t, stages.binds);
	if (e->class_interval) {
		barista_cell_real(t, e->class_interval[class].lo);
		barista_cell_real(t, e->class_interval[class].hi);
	}
}

static struct barista_table *layers_table(const struct barista_evaluation *e)
{
	struct barista_table *t = barista_table_headed(
		e->class_interval ? "layer; time [s]; work [op]; rate [op/s]; ppw [op/s/W]; binds; "
				    "time low [s]; time high [s]"
				  : "layer; time [s]; work [op]; rate [op/s]; ppw [op/s/W]; binds");

	for (size_t l = 0; t && l < e->model->lowered->nlayers; l++)
		add_layer(t, e, l);
	return t;
}

/* ---- resources: a row per budget */

static const char *verdict(const struct barista_evaluation *e, int budget)
{
	const struct barista_quantity *param = e->model->dev->param;

	if (e->result.over >> budget & 1)
		return "exceeded";
	if (barista_budget_defs[budget].metric == BARISTA_DSP &&
	    e->result.metric[BARISTA_DSP] >
		    param[BARISTA_FLAG_DSP].value * param[BARISTA_RES_DSP].value)
		return "flagged: may not route";
	return "ok";
}

static void add_resource(struct barista_table *t, const struct barista_evaluation *e, int budget)
{
	const struct barista_budget_def *def = &barista_budget_defs[budget];
	double total = def->total < 0 ? 1 : e->model->dev->param[def->total].value;
	const struct barista_metric_def *metric = &barista_metric_defs[def->metric];
	double used = e->result.metric[def->metric];
	char name[64];

	/* A rule without a total is of interest only when it is not met; infinity means that the
	 * family does not use the resource, and NaN that there is no limit. */
	if ((def->total < 0 && used >= 1) || isinf(used) || isnan(total))
		return;
	snprintf(name, sizeof name, "%s%s%s%s", metric->name, *metric->unit ? ", " : "",
		 metric->unit, def->at_least ? " (at least)" : "");
	barista_cell_text(t, name);
	barista_cell_real(t, used);
	barista_cell_real(t, barista_budget_limit(e->model->dev, budget));
	barista_cell_real(t, total);
	barista_cell_real(t, def->at_least ? (double)NAN : 100 * used / total);
	barista_cell_text(t, verdict(e, budget));
}

static struct barista_table *resources_table(const struct barista_evaluation *e)
{
	struct barista_table *t = barista_table_headed(
		"resource; used [1]; usable [1]; total [1]; used of total % [1]; verdict");

	for (int b = 0; t && b < barista_nbudgets; b++)
		add_resource(t, e, b);
	return t;
}

/* ---- text and JSON */

static void put_interval(FILE *f, const char *what, struct barista_interval i,
			 enum barista_dimension dim)
{
	char lo[64], hi[64];

	fprintf(f, "%s %s to %s", what, barista_prose_quantity(lo, i.lo, dim),
		barista_prose_quantity(hi, i.hi, dim));
}

static void put_figures(FILE *f, const struct barista_evaluation *e)
{
	const struct barista_lowered *lowered = e->model->lowered;
	const double *metric = e->result.metric;
	char time[64], mean[64], total[64], power[64];

	barista_prose_quantity(mean, metric[BARISTA_PPW_MEAN], BARISTA_DIM_OP_PER_S_W);
	barista_prose_quantity(total, metric[BARISTA_PPW_TOTAL], BARISTA_DIM_OP_PER_S_W);
	barista_prose_quantity(power, metric[BARISTA_POWER], BARISTA_DIM_WATT);
	fprintf(f, "%s per %simage; PPW ",
		barista_prose_quantity(time, metric[BARISTA_TIME], BARISTA_DIM_SECOND),
		lowered->training ? "training " : "");
	if (e->model->family->pipelined)
		fprintf(f, "%s; %s\n", total, power);
	else
		fprintf(f, "%s mean over %zu layers, %s in total; %s\n", mean, lowered->nworking,
			total, power);
}

static void put_summary(FILE *f, const struct barista_evaluation *e)
{
	const struct barista_family *family = e->model->family;
	const struct barista_workload *net = e->model->lowered->net;
	char kernel[BARISTA_POINT_TEXT], bottleneck[128];

	family->format(&e->point, kernel, sizeof kernel);
	fprintf(f, "%s\non %s, kernel %s\n", net->title, e->model->dev->title, kernel);
	put_figures(f, e);
	if (family->bottleneck) {
		family->bottleneck(e->model, &e->point, bottleneck, sizeof bottleneck);
		fprintf(f, "%s\n", bottleneck);
	}
	if (net->incomplete)
		fprintf(f, "INCOMPLETE: %s\n", net->incomplete);
	if (e->class_interval) {
		put_interval(f, "90 % intervals: time", e->uncertainty.time, BARISTA_DIM_SECOND);
		put_interval(f, ", mean PPW", e->uncertainty.ppw_mean, BARISTA_DIM_OP_PER_S_W);
		fputc('\n', f);
	}
	fputc('\n', f);
}

static void explain_class(FILE *f, const struct barista_evaluation *e, size_t class)
{
	const struct barista_lowered *lowered = e->model->lowered;
	const struct barista_family *family = e->model->family;
	struct barista_time_part part;
	size_t first = 0, n = barista_time_part_count(e->model, &e->point, class);

	while (lowered->class_of[first] != class)
		first++;
	for (size_t i = 0; i < n; i++) {
		barista_time_part(e->model, &e->point, class, i, &part);
		fprintf(f, "\nlayer %s%s, %s %s, %s per image: %g\n", lowered->name[first],
			lowered->layer_class[class].multiplicity > 1 ? " (and those like it)" : "",
			family->terms ? "pass" : "part", part.name,
			family->terms ? "GEMMs" : "times", part.per_image);
		barista_explain(family, part.value, f);
	}
}

static void text(struct barista_prose *p, const void *evaluation)
{
	const struct barista_evaluation *e = evaluation;
	const struct barista_lowered *lowered = e->model->lowered;

	put_summary(p->f, e);
	barista_prose_table(p, terms_table(e), true);
	fprintf(p->f, "\nper layer, all passes, per %simage%s\n",
		lowered->training ? "training " : "",
		e->model->family->pipelined
			? "; layers work at the same time, so their times do not add up"
			: "");
	barista_prose_break(p);
	barista_prose_table(p, layers_table(e), true);
	fprintf(p->f, "\nresources\n");
	barista_prose_break(p);
	barista_prose_table(p, resources_table(e), true);
	for (size_t i = 0; e->explain && i < lowered->nclasses; i++)
		explain_class(p->f, e, i);
}

static json_t *metrics_json(const double *metric)
{
	json_t *metrics = json_object();

	for (int m = 0; m < BARISTA_NMETRICS; m++)
		barista_json_set_real(metrics, barista_metric_defs[m].key, metric[m]);
	return metrics;
}

static json_t *json(const void *evaluation)
{
	const struct barista_evaluation *e = evaluation;
	const struct barista_workload *net = e->model->lowered->net;
	json_t *root = json_object();
	char kernel[BARISTA_POINT_TEXT], why_not[400], nearest[BARISTA_POINT_TEXT] = "";
	struct barista_point fit;

	e->model->family->format(&e->point, kernel, sizeof kernel);
	barista_explain_infeasible(e->model, &e->result, why_not, sizeof why_not);
	barista_json_set_text(root, "workload", net->name);
	barista_json_set_text(root, "incomplete", net->incomplete);
	barista_json_set_text(root, "device", e->model->dev->name);
	barista_json_set_text(root, "kernel", kernel);
	barista_json_set_bool(root, "feasible", !e->result.over);
	barista_json_set_text(root, "why_not", *why_not ? why_not : NULL);
	if (e->result.over && barista_nearest_fit(e->model, &e->point, &fit))
		e->model->family->format(&fit, nearest, sizeof nearest);
	barista_json_set_text(root, "nearest_fit", *nearest ? nearest : NULL);
	barista_json_set(root, "metrics", metrics_json(e->result.metric));
	if (e->class_interval)
		barista_json_set(root, "intervals",
				 json_pack("{s:[f,f], s:[f,f]}", "time_s", e->uncertainty.time.lo,
					   e->uncertainty.time.hi, "ppw_mean",
					   e->uncertainty.ppw_mean.lo, e->uncertainty.ppw_mean.hi));
	barista_json_set(root, "resources", barista_table_json_free(resources_table(e)));
	barista_json_set(root, "layers", barista_table_json_free(layers_table(e)));
	barista_json_set(root, e->model->family->terms ? "gemms" : "parts",
			 barista_table_json_free(terms_table(e)));
	return root;
}

const struct barista_document barista_evaluation_document = {text, terms_table, json};
