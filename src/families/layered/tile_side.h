/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_LAYERED_TILE_SIDE_H
#define FAMILIES_LAYERED_TILE_SIDE_H

#include "barista.h"
#include "barista/family.h"

/* One side of a tile, T = q * each: q multipliers work along it, each on so many rows (or columns)
 * of the tile. */
struct barista_layered_option {
	int32_t q, each;
};

struct barista_layered_side {
	size_t n;
	struct barista_layered_option *option; /* by q, then by each */
	size_t *first; /* [most + 2] of q: first[q] to before first[q + 1] */
};

struct barista_layered_sizes {
	size_t n;
	const double *value;
};

/* Does a sweep over the range have this value? As in the space of a search, but for 0, which every
 * range from 0 has. */
bool barista_layered_in_range(const struct barista_range *range, double v);

/* The options of a side that may be best, for matrices of these sizes: of those with the same
 * numbers of tiles one is left out when another has no more multipliers and no more rows of each. q
 * is at most `most`, and one that `parallel` can be a product of. */
int barista_layered_side_make(struct barista_layered_side *out, const struct barista_range *tile,
			      const struct barista_range *parallel, int32_t most,
			      struct barista_layered_sizes sizes, struct barista_err *err);
void barista_layered_side_free(struct barista_layered_side *side);

#endif
