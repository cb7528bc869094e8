/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "barista/family.h"
#include "cli/inputs.h"
#include "io/unit.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/metric.h"
#include "network/workload.h"
#include "report/breakdown.h"
#include "search/uncertainty.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One row per layer and pass: the inputs that differ, every derived term, the share of
 * each part of the time, and what binds. */
struct term_columns {
	struct barista_column column[2 * BARISTA_MAX_TERMS + 8];
	char name[BARISTA_MAX_TERMS][24];
	size_t n;
};

static bool shown(const struct barista_term *t)
{
	return t->formula != NULL;
}

static void make_columns(struct term_columns *c, const struct barista_family *f)
{
	c->n = 0;
	c->column[c->n++] = (struct barista_column){"layer", BARISTA_TEXT, 0};
	c->column[c->n++] = (struct barista_column){f->terms ? "pass" : "part", BARISTA_TEXT, 0};
	if (!f->pipelined) {
		c->column[c->n++] = (struct barista_column){"M", BARISTA_REAL, BARISTA_DIM_COUNT};
		c->column[c->n++] = (struct barista_column){"N", BARISTA_REAL, BARISTA_DIM_COUNT};
		c->column[c->n++] = (struct barista_column){"K", BARISTA_REAL, BARISTA_DIM_COUNT};
	}
	c->column[c->n++] = (struct barista_column){
		f->terms ? "GEMMs per image" : "times per image", BARISTA_REAL, BARISTA_DIM_COUNT};
	for (size_t t = 0; t < f->nterms; t++)
		if (shown(&f->term[t]))
			c->column[c->n++] = (struct barista_column){f->term[t].symbol, BARISTA_REAL,
								    f->term[t].dimension};
	for (size_t t = 0; t < f->nterms; t++) {
		if (!(f->term[t].role & BARISTA_ROLE_PART))
			continue;
		snprintf(c->name[t], sizeof c->name[t], "%s %%", f->term[t].label);
		c->column[c->n++] =
			(struct barista_column){c->name[t], BARISTA_REAL, BARISTA_DIM_COUNT};
	}
	c->column[c->n++] = (struct barista_column){"binds", BARISTA_TEXT, 0};
}

static void add_row(struct barista_table *t, const struct barista_model *model,
		    const struct barista_point *point, size_t layer, size_t i_part)
{
	const struct barista_family *f = model->family;
	struct barista_time_part part;
	const double *v = part.value;
	double total = 0;

	barista_time_part(model, point, model->lowered->class_of[layer], i_part, &part);
	for (size_t i = 0; i < f->nterms; i++)
		if (f->term[i].role & BARISTA_ROLE_TOTAL)
			total = v[i];
	barista_cell_text(t, model->lowered->name[layer]);
	barista_cell_text(t, part.name);
	if (!f->pipelined) {
		barista_cell_real(t, part.m);
		barista_cell_real(t, part.n);
		barista_cell_real(t, part.k);
	}
	barista_cell_real(t, part.per_image);
	for (size_t i = 0; i < f->nterms; i++)
		if (shown(&f->term[i]))
			barista_cell_real(t, v[i]);
	for (size_t i = 0; i < f->nterms; i++)
		if (f->term[i].role & BARISTA_ROLE_PART)
			barista_cell_real(t, 100 * v[i] / total);
	barista_cell_text(t, barista_bottleneck(f, v));
}

static struct barista_table *make_rows(const struct barista_model *model,
				       const struct barista_point *point,
				       const struct term_columns *c)
{
	struct barista_table *t = barista_table_make(c->column, c->n);

	for (size_t l = 0; t && l < model->lowered->nlayers; l++)
		for (size_t i = 0;
		     i < barista_time_part_count(model, point, model->lowered->class_of[l]); i++)
			add_row(t, model, point, l, i);
	return t;
}

