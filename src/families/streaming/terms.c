/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of the streaming family's equations, for one stage: names, units, formulas and values.
 */
#include "families/streaming/streaming.h"
#include "model/device.h"
#include "model/precision.h"
#include "model/terms.h"

#include <math.h>

/* clang-format off */
enum {
	G, C_IN, C_OUT, K, P_I, P_O, P_K, ENGINES, WL, W_IN, W_OUT, N_FP, N_BP, N_WG, ROWS_FP,
	ADD_FP, MOST_FP, ROWS_BP, ADD_BP, MOST_BP, E_FP, R_FP, E_BP, R_BP, F_EFF, FOLDS,
	MULTIPLIERS, MACS, BRAM, C_STREAM, C_FOLD, II_FP, II_BP, II_WG, D_FP, L_FP, D_BP, L_BP,
	T_FP, T_BP, T_WG, T_BACK, T_STAGE, NTERMS
};
/* clang-format on */
CHECK_TERMS(NTERMS, BARISTA_STREAMING_TERMS);

const struct barista_term barista_streaming_term_table[BARISTA_STREAMING_TERMS] = {
	[G] = {"g", "groups", NULL, "layer", COUNT, 0},
	[C_IN] = {"C_in", "input channels of a group", NULL, "layer", COUNT, 0},
	[C_OUT] = {"C_out", "output channels of a group", NULL, "layer", COUNT, 0},
	[K] = {"K", "weights of a kernel", NULL, "layer", COUNT, 0},
	[P_I] = {"P_i", "unroll of inputs", NULL, "design", COUNT, 0},
	[P_O] = {"P_o", "unroll of outputs", NULL, "design", COUNT, 0},
	[P_K] = {"P_k", "unroll of the kernel", NULL, "design", COUNT, 0},
	[ENGINES] = {"engines", "engines of a stage", NULL, "design", COUNT, 0},
	[WL] = {"WL", "word length", NULL, "precision", BARISTA_DIM_BIT, 0},
	[W_IN] = {"W_in", "words in, with padding", NULL, "layer", COUNT, 0},
	[W_OUT] = {"W_out", "words out", NULL, "layer", COUNT, 0},
	[N_FP] = {"n_fp", "positions, forward", NULL, "layer", COUNT, 0},
	[N_BP] = {"n_bp", "positions, errors", NULL, "layer", COUNT, 0},
	[N_WG] = {"n_wg", "positions, weight gradient", NULL, "layer", COUNT, 0},
	[ROWS_FP] = {"rows_fp", "rows made forward", NULL, "layer", COUNT, 0},
	[ADD_FP] = {"add_fp", "of them, ahead of or behind other stages", NULL, "derived", COUNT,
		    0},
	[MOST_FP] = {"most_fp", "the others that are needed", NULL, "derived", COUNT, 0},
	[ROWS_BP] = {"rows_bp", "rows made backward", NULL, "layer", COUNT, 0},
	[ADD_BP] = {"add_bp", "of them, ahead of or behind other stages", NULL, "derived", COUNT,
		    0},
	[MOST_BP] = {"most_bp", "the others that are needed", NULL, "derived", COUNT, 0},
	[E_FP] = {"E_fp", "arrival of the sample: adds", NULL, "derived", CYCLE, 0},
	[R_FP] = {"R_fp", "arrival of the sample: competes", NULL, "derived", CYCLE, 0},
	[E_BP] = {"E_bp", "loss and weight gradients: add", NULL, "derived", CYCLE, 0},
	[R_BP] = {"R_bp", "loss and weight gradients: compete", NULL, "derived", CYCLE, 0},
	[F_EFF] = {"f_eff", "clock reached", NULL, "device, derated by DSP use", BARISTA_DIM_HZ, 0},
	[FOLDS] = {"folds", "cycles per position", "g*ceil(C_in/P_i)*ceil(C_out/P_o)*ceil(K/P_k)",
		   "derived", COUNT, 0},
	[MULTIPLIERS] = {"multipliers", "of one engine", "P_i*P_o*P_k", "derived", COUNT, 0},
	[MACS] = {"MACs", "multiply-accumulates", "n_fp*folds*multipliers", "derived", COUNT, 0},
	[BRAM] = {"bram", "block RAMs", NULL, "derived", COUNT, 0},
	[C_STREAM] = {"c_stream", "cycles of the streams", "max(ceil(W_in/P_i), ceil(W_out/P_o))",
		      "fpgaConvNet", CYCLE, 0},
	[C_FOLD] = {"c_fold", "cycles of the multipliers", "n_fp*folds", "fpgaConvNet", CYCLE, 0},
	[II_FP] = {"II_fp", "interval, forward", "max(c_stream, c_fold)", "fpgaConvNet", CYCLE, 0},
	[II_BP] = {"II_bp", "interval, errors", "n_bp*folds", "derived", CYCLE, 0},
	[II_WG] = {"II_wg", "interval, weight gradient", "n_wg*folds", "derived", CYCLE, 0},
	[D_FP] = {"D_fp", "adds to a sample, forward", "ceil(add_fp*II_fp/rows_fp) + E_fp",
		  "derived", CYCLE, 0},
	[L_FP] = {"L_fp", "competes in it, forward: the longest counts",
		  "max(ceil(most_fp*II_fp/rows_fp), R_fp)", "derived", CYCLE, 0},
	[D_BP] = {"D_bp", "adds to a sample, backward", "ceil(add_bp*II_bp/rows_bp) + E_bp",
		  "derived", CYCLE, 0},
	[L_BP] = {"L_bp", "competes in it, backward: the longest counts",
		  "max(ceil(most_bp*II_bp/rows_bp), R_bp)", "derived", CYCLE, 0},
	[T_FP] = {"t_fp", "forward", "II_fp/f_eff", "derived", SECOND,
		  BARISTA_ROLE_BINDS | BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[T_BP] = {"t_bp", "errors", "II_bp/f_eff", "derived", SECOND, BARISTA_ROLE_BINDS},
	[T_WG] = {"t_wg", "weight gradient", "II_wg/f_eff", "derived", SECOND, BARISTA_ROLE_BINDS},
	[T_BACK] = {"t_back", "backward", "max(t_bp, t_wg) + (2 - engines)*min(t_bp, t_wg)",
		    "derived", SECOND, BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[T_STAGE] = {"t_stage", "total", "t_fp + t_back", "derived", SECOND, BARISTA_ROLE_TOTAL},
};

size_t barista_streaming_time_part_count(const struct barista_model *model,
					 const struct barista_point *point, size_t layer_class)
{
	(void)model, (void)point, (void)layer_class;
	return 1;
}

/* Every layer has a class of its own. */
static size_t layer_of(const struct barista_lowered *lowered, size_t layer_class)
{
	size_t l = 0;

	while (lowered->class_of[l] != layer_class)
		l++;
	return l;
}

static double clock_hz(const struct barista_model *model, const struct barista_point *point,
		       const struct streaming_stage *stage)
{
	double multipliers = 0;

	for (size_t l = 0; l < model->lowered->nlayers; l++)
		multipliers += barista_streaming_stage_cost(
				       model, &stage[l],
				       barista_streaming_unroll(point, &stage[l], l), point->knob)
				       .multipliers;
	return barista_streaming_clock_hz(
		model->dev, barista_streaming_dsp(model->dev, point->knob, multipliers));
}

static void set_layer(double *v, const struct streaming_stage *s)
{
	v[G] = s->groups;
	v[C_IN] = s->in_channels;
	v[C_OUT] = s->out_channels;
	v[K] = s->taps;
	v[W_IN] = s->words_in;
	v[W_OUT] = s->words_out;
	v[N_FP] = s->positions_fp;
	v[N_BP] = s->positions_bp;
	v[N_WG] = s->positions_wg;
	v[MACS] = s->macs;
}

static void set_design(double *v, const double *knob, struct barista_unroll u)
{
	enum barista_precision p = barista_pass_precision(knob[STREAMING_PRECISION], BARISTA_FWD);

	v[P_I] = u.in;
	v[P_O] = u.out;
	v[P_K] = u.kernel;
	v[ENGINES] = knob[STREAMING_ENGINES];
	v[WL] = barista_precision_defs[p].bits;
	v[MULTIPLIERS] = (double)u.in * u.out * u.kernel;
}

/* A pass that does not run makes 0 of 1 rows, so that the formulas still hold. */
static void set_rows(double *rows, double *add, double *most, const struct streaming_pass *p)
{
	*rows = p->rows ? (double)p->rows : 1;
	*add = p->additive_weight;
	*most = p->competing_weight;
}

static void set_cycles(double *v, const struct streaming_stage *s,
		       const struct streaming_stage_cost *c)
{
	set_rows(&v[ROWS_FP], &v[ADD_FP], &v[MOST_FP], &s->passes.fp);
	set_rows(&v[ROWS_BP], &v[ADD_BP], &v[MOST_BP], &s->passes.bp);
	v[E_FP] = c->fp_ends.additive;
	v[R_FP] = c->fp_ends.competing;
	v[E_BP] = c->bp_ends.additive;
	v[R_BP] = c->bp_ends.competing;
	v[FOLDS] = c->folds;
	v[BRAM] = c->bram;
	v[C_STREAM] = fmax(ceil(v[W_IN] / v[P_I]), ceil(v[W_OUT] / v[P_O]));
	v[C_FOLD] = v[N_FP] * v[FOLDS];
	v[II_FP] = c->ii_fp;
	v[II_BP] = c->ii_bp;
	v[II_WG] = c->ii_wg;
	v[D_FP] = c->fp.additive + c->fp_ends.additive;
	v[L_FP] = c->competing[STREAMING_FP];
	v[D_BP] = c->bp.additive + c->bp_ends.additive;
	v[L_BP] = c->competing[STREAMING_BP];
}

static void set_times(double *v, double f_hz)
{
	v[F_EFF] = f_hz;
	v[T_FP] = v[II_FP] / f_hz;
	v[T_BP] = v[II_BP] / f_hz;
	v[T_WG] = v[II_WG] / f_hz;
	v[T_BACK] = fmax(v[T_BP], v[T_WG]) + (2 - v[ENGINES]) * fmin(v[T_BP], v[T_WG]);
	v[T_STAGE] = v[T_FP] + v[T_BACK];
}

void barista_streaming_time_part(const struct barista_model *model,
				 const struct barista_point *point, size_t layer_class, size_t i,
				 struct barista_time_part *out)
{
	struct streaming_stage stage[BARISTA_MAX_UNROLLED];
	size_t l = layer_of(model->lowered, layer_class);
	struct streaming_stage_cost c;
	struct barista_unroll u;

	(void)i;
	barista_streaming_stages(model->lowered, point->knob[STREAMING_ENGINES], stage);
	u = barista_streaming_unroll(point, &stage[l], l);
	c = barista_streaming_stage_cost(model, &stage[l], u, point->knob);
	*out = (struct barista_time_part){.name = "stage",
					  .m = (double)NAN,
					  .n = (double)NAN,
					  .k = (double)NAN,
					  .per_image = 1};
	set_layer(out->value, &stage[l]);
	set_design(out->value, point->knob, u);
	set_cycles(out->value, &stage[l], &c);
	set_times(out->value, clock_hz(model, point, stage));
}
