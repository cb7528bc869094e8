/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lowering of layers to GEMMs, as Caffe's convolution and inner-product layers do it:
 * [Barista] III-A; the table of passes is this project's reading of Caffe (derived). */
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"

const char *const barista_pass_names[BARISTA_NPASSES] = {"fwd", "wgrad", "igrad"};

struct lowered {
	size_t n;
	struct barista_gemm gemm[BARISTA_NPASSES];
	double per_image[BARISTA_NPASSES];
};

static void push(struct lowered *out, enum barista_pass pass, int64_t m, int64_t n, int64_t k,
		 double per_image)
{
	out->gemm[out->n] = (struct barista_gemm){pass, m, n, k};
	out->per_image[out->n++] = per_image;
}

static void lower_fc(const struct barista_layer *l, int64_t batch, struct lowered *out)
{
	int64_t rows = batch * l->oh;
	double per_image = 1 / (double)batch;

	push(out, BARISTA_FWD, rows, l->cout, l->cin, per_image);
	if (l->weight_gradient)
		push(out, BARISTA_WGRAD, l->cout, l->cin, rows, per_image);
	if (l->input_gradient)
		push(out, BARISTA_IGRAD, rows, l->cin, l->cout, per_image);
}

/* A deconvolution is the convolution that maps its output to its input, with the
 * forward and input-gradient passes exchanged. */
static void lower_conv(const struct barista_layer *l, int64_t images, struct lowered *out)
{
	bool deconv = l->type == BARISTA_DECONV;
	int64_t c_out = (deconv ? l->cin : l->cout) / l->groups;
	int64_t c_in = (deconv ? l->cout : l->cin) / l->groups;
	int64_t s = images * (deconv ? l->h * l->w : l->oh * l->ow);
	int64_t r = c_in * l->kh * l->kw;
	double per_image = (double)l->groups / (double)images;

	if (deconv)
		push(out, BARISTA_FWD, r, s, c_out, per_image);
	else
		push(out, BARISTA_FWD, c_out, s, r, per_image);
	if (l->weight_gradient)
		push(out, BARISTA_WGRAD, c_out, r, s, per_image);
	if (!l->input_gradient)
		return;
	if (deconv)
		push(out, BARISTA_IGRAD, c_out, s, r, per_image);
	else
		push(out, BARISTA_IGRAD, r, s, c_out, per_image);
}

/* Every product that the lowering and the equations form must stay exact. */
static int check_exact(const struct barista_layer *l, int64_t images, struct barista_err *err)
{
	int64_t macs;

	if (barista_mul_exact(&macs, 2, (int64_t[]){l->macs, images}))
		return 0;
	return barista_fail(err, BARISTA_BAD_INPUT,
			    "layer '%.80s' has more than 2^53 multiply-accumulates in a batch of %lld: "
			    "counts would not be exact", l->name, (long long)images);
}

/* Every pass must hold exactly the layer's multiply-accumulates. */
static int check_conserved(const struct barista_layer *l, const struct lowered *low, int64_t images,
			   struct barista_err *err)
{
	for (size_t i = 0; i < low->n; i++) {
		const struct barista_gemm *g = &low->gemm[i];
		int64_t macs = l->groups * g->m * g->n * g->k;

		if (macs != l->macs * images)
			return barista_fail(err, BARISTA_SYSTEM,
					    "internal error: layer '%.80s' has %lld multiply-accumulates, its "
					    "%s GEMMs %lld", l->name, (long long)(l->macs * images),
					    barista_pass_names[g->pass], (long long)macs);
	}
	return 0;
}

static bool same_gemm(const struct barista_gemm *a, const struct barista_gemm *b)
{
	return a->pass == b->pass && a->m == b->m && a->n == b->n && a->k == b->k;
}

static size_t add_gemm(struct barista_plan *plan, const struct barista_gemm *g)
{
	size_t i = 0;

	while (i < plan->ngemms && !same_gemm(&plan->gemm[i], g))
		i++;
	if (i == plan->ngemms) {
		plan->gemm[plan->ngemms++] = *g;
		plan->max_m = g->m > plan->max_m ? g->m : plan->max_m;
		plan->max_n = g->n > plan->max_n ? g->n : plan->max_n;
		plan->max_k = g->k > plan->max_k ? g->k : plan->max_k;
	}
	return i;
}

static bool same_shape(const struct barista_shape *a, const struct barista_shape *b)
{
	if (a->ngemms != b->ngemms)
		return false;
	for (size_t i = 0; i < a->ngemms; i++)
		if (a->gemm[i] != b->gemm[i] || a->per_image[i] != b->per_image[i])
			return false;
	return true;
}

static size_t add_shape(struct barista_plan *plan, const struct lowered *low)
{
	struct barista_shape shape = {.ngemms = low->n};
	size_t i = 0;

	for (size_t g = 0; g < low->n; g++) {
		const struct barista_gemm *gemm = &low->gemm[g];

		shape.gemm[g] = add_gemm(plan, gemm);
		shape.per_image[g] = low->per_image[g];
		shape.ops += low->per_image[g] * 2 * ((double)gemm->m * (double)gemm->n * (double)gemm->k);
	}
	if (plan->lowering.apart)
		i = plan->nshapes;
	while (i < plan->nshapes && !same_shape(&plan->shape[i], &shape))
		i++;
	if (i == plan->nshapes)
		plan->shape[plan->nshapes++] = shape;
	plan->shape[i].multiplicity++;
	return i;
}