static const struct barista_column layer_columns[] = {
	{"layer", BARISTA_TEXT, 0},
	{"time", BARISTA_REAL, BARISTA_DIM_SECOND},
	{"work", BARISTA_REAL, BARISTA_DIM_OP},
	{"rate", BARISTA_REAL, BARISTA_DIM_OP_PER_S},
	{"ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
	{"binds", BARISTA_TEXT, 0},
	{"time low", BARISTA_REAL, BARISTA_DIM_SECOND},
	{"time high", BARISTA_REAL, BARISTA_DIM_SECOND},
};

/* What --interval adds; classes is NULL without it. */
struct intervals {
	struct barista_uncertainty whole;
	struct barista_interval *class;
};

static struct barista_table *make_layers(const struct barista_model *model,
					 const struct barista_point *point,
					 const struct barista_result *result,
					 const struct intervals *intervals)
{
	const struct barista_lowered *lowered = model->lowered;
	struct barista_table *t = barista_table_make(layer_columns, intervals->class ? 8 : 6);

	for (size_t l = 0; t && l < lowered->nlayers; l++) {
		size_t s = lowered->class_of[l];
		double ops = lowered->layer_class[s].ops > 0 && !model->family->pipelined
				     ? lowered->layer_class[s].ops
				     : (double)NAN;
		struct barista_stages stages;

		barista_class_stages(model, point, s, &stages);
		barista_cell_text(t, lowered->name[l]);
		barista_cell_real(t, result->class_time[s]);
		barista_cell_real(t, lowered->layer_class[s].ops);
		barista_cell_real(t, ops / result->class_time[s]);
		barista_cell_real(t, ops / result->class_time[s] / result->metric[BARISTA_POWER]);
		barista_cell_text(t, stages.binds);
		if (intervals->class) {
			barista_cell_real(t, intervals->class[s].lo);
			barista_cell_real(t, intervals->class[s].hi);
		}
	}
	return t;
}

static const struct barista_column resource_columns[] = {
	{"resource", BARISTA_TEXT, 0},
	{"used", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"usable", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"total", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"used of total %", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"verdict", BARISTA_TEXT, 0},
};

static const char *verdict(const struct barista_model *model, const struct barista_result *r, int b)
{
	const struct barista_quantity *fact = model->dev->param;

	if (r->over >> b & 1)
		return "exceeded";
	if (barista_budget_defs[b].metric == BARISTA_DSP &&
	    r->metric[BARISTA_DSP] > fact[BARISTA_FLAG_DSP].value * fact[BARISTA_RES_DSP].value)
		return "flagged: may not route";
	return "ok";
}

static struct barista_table *make_resources(const struct barista_model *model,
					    const struct barista_result *r)
{
	struct barista_table *t = barista_table_make(resource_columns, 6);

	for (int b = 0; t && b < BARISTA_NBUDGETS; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];
		double total = def->total < 0 ? 1 : model->dev->param[def->total].value;
		char name[64];

		if ((def->total < 0 && r->metric[def->metric] >= 1) ||
		    isinf(r->metric[def->metric]))
			continue; /* of interest only when it is not met, and where it means
				     anything */
		snprintf(name, sizeof name, def->at_least ? "%s, bits (at least)" : "%s",
			 barista_metric_defs[def->metric].name);
		barista_cell_text(t, name);
		barista_cell_real(t, r->metric[def->metric]);
		barista_cell_real(t, barista_budget_limit(model->dev, b));
		barista_cell_real(t, total);
		barista_cell_real(t, def->at_least ? (double)NAN
						   : 100 * r->metric[def->metric] / total);
		barista_cell_text(t, verdict(model, r, b));
	}
	return t;
}

static void print_interval(const char *what, struct barista_interval i, enum barista_dimension dim)
{
	char lo[64], hi[64];

	barista_quantity_format(lo, sizeof lo, i.lo, dim);
	barista_quantity_format(hi, sizeof hi, i.hi, dim);
	printf("%s %s to %s", what, lo, hi);
}

