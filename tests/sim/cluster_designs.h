/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIM_CLUSTER_DESIGNS_H
#define SIM_CLUSTER_DESIGNS_H

#include "barista/family.h"
#include "network/workload.h"

enum { DESIGN_LAYERS = 64, DESIGN_BOARDS = 128 };

/* A chain as the model has it. The board has this design's values until the next one is opened. */
struct cluster_design {
	struct barista_workload *loaded; /* of a file, or NULL */
	struct barista_workload made;
	struct barista_mac_layer mac_layer[DESIGN_LAYERS];
	struct barista_layer layer[DESIGN_LAYERS];
	struct barista_lowered *lowered;
	struct barista_model model;
	struct barista_point point;
};

/* From which designs of a kind are drawn. */
struct cluster_kind {
	const char *name;
	int most_boards;
	double least_size, most_size; /* of the images of a random network */
	bool fcs;                     /* it may end in fully connected layers */
	double least_link, most_link; /* time of the fullest link over that of the busiest board,
					 before spills */
};

/* Draws a design and sets the board to random values. name: of a workload, or NULL for a random
 * network. Fails as the library does. */
int cluster_design_open(struct cluster_design *d, struct barista_device *dev, const char *name,
			const struct cluster_kind *kind, uint64_t *seed, struct barista_err *err);
void cluster_design_close(struct cluster_design *d);

/* The value of a term of the family for a layer. */
double cluster_term(const struct cluster_design *d, size_t layer, const char *symbol);

#endif
