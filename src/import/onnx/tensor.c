/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads tensors of a model, whose elements lie in a field for their type or as raw
 * bytes. */
#include "import/onnx/tensor.h"

#include <string.h>

/* The field that holds elements of a type when they are no raw bytes. */
enum where { NOWHERE, FLOATS, INT32S, INT64S, DOUBLES, UINT64S };

/* A type of elements. The reals of 16 bits are neither whole nor real here, because their
 * values are not read. */
struct type {
	size_t bytes; /* of an element among raw bytes */
	enum where where;
	bool is_signed, is_whole, is_real;
};
/* The index is ONNX's number of the type. */
static const struct type types[] = {
	[1] = {4, FLOATS, .is_real = true},
	[2] = {1, INT32S, .is_whole = true},
	[3] = {1, INT32S, .is_signed = true, .is_whole = true},
	[4] = {2, INT32S, .is_whole = true},
	[5] = {2, INT32S, .is_signed = true, .is_whole = true},
	[6] = {4, INT32S, .is_signed = true, .is_whole = true},
	[7] = {8, INT64S, .is_signed = true, .is_whole = true},
	[9] = {1, INT32S, .is_whole = true},
	[10] = {2, INT32S, .is_whole = false},
	[11] = {8, DOUBLES, .is_real = true},
	[12] = {4, UINT64S, .is_whole = true},
	[13] = {8, UINT64S, .is_whole = true},
	[16] = {2, INT32S, .is_whole = false},
};

static const struct type *type_of(const Barista__Onnx__TensorProto *t)
{
	static const struct type none;

	return t->data_type >= 0 && (size_t)t->data_type < sizeof types / sizeof *types
		       ? &types[t->data_type]
		       : &none;
}

/* Returns how many elements the file holds, which need not be as many as the sizes say. */
static size_t elements_of(const Barista__Onnx__TensorProto *t, const struct type *type)
{
	if (t->has_raw_data)
		return t->raw_data.len / type->bytes;
	switch (type->where) {
	case FLOATS: return t->n_float_data;
	case INT32S: return t->n_int32_data;
	case INT64S: return t->n_int64_data;
	case DOUBLES: return t->n_double_data;
	default: return t->n_uint64_data;
	}
}

/* Returns the bits of element i among the raw bytes, which are little-endian. */
static uint64_t raw_bits(const Barista__Onnx__TensorProto *t, const struct type *type, size_t i)
{
	uint64_t bits = 0;

	for (size_t b = type->bytes; b-- > 0;)
		bits = bits << 8 | t->raw_data.data[i * type->bytes + b];
	return bits;
}

static int64_t whole_at(const Barista__Onnx__TensorProto *t, const struct type *type, size_t i)
{
	if (t->has_raw_data) {
		uint64_t bits = raw_bits(t, type, i), sign = 1ull << (8 * type->bytes - 1);

		return (int64_t)(type->is_signed ? (bits ^ sign) - sign : bits);
	}
	if (type->where == INT32S)
		return t->int32_data[i];
	return type->where == INT64S ? t->int64_data[i] : (int64_t)t->uint64_data[i];
}

static double real_at(const Barista__Onnx__TensorProto *t, const struct type *type, size_t i)
{
	if (t->has_raw_data) {
		uint64_t bits = raw_bits(t, type, i);
		uint32_t low = (uint32_t)bits;
		double d;
		float f;

		memcpy(&d, &bits, sizeof d);
		memcpy(&f, &low, sizeof f);
		return type->bytes == 8 ? d : (double)f;
	}
	return type->where == FLOATS ? (double)t->float_data[i] : t->double_data[i];
}

/* Forgets all elements when an unsigned one is 2^63 or more, which int64_t cannot hold and no size
 * is. */
static void drop_huge(const struct type *type, struct barista_onnx_value *v, size_t n)
{
	for (size_t i = 0; i < n && v->whole && !type->is_signed; i++)
		if (v->whole[i] < 0)
			v->whole = NULL;
}

/* Reads n elements, unless they are too many to be kept or not of a type whose values are read. */
static int read_elements(struct barista_onnx *m, const Barista__Onnx__TensorProto *t,
			 const struct type *type, size_t n, struct barista_onnx_value *v)
{
	void *room;

	if (n > BARISTA_ONNX_MAX_ELEMENTS || n >= m->elements ||
	    (!type->is_whole && !type->is_real))
		return 0;
	m->elements -= n + 1;
	room = barista_arena_alloc(m->g->arena, n + 1, sizeof(int64_t));
	if (!room)
		return barista_no_memory(m->err);
	if (type->is_real)
		v->real = room;
	else
		v->whole = room;
	for (size_t i = 0; i < n; i++)
		if (type->is_real)
			v->real[i] = real_at(t, type, i);
		else
			v->whole[i] = whole_at(t, type, i);
	drop_huge(type, v, n);
	return 0;
}

static int read_dims(const Barista__Onnx__TensorProto *t, struct barista_dims *d,
		     struct barista_err *err)
{
	if (t->n_dims > BARISTA_MAX_AXES)
		return barista_fail(err, BARISTA_E_INPUT,
				    "it has %zu axes, at most %d are supported", t->n_dims,
				    BARISTA_MAX_AXES);
	d->n = t->n_dims;
	for (size_t a = 0; a < d->n; a++) {
		d->at[a] = t->dims[a];
		if (d->at[a] < 0 || d->at[a] > 1LL << 31)
			return barista_fail(err, BARISTA_E_INPUT,
					    "its axis %zu has the size %lld, expected 0 to 2^31", a,
					    (long long)d->at[a]);
	}
	return 0;
}

int barista_onnx_tensor(struct barista_onnx *m, const Barista__Onnx__TensorProto *t,
			struct barista_dims *d, struct barista_onnx_value *v)
{
	enum { EXTERNAL = 1 };
	const struct type *type = type_of(t);
	int64_t n;
	int rc;

	*v = (struct barista_onnx_value){.constant = true};
	if ((rc = read_dims(t, d, m->err)))
		return rc;
	if (!barista_dims_product(d, 0, d->n, &n))
		return barista_fail(m->err, BARISTA_E_INPUT, "it has more than 2^53 elements");
	/* Weights are often kept in another file, or have been taken out of this one. */
	if (t->data_location == EXTERNAL || type->where == NOWHERE || !elements_of(t, type))
		return 0;
	if (elements_of(t, type) < (size_t)n)
		return barista_fail(m->err, BARISTA_E_INPUT,
				    "the file holds %zu of its %lld elements", elements_of(t, type),
				    (long long)n);
	return read_elements(m, t, type, (size_t)n, v);
}
