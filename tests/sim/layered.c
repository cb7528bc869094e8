// SPDX-License-Identifier: GPL-3.0-or-later
#include "layered.h"

#include <math.h>

enum { WORD_BYTES = 4, KNOWN_GEMMS = 32 };

enum { COMPUTE, TRANSFER, QUEUES };

struct known {
	struct sim_gemm g;
	double seconds, bytes;
};

struct runtime {
	const struct sim_layered *s;
	struct sim_layered_result *out;
	enum sim_pass pass;
	double free_s[QUEUES];
	double data_s; /* the batch of this iteration has come */
	struct known known[KNOWN_GEMMS];
	int nknown;
};

static void launch(struct runtime *r, double seconds, double bytes)
{
	double start_s = fmax(r->free_s[COMPUTE], r->data_s);
	double end_s = start_s + r->s->launch_s + seconds;

	r->out->launches[r->pass]++;
	r->out->bytes[r->pass] += bytes;
	r->out->pass_s[r->pass] += end_s - start_s;
	r->free_s[COMPUTE] = end_s;
}

static void stream(struct runtime *r, double bytes)
{
	launch(r, bytes / r->s->memory_bytes_hz, bytes);
}

static int same_gemm(const struct sim_gemm *a, const struct sim_gemm *b)
{
	return a->m == b->m && a->n == b->n && a->k == b->k && a->accumulates == b->accumulates;
}

/* Equal GEMMs take equal times: the walk is done once. */
static const struct known *know(struct runtime *r, const struct sim_gemm *g)
{
	struct known *k;

	for (int i = 0; i < r->nknown && i < KNOWN_GEMMS; i++)
		if (same_gemm(&r->known[i].g, g))
			return &r->known[i];
	k = &r->known[r->nknown++ % KNOWN_GEMMS];
	k->g = *g;
	k->seconds = sim_gemm_s(r->s, g, &k->bytes);
	return k;
}

static void gemm(struct runtime *r, double m, double n, double k, int accumulates)
{
	struct sim_gemm g = {m, n, k, accumulates};
	const struct known *found = know(r, &g);

	launch(r, found->seconds, found->bytes);
}

static void weight_gemm(struct runtime *r, double m, double n, double k, int accumulates)
{
	r->out->macs[r->pass] += m * n * k;
	gemm(r, m, n, k, accumulates);
}

/* y += A x, A of rows x cols: A and x are read, y read and written. */
static void gemv(struct runtime *r, double rows, double cols)
{
	stream(r, WORD_BYTES * (rows * cols + cols + 2 * rows));
}

/* Returns when it has come; the queue holds it until `after_s`. */
static double transfer(struct runtime *r, double bytes, double after_s)
{
	r->free_s[TRANSFER] =
		fmax(r->free_s[TRANSFER], after_s) + r->s->transfer_s + bytes / r->s->pcie_bytes_hz;
	r->out->transfers++;
	r->out->transfer_bytes += bytes;
	return r->free_s[TRANSFER];
}

static int or_one(int v)
{
	return v ? v : 1;
}

struct conv {
	const struct sim_caffe_layer *l;
	int groups, columns; /* columns: needs im2col */
	double out_c, in_c;  /* of a group */
	double taps,
		outputs; /* rows and columns of a group's column matrix for the images of one go */
	double column_bytes; /* of im2col or col2im in one go */
	int goes;
};

static struct conv conv_of(const struct sim_layered *s, const struct sim_caffe_layer *l)
{
	int h, w, per_go = s->batched ? s->batch : 1;
	struct conv c = {.l = l, .groups = or_one(l->groups), .goes = s->batch / per_go};

	sim_caffe_out(l, &h, &w);
	c.columns = l->kernel_h != 1 || l->kernel_w != 1 || l->stride != 1 || l->pad != 0;
	c.out_c = (double)l->out_c / c.groups;
	c.taps = (double)l->in_c / c.groups * l->kernel_h * l->kernel_w;
	c.outputs = (double)h * w * per_go;
	c.column_bytes = WORD_BYTES * ((double)l->in_c * l->in_h * l->in_w * per_go +
				       c.groups * c.taps * c.outputs);
	return c;
}

static void conv_forward(struct runtime *r, const struct sim_caffe_layer *l)
{
	struct conv c = conv_of(r->s, l);

	for (int i = 0; i < c.goes; i++) {
		if (c.columns)
			stream(r, c.column_bytes);
		for (int g = 0; g < c.groups; g++)
			weight_gemm(r, c.out_c, c.outputs, c.taps, 0);
		if (l->bias && !r->s->fused)
			gemm(r, l->out_c, c.outputs, 1, 1);
	}
}

