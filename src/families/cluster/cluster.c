/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chain of boards that train one network together, layer behind layer: FPDeep (FPL 2018, arXiv
 * 1901.01007), its equations derived. The layers that multiply are spread over the boards in
 * proportion to their work, and images follow one another through the chain. */
#include "families/cluster/cluster.h"
#include "base/err.h"
#include "base/num.h"
#include "model/family.h"
#include "model/precision.h"
#include "model/family_parts.h"

/* Published chains end at 100 boards. */
static double max_useful(const struct barista_model *model, size_t knob)
{
	(void)model;
	return knob == CLUSTER_BOARDS ? 128 : barista_cluster_knobs[knob].hi;
}

static int validate(const struct barista_model *model, const struct barista_point *point,
		    struct barista_err *err)
{
	double places = barista_cluster_total_macs(model->lowered) * CLUSTER_MAX_BOARDS;

	if (places > (double)BARISTA_EXACT_MAX)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"the network has more than 2^43 multiply-accumulates per image: places in "
			"a chain would not be exact");
	return barista_precision_admit_one(model->dev, point->knob[CLUSTER_PRECISION],
					   "15x/fine:int16", err);
}

static const struct barista_headline headline[] = {
	{BARISTA_LINK_BANDWIDTH, "link ", " in each direction"},
	{BARISTA_CHAIN_USE, "multipliers that work ", ""},
};

const struct barista_family barista_cluster = {
	.name = "cluster",
	.summary = "a chain of boards that trains as one pipeline, FPDeep's",
	.notation = "BOARDSx/SPLIT:PRECISION, SPLIT fine or whole, e.g. 15x/fine:int16 or "
		    "4x/whole:int16",
	BARISTA_FAMILY_DEFAULTS("vc709", "int16", "15x/fine:int16"),
	BARISTA_FAMILY_HEADLINE(headline),
	BARISTA_FAMILY_PARTS(cluster),
	BARISTA_FAMILY_ENUMERATED(cluster),
	.bottleneck = barista_cluster_bottleneck,
	.all_layers = true,
	.distinct_layers = true,
	.pipelined = true,
	.scaling_knob = CLUSTER_BOARDS,
	.dominance_rule = "no chain is left out without being evaluated",
};
