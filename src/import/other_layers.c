/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file sizes ops that multiply nothing: how many elements they read and write per image. */
#include "import/other_layers.h"

#include "base/num.h"
#include "import/window.h"
#include "network/workload.h"

/* Adds the elements of a blob. Returns false when they are not known or the sum reaches 2^53. */
static bool add_blob(const struct barista_blob *b, int64_t *total)
{
	int64_t elements;

	if (b->known != BARISTA_KNOWN || !barista_dims_product(&b->dims, 0, b->dims.n, &elements))
		return false;
	*total += elements;
	return *total < BARISTA_EXACT_MAX;
}

/* Returns channels, height and width of a blob when it holds the whole batch in four axes, none of
 * which is larger than a workload file allows; else NULL. */
static const int64_t *chw_of(const struct barista_blob *b, int64_t images)
{
	bool fits = b->dims.n == 4 && b->dims.at[0] == images;

	for (size_t a = 1; a < 4 && fits; a++)
		fits = b->dims.at[a] <= 1 << 24;
	return fits ? b->dims.at + 1 : NULL;
}

/* Turns the elements of a pass into those of an image. They are rounded up, because a blob that all
 * images of the batch share divides into fractions. b is the last of nblobs blobs. */
static void settle(struct barista_layer_size *size, const struct barista_blob *b, int64_t nblobs,
		   int64_t images)
{
	size->elements = size->elements / images + (size->elements % images > 0);
	size->chw = nblobs == 1 ? chw_of(b, images) : NULL;
}

/* Adds up the inputs: all of them for types that read many, else the first. What is the same for
 * every image is not read per image, so it does not count. */
static bool add_inputs(const struct barista_graph *g, const struct barista_op *op,
		       struct barista_sizes *s, int64_t images)
{
	const struct barista_blob *last = NULL;
	bool many = barista_layer_defs[op->layer_type].many && !op->sizes_only;

	for (size_t i = 0; i < op->nin && (many || !last); i++) {
		const struct barista_blob *b = barista_op_in(g, op, i);

		if (!b || b->fixed)
			continue;
		if (!add_blob(b, &s->in.elements))
			return false;
		last = b;
		s->inputs++;
	}
	settle(&s->in, last, s->inputs, images);
	return s->in.elements > 0;
}

static bool add_outputs(const struct barista_graph *g, const struct barista_op *op,
			struct barista_sizes *s, int64_t images)
{
	const struct barista_blob *last = NULL;
	int64_t n = 0;

	/* Most types have one output of data; behind it come masks, places of maxima or statistics,
	 * which do not count. */
	for (size_t i = 0; i < op->nout && (barista_layer_defs[op->layer_type].many || !last);
	     i++) {
		const struct barista_blob *b = barista_op_out(g, op, i);

		if (!b)
			continue;
		if (!add_blob(b, &s->out.elements))
			return false;
		last = b;
		n++;
	}
	settle(&s->out, last, n, images);
	return s->out.elements > 0;
}

static bool could_be(const struct barista_op *op)
{
	return !op->problem && !op->multiplies && op->layer_type != BARISTA_LAYER_MAC &&
	       op->layer_type != BARISTA_NLAYER_TYPES;
}

bool barista_op_is_step(const struct barista_graph *g, const struct barista_op *op,
			struct barista_sizes *sizes)
{
	int64_t images = g->batch ? g->batch : 1;

	*sizes = (struct barista_sizes){.inputs = 0};
	return could_be(op) && add_inputs(g, op, sizes, images) &&
	       add_outputs(g, op, sizes, images);
}

bool barista_op_is_unsized(const struct barista_graph *g, const struct barista_op *op)
{
	struct barista_sizes sizes;

	return could_be(op) && !barista_op_is_step(g, op, &sizes);
}
