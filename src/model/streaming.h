/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_STREAMING_H
#define MODEL_STREAMING_H

/* What the files of the streaming family share. Private to the family. */
#include "barista.h"

enum { STREAM_PRECISION, STREAM_ENGINES, BARISTA_STREAMING_KNOBS };
enum { STREAM_SHARED = 1, STREAM_SEPARATE = 2 };   /* values of the second */

/* A sample takes, of every group of passes, the longest, and the fills of all. */
enum { STREAM_FP, STREAM_BP, STREAM_WG, STREAM_PASSES };
enum { STREAM_MAX_GROUPS = STREAM_PASSES * BARISTA_MAX_UNROLLED };

/* What a layer asks of its stage, whatever the unrolls. Sizes are in elements. */
struct stage {
	double groups, in, out, taps;    /* channels of a group, and places of the kernel: what the unrolls divide */
	double words_in, words_out;      /* that stream in, padding included, and out */
	double at_fp, at_bp, at_wg;      /* positions at which each pass multiplies; 0: it does not run */
	double rows_fp, tail_fp;         /* rows that a pass makes, and how many of them wait for its last input row */
	double rows_bp, tail_bp;
	double line, errors, kept, weights;   /* held on chip: rows of the input and of the errors, the whole input */
	double macs;
	size_t group[STREAM_PASSES];     /* that a pass is in */
	bool learns;
};

/* What it costs with its unrolls. All whole numbers, but the block RAMs: halves. */
struct stage_cost {
	double folds;
	double ii_fp, ii_bp, ii_wg;      /* cycles per sample */
	double fill_fp, fill_bp;         /* cycles after the last input row */
	double high[STREAM_PASSES];      /* cycles that compete to be the longest of their group */
	double multipliers, bram;
};

/* Cycles of a sample, gathered stage by stage. */
struct stream_time { double longest[STREAM_MAX_GROUPS], fill; };

struct stage barista_streaming_stage(const struct barista_layer *l);
struct stage_cost barista_streaming_cost(const struct barista_model *model, const struct stage *s, struct barista_unroll u,
					 const double *knob);
void barista_streaming_add(struct stream_time *t, const struct stage *s, const struct stage_cost *c);
double barista_streaming_cycles(const struct stream_time *t);

/* The stage of the plan's layer i, and its unrolls: one that stands for all layers is lowered to their sizes. */
struct stage barista_streaming_layer(const struct barista_plan *plan, size_t i);
struct barista_unroll barista_streaming_unroll(const struct barista_point *point, const struct stage *s, size_t i);
double barista_streaming_clock(const struct barista_device *dev, double dsp);
double barista_streaming_dsp(const struct barista_device *dev, const double *knob, double multipliers);

/* All resource metrics. */
void barista_streaming_use(const struct barista_model *model, const double *knob, double multipliers, double bram,
			   double used[BARISTA_NMETRICS]);
void barista_streaming_resources(const struct barista_model *model, struct barista_batch *batch);

int barista_streaming_parse(const char *text, struct barista_point *out, struct barista_err *err);
void barista_streaming_format(const struct barista_point *point, char *buf, size_t size);

int barista_streaming_list(struct barista_listing *listing, struct barista_err *err);

enum { BARISTA_STREAMING_TERMS = 35 };
extern const struct barista_term barista_streaming_term_table[BARISTA_STREAMING_TERMS];
size_t barista_streaming_parts(const struct barista_model *model, const struct barista_point *point, size_t shape);
void barista_streaming_part(const struct barista_model *model, const struct barista_point *point, size_t shape, size_t i,
			    struct barista_part *out);

#endif
