/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lowering of layers to GEMMs, as Caffe's convolution and inner-product layers do it:
 * [Barista] III-A; the table of passes is this project's reading of Caffe (derived). */
#include "network/lowering.h"

#include "base/arena.h"
#include "barista/family.h"
#include "base/err.h"
#include "base/num.h"
#include "network/workload.h"

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

static void lower_fc(const struct barista_mac_layer *l, int64_t batch, struct lowered *out)
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
static void lower_conv(const struct barista_mac_layer *l, int64_t images, struct lowered *out)
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
static int check_exact(const struct barista_mac_layer *l, int64_t images, struct barista_err *err)
{
	int64_t macs;

	if (barista_mul_exact(&macs, 2, (int64_t[]){l->macs, images}))
		return 0;
	return barista_fail(
		err, BARISTA_E_INPUT,
		"layer '%.80s' has more than 2^53 multiply-accumulates in a batch of %lld: "
		"counts would not be exact",
		l->name, (long long)images);
}

/* Every pass must hold exactly the layer's multiply-accumulates. */
static int check_conserved(const struct barista_mac_layer *l, const struct lowered *low,
			   int64_t images, struct barista_err *err)
{
	for (size_t i = 0; i < low->n; i++) {
		const struct barista_gemm *g = &low->gemm[i];
		int64_t macs = l->groups * g->m * g->n * g->k;

		if (macs != l->macs * images)
			return barista_fail(
				err, BARISTA_E_SYSTEM,
				"internal error: layer '%.80s' has %lld multiply-accumulates, its "
				"%s GEMMs %lld",
				l->name, (long long)(l->macs * images), barista_pass_names[g->pass],
				(long long)macs);
	}
	return 0;
}

static bool same_gemm(const struct barista_gemm *a, const struct barista_gemm *b)
{
	return a->pass == b->pass && a->m == b->m && a->n == b->n && a->k == b->k;
}

static size_t add_gemm(struct barista_lowered *lowered, const struct barista_gemm *g)
{
	size_t i = 0;

	while (i < lowered->ngemms && !same_gemm(&lowered->gemm[i], g))
		i++;
	if (i == lowered->ngemms) {
		lowered->gemm[lowered->ngemms++] = *g;
		lowered->max_m = g->m > lowered->max_m ? g->m : lowered->max_m;
		lowered->max_n = g->n > lowered->max_n ? g->n : lowered->max_n;
		lowered->max_k = g->k > lowered->max_k ? g->k : lowered->max_k;
	}
	return i;
}

static bool same_class(const struct barista_layer_class *a, const struct barista_layer_class *b)
{
	if (a->ngemms != b->ngemms)
		return false;
	for (size_t i = 0; i < a->ngemms; i++)
		if (a->gemm[i] != b->gemm[i] || a->per_image[i] != b->per_image[i])
			return false;
	return true;
}

static size_t add_class(struct barista_lowered *lowered, const struct lowered *low)
{
	struct barista_layer_class class = {.ngemms = low->n};
	size_t i = 0;

	for (size_t g = 0; g < low->n; g++) {
		const struct barista_gemm *gemm = &low->gemm[g];

		class.gemm[g] = add_gemm(lowered, gemm);
		class.per_image[g] = low->per_image[g];
		class.ops += low->per_image[g] * 2 *
			     ((double)gemm->m * (double)gemm->n * (double)gemm->k);
	}
	if (lowered->lowering.distinct_layers)
		i = lowered->nclasses;
	while (i < lowered->nclasses && !same_class(&lowered->layer_class[i], &class))
		i++;
	if (i == lowered->nclasses)
		lowered->layer_class[lowered->nclasses++] = class;
	lowered->layer_class[i].multiplicity++;
	return i;
}

/* Index of a value among the distinct ones so far; it is added when it is new. */
static size_t add_side(struct barista_lowered *lowered, int side, int64_t value)
{
	size_t i = 0;

	while (i < lowered->nsides[side] && lowered->side[side][i] != value)
		i++;
	lowered->side[side][i] = value;
	lowered->nsides[side] += i == lowered->nsides[side];
	return i;
}

static void list_sides(struct barista_lowered *lowered)
{
	for (size_t g = 0; g < lowered->ngemms; g++) {
		add_side(lowered, 0, lowered->gemm[g].m);
		add_side(lowered, 1, lowered->gemm[g].n);
		lowered->gemm_depth[g] = add_side(lowered, 2, lowered->gemm[g].k);
	}
}