static void conv_weights(struct runtime *r, const struct conv *c)
{
	if (c->l->bias)
		gemv(r, c->l->out_c, c->outputs);
	if (c->columns)
		stream(r, c->column_bytes);
	for (int g = 0; g < c->groups; g++)
		weight_gemm(r, c->out_c, c->taps, c->outputs, 1);
}

static void conv_backward(struct runtime *r, const struct sim_caffe_layer *l)
{
	struct conv c = conv_of(r->s, l);

	for (int i = 0; i < c.goes; i++) {
		if (l->learns)
			conv_weights(r, &c);
		if (!l->input_gradient)
			continue;
		for (int g = 0; g < c.groups; g++)
			weight_gemm(r, c.taps, c.outputs, c.out_c, 0);
		if (c.columns)
			stream(r, c.column_bytes);
	}
}

static double in_words(const struct sim_caffe_layer *l)
{
	return (double)l->in_c * l->in_h * l->in_w;
}

static void fc_forward(struct runtime *r, const struct sim_caffe_layer *l)
{
	weight_gemm(r, r->s->batch, l->out_c, in_words(l), 0);
	if (l->bias && !r->s->fused)
		gemm(r, r->s->batch, l->out_c, 1, 1);
}

static void fc_backward(struct runtime *r, const struct sim_caffe_layer *l)
{
	if (l->learns)
		weight_gemm(r, l->out_c, in_words(l), r->s->batch, 1);
	if (l->learns && l->bias)
		gemv(r, l->out_c, r->s->batch);
	if (l->input_gradient)
		weight_gemm(r, r->s->batch, in_words(l), l->out_c, 0);
}

static void pool(struct runtime *r, const struct sim_caffe_layer *l)
{
	double in = in_words(l) * r->s->batch, out;
	int h, w;

	sim_caffe_out(l, &h, &w);
	out = (double)l->in_c * h * w * r->s->batch;
	if (r->pass == SIM_BACKWARD)
		stream(r, WORD_BYTES * in);
	/* values and where each maximum was */
	stream(r, WORD_BYTES * (in + 2 * out));
}

/* Words moved per element and per position (all channels of one place) by each kernel, in Caffe's
 * order */
struct sweep {
	double element, position;
};

static void sweeps(struct runtime *r, const struct sim_caffe_layer *l, const struct sweep *k, int n)
{
	double positions = (double)l->in_h * l->in_w * r->s->batch;

	for (int i = 0; i < n; i++)
		stream(r, WORD_BYTES * positions * (k[i].element * l->in_c + k[i].position));
}

/* In place, training. What is kept per channel moves no words here: it is small. */
static void batch_norm(struct runtime *r, const struct sim_caffe_layer *l)
{
	/* mean over positions, over images; spread over images, subtract; square; variance
	 * likewise; two running averages, each scaled and added to; epsilon, root; spread over
	 * images, positions; divide; keep */
	static const struct sweep fwd[] = {{1, 0}, {0, 0}, {0, 0}, {2, 0}, {3, 0}, {1, 0},
					   {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0},
					   {0, 0}, {0, 0}, {1, 0}, {3, 0}, {2, 0}};
	/* keep; dY*Y, its mean and spread (as above), times Y; mean of dY, added to that; scale,
	 * add dY; divide */
	static const struct sweep bwd[] = {{2, 0}, {3, 0}, {1, 0}, {0, 0}, {0, 0}, {1, 0}, {3, 0},
					   {1, 0}, {0, 0}, {0, 0}, {2, 0}, {2, 0}, {3, 0}, {3, 0}};

	if (r->pass == SIM_FORWARD)
		sweeps(r, l, fwd, sizeof(fwd) / sizeof(fwd[0]));
	else
		sweeps(r, l, bwd, sizeof(bwd) / sizeof(bwd[0]));
}

static void scale(struct runtime *r, const struct sim_caffe_layer *l)
{
	static const struct sweep fwd[] = {{2, 0}, {2, 0}}, factors[] = {{3, 0}, {1, 0}, {0, 0}},
				  input[] = {{2, 0}};

	if (r->pass == SIM_FORWARD) {
		sweeps(r, l, fwd, 2);
		return;
	}
	for (int i = 0; l->learns && l->bias && i < r->s->batch; i++)
		stream(r, WORD_BYTES * in_words(l));
	if (l->learns)
		sweeps(r, l, factors, 3);
	sweeps(r, l, input, 1);
}

