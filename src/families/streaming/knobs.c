/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a streaming design that all its stages share; unrolls are each stage's own. */
#include "families/streaming/streaming.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_streaming_knobs[BARISTA_STREAMING_KNOBS] = {
	[STREAMING_PRECISION] = {.name = "precision",
				 .unit = "",
				 .help = "number format, for all passes",
				 .lo = 0,
				 .hi = BARISTA_PRECISION_CHOICES - 1,
				 .categorical = true,
				 .default_value = (double)NAN,
				 .format = barista_precision_format},
	[STREAMING_ENGINES] = {.name = "engines",
			       .unit = "",
			       .help = "per stage: 1 shared by all passes, 2 with one of its own "
				       "for weight gradients",
			       .lo = STREAMING_ENGINES_SHARED,
			       .hi = STREAMING_ENGINES_SEPARATE,
			       .monotone_resources = true,
			       .default_value = (double)NAN},
};
