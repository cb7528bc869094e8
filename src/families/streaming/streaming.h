/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_STREAMING_H
#define FAMILIES_STREAMING_STREAMING_H

/* What the files of the streaming family share. Private to the family. */
#include "barista.h"
#include "barista/family.h"
#include "families/streaming/latency.h"

enum { STREAMING_PRECISION, STREAMING_ENGINES, BARISTA_STREAMING_KNOBS };
extern const struct barista_knob barista_streaming_knobs[BARISTA_STREAMING_KNOBS];
enum { STREAMING_ENGINES_SHARED = 1, STREAMING_ENGINES_SEPARATE = 2 }; /* values of the second */

/* A sample takes, of every group of passes, the longest, and what all add. A group is a segment of
 * a pass (see streaming_time.h), or all weight gradients that follow the errors. */
enum { STREAMING_FP, STREAMING_BP, STREAMING_WG, STREAMING_PASSES };
enum { STREAMING_MAX_GROUPS = STREAMING_PASSES * BARISTA_MAX_UNROLLED };

/* What a layer asks of its stage, whatever the unrolls. Sizes are in elements. */
struct streaming_stage {
	double groups, in_channels, out_channels,
		taps; /* channels of a group, and places of the kernel: what the unrolls divide */
	double words_in, words_out; /* that stream in, padding included, and out */
	double positions_fp, positions_bp,
		positions_wg; /* positions at which each pass multiplies; 0: it does not run */
	double line_buffer, error_buffer; /* in the line buffers of its input and of the errors; set
					     with the rows */
	double input, weights;            /* the whole input, and its weights */
	double macs;
	struct streaming_passes passes;
	struct streaming_sources
		source; /* of the first stage, and backward of the last; no rows elsewhere */
	size_t group[STREAMING_PASSES]; /* that a pass is in */
	bool learns;
};

/* Whole cycles of something that works in a pass: those that add to the time of the others, those
 * that compete. */
struct streaming_cycles {
	double additive, competing;
};

/* What a stage costs with its unrolls. All whole numbers, but the block RAMs: halves. */
struct streaming_stage_cost {
	double folds;
	double ii_fp, ii_bp, ii_wg;     /* cycles per sample */
	double source_fp, source_bp;    /* cycles of the sources; 0: not here */
	struct streaming_cycles fp, bp; /* of the stage */
	struct streaming_cycles fp_ends,
		bp_ends; /* of the sources and of weight gradients along with the errors */
	double competing[STREAMING_PASSES]; /* cycles that compete to be the longest of their group
					     */
	double additive;                    /* cycles that add to them */
	double multipliers, bram;
};

/* Cycles of a sample, gathered stage by stage. */
struct streaming_sample {
	double longest[STREAMING_MAX_GROUPS], additive;
};

/* Without rows. */
struct streaming_stage barista_streaming_stage(const struct barista_mac_layer *l);
/* All stages of a lowered network, which has at most BARISTA_MAX_UNROLLED layers, with their rows.
 */
void barista_streaming_stages(const struct barista_lowered *lowered, double engines,
			      struct streaming_stage *stage);

struct streaming_stage_cost barista_streaming_stage_cost(const struct barista_model *model,
							 const struct streaming_stage *s,
							 struct barista_unroll u,
							 const double *knob);
void barista_streaming_sample_add(struct streaming_sample *t, const struct streaming_stage *s,
				  const struct streaming_stage_cost *c);
double barista_streaming_sample_cycles(const struct streaming_sample *t);

/* The stage of the lowered network's layer i without its rows, and its unrolls: one that stands for
 * all layers is lowered to their sizes. */
struct streaming_stage barista_streaming_stage_at(const struct barista_lowered *lowered, size_t i);
struct barista_unroll barista_streaming_unroll(const struct barista_point *point,
					       const struct streaming_stage *s, size_t i);
double barista_streaming_clock_hz(const struct barista_device *dev, double dsp);
double barista_streaming_dsp(const struct barista_device *dev, const double *knob,
			     double multipliers);

/* All resource metrics. */
void barista_streaming_resource_metrics(const struct barista_model *model, const double *knob,
					double multipliers, double bram,
					double used[BARISTA_NMETRICS]);

int barista_streaming_parse(const char *text, struct barista_point *out, struct barista_err *err);
void barista_streaming_format(const struct barista_point *point, char *buf, size_t size);

void barista_streaming_bottleneck(const struct barista_model *model,
				  const struct barista_point *point, char *buf, size_t size);

int barista_streaming_enumerate(struct barista_enumeration *listing, struct barista_err *err);

enum { BARISTA_STREAMING_TERMS = 43 };
extern const struct barista_term barista_streaming_term_table[BARISTA_STREAMING_TERMS];
size_t barista_streaming_time_part_count(const struct barista_model *model,
					 const struct barista_point *point, size_t shape);
void barista_streaming_time_part(const struct barista_model *model,
				 const struct barista_point *point, size_t shape, size_t i,
				 struct barista_time_part *out);

#endif
