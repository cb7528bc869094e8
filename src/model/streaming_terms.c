/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of the streaming family's equations, for one stage: names, units, formulas and values. */
#include "model/precision.h"
#include "model/streaming.h"

#include <math.h>
#include <string.h>

enum {
	G, C_IN, C_OUT, K, P_I, P_O, P_K, ENGINES, WL, W_IN, W_OUT, N_FP, N_BP, N_WG, ROWS_FP, TAIL_FP, ROWS_BP, TAIL_BP, F_EFF,
	FOLDS, MULTIPLIERS, MACS, BRAM, C_STREAM, C_FOLD, II_FP, II_BP, II_WG, D_FP, D_BP, T_FP, T_BP, T_WG, T_BACK, T_STAGE, NTERMS
};
_Static_assert((int)NTERMS == (int)BARISTA_STREAMING_TERMS, "the table has every term");
_Static_assert((int)NTERMS <= (int)BARISTA_MAX_TERMS, "room for the terms");

#define COUNT BARISTA_DIM_COUNT
#define SECOND BARISTA_DIM_SECOND
#define CYCLE BARISTA_DIM_CYCLE

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
	[TAIL_FP] = {"tail_fp", "of them, after the last input row", NULL, "derived", COUNT, 0},
	[ROWS_BP] = {"rows_bp", "rows made backward", NULL, "layer", COUNT, 0},
	[TAIL_BP] = {"tail_bp", "of them, after the last error row", NULL, "derived", COUNT, 0},
	[F_EFF] = {"f_eff", "clock reached", NULL, "device, derated by DSP use", BARISTA_DIM_HZ, 0},
	[FOLDS] = {"folds", "cycles per position", "g*ceil(C_in/P_i)*ceil(C_out/P_o)*ceil(K/P_k)", "derived", COUNT, 0},
	[MULTIPLIERS] = {"multipliers", "of one engine", "P_i*P_o*P_k", "derived", COUNT, 0},
	[MACS] = {"MACs", "multiply-accumulates", "n_fp*folds*multipliers", "derived", COUNT, 0},
	[BRAM] = {"bram", "block RAMs", NULL, "derived", COUNT, 0},
	[C_STREAM] = {"c_stream", "cycles of the streams", "max(ceil(W_in/P_i), ceil(W_out/P_o))", "fpgaConvNet", CYCLE, 0},
	[C_FOLD] = {"c_fold", "cycles of the multipliers", "n_fp*folds", "fpgaConvNet", CYCLE, 0},
	[II_FP] = {"II_fp", "interval, forward", "max(c_stream, c_fold)", "fpgaConvNet", CYCLE, 0},
	[II_BP] = {"II_bp", "interval, errors", "n_bp*folds", "derived", CYCLE, 0},
	[II_WG] = {"II_wg", "interval, weight gradient", "n_wg*folds", "derived", CYCLE, 0},
	[D_FP] = {"D_fp", "fill, forward", "ceil(tail_fp*II_fp/rows_fp)", "derived", CYCLE, 0},
	[D_BP] = {"D_bp", "fill, errors", "ceil(tail_bp*II_bp/rows_bp)", "derived", CYCLE, 0},
	[T_FP] = {"t_fp", "forward", "II_fp/f_eff", "derived", SECOND, BARISTA_ROLE_BINDS | BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[T_BP] = {"t_bp", "errors", "II_bp/f_eff", "derived", SECOND, BARISTA_ROLE_BINDS},
	[T_WG] = {"t_wg", "weight gradient", "II_wg/f_eff", "derived", SECOND, BARISTA_ROLE_BINDS},
	[T_BACK] = {"t_back", "backward", "max(t_bp, t_wg) + (2 - engines)*min(t_bp, t_wg)", "derived", SECOND,
		    BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[T_STAGE] = {"t_stage", "total", "t_fp + t_back", "derived", SECOND, BARISTA_ROLE_TOTAL},
};

size_t barista_streaming_parts(const struct barista_model *model, const struct barista_point *point, size_t shape)
{
	(void)model, (void)point, (void)shape;
	return 1;
}

static size_t layer_of(const struct barista_plan *plan, size_t shape)
{
	size_t l = 0;

	while (plan->layer_shape[l] != shape)
		l++;
	return l;
}

static double clock_of(const struct barista_model *model, const struct barista_point *point)
{
	double multipliers = 0;

	for (size_t l = 0; l < model->plan->nlayers; l++) {
		struct stage s = barista_streaming_layer(model->plan, l);

		multipliers += barista_streaming_cost(model, &s, barista_streaming_unroll(point, &s, l), point->knob).multipliers;
	}
	return barista_streaming_clock(model->dev, barista_streaming_dsp(model->dev, point->knob, multipliers));
}

void barista_streaming_part(const struct barista_model *model, const struct barista_point *point, size_t shape, size_t i,
			    struct barista_part *out)
{
	size_t l = layer_of(model->plan, shape);
	struct stage s = barista_streaming_layer(model->plan, l);
	struct barista_unroll u = barista_streaming_unroll(point, &s, l);
	struct stage_cost c = barista_streaming_cost(model, &s, u, point->knob);
	double f = clock_of(model, point), engines = point->knob[STREAM_ENGINES], bp = c.ii_bp / f, wg = c.ii_wg / f;
	double back = fmax(bp, wg) + (2 - engines) * fmin(bp, wg), at_once = (double)u.in * u.out * u.kernel;

	(void)i;
	*out = (struct barista_part){.name = "stage", .m = (double)NAN, .n = (double)NAN, .k = (double)NAN, .per_image = 1};
	memcpy(out->value, (const double[NTERMS]){
		[G] = s.groups, [C_IN] = s.in, [C_OUT] = s.out, [K] = s.taps, [P_I] = u.in, [P_O] = u.out, [P_K] = u.kernel,
		[ENGINES] = engines,
		[WL] = barista_precision_defs[barista_pass_precision(point->knob[STREAM_PRECISION], BARISTA_FWD)].bits,
		[W_IN] = s.words_in, [W_OUT] = s.words_out, [N_FP] = s.at_fp, [N_BP] = s.at_bp, [N_WG] = s.at_wg,
		[ROWS_FP] = s.rows_fp, [TAIL_FP] = s.tail_fp, [ROWS_BP] = s.rows_bp, [TAIL_BP] = s.tail_bp, [F_EFF] = f,
		[FOLDS] = c.folds, [MULTIPLIERS] = at_once, [MACS] = s.macs, [BRAM] = c.bram,
		[C_STREAM] = fmax(ceil(s.words_in / u.in), ceil(s.words_out / u.out)), [C_FOLD] = s.at_fp * c.folds,
		[II_FP] = c.ii_fp, [II_BP] = c.ii_bp, [II_WG] = c.ii_wg, [D_FP] = c.fill_fp, [D_BP] = c.fill_bp,
		[T_FP] = c.ii_fp / f, [T_BP] = bp, [T_WG] = wg, [T_BACK] = back, [T_STAGE] = c.ii_fp / f + back,
	}, NTERMS * sizeof *out->value);
}
