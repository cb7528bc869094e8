/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "barista/family.h"
#include "cli/inputs.h"
#include "import/format.h"
#include "import/graph.h"
#include "import/source.h"
#include "io/catalog.h"
#include "io/unit.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/workload.h"

#include <math.h>
#include <string.h>

/* ---- devices and baselines: a row per fact ---- */

static const struct barista_column fact_columns[] = {
	{"key", BARISTA_TEXT, 0},    {"value", BARISTA_TEXT, 0},
	{"range", BARISTA_TEXT, 0},  {"si_value", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"unit", BARISTA_TEXT, 0},   {"status", BARISTA_TEXT, 0},
	{"source", BARISTA_TEXT, 0}, {"note", BARISTA_TEXT, 0},
};

static void add_fact(struct barista_table *t, const char *key, const struct barista_quantity *f,
		     enum barista_dimension dim)
{
	char value[64], low[64], high[64], range[160] = "";

	if (isnan(f->value))
		return;
	barista_quantity_format(value, sizeof value, f->value, dim);
	barista_quantity_format(low, sizeof low, f->low, dim);
	barista_quantity_format(high, sizeof high, f->high, dim);
	if (f->high > f->low)
		snprintf(range, sizeof range, "%s to %s", low, high);
	barista_cell_text(t, key);
	barista_cell_text(t, value);
	barista_cell_text(t, range);
	barista_cell_real(t, f->value);
	barista_cell_text(t, *barista_dimension_unit(dim) ? barista_dimension_unit(dim) : "-");
	barista_cell_text(t, f->status);
	barista_cell_text(t, f->source);
	barista_cell_text(t, f->note ? f->note : "");
}

static void say_title(const struct cli_args *args, const char *name, const char *title,
		      const char *more)
{
	if (args->format == BARISTA_TABLE)
		printf("%s: %s%s%s\n\n", name, title, *more ? ", " : "", more);
}

static int show_device(const struct cli_args *args, const struct barista_device *d,
		       struct barista_err *err)
{
	struct barista_table *t = barista_table_make(fact_columns, 8);
	char more[256];
	bool constant = !isnan(d->param[BARISTA_POWER_TOTAL].value);

	for (int p = 0; t && p < BARISTA_NPARAMS; p++)
		if (constant && p >= BARISTA_POWER_DSP && p <= BARISTA_POWER_FF)
			continue; /* of the linear model only */
		else
			add_fact(t, barista_param_defs[p].path, &d->param[p],
				 barista_param_defs[p].dimension);
	for (int p = 0; t && p < BARISTA_NPRECISIONS; p++) {
		for (int c = 0; d->has_precision[p] && c < BARISTA_NPE_PARAMS; c++) {
			char key[64];

			snprintf(key, sizeof key, "%s.%s", barista_precision_defs[p].name,
				 barista_pe_param_key((enum barista_pe_param)c));
			add_fact(t, key, &d->pe[p][c],
				 barista_pe_param_dimension((enum barista_pe_param)c));
		}
	}
	snprintf(more, sizeof more, "%.80s; block RAM %s, precisions %.80s", d->part,
		 barista_block_ram_names[d->block_ram], d->precision_table);
	say_title(args, d->name, d->title, more);
	return cli_print_table(args, t, err);
}

static int show_baseline(const struct cli_args *args, const struct barista_baseline *b,
			 struct barista_err *err)
{
	struct barista_table *t = barista_table_make(fact_columns, 8);
	struct barista_quantity low = b->tile_time, high = b->tile_time;
	char key[400];

