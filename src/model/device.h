/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_DEVICE_H
#define MODEL_DEVICE_H

#include "barista/family.h"

/* A parameter of boards. */
struct barista_param_def {
	const char *path; /* "memory.bandwidth", as in the file and in barista_device_set() */
	enum barista_dimension dimension;
	double lo, hi; /* inclusive */
	bool integer;  /* a whole number */
	bool required;
	double default_value; /* value when absent; NaN: none */
	const char *default_source;
	const char *help;
	double default_error; /* a fact without low and high may be this fraction off (assumed) */
};

extern const struct barista_param_def barista_param_defs[BARISTA_NPARAMS];

/* A number format that multipliers can have. */
struct barista_precision_def {
	const char *name;
	int bits;            /* WL: bits of an element in memory */
	int sum_bits;        /* of an accumulator */
	bool integer;        /* sums are exact; else floating point: */
	int significand;     /* bits of an input's, the hidden one included */
	int least_exponent;  /* an input is a multiple of 2 to this power */
	int sum_significand; /* bits that products and sums are rounded to. When these are more
			      * than an input's, a product is exact. */
	const char *help;    /* how products and sums are rounded */
};

extern const struct barista_precision_def barista_precision_defs[BARISTA_NPRECISIONS];

enum barista_block_ram { BARISTA_RAMB36, BARISTA_RAMB36_POW2, BARISTA_M20K, BARISTA_NBLOCK_RAMS };

extern const char *const barista_block_ram_names[]; /* as in the file, NULL-terminated */

struct barista_device {
	const char *name, *title, *part, *path;
	enum barista_block_ram block_ram;
	const char *precision_table; /* name of the table of precisions */
	struct barista_quantity param[BARISTA_NPARAMS];
	bool has_precision[BARISTA_NPRECISIONS];
	struct barista_quantity pe[BARISTA_NPRECISIONS][BARISTA_NPE_PARAMS];
	char sha256[65]; /* of the file, and of its table of precisions */
	char precision_sha256[65];
	struct barista_arena *arena; /* owns every string above */
};

#endif
