/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The closed form of a sample's time through streaming stages: its weights. */
#include <math.h>
#include <string.h>

#include "families/streaming/latency.h"

#include "barista/family.h"

/* A pass: its stages in the order in which rows go through them. Backward, with engines apart, the
 * weight gradient of the layer that passes no error on is one more stage at the end. */
struct chain {
	const struct barista_mac_layer *const *layer;
	struct streaming_passes *stage;
	struct streaming_pass *source;
	size_t layers, n;
	bool back, ends_in_weights;
};

static struct streaming_pass *pass_of(const struct chain *c, size_t i)
{
	struct streaming_passes *s = &c->stage[c->back ? c->layers - 1 - i : i];

	return !c->back ? &s->fp : c->ends_in_weights && i + 1 == c->n ? &s->wg : &s->bp;
}

static struct streaming_axis axis_of(const struct chain *c, size_t i)
{
	bool weights = c->ends_in_weights && i + 1 == c->n;

	return barista_streaming_axis(c->layer[c->back ? c->layers - 1 - i : i],
				      !c->back  ? BARISTA_FWD
				      : weights ? BARISTA_WGRAD
						: BARISTA_IGRAD);
}

static struct streaming_pass *before(const struct chain *c, size_t i)
{
	return i ? pass_of(c, i - 1) : c->source;
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool same_axis(const struct streaming_axis *a, const struct streaming_axis *b)
{
	return a->in == b->in && a->out == b->out && a->reach == b->reach &&
	       a->stride == b->stride && a->pad == b->pad && a->spread == b->spread;
}

/* Rows of a line buffer take long to count, and layers often repeat. */
static void set_rows(const struct chain *c)
{
	struct streaming_axis last = {0};
	int64_t last_producer = 0;

	c->source->rows = axis_of(c, 0).in;
	for (size_t i = 0; i < c->n; i++) {
		struct streaming_axis a = axis_of(c, i);
		int64_t producer = before(c, i)->rows;
		bool again = producer == last_producer && same_axis(&a, &last);

		*pass_of(c, i) = (struct streaming_pass){
			.rows = a.out,
			.fill_rows = barista_streaming_needed_rows(&a, producer, 0),
			.line_buffer_rows =
				again ? pass_of(c, i - 1)->line_buffer_rows
				      : barista_streaming_line_buffer_rows(&a, producer)};
		last = a;
		last_producer = producer;
	}
}

/* From the end: what the last row of a stage needs is all that its producer has to make. */
static void trim(const struct chain *c)
{
	struct streaming_pass *last = pass_of(c, c->n - 1);

	last->useful_rows = last->rows;
	for (size_t i = c->n; i-- > 0;) {
		struct streaming_axis a = axis_of(c, i);
		struct streaming_pass *pass = pass_of(c, i);
		struct streaming_pass *producer = before(c, i);
		int64_t r = pass->useful_rows;

		producer->useful_rows = barista_streaming_needed_rows(&a, producer->rows, r - 1);
		while (r && barista_streaming_needed_rows(&a, producer->rows, r - 1) >=
				    producer->useful_rows)
			r--;
		pass->tail_rows = pass->useful_rows - r;
	}
}

static void set_segments(const struct chain *c)
{
	size_t segment = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct streaming_pass *p = pass_of(c, i);

		if (p->fill_rows >= before(c, i)->useful_rows)
			segment++;
		p->segment = segment;
	}
}

static size_t members(const struct chain *c, size_t segment)
{
	size_t n = 0;

	for (size_t i = 0; i <= c->n; i++)
		n += before(c, i)->segment == segment;
	return n;
}

/* What a stage adds to the slowest of its segment. Before the slowest these are the rows that the
 * next stage waits for, behind it the tail. Where the slowest is depends on the intervals: inside a
 * segment the geometric mean of both. There a stage may also be between two slower ones, at whose
 * pace it then works, the more likely the more stages there are: 0.008 for each, fitted on random
 * designs. */
static double rows_beside(const struct streaming_pass *p, const struct streaming_pass *next,
			  bool starts, bool ends, size_t members)
{
	int64_t ahead = ends ? p->useful_rows : lesser(next->fill_rows, p->useful_rows);

	if (starts)
		return (double)ahead;
	if (ends)
		return (double)p->tail_rows;
	return fmin((double)p->useful_rows,
		    (1 + 0.008 * (double)members) * sqrt((double)(ahead * p->tail_rows)));
}

