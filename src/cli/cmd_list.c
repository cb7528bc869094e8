/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This command lists what there is to choose from, a table for each kind of thing. */
#include "base/err.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "families/registry.h"
#include "io/catalog.h"
#include "io/unit.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/workload.h"

#include <math.h>
#include <string.h>

static int add_fpga(struct barista_table *t, const char *name, const char *data_dir,
		    struct barista_err *err)
{
	struct barista_device *d;
	int rc = barista_device_load(&d, name, data_dir, err);
	double total;

	if (rc)
		return rc;
	total = d->param[BARISTA_POWER_TOTAL].value;
	barista_cell_text(t, d->name);
	barista_cell_text(t, "fpga");
	barista_cell_text(t, d->title);
	barista_cell_real(t, d->param[BARISTA_RES_DSP].value);
	barista_cell_real(t, d->param[BARISTA_RES_BRAM].value);
	barista_cell_real(t, d->param[BARISTA_CLOCK].value);
	barista_cell_real(t, d->param[BARISTA_MEM_BANDWIDTH].value);
	barista_cell_real(t, isnan(total) ? d->param[BARISTA_POWER_STATIC].value : total);
	barista_device_free(d);
	return 0;
}

static int add_baseline(struct barista_table *t, const char *name, const char *data_dir,
			struct barista_err *err)
{
	struct barista_baseline *b;
	int rc = barista_baseline_load(&b, name, data_dir, err);

	if (rc)
		return rc;
	barista_cell_text(t, b->name);
	barista_cell_text(t, b->kind);
	barista_cell_text(t, b->title);
	for (int c = 0; c < 3; c++)
		barista_cell_real(t, (double)NAN);
	barista_cell_real(t, b->mem_bandwidth.value);
	barista_cell_real(t, b->power.value);
	barista_baseline_free(b);
	return 0;
}

static int add_device(struct barista_table *t, const char *name, const char *data_dir,
		      struct barista_err *err)
{
	char kind[32];
	int rc = barista_catalog_find_kind(name, data_dir, kind, sizeof kind, err);

	if (rc)
		return rc;
	return strcmp(kind, "fpga") ? add_baseline(t, name, data_dir, err)
				    : add_fpga(t, name, data_dir, err);
}

static int add_workload(struct barista_table *t, const char *name, const char *data_dir,
			struct barista_err *err)
{
	struct barista_workload *net;
	double n[2] = {0}, macs[2] = {0}; /* of convolutions, and of fully connected layers */
	int rc = barista_workload_load(&net, name, data_dir, err);

	if (rc)
		return rc;
	for (size_t l = 0; l < net->nmac_layers; l++) {
		bool fc = net->mac_layer[l].type == BARISTA_FC;

		n[fc]++;
		macs[fc] += (double)net->mac_layer[l].macs;
	}
	barista_cell_text(t, net->name);
	barista_cell_text(t, net->title);
	barista_cell_real(t, (double)net->batch);
	barista_cell_real(t, n[0]);
	barista_cell_real(t, n[1]);
	barista_cell_real(t, macs[0]);
	barista_cell_real(t, macs[1]);
	barista_workload_free(net);
	return 0;
}

/* Adds a row for every file of a data folder. Each must load, as a list that hides a broken one
 * would lie. Returns t, or NULL after it is freed. */
static struct barista_table *add_catalog(struct barista_table *t, const char *folder,
					 int (*add)(struct barista_table *t, const char *name,
						    const char *data_dir, struct barista_err *err),
					 const char *data_dir, struct barista_err *err)
{
	struct barista_arena *arena = barista_arena_make();
	const char **names;
	int rc = t && arena ? 0 : barista_no_memory(err);

	if (!rc)
		rc = barista_catalog_names(data_dir, folder, arena, &names, err);
	for (size_t i = 0; !rc && names[i]; i++)
		rc = add(t, names[i], data_dir, err);
	barista_arena_free(arena);
	if (!rc)
		return t;
	barista_table_free(t);
	return NULL;
}

static struct barista_table *list_devices(const char *data_dir, struct barista_err *err)
{
	return add_catalog(barista_table_headed("device; kind; title; dsp [1]; bram [1]; clock "
						"[Hz]; memory [bit/s]; power [W]"),
			   "devices", add_device, data_dir, err);
}

static struct barista_table *list_workloads(const char *data_dir, struct barista_err *err)
{
	return add_catalog(
		barista_table_headed("workload; title; batch [1]; conv layers [1]; fc layers [1]; "
				     "conv MACs per image [1]; fc MACs per image [1]"),
		"workloads", add_workload, data_dir, err);
}

static struct barista_table *list_precisions(const char *data_dir, struct barista_err *err)
{
	struct barista_table *t = barista_table_headed("precision; word [bit]; arithmetic");

	(void)data_dir, (void)err;
	for (int p = 0; t && p < BARISTA_NPRECISIONS; p++) {
		if (!*barista_precision_name((size_t)p))
			continue;
		barista_cell_text(t, barista_precision_defs[p].name);
		barista_cell_real(t, barista_precision_defs[p].bits);
		barista_cell_text(t, barista_precision_defs[p].help);
	}
	return t;
}

