/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_KNAPSACK_H
#define FAMILIES_STREAMING_KNAPSACK_H

/* The shortest time within every number of multipliers and block RAMs. Private to the family. */
#include "families/streaming/front.h"

/* Options of a layer that meet a threshold: its fill, and what it takes beyond the least of the
 * layer. */
struct streaming_candidate {
	double additive;
	int rows, columns;
	uint32_t option;
};

struct streaming_threshold_case {
	size_t ncandidates[BARISTA_MAX_UNROLLED];
	struct streaming_candidate *candidate[BARISTA_MAX_UNROLLED];
	int row, column;         /* the least that all layers take, from the corner of the grid */
	double threshold_cycles; /* the sum of the thresholds: what a sample takes besides its fills
				  */
};

struct streaming_knapsack {
	size_t nlayers;
	int rows, columns; /* multipliers and block RAMs above the least of all designs */
	double *cycles;    /* [rows][columns] cycles of the fastest design with as many or fewer */
	uint32_t *design;  /* the same: which one, where no fewer are as fast */
	int *active_columns; /* [rows] of the cut at hand, from its own least: columns that may be
				better */
	int active_rows;     /* rows of these */
	size_t row_stride; /* the longest of these, so that what is worked on lies close together */
	double *before, *after; /* [height][pitch] fills so far; room for [rows][columns] */
	uint16_t *choice;       /* [nlayers], each with such room */
	double choice_scale;    /* fills count in these, so that a choice has room below */
	uint32_t *stored;       /* [nstored][nlayers] designs */
	size_t nstored, capacity;
};

int barista_streaming_knapsack_make(struct streaming_knapsack *g, const struct streaming_front *f,
				    int rows, int columns, struct barista_err *err);
void barista_streaming_knapsack_free(struct streaming_knapsack *g);

/* Sets height and width to the part of the grid that designs of this cut may improve, and leaves
 * out options with which none can; false: none at all. */
bool barista_streaming_knapsack_bound(struct streaming_knapsack *g,
				      struct streaming_threshold_case *cut);
/* Improves it. */
int barista_streaming_knapsack_run(struct streaming_knapsack *g,
				   const struct streaming_threshold_case *cut,
				   struct barista_err *err);

#endif
