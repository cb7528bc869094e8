/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a streaming design, and their bounds. */
#include "families/streaming/streaming.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_streaming_knobs[BARISTA_STREAMING_KNOBS] = {
	[STREAMING_PRECISION] = {"precision", "", "number format, for all passes", 0, 4095, true,
				 false, 0, (double)NAN, barista_precision_format},
	[STREAMING_ENGINES] =
		{"engines", "",
		 "per stage: 1 shared by all passes, 2 with one of its own for weight gradients",
		 STREAMING_ENGINES_SHARED, STREAMING_ENGINES_SEPARATE, false, true, 0, (double)NAN,
		 NULL},
};