static void set_weights(const struct chain *c)
{
	const struct streaming_pass *previous = NULL;

	for (size_t i = 0; i <= c->n; i++) {
		struct streaming_pass *p = before(c, i), *next = i < c->n ? before(c, i + 1) : NULL;
		bool starts = !previous || previous->segment < p->segment;
		bool ends = !next || next->segment > p->segment;
		double beside = rows_beside(p, next, starts, ends, members(c, p->segment));

		p->additive_weight = beside;
		p->competing_weight = (double)p->useful_rows - beside;
		previous = p;
	}
}

static void shape_chain(const struct chain *c)
{
	set_rows(c);
	trim(c);
	set_segments(c);
	set_weights(c);
}

/* ---- weight gradients along with the errors ---- */

static double positions(const struct barista_mac_layer *l, bool out)
{
	return out ? (double)l->oh * (double)l->ow : (double)l->h * (double)l->w;
}

/* Multiply steps of the input gradient for each of the weight gradient: both have the same unrolls.
 */
static double steps_ratio(const struct barista_mac_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;

	return positions(l, deconv) / positions(l, !deconv);
}

/* It reads the rows that the input gradient reads: only where it takes longer can errors wait for
 * it, unless all of them are kept. It competes in the last segment: earlier ones have others to
 * come. */
static void shape_beside(const struct barista_mac_layer *l, struct streaming_passes *s,
			 int64_t producer, size_t last)
{
	struct streaming_axis a = barista_streaming_axis(l, BARISTA_WGRAD);

	s->wg = (struct streaming_pass){
		.rows = a.out,
		.useful_rows = a.out,
		.fill_rows = barista_streaming_needed_rows(&a, producer, 0),
		.tail_rows = 1,
		.segment = s->bp.segment,
		.competing_weight = s->bp.segment == last ? (double)a.out : 0,
		.line_buffer_rows = steps_ratio(l) < 1
					    ? a.in
					    : barista_streaming_line_buffer_rows(&a, producer)};
}

static void shape_backward(const struct barista_mac_layer *const *layer, size_t n, bool separate,
			   struct streaming_passes *stage, struct streaming_source *source)
{
	size_t end = n; /* the first layer that passes its error on */

	while (end && layer[end - 1]->input_gradient)
		end--;
	struct chain c = {.layer = layer,
			  .stage = stage,
			  .source = &source->pass,
			  .layers = n,
			  .back = true,
			  .n = n - end,
			  .ends_in_weights = separate && end && layer[end - 1]->weight_gradient};

	c.n += c.ends_in_weights;
	if (!c.n)
		return;
	source->words = (double)layer[n - 1]->cout * positions(layer[n - 1], true);
	shape_chain(&c);
	for (size_t i = 0; separate && i < n - end; i++) {
		size_t l = n - 1 - i;

		if (layer[l]->weight_gradient)
			shape_beside(layer[l], &stage[l], before(&c, i)->rows,
				     pass_of(&c, c.n - 1)->segment);
	}
}

static double padded(int64_t size, int64_t pad, int64_t pad_end)
{
	return (double)(pad + pad_end > 0 ? size + pad + pad_end : size);
}

/* Pads stream in as words. */
double barista_streaming_words_in(const struct barista_mac_layer *l)
{
	return (double)l->cin * padded(l->h, l->pad_h, l->pad_end_h) *
	       padded(l->w, l->pad_w, l->pad_end_w);
}

void barista_streaming_latency_weights(const struct barista_mac_layer *const *layer, size_t n,
				       bool separate, struct streaming_passes *stage,
				       struct streaming_sources *source)
{
	struct chain c = {
		.layer = layer, .stage = stage, .source = &source->fp.pass, .layers = n, .n = n};

	memset(stage, 0, n * sizeof(*stage));
	memset(source, 0, sizeof(*source));
	source->fp.words = barista_streaming_words_in(layer[0]);
	shape_chain(&c);
	shape_backward(layer, n, separate, stage, &source->bp);
}
