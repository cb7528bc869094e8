/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stage of the streaming pipeline: its cycles, what they add to a sample's time, what it holds.
 * Source of the forward terms: the public model of fpgaConvNet; of the rest: derived. */
#include "base/num.h"
#include "barista/family.h"
#include "families/streaming/streaming.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/precision.h"

struct streaming_stage barista_streaming_stage(const struct barista_mac_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;
	double in = (double)(l->h * l->w), out = (double)(l->oh * l->ow);

	return (struct streaming_stage){
		.groups = (double)l->groups,
		.in_channels = (double)(l->cin / l->groups),
		.out_channels = (double)(l->cout / l->groups),
		.taps = (double)(l->kh * l->kw),
		.words_in = barista_streaming_words_in(l),
		.words_out = (double)l->cout * out,
		.positions_fp = deconv ? in : out,
		.positions_bp = l->input_gradient ? (deconv ? out : in) : 0,
		.positions_wg = l->weight_gradient ? (deconv ? in : out) : 0,
		.input = (double)l->cin * in,
		.weights = (double)l->weights,
		.macs = (double)l->macs,
		.learns = l->weight_gradient,
	};
}

static double folds_of(const struct streaming_stage *s, struct barista_unroll u)
{
	return s->groups *
	       (barista_ceil_div(s->in_channels, u.in) * barista_ceil_div(s->out_channels, u.out) *
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
static double block_rams(enum barista_block_ram kind, const struct streaming_stage *s,
			 struct barista_unroll u, double engines, double bits)
{
	double multipliers = (double)u.in * u.out * u.kernel;
	double errors = engines == STREAMING_ENGINES_SHARED && s->learns
				? fmax(s->error_buffer, s->words_out)
				: s->error_buffer;
	double used = blocks(kind, s->line_buffer, u.in, bits) + blocks(kind, errors, u.out, bits);

	used += (s->learns ? 2 : 1) * blocks(kind, s->weights, multipliers, bits);
	return used + (s->learns ? blocks(kind, s->input, u.in, bits) : 0);
}

/* ---- cycles ---- */

static struct streaming_cycles share_of(const struct streaming_pass *p, double interval)
{
	double rows = (double)p->rows;

	if (!p->rows)
		return (struct streaming_cycles){0, 0};
	return (struct streaming_cycles){barista_ceil_div(p->additive_weight * interval, rows),
					 barista_ceil_div(p->competing_weight * interval, rows)};
}

static void intervals(struct streaming_stage_cost *c, const struct streaming_stage *s,
		      struct barista_unroll u)
{
	c->ii_fp = fmax(s->positions_fp * c->folds, fmax(barista_ceil_div(s->words_in, u.in),
							 barista_ceil_div(s->words_out, u.out)));
	c->ii_bp = s->positions_bp * c->folds;
	c->ii_wg = s->positions_wg * c->folds;
	c->source_fp = barista_ceil_div(s->source.fp.words, u.in);
	c->source_bp = barista_ceil_div(s->source.bp.words, u.out);
}

/* Backward, with engines apart, also the weight gradient: where it ends the chain as one more
 * stage, else along with the errors. There the pass takes at least as long as it does, what its
 * stage adds included. */
static struct streaming_cycles share_of_ends(const struct streaming_stage *s,
					     const struct streaming_stage_cost *c)
{
	struct streaming_cycles source = share_of(&s->source.bp.pass, c->source_bp);
	struct streaming_cycles wg = share_of(&s->passes.wg, c->ii_wg);

	if (s->passes.wg.rows && s->passes.bp.rows)
		wg.competing = fmax(0, wg.competing - c->bp.additive);
	return (struct streaming_cycles){source.additive + wg.additive,
					 fmax(source.competing, wg.competing)};
}

/* Shared engines run the three passes one after the other, the gradients of all weights at once. */
static void compete(struct streaming_stage_cost *c, const struct streaming_stage *s, double engines)
{
	c->fp = share_of(&s->passes.fp, c->ii_fp);
	c->bp = share_of(&s->passes.bp, c->ii_bp);
	c->fp_ends = share_of(&s->source.fp.pass, c->source_fp);
	c->bp_ends = share_of_ends(s, c);
	c->competing[STREAMING_FP] = fmax(c->fp.competing, c->fp_ends.competing);
	c->competing[STREAMING_BP] = fmax(c->bp.competing, c->bp_ends.competing);
	c->competing[STREAMING_WG] = engines == STREAMING_ENGINES_SHARED ? c->ii_wg : 0;
	c->additive = c->fp.additive + c->fp_ends.additive + c->bp.additive + c->bp_ends.additive;
}

struct streaming_stage_cost barista_streaming_stage_cost(const struct barista_model *model,
							 const struct streaming_stage *s,
							 struct barista_unroll u,
							 const double *knob)
{
	enum barista_precision p = barista_pass_precision(knob[STREAMING_PRECISION], BARISTA_FWD);
	double multipliers = (double)u.in * u.out * u.kernel;
	struct streaming_stage_cost c = {.folds = folds_of(s, u)};

	intervals(&c, s, u);
	compete(&c, s, knob[STREAMING_ENGINES]);
	c.multipliers = knob[STREAMING_ENGINES] == STREAMING_ENGINES_SEPARATE && s->learns
				? 2 * multipliers
				: multipliers;
	c.bram = block_rams(model->dev->block_ram, s, u, knob[STREAMING_ENGINES],
			    barista_precision_defs[p].bits);
	return c;
}

/* ---- all of them ---- */

void barista_streaming_sample_add(struct streaming_sample *t, const struct streaming_stage *s,
				  const struct streaming_stage_cost *c)
{
	for (int p = 0; p < STREAMING_PASSES; p++)
		t->longest[s->group[p]] = fmax(t->longest[s->group[p]], c->competing[p]);
	t->additive += c->additive;
}

double barista_streaming_sample_cycles(const struct streaming_sample *t)
{
	double cycles = t->additive;

	for (int g = 0; g < STREAMING_MAX_GROUPS; g++)
		cycles += t->longest[g];
	return cycles;
}
