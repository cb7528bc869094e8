/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FAMILY_H
#define MODEL_FAMILY_H

#include "barista/family.h"

/* The lowering of a family. */
struct barista_lowering barista_family_lowering(const struct barista_family *family,
						bool whole_batch, enum barista_layers layers);

/* Parts of a layer class's time, of any family. */
size_t barista_time_part_count(const struct barista_model *model, const struct barista_point *point,
			       size_t layer_class);

void barista_time_part(const struct barista_model *model, const struct barista_point *point,
		       size_t layer_class, size_t i, struct barista_time_part *out);

/* Index of a term by its symbol; nterms when the family has none of that name. */
size_t barista_term_find(const struct barista_family *family, const char *symbol);

#endif
