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
	struct stream_stage *stage;
	struct stream_pass *source;
	size_t layers, n;
	bool back, ends_in_weights;
};

static struct stream_pass *pass_of(const struct chain *c, size_t i)
{
	struct stream_stage *s = &c->stage[c->back ? c->layers - 1 - i : i];

	return !c->back ? &s->fp : c->ends_in_weights && i + 1 == c->n ? &s->wg : &s->bp;
}

static struct stream_axis axis_of(const struct chain *c, size_t i)
{
	bool weights = c->ends_in_weights && i + 1 == c->n;

	return barista_streaming_axis(c->layer[c->back ? c->layers - 1 - i : i],
				      !c->back  ? BARISTA_FWD
				      : weights ? BARISTA_WGRAD
						: BARISTA_IGRAD);
}

static struct stream_pass *before(const struct chain *c, size_t i)
{
	return i ? pass_of(c, i - 1) : c->source;
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool same_axis(const struct stream_axis *a, const struct stream_axis *b)
{
	return a->in == b->in && a->out == b->out && a->reach == b->reach &&
	       a->stride == b->stride && a->pad == b->pad && a->spread == b->spread;
}

/* Rows of a line buffer take long to count, and layers often repeat. */
static void set_rows(const struct chain *c)
{
	struct stream_axis last = {0};
	int64_t last_producer = 0;

	c->source->rows = axis_of(c, 0).in;
	for (size_t i = 0; i < c->n; i++) {
		struct stream_axis a = axis_of(c, i);
		int64_t producer = before(c, i)->rows;
		bool again = producer == last_producer && same_axis(&a, &last);

		*pass_of(c, i) =
			(struct stream_pass){.rows = a.out,
					     .fill = barista_streaming_need(&a, producer, 0),
					     .line = again ? pass_of(c, i - 1)->line
							   : barista_streaming_line(&a, producer)};
		last = a;
		last_producer = producer;
	}
}

/* From the end: what the last row of a stage needs is all that its producer has to make. */
static void trim(const struct chain *c)
{
	struct stream_pass *last = pass_of(c, c->n - 1);

	last->needed = last->rows;
	for (size_t i = c->n; i-- > 0;) {
		struct stream_axis a = axis_of(c, i);
		struct stream_pass *pass = pass_of(c, i);
		struct stream_pass *producer = before(c, i);
		int64_t r = pass->needed;

		producer->needed = barista_streaming_need(&a, producer->rows, r - 1);
		while (r && barista_streaming_need(&a, producer->rows, r - 1) >= producer->needed)
			r--;
		pass->tail = pass->needed - r;
	}
}

static void set_segments(const struct chain *c)
{
	size_t segment = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct stream_pass *p = pass_of(c, i);

		if (p->fill >= before(c, i)->needed)
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
static double rows_beside(const struct stream_pass *p, const struct stream_pass *next, bool starts,
			  bool ends, size_t members)
{
	int64_t ahead = ends ? p->needed : lesser(next->fill, p->needed);

	if (starts)
		return (double)ahead;
	if (ends)
		return (double)p->tail;
	return fmin((double)p->needed,
		    (1 + 0.008 * (double)members) * sqrt((double)(ahead * p->tail)));
}

static void set_weights(const struct chain *c)
{
	const struct stream_pass *previous = NULL;

	for (size_t i = 0; i <= c->n; i++) {
		struct stream_pass *p = before(c, i), *next = i < c->n ? before(c, i + 1) : NULL;
		bool starts = !previous || previous->segment < p->segment;
		bool ends = !next || next->segment > p->segment;
		double beside = rows_beside(p, next, starts, ends, members(c, p->segment));

		p->add = beside;
		p->most = (double)p->needed - beside;
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
static void shape_beside(const struct barista_mac_layer *l, struct stream_stage *s,
			 int64_t producer, size_t last)
{
	struct stream_axis a = barista_streaming_axis(l, BARISTA_WGRAD);

	s->wg = (struct stream_pass){
		.rows = a.out,
		.needed = a.out,
		.fill = barista_streaming_need(&a, producer, 0),
		.tail = 1,
		.segment = s->bp.segment,
		.most = s->bp.segment == last ? (double)a.out : 0,
		.line = steps_ratio(l) < 1 ? a.in : barista_streaming_line(&a, producer)};
}

static void shape_backward(const struct barista_mac_layer *const *layer, size_t n, bool separate,
			   struct stream_stage *stage, struct stream_source *source)
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

void barista_streaming_shape(const struct barista_mac_layer *const *layer, size_t n, bool separate,
			     struct stream_stage *stage, struct stream_sources *source)
{
	struct chain c = {
		.layer = layer, .stage = stage, .source = &source->fp.pass, .layers = n, .n = n};

	memset(stage, 0, n * sizeof(*stage));
	memset(source, 0, sizeof(*source));
	source->fp.words = barista_streaming_words_in(layer[0]);
	shape_chain(&c);
	shape_backward(layer, n, separate, stage, &source->bp);
}
