/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of a whole network: their passes, and the groups in which these compete. */
#include "families/streaming/streaming.h"

#include <math.h>

/* Groups are numbered in the order of the passes. A segment in which nothing competes needs none:
 * its passes are put into group 0, where their 0 competing cycles change nothing. */
struct numbering {
	size_t next;    /* group */
	size_t segment; /* of the last group, if there is any */
	bool any;
};

static size_t number_group(struct numbering *n, size_t segment, bool competes)
{
	if (!competes)
		return 0;
	if (!n->any || n->segment != segment)
		n->next++;
	n->any = true;
	n->segment = segment;
	return n->next - 1;
}

/* A source either is in the segment of its stage or, alone in its own, does not compete. */
static size_t group_forward(struct numbering *n, const struct streaming_stage *s)
{
	return number_group(n, s->passes.fp.segment,
			    s->passes.fp.competing_weight > 0 ||
				    s->source.fp.pass.competing_weight > 0);
}

/* The weight gradient competes where it takes longer than what its stage adds: all unrolls give the
 * same ratio of the two. */
static size_t group_backward(struct numbering *n, const struct streaming_stage *s)
{
	const struct streaming_pass *bp = &s->passes.bp, *wg = &s->passes.wg;
	const struct streaming_pass *p = bp->rows ? bp : wg;
	bool wg_longer = wg->competing_weight > 0 &&
			 s->positions_wg * (double)bp->rows > s->positions_bp * bp->additive_weight;

	return number_group(n, p->segment,
			    p->competing_weight > 0 || wg_longer ||
				    s->source.bp.pass.competing_weight > 0);
}

static void set_groups(struct streaming_stage *stage, size_t n, bool separate)
{
	struct numbering numbers = {0};

	for (size_t i = 0; i < n; i++)
		stage[i].group[STREAMING_FP] = group_forward(&numbers, &stage[i]);
	numbers.any = false;
	for (size_t i = n; i-- > 0;)
		stage[i].group[STREAMING_BP] = group_backward(&numbers, &stage[i]);
	for (size_t i = 0; i < n; i++)
		stage[i].group[STREAMING_WG] = separate ? 0 : numbers.next;
}

static double padded_columns(const struct barista_mac_layer *l)
{
	return (double)(l->type == BARISTA_DECONV ? l->w : l->w + l->pad_w + l->pad_end_w);
}

/* The errors and the weight gradient read the same buffer. */
static void set_buffers(struct streaming_stage *s, const struct barista_mac_layer *l)
{
	double error_rows =
		fmax((double)s->passes.bp.line_buffer_rows, (double)s->passes.wg.line_buffer_rows);

	s->line_buffer = (double)s->passes.fp.line_buffer_rows * padded_columns(l) * (double)l->cin;
	s->error_buffer = error_rows * (double)l->ow * (double)l->cout;
}

void barista_streaming_stages(const struct barista_lowered *lowered, double engines,
			      struct streaming_stage *stage)
{
	const struct barista_mac_layer *layer[BARISTA_MAX_UNROLLED] = {NULL};
	struct streaming_passes passes[BARISTA_MAX_UNROLLED];
	struct streaming_sources source;
	bool separate = engines == STREAMING_ENGINES_SEPARATE;
	size_t n = lowered->nlayers;

	for (size_t i = 0; i < n; i++)
		layer[i] = &lowered->net->mac_layer[lowered->mac_layer[i]];
	barista_streaming_latency_weights(layer, n, separate, passes, &source);
	for (size_t i = 0; i < n; i++) {
		stage[i] = barista_streaming_stage(layer[i]);
		stage[i].passes = passes[i];
		set_buffers(&stage[i], layer[i]);
	}
	stage[0].source.fp = source.fp;
	stage[n - 1].source.bp = source.bp;
	set_groups(stage, n, separate);
}

const struct streaming_stage *barista_streaming_pipeline_for(struct streaming_pipeline *p,
							     const struct barista_lowered *lowered,
							     double engines)
{
	if (p->engines != engines)
		barista_streaming_stages(lowered, engines, p->stage);
	p->engines = engines;
	return p->stage;
}
