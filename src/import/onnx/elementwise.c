/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that work element by element or keep the shape of their input, and
 * the losses. */
#include "import/onnx/operators.h"

#include <string.h>

int barista_onnx_same(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	int rc;

	for (size_t i = 0; i < n->op->nout; i++)
		if ((rc = barista_onnx_set_output(n, i, x)))
			return rc;
	return 0;
}

static int refuse_pair(struct barista_onnx_node *n, const struct barista_dims *a,
		       const struct barista_dims *b)
{
	char text[2][80];

	barista_dims_text(text[0], sizeof text[0], a);
	barista_dims_text(text[1], sizeof text[1], b);
	return barista_onnx_fail_node(n, "%s and %s do not broadcast to one shape", text[0],
				      text[1]);
}

int barista_onnx_common(struct barista_onnx_node *n, struct barista_dims *out,
			const struct barista_dims *d)
{
	const struct barista_dims *longer = d->n > out->n ? d : out,
				  *shorter = d->n > out->n ? out : d;
	struct barista_dims both = *longer;

	for (size_t i = 0; i < shorter->n; i++) {
		int64_t *size = &both.at[longer->n - shorter->n + i], other = shorter->at[i];

		if (*size == 1)
			*size = other;
		else if (other != 1 && other != *size)
			return refuse_pair(n, out, d);
	}
	*out = both;
	return 0;
}

int barista_onnx_broadcast(struct barista_onnx_node *n)
{
	struct barista_dims out = {.n = 0};
	int rc;

	for (size_t i = 0; i < n->op->nin; i++)
		if (barista_onnx_in(n, i) &&
		    (rc = barista_onnx_common(n, &out, barista_onnx_in(n, i))))
			return rc;
	return barista_onnx_set_output(n, 0, &out);
}

/* Counts the constant inputs 1 and 2, which are scale and bias, as parameters that learn. The
 * statistics of a normalisation stand behind them, and the update does not change those. */
static void learn(struct barista_onnx_node *n)
{
	n->op->weights_learn = barista_onnx_constant(n, 1);
	n->op->learns = n->op->weights_learn || barista_onnx_constant(n, 2);
	for (size_t i = 1; i < 3; i++) {
		int64_t elements;

		if (!barista_onnx_constant(n, i) ||
		    !barista_dims_product(barista_onnx_in(n, i), 0, barista_onnx_in(n, i)->n,
					  &elements))
			continue;
		n->op->params += elements;
		n->op->blobs++;
	}
}

/* Sizes the normalisations whose scale, and whatever follows it, holds one number per channel, or
 * per group of channels. */
int barista_onnx_normalize(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0), *scale = barista_onnx_in(n, 1);
	bool per_group = !strcmp(n->op->type, "GroupNormalization");
	int rc;

	learn(n);
	if (x->n < 2 || (!per_group && scale->n == 1 && scale->at[0] != x->at[1])) {
		char text[80];

		barista_dims_text(text, sizeof text, x);
		return barista_onnx_fail_node(n, "the input is %s, the scale has %lld elements",
					      text, (long long)(scale->n ? scale->at[0] : 1));
	}
	for (size_t i = 1; i < n->op->nout; i++)
		if ((rc = barista_onnx_set_output(n, i, scale)))
			return rc;
	return barista_onnx_set_output(n, 0, x);
}

int barista_onnx_layer_norm(struct barista_onnx_node *n)
{
	struct barista_dims mean = *barista_onnx_in(n, 0);
	size_t axis = (size_t)-1;
	int rc;

	learn(n);
	if ((rc = barista_onnx_axis(n, "axis", mean.n, &axis)) ||
	    (rc = barista_onnx_set_output(n, 0, &mean)))
		return rc;
	for (size_t a = axis; a < mean.n; a++)
		mean.at[a] = 1;
	if ((rc = barista_onnx_set_output(n, 1, &mean)))
		return rc;
	return barista_onnx_set_output(n, 2, &mean);
}

/* Sizes PRelu. Its slope is broadcast to the input, but not the input to the slope. */
int barista_onnx_prelu(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0), *slope = barista_onnx_in(n, 1);
	struct barista_dims out = *x;
	int rc;

	learn(n);
	if ((rc = barista_onnx_common(n, &out, slope)))
		return rc;
	return barista_dims_equal(&out, x) ? barista_onnx_set_output(n, 0, x)
					   : refuse_pair(n, x, slope);
}

int barista_onnx_lrn(struct barista_onnx_node *n)
{
	int64_t size = 1;
	int rc;

	if ((rc = barista_onnx_int(n, "size", &size)))
		return rc;
	n->op->window[0] = size < 1 ? 1 : size;
	return barista_onnx_same(n);
}

/* Sizes a loss, which is one number, or one per label without a reduction. The second output has
 * the shape of the input, since it holds the logarithms of the probabilities. */
int barista_onnx_loss(struct barista_onnx_node *n)
{
	static const char *const words[] = {"none", "sum", "mean", NULL};
	const struct barista_dims *labels = barista_onnx_in(n, 1);
	size_t how = 2;
	int rc;

	n->op->loss = true;
	if ((rc = barista_onnx_word(n, "reduction", words, &how)))
		return rc;
	if (!words[how])
		return barista_onnx_fail_node(n, "'reduction' must be none, sum or mean");
	if ((rc = barista_onnx_set_output(n, 0, how ? &(struct barista_dims){.n = 0} : labels)))
		return rc;
	return barista_onnx_set_output(n, 1, barista_onnx_in(n, 0));
}
