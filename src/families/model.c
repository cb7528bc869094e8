/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models as callers of the library make them: a network lowered for an architecture, on a board. */
#include "base/err.h"
#include "families/registry.h"
#include "model/family.h"
#include "network/lowering.h"

#include <stdlib.h>

int barista_model_make(struct barista_model **out, const struct barista_workload *network,
		       const struct barista_device *device,
		       const struct barista_model_options *options, struct barista_err *err)
{
	static const struct barista_model_options defaults;
	const struct barista_model_options *o = options ? options : &defaults;
	const struct barista_family *family = o->family ? o->family : barista_families[0];
	struct barista_lowering how = barista_family_lowering(family, o->batched_gemm, o->layers);
	struct barista_model *model = calloc(1, sizeof *model);
	struct barista_lowered *lowered;
	int rc = model ? 0 : barista_no_memory(err);

	if (!rc)
		rc = barista_lower(&lowered, network, how, err);
	if (rc) {
		free(model);
		return rc;
	}
	*model = (struct barista_model){device, lowered, family};
	*out = model;
	return 0;
}

void barista_model_free(struct barista_model *model)
{
	if (!model)
		return;
	barista_lowered_free((struct barista_lowered *)model->lowered);
	free(model);
}

size_t barista_model_layers(const struct barista_model *model)
{
	return model->lowered->nlayers;
}

const char *barista_model_layer_name(const struct barista_model *model, size_t layer)
{
	return layer < model->lowered->nlayers ? model->lowered->name[layer] : NULL;
}
