/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A design by the family's own evaluation. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/family.h"
#include "model/evaluate.h"
#include "network/lowering.h"
#include "network/workload.h"
#include "streaming_modelled.h"

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void model_stage(const struct barista_model *model, const struct barista_point *p, size_t i,
			struct modelled *m)
{
	const struct streaming_stage *s = &m->stage[i];
	struct streaming_stage_cost c =
		barista_streaming_stage_cost(model, s, barista_streaming_unroll(p, s, i), p->knob);

	m->layer[i] = &model->lowered->net->mac_layer[i];
	m->ii[i] = (struct streaming_intervals){c.ii_fp, c.ii_bp, c.ii_wg};
	m->source_fp += c.source_fp;
	m->source_bp += c.source_bp;
	m->slowest_fp = fmax(m->slowest_fp, c.ii_fp);
	m->slowest_wg = fmax(m->slowest_wg, c.ii_wg);
	m->sim[i].forward.line_rows = s->passes.fp.line_buffer_rows;
	m->sim[i].backward.line_rows =
		larger(s->passes.bp.line_buffer_rows, s->passes.wg.line_buffer_rows);
}

/* Takes the time that the family's evaluation gives; whether the board has room does not matter. */
static int evaluate(const struct barista_model *model, const struct barista_point *p,
		    struct modelled *m, struct barista_err *err)
{
	double shape[DESIGN_LAYERS];
	struct barista_result r = {.class_time = shape};
	int rc = barista_evaluate_point(model, p, &r, err);

	m->total = rc ? 0
		      : r.metric[BARISTA_TIME] *
				   barista_streaming_clock_hz(model->dev, r.metric[BARISTA_DSP]);
	return rc;
}

bool modelled_design(struct design *d, bool separate, struct modelled *m)
{
	struct barista_workload net = design_workload(d);
	struct barista_model model = {.family = barista_family_find("streaming")};
	struct barista_point p = design_point(d, separate);
	struct barista_device *dev = NULL;
	struct barista_lowered *lowered = NULL;
	struct barista_err err;
	int rc = barista_device_load(&dev, model.family->default_board, ".", &err);

	memset(m, 0, sizeof(*m));
	m->n = d->n;
	m->separate = separate;
	if (!rc)
		rc = barista_lower(
			&lowered, &net,
			barista_family_lowering(model.family, false, BARISTA_LAYERS_DEFAULT), &err);
	model.dev = dev;
	model.lowered = lowered;
	if (!rc)
		rc = evaluate(&model, &p, m, &err);
	if (!rc)
		barista_streaming_stages(lowered, p.knob[STREAMING_ENGINES], m->stage);
	for (size_t i = 0; i < d->n && !rc; i++) {
		rc = sim_stage_count(&d->sim[i], &m->sim[i]);
		model_stage(&model, &p, i, m);
	}
	if (rc)
		printf("%s\n", err.msg);
	barista_lowered_free(lowered);
	barista_device_free(dev);
	return !rc;
}

bool modelled_rows(const struct modelled *m, double *forward, double *backward)
{
	struct streaming_intervals ii[DESIGN_LAYERS];
	struct streaming_row_pipeline rows = {m->n, m->layer, ii, m->source_fp, m->source_bp};

	memcpy(ii, m->ii, sizeof(ii));
	for (size_t i = 0; i < m->n && !m->separate; i++)
		ii[i].wg = 0;
	return barista_streaming_simulate_rows(&rows, forward, backward);
}
