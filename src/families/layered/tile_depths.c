/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tile depths that may be best. One is not when a smaller one of the range that meets the rule
 * of the bus pads no GEMM deeper, ceil(K/d)*d <= ceil(K/T_K)*T_K for all K: it computes no more
 * steps, the first tiles are no deeper, the rest of the memory traffic does not depend on it, and
 * the tiles of A and B take no more blocks. So a divisor beats its multiples, and the first depth
 * that covers all K those beyond. When nothing fits, a depth that misses the rule may be nearest,
 * as its tiles are smaller; of those that meet it the smallest takes the fewest blocks. */
#include "base/err.h"
#include "barista/family.h"
#include "base/num.h"
#include "families/layered/sweep.h"
#include "model/device.h"
#include "model/precision.h"

#include <stdlib.h>

struct sizes {
	size_t n;
	double *k;
};

static void add_size(struct sizes *to, double k)
{
	size_t i = 0;

	while (i < to->n && to->k[i] != k)
		i++;
	to->k[i] = k;
	to->n += i == to->n;
}

static int collect_sizes(struct sizes *to, const struct barista_enumeration *enumeration,
			 struct barista_err *err)
{
	const struct barista_lowered *lowered = enumeration->model->lowered;
	const struct barista_range *range = enumeration->space->range;
	struct barista_layered_mode mode = {range[LAYERED_BATCHED].hi > 0,
					    range[LAYERED_FUSED].hi > 0};
	struct barista_launch launch[BARISTA_LAYERED_LAUNCHES];

	*to = (struct sizes){
		0, calloc(lowered->nlayers * BARISTA_LAYERED_LAUNCHES + 1, sizeof *to->k)};
	if (!to->k)
		return barista_no_memory(err);
	for (size_t l = 0; l < lowered->nlayers; l++) {
		size_t n = barista_layered_launches(lowered, l, mode, launch);

		for (size_t i = 0; i < n; i++)
			if (launch[i].k > 0)
				add_size(to, launch[i].k);
	}
	return 0;
}

static bool pads_no_deeper(const struct sizes *sizes, double a, double b)
{
	for (size_t i = 0; i < sizes->n; i++)
		if (barista_ceil_div(sizes->k[i], a) * a > barista_ceil_div(sizes->k[i], b) * b)
			return false;
	return true;
}

static bool fills_bus(const struct barista_device *dev, double precision, double depth)
{
	enum barista_precision p = barista_pass_precision(precision, BARISTA_FWD);

	return depth * barista_precision_defs[p].bits >= dev->param[BARISTA_BUS_WIDTH].value;
}

/* What is beaten by one that was left out is beaten by what beat that. */
static void add_depth(struct barista_layered_depths *to, const struct sizes *sizes, double depth)
{
	for (size_t i = 0; i < to->n; i++)
		if (pads_no_deeper(sizes, to->value[i], depth))
			return;
	to->value[to->n++] = depth;
}

static void add_least(struct barista_layered_depths *to, const struct barista_device *dev,
		      double precision, double depth)
{
	if (!to->n || !fills_bus(dev, precision, to->value[to->n - 1]))
		to->value[to->n++] = depth;
}

int barista_layered_depths_make(struct barista_layered_depths *out,
				const struct barista_enumeration *enumeration, double precision,
				bool feasible, struct barista_err *err)
{
	const struct barista_range *range = &enumeration->space->range[LAYERED_K];
	const struct barista_device *dev = enumeration->model->dev;
	struct sizes sizes;
	int rc = collect_sizes(&sizes, enumeration, err);

	*out = (struct barista_layered_depths){
		0, calloc((size_t)fmax(0, range->hi - range->lo) + 1, sizeof *out->value)};
	if (!rc && !out->value)
		rc = barista_no_memory(err);
	for (double depth = range->lo; depth <= range->hi && !rc; depth++) {
		if (!barista_layered_in_range(range, depth))
			continue;
		if (!feasible)
			add_least(out, dev, precision, depth);
		else if (fills_bus(dev, precision, depth))
			add_depth(out, &sizes, depth);
	}
	free(sizes.k);
	return rc;
}
