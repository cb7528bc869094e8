/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_FRONT_H
#define FAMILIES_STREAMING_FRONT_H

/* The exact front of streaming designs: what its files share. Private to the family. */
#include "families/streaming/streaming.h"

/* A way to unroll a layer. */
struct streaming_option {
	struct barista_unroll unroll;
	double competing[STREAMING_PASSES], additive; /* cycles, see streaming.h */
	double multipliers, bram;
	int multiplier_units, bram_units; /* the same in the units of the knapsack */
};

/* The options of a layer that no other of them dominates. */
struct streaming_options {
	struct streaming_option *option;
	size_t n;
};

/* The designs with one number format and one kind of engines. All that they take adds up over the
 * layers, or is a maximum over them. A design is a choice: the index of one option per layer. */
struct streaming_front {
	struct barista_enumeration *enumeration;
	double knob[BARISTA_MAX_KNOBS];
	double fronts_done, fronts; /* before this one, and of the whole enumeration */
	size_t nlayers;
	struct streaming_stage stage[BARISTA_MAX_UNROLLED];
	struct streaming_options options[BARISTA_MAX_UNROLLED];
	size_t ngroups;
	double max_multipliers, max_bram; /* within the budgets */
};

/* ---- unroll_options.c ---- */

/* Fills the options of all layers, also those that alone are over a budget if so wanted. Whatever
 * comes of it, free them. */
int barista_streaming_unroll_options(struct streaming_front *f, bool over_budget_too,
				     struct barista_err *err);
void barista_streaming_unroll_options_free(struct streaming_front *f);
/* How many ways there are to unroll a layer: triples of factors. */
double barista_streaming_unroll_triples(const struct streaming_stage *s);
int barista_streaming_add_design(struct streaming_front *f, const uint32_t *choice,
				 struct barista_err *err);

/* ---- threshold_sweep.c ---- */

/* Adds the designs of which no other is at least as fast with no more multipliers and block RAMs.
 * Its options must be filled; it changes them. */
int barista_streaming_threshold_sweep(struct streaming_front *f, struct barista_err *err);

/* ---- least_over_budget.c ---- */

/* Finds the design that is least over the budgets: by how much, as a sum of fractions of them (0:
 * it is within all), and its choice. Its options must be filled, also those over a budget. */
int barista_streaming_least_over_budget(const struct streaming_front *f, double *excess,
					uint32_t *choice, struct barista_err *err);

#endif
