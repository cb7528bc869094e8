/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of all types of layers use these functions to get at parameters and input sizes, to
 * set outputs, and to fail. */
#include "import/caffe/caffe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int barista_caffe_params(struct barista_caffe_layer *l, struct barista_proto **out)
{
	*out = NULL;
	if (!l->type->message)
		return 0;
	return barista_proto_message(&l->net->text, l->p, l->type->message, out, l->net->err);
}

int barista_caffe_int(struct barista_caffe_layer *l, const struct barista_proto *params,
		      const char *name, int64_t lo, int64_t hi, int64_t *out)
{
	return barista_proto_int(&l->net->text, params, name, lo, hi, out, l->net->err);
}

const struct barista_dims *barista_caffe_in(const struct barista_caffe_layer *l, size_t i)
{
	return &barista_op_in(l->net->g, l->op, i)->dims;
}

int barista_caffe_fail_layer(struct barista_caffe_layer *l, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return barista_fail_proto(l->net->err, &l->net->text, l->p, "layer '%.80s' (%.40s): %s",
				  l->op->name, l->op->type, text);
}

int barista_caffe_fail_shape(struct barista_caffe_layer *l, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	l->guess_failed = l->known == BARISTA_GUESSED;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return barista_caffe_fail_layer(l, "%s", text);
}

int barista_caffe_forgive(struct barista_caffe_layer *l, int rc)
{
	bool forgiven = rc && l->guess_failed;

	l->guess_failed = false;
	return forgiven ? 0 : rc;
}

int barista_caffe_at_layer(struct barista_caffe_layer *l, int rc)
{
	return rc == BARISTA_E_INPUT ? barista_caffe_fail_shape(l, "%s", l->net->err->msg) : rc;
}

static int check_output(struct barista_caffe_layer *l, const struct barista_dims *dims)
{
	int64_t all;

	for (size_t a = 0; a < dims->n; a++)
		if (dims->at[a] > INT32_MAX || dims->at[a] < 0)
			return barista_caffe_fail_shape(
				l, "axis %zu of its output would have %lld elements", a,
				(long long)dims->at[a]);
	if (!barista_dims_product(dims, 0, dims->n, &all))
		return barista_caffe_fail_shape(l, "its output has more than 2^53 elements");
	return 0;
}

int barista_caffe_out(struct barista_caffe_layer *l, size_t i, const struct barista_dims *dims)
{
	struct barista_blob *b = barista_op_out(l->net->g, l->op, i);
	struct barista_dims copy = *dims;
	int rc = check_output(l, dims);

	if (rc)
		return barista_caffe_forgive(l, rc);
	if (b) {
		b->dims = copy;
		b->known = l->known;
	}
	return 0;
}

bool barista_caffe_is_layer(const struct barista_proto *field)
{
	return !strcmp(field->name, "layer") || !strcmp(field->name, "layers");
}