	if (!t)
		return barista_no_memory(err);
	add_fact(t, "power.total", &b->power, BARISTA_DIM_WATT);
	add_fact(t, "peak.fp32", &b->peak_fp32, BARISTA_DIM_OP_PER_S);
	add_fact(t, "memory.bandwidth", &b->mem_bandwidth, BARISTA_DIM_BIT_PER_S);
	add_fact(t, "host.tile_time", &b->tile_time, BARISTA_DIM_SECOND);
	low.value = b->tile_time_lo;
	low.note = "low end of the 95 % interval";
	high.value = b->tile_time_hi;
	high.note = "high end of the 95 % interval";
	add_fact(t, "host.tile_time_low", &low, BARISTA_DIM_SECOND);
	add_fact(t, "host.tile_time_high", &high, BARISTA_DIM_SECOND);
	for (size_t i = 0; i < b->npublished; i++) {
		const struct barista_published *p = &b->published[i];
		struct barista_quantity f = {
			.value = p->mean, .source = p->source, .status = p->status};

		snprintf(key, sizeof key, "published.%.80s.mean", p->workload);
		add_fact(t, key, &f, BARISTA_DIM_OP_PER_S_W);
		for (size_t l = 0; l < p->n; l++) {
			f.value = p->ppw[l];
			snprintf(key, sizeof key, "published.%.80s.%.80s", p->workload,
				 p->layer[l]);
			add_fact(t, key, &f, BARISTA_DIM_OP_PER_S_W);
		}
	}
	for (size_t i = 0; i < b->ntimes; i++) {
		struct barista_quantity f = {.value = b->time[i].seconds,
					     .source = "OpenBLAS on this host",
					     .status = "measured"};

		snprintf(key, sizeof key, "gemm.%lldx%lldx%lld", (long long)b->time[i].m,
			 (long long)b->time[i].n, (long long)b->time[i].k);
		add_fact(t, key, &f, BARISTA_DIM_SECOND);
	}
	say_title(args, b->name, b->title, b->kind);
	return cli_print_table(args, t, err);
}

/* ---- networks: a row per layer ---- */

static const struct barista_column layer_columns[] = {
	{"layer", BARISTA_TEXT, 0},
	{"type", BARISTA_TEXT, 0},
	{"in", BARISTA_TEXT, 0},
	{"out", BARISTA_TEXT, 0},
	{"kernel", BARISTA_TEXT, 0},
	{"stride", BARISTA_TEXT, 0},
	{"pad", BARISTA_TEXT, 0},
	{"groups", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"gradients", BARISTA_TEXT, 0},
	{"MACs", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"weights", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"activations", BARISTA_REAL, BARISTA_DIM_COUNT},
};
static const char *const type_names[] = {"conv", "fc", "deconv"};

static void add_pair(struct barista_table *t, int64_t a, int64_t b)
{
	char buf[64];

	snprintf(buf, sizeof buf, "%lldx%lld", (long long)a, (long long)b);
	barista_cell_text(t, buf);
}

static void add_pad(struct barista_table *t, const struct barista_mac_layer *l)
{
	char buf[96];

	if (l->pad_h == l->pad_end_h && l->pad_w == l->pad_end_w) {
		add_pair(t, l->pad_h, l->pad_w);
		return;
	}
	snprintf(buf, sizeof buf, "%lld:%lldx%lld:%lld", (long long)l->pad_h,
		 (long long)l->pad_end_h, (long long)l->pad_w, (long long)l->pad_end_w);
	barista_cell_text(t, buf);
}

static const char *gradients(const struct barista_mac_layer *l)
{
	if (l->weight_gradient)
		return l->input_gradient ? "weight, input" : "weight";
	return l->input_gradient ? "input" : "none";
}

static void add_layer(struct barista_table *t, const struct barista_mac_layer *l)
{
	char buf[96];

	barista_cell_text(t, l->name);
	barista_cell_text(t, type_names[l->type]);
	snprintf(buf, sizeof buf, "%lldx%lldx%lld", (long long)l->cin, (long long)l->h,
		 (long long)l->w);
	barista_cell_text(t, buf);
	snprintf(buf, sizeof buf, "%lldx%lldx%lld", (long long)l->cout, (long long)l->oh,
		 (long long)l->ow);
	barista_cell_text(t, buf);
	add_pair(t, l->kh, l->kw);
	add_pair(t, l->stride_h, l->stride_w);
	add_pad(t, l);
	barista_cell_real(t, (double)l->groups);
	barista_cell_text(t, gradients(l));
	barista_cell_real(t, (double)l->macs);
	barista_cell_real(t, (double)l->weights);
	barista_cell_real(t, (double)l->cout * (double)l->oh * (double)l->ow);
}

