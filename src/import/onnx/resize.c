/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators Resize and Upsample, whose sizes are given as numbers or by
 * factors. */
#include "import/onnx/operators.h"

#include <math.h>

/* The n axes that are resized, and either their sizes or their factors. */
struct resize {
	size_t n, axis[BARISTA_MAX_AXES];
	struct barista_onnx_ints sizes;
	enum barista_onnx_got got; /* the factors */
	size_t nfactors;
	const double *real;  /* factors from an input, or NULL */
	const float *single; /* factors from an attribute, or NULL */
};

/* Takes the factors from input i. */
static void take_factors(const struct barista_onnx_node *n, size_t i, struct resize *r)
{
	const struct barista_onnx_value *v = barista_onnx_value(n, i);
	const struct barista_dims *d = barista_onnx_in(n, i);

	/* An empty list stands for one that is absent. */
	if (!d || (d->n == 1 && !d->at[0]))
		return;
	r->got = v->real && d->n == 1 ? BARISTA_ONNX_GIVEN : BARISTA_ONNX_VARIES;
	r->nfactors = d->n == 1 ? (size_t)d->at[0] : 0;
	r->real = v->real;
}

/* Takes the factors from the attribute that old versions have. */
static int take_attribute(struct barista_onnx_node *n, struct resize *r)
{
	const Barista__Onnx__AttributeProto *a = barista_onnx_attribute(n, "scales");

	if (!a || !a->n_floats)
		return barista_onnx_fail_node(n, "'scales' must be a list of numbers");
	r->got = BARISTA_ONNX_GIVEN;
	r->nfactors = a->n_floats;
	r->single = a->floats;
	return 0;
}

/* Takes the axes that are resized: all of them, unless the node lists some. */
static int take_axes(struct barista_onnx_node *n, struct resize *r)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_onnx_ints axes = {.got = BARISTA_ONNX_ABSENT};
	bool marked[BARISTA_MAX_AXES];
	int rc;

	if (n->opset >= 18 && (rc = barista_onnx_ints(n, "axes", &axes)))
		return rc;
	if ((rc = barista_onnx_axes(n, &axes, x->n, r->axis, marked)))
		return rc;
	r->n = axes.n;
	if (axes.got == BARISTA_ONNX_ABSENT)
		for (r->n = 0; r->n < x->n; r->n++)
			r->axis[r->n] = r->n;
	return 0;
}

/* Takes the factors, or the sizes when there are none, from where the version of the operator has
 * them. */
static int take_arguments(struct barista_onnx_node *n, struct resize *r)
{
	bool late = n->opset >= 11 && n->op->type[0] == 'R';
	int rc;

	if (n->opset < 9)
		return take_attribute(n, r);
	take_factors(n, late ? 2 : 1, r);
	if (late && r->got == BARISTA_ONNX_ABSENT &&
	    (rc = barista_onnx_list(n, "sizes", true, 3, &r->sizes)))
		return rc;
	if (r->got == BARISTA_ONNX_ABSENT && r->sizes.got == BARISTA_ONNX_ABSENT)
		return barista_onnx_fail_node(n, late ? "both 'scales' and 'sizes' are missing"
						      : "'scales' is missing");
	return 0;
}

/* Makes it a problem of the op when its attributes ask for other rules, and tells so in
 * *special. */
static int check_special(struct barista_onnx_node *n, bool sizes, bool *special)
{
	static const char *const modes[] = {"tf_crop_and_resize", NULL}, *const policies[] = {
										 "stretch", NULL};
	size_t mode = 1, policy = 0;
	int rc;

	if ((rc = barista_onnx_word(n, "coordinate_transformation_mode", modes, &mode)) ||
	    (rc = barista_onnx_word(n, "keep_aspect_ratio_policy", policies, &policy)))
		return rc;
	*special = sizes ? policy != 0 : mode == 0;
	if (!*special)
		return 0;
	return barista_op_problem(n->g, n->op, 0, n->model->err,
				  sizes ? "'keep_aspect_ratio_policy' other than stretch is not "
					  "supported"
					: "'coordinate_transformation_mode' tf_crop_and_resize is "
					  "not supported");
}

/* Multiplies a size by a factor and rounds down, in single precision as runtimes do. */
static int scale(struct barista_onnx_node *n, int64_t *size, float factor)
{
	float scaled = floorf((float)*size * factor);

	if (!(factor > 0) || !(scaled <= 0x1p31f))
		return barista_onnx_fail_node(n, "'scales' holds %g, which is out of range",
					      (double)factor);
	*size = (int64_t)scaled;
	return 0;
}

int barista_onnx_resize(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	struct resize r = {.n = 0};
	bool special = false, by_size;
	size_t count;
	int rc;

	if ((rc = take_axes(n, &r)) || (rc = take_arguments(n, &r)))
		return rc;
	by_size = r.sizes.got != BARISTA_ONNX_ABSENT;
	if ((rc = check_special(n, by_size, &special)) || special)
		return rc;
	if (r.got == BARISTA_ONNX_VARIES || r.sizes.got == BARISTA_ONNX_VARIES)
		return barista_onnx_size_depends_on(n, by_size ? "sizes" : "scales");
	count = by_size ? r.sizes.n : r.nfactors;
	if (count != r.n)
		return barista_onnx_fail_node(n, "'%s' has %zu values, expected %zu",
					      by_size ? "sizes" : "scales", count, r.n);
	for (size_t i = 0; i < r.n; i++) {
		int64_t *size = &out.at[r.axis[i]];

		if (by_size)
			*size = r.sizes.at[i];
		else if ((rc = scale(n, size, r.single ? r.single[i] : (float)r.real[i])))
			return rc;
	}
	return barista_onnx_set_output(n, 0, &out);
}
