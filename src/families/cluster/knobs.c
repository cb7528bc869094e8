/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a chain of boards, and their bounds. */
#include "families/cluster/cluster.h"
#include "base/num.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_cluster_knobs[CLUSTER_KNOBS] = {
	[CLUSTER_BOARDS] = {"boards", "", "boards in the chain", 1, CLUSTER_MAX_BOARDS, false,
			    false, 0, (double)NAN, NULL},
	[CLUSTER_SPLIT] = {"split", "",
			   "1: the same work on every board, layers are cut; 2: whole layers",
			   CLUSTER_SPLIT_FINE, CLUSTER_SPLIT_WHOLE, false, false, 0, (double)NAN,
			   NULL},
	[CLUSTER_PRECISION] = {"precision", "", "number format of all passes", 0, 4095, true, false,
			       0, (double)NAN, barista_precision_format},
};

int barista_cluster_validate(const struct barista_model *model, const struct barista_point *point,
			     struct barista_err *err)
{
	if (barista_cluster_total_macs(model->lowered) * CLUSTER_MAX_BOARDS >
	    (double)BARISTA_EXACT_MAX)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"the network has more than 2^43 multiply-accumulates per image: places in "
			"a chain would not be exact");
	return barista_precision_admit_one(model->dev, point->knob[CLUSTER_PRECISION],
					   "15x/fine:int16", err);
}
