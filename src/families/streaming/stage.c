/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stage of the streaming pipeline: its cycles, what they add to a sample's time, what it holds.
 * Source of the forward terms: the public model of fpgaConvNet; of the rest: derived. */
#include "base/num.h"
#include "barista/family.h"
#include "families/streaming/streaming.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/precision.h"

struct stage barista_streaming_stage(const struct barista_mac_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;
	double in = (double)(l->h * l->w), out = (double)(l->oh * l->ow);

	return (struct stage){
		.groups = (double)l->groups,
		.in = (double)(l->cin / l->groups),
		.out = (double)(l->cout / l->groups),
		.taps = (double)(l->kh * l->kw),
		.words_in = barista_streaming_words_in(l),
		.words_out = (double)l->cout * out,
		.at_fp = deconv ? in : out,
		.at_bp = l->input_gradient ? (deconv ? out : in) : 0,
		.at_wg = l->weight_gradient ? (deconv ? in : out) : 0,
		.kept = (double)l->cin * in,
		.weights = (double)l->weights,
		.macs = (double)l->macs,
		.learns = l->weight_gradient,
	};
}

static double folds_of(const struct stage *s, struct barista_unroll u)
{
	return s->groups * (barista_ceil_div(s->in, u.in) * barista_ceil_div(s->out, u.out) *
			    barista_ceil_div(s->taps, u.kernel));
}

/* ---- block RAMs ---- */

/* Blocks of a memory that gives so many words a cycle. */
static double blocks(enum barista_block_ram kind, double words, double at_once, double bits)
{
	return words > 0
		       ? barista_bank_blocks(kind, barista_ceil_div(words, at_once), at_once * bits)
		       : 0;
}

/* Weights and, where they learn, as many sums of gradients and the input, which the weight gradient
 * needs again; so it does the errors, unless it is worked out by engines of its own while they
 * pass. Biases are left out. */
static double block_rams(enum barista_block_ram kind, const struct stage *s,
			 struct barista_unroll u, double engines, double bits)
{
	double multipliers = (double)u.in * u.out * u.kernel;
	double errors =
		engines == STREAM_SHARED && s->learns ? fmax(s->errors, s->words_out) : s->errors;
	double used = blocks(kind, s->line, u.in, bits) + blocks(kind, errors, u.out, bits);

	used += (s->learns ? 2 : 1) * blocks(kind, s->weights, multipliers, bits);
	return used + (s->learns ? blocks(kind, s->kept, u.in, bits) : 0);
}

/* ---- cycles ---- */

static struct stream_share share_of(const struct stream_pass *p, double interval)
{
	double rows = (double)p->rows;

	if (!p->rows)
		return (struct stream_share){0, 0};
	return (struct stream_share){barista_ceil_div(p->add * interval, rows),
				     barista_ceil_div(p->most * interval, rows)};
}

static void intervals(struct stage_cost *c, const struct stage *s, struct barista_unroll u)
{
	c->ii_fp = fmax(s->at_fp * c->folds, fmax(barista_ceil_div(s->words_in, u.in),
						  barista_ceil_div(s->words_out, u.out)));
	c->ii_bp = s->at_bp * c->folds;
	c->ii_wg = s->at_wg * c->folds;
	c->source_fp = barista_ceil_div(s->source.fp.words, u.in);
	c->source_bp = barista_ceil_div(s->source.bp.words, u.out);
}

/* Backward, with engines apart, also the weight gradient: where it ends the chain as one more
 * stage, else along with the errors. There the pass takes at least as long as it does, what its
 * stage adds included. */
static struct stream_share share_of_ends(const struct stage *s, const struct stage_cost *c)
{
	struct stream_share source = share_of(&s->source.bp.pass, c->source_bp);
	struct stream_share wg = share_of(&s->rows.wg, c->ii_wg);

	if (s->rows.wg.rows && s->rows.bp.rows)
		wg.most = fmax(0, wg.most - c->bp.add);
	return (struct stream_share){source.add + wg.add, fmax(source.most, wg.most)};
}

/* Shared engines run the three passes one after the other, the gradients of all weights at once. */
static void compete(struct stage_cost *c, const struct stage *s, double engines)
{
	c->fp = share_of(&s->rows.fp, c->ii_fp);
	c->bp = share_of(&s->rows.bp, c->ii_bp);
	c->fp_ends = share_of(&s->source.fp.pass, c->source_fp);
	c->bp_ends = share_of_ends(s, c);
	c->high[STREAM_FP] = fmax(c->fp.most, c->fp_ends.most);
	c->high[STREAM_BP] = fmax(c->bp.most, c->bp_ends.most);
	c->high[STREAM_WG] = engines == STREAM_SHARED ? c->ii_wg : 0;
	c->fill = c->fp.add + c->fp_ends.add + c->bp.add + c->bp_ends.add;
}

struct stage_cost barista_streaming_cost(const struct barista_model *model, const struct stage *s,
					 struct barista_unroll u, const double *knob)
{
	enum barista_precision p = barista_pass_precision(knob[STREAM_PRECISION], BARISTA_FWD);
	double multipliers = (double)u.in * u.out * u.kernel;
	struct stage_cost c = {.folds = folds_of(s, u)};

	intervals(&c, s, u);
	compete(&c, s, knob[STREAM_ENGINES]);
	c.multipliers = knob[STREAM_ENGINES] == STREAM_SEPARATE && s->learns ? 2 * multipliers
									     : multipliers;
	c.bram = block_rams(model->dev->block_ram, s, u, knob[STREAM_ENGINES],
			    barista_precision_defs[p].bits);
	return c;
}

/* ---- all of them ---- */

void barista_streaming_add(struct stream_time *t, const struct stage *s, const struct stage_cost *c)
{
	for (int p = 0; p < STREAM_PASSES; p++)
		t->longest[s->group[p]] = fmax(t->longest[s->group[p]], c->high[p]);
	t->fill += c->fill;
}

double barista_streaming_cycles(const struct stream_time *t)
{
	double cycles = t->fill;

	for (int g = 0; g < STREAM_MAX_GROUPS; g++)
		cycles += t->longest[g];
	return cycles;
}
