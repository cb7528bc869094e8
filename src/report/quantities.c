/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file shows what the files of boards and of processors say, a row per quantity. */
#include "report/quantities.h"

#include "io/unit.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/precision.h"

#include <math.h>

static struct barista_table *make_table(void)
{
	return barista_table_headed("key; value; range; si_value [1]; unit; status; source; note");
}

/* A quantity that the file does not have gets no row. */
static void add(struct barista_table *t, const char *key, const struct barista_quantity *q,
		enum barista_dimension dim)
{
	char value[64], low[64], high[64], range[160] = "";

	if (isnan(q->value))
		return;
	barista_quantity_format(value, sizeof value, q->value, dim);
	barista_quantity_format(low, sizeof low, q->low, dim);
	barista_quantity_format(high, sizeof high, q->high, dim);
	if (q->high > q->low)
		snprintf(range, sizeof range, "%s to %s", low, high);
	barista_cell_text(t, key);
	barista_cell_text(t, value);
	barista_cell_text(t, range);
	barista_cell_real(t, q->value);
	barista_cell_text(t, *barista_dimension_unit(dim) ? barista_dimension_unit(dim) : "-");
	barista_cell_text(t, q->status);
	barista_cell_text(t, q->source);
	barista_cell_text(t, q->note ? q->note : "");
}

/* ---- boards */

static void add_precision(struct barista_table *t, const struct barista_device *d, int precision)
{
	char key[64];

	for (int i = 0; d->has_precision[precision] && i < BARISTA_NPE_PARAMS; i++) {
		enum barista_pe_param p = (enum barista_pe_param)i;

		snprintf(key, sizeof key, "%s.%s", barista_precision_defs[precision].name,
			 barista_pe_param_key(p));
		add(t, key, &d->pe[precision][p], barista_pe_param_dimension(p));
	}
}

static struct barista_table *device_table(const void *device)
{
	const struct barista_device *d = device;
	struct barista_table *t = make_table();
	bool constant_power = !isnan(d->param[BARISTA_POWER_TOTAL].value);

	for (int p = 0; t && p < BARISTA_NPARAMS; p++) {
		bool of_linear_power = p >= BARISTA_POWER_DSP && p <= BARISTA_POWER_FF;

		if (!(constant_power && of_linear_power))
			add(t, barista_param_defs[p].path, &d->param[p],
			    barista_param_defs[p].dimension);
	}
	for (int p = 0; t && p < BARISTA_NPRECISIONS; p++)
		add_precision(t, d, p);
	return t;
}

static void device_text(struct barista_prose *p, const void *device)
{
	const struct barista_device *d = device;

	fprintf(p->f, "%s: %s, %.80s; block RAM %s, precisions %.80s\n\n", d->name, d->title,
		d->part, barista_block_ram_names[d->block_ram], d->precision_table);
	barista_prose_table(p, device_table(d), true);
}

const struct barista_document barista_device_document = {device_text, device_table, NULL};

/* ---- processors */

static void add_tile_time(struct barista_table *t, const struct barista_baseline *b)
{
	struct barista_quantity low = b->tile_time, high = b->tile_time;

	low.value = b->tile_time_lo;
	low.note = "low end of the 95 % interval";
	high.value = b->tile_time_hi;
	high.note = "high end of the 95 % interval";
	add(t, "host.tile_time", &b->tile_time, BARISTA_DIM_SECOND);
	add(t, "host.tile_time_low", &low, BARISTA_DIM_SECOND);
	add(t, "host.tile_time_high", &high, BARISTA_DIM_SECOND);
}

/* Adds the PPW that was published of one network: the mean, and that of each layer. */
static void add_published(struct barista_table *t, const struct barista_published *p)
{
	struct barista_quantity q = {.value = p->mean, .source = p->source, .status = p->status};
	char key[400];

	snprintf(key, sizeof key, "published.%.80s.mean", p->workload);
	add(t, key, &q, BARISTA_DIM_OP_PER_S_W);
	for (size_t l = 0; l < p->n; l++) {
		q.value = p->ppw[l];
		snprintf(key, sizeof key, "published.%.80s.%.80s", p->workload, p->layer[l]);
		add(t, key, &q, BARISTA_DIM_OP_PER_S_W);
	}
}

static struct barista_table *baseline_table(const void *baseline)
{
	const struct barista_baseline *b = baseline;
	struct barista_table *t = make_table();
	char key[128];

	if (!t)
		return NULL;
	add(t, "power.total", &b->power, BARISTA_DIM_WATT);
	add(t, "peak.fp32", &b->peak_fp32, BARISTA_DIM_OP_PER_S);
	add(t, "memory.bandwidth", &b->mem_bandwidth, BARISTA_DIM_BIT_PER_S);
	add_tile_time(t, b);
	for (size_t i = 0; i < b->npublished; i++)
		add_published(t, &b->published[i]);
	for (size_t i = 0; i < b->ntimes; i++) {
		struct barista_quantity q = {.value = b->time[i].seconds,
					     .source = "OpenBLAS on this host",
					     .status = "measured"};

		snprintf(key, sizeof key, "gemm.%lldx%lldx%lld", (long long)b->time[i].m,
			 (long long)b->time[i].n, (long long)b->time[i].k);
		add(t, key, &q, BARISTA_DIM_SECOND);
	}
	return t;
}

static void baseline_text(struct barista_prose *p, const void *baseline)
{
	const struct barista_baseline *b = baseline;

	fprintf(p->f, "%s: %s, %s\n\n", b->name, b->title, b->kind);
	barista_prose_table(p, baseline_table(b), true);
}

const struct barista_document barista_baseline_document = {baseline_text, baseline_table, NULL};
