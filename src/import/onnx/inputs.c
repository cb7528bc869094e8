/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes the inputs of a model, and sizes them by the file or by the user's options. */
#include "import/onnx/inputs.h"

#include "import/onnx/tensor.h"

#include <stdio.h>
#include <string.h>

static const Barista__Onnx__TensorShapeProto *shape_of(const Barista__Onnx__ValueInfoProto *v)
{
	return v->type && v->type->tensor_type ? v->type->tensor_type->shape : NULL;
}

static int fail(const struct barista_onnx *m, int blob, const char *why)
{
	return barista_fail(m->err, BARISTA_E_INPUT, "%.600s: input '%.80s': %s", m->src->path,
			    m->g->blob[blob].name, why);
}

/* Makes the blob of an input, and appends to `shape` what the file says about its sizes, or NULL.
 * An initialiser that is listed as an input too is passed over, since it has its blob. */
static int add_input(struct barista_onnx *m, const Barista__Onnx__ValueInfoProto *v,
		     const Barista__Onnx__TensorShapeProto **shape)
{
	const char *name = barista_onnx_name(m->g->arena, v->name);
	int blob = name ? barista_graph_find(m->g, name) : BARISTA_NO_BLOB, rc;

	if (!name)
		return barista_no_memory(m->err);
	if (!*name)
		return barista_fail(m->err, BARISTA_E_INPUT, "%.600s: input %zu has no name",
				    m->src->path, m->ninputs);
	if (blob != BARISTA_NO_BLOB && blob >= m->first_input)
		return fail(m, blob, "it is listed twice");
	if (blob != BARISTA_NO_BLOB)
		return 0;
	if ((rc = barista_graph_blob(m->g, name, &blob, m->err)))
		return rc;
	shape[m->ninputs++] = shape_of(v);
	return 0;
}

/* Returns the blob of the main input, which is the first that may hold images: one of two axes or
 * more, or of an unknown number. Without one it is the first input; BARISTA_NO_BLOB without any. */
static int find_main(const struct barista_onnx *m,
		     const Barista__Onnx__TensorShapeProto *const *shape)
{
	for (size_t i = 0; i < m->ninputs; i++)
		if (!shape[i] || shape[i]->n_dim >= 2)
			return m->first_input + (int)i;
	return m->ninputs ? m->first_input : BARISTA_NO_BLOB;
}

/* Returns the size that the file gives for an axis, or 0 when it gives none. */
static int64_t size_at(const Barista__Onnx__TensorShapeProto *shape, size_t axis)
{
	const Barista__Onnx__DimensionProto *d = shape->dim[axis];

	return d->has_dim_value ? d->dim_value : 0;
}

static int check_shape(const struct barista_onnx *m, int blob,
		       const Barista__Onnx__TensorShapeProto *shape)
{
	char why[100];

	if (shape->n_dim > BARISTA_MAX_AXES) {
		snprintf(why, sizeof why, "it has %zu axes, at most %d are supported", shape->n_dim,
			 BARISTA_MAX_AXES);
		return fail(m, blob, why);
	}
	for (size_t a = 0; a < shape->n_dim; a++)
		if (size_at(shape, a) < -1 || size_at(shape, a) > 1LL << 31) {
			snprintf(why, sizeof why,
				 "its axis %zu has the size %lld, expected 1 to 2^31", a,
				 (long long)size_at(shape, a));
			return fail(m, blob, why);
		}
	return 0;
}

/* Returns the sizes as the file names them, such as "[N, 3, H, W]"; NULL without memory. */
static const char *sizes_text(const struct barista_onnx *m,
			      const Barista__Onnx__TensorShapeProto *shape)
{
	char text[BARISTA_MAX_AXES * 32] = "[";

	for (size_t a = 0; a < shape->n_dim; a++) {
		const char *param = barista_onnx_name(m->g->arena, shape->dim[a]->dim_param);
		size_t used = strlen(text);

		if (!param)
			return NULL;
		if (size_at(shape, a) > 0)
			snprintf(text + used, sizeof text - used, "%s%lld", a ? ", " : "",
				 (long long)size_at(shape, a));
		else
			snprintf(text + used, sizeof text - used, "%s%.24s", a ? ", " : "",
				 *param ? param : "?");
	}
	snprintf(text + strlen(text), 2, "]");
	return barista_arena_strdup(m->g->arena, text);
}

/* Returns sizes that would do for an input, in the order of its axes and without the batch, such as
 * "3x224x224" or "224x224x3"; NULL without memory. */
static const char *example_text(const struct barista_onnx *m,
				const Barista__Onnx__TensorShapeProto *shape)
{
	char text[BARISTA_MAX_AXES * 24] = "";

	for (size_t a = 1; a < shape->n_dim; a++) {
		bool channels = a == 1 && shape->n_dim == 4 && size_at(shape, 3) < 1;
		int64_t size = size_at(shape, a) > 0 ? size_at(shape, a) : channels ? 3 : 224;

		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%lld",
			 a > 1 ? "x" : "", (long long)size);
	}
	return barista_arena_strdup(m->g->arena, text);
}

