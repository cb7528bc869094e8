/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A design by the family's own evaluation, to be compared with the simulator. */
#ifndef SIM_STREAMING_MODELLED_H
#define SIM_STREAMING_MODELLED_H

#include "families/streaming/streaming.h"
#include "families/streaming/row_simulation.h"
#include "streaming_designs.h"

/* The simulator's stages get the line buffers of the model. */
struct modelled {
	size_t n;
	bool separate;
	struct streaming_stage stage[DESIGN_LAYERS];
	const struct barista_mac_layer *layer[DESIGN_LAYERS];
	struct streaming_intervals ii[DESIGN_LAYERS];
	double source_fp, source_bp, slowest_fp, slowest_wg;
	double total; /* cycles of a sample by the closed form */
	struct sim_stage sim[DESIGN_LAYERS];
};

/* False, with a line printed, when the family refuses the design. */
bool modelled_design(struct design *d, bool separate, struct modelled *m);

/* Cycles of the passes by the family's recurrence over the rows. */
bool modelled_rows(const struct modelled *m, double *forward, double *backward);

#endif
