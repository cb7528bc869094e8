/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel per layer over OpenCL, as in FeCaffe (arXiv 1911.08905; equations derived). One GEMM
 * kernel with a tile T_M x T_N x T_K and Q multipliers serves all layers that multiply; all other
 * kernels are as fast as the memory. The host starts each kernel of each layer in turn, and a
 * layer's time is the sum over what it starts. */
#include "families/layered/layered.h"

#include "base/err.h"
#include "base/num.h"
#include "model/device.h"
#include "model/family.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/workload.h"

#include <string.h>

/* A tile larger than the matrix only pads; batched, columns and depths are the batch's; but a row
 * of a tile of the narrowest format must be able to fill the bus. More multipliers than the board
 * has DSPs for, of the format that needs the fewest, cannot be built. */
static double useful(const struct barista_model *model, size_t knob)
{
	const struct barista_lowered *lowered = model->lowered;
	double batch = (double)lowered->net->batch, least_dsp = INFINITY, narrowest = INFINITY;
	double largest[BARISTA_LAYERED_KNOBS] = {
		[LAYERED_M] = (double)lowered->max_m,
		[LAYERED_N] = (double)lowered->max_n * batch,
		[LAYERED_K] = (double)lowered->max_k * batch,
		[LAYERED_BATCHED] = 1,
		[LAYERED_FUSED] = 1,
		[LAYERED_PRECISION] = barista_layered_knobs[LAYERED_PRECISION].hi,
	};

	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		if (model->dev->has_precision[p]) {
			least_dsp = fmin(least_dsp, model->dev->pe[p][BARISTA_PE_DSP].value);
			narrowest = fmin(narrowest, barista_precision_defs[p].bits);
		}
	largest[LAYERED_K] =
		fmax(largest[LAYERED_K],
		     barista_ceil_div(model->dev->param[BARISTA_BUS_WIDTH].value, narrowest));
	largest[LAYERED_Q] = fmax(1, floor(barista_budget_limit(model->dev, 0) / least_dsp));
	return fmin(largest[knob], barista_layered_knobs[knob].hi);
}

static int admit(const struct barista_model *model, const struct barista_point *point,
		 struct barista_err *err)
{
	return barista_precision_admit_one(model->dev, point->knob[LAYERED_PRECISION],
					   "64x64x16/q256:fp32", err);
}

static void resources(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		double used[BARISTA_NMETRICS];

		barista_layered_used(model->dev, &b->points[i], used);
		for (size_t m = 0; m < BARISTA_LAYERED_WRITTEN; m++)
			b->metric[barista_layered_written[m]][i] = used[barista_layered_written[m]];
	}
}

/* All multiply-accumulates of a layer, each once, and tiles that cover its matrices once. */
static bool conserves(const struct barista_lowered *lowered, size_t l,
		      const struct barista_layered_params *s, const struct barista_launch *launch,
		      size_t n)
{
	const struct barista_layer_class *class = &lowered->layer_class[lowered->class_of[l]];
	double want = class->ngemms ? (double)lowered->net->mac_layer[lowered->mac_layer[l]].macs *
					      (double)lowered->net->batch
				    : 0;
	size_t gemms = 0;

	for (size_t i = 0; i < n; i++) {
		const struct barista_launch *k = &launch[i];
		struct barista_layered_times v = barista_layered_times(s, k);

		if (!(k->m > 0))
			continue;
		gemms += !k->bias;
		if ((!k->bias && k->count * k->m * k->n * k->k != want) || v.n_m * s->t_m < k->m ||
		    (v.n_m - 1) * s->t_m >= k->m || v.n_n * s->t_n < k->n ||
		    (v.n_n - 1) * s->t_n >= k->n || v.n_k * s->t_k < k->k ||
		    (v.n_k - 1) * s->t_k >= k->k)
			return false;
	}
	return gemms == class->ngemms;
}

