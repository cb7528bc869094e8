/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hot loops of the systolic family, one table of them per instruction set. */
#ifndef FAMILIES_SYSTOLIC_LOOPS_H
#define FAMILIES_SYSTOLIC_LOOPS_H

#include "base/isa.h"
#include "barista/family.h"
#include "families/systolic/equations.h"

/* Barista's kernel; a richer one; one with gaps between bursts. */
enum run_kind { RUN_BASIC, RUN_RICH, RUN_GAPS };

/* One layer class on n points that differ in T_K only. */
struct class_run {
	size_t n, ngemms;
	enum run_kind kind;
	struct linear_in_kprime line[BARISTA_NPASSES];
	double wl[BARISTA_NPASSES], burst, t_m, t_n; /* for bursts, when there are gaps */
	double weight[BARISTA_NPASSES];              /* GEMMs per image */
	const double *q_k[BARISTA_NPASSES];          /* [n] padded depth */
	const double *n_k[BARISTA_NPASSES];          /* [n] tiles along K */
	const double *lanes;                         /* [n] ceil(T_K/V) */
	const double *t_k;                           /* [n] */
	double *time;                                /* [n] out: s per image */
};

/* The sides of a box of kernels. */
struct box {
	struct mesh lo, hi;
};

/* Lower bounds of one GEMM on n boxes whose `varied` knob takes one value each. */
struct box_run {
	size_t n, varied;
	struct box box;
	const double *value, *dsp; /* [n] of the varied knob; the least DSPs */
	struct gemm_params set;
	double macs_max; /* no kernel of the device has more multipliers per precision */
	double weight;
	double *time; /* [n] weight times the bound is added */
};

struct barista_loops {
	double (*class)(const struct class_run *run); /* returns the least time */
	void (*bound)(const struct box_run *run);
};
extern const struct barista_loops barista_loops_portable, barista_loops_avx2, barista_loops_avx512;

/* Those of an instruction set that runs here. */
const struct barista_loops *barista_loops_for(enum barista_isa isa);

#endif
