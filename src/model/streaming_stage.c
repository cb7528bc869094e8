/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stage of the streaming pipeline: its cycles, what it fills, what it holds. Source of the forward
 * terms: the public model of fpgaConvNet; of the rest: derived. */
#include "base/num.h"
#include "model/bram.h"
#include "model/precision.h"
#include "model/streaming.h"

/* ---- rows: which of them wait for the last row of the input (derived) ---- */

/* One axis of a layer, as its forward pass sees it if it is a convolution. */
struct rows { double in, out, reach, stride, pad; };

static struct rows rows_of(const struct barista_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;

	return (struct rows){.in = (double)(deconv ? l->oh : l->h), .out = (double)(deconv ? l->h : l->oh),
			     .reach = (double)((l->kh - 1) * l->dil_h + 1), .stride = (double)l->stride_h,
			     .pad = (double)l->pad_h};
}

/* A window gathers: row r of out needs rows up to r*stride + reach - pad of in, at least 1. */
static double tail_gathering(const struct rows *r)
{
	double first = r->in == 1 ? 0 : fmax(0, ceil((r->in + r->pad - r->reach) / r->stride));

	return fmax(0, r->out - first);
}

/* The other way a row scatters: row r of in needs rows up to (r + pad)/stride + 1 of out, at least 1. */
static double tail_scattering(const struct rows *r)
{
	return fmax(0, r->in - fmax(0, (r->out - 1) * r->stride - r->pad));
}

/* Rows that a line buffer holds: those of a window, and what the next step of it brings. */
static double held_gathering(const struct rows *r)
{
	return fmin(r->in, r->reach + r->stride);
}

static double held_scattering(const struct rows *r)
{
	return fmin(r->out, barista_ceil_div(r->reach, r->stride) + 1);
}

/* The end of a pass after its last input row: the rows that waited for it, each of the pass's even share, in
 * whole cycles. The time of a sample is the slowest stage's and every stage's end (derived). */
static double fill(double tail, double ii, double rows)
{
	return barista_ceil_div(tail * ii, rows);
}

/* ---- the layer ---- */

/* A window of one word holds nothing. */
static bool pointwise(const struct barista_layer *l)
{
	return l->kh * l->kw == 1 && l->stride_h == 1 && l->stride_w == 1;
}

static void fill_rows(struct stage *s, const struct barista_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;
	struct rows r = rows_of(l);
	double gathered = tail_gathering(&r), scattered = tail_scattering(&r);
	double held = held_gathering(&r), held_back = held_scattering(&r);

	s->rows_fp = (double)l->oh;
	s->rows_bp = (double)l->h;
	s->tail_fp = deconv ? scattered : gathered;
	s->tail_bp = deconv ? gathered : scattered;
	if (pointwise(l))
		return;
	s->line = (deconv ? held_back : held) * (double)(l->w + (deconv ? 0 : l->pad_w + l->pad_end_w)) * (double)l->cin;
	if (l->input_gradient)
		s->errors = (deconv ? held : held_back) * (double)l->ow * (double)l->cout;
}

/* What a deconvolution pads is cut from its output: nothing more streams in. */
struct stage barista_streaming_stage(const struct barista_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;
	double in = (double)(l->h * l->w), out = (double)(l->oh * l->ow);
	double padded = deconv ? in : (double)((l->h + l->pad_h + l->pad_end_h) * (l->w + l->pad_w + l->pad_end_w));
	struct stage s = {
		.groups = (double)l->groups, .in = (double)(l->cin / l->groups), .out = (double)(l->cout / l->groups),
		.taps = (double)(l->kh * l->kw), .words_in = (double)l->cin * padded, .words_out = (double)l->cout * out,
		.at_fp = deconv ? in : out, .at_bp = l->input_gradient ? (deconv ? out : in) : 0,
		.at_wg = l->weight_gradient ? (deconv ? in : out) : 0,
		.kept = (double)l->cin * in, .weights = (double)l->weights, .macs = (double)l->macs,
		.group = {STREAM_FP, STREAM_BP, STREAM_WG}, .learns = l->weight_gradient,
	};

	fill_rows(&s, l);
	return s;
}

static double folds_of(const struct stage *s, struct barista_unroll u)
{
	return s->groups * (barista_ceil_div(s->in, u.in) * barista_ceil_div(s->out, u.out) *
			    barista_ceil_div(s->taps, u.kernel));
}

/* Blocks of a memory that gives so many words a cycle. */
static double blocks(enum barista_block_ram kind, double words, double at_once, double bits)
{
	return words > 0 ? barista_bank_blocks(kind, barista_ceil_div(words, at_once), at_once * bits) : 0;
}

/* Weights and, where they learn, as many sums of gradients and the input, which the weight gradient needs again. Biases
 * are left out. */
static double block_rams(enum barista_block_ram kind, const struct stage *s, struct barista_unroll u, double bits)
{
	double multipliers = (double)u.in * u.out * u.kernel;
	double used = blocks(kind, s->line, u.in, bits) + blocks(kind, s->errors, u.out, bits);

	used += (s->learns ? 2 : 1) * blocks(kind, s->weights, multipliers, bits);
	return used + (s->learns ? blocks(kind, s->kept, u.in, bits) : 0);
}

/* Shared engines run the three passes one after the other; a second one computes weight gradients while the errors
 * pass, so that these two are one pass of the slower's interval (derived). */
static void compete(struct stage_cost *c, double engines)
{
	bool separate = engines == STREAM_SEPARATE;

	c->high[STREAM_FP] = c->ii_fp;
	c->high[STREAM_BP] = separate ? fmax(c->ii_bp, c->ii_wg) : c->ii_bp;
	c->high[STREAM_WG] = separate ? 0 : c->ii_wg;
}

struct stage_cost barista_streaming_cost(const struct barista_model *model, const struct stage *s, struct barista_unroll u,
					 const double *knob)
{
	enum barista_precision p = barista_pass_precision(knob[STREAM_PRECISION], BARISTA_FWD);
	double multipliers = (double)u.in * u.out * u.kernel;
	struct stage_cost c = {.folds = folds_of(s, u)};

	c.ii_fp = fmax(s->at_fp * c.folds, fmax(barista_ceil_div(s->words_in, u.in), barista_ceil_div(s->words_out, u.out)));
	c.ii_bp = s->at_bp * c.folds;
	c.ii_wg = s->at_wg * c.folds;
	c.fill_fp = fill(s->tail_fp, c.ii_fp, s->rows_fp);
	c.fill_bp = fill(s->tail_bp, c.ii_bp, s->rows_bp);
	compete(&c, knob[STREAM_ENGINES]);
	c.multipliers = knob[STREAM_ENGINES] == STREAM_SEPARATE && s->learns ? 2 * multipliers : multipliers;
	c.bram = block_rams(model->dev->block_ram, s, u, barista_precision_defs[p].bits);
	return c;
}

/* ---- all of them ---- */

void barista_streaming_add(struct stream_time *t, const struct stage *s, const struct stage_cost *c)
{
	for (int p = 0; p < STREAM_PASSES; p++)
		t->longest[s->group[p]] = fmax(t->longest[s->group[p]], c->high[p]);
	t->fill += c->fill_fp + c->fill_bp;
}

double barista_streaming_cycles(const struct stream_time *t)
{
	double cycles = t->fill;

	for (int g = 0; g < STREAM_MAX_GROUPS; g++)
		cycles += t->longest[g];
	return cycles;
}
