/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators use these functions to get at inputs and attributes, to set outputs, and to
 * fail. */
#include "import/onnx/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* These are types of attributes, as ONNX numbers them. A type of 0 is not said. */
enum { TYPE_INT = 2, TYPE_STRING = 3, TYPE_INTS = 7 };

int barista_onnx_fail_node(struct barista_onnx_node *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(n->why, sizeof n->why, fmt, ap);
	va_end(ap);
	return barista_fail(n->model->err, BARISTA_E_INPUT, "%.600s: node %zu '%.80s' (%.80s): %s",
			    n->model->src->path, n->op->number, n->op->name, n->op->type, n->why);
}

int barista_onnx_at_node(struct barista_onnx_node *n, int rc)
{
	return rc == BARISTA_E_INPUT ? barista_onnx_fail_node(n, "%s", n->model->err->msg) : rc;
}

int barista_onnx_size_depends_on(struct barista_onnx_node *n, const char *what)
{
	return barista_op_problem(
		n->g, n->op, 0, n->model->err,
		"the size of its output depends on the values of '%s', which the file "
		"does not hold",
		what);
}

const struct barista_dims *barista_onnx_in(const struct barista_onnx_node *n, size_t i)
{
	const struct barista_blob *b = barista_op_in(n->g, n->op, i);

	return b ? &b->dims : NULL;
}

const struct barista_onnx_value *barista_onnx_value(const struct barista_onnx_node *n, size_t i)
{
	static const struct barista_onnx_value none;

	return barista_op_in(n->g, n->op, i) ? &n->model->value[n->op->in[i]] : &none;
}

bool barista_onnx_constant(const struct barista_onnx_node *n, size_t i)
{
	return barista_onnx_value(n, i)->constant;
}

int barista_onnx_set_output(struct barista_onnx_node *n, size_t i, const struct barista_dims *d)
{
	struct barista_blob *out = barista_op_out(n->g, n->op, i);
	char text[160];

	for (size_t a = 0; a < d->n; a++)
		if (d->at[a] < 0 || d->at[a] > 1LL << 31) {
			barista_dims_text(text, sizeof text, d);
			return barista_onnx_fail_node(
				n, "its output would be %s: every size must be from 0 to 2^31",
				text);
		}
	if (out) {
		out->dims = *d;
		out->known = n->known;
	}
	return 0;
}

int barista_onnx_append_axis(struct barista_onnx_node *n, struct barista_dims *d, int64_t size)
{
	if (d->n == BARISTA_MAX_AXES)
		return barista_onnx_fail_node(n, "its output has more than %d axes",
					      BARISTA_MAX_AXES);
	d->at[d->n++] = size;
	return 0;
}

int barista_onnx_append_axes(struct barista_onnx_node *n, struct barista_dims *d, size_t count,
			     const int64_t *size)
{
	int rc;

	for (size_t i = 0; i < count; i++)
		if ((rc = barista_onnx_append_axis(n, d, size[i])))
			return rc;
	return 0;
}

/* Makes room for the elements of an output, each of `size` bytes, at the cost of those that may
 * still be kept. *room is NULL when they are too many, when there is no such output, and without
 * memory. One element more is allocated and counted, so that a blob without elements is known too,
 * and costs something. */
static int take_room(struct barista_onnx_node *n, size_t out, size_t size, void **room)
{
	const struct barista_blob *b = barista_op_out(n->g, n->op, out);
	int64_t count;

	*room = NULL;
	if (!b || b->known == BARISTA_UNKNOWN ||
	    !barista_dims_product(&b->dims, 0, b->dims.n, &count) ||
	    count > BARISTA_ONNX_MAX_ELEMENTS || (size_t)count >= n->model->elements)
		return 0;
	n->model->elements -= (size_t)count + 1;
	*room = barista_arena_alloc(n->g->arena, (size_t)count + 1, size);
	return *room ? 0 : barista_no_memory(n->model->err);
}

int barista_onnx_alloc_ints(struct barista_onnx_node *n, size_t out, int64_t **room)
{
	void *elements;
	int rc = take_room(n, out, sizeof **room, &elements);

	*room = elements;
	if (*room)
		n->model->value[n->op->out[out]].whole = *room;
	return rc;
}

int barista_onnx_alloc_reals(struct barista_onnx_node *n, size_t out, double **room)
{
	void *elements;
	int rc = take_room(n, out, sizeof **room, &elements);

	*room = elements;
	if (*room)
		n->model->value[n->op->out[out]].real = *room;
	return rc;
}