struct totals {
	double n[3], macs[3], weights, activations;
};

static struct totals add_up(const struct barista_workload *net)
{
	struct totals s = {.weights = 0};

	for (size_t i = 0; i < net->nmac_layers; i++) {
		const struct barista_mac_layer *l = &net->mac_layer[i];

		s.n[l->type]++;
		s.macs[l->type] += (double)l->macs;
		s.weights += (double)l->weights;
		s.activations += (double)l->cout * (double)l->oh * (double)l->ow;
	}
	return s;
}

/* Every layer, in the network's order. */
static json_t *steps_json(const struct barista_workload *net)
{
	json_t *list = json_array();

	for (size_t i = 0; i < net->nlayers; i++) {
		const struct barista_layer *s = &net->layer[i];
		const char *type = s->type == BARISTA_LAYER_MAC
					   ? type_names[net->mac_layer[s->mac_layer].type]
					   : barista_layer_defs[s->type].name;

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "layer",
					s->name, "type", type, "inputs", (json_int_t)s->inputs,
					"in", (json_int_t)s->in, "out", (json_int_t)s->out,
					"window", (json_int_t)s->window, "parameters",
					(json_int_t)s->params, "parameter_blobs",
					(json_int_t)s->blobs, "input_gradient", s->input_gradient));
	}
	return list;
}

static int print_network_json(const struct barista_workload *net, struct barista_table *t,
			      struct barista_err *err)
{
	struct totals s = add_up(net);
	json_t *root = json_object();

	json_object_set_new(root, "workload", json_string(net->name));
	json_object_set_new(root, "title", json_string(net->title));
	json_object_set_new(root, "source", json_string(net->source));
	json_object_set_new(root, "status", json_string(net->status));
	json_object_set_new(root, "incomplete",
			    net->incomplete ? json_string(net->incomplete) : json_null());
	json_object_set_new(root, "batch", json_integer(net->batch));
	json_object_set_new(root, "iterations", json_integer(net->iterations));
	json_object_set_new(root, "input",
			    json_pack("[I, I, I]", (json_int_t)net->input[0],
				      (json_int_t)net->input[1], (json_int_t)net->input[2]));
	json_object_set_new(root, "conv_layers", barista_json_real(s.n[BARISTA_CONV]));
	json_object_set_new(root, "conv_macs_per_image", barista_json_real(s.macs[BARISTA_CONV]));
	json_object_set_new(root, "deconv_macs_per_image",
			    barista_json_real(s.macs[BARISTA_DECONV]));
	json_object_set_new(root, "fc_macs_per_image", barista_json_real(s.macs[BARISTA_FC]));
	json_object_set_new(root, "weights", barista_json_real(s.weights));
	json_object_set_new(root, "activations_per_image", barista_json_real(s.activations));
	json_object_set_new(root, "layers", barista_table_json(t));
	json_object_set_new(root, "steps", steps_json(net));
	barista_table_free(t);
	return barista_json_print(root, stdout, err);
}

static void print_head(const struct barista_workload *net)
{
	printf("%s: %s\nsource: %s (%s)\n", net->name, net->title, net->source, net->status);
	if (net->incomplete)
		printf("INCOMPLETE: %s\n", net->incomplete);
	printf("batch %lld, ", (long long)net->batch);
	if (net->iterations > 1)
		printf("%lld passes per update, ", (long long)net->iterations);
	printf("input %lldx%lldx%lld, activations per image\n\n", (long long)net->input[0],
	       (long long)net->input[1], (long long)net->input[2]);
}

