/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_KNAPSACK_H
#define FAMILIES_STREAMING_KNAPSACK_H

/* The shortest time within every number of multipliers and block RAMs. Private to the family. */
#include "families/streaming/front.h"

/* Options of a layer that meet a threshold: its fill, and what it takes beyond the least of the
 * layer. */
struct stream_pick {
	double fill;
	int d, b;
	uint32_t option;
};

struct stream_cut {
	size_t n[BARISTA_MAX_UNROLLED];
	struct stream_pick *pick[BARISTA_MAX_UNROLLED];
	int d, b;      /* the least that all layers take, from the corner of the grid */
	double cycles; /* the sum of the thresholds: what a sample takes besides its fills */
};

struct stream_grid {
	size_t nlayers;
	int rows, columns; /* multipliers and block RAMs above the least of all designs */
	double *best;      /* [rows][columns] cycles of the fastest design with as many or fewer */
	uint32_t *design;  /* the same: which one, where no fewer are as fast */
	int *width; /* [rows] of the cut at hand, from its own least: columns that may be better */
	int height; /* rows of these */
	size_t pitch;      /* the longest of these, so that what is worked on lies close together */
	double *from, *to; /* [height][pitch] fills so far; room for [rows][columns] */
	uint16_t *choice;  /* [nlayers], each with such room */
	double pack;       /* fills count in these, so that a choice has room below */
	uint32_t *store;   /* [nstored][nlayers] designs */
	size_t nstored, capacity;
};

int barista_streaming_knapsack_make(struct stream_grid *g, const struct stream_front *f, int rows,
				    int columns, struct barista_err *err);
void barista_streaming_knapsack_free(struct stream_grid *g);

/* Sets height and width to the part of the grid that designs of this cut may improve, and leaves
 * out options with which none can; false: none at all. */
bool barista_streaming_knapsack_bound(struct stream_grid *g, struct stream_cut *cut);
/* Improves it. */
int barista_streaming_knapsack_run(struct stream_grid *g, const struct stream_cut *cut,
				   struct barista_err *err);

#endif
