/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a chain of boards. */
#include "families/cluster/cluster.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_cluster_knobs[CLUSTER_KNOBS] = {
	[CLUSTER_BOARDS] = {.name = "boards",
			    .unit = "",
			    .help = "boards in the chain",
			    .lo = 1,
			    .hi = CLUSTER_MAX_BOARDS,
			    .default_value = (double)NAN},
	[CLUSTER_SPLIT] = {.name = "split",
			   .unit = "",
			   .help = "1: the same work on every board, layers are cut; "
				   "2: whole layers",
			   .lo = CLUSTER_SPLIT_FINE,
			   .hi = CLUSTER_SPLIT_WHOLE,
			   .default_value = (double)NAN},
	[CLUSTER_PRECISION] = BARISTA_PRECISION_KNOB("number format of all passes"),
};
