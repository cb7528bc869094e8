/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lowering of layers to GEMMs, as Caffe's convolution and inner-product layers do it:
 * [Barista] III-A; the table of passes is this project's reading of Caffe (derived).
 *
 *   1. Each layer that is wanted gets a GEMM for each pass that runs (lower_fc(), lower_conv()),
 *      which together must have exactly its multiply-accumulates.
 *   2. GEMMs that are equal are stored once (add_gemm()).
 *   3. Layers with equal GEMMs share a class, so that times are computed once per class
 *      (add_class()).
 *   4. The distinct m, n and k are listed, for tables over them (list_sides()).
 *
 * Equals are found by linear searches: O(layers * classes), which is small for networks of some
 * thousand layers. */
#include "network/lowering.h"

#include "base/arena.h"
#include "barista/family.h"
#include "base/err.h"
#include "base/num.h"
#include "network/workload.h"

const char *const barista_pass_names[BARISTA_NPASSES] = {"fwd", "wgrad", "igrad"};

/* The GEMMs of one layer. */
struct layer_gemms {
	size_t n;
	struct barista_gemm gemm[BARISTA_NPASSES];
	double per_image[BARISTA_NPASSES];
};

static void push(struct layer_gemms *out, enum barista_pass pass, int64_t m, int64_t n, int64_t k,
		 double per_image)
{
	out->gemm[out->n] = (struct barista_gemm){pass, m, n, k};
	out->per_image[out->n++] = per_image;
}

static void lower_fc(const struct barista_mac_layer *mac, int64_t batch, struct layer_gemms *out)
{
	int64_t rows = batch * mac->oh;
	double per_image = 1 / (double)batch;

	push(out, BARISTA_FWD, rows, mac->cout, mac->cin, per_image);
	if (mac->weight_gradient)
		push(out, BARISTA_WGRAD, mac->cout, mac->cin, rows, per_image);
	if (mac->input_gradient)
		push(out, BARISTA_IGRAD, rows, mac->cin, mac->cout, per_image);
}

/* The weights multiply a matrix with a column per position, which holds the patch of the input that
 * the position reads (im2col). A deconvolution is the convolution that maps its output to its
 * input, with the forward and input-gradient passes exchanged. */
static void lower_conv(const struct barista_mac_layer *mac, int64_t images, struct layer_gemms *out)
{
	bool deconv = mac->type == BARISTA_DECONV;
	int64_t c_out = (deconv ? mac->cin : mac->cout) / mac->groups;
	int64_t c_in = (deconv ? mac->cout : mac->cin) / mac->groups;
	int64_t positions = images * (deconv ? mac->h * mac->w : mac->oh * mac->ow);
	int64_t patch = c_in * mac->kh * mac->kw;
	double per_image = (double)mac->groups / (double)images;

	if (deconv)
		push(out, BARISTA_FWD, patch, positions, c_out, per_image);
	else
		push(out, BARISTA_FWD, c_out, positions, patch, per_image);
	if (mac->weight_gradient)
		push(out, BARISTA_WGRAD, c_out, patch, positions, per_image);
	if (!mac->input_gradient)
		return;
	if (deconv)
		push(out, BARISTA_IGRAD, c_out, positions, patch, per_image);
	else
		push(out, BARISTA_IGRAD, patch, positions, c_out, per_image);
}

/* Products that the lowering and the equations form must stay exact in doubles. */
static int check_exact(const struct barista_mac_layer *mac, int64_t images, struct barista_err *err)
{
	int64_t macs;

	if (barista_mul_exact(&macs, 2, (int64_t[]){mac->macs, images}))
		return 0;
	return barista_fail(
		err, BARISTA_E_INPUT,
		"layer '%.80s' has more than 2^53 multiply-accumulates in a batch of %lld: "
		"counts would not be exact",
		mac->name, (long long)images);
}

/* Every pass must hold exactly the layer's multiply-accumulates. */
static int check_conserved(const struct barista_mac_layer *mac, const struct layer_gemms *gemms,
			   int64_t images, struct barista_err *err)
{
	for (size_t i = 0; i < gemms->n; i++) {
		const struct barista_gemm *g = &gemms->gemm[i];
		int64_t macs = mac->groups * g->m * g->n * g->k;

		if (macs != mac->macs * images)
			return barista_fail(
				err, BARISTA_E_SYSTEM,
				"internal error: layer '%.80s' has %lld multiply-accumulates, its "
				"%s GEMMs %lld",
				mac->name, (long long)(mac->macs * images),
				barista_pass_names[g->pass], (long long)macs);
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

static size_t add_class(struct barista_lowered *lowered, const struct layer_gemms *gemms)
{
	struct barista_layer_class class = {.ngemms = gemms->n};
	size_t i = 0;

	for (size_t g = 0; g < gemms->n; g++) {
		const struct barista_gemm *gemm = &gemms->gemm[g];

		class.gemm[g] = add_gemm(lowered, gemm);
		class.per_image[g] = gemms->per_image[g];
		class.ops += gemms->per_image[g] * 2 *
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

/* Returns the index of a value among the distinct ones so far; it is added when it is new. */
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

static int lower_layer(const struct barista_mac_layer *mac, int64_t batch, int64_t images,
		       struct layer_gemms *gemms, struct barista_err *err)
{
	int64_t at_once = mac->type == BARISTA_FC ? batch : images;
	int rc = check_exact(mac, at_once, err);

	if (rc)
		return rc;
	if (mac->type == BARISTA_FC)
		lower_fc(mac, batch, gemms);
	else
		lower_conv(mac, images, gemms);
	return check_conserved(mac, gemms, at_once, err);
}

/* Returns whether this layer of the network is wanted. */
static bool is_wanted(const struct barista_lowered *lowered, const struct barista_layer *layer)
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
		struct layer_gemms gemms = {0};
		size_t at = lowered->nlayers;
		int rc = 0;

		if (!is_wanted(lowered, layer))
			continue;
		if (layer->mac_layer != SIZE_MAX)
			rc = lower_layer(&net->mac_layer[layer->mac_layer], net->batch, images,
					 &gemms, err);
		if (rc)
			return rc;
		lowered->mac_layer[at] = layer->mac_layer;
		lowered->layer[at] = i;
		lowered->name[at] = layer->name;
		lowered->class_of[at] = add_class(lowered, &gemms);
		lowered->ops += lowered->layer_class[lowered->class_of[at]].ops;
		lowered->nworking += layer->mac_layer != SIZE_MAX;
		lowered->nlayers++;
	}
	list_sides(lowered);
	for (size_t g = 0; g < lowered->ngemms; g++)
		lowered->training |= lowered->gemm[g].pass != BARISTA_FWD;
	if (!lowered->nworking)
		return barista_fail(
			err, BARISTA_E_INPUT,
			"the network '%.80s' has no convolutions: use `option layers all`",
			net->name);
	return 0;
}

/* Allocates as many GEMMs, layers and sides as the network can have; returns false without memory.
 */
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
