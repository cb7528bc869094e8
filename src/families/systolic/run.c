/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of points that differ in T_K only: what the other knobs decide is worked out once. */
#include "families/systolic/loops.h"
#include "barista/family.h"
#include "families/systolic/notation.h"
#include "model/precision.h"

/* Columns of n values each: per distinct K the padded depth, then per distinct K the tiles. */
size_t barista_systolic_table_columns(const struct barista_model *model)
{
	return 2 * model->lowered->nsides[2];
}

bool barista_systolic_tabulate(const struct barista_model *model, const double *t_k, size_t n,
			       double *table)
{
	const struct barista_lowered *lowered = model->lowered;
	bool covers = true;

	for (size_t d = 0; d < lowered->nsides[2]; d++) {
		double k = (double)lowered->side[2][d], *q_k = table + d * n,
		       *n_k = table + (lowered->nsides[2] + d) * n;

		for (size_t i = 0; i < n; i++) {
			n_k[i] = barista_ceil_div(k, t_k[i]);
			q_k[i] = n_k[i] * t_k[i];
			covers &= q_k[i] >= k && q_k[i] - k < t_k[i];
		}
	}
	return covers;
}

/* What a run has in common, per pass. */
struct common {
	const struct barista_inner_batch *run;
	struct mesh mesh;
	struct gemm_params set[BARISTA_NPASSES];
	struct rates rates[BARISTA_NPASSES];
};

static void set_class(struct class_run *r, struct common *c, size_t class)
{
	const struct barista_lowered *lowered = c->run->model->lowered;
	const struct barista_layer_class *s = &lowered->layer_class[class];

	r->ngemms = s->ngemms;
	r->kind = RUN_BASIC;
	for (size_t g = 0; g < s->ngemms; g++) {
		const struct barista_gemm *gemm = &lowered->gemm[s->gemm[g]];
		struct gemm_params *set = &c->set[gemm->pass];
		size_t d = lowered->gemm_depth[s->gemm[g]];

		set->m = (double)gemm->m, set->n = (double)gemm->n;
		r->line[g] = linear_in_kprime(set, &c->rates[gemm->pass], &c->mesh);
		if (!is_basic(&r->line[g], c->mesh.v))
			r->kind = r->line[g].gap > 0 ? RUN_GAPS : RUN_RICH;
		r->wl[g] = set->wl;
		r->weight[g] = s->per_image[g];
		r->q_k[g] = c->run->table + d * c->run->stride + c->run->from;
		r->n_k[g] =
			c->run->table + (lowered->nsides[2] + d) * c->run->stride + c->run->from;
	}
}

static struct common begin(const struct barista_inner_batch *run)
{
	const double *knob[BARISTA_SYSTOLIC_KNOBS];
	struct common c = {.run = run};
	enum barista_precision p[BARISTA_NPASSES];

	for (int i = 0; i < BARISTA_SYSTOLIC_KNOBS; i++)
		knob[i] = &run->point.knob[i];
	c.mesh = barista_systolic_mesh(run->model->dev, knob, 0);
	c.mesh.dsp = run->metric[BARISTA_DSP];
	for (int i = 0; i < BARISTA_NPASSES; i++) {
		p[i] = barista_pass_precision(run->point.knob[SYSTOLIC_PRECISION],
					      (enum barista_pass)i);
		if (i && p[i] == p[i - 1]) {
			c.set[i] = c.set[i - 1];
			c.rates[i] = c.rates[i - 1];
			continue;
		}
		c.set[i] = barista_systolic_gemm_params(run->model, &run->model->lowered->gemm[0],
							p[i]);
		c.rates[i] = rates_of(&c.set[i], &c.mesh);
	}
	return c;
}

void barista_systolic_sweep_inner(const struct barista_inner_batch *run)
{
	const struct barista_loops *loops = barista_loops_for((enum barista_isa)run->isa);
	struct class_run r = {.n = run->n, .t_k = run->value + run->from, .lanes = run->scratch};
	struct common c = begin(run);

	r.burst = c.set[0].burst;
	r.t_m = c.mesh.t_m;
	r.t_n = c.mesh.t_n;
	for (size_t i = 0; c.mesh.v != 1 && i < run->n; i++)
		run->scratch[i] = divide_up(r.t_k[i], c.mesh.v);
	if (c.mesh.v == 1)
		r.lanes = r.t_k;
	for (size_t s = 0; s < run->model->lowered->nclasses; s++) {
		set_class(&r, &c, s);
		r.time = run->class_time + s * run->n;
		run->least[s] = loops->class(&r);
	}
}