/* Remarks that the sizes of the user are taken, and not those of the file, when they differ. */
static int remark_other(const struct barista_onnx *m, int blob,
			const Barista__Onnx__TensorShapeProto *shape)
{
	const struct barista_dims *d = &m->g->blob[blob].dims;

	for (size_t a = 1; shape && a < shape->n_dim; a++)
		if (size_at(shape, a) > 0 && size_at(shape, a) != d->at[a])
			return barista_source_note(m->src, m->err,
						   "%.300s: input '%.80s' has %lld on axis %zu, as "
						   "option input says, not the file's %lld",
						   m->src->path, m->g->blob[blob].name,
						   (long long)d->at[a], a,
						   (long long)size_at(shape, a));
	return 0;
}

/* Sizes an input as the user says. The batch is the file's, or 1 when the file has none. */
static int take_given(struct barista_onnx *m, int blob,
		      const Barista__Onnx__TensorShapeProto *shape,
		      const struct barista_dims *given)
{
	struct barista_blob *b = &m->g->blob[blob];

	if (shape && shape->n_dim != given->n + 1)
		return barista_fail(m->err, BARISTA_E_ARGUMENT,
				    "option input: '%.80s' has %zu axes behind the batch in "
				    "'%.600s', but %zu sizes are given",
				    b->name, shape->n_dim - !!shape->n_dim, m->src->path, given->n);
	b->known = BARISTA_KNOWN;
	b->dims.n = given->n + 1;
	b->dims.at[0] = shape && size_at(shape, 0) > 0 ? size_at(shape, 0) : 1;
	memcpy(b->dims.at + 1, given->at, given->n * sizeof *given->at);
	return remark_other(m, blob, shape);
}

/* Sizes an input by the user's sizes or else by the file's. Of an input whose sizes stay unknown it
 * keeps what a message needs; the main input must be known. */
static int size_input(struct barista_onnx *m, int blob,
		      const Barista__Onnx__TensorShapeProto *shape)
{
	struct barista_blob *b = &m->g->blob[blob];
	const struct barista_dims *given =
		barista_inputs_find(m->src->inputs, b->name, blob == m->main_input);
	int rc = shape ? check_shape(m, blob, shape) : 0;

	if (rc || given)
		return rc ? rc : take_given(m, blob, shape, given);
	b->known = shape ? BARISTA_KNOWN : BARISTA_UNKNOWN;
	b->dims.n = shape ? shape->n_dim : 0;
	for (size_t a = 0; a < b->dims.n; a++) {
		int64_t size = size_at(shape, a);

		b->dims.at[a] = size > 0 ? size : 1;
		if (a && size < 1)
			b->known = BARISTA_UNKNOWN;
	}
	if (b->known == BARISTA_KNOWN)
		return 0;
	m->value[blob].sizes = shape ? sizes_text(m, shape) : "[?]";
	m->value[blob].example = shape && shape->n_dim > 1 ? example_text(m, shape) : "3x224x224";
	if (!m->value[blob].sizes || !m->value[blob].example)
		return barista_no_memory(m->err);
	return blob == m->main_input ? barista_onnx_fail_unknown_input(m, blob) : 0;
}

int barista_onnx_inputs(struct barista_onnx *m, const Barista__Onnx__GraphProto *graph)
{
	const Barista__Onnx__TensorShapeProto **shape =
		barista_arena_alloc(m->g->arena, graph->n_input + 1, sizeof *shape);
	int rc = shape ? 0 : barista_no_memory(m->err);

	m->first_input = (int)m->g->nblobs;
	for (size_t i = 0; i < graph->n_input && !rc; i++)
		rc = add_input(m, graph->input[i], shape);
	if (rc)
		return rc;
	m->main_input = find_main(m, shape);
	for (size_t i = 0; i < m->ninputs && !rc; i++)
		rc = size_input(m, m->first_input + (int)i, shape[i]);
	if (rc || m->main_input == BARISTA_NO_BLOB)
		return rc;
	m->g->input = m->g->blob[m->main_input].dims;
	m->g->batch = m->g->input.n ? m->g->input.at[0] : 1;
	return 0;
}

int barista_onnx_fail_unknown_input(struct barista_onnx *m, int blob)
{
	const struct barista_onnx_value *v = &m->value[blob];
	const char *name = m->g->blob[blob].name;
	bool named = m->ninputs > 1;
	int rc;

	/* A name that belongs to no input may be this one, misspelt, so it is reported instead. For
	 * that the entries of all inputs are marked as used. */
	for (size_t i = 0; i < m->ninputs; i++)
		barista_inputs_find(m->src->inputs, m->g->blob[m->first_input + (int)i].name, true);
	if ((rc = barista_onnx_check_given(m)))
		return rc;
	return barista_fail(
		m->err, BARISTA_E_ARGUMENT,
		"%.600s: the input '%.80s' is %.200s, not all sizes are in the file: "
		"give them without the first axis, the batch, e.g. option input %.80s%s%.100s",
		m->src->path, name, v->sizes, named ? name : "", named ? "=" : "", v->example);
}

int barista_onnx_check_given(struct barista_onnx *m)
{
	char known[320] = "";

	for (size_t i = 0; i < m->ninputs && strlen(known) < sizeof known - 1; i++)
		snprintf(known + strlen(known), sizeof known - strlen(known), "%s%.100s",
			 i ? ", " : "", m->g->blob[m->first_input + (int)i].name);
	return barista_inputs_check(m->src->inputs, known, m->err);
}
