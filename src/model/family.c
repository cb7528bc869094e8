/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is common to all architectures: their lowering, and the parts of a layer's time. */
#include "model/family.h"

#include "network/lowering.h"

#include <string.h>

struct barista_lowering barista_family_lowering(const struct barista_family *f, bool whole_batch,
						enum barista_layers layers)
{
	bool all =
		layers == BARISTA_LAYERS_ALL || (layers == BARISTA_LAYERS_DEFAULT && f->all_layers);

	return (struct barista_lowering){.batched_gemm = whole_batch,
					 .all_layers = all,
					 .distinct_layers = f->distinct_layers,
					 .other_layers =
						 f->other_layers && layers != BARISTA_LAYERS_CONV};
}

size_t barista_time_part_count(const struct barista_model *model, const struct barista_point *point,
			       size_t class)
{
	return model->family->terms ? model->lowered->layer_class[class].ngemms
				    : model->family->time_part_count(model, point, class);
}

void barista_time_part(const struct barista_model *model, const struct barista_point *point,
		       size_t class, size_t i, struct barista_time_part *out)
{
	const struct barista_layer_class *s = &model->lowered->layer_class[class];
	const struct barista_gemm *gemm;

	if (!model->family->terms) {
		model->family->time_part(model, point, class, i, out);
		return;
	}
	gemm = &model->lowered->gemm[s->gemm[i]];
	*out = (struct barista_time_part){.name = barista_pass_names[gemm->pass],
					  .m = (double)gemm->m,
					  .n = (double)gemm->n,
					  .k = (double)gemm->k,
					  .per_image = s->per_image[i]};
	model->family->terms(model, point, s->gemm[i], out->value);
}

size_t barista_term_find(const struct barista_family *family, const char *symbol)
{
	size_t i = 0;

	while (i < family->nterms && strcmp(family->term[i].symbol, symbol))
		i++;
	return i;
}
