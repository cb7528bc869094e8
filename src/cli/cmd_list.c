/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "barista/family.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "families/registry.h"
#include "io/catalog.h"
#include "io/unit.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/family.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/workload.h"

#include <math.h>
#include <string.h>

static int add_device(struct barista_table *t, const char *name, const char *data,
		      struct barista_err *err)
{
	struct barista_device *d;
	int rc = barista_device_load(&d, name, data, err);
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

static int add_baseline(struct barista_table *t, const char *name, const char *data,
			struct barista_err *err)
{
	struct barista_baseline *b;
	int rc = barista_baseline_load(&b, name, data, err);

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

/* Every file of the folder must load: a list that hides a broken one would lie. */
static int list_devices(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"device", BARISTA_TEXT, 0},
		{"kind", BARISTA_TEXT, 0},
		{"title", BARISTA_TEXT, 0},
		{"dsp", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"bram", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"clock", BARISTA_REAL, BARISTA_DIM_HZ},
		{"memory", BARISTA_REAL, BARISTA_DIM_BIT_PER_S},
		{"power", BARISTA_REAL, BARISTA_DIM_WATT},
	};
	struct barista_table *t = barista_table_make(columns, 8);
	struct barista_arena *arena = barista_arena_make();
	char data[4096], kind[32];
	const char **names;
	int rc = t && arena ? 0 : barista_no_memory(err);

	cli_data_dir(args, data, sizeof data);
	if (!rc)
		rc = barista_catalog_names(data, "devices", arena, &names, err);
	for (size_t i = 0; !rc && names[i]; i++) {
		rc = barista_catalog_find_kind(names[i], data, kind, sizeof kind, err);
		if (!rc)
			rc = strcmp(kind, "fpga") ? add_baseline(t, names[i], data, err)
						  : add_device(t, names[i], data, err);
	}
	if (!rc) {
		rc = cli_print_table(args, t, err);
		t = NULL;
	}
	barista_table_free(t);
	barista_arena_free(arena);
	return rc;
}

static int list_workloads(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"workload", BARISTA_TEXT, 0},
		{"title", BARISTA_TEXT, 0},
		{"batch", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"conv layers", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"fc layers", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"conv MACs per image", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"fc MACs per image", BARISTA_REAL, BARISTA_DIM_COUNT},
	};
	struct barista_table *t = barista_table_make(columns, 7);
	struct barista_arena *arena = barista_arena_make();
	char data[4096];
	const char **names;
	int rc = t && arena ? 0 : barista_no_memory(err);

	cli_data_dir(args, data, sizeof data);
	if (!rc)
		rc = barista_catalog_names(data, "workloads", arena, &names, err);
	for (size_t i = 0; !rc && names[i]; i++) {
		struct barista_workload *net;
		double n[2] = {0}, macs[2] = {0};

		if ((rc = barista_workload_load(&net, names[i], data, err)))
			break;
		for (size_t l = 0; l < net->nmac_layers; l++) {
			n[net->mac_layer[l].type == BARISTA_FC]++;
			macs[net->mac_layer[l].type == BARISTA_FC] +=
				(double)net->mac_layer[l].macs;
		}
		barista_cell_text(t, net->name);
		barista_cell_text(t, net->title);
		barista_cell_real(t, (double)net->batch);
		for (int c = 0; c < 2; c++)
			barista_cell_real(t, n[c]);
		for (int c = 0; c < 2; c++)
			barista_cell_real(t, macs[c]);
		barista_workload_free(net);
	}
	if (!rc) {
		rc = cli_print_table(args, t, err);
		t = NULL;
	}
	barista_table_free(t);
	barista_arena_free(arena);
	return rc;
}

static int list_precisions(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"precision", BARISTA_TEXT, 0},
		{"word", BARISTA_REAL, BARISTA_DIM_BIT},
		{"arithmetic", BARISTA_TEXT, 0},
	};
	struct barista_table *t = barista_table_make(columns, 3);

	for (int p = 0; t && p < BARISTA_NPRECISIONS; p++) {
		barista_cell_text(t, barista_precision_defs[p].name);
		barista_cell_real(t, barista_precision_defs[p].bits);
		barista_cell_text(t, barista_precision_defs[p].help);
	}
	return cli_print_table(args, t, err);
}

static int list_metrics(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"metric", BARISTA_TEXT, 0},  {"key", BARISTA_TEXT, 0},
		{"unit", BARISTA_TEXT, 0},    {"better", BARISTA_TEXT, 0},
		{"meaning", BARISTA_TEXT, 0},
	};
	struct barista_table *t = barista_table_make(columns, sizeof columns / sizeof *columns);

	for (int m = 0; t && m < BARISTA_NMETRICS; m++) {
		const struct barista_metric_def *d = &barista_metric_defs[m];

		barista_cell_text(t, d->name);
		barista_cell_text(t, d->key);
		barista_cell_text(t, *d->unit ? d->unit : "-");
		barista_cell_text(t, d->better > 0 ? "higher" : d->better < 0 ? "lower" : "-");
		barista_cell_text(t, d->help);
	}
	return cli_print_table(args, t, err);
}

