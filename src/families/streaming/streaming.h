/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_STREAMING_H
#define FAMILIES_STREAMING_STREAMING_H

/* What the files of the streaming family share. Private to the family. */
#include "barista.h"
#include "barista/family.h"
#include "model/family_parts.h"
#include "families/streaming/latency.h"

enum { STREAMING_PRECISION, STREAMING_ENGINES, BARISTA_STREAMING_KNOBS };
/* Values of the knob STREAMING_ENGINES. */
enum { STREAMING_ENGINES_SHARED = 1, STREAMING_ENGINES_SEPARATE = 2 };

/* The time of a sample is the sum of what all passes of all stages add and, for every group of
 * passes, of the longest. A group is a segment of a pass (see latency.h), or with shared engines
 * all weight gradients, which follow the errors. */
enum { STREAMING_FP, STREAMING_BP, STREAMING_WG, STREAMING_PASSES };
enum { STREAMING_MAX_GROUPS = STREAMING_PASSES * BARISTA_MAX_UNROLLED };

/* What a layer asks of its stage, whatever the unrolls. Sizes are in elements, per sample. */
struct streaming_stage {
	double groups;
	double in_channels, out_channels; /* of a group: what P_i and P_o divide */
	double taps;                      /* weights of a kernel: what P_k divides */
	double words_in, words_out;       /* that stream in, padding included, and out */
	/* Positions at which each pass multiplies; 0: it does not run. */
	double positions_fp, positions_bp, positions_wg;
	double line_buffer, error_buffer; /* of its input, of the errors; set with the passes */
	double input, weights;            /* the whole input, and its weights */
	double macs;
	struct streaming_passes passes;
	struct streaming_sources source; /* fp of the first stage, bp of the last; 0 elsewhere */
	size_t group[STREAMING_PASSES];  /* that each pass competes in */
	bool learns;                     /* it has a weight gradient */
};

/* Whole cycles of one thing that works in a pass: some add to the time of the others, some compete
 * with theirs. */
struct streaming_cycles {
	double additive, competing;
};

/* What a stage costs with its unrolls. All are whole numbers, but block RAMs come in halves. */
struct streaming_stage_cost {
	double folds;                   /* cycles per position */
	double ii_fp, ii_bp, ii_wg;     /* initiation intervals: cycles per sample of each pass */
	double source_fp, source_bp;    /* cycles per sample of the sources; 0: not here */
	struct streaming_cycles fp, bp; /* of the stage itself */
	/* Of the sources, and backward also of the weight gradient with engines of its own. */
	struct streaming_cycles fp_ends, bp_ends;
	double competing[STREAMING_PASSES]; /* cycles, of each pass in its group */
	double additive;                    /* cycles, of all passes */
	double multipliers, bram;
};

/* Cycles of a sample, gathered stage by stage. */
struct streaming_sample {
	double longest[STREAMING_MAX_GROUPS], additive;
};

/* ---- stage.c: one stage ---- */

/* The passes and what depends on them are left 0. */
struct streaming_stage barista_streaming_stage(const struct barista_mac_layer *l);
struct streaming_stage_cost barista_streaming_stage_cost(const struct barista_model *model,
							 const struct streaming_stage *s,
							 struct barista_unroll u,
							 const double *knob);
void barista_streaming_sample_add(struct streaming_sample *t, const struct streaming_stage *s,
				  const struct streaming_stage_cost *c);
double barista_streaming_sample_cycles(const struct streaming_sample *t);

/* ---- pipeline.c: all stages ---- */

/* Complete stages of a lowered network, which has at most BARISTA_MAX_UNROLLED layers. */
void barista_streaming_stages(const struct barista_lowered *lowered, double engines,
			      struct streaming_stage *stage);

/* The stages of one point after the other: they are the same for the same engines. */
struct streaming_pipeline {
	double engines; /* of the stages; 0: there are none yet */
	struct streaming_stage stage[BARISTA_MAX_UNROLLED];
};
const struct streaming_stage *barista_streaming_pipeline_for(struct streaming_pipeline *p,
							     const struct barista_lowered *lowered,
							     double engines);

/* ---- design.c: what a point is on a network and a board ---- */

/* The stage of layer i of a lowered network, as barista_streaming_stage() has it. */
struct streaming_stage barista_streaming_stage_at(const struct barista_lowered *lowered, size_t i);
/* The unrolls of stage i. A single one in the point stands for all stages and is lowered to
 * divisors of their sizes. */
struct barista_unroll barista_streaming_unroll(const struct barista_point *point,
					       const struct streaming_stage *s, size_t i);
double barista_streaming_clock_hz(const struct barista_device *dev, double dsp);
double barista_streaming_dsp(const struct barista_device *dev, const double *knob,
			     double multipliers);
/* Writes all resource metrics of a design with so many multipliers and block RAMs. */
void barista_streaming_resource_metrics(const struct barista_model *model, const double *knob,
					double multipliers, double bram,
					double metric[BARISTA_NMETRICS]);

/* ---- the functions of the family ---- */

void barista_streaming_bottleneck(const struct barista_model *model,
				  const struct barista_point *point, char *buf, size_t size);

enum { BARISTA_STREAMING_TERMS = 43 };

BARISTA_FAMILY_DECLARE(streaming, BARISTA_STREAMING_KNOBS, BARISTA_STREAMING_TERMS);
BARISTA_FAMILY_DECLARE_ENUMERATED(streaming);

#endif