static int lower_layer(const struct barista_mac_layer *l, int64_t batch, int64_t images,
		       struct lowered *low, struct barista_err *err)
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

/* Does the lowered network have this layer of the network? */
static bool is_lowered(const struct barista_lowered *lowered, const struct barista_layer *layer)
{
	if (layer->mac_layer == SIZE_MAX)
		return lowered->lowering.other_layers;
	return lowered->net->mac_layer[layer->mac_layer].type != BARISTA_FC ||
	       lowered->lowering.all_layers;
}

static int lower_layers(struct barista_lowered *lowered, struct barista_err *err)
{
	const struct barista_workload *net = lowered->net;
	int64_t images = lowered->lowering.batched_gemm ? net->batch : 1;

	for (size_t i = 0; i < net->nlayers; i++) {
		const struct barista_layer *layer = &net->layer[i];
		struct lowered low = {0};
		size_t at = lowered->nlayers;
		int rc = 0;

		if (!is_lowered(lowered, layer))
			continue;
		if (layer->mac_layer != SIZE_MAX)
			rc = lower_layer(&net->mac_layer[layer->mac_layer], net->batch, images,
					 &low, err);
		if (rc)
			return rc;
		lowered->mac_layer[at] = layer->mac_layer;
		lowered->layer[at] = i;
		lowered->name[at] = layer->name;
		lowered->class_of[at] = add_class(lowered, &low);
		lowered->ops += lowered->layer_class[lowered->class_of[at]].ops;
		lowered->nworking += layer->mac_layer != SIZE_MAX;
		lowered->nlayers++;
	}
	list_sides(lowered);
	for (size_t g = 0; g < lowered->ngemms; g++)
		lowered->training |= lowered->gemm[g].pass != BARISTA_FWD;
	if (!lowered->nworking)
		return barista_fail(err, BARISTA_E_INPUT,
				    "the network '%.80s' has no convolutions: use `--layers all`",
				    net->name);
	return 0;
}

/* Room for as many GEMMs, layers and sides as the network can have. */
static bool make_room(struct barista_lowered *lowered)
{
	size_t gemms = BARISTA_NPASSES * lowered->net->nmac_layers, layers = lowered->net->nlayers;
	struct barista_arena *arena = lowered->arena;
	bool room = true;

	for (int i = 0; i < 3; i++) {
		lowered->side[i] = barista_arena_alloc(arena, gemms, sizeof *lowered->side[i]);
		room &= lowered->side[i] != NULL;
	}
	lowered->gemm = barista_arena_alloc(arena, gemms, sizeof *lowered->gemm);
	lowered->gemm_depth = barista_arena_alloc(arena, gemms, sizeof *lowered->gemm_depth);
	lowered->layer_class = barista_arena_alloc(arena, layers, sizeof *lowered->layer_class);
	lowered->mac_layer = barista_arena_alloc(arena, layers, sizeof *lowered->mac_layer);
	lowered->layer = barista_arena_alloc(arena, layers, sizeof *lowered->layer);
	lowered->name = barista_arena_alloc(arena, layers, sizeof *lowered->name);
	lowered->class_of = barista_arena_alloc(arena, layers, sizeof *lowered->class_of);
	return room && lowered->gemm && lowered->gemm_depth && lowered->layer_class &&
	       lowered->mac_layer && lowered->layer && lowered->name && lowered->class_of;
}

int barista_lower(struct barista_lowered **out, const struct barista_workload *net,
		  struct barista_lowering lowering, struct barista_err *err)
{
	struct barista_arena *arena;
	struct barista_lowered *lowered = barista_arena_object(sizeof *lowered, &arena);
	int rc;

	if (!lowered)
		return barista_no_memory(err);
	lowered->arena = arena;
	lowered->net = net;
	lowered->lowering = lowering;
	rc = make_room(lowered) ? lower_layers(lowered, err) : barista_no_memory(err);
	if (rc)
		barista_arena_free(arena);
	else
		*out = lowered;
	return rc;
}

void barista_lowered_free(struct barista_lowered *lowered)
{
	if (lowered)
		barista_arena_free(lowered->arena);
}