static struct barista_table *list_metrics(const char *data_dir, struct barista_err *err)
{
	struct barista_table *t = barista_table_headed("metric; key; unit; better; meaning");

	(void)data_dir, (void)err;
	for (int m = 0; t && m < BARISTA_NMETRICS; m++) {
		const struct barista_metric_def *d = &barista_metric_defs[m];

		barista_cell_text(t, d->name);
		barista_cell_text(t, d->key);
		barista_cell_text(t, *d->unit ? d->unit : "-");
		barista_cell_text(t, d->better > 0 ? "higher" : d->better < 0 ? "lower" : "-");
		barista_cell_text(t, d->help);
	}
	return t;
}

static void range_text(char *buf, size_t size, double lo, double hi, enum barista_dimension dim)
{
	char a[64], b[64];

	barista_quantity_format(a, sizeof a, lo, dim);
	barista_quantity_format(b, sizeof b, hi, dim);
	snprintf(buf, size, "%s to %s", a, b);
}

static void add_knob(struct barista_table *t, const struct barista_family *f,
		     const struct barista_knob *knob)
{
	char range[160], value[32] = "searched";

	range_text(range, sizeof range, knob->lo, knob->hi, BARISTA_DIM_COUNT);
	if (!isnan(knob->default_value))
		snprintf(value, sizeof value, "%g", knob->default_value);
	barista_cell_text(t, knob->name);
	barista_cell_text(t, f->name);
	barista_cell_text(t, knob->categorical ? "list precisions" : range);
	barista_cell_text(t, knob->categorical ? f->default_precision : value);
	barista_cell_text(t, "-");
	barista_cell_text(t, knob->help);
}

static void add_param(struct barista_table *t, const struct barista_param_def *d)
{
	char range[160], value[64], error[32];

	range_text(range, sizeof range, d->lo, d->hi, d->dimension);
	barista_quantity_format(value, sizeof value, d->default_value, d->dimension);
	snprintf(error, sizeof error, "%g %%", 100 * d->default_error);
	barista_cell_text(t, d->path);
	barista_cell_text(t, "device, --set");
	barista_cell_text(t, range);
	barista_cell_text(t, d->required ? "from the file" : value);
	barista_cell_text(t, d->default_error > 0 ? error : "-");
	barista_cell_text(t, d->help);
}

static struct barista_table *list_knobs(const char *data_dir, struct barista_err *err)
{
	struct barista_table *t =
		barista_table_headed("knob; of; range; default; may be off by (assumed); meaning");

	(void)data_dir, (void)err;
	for (size_t i = 0; t && barista_families[i]; i++)
		for (size_t k = 0; k < barista_families[i]->nknobs; k++)
			add_knob(t, barista_families[i], &barista_families[i]->knob[k]);
	for (int p = 0; t && p < BARISTA_NPARAMS; p++)
		add_param(t, &barista_param_defs[p]);
	return t;
}

static struct barista_table *list_families(const char *data_dir, struct barista_err *err)
{
	struct barista_table *t = barista_table_headed(
		"family; board; precision; what it is; how a design is written");

	(void)data_dir, (void)err;
	for (size_t i = 0; t && barista_families[i]; i++) {
		const struct barista_family *f = barista_families[i];

		barista_cell_text(t, f->name);
		barista_cell_text(t, f->default_board);
		barista_cell_text(t, f->default_precision);
		barista_cell_text(t, f->summary);
		barista_cell_text(t, f->notation);
	}
	return t;
}

/* A list makes a table. Where it returns NULL, *err says why, unless there was no memory. */
static const struct {
	const char *name;
	struct barista_table *(*make)(const char *data_dir, struct barista_err *err);
} lists[] = {
	{"devices", list_devices}, {"workloads", list_workloads}, {"precisions", list_precisions},
	{"metrics", list_metrics}, {"knobs", list_knobs},         {"families", list_families},
};
enum { NLISTS = sizeof lists / sizeof *lists };

static const char *list_at(const void *list, size_t i)
{
	(void)list;
	return i < NLISTS ? lists[i].name : NULL;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const char *name = args->operand[0];
	char suggestion[128];

	for (size_t i = 0; i < NLISTS; i++) {
		struct barista_table *t;

		if (strcmp(lists[i].name, name))
			continue;
		t = lists[i].make(cli_data_dir(args->problem.data), err);
		return t || !err->status ? cli_print_table(t, &args->output, err) : err->status;
	}
	barista_suggest(suggestion, sizeof suggestion, name, list_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "cannot list '%.60s'%s (devices, workloads, precisions, metrics, knobs "
			    "or families)",
			    name, suggestion);
}

const struct cli_command cli_list = {
	.name = "list",
	.summary = "what there is: devices, workloads, precisions, metrics, knobs, families",
	.operands = "devices|workloads|precisions|metrics|knobs|families",
	.example = "barista-dse list devices",
	.options = CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_DATA) | CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP),
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
