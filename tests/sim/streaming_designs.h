/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs to check the streaming model on: networks and how each layer is unrolled. */
#ifndef SIM_STREAMING_DESIGNS_H
#define SIM_STREAMING_DESIGNS_H

#include "barista.h"
#include "streaming.h"
#include "network/workload.h"

enum { DESIGN_LAYERS = 32 };

struct design {
	size_t n;
	struct barista_mac_layer mac_layer[DESIGN_LAYERS];
	struct sim_layer sim[DESIGN_LAYERS];       /* the same, with unroll factors */
	struct barista_layer layer[DESIGN_LAYERS]; /* of any kind, for design_workload() */
};

/* A network with any windows, by sim_random_network(); false when nothing came of it. */
bool design_arbitrary(uint64_t *seed, struct design *d);

/* A network with usual windows: square, odd, padded by half, and pooled after some. */
void design_realistic(uint64_t *seed, struct design *d);

/* Takes the layers of a network; false when they are too many. */
bool design_of_network(const struct barista_workload *net, struct design *d);

/* The design as the family takes it: a network, which lives as long as the design, and a point. */
struct barista_workload design_workload(struct design *d);
struct barista_point design_point(const struct design *d, bool separate);

/* Unroll factors at random. */
void design_unroll(uint64_t *seed, struct design *d);

/* Unroll factors as a search would choose them: every stage about as slow as it may be for some
 * common interval. */
void design_tune(uint64_t *seed, struct design *d);

#endif
