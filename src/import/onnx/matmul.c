/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that multiply matrices. A product with a constant matrix is a fully
 * connected layer. */
#include "base/num.h"
#include "import/onnx/operators.h"

/* Returns the multiply-accumulates per image; -1 when they are not as many for each image, or pass
 * 2^53. */
static int64_t macs_per_image(const struct barista_graph *g, const struct barista_dims *batch,
			      int64_t rows, int64_t inner, int64_t columns)
{
	int64_t outer, total, images = g->batch ? g->batch : 1;

	if (!barista_dims_product(batch, 0, batch->n, &outer) ||
	    !barista_mul_exact(&total, 4, (int64_t[]){outer, rows, inner, columns}))
		return -1;
	return total % images ? -1 : total / images;
}

/* Makes the op a fully connected layer on `rows` rows in each of `batch` matrices. */
static int connect(struct barista_onnx_node *n, const struct barista_dims *batch, int64_t rows,
		   int64_t cin, int64_t cout)
{
	int64_t outer;

	if (!barista_dims_product(batch, 0, batch->n, &outer) ||
	    !barista_mul_exact(&rows, 2, (int64_t[]){outer, rows}))
		return barista_onnx_fail_node(n, "its input has more than 2^53 rows");
	n->op->learns = n->op->weights_learn = true;
	return barista_onnx_at_node(n,
				    barista_connect(n->g, n->op, rows, cin, cout, n->model->err));
}

/* Returns whether input i is a constant that holds one matrix or vector. */
static bool is_weights(const struct barista_onnx_node *n, size_t i)
{
	const struct barista_dims *d = barista_onnx_in(n, i);
	int64_t matrices;

	return barista_onnx_constant(n, i) &&
	       (d->n <= 2 || (barista_dims_product(d, 0, d->n - 2, &matrices) && matrices == 1));
}

/* Gives the op the multiply-accumulates of `batch` products of rows x inner and inner x columns.
 * When both are constant, nothing is multiplied at run time. */
static int multiply(struct barista_onnx_node *n, const struct barista_dims *batch, int64_t rows,
		    int64_t inner, int64_t columns)
{
	bool a = barista_onnx_constant(n, 0), b = barista_onnx_constant(n, 1);

	if (a && b) {
		n->op->multiplies = false;
		return 0;
	}
	if (is_weights(n, 1))
		return connect(n, batch, rows, inner, columns);
	if (is_weights(n, 0)) {
		n->op->data = 1;
		return connect(n, batch, columns, inner, rows);
	}
	n->op->learns = n->op->weights_learn = a || b;
	return barista_op_problem(
		n->g, n->op, macs_per_image(n->g, batch, rows, inner, columns), n->model->err,
		a || b ? "products with more than one matrix of weights are not modelled"
		       : "products without weights, of two computed matrices, are not modelled");
}

int barista_onnx_gemm(struct barista_onnx_node *n)
{
	const struct barista_dims *a = barista_onnx_in(n, 0), *b = barista_onnx_in(n, 1);
	bool trans_a = false, trans_b = false;
	int64_t m, k, columns;
	char text[2][80];
	int rc;

	if ((rc = barista_onnx_flag(n, "transA", &trans_a)) ||
	    (rc = barista_onnx_flag(n, "transB", &trans_b)))
		return rc;
	barista_dims_text(text[0], sizeof text[0], a);
	barista_dims_text(text[1], sizeof text[1], b);
	if (a->n != 2 || b->n != 2)
		return barista_onnx_fail_node(n, "the inputs are %s and %s, expected two matrices",
					      text[0], text[1]);
	n->op->bias = barista_op_in(n->g, n->op, 2) != NULL;
	m = a->at[trans_a];
	k = a->at[!trans_a];
	columns = b->at[!trans_b];
	if (k != b->at[trans_b])
		return barista_onnx_fail_node(n, "%s%s and %s%s cannot be multiplied", text[0],
					      trans_a ? " transposed" : "", text[1],
					      trans_b ? " transposed" : "");
	if ((rc = barista_onnx_set_output(n, 0, &(struct barista_dims){2, {m, columns}})))
		return rc;
	return multiply(n, &(struct barista_dims){0}, m, k, columns);
}

/* Returns the axes before the last two, of which a matrix or vector has none. */
static struct barista_dims outer_axes(const struct barista_dims *d)
{
	struct barista_dims out = *d;

	out.n = d->n > 2 ? d->n - 2 : 0;
	return out;
}

int barista_onnx_matmul(struct barista_onnx_node *n)
{
	const struct barista_dims *a = barista_onnx_in(n, 0), *b = barista_onnx_in(n, 1);
	struct barista_dims batch = outer_axes(a), outer = outer_axes(b), out;
	int64_t rows = a->n > 1 ? a->at[a->n - 2] : 1, columns = b->n > 1 ? b->at[b->n - 1] : 1,
		inner;
	char text[2][80];
	int rc;

	barista_dims_text(text[0], sizeof text[0], a);
	barista_dims_text(text[1], sizeof text[1], b);
	if (!a->n || !b->n)
		return barista_onnx_fail_node(n, "the inputs are %s and %s, expected matrices",
					      text[0], text[1]);
	inner = a->at[a->n - 1];
	if (inner != b->at[b->n > 1 ? b->n - 2 : 0])
		return barista_onnx_fail_node(n, "%s and %s cannot be multiplied", text[0],
					      text[1]);
	if ((rc = barista_onnx_common(n, &batch, &outer)))
		return rc;
	out = batch;
	if ((a->n > 1 && (rc = barista_onnx_append_axis(n, &out, rows))) ||
	    (b->n > 1 && (rc = barista_onnx_append_axis(n, &out, columns))))
		return rc;
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return multiply(n, &batch, rows, inner, columns);
}
