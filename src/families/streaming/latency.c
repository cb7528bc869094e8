/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The closed form of a sample's time through streaming stages (derived): its weights.
 *
 * A pass is a chain: a source, then stages, each of which makes its rows one after the other and
 * starts a row when the rows that it needs have come from the one before it. With II_i cycles per
 * sample of stage i, of which each of its rows_i rows takes an equal share, the pass takes
 *
 *   sum over segments of ( sum over i of additive_i/rows_i * II_i
 *                          + maximum over i of competing_i/rows_i * II_i )
 *
 * The weights depend on the geometry of the layers only and are found so:
 *  1. Rows: how many each stage makes, how many of its producer it needs before its first one
 *     (fill_rows), and how many its line buffer holds.
 *  2. Useful rows, from the end of the chain to its source: what the last useful row of a stage
 *     needs is all that its producer has to make. The useful rows of a stage that wait for the last
 *     of these are its tail.
 *  3. Segments: a stage that needs all useful rows of its producer before its first row begins one,
 *     as nothing in front of it overlaps with anything from it on.
 *  4. Weights: in a segment all stages work at the same time. The slowest one takes as long as its
 *     useful rows; another adds the rows that it makes before the slowest can start (the next
 *     stage's fill) or after the slowest has ended (its own tail). Which stage is the slowest
 *     depends on the unrolls, so that every stage gets a weight for either case.
 * Step 1 costs as much as there are rows in all layers, the others the square of the stages.
 *
 * It is an approximation: row_simulation.c has the exact time, and tests/sim tells where and by how
 * much the two differ.
 */
#include "families/streaming/latency.h"
#include "families/streaming/row_dependence.h"

#include <math.h>
#include <string.h>

/* The stages of a pass in the order in which rows go through them. Backward, with separate engines,
 * the weight gradient of the layer that passes no error on is one more stage at the end. */
struct chain {
	const struct barista_mac_layer *const *layer;
	struct streaming_passes *passes;
	struct streaming_pass *source;
	size_t nlayers; /* of the network */
	size_t n;       /* stages of the chain, its source aside */
	bool backward, ends_in_weights;
};

static bool is_weight_gradient(const struct chain *c, size_t i)
{
	return c->ends_in_weights && i + 1 == c->n;
}

static size_t layer_index(const struct chain *c, size_t i)
{
	return c->backward ? c->nlayers - 1 - i : i;
}

static struct streaming_pass *stage_pass(const struct chain *c, size_t i)
{
	struct streaming_passes *p = &c->passes[layer_index(c, i)];

	if (!c->backward)
		return &p->fp;
	return is_weight_gradient(c, i) ? &p->wg : &p->bp;
}

static struct streaming_axis axis_of(const struct chain *c, size_t i)
{
	enum barista_pass pass = !c->backward               ? BARISTA_FWD
				 : is_weight_gradient(c, i) ? BARISTA_WGRAD
							    : BARISTA_IGRAD;

	return barista_streaming_axis(c->layer[layer_index(c, i)], pass);
}

static struct streaming_pass *producer_of(const struct chain *c, size_t i)
{
	return i ? stage_pass(c, i - 1) : c->source;
}

static bool same_axis(const struct streaming_axis *a, const struct streaming_axis *b)
{
	return a->in == b->in && a->out == b->out && a->reach == b->reach &&
	       a->stride == b->stride && a->pad == b->pad && a->spread == b->spread;
}

/* Step 1. The rows of a line buffer take long to count, and layers often repeat: those of the stage
 * before it are taken over where they are the same. */
static void set_rows(const struct chain *c)
{
	struct streaming_axis last = {0};
	int64_t last_producer = 0;

	c->source->rows = axis_of(c, 0).in;
	for (size_t i = 0; i < c->n; i++) {
		struct streaming_axis a = axis_of(c, i);
		int64_t producer = producer_of(c, i)->rows;
		bool same = producer == last_producer && same_axis(&a, &last);

		*stage_pass(c, i) = (struct streaming_pass){
			.rows = a.out,
			.fill_rows = barista_streaming_needed_rows(&a, producer, 0),
			.line_buffer_rows =
				same ? stage_pass(c, i - 1)->line_buffer_rows
				     : barista_streaming_line_buffer_rows(&a, producer)};
		last = a;
		last_producer = producer;
	}
}

/* Step 2. */
static void set_useful_rows(const struct chain *c)
{
	struct streaming_pass *last = stage_pass(c, c->n - 1);

	last->useful_rows = last->rows;
	for (size_t i = c->n; i-- > 0;) {
		struct streaming_axis a = axis_of(c, i);
		struct streaming_pass *pass = stage_pass(c, i), *producer = producer_of(c, i);
		int64_t r = pass->useful_rows;

		producer->useful_rows = barista_streaming_needed_rows(&a, producer->rows, r - 1);
		while (r && barista_streaming_needed_rows(&a, producer->rows, r - 1) >=
				    producer->useful_rows)
			r--;
		pass->tail_rows = pass->useful_rows - r;
	}
}

/* Step 3. The source is in segment 0. */
static void set_segments(const struct chain *c)
{
	size_t segment = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct streaming_pass *p = stage_pass(c, i);

		if (p->fill_rows >= producer_of(c, i)->useful_rows)
			segment++;
		p->segment = segment;
	}
}

