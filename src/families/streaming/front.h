/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_FRONT_H
#define FAMILIES_STREAMING_FRONT_H

/* The exact front of streaming designs: what its files share. Private to the family. */
#include "families/streaming/streaming.h"
#include "barista/family.h"

/* A way to unroll a layer. Multipliers and block RAMs count in the units of their front. */
struct stream_option {
	struct barista_unroll unroll;
	double high[STREAM_PASSES], fill; /* cycles */
	double multipliers, bram;
	int d, b;
};

/* Those of a layer that no other beats in everything. */
struct stream_menu {
	struct stream_option *option;
	size_t n;
};

/* One number format with one kind of engines: everything adds up or is a maximum over the layers.
 */
struct stream_front {
	struct barista_enumeration *listing;
	double knob[BARISTA_MAX_KNOBS];
	double done, all; /* fronts before this one, and of the whole listing */
	size_t nlayers;
	struct stage stage[BARISTA_MAX_UNROLLED];
	struct stream_menu menu[BARISTA_MAX_UNROLLED];
	size_t ngroups;
	double most_multipliers, most_bram; /* within the budgets */
};

/* Fills the menus; every option that alone is over a budget is left out, unless all are wanted. */
int barista_streaming_unroll_options(struct stream_front *f, bool all, struct barista_err *err);
void barista_streaming_unroll_options_free(struct stream_front *f);
double barista_streaming_unroll_triples(const struct stage *s); /* to unroll it */

/* Offers the front. */
int barista_streaming_sweep(struct stream_front *f, struct barista_err *err);
int barista_streaming_add_design(struct stream_front *f, const uint32_t *choice,
				 struct barista_err *err);

/* Of all designs that no other beats in multipliers and block RAMs, times aside, the least over the
 * budgets: how much, and into choice which option of every layer. */
int barista_streaming_least_over_budget(const struct stream_front *f, double *excess,
					uint32_t *choice, struct barista_err *err);

#endif
