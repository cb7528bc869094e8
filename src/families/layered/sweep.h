/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_LAYERED_SWEEP_H
#define FAMILIES_LAYERED_SWEEP_H

/* All designs of one precision, mode and tile depth that may be best, by numbers of multipliers.
 * Private to the family. */
#include "families/layered/layered.h"
#include "families/layered/tile_side.h"

/* A distinct GEMM, and what it takes per image: a time per count of each kind. */
struct barista_layered_gemm {
	double m, n, k;
	bool accumulates;
	double per_image;
	double comp;       /* s of computing per n_M*each_M * n_N*each_N */
	double load, move; /* s per element of the first tiles' sides, and of the first or last tile
			      of C, all of them together */
	double a, b, c;    /* s of memory per n_N, per n_M, always */
};

/* What a design is kept for, the less the better: s per image; and op/s, negative, summed over the
 * layers, so that no other has a better mean over them. */
enum { BARISTA_LAYERED_TIME, BARISTA_LAYERED_RATES, BARISTA_LAYERED_COSTS };
struct barista_layered_cost {
	double of[BARISTA_LAYERED_COSTS];
};

/* A GEMM of a layer, and the layer's share of all that is alike. */
struct barista_layered_gemm_share {
	size_t gemm;
	double share;
};
struct barista_layered_work {
	double fixed, ops; /* s and op per image; fixed: launches, all other kernels, transfers */
	size_t end;        /* of its launches */
	size_t shares;     /* end of its GEMMs */
};

/* Options `from` to before `to` of a side, all of one q; halves are nodes too, the first of them
 * the next one. */
struct barista_layered_node {
	size_t from, to, second;
};

struct barista_layered_tree {
	struct barista_layered_side side;
	double *blocks; /* of the tiles of A or B, per option */
	size_t n;
	struct barista_layered_node *node;
	size_t *root;                 /* [most + 1] of each q; SIZE_MAX: it has no option */
	double *steps, *moves, *size; /* [n][ngemms] the least of the options: compute is a product
				       * of the two sides' steps, memory a sum of their moves; the
				       * side of a tile within the matrix */
};

struct barista_layered_design {
	double blocks;
	struct barista_layered_cost cost;
	struct barista_point point;
};

/* Designs of other depths of the same precision that were offered, by their Q. */
struct barista_layered_candidate {
	int32_t q;
	double blocks;
	struct barista_layered_cost cost;
};
struct barista_layered_candidates {
	size_t n, cap;
	struct barista_layered_candidate *item;
};

struct barista_layered_sweep {
	struct barista_enumeration *enumeration;
	struct barista_layered_candidates
		*before;            /* or NULL where time does not count; offers are added */
	size_t known, seen;         /* of those: there when it began; and in `best` */
	struct barista_point point; /* precision, mode and T_K are those of the sweep */
	enum barista_precision precision;
	struct barista_layered_tree m, n;
	size_t ngemms;
	struct barista_layered_gemm *gemm;
	size_t nlaunches, nshares;
	struct barista_launch *launch; /* of all layers, for times to the last bit */
	struct barista_layered_gemm_share *share;
	struct barista_layered_work *layer; /* [nlayers] */
	double *gemm_time; /* [ngemms] s per image of the design that is looked at */
	size_t nlevels;
	double *best[BARISTA_LAYERED_COSTS]; /* [nlevels] least so far with at most so many halves
						of block RAMs */
	size_t ndesigns, design_room;
	struct barista_layered_design *design; /* with the Q that is looked at */
	double limit;                          /* block RAMs */
	int32_t max_multipliers;               /* Q that the budgets allow */
	bool least;                            /* only blocks count, no time */
	size_t ninserted;
};

/* Tile depths to look at; the caller frees `value`, also on failure. */
struct barista_layered_depths {
	size_t n;
	double *value;
};
int barista_layered_depths_make(struct barista_layered_depths *out,
				const struct barista_enumeration *enumeration, double precision,
				bool feasible, struct barista_err *err);

int barista_layered_tree_make(struct barista_layered_tree *tree,
			      const struct barista_layered_sweep *s, bool columns,
			      struct barista_err *err);
void barista_layered_tree_free(struct barista_layered_tree *tree);

int barista_layered_sweep_make(struct barista_layered_sweep *s, struct barista_err *err);
void barista_layered_sweep_free(struct barista_layered_sweep *s);

/* Sorts what was offered by Q, for a sweep to start with. */
void barista_layered_candidates_sort(struct barista_layered_candidates *ninserted);

/* Offers the best of one Q, given all with fewer. */
int barista_layered_sweep_q(struct barista_layered_sweep *s, int32_t q, struct barista_err *err);

/* Offers the designs that take the fewest blocks of their Q, whatever their time, when they take
 * fewer than `fewest`. */
int barista_layered_sweep_least(struct barista_layered_sweep *s, int32_t q, double *fewest,
				struct barista_err *err);

#endif