static void range_text(char *buf, size_t size, double lo, double hi, enum barista_dimension dim)
{
	char a[64], b[64];

	barista_quantity_format(a, sizeof a, lo, dim);
	barista_quantity_format(b, sizeof b, hi, dim);
	snprintf(buf, size, "%s to %s", a, b);
}

static int list_knobs(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"knob", BARISTA_TEXT, 0},
		{"of", BARISTA_TEXT, 0},
		{"range", BARISTA_TEXT, 0},
		{"default", BARISTA_TEXT, 0},
		{"may be off by (assumed)", BARISTA_TEXT, 0},
		{"meaning", BARISTA_TEXT, 0},
	};
	struct barista_table *t = barista_table_make(columns, 6);
	char buf[160];

	for (size_t i = 0; t && barista_families[i]; i++) {
		const struct barista_family *f = barista_families[i];

		for (size_t k = 0; k < f->nknobs; k++) {
			barista_cell_text(t, f->knob[k].name);
			barista_cell_text(t, f->name);
			range_text(buf, sizeof buf, f->knob[k].lo, f->knob[k].hi,
				   BARISTA_DIM_COUNT);
			barista_cell_text(t, f->knob[k].categorical ? "list precisions" : buf);
			snprintf(buf, sizeof buf, "%g", f->knob[k].default_value);
			barista_cell_text(t, f->knob[k].categorical ? f->default_precision
					     : isnan(f->knob[k].default_value) ? "searched"
									       : buf);
			barista_cell_text(t, "-");
			barista_cell_text(t, f->knob[k].help);
		}
	}
	for (int p = 0; t && p < BARISTA_NPARAMS; p++) {
		const struct barista_param_def *d = &barista_param_defs[p];

		barista_cell_text(t, d->path);
		barista_cell_text(t, "device, --set");
		range_text(buf, sizeof buf, d->lo, d->hi, d->dimension);
		barista_cell_text(t, buf);
		barista_quantity_format(buf, sizeof buf, d->default_value, d->dimension);
		barista_cell_text(t, d->required ? "from the file" : buf);
		snprintf(buf, sizeof buf, "%g %%", 100 * d->default_error);
		barista_cell_text(t, d->default_error > 0 ? buf : "-");
		barista_cell_text(t, d->help);
	}
	return cli_print_table(args, t, err);
}

static int list_families(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"family", BARISTA_TEXT, 0},
		{"board", BARISTA_TEXT, 0},
		{"precision", BARISTA_TEXT, 0},
		{"what it is", BARISTA_TEXT, 0},
		{"how a design is written", BARISTA_TEXT, 0},
	};
	struct barista_table *t = barista_table_make(columns, 5);

	for (size_t i = 0; t && barista_families[i]; i++) {
		const struct barista_family *f = barista_families[i];

		barista_cell_text(t, f->name);
		barista_cell_text(t, f->default_board);
		barista_cell_text(t, f->default_precision);
		barista_cell_text(t, f->summary);
		barista_cell_text(t, f->notation);
	}
	return cli_print_table(args, t, err);
}

static const struct {
	const char *name;
	int (*run)(const struct cli_args *args, struct barista_err *err);
} lists[] = {
	{"devices", list_devices}, {"workloads", list_workloads}, {"precisions", list_precisions},
	{"metrics", list_metrics}, {"knobs", list_knobs},         {"families", list_families},
};

static const char *list_at(const void *list, size_t i)
{
	(void)list;
	return i < sizeof lists / sizeof *lists ? lists[i].name : NULL;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	char hint[128];

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (!strcmp(lists[i].name, args->rest[0]))
			return lists[i].run(args, err);
	barista_suggest(hint, sizeof hint, args->rest[0], list_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "cannot list '%.60s'%s (devices, workloads, precisions, metrics, knobs "
			    "or families)",
			    args->rest[0], hint);
}

const struct cli_command cli_list = {
	.name = "list",
	.summary = "what there is: devices, workloads, precisions, metrics, knobs, families",
	.operands = "devices|workloads|precisions|metrics|knobs|families",
	.example = "barista-dse list devices",
	.details = "",
	.options = 1ULL << OPT_FORMAT | 1ULL << OPT_DATA | 1ULL << OPT_QUIET | 1ULL << OPT_HELP,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
