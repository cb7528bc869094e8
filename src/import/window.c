/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/window.h"

#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* No axis, stride or padding is larger, since Caffe holds them in an int. With it sums of a few of
 * them stay far from overflow. */
static const int64_t max_size = 1LL << 31;

bool barista_dims_product(const struct barista_dims *d, size_t from, size_t to, int64_t *out)
{
	return barista_mul_exact(out, to - from, d->at + from);
}

void barista_dims_text(char *buf, size_t size, const struct barista_dims *d)
{
	snprintf(buf, size, "%s", d->n ? "" : "scalar");
	for (size_t i = 0; i < d->n; i++)
		snprintf(buf + strlen(buf), size - strlen(buf), "%s%lld", i ? "x" : "",
			 (long long)d->at[i]);
}

bool barista_dims_equal(const struct barista_dims *a, const struct barista_dims *b)
{
	return a->n == b->n && !memcmp(a->at, b->at, a->n * sizeof *a->at);
}

bool barista_dims_axis(int64_t axis, size_t n, size_t *out)
{
	int64_t a = axis < 0 ? axis + (int64_t)n : axis;

	if (a < 0 || a >= (int64_t)n)
		return false;
	*out = (size_t)a;
	return true;
}

static int fail_size(struct barista_err *err, const char *text)
{
	return barista_fail(err, BARISTA_E_INPUT, "%s", text);
}

static int check_window(const struct barista_window *w, size_t a, struct barista_err *err)
{
	if (w->kernel[a] < 1 || w->kernel[a] > max_size)
		return fail_size(err, "the kernel must be at least 1");
	if (w->stride[a] < 1 || w->stride[a] > max_size)
		return fail_size(err, "the stride must be at least 1");
	if (w->dilation[a] < 1 || w->dilation[a] > max_size)
		return fail_size(err, "the dilation must be at least 1");
	if (w->begin[a] < 0 || w->begin[a] > max_size || w->end[a] < -max_size ||
	    w->end[a] > max_size)
		return fail_size(err, "the padding is out of range");
	return 0;
}

/* Computes how far the last element of the window is from its first, dilation (kernel - 1). */
static int reach(const struct barista_window *w, size_t a, int64_t *out, struct barista_err *err)
{
	if (!barista_mul_exact(out, 2, (int64_t[]){w->dilation[a], w->kernel[a] - 1}))
		return fail_size(err, "kernel and dilation are too large");
	return 0;
}

int barista_window_out(int64_t *out, int64_t in, const struct barista_window *w, size_t a,
		       enum barista_round round, bool clip, struct barista_err *err)
{
	int64_t span, room, n;
	int rc;

	if ((rc = check_window(w, a, err)) || (rc = reach(w, a, &span, err)))
		return rc;
	room = in + w->begin[a] + w->end[a] - span - 1;
	/* Rounded up, a kernel that exceeds the input by less than the stride still has a position.
	 */
	if (room < 0 && (round == BARISTA_FLOOR || -room >= w->stride[a]))
		return barista_fail(err, BARISTA_E_INPUT,
				    "the kernel (%lld) is larger than the padded input (%lld)",
				    (long long)(span + 1),
				    (long long)(in + w->begin[a] + w->end[a]));
	n = (room + (round == BARISTA_CEIL ? w->stride[a] - 1 : 0)) / w->stride[a] + 1;
	if (clip && (n - 1) * w->stride[a] >= in + w->begin[a])
		n--;
	*out = n;
	return 0;
}

/* Sizes one axis of the output of a deconvolution, which is the input of the convolution that would
 * give `in` positions. */
static int transposed_out(int64_t *out, int64_t in, const struct barista_window *w, size_t a,
			  struct barista_err *err)
{
	int64_t span, steps;
	int rc;

	if ((rc = check_window(w, a, err)) || (rc = reach(w, a, &span, err)))
		return rc;
	if (!barista_mul_exact(&steps, 2, (int64_t[]){w->stride[a], in - 1}))
		return fail_size(err, "stride and input are too large");
	*out = steps + span + 1 - w->begin[a] - w->end[a];
	if (*out < 1)
		return fail_size(err, "the output is empty: the padding takes all of it");
	return 0;
}

static int size_output(const struct barista_dims *in, const struct barista_convolution *c,
		       struct barista_dims *out, struct barista_err *err)
{
	*out = *in;
	out->at[1] = c->cout;
	for (size_t a = 0; a < c->window.n; a++) {
		int rc =
			c->transposed
				? transposed_out(&out->at[a + 2], in->at[a + 2], &c->window, a, err)
				: barista_window_out(&out->at[a + 2], in->at[a + 2], &c->window, a,
						     BARISTA_FLOOR, false, err);

		if (rc)
			return rc;
		if (out->at[a + 2] > max_size)
			return fail_size(err, "the output is too large");
	}
	return 0;
}

/* Counts multiply-accumulates: cin / groups * cout * kernel at every position of the output, or of
 * the input for a deconvolution. Returns false when they pass 2^53. */
static bool count(const struct barista_dims *in, const struct barista_dims *out,
		  const struct barista_convolution *c, int64_t *macs)
{
	const struct barista_dims *at = c->transposed ? in : out;
	int64_t kernel, positions;

	return barista_mul_exact(&kernel, c->window.n, c->window.kernel) &&
	       barista_dims_product(at, 2, at->n, &positions) &&
	       barista_mul_exact(macs, 4,
				 (int64_t[]){in->at[1] / c->groups, c->cout, kernel, positions});
}