static void forward(struct runtime *r, const struct sim_caffe_layer *l, int behind_gemm)
{
	static const struct sweep activation[] = {{2, 0}}, lrn[] = {{2, 0}, {3, 0}},
				  dropout[] = {{1, 0}, {3, 0}};
	/* copy, max, subtract, exp, sum, divide, loss, sum of the losses */
	static const struct sweep softmax_loss[] = {{2, 0}, {1, 1}, {2, 1}, {2, 0},
						    {1, 1}, {2, 1}, {0, 4}, {0, 1}};

	switch (l->kind) {
	case SIM_CONV: conv_forward(r, l); break;
	case SIM_FC: fc_forward(r, l); break;
	case SIM_POOL: pool(r, l); break;
	case SIM_ACTIVATION:
		if (!r->s->fused || !behind_gemm)
			sweeps(r, l, activation, 1);
		break;
	case SIM_LRN: sweeps(r, l, lrn, 2); break;
	case SIM_DROPOUT: sweeps(r, l, dropout, 2); break;
	case SIM_BATCH_NORM: batch_norm(r, l); break;
	case SIM_SCALE: scale(r, l); break;
	case SIM_SOFTMAX_LOSS: sweeps(r, l, softmax_loss, 8); break;
	}
}

static void backward(struct runtime *r, const struct sim_caffe_layer *l)
{
	static const struct sweep activation[] = {{3, 0}}, lrn[] = {{5, 0}};
	/* copy, take one off where the label is and count it, scale */
	static const struct sweep softmax_loss[] = {{2, 0}, {0, 4}, {2, 0}};

	if (l->kind == SIM_CONV)
		conv_backward(r, l);
	else if (l->kind == SIM_FC)
		fc_backward(r, l);
	else if (!l->input_gradient)
		return;
	else if (l->kind == SIM_POOL)
		pool(r, l);
	else if (l->kind == SIM_LRN)
		sweeps(r, l, lrn, 1);
	else if (l->kind == SIM_BATCH_NORM)
		batch_norm(r, l);
	else if (l->kind == SIM_SCALE)
		scale(r, l);
	else if (l->kind == SIM_SOFTMAX_LOSS)
		sweeps(r, l, softmax_loss, 3);
	else
		sweeps(r, l, activation, 1);
}

/* weight decay, momentum, gradient into the history, history into the weights */
static void update_blob(struct runtime *r, double words)
{
	static const double moved[] = {3, 2, 3, 3};

	for (int i = 0; i < 4; i++)
		stream(r, WORD_BYTES * words * moved[i]);
}

static void update(struct runtime *r, const struct sim_caffe_layer *l)
{
	double weights = l->kind == SIM_FC ? in_words(l) * l->out_c
					   : (double)l->out_c * l->in_c / or_one(l->groups) *
						     l->kernel_h * l->kernel_w;

	if (l->kind == SIM_SCALE)
		weights = l->in_c;
	else if (l->kind != SIM_CONV && l->kind != SIM_FC)
		return;
	if (!l->learns)
		return;
	update_blob(r, weights);
	if (l->bias)
		update_blob(r, l->kind == SIM_SCALE ? l->in_c : l->out_c);
}

static int multiplies(const struct sim_caffe_layer *l)
{
	return l->kind == SIM_CONV || l->kind == SIM_FC;
}

static void compute(struct runtime *r)
{
	const struct sim_layered *s = r->s;

	r->pass = SIM_FORWARD;
	for (int i = 0; i < s->n; i++)
		forward(r, &s->layers[i], i && multiplies(&s->layers[i - 1]));
	r->pass = SIM_BACKWARD;
	for (int i = s->n; i-- > 0;)
		backward(r, &s->layers[i]);
	r->pass = SIM_UPDATE;
	for (int i = 0; i < s->n; i++)
		update(r, &s->layers[i]);
}

/* Images and labels; the host goes on when both have come. */
static double bring_batch(struct runtime *r, double after_s)
{
	transfer(r, WORD_BYTES * in_words(&r->s->layers[0]) * r->s->batch, after_s);
	return transfer(r, WORD_BYTES * (double)r->s->batch, after_s);
}

/* From one iteration's loss to the next one's. */
static double iterate(struct runtime *r, double start_s, double *next_data_s)
{
	*r->out = (struct sim_layered_result){0};
	r->free_s[COMPUTE] = start_s;
	r->data_s = r->s->prefetch ? *next_data_s : bring_batch(r, start_s);
	if (r->s->prefetch)
		*next_data_s = bring_batch(r, fmax(start_s, r->data_s));
	compute(r);
	return transfer(r, WORD_BYTES, r->free_s[COMPUTE]);
}

void sim_layered_run(const struct sim_layered *s, struct sim_layered_result *out)
{
	struct runtime r = {.s = s, .out = out};
	double next_data_s = 0, end_s = 0, before_s = 0;

	*out = (struct sim_layered_result){0};
	if (s->prefetch)
		next_data_s = bring_batch(&r, 0);
	for (int i = 0; i < 4; i++) {
		before_s = end_s;
		end_s = iterate(&r, before_s, &next_data_s);
	}
	out->iteration_s = end_s - before_s;
}
