/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a streaming design that all its stages share; unrolls are each stage's own. */
#include "families/streaming/streaming.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_streaming_knobs[BARISTA_STREAMING_KNOBS] = {
	[STREAMING_PRECISION] = BARISTA_PRECISION_KNOB("number format, for all passes"),
	[STREAMING_ENGINES] = {.name = "engines",
			       .unit = "",
			       .help = "per stage: 1 shared by all passes, 2 with one of its own "
				       "for weight gradients",
			       .lo = STREAMING_ENGINES_SHARED,
			       .hi = STREAMING_ENGINES_SEPARATE,
			       .monotone_resources = true,
			       .default_value = (double)NAN},
};