static void fill(struct barista_mac *m, const struct barista_dims *in,
		 const struct barista_convolution *c, int64_t macs)
{
	*m = (struct barista_mac){.type = c->transposed ? BARISTA_DECONV : BARISTA_CONV,
				  .cin = in->at[1],
				  .h = 1,
				  .w = 1,
				  .cout = c->cout,
				  .groups = c->groups,
				  .macs = macs,
				  .positions = 1,
				  .kernel = {1, 1},
				  .stride = {1, 1},
				  .dilation = {1, 1}};
	for (size_t a = 0; a < c->window.n; a++) {
		*(a ? &m->w : &m->h) = in->at[a + 2];
		m->kernel[a] = c->window.kernel[a];
		m->stride[a] = c->window.stride[a];
		m->dilation[a] = c->window.dilation[a];
		m->pad[a] = c->window.begin[a];
		m->pad[a + 2] = c->window.end[a];
	}
}

/* Returns whether a layer of a workload can hold such sizes, which has narrower limits. */
static bool is_modelled(const struct barista_dims *in, const struct barista_convolution *c)
{
	const int64_t most = 1 << 24, window_most = 65536;
	const struct barista_window *w = &c->window;
	bool ok = c->cout <= most && c->groups <= most;

	for (size_t a = 1; a < in->n; a++)
		ok &= in->at[a] <= most;
	for (size_t a = 0; a < w->n; a++)
		ok &= w->kernel[a] <= window_most && w->stride[a] <= window_most &&
		      w->dilation[a] <= window_most && w->begin[a] <= window_most &&
		      w->end[a] <= window_most && w->end[a] >= (c->transposed ? -window_most : 0);
	return ok;
}

/* Gives the op its multiply-accumulates, or a problem when no layer of a workload can hold them. A
 * problem counts them per image of the network, of which the input may hold several or a part. */
static int add_mac(struct barista_graph *g, struct barista_op *op, const struct barista_dims *in,
		   const struct barista_convolution *c, int64_t macs, struct barista_err *err)
{
	double images = (double)in->at[0] / (double)(g->batch ? g->batch : 1);
	int64_t all = (int64_t)fmin((double)macs * images, 0x1p53);

	if (in->at[0] != g->batch)
		return barista_op_problem(g, op, all, err,
					  "its input holds %lld images, the network's batch %lld",
					  (long long)in->at[0], (long long)g->batch);
	if (c->window.n > 2)
		return barista_op_problem(g, op, all, err,
					  "convolutions over %zu axes are not modelled",
					  c->window.n);
	if (!is_modelled(in, c))
		return barista_op_problem(
			g, op, all, err,
			"axes above 2^24, windows above 65536 and negative padding are "
			"not modelled");
	op->mac = barista_arena_alloc(g->arena, 1, sizeof *op->mac);
	if (!op->mac)
		return barista_no_memory(err);
	fill(op->mac, in, c, macs);
	return 0;
}

int barista_convolve(struct barista_graph *g, struct barista_op *op,
		     const struct barista_convolution *c, struct barista_err *err)
{
	const struct barista_blob *in = barista_op_in(g, op, 0);
	struct barista_blob *out = barista_op_out(g, op, 0);
	struct barista_dims dims;
	int64_t macs;
	int rc;

	if (in->dims.n != c->window.n + 2 || in->dims.n < 3) {
		char text[128];

		barista_dims_text(text, sizeof text, &in->dims);
		return barista_fail(err, BARISTA_E_INPUT,
				    "the input is %s, the kernel has %zu axes", text, c->window.n);
	}
	if (c->cout < 1 || c->groups < 1 || c->cout > max_size)
		return fail_size(err, "outputs and groups must be at least 1");
	if (in->dims.at[1] % c->groups || c->cout % c->groups)
		return barista_fail(err, BARISTA_E_INPUT,
				    "%lld groups do not divide %lld channels in and %lld out",
				    (long long)c->groups, (long long)in->dims.at[1],
				    (long long)c->cout);
	for (size_t a = 0; a < in->dims.n; a++)
		if (in->dims.at[a] < 1)
			return fail_size(err, "the input is empty");
	if ((rc = size_output(&in->dims, c, &dims, err)))
		return rc;
	if (!count(&in->dims, &dims, c, &macs))
		return fail_size(
			err,
			"more than 2^53 multiply-accumulates per image: counts would not be exact");
	out->dims = dims;
	return add_mac(g, op, &in->dims, c, macs, err);
}

int barista_connect(struct barista_graph *g, struct barista_op *op, int64_t rows, int64_t cin,
		    int64_t cout, struct barista_err *err)
{
	int64_t macs, batch = g->batch ? g->batch : 1;

	if (rows < 1 || cin < 1 || cout < 1)
		return fail_size(err, "its input or output is empty");
	if (rows % batch)
		return barista_op_problem(
			g, op, -1, err,
			"its input has %lld rows, which is no multiple of the batch, %lld",
			(long long)rows, (long long)batch);
	if (!barista_mul_exact(&macs, 3, (int64_t[]){rows / batch, cin, cout}))
		return fail_size(
			err,
			"more than 2^53 multiply-accumulates per image: counts would not be exact");
	if (rows / batch > 1 << 24)
		return barista_op_problem(g, op, macs, err,
					  "more than 2^24 rows per image are not modelled");
	op->mac = barista_arena_alloc(g->arena, 1, sizeof *op->mac);
	if (!op->mac)
		return barista_no_memory(err);
	*op->mac = (struct barista_mac){.type = BARISTA_FC,
					.cin = cin,
					.h = 1,
					.w = 1,
					.cout = cout,
					.groups = 1,
					.kernel = {1, 1},
					.stride = {1, 1},
					.dilation = {1, 1},
					.positions = rows / batch,
					.macs = macs};
	return 0;
}