static size_t count_members(const struct chain *c, size_t segment)
{
	size_t n = 0;

	for (size_t i = 0; i <= c->n; i++)
		n += producer_of(c, i)->segment == segment;
	return n;
}

/* Rows of a stage that add to the time of the slowest of its segment. The first of a segment can
 * only be in front of it: these are the rows that the next stage waits for. The last can only be
 * behind it: this is its tail. Between them it may be either, and the geometric mean of both is
 * taken. A stage there may also be between two slower ones, at whose pace it then works, the more
 * likely the more stages there are: 0.008 for each, fitted on random designs. */
static double additive_rows(const struct streaming_pass *p, const struct streaming_pass *next,
			    bool first, bool last, size_t members)
{
	int64_t ahead = last || next->fill_rows > p->useful_rows ? p->useful_rows : next->fill_rows;

	if (first)
		return (double)ahead;
	if (last)
		return (double)p->tail_rows;
	return fmin((double)p->useful_rows,
		    (1 + 0.008 * (double)members) * sqrt((double)(ahead * p->tail_rows)));
}

/* Step 4, for the source, which is the producer of stage 0, and all stages. */
static void set_weights(const struct chain *c)
{
	const struct streaming_pass *previous = NULL;

	for (size_t i = 0; i <= c->n; i++) {
		struct streaming_pass *p = producer_of(c, i);
		const struct streaming_pass *next = i < c->n ? producer_of(c, i + 1) : NULL;
		bool first = !previous || previous->segment < p->segment;
		bool last = !next || next->segment > p->segment;

		p->additive_weight =
			additive_rows(p, next, first, last, count_members(c, p->segment));
		p->competing_weight = (double)p->useful_rows - p->additive_weight;
		previous = p;
	}
}

static void analyze_chain(const struct chain *c)
{
	set_rows(c);
	set_useful_rows(c);
	set_segments(c);
	set_weights(c);
}

/* ---- the backward pass ---- */

static double positions(const struct barista_mac_layer *l, bool out)
{
	return out ? (double)l->oh * (double)l->ow : (double)l->h * (double)l->w;
}

/* Multiply steps of the input gradient for each of the weight gradient: both have the same unrolls.
 */
static double step_ratio(const struct barista_mac_layer *l)
{
	bool deconv = l->type == BARISTA_DECONV;

	return positions(l, deconv) / positions(l, !deconv);
}

/* A weight gradient along with the errors reads the rows that the input gradient reads. Only where
 * it takes longer than that can errors wait for it: then all of them are kept. It competes only in
 * the last segment, because behind an earlier one other stages are still to come. */
static void set_parallel_weight_gradient(const struct barista_mac_layer *l,
					 struct streaming_passes *p, int64_t producer_rows,
					 size_t last_segment)
{
	struct streaming_axis a = barista_streaming_axis(l, BARISTA_WGRAD);

	p->wg = (struct streaming_pass){
		.rows = a.out,
		.useful_rows = a.out,
		.fill_rows = barista_streaming_needed_rows(&a, producer_rows, 0),
		.tail_rows = 1,
		.segment = p->bp.segment,
		.competing_weight = p->bp.segment == last_segment ? (double)a.out : 0,
		.line_buffer_rows =
			step_ratio(l) < 1 ? a.in
					  : barista_streaming_line_buffer_rows(&a, producer_rows)};
}

static size_t count_error_layers(const struct barista_mac_layer *const *layer, size_t n)
{
	size_t first = n;

	while (first && layer[first - 1]->input_gradient)
		first--;
	return n - first;
}

static void analyze_backward(struct chain c, bool separate, struct streaming_source *source)
{
	size_t n = count_error_layers(c.layer, c.nlayers);
	const struct barista_mac_layer *last = c.layer[c.nlayers - 1];

	c.backward = true;
	c.source = &source->pass;
	c.ends_in_weights =
		separate && n < c.nlayers && c.layer[c.nlayers - 1 - n]->weight_gradient;
	c.n = n + c.ends_in_weights;
	if (!c.n)
		return;
	source->words = (double)last->cout * positions(last, true);
	analyze_chain(&c);
	for (size_t i = 0; separate && i < n; i++) {
		size_t l = layer_index(&c, i);

		if (c.layer[l]->weight_gradient)
			set_parallel_weight_gradient(c.layer[l], &c.passes[l],
						     producer_of(&c, i)->rows,
						     stage_pass(&c, c.n - 1)->segment);
	}
}

static double padded(int64_t size, int64_t pad, int64_t pad_end)
{
	return (double)(pad + pad_end > 0 ? size + pad + pad_end : size);
}

double barista_streaming_words_in(const struct barista_mac_layer *l)
{
	return (double)l->cin * padded(l->h, l->pad_h, l->pad_end_h) *
	       padded(l->w, l->pad_w, l->pad_end_w);
}

void barista_streaming_latency_weights(const struct barista_mac_layer *const *layer, size_t n,
				       bool separate, struct streaming_passes *passes,
				       struct streaming_sources *source)
{
	struct chain c = {
		.layer = layer, .passes = passes, .source = &source->fp.pass, .nlayers = n, .n = n};

	memset(passes, 0, n * sizeof(*passes));
	memset(source, 0, sizeof(*source));
	source->fp.words = barista_streaming_words_in(layer[0]);
	analyze_chain(&c);
	analyze_backward(c, separate, &source->bp);
}