const Barista__Onnx__AttributeProto *barista_onnx_attribute(const struct barista_onnx_node *n,
							    const char *name)
{
	for (size_t i = 0; i < n->proto->n_attribute; i++)
		if (n->proto->attribute[i]->name && !strcmp(n->proto->attribute[i]->name, name))
			return n->proto->attribute[i];
	return NULL;
}

int barista_onnx_int(struct barista_onnx_node *n, const char *name, int64_t *out)
{
	const Barista__Onnx__AttributeProto *a = barista_onnx_attribute(n, name);

	if (!a)
		return 0;
	if (!a->has_i || (a->type && a->type != TYPE_INT))
		return barista_onnx_fail_node(n, "'%s' must be a whole number", name);
	*out = a->i;
	return 0;
}

int barista_onnx_flag(struct barista_onnx_node *n, const char *name, bool *out)
{
	int64_t v = *out;
	int rc;

	if ((rc = barista_onnx_int(n, name, &v)))
		return rc;
	*out = v != 0;
	return 0;
}

int barista_onnx_word(struct barista_onnx_node *n, const char *name, const char *const *words,
		      size_t *out)
{
	const Barista__Onnx__AttributeProto *a = barista_onnx_attribute(n, name);
	size_t i = 0;

	if (!a)
		return 0;
	if (!a->has_s || (a->type && a->type != TYPE_STRING))
		return barista_onnx_fail_node(n, "'%s' must be a text", name);
	while (words[i] && (strlen(words[i]) != a->s.len || memcmp(words[i], a->s.data, a->s.len)))
		i++;
	*out = i;
	return 0;
}

int barista_onnx_axis(struct barista_onnx_node *n, const char *name, size_t naxes, size_t *out)
{
	int64_t axis = (int64_t)*out;
	int rc;

	if ((rc = barista_onnx_int(n, name, &axis)))
		return rc;
	if (!barista_dims_axis(axis, naxes, out))
		return barista_onnx_fail_node(n, "'%s' is %lld, and there are %zu axes", name,
					      (long long)axis, naxes);
	return 0;
}

int barista_onnx_ints(struct barista_onnx_node *n, const char *name, struct barista_onnx_ints *out)
{
	const Barista__Onnx__AttributeProto *a = barista_onnx_attribute(n, name);

	*out = (struct barista_onnx_ints){.got = BARISTA_ONNX_ABSENT};
	if (!a)
		return 0;
	if (a->type ? a->type != TYPE_INTS : !a->n_ints)
		return barista_onnx_fail_node(n, "'%s' must be a list of whole numbers", name);
	*out = (struct barista_onnx_ints){BARISTA_ONNX_GIVEN, a->n_ints, a->ints};
	return 0;
}

int barista_onnx_list(struct barista_onnx_node *n, const char *name, bool as_input, size_t i,
		      struct barista_onnx_ints *out)
{
	const struct barista_onnx_value *v = barista_onnx_value(n, i);
	const struct barista_dims *d = barista_onnx_in(n, i);

	if (!as_input || !d)
		return barista_onnx_ints(n, name, out);
	if (d->n > 1 || v->real)
		return barista_onnx_fail_node(n, "input '%s' must be a list of whole numbers",
					      name);
	*out = (struct barista_onnx_ints){v->whole ? BARISTA_ONNX_GIVEN : BARISTA_ONNX_VARIES,
					  d->n ? (size_t)d->at[0] : 1, v->whole};
	return 0;
}

int barista_onnx_known_list(struct barista_onnx_node *n, const char *name, bool as_input, size_t i,
			    struct barista_onnx_ints *out)
{
	int rc = barista_onnx_list(n, name, as_input, i, out);

	return !rc && out->got == BARISTA_ONNX_VARIES ? barista_onnx_size_depends_on(n, name) : rc;
}

int barista_onnx_axes(struct barista_onnx_node *n, const struct barista_onnx_ints *list,
		      size_t naxes, size_t axis[BARISTA_MAX_AXES], bool marked[BARISTA_MAX_AXES])
{
	memset(marked, 0, BARISTA_MAX_AXES * sizeof *marked);
	for (size_t i = 0; i < list->n; i++) {
		if (i >= naxes || !barista_dims_axis(list->at[i], naxes, &axis[i]))
			return barista_onnx_fail_node(n, "axis %lld, and there are %zu axes",
						      (long long)list->at[i], naxes);
		if (marked[axis[i]])
			return barista_onnx_fail_node(n, "axis %lld is listed twice",
						      (long long)list->at[i]);
		marked[axis[i]] = true;
	}
	return 0;
}
