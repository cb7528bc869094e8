/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stage of the streaming pipeline: its cycles, what they add to a sample's time, and the blocks
 * that it takes. The forward terms are those of fpgaConvNet's public model; the rest is derived. */
#include "families/streaming/streaming.h"
#include "base/num.h"
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

static double multipliers_of(struct barista_unroll u)
{
	return (double)u.in * u.out * u.kernel;
}

/* Cycles per position: g * ceil(C_in/P_i) * ceil(C_out/P_o) * ceil(K/P_k). */
static double folds_of(const struct streaming_stage *s, struct barista_unroll u)
{
	return s->groups *
	       (barista_ceil_div(s->in_channels, u.in) * barista_ceil_div(s->out_channels, u.out) *
		barista_ceil_div(s->taps, u.kernel));
}

/* ---- block RAMs ---- */

/* Blocks of a memory from which so many words are read in a cycle. */
static double memory_blocks(enum barista_block_ram kind, double words, double per_cycle,
			    double bits)
{
	if (!(words > 0))
		return 0;
	return barista_bank_blocks(kind, barista_ceil_div(words, per_cycle), per_cycle * bits);
}

/* A stage holds its weights and, where it learns, as many sums of gradients and its whole input,
 * which the weight gradient needs again. Shared engines compute that gradient after the errors have
 * passed and need all of these again, too. Biases are left out. */
static double block_rams(enum barista_block_ram kind, const struct streaming_stage *s,
			 struct barista_unroll u, double engines, double bits)
{
	bool keeps_errors = engines == STREAMING_ENGINES_SHARED && s->learns;
	double errors = keeps_errors ? fmax(s->error_buffer, s->words_out) : s->error_buffer;
	double blocks = memory_blocks(kind, s->line_buffer, u.in, bits) +
			memory_blocks(kind, errors, u.out, bits);

	blocks += (s->learns ? 2 : 1) * memory_blocks(kind, s->weights, multipliers_of(u), bits);
	return blocks + (s->learns ? memory_blocks(kind, s->input, u.in, bits) : 0);
}

/* ---- cycles ---- */

/* What a pass with this interval adds and what of it competes, by the weights of latency.h. */
static struct streaming_cycles pass_cycles(const struct streaming_pass *p, double interval)
{
	double rows = (double)p->rows;

	if (!p->rows)
		return (struct streaming_cycles){0, 0};
	return (struct streaming_cycles){barista_ceil_div(p->additive_weight * interval, rows),
					 barista_ceil_div(p->competing_weight * interval, rows)};
}

/* Forward, a stage takes its words in, multiplies and gives words out at the same time: the slowest
 * of the three is its interval (fpgaConvNet). */
static void set_intervals(struct streaming_stage_cost *c, const struct streaming_stage *s,
			  struct barista_unroll u)
{
	double stream =
		fmax(barista_ceil_div(s->words_in, u.in), barista_ceil_div(s->words_out, u.out));

	c->ii_fp = fmax(s->positions_fp * c->folds, stream);
	c->ii_bp = s->positions_bp * c->folds;
	c->ii_wg = s->positions_wg * c->folds;
	c->source_fp = barista_ceil_div(s->source.fp.words, u.in);
	c->source_bp = barista_ceil_div(s->source.bp.words, u.out);
}

/* Backward, the ends are the source and, with separate engines, the weight gradient. That either
 * ends the chain as one more stage or runs along with the errors: then the pass takes at least as
 * long as it does, so that it competes with what its stage adds, too. */
static struct streaming_cycles backward_ends(const struct streaming_stage *s,
					     const struct streaming_stage_cost *c)
{
	struct streaming_cycles source = pass_cycles(&s->source.bp.pass, c->source_bp);
	struct streaming_cycles wg = pass_cycles(&s->passes.wg, c->ii_wg);

	if (s->passes.wg.rows && s->passes.bp.rows)
		wg.competing = fmax(0, wg.competing - c->bp.additive);
	return (struct streaming_cycles){source.additive + wg.additive,
					 fmax(source.competing, wg.competing)};
}

/* Shared engines run the three passes one after the other, the gradients of all weights at once. */
static void set_shares(struct streaming_stage_cost *c, const struct streaming_stage *s,
		       double engines)
{
	c->fp = pass_cycles(&s->passes.fp, c->ii_fp);
	c->bp = pass_cycles(&s->passes.bp, c->ii_bp);
	c->fp_ends = pass_cycles(&s->source.fp.pass, c->source_fp);
	c->bp_ends = backward_ends(s, c);
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
	double engines = knob[STREAMING_ENGINES];
	bool two_engines = engines == STREAMING_ENGINES_SEPARATE && s->learns;
	struct streaming_stage_cost c = {.folds = folds_of(s, u)};

	set_intervals(&c, s, u);
	set_shares(&c, s, engines);
	c.multipliers = (two_engines ? 2 : 1) * multipliers_of(u);
	c.bram = block_rams(model->dev->block_ram, s, u, engines, barista_precision_defs[p].bits);
	return c;
}

/* ---- a sample ---- */

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
