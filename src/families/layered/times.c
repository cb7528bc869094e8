/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The times of layered designs: of a layer, the sum over all that the host starts for it. */
#include "families/layered/layered.h"
#include "network/workload.h"

#include <string.h>

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
		struct barista_layered_times v = barista_layered_launch_times(s, k);

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
			time[i] += list[j].count / batch *
				   barista_layered_launch_times(&s, &list[j]).t_total;
		b->not_conserved[i] |= !conserves(model->lowered, l, &s, list, kinds);
	}
}

void barista_layered_times(const struct barista_model *model, struct barista_batch *b)
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
			struct barista_layered_times v = barista_layered_launch_times(&s, k);

			*(k->transfer ? &to->transfers : &to->launches) += k->count;
			to->macs += k->bias ? 0 : k->count * k->m * k->n * k->k;
			to->bits += k->count * v.d_mem;
			to->pcie_bits += k->count * v.d_pcie;
		}
	}
}