/* The layers that multiply nothing, a row per type. */
static int print_others(const struct cli_args *args, const struct barista_workload *net,
			struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"type", BARISTA_TEXT, 0},
		{"layers", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"in", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"out", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"parameters", BARISTA_REAL, BARISTA_DIM_COUNT},
	};
	struct {
		double n, in, out, params;
	} sum[BARISTA_NLAYER_TYPES] = {{0, 0, 0, 0}};
	struct barista_table *t = barista_table_make(columns, 5);

	if (!t)
		return barista_no_memory(err);
	for (size_t i = 0; i < net->nlayers; i++) {
		const struct barista_layer *s = &net->layer[i];

		sum[s->type].n++;
		sum[s->type].in += (double)s->in;
		sum[s->type].out += (double)s->out;
		sum[s->type].params += (double)s->params;
	}
	for (int type = BARISTA_LAYER_MAC + 1; type < BARISTA_NLAYER_TYPES; type++) {
		if (!sum[type].n)
			continue;
		barista_cell_text(t, barista_layer_defs[type].name);
		barista_cell_real(t, sum[type].n);
		barista_cell_real(t, sum[type].in);
		barista_cell_real(t, sum[type].out);
		barista_cell_real(t, sum[type].params);
	}
	printf("\nother layers, elements in and out per image, parameters that learn\n\n");
	return cli_print_table(args, t, err);
}

int cli_print_network(const struct cli_args *args, const struct barista_workload *net,
		      struct barista_err *err)
{
	struct barista_table *t = barista_table_make(layer_columns, 12);
	struct totals s = add_up(net);
	int rc;

	if (!t)
		return barista_no_memory(err);
	for (size_t i = 0; i < net->nmac_layers; i++)
		add_layer(t, &net->mac_layer[i]);
	if (args->format == BARISTA_JSON)
		return print_network_json(net, t, err);
	if (args->format == BARISTA_TABLE)
		print_head(net);
	rc = cli_print_table(args, t, err);
	if (args->format == BARISTA_TABLE)
		printf("\nper image: %.0f MACs in %.0f convolutions, %.0f in deconvolutions, %.0f "
		       "in fully "
		       "connected layers; %.0f weights, %.0f activations\n",
		       s.macs[BARISTA_CONV], s.n[BARISTA_CONV], s.macs[BARISTA_DECONV],
		       s.macs[BARISTA_FC], s.weights, s.activations);
	return rc || args->format != BARISTA_TABLE || net->macs_only ? rc
								     : print_others(args, net, err);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const char *name = args->rest[0];
	struct barista_workload *net;
	struct barista_device *dev;
	struct barista_baseline *base;
	char data[4096], kind[32];
	int rc;

	cli_data_dir(args, data, sizeof data);
	if (barista_import_format_find(name))
		strcpy(kind, "workload");
	else if ((rc = barista_catalog_find_kind(name, data, kind, sizeof kind, err)))
		return rc;
	if (!strcmp(kind, "workload")) {
		if ((rc = cli_load_workload(&net, args, name, data, err)))
			return rc;
		rc = cli_print_network(args, net, err);
		barista_workload_free(net);
	} else if (!strcmp(kind, "fpga")) {
		if ((rc = barista_device_load(&dev, name, data, err)))
			return rc;
		rc = show_device(args, dev, err);
		barista_device_free(dev);
	} else {
		if ((rc = barista_baseline_load(&base, name, data, err)))
			return rc;
		rc = show_baseline(args, base, err);
		barista_baseline_free(base);
	}
	return rc;
}

const struct cli_command cli_show = {
	.name = "show",
	.summary = "every value of a device, host or network, with its unit and source",
	.operands = "NAME|FILE",
	.example = "barista-dse show aws-f1-vu9p",
	.details = "",
	.options = CLI_IMPORT_OPTIONS | 1ULL << OPT_FORMAT | 1ULL << OPT_DATA | 1ULL << OPT_QUIET |
		   1ULL << OPT_HELP,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