/* Index of a value among the distinct ones so far; it is added when it is new. */
static size_t add_side(struct barista_plan *plan, int side, int64_t value)
{
	size_t i = 0;

	while (i < plan->nsides[side] && plan->side[side][i] != value)
		i++;
	plan->side[side][i] = value;
	plan->nsides[side] += i == plan->nsides[side];
	return i;
}

static void list_sides(struct barista_plan *plan)
{
	for (size_t g = 0; g < plan->ngemms; g++) {
		add_side(plan, 0, plan->gemm[g].m);
		add_side(plan, 1, plan->gemm[g].n);
		plan->gemm_depth[g] = add_side(plan, 2, plan->gemm[g].k);
	}
}

static int lower_layer(const struct barista_layer *l, int64_t batch, int64_t images, struct lowered *low,
		       struct barista_err *err)
{
	int64_t at_once = l->type == BARISTA_FC ? batch : images;
	int rc = check_exact(l, at_once, err);

	if (rc)
		return rc;
	if (l->type == BARISTA_FC)
		lower_fc(l, batch, low);
	else
		lower_conv(l, images, low);
	return check_conserved(l, low, at_once, err);
}

/* Does the plan have this layer of the network? */
static bool planned(const struct barista_plan *plan, const struct barista_step *step)
{
	if (step->layer == SIZE_MAX)
		return plan->lowering.steps;
	return plan->net->layer[step->layer].type != BARISTA_FC || plan->lowering.all_layers;
}

static int fill_plan(struct barista_plan *plan, struct barista_err *err)
{
	const struct barista_workload *net = plan->net;
	int64_t images = plan->lowering.whole_batch ? net->batch : 1;

	for (size_t i = 0; i < net->nsteps; i++) {
		const struct barista_step *step = &net->step[i];
		struct lowered low = {0};
		size_t at = plan->nlayers;
		int rc = 0;

		if (!planned(plan, step))
			continue;
		if (step->layer != SIZE_MAX)
			rc = lower_layer(&net->layer[step->layer], net->batch, images, &low, err);
		if (rc)
			return rc;
		plan->layer[at] = step->layer;
		plan->step[at] = i;
		plan->name[at] = step->name;
		plan->layer_shape[at] = add_shape(plan, &low);
		plan->ops += plan->shape[plan->layer_shape[at]].ops;
		plan->nworking += step->layer != SIZE_MAX;
		plan->nlayers++;
	}
	list_sides(plan);
	for (size_t g = 0; g < plan->ngemms; g++)
		plan->training |= plan->gemm[g].pass != BARISTA_FWD;
	if (!plan->nworking)
		return barista_fail(err, BARISTA_BAD_INPUT,
				    "the network '%.80s' has no convolutions: use `--layers all`", net->name);
	return 0;
}

int barista_plan_make(struct barista_plan **out, const struct barista_workload *net,
		      struct barista_lowering lowering, struct barista_err *err)
{
	struct barista_arena *arena = barista_arena_make();
	struct barista_plan *plan = arena ? barista_arena_alloc(arena, 1, sizeof *plan) : NULL;
	bool room = true;
	int rc;

	if (!plan) {
		barista_arena_free(arena);
		return barista_no_memory(err);
	}
	plan->arena = arena;
	plan->net = net;
	plan->lowering = lowering;
	plan->gemm = barista_arena_alloc(arena, BARISTA_NPASSES * net->nlayers, sizeof *plan->gemm);
	for (int i = 0; i < 3; i++) {
		plan->side[i] = barista_arena_alloc(arena, BARISTA_NPASSES * net->nlayers, sizeof *plan->side[i]);
		room &= plan->side[i] != NULL;
	}
	plan->gemm_depth = barista_arena_alloc(arena, BARISTA_NPASSES * net->nlayers, sizeof *plan->gemm_depth);
	plan->shape = barista_arena_alloc(arena, net->nsteps, sizeof *plan->shape);
	plan->layer = barista_arena_alloc(arena, net->nsteps, sizeof *plan->layer);
	plan->step = barista_arena_alloc(arena, net->nsteps, sizeof *plan->step);
	plan->name = barista_arena_alloc(arena, net->nsteps, sizeof *plan->name);
	plan->layer_shape = barista_arena_alloc(arena, net->nsteps, sizeof *plan->layer_shape);
	room = room && plan->gemm && plan->gemm_depth && plan->shape && plan->layer && plan->step && plan->name &&
	       plan->layer_shape;
	rc = room ? fill_plan(plan, err) : barista_no_memory(err);
	if (rc) {
		barista_arena_free(arena);
		return rc;
	}
	*out = plan;
	return 0;
}

void barista_plan_free(struct barista_plan *plan)
{
	if (plan)
		barista_arena_free(plan->arena);
}
