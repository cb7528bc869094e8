/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_KNAPSACK_H
#define FAMILIES_STREAMING_KNAPSACK_H

/* The shortest time within every number of multipliers and block RAMs: a knapsack of two weights,
 * in a table with a row for each number of multipliers and a column for each of block RAMs. Private
 * to the family. */
#include "families/streaming/front.h"

/* ---- knapsack_size.c ---- */

struct streaming_knapsack_size {
	double multiplier_unit, bram_unit; /* multipliers of a row, half block RAMs of a column */
	int rows, columns;                 /* of the table */
	int least_row, least_column;       /* what row 0 and column 0 of it stand for, in units */
};

/* Also counts the multipliers and block RAMs of all options in units. */
struct streaming_knapsack_size barista_streaming_knapsack_size(struct streaming_front *f);

/* ---- knapsack.c ---- */

/* An option of a layer that meets the thresholds: its additive cycles, and how many rows and
 * columns it takes beyond the least of its layer. */
struct streaming_candidate {
	double additive;
	int rows, columns;
	uint32_t option; /* index into the options of the layer */
};

/* The designs that meet some thresholds, which they all reach together. */
struct streaming_threshold_case {
	size_t ncandidates[BARISTA_MAX_UNROLLED];
	struct streaming_candidate *candidate[BARISTA_MAX_UNROLLED];
	int row, column;         /* cell of the least that all layers take together: its corner */
	double threshold_cycles; /* the sum of the thresholds: a sample's time, additive aside */
};

struct streaming_knapsack {
	size_t nlayers;
	int rows, columns;
	double *cycles;   /* [rows][columns] of the fastest design within the cell, so far */
	uint32_t *design; /* [rows][columns] index of it, where no smaller cell is as fast */

	/* For one threshold case, whose cells count from its corner: */
	int active_rows;     /* that may improve */
	int *active_columns; /* [rows] columns of each that may improve */
	size_t row_stride;   /* the most of these, so that what is worked on lies close together */
	double *before;      /* [active_rows][row_stride] additive cycles of the layers so far */
	double *after;       /* the same with the layer at hand */
	double choice_scale; /* additive cycles count in these: the number of a candidate fits below
			      */
	uint16_t *choice;    /* [nlayers][rows * columns] candidate in the best of each cell */

	uint32_t *stored; /* [nstored][nlayers] choices of designs */
	size_t nstored, capacity;
};

int barista_streaming_knapsack_make(struct streaming_knapsack *k, const struct streaming_front *f,
				    int rows, int columns, struct barista_err *err);
void barista_streaming_knapsack_free(struct streaming_knapsack *k);

/* Improves the table with all designs of the case, in its active part. */
int barista_streaming_knapsack_run(struct streaming_knapsack *k,
				   const struct streaming_threshold_case *t,
				   struct barista_err *err);

/* Whether a cell is faster than those with a row or a column less, and so than all smaller ones:
 * then its design takes exactly what the cell stands for. */
bool barista_streaming_knapsack_is_faster(const struct streaming_knapsack *k, int r, int x);

/* ---- lagrangian_bound.c ---- */

/* Sets the active part to what designs of the case may improve, and leaves out candidates with
 * which none can; false: nothing can improve. */
bool barista_streaming_knapsack_bound(struct streaming_knapsack *k,
				      struct streaming_threshold_case *t);

#endif
