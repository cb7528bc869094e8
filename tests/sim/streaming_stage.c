/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stage does, by counting: words, multiply steps, and which rows need which. */
#include "streaming.h"

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return -floor_div(-a, b);
}

/* How often an engine of p at once must start to see n of something. */
static int64_t starts(int64_t n, int64_t p)
{
	int64_t count = 0;

	for (int64_t done = 0; done < n; done += p)
		count++;
	return count;
}

/* Cycles that a port of p words takes for rows x columns x channels. */
static int64_t port_cycles(int64_t rows, int64_t columns, int64_t channels, int64_t p)
{
	int64_t cycles = 0;

	for (int64_t row = 0; row < rows; row++)
		cycles += columns * starts(channels, p);
	return cycles;
}

/* Multiply steps at one position: one for every group, block of inputs, of outputs and of taps. */
static int64_t position_steps(const struct sim_layer *l)
{
	int64_t steps = 0;

	for (int64_t g = 0; g < l->groups; g++)
		for (int64_t i = 0; i < l->cin / l->groups; i += l->unroll_in)
			for (int64_t o = 0; o < l->cout / l->groups; o += l->unroll_out)
				steps += starts(l->kh * l->kw, l->unroll_kernel);
	return steps;
}

static int64_t row_steps(const struct sim_layer *l, int64_t rows, int64_t columns)
{
	int64_t steps = 0, each = position_steps(l);

	for (int64_t row = 0; row < rows; row++)
		steps += columns * each;
	return steps;
}

static bool layer_ok(const struct sim_layer *l)
{
	return l->cin > 0 && l->h > 0 && l->w > 0 && l->cout > 0 && l->oh > 0 && l->ow > 0 &&
	       l->kh > 0 && l->kw > 0 && l->stride_h > 0 && l->stride_w > 0 && l->dil_h > 0 &&
	       l->dil_w > 0 && l->groups > 0 && l->unroll_in > 0 && l->unroll_out > 0 &&
	       l->unroll_kernel > 0 && l->cin % l->groups == 0 && l->cout % l->groups == 0;
}

/* A pass from h to oh rows or, backward, from oh to h. */
static struct sim_rows rows_of(const struct sim_layer *l, bool backward)
{
	int64_t kernel = (l->kh - 1) * l->dil_h + 1;
	bool transposed = (l->type == SIM_DECONV) != backward;
	struct sim_rows p = {.rows_in = backward ? l->oh : l->h,
			     .rows_out = backward ? l->h : l->oh,
			     .kernel = kernel,
			     .stride = l->stride_h,
			     .pad = l->pad_top,
			     .transposed = transposed};

	p.line_rows =
		transposed ? ceil_div(kernel, p.stride) + 1 : min64(kernel, p.rows_in) + p.stride;
	return p;
}

int sim_stage_count(const struct sim_layer *l, struct sim_stage *stage)
{
	int64_t in_steps, out_steps, words_in, words_out;
	bool deconv = l->type == SIM_DECONV;

	if (!layer_ok(l))
		return SIM_BAD;
	in_steps = row_steps(l, l->h, l->w);
	out_steps = row_steps(l, l->oh, l->ow);
	words_in = port_cycles(l->h + l->pad_top + l->pad_bottom, l->w + l->pad_left + l->pad_right,
			       l->cin, l->unroll_in);
	words_out = port_cycles(l->oh, l->ow, l->cout, l->unroll_out);
	stage->forward = rows_of(l, false);
	stage->forward.cycles_in = words_in;
	stage->forward.cycles = max64(max64(words_in, words_out), deconv ? in_steps : out_steps);
	stage->backward = rows_of(l, true);
	stage->backward.cycles_in = words_out;
	stage->backward.cycles = l->input_gradient ? (deconv ? out_steps : in_steps) : 0;
	stage->wgrad_cycles = l->weight_gradient ? (deconv ? in_steps : out_steps) : 0;
	return SIM_OK;
}

int64_t sim_need(const struct sim_rows *p, int64_t r)
{
	int64_t last = p->transposed ? floor_div(r + p->pad, p->stride) + 1
				     : r * p->stride + p->kernel - p->pad;

	return min64(p->rows_in, max64(last, 1));
}

int64_t sim_first(const struct sim_rows *p, int64_t r)
{
	int64_t first = p->transposed ? ceil_div(r + p->pad - p->kernel + 1, p->stride)
				      : r * p->stride - p->pad;

	/* With pads as large as the kernel a row may read nothing, but still it needs one. */
	return r >= p->rows_out ? p->rows_in : max64(0, min64(first, sim_need(p, r) - 1));
}

int64_t sim_arrived(const struct sim_rows *p, int64_t rows, int64_t made)
{
	return made * p->rows_in / rows;
}

/* The most rows in the buffer, those that the producer is about to give included, when the producer
 * makes its rows evenly over some time and the stage does so too, `late` behind it so that none
 * waits. Times are in units of 1 / (producer_rows * rows_out) of that time. */
static int64_t even_rows(const struct sim_rows *p, int64_t producer_rows)
{
	int64_t late = 0, most = 0;

	for (int64_t r = 0; r < p->rows_out; r++) {
		int64_t made = ceil_div(sim_need(p, r) * producer_rows, p->rows_in);

		late = max64(late, made * p->rows_out - r * producer_rows);
	}
	for (int64_t r = 0; r < p->rows_out; r++) {
		int64_t made = ceil_div(late + (r + 1) * producer_rows, p->rows_out);

		most = max64(most, sim_arrived(p, producer_rows, made) - sim_first(p, r));
	}
	return most;
}

/* The weight gradient reads the same buffer as the errors, a row at a time. */
static int64_t even_error_rows(const struct sim_stage *stage, int64_t producer_rows)
{
	const struct sim_rows *b = &stage->backward;
	struct sim_rows wgrad = {
		.rows_in = b->rows_in, .rows_out = b->rows_in, .kernel = 1, .stride = 1};
	int64_t rows = even_rows(b, producer_rows);

	return stage->wgrad_cycles ? max64(rows, even_rows(&wgrad, producer_rows)) : rows;
}

void sim_widen(struct sim_stage *stage, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sim_rows *f = &stage[i].forward, *b = &stage[i].backward;

		f->line_rows = even_rows(f, i ? stage[i - 1].forward.rows_out : f->rows_in);
		b->line_rows = even_error_rows(&stage[i], i + 1 < n ? stage[i + 1].backward.rows_out
								    : b->rows_in);
	}
}
