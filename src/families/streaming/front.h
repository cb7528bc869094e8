/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_FRONT_H
#define FAMILIES_STREAMING_FRONT_H

/* The exact front of streaming designs: what its files share. Private to the family. */
#include "families/streaming/streaming.h"
#include "barista/family.h"

/* A way to unroll a layer. Multipliers and block RAMs count in the units of their front. */
struct streaming_option {
	struct barista_unroll unroll;
	double competing[STREAMING_PASSES], additive; /* cycles */
	double multipliers, bram;
	int multiplier_units, bram_units;
};

/* Those of a layer that no other beats in everything. */
struct streaming_options {
	struct streaming_option *option;
	size_t n;
};

/* One number format with one kind of engines: everything adds up or is a maximum over the layers.
 */
struct streaming_front {
	struct barista_enumeration *enumeration;
	double knob[BARISTA_MAX_KNOBS];
	double fronts_done, fronts; /* fronts before this one, and of the whole listing */
	size_t nlayers;
	struct streaming_stage stage[BARISTA_MAX_UNROLLED];
	struct streaming_options options[BARISTA_MAX_UNROLLED];
	size_t ngroups;
	double max_multipliers, max_bram; /* within the budgets */
};

/* Fills the menus; every option that alone is over a budget is left out, unless all are wanted. */
int barista_streaming_unroll_options(struct streaming_front *f, bool all, struct barista_err *err);
void barista_streaming_unroll_options_free(struct streaming_front *f);
double barista_streaming_unroll_triples(const struct streaming_stage *s); /* to unroll it */

/* Offers the front. */
int barista_streaming_threshold_sweep(struct streaming_front *f, struct barista_err *err);
int barista_streaming_add_design(struct streaming_front *f, const uint32_t *choice,
				 struct barista_err *err);

/* Of all designs that no other beats in multipliers and block RAMs, times aside, the least over the
 * budgets: how much, and into choice which option of every layer. */
int barista_streaming_least_over_budget(const struct streaming_front *f, double *excess,
					uint32_t *choice, struct barista_err *err);

#endif