static void layer_times(const struct barista_model *model, struct barista_batch *b, size_t l)
{
	double *time = b->class_time + model->lowered->class_of[l] * b->n,
	       batch = (double)model->lowered->net->batch;
	struct barista_launch launch[2][2][BARISTA_LAYERED_LAUNCHES];
	size_t n[2][2];

	for (int mode = 0; mode < 4; mode++)
		n[mode / 2][mode % 2] = barista_layered_launches(
			model->lowered, l, (struct barista_layered_mode){mode / 2, mode % 2},
			launch[mode / 2][mode % 2]);
	for (size_t i = 0; i < b->n; i++) {
		struct barista_layered_params s = barista_layered_params(model->dev, &b->points[i]);
		struct barista_layered_mode mode = barista_layered_mode(&b->points[i]);
		const struct barista_launch *list = launch[mode.batched][mode.fused];
		size_t kinds = n[mode.batched][mode.fused];

		time[i] = 0;
		for (size_t j = 0; j < kinds; j++)
			time[i] +=
				list[j].count / batch * barista_layered_times(&s, &list[j]).t_total;
		b->not_conserved[i] |= !conserves(model->lowered, l, &s, list, kinds);
	}
}

static void times(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t l = 0; l < model->lowered->nlayers; l++)
		layer_times(model, b, l);
}

void barista_layered_count(const struct barista_model *model, const struct barista_point *point,
			   struct barista_layered_count out[BARISTA_LAYERED_PASSES])
{
	struct barista_layered_params s = barista_layered_params(model->dev, point);
	struct barista_launch launch[BARISTA_LAYERED_LAUNCHES];

	memset(out, 0, BARISTA_LAYERED_PASSES * sizeof *out);
	for (size_t l = 0; l < model->lowered->nlayers; l++) {
		size_t n = barista_layered_launches(model->lowered, l, barista_layered_mode(point),
						    launch);

		for (size_t i = 0; i < n; i++) {
			const struct barista_launch *k = &launch[i];
			struct barista_layered_count *to = &out[k->pass];
			struct barista_layered_times v = barista_layered_times(&s, k);

			*(k->transfer ? &to->transfers : &to->launches) += k->count;
			to->macs += k->bias ? 0 : k->count * k->m * k->n * k->k;
			to->bits += k->count * v.d_mem;
			to->pcie_bits += k->count * v.d_pcie;
		}
	}
}

static const struct barista_headline shown[] = {
	{BARISTA_LAUNCH_TIME, "launch ", ""},
	{BARISTA_MEM_BANDWIDTH, "memory ", ""},
	{BARISTA_PCIE_BANDWIDTH, "PCIe ", ""},
	{BARISTA_TRANSFER_TIME, "transfer ", ""},
};

const struct barista_family barista_layered = {
	.name = "layered",
	.summary = "a GEMM kernel and one for each other kind of layer, started one by one over "
		   "OpenCL, as FeCaffe's",
	.notation = "T_MxT_NxT_K/qQ:PRECISION, e.g. 64x64x16/q256:fp32, or with /batch and /fused: "
		    "64x64x16/q256/batch/fused:fp32",
	.default_board = "s10-gx2800-520n",
	.default_precision = "fp32",
	.default_design = "64x64x16/q256:fp32",
	.all_layers = true,
	.other_layers = true,
	.distinct_layers = true,
	.knob = barista_layered_knobs,
	.scaling_knob = SIZE_MAX,
	.nknobs = BARISTA_LAYERED_KNOBS,
	.headline = shown,
	.nheadline = sizeof shown / sizeof *shown,
	.term = barista_layered_term_table,
	.nterms = BARISTA_LAYERED_TERMS,
	.parse = barista_layered_parse,
	.format = barista_layered_format,
	.max_useful = useful,
	.validate = admit,
	.resources = resources,
	.times = times,
	.enumerate = barista_layered_enumerate,
	.dominance_rule = "a smaller tile makes as many tiles of every GEMM with as many "
			  "multipliers or fewer, a shallower one fills the "
			  "bus and pads no deeper, this one does not fill the bus, or the design "
			  "does not fuse or batch where it may",
	.time_part_count = barista_layered_time_part_count,
	.time_part = barista_layered_time_part,
};