static void print_summary(const struct cli_inputs *in, const struct barista_point *point,
			  const char *kernel, const struct barista_result *r,
			  const struct intervals *intervals)
{
	char text[4][64], binds[128];

	barista_quantity_format(text[0], 64, r->metric[BARISTA_TIME], BARISTA_DIM_SECOND);
	barista_quantity_format(text[1], 64, r->metric[BARISTA_PPW_MEAN], BARISTA_DIM_OP_PER_S_W);
	barista_quantity_format(text[2], 64, r->metric[BARISTA_PPW_TOTAL], BARISTA_DIM_OP_PER_S_W);
	barista_quantity_format(text[3], 64, r->metric[BARISTA_POWER], BARISTA_DIM_WATT);
	printf("%s\non %s, kernel %s\n%s per %simage; PPW ", in->net->title, in->dev->title, kernel,
	       text[0], in->lowered->training ? "training " : "");
	if (in->model.family->pipelined)
		printf("%s; %s\n", text[2], text[3]);
	else
		printf("%s mean over %zu layers, %s in total; %s\n", text[1], in->lowered->nworking,
		       text[2], text[3]);
	if (in->model.family->bottleneck) {
		in->model.family->bottleneck(&in->model, point, binds, sizeof binds);
		printf("%s\n", binds);
	}
	if (in->net->incomplete)
		printf("INCOMPLETE: %s\n", in->net->incomplete);
	if (intervals->class) {
		print_interval("90 % intervals: time", intervals->whole.time, BARISTA_DIM_SECOND);
		print_interval(", mean PPW", intervals->whole.ppw_mean, BARISTA_DIM_OP_PER_S_W);
		putchar('\n');
	}
	putchar('\n');
}

static int print_tables(const struct cli_inputs *in, const struct barista_point *point,
			const struct barista_result *r, const struct term_columns *c,
			const struct intervals *intervals, const struct cli_args *args,
			struct barista_err *err)
{
	int rc = cli_print_table(args, make_rows(&in->model, point, c), err);

	if (rc || args->format == BARISTA_CSV)
		return rc;
	printf("\nper layer, all passes, per %simage%s\n", in->lowered->training ? "training " : "",
	       in->model.family->pipelined
		       ? "; layers work at the same time, so their times do not add up"
		       : "");
	if ((rc = cli_print_table(args, make_layers(&in->model, point, r, intervals), err)))
		return rc;
	printf("\nresources\n");
	return cli_print_table(args, make_resources(&in->model, r), err);
}

static void explain(const struct cli_inputs *in, const struct barista_point *point)
{
	const struct barista_lowered *lowered = in->lowered;
	const struct barista_family *f = in->model.family;
	struct barista_time_part part;

	for (size_t s = 0; s < lowered->nclasses; s++) {
		size_t first = 0;

		while (lowered->class_of[first] != s)
			first++;
		for (size_t i = 0; i < barista_time_part_count(&in->model, point, s); i++) {
			barista_time_part(&in->model, point, s, i, &part);
			printf("\nlayer %s%s, %s %s, %s per image: %g\n", lowered->name[first],
			       lowered->layer_class[s].multiplicity > 1 ? " (and those like it)"
									: "",
			       f->terms ? "pass" : "part", part.name, f->terms ? "GEMMs" : "times",
			       part.per_image);
			barista_explain(f, part.value, stdout);
		}
	}
}

static json_t *result_json(const struct cli_inputs *in, const struct barista_point *point,
			   const char *kernel, const struct barista_result *r,
			   const struct term_columns *c, const struct intervals *intervals)
{
	struct barista_table *rows = make_rows(&in->model, point, c);
	struct barista_table *layers = make_layers(&in->model, point, r, intervals);
	struct barista_table *resources = make_resources(&in->model, r);
	json_t *root = json_object(), *metrics = json_object();
	char why[400];

	for (int m = 0; m < BARISTA_NMETRICS; m++)
		json_object_set_new(metrics, barista_metric_defs[m].key,
				    barista_json_real(r->metric[m]));
	barista_explain_infeasible(&in->model, r, why, sizeof why);
	json_object_set_new(root, "workload", json_string(in->net->name));
	json_object_set_new(root, "incomplete",
			    in->net->incomplete ? json_string(in->net->incomplete) : json_null());
	json_object_set_new(root, "device", json_string(in->dev->name));
	json_object_set_new(root, "kernel", json_string(kernel));
	json_object_set_new(root, "feasible", json_boolean(!r->over));
	json_object_set_new(root, "why_not", *why ? json_string(why) : json_null());
	json_object_set_new(root, "metrics", metrics);
	if (intervals->class)
		json_object_set_new(root, "intervals",
				    json_pack("{s:[f,f], s:[f,f]}", "time_s",
					      intervals->whole.time.lo, intervals->whole.time.hi,
					      "ppw_mean", intervals->whole.ppw_mean.lo,
					      intervals->whole.ppw_mean.hi));
	json_object_set_new(root, "resources", resources ? barista_table_json(resources) : NULL);
	json_object_set_new(root, "layers", layers ? barista_table_json(layers) : NULL);
	json_object_set_new(root, in->model.family->terms ? "gemms" : "parts",
			    rows ? barista_table_json(rows) : NULL);
	barista_table_free(rows);
	barista_table_free(layers);
	barista_table_free(resources);
	return root;
}

static int report(const struct cli_inputs *in, const struct barista_point *point,
		  const struct barista_result *r, const struct intervals *intervals,
		  const struct cli_args *args, struct barista_err *err)
{
	struct term_columns c;
	char kernel[BARISTA_POINT_TEXT], why[400];
	int rc;

	make_columns(&c, in->model.family);
	in->model.family->format(point, kernel, sizeof kernel);
	if (args->format == BARISTA_JSON) {
		rc = barista_json_print(result_json(in, point, kernel, r, &c, intervals), stdout,
					err);
	} else {
		if (args->format == BARISTA_TABLE)
			print_summary(in, point, kernel, r, intervals);
		rc = print_tables(in, point, r, &c, intervals, args, err);
		if (!rc && args->explain && args->format == BARISTA_TABLE)
			explain(in, point);
	}
	if (rc || !r->over)
		return rc;
	barista_explain_infeasible(&in->model, r, why, sizeof why);
	return barista_fail(err, BARISTA_E_INFEASIBLE,
			    "why not: %.400s does not fit on '%.80s': %s", kernel, in->dev->name,
			    why);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct intervals intervals;
	struct barista_result result;
	struct barista_point point;
	struct cli_inputs in;
	int rc = cli_load(&in, args, err);

	result.class_time = rc ? NULL : calloc(in.lowered->nclasses, sizeof *result.class_time);
	intervals.class = rc || !args->interval
				  ? NULL
				  : calloc(in.lowered->nclasses, sizeof *intervals.class);
	if (!rc && (!result.class_time || (args->interval && !intervals.class)))
		rc = barista_no_memory(err);
	if (!rc &&
	    !(rc = cli_parse_kernel(&in,
				    args->kernel ? args->kernel : in.model.family->default_design,
				    &point, err)) &&
	    !(rc = barista_evaluate_point(&in.model, &point, &result, err)) && args->interval)
		rc = barista_uncertainty_run(&in.model, &point, 1, &intervals.whole,
					     intervals.class, err);
	if (!rc)
		rc = report(&in, &point, &result, &intervals, args, err);
	free(intervals.class);
	free(result.class_time);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_eval = {
	.name = "eval",
	.summary =
		"one kernel: every term of the equations per layer and pass, what binds, resources",
	.operands = "",
	.example = "barista-dse eval -w alexnet-cifar10 -d aws-f1-vu9p -k 16x16x64:fp32 --explain",
	.details = "Without -k: the published kernel, 16x16x64:fp32, or a design of the family. A "
		   "kernel that does not fit is\n"
		   "evaluated all the same, says why not, and exits with 1.\n",
	.options = CLI_NETWORK_OPTIONS | 1ULL << OPT_FAMILY | 1ULL << OPT_DEVICE |
		   1ULL << OPT_KERNEL | 1ULL << OPT_LOWERING | 1ULL << OPT_LAYERS |
		   1ULL << OPT_HOST | 1ULL << OPT_SET | 1ULL << OPT_EXPLAIN | 1ULL << OPT_INTERVAL |
		   1ULL << OPT_FORMAT | 1ULL << OPT_QUIET | 1ULL << OPT_DATA | 1ULL << OPT_HELP,
	.min_operands = 0,
	.max_operands = 0,
	.run = run,
};
