/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks the cluster model against the simulator: check-cluster [SEED [COUNT]], from the root of
 * the repository. The interval of the chain is compared with the simulated steady state, image by
 * image, and the time of a mini-batch, drained, with images that pass row by row. The simulator
 * places layers and spills in its own way. Only which way a layer is split, or where whole layers
 * go, it takes from the model: unit tests prove that choice best.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cluster.h"
#include "barista/family.h"
#include "cluster_designs.h"
#include "network/workload.h"

#define CLOSE 0.05
enum { PIECES = 64, BUFFERS = 2, ROW_WISE_PART = 10, NETWORKS = 4, ROUNDS = 8 };

static const char *const networks[NETWORKS] = {"alexnet", "vgg16", "vgg19", "resnet20-cifar10-b"};
static const struct cluster_kind image_wise = {
	"image by image", DESIGN_BOARDS, 8, 128, true, 0.03, 10};
static const struct cluster_kind row_wise = {"row by row", 24, 48, 224, false, 0.03, 10};

/* A design as the simulator's boards have it. */
struct chain {
	int boards, layers;
	struct sim_layer layer[DESIGN_LAYERS];
	double forward_s[DESIGN_BOARDS], backward_s[DESIGN_BOARDS], bits[DESIGN_BOARDS],
		stored_bits[DESIGN_BOARDS];
	double link_bits_hz, delay[DESIGN_LAYERS], starts_at[DESIGN_LAYERS];
	double interval_s, lone_s,
		delays; /* of the longest board or link; of an image that is alone */
	bool spills, link_bound;
};

struct tally {
	size_t n, close, link_bound, spilling;
	double low, high;
};

static const struct barista_mac_layer *layer_of(const struct cluster_design *d, size_t l)
{
	return &d->lowered->net->mac_layer[d->lowered->mac_layer[l]];
}

static double words(int64_t channels, int64_t h, int64_t w)
{
	return (double)(channels * h * w);
}

/* Sets up the layers from the network and the number format alone. */
static void set_layers(const struct cluster_design *d, struct chain *c)
{
	double bits = cluster_term(d, 0, "b");

	c->layers = (int)d->lowered->nlayers;
	c->delays = 0;
	for (size_t l = d->lowered->nlayers; l-- > 0;) {
		const struct barista_mac_layer *it = layer_of(d, l);
		double in = words(it->cin, it->h, it->w), out = words(it->cout, it->oh, it->ow),
		       macs = (double)it->macs;
		double copies = it->weight_gradient ? 2 : 1;

		c->delay[l] = (double)((it->kh - 1) * it->dil_h + 1) / (double)it->h;
		c->delays += c->delay[l];
		if (l + 1 < d->lowered->nlayers)
			out = fmin(out, c->layer[l + 1].in_words);
		c->layer[l] = (struct sim_layer){
			macs,
			macs * (it->input_gradient + it->weight_gradient),
			in,
			out,
			(int)it->cin,
			(int)it->cout,
			bits * (in * (1 + 2 * c->delays) + copies * (double)it->weights),
		};
	}
}

static int place(const struct cluster_design *d, struct chain *c)
{
	unsigned char by_inputs[DESIGN_LAYERS];
	int at[DESIGN_LAYERS], rc = 0;
	struct sim_cluster_split split = {.forward_macs = c->forward_s,
					  .backward_macs = c->backward_s,
					  .words = c->bits,
					  .stored_bits = c->stored_bits};

	for (int l = 0; l < c->layers; l++) {
		c->starts_at[l] = cluster_term(d, (size_t)l, "a_l");
		by_inputs[l] = cluster_term(d, (size_t)l, "by_inputs") > 0;
		at[l] = (int)c->starts_at[l];
	}
	if (d->point.knob[1] == 2)
		sim_cluster_place(c->layer, c->layers, at, c->boards, &split);
	else
		rc = sim_cluster_split(c->layer, c->layers, by_inputs, c->boards, &split);
	return rc;
}

/* Turns MACs and words into seconds and bits. */
static void scale(const struct cluster_design *d, struct chain *c)
{
	double macs_hz = cluster_term(d, 0, "u") * cluster_term(d, 0, "D") *
			 cluster_term(d, 0, "f") / cluster_term(d, 0, "dsp_per_mac");
	double room = cluster_term(d, 0, "S"), bits = cluster_term(d, 0, "b"), compute_s = 0;

	c->link_bits_hz = cluster_term(d, 0, "B");
	c->interval_s = c->lone_s = 0;
	for (int i = 0; i < c->boards; i++) {
		c->forward_s[i] /= macs_hz;
		c->backward_s[i] /= macs_hz;
		c->bits[i] *= bits;
		c->spills |= c->stored_bits[i] > room;
		c->lone_s += c->forward_s[i] + c->backward_s[i];
		compute_s = fmax(compute_s, c->forward_s[i] + c->backward_s[i]);
	}
	sim_cluster_spill(c->boards, room, c->stored_bits, c->bits);
	c->interval_s = compute_s;
	for (int i = 0; i < c->boards - 1; i++) {
		c->lone_s += 2 * c->bits[i] / c->link_bits_hz;
		c->interval_s = fmax(c->interval_s, c->bits[i] / c->link_bits_hz);
	}
	c->link_bound = c->interval_s > compute_s;
}

static int make_chain(const struct cluster_design *d, struct chain *c)
{
	*c = (struct chain){.boards = (int)d->point.knob[0]};
	set_layers(d, c);
	if (place(d, c))
		return -1;
	scale(d, c);
	return 0;
}

static struct sim_cluster simulated(const struct chain *c)
{
	return (struct sim_cluster){.boards = c->boards,
				    .forward_s = c->forward_s,
				    .backward_s = c->backward_s,
				    .forward_bits = c->bits,
				    .backward_bits = c->bits,
				    .link_bits_hz = c->link_bits_hz,
				    .buffers = BUFFERS,
				    .minibatch = 1,
				    .pieces = 1};
}

/* Simulated seconds per image in steady state, from a run that is `longer` times as long as usual.
 */
static double steady_s(const struct chain *c, int longer)
{
	struct sim_cluster s = simulated(c);
	struct sim_cluster_result r = {.stuck = 0};

	s.window = (int)ceil(1.5 * c->lone_s / c->interval_s) + 1;
	s.images = longer * (100 + 3 * s.window);
	return sim_cluster_run(&s, &r) || r.stuck ? (double)NAN : 1 / r.images_hz;
}

/* Simulated seconds of a mini-batch. A layer waits, at the board where it begins, for the rows
 * below its kernel. */
static double minibatch_s(const struct chain *c, int images)
{
	struct sim_cluster s = simulated(c);
	struct sim_cluster_result r = {.stuck = 0};
	int lead[DESIGN_BOARDS] = {0}, given = 0;
	double sum = 0;

	for (int l = 0; l < c->layers; l++) {
		int pieces = (int)floor((sum += c->delay[l]) * PIECES + 0.5) - given;

		lead[(int)(c->starts_at[l] + 1e-9)] += pieces;
		given += pieces;
	}
	s.pieces = PIECES;
	s.lead = lead;
	s.window = (int)ceil(1 + 2 * c->delays + 2.0 * c->boards / PIECES) + 1;
	s.minibatch = images;
	s.images = 4;
	return sim_cluster_run(&s, &r) || r.stuck ? (double)NAN : r.minibatch_s;
}

static void count(struct tally *t, const struct chain *c, double error)
{
	t->n++;
	t->close += fabs(error) <= CLOSE;
	t->link_bound += c->link_bound;
	t->spilling += c->spills;
	t->low = fmin(t->low, error);
	t->high = fmax(t->high, error);
}

static void print_failure(const struct cluster_design *d, const struct chain *c, const char *what,
			  double model_s, double simulated_s)
{
	char text[BARISTA_POINT_TEXT];

	d->model.family->format(&d->point, text, sizeof text);
	printf("%s: %s %s, %d layers, link %.3g of the interval: %.6g s, simulated %.6g s (%+.2f "
	       "%%)\n",
	       what, d->lowered->net->name, text, c->layers,
	       cluster_term(d, 0, "t_narrowest") / c->interval_s, model_s, simulated_s,
	       100 * (model_s / simulated_s - 1));
}

static bool check_steady(const struct cluster_design *d, const struct chain *c, struct tally *t)
{
	double model_s = cluster_term(d, 0, "t_chain"), simulated_s = steady_s(c, 1),
	       error = model_s / simulated_s - 1;

	/* Images leave in bursts: a longer run tells these from a rate that is off. */
	if (fabs(error) > CLOSE / 2)
		error = model_s / (simulated_s = steady_s(c, 4)) - 1;
	count(t, c, error);
	if (fabs(error) <= CLOSE)
		return true;
	print_failure(d, c, "interval", model_s, simulated_s);
	return false;
}

/* How long the simulator's images wait for rows on one way: at most for an image at each board, at
 * the pace of the slowest step before it. Where images come in or are turned round they do not
 * wait. */
static double waits_s(const struct chain *c, const double *work_s, int first, int step)
{
	double wait[DESIGN_BOARDS] = {0}, slowest_s = work_s[first], sum = 0;

	for (int l = 0; l < c->layers; l++)
		wait[(int)(c->starts_at[l] + 1e-9)] += c->delay[l];
	for (int i = first + step; i >= 0 && i < c->boards; i += step) {
		slowest_s = fmax(slowest_s, c->bits[step > 0 ? i - 1 : i] / c->link_bits_hz);
		sum += fmin(wait[i], 1) * slowest_s;
		slowest_s = fmax(slowest_s, work_s[i]);
	}
	return sum;
}

/* The model has every layer wait at the pace of the slowest step of all: by how much that is
 * longer. */
static double beyond_s(const struct cluster_design *d, const struct chain *c)
{
	double link_s = cluster_term(d, 0, "t_narrowest");

	return c->delays * (fmax(cluster_term(d, 0, "t_fwd"), link_s) +
			    fmax(cluster_term(d, 0, "t_bwd"), link_s)) -
	       waits_s(c, c->forward_s, 0, 1) - waits_s(c, c->backward_s, c->boards - 1, -1);
}

/*
 * The simulator's boards are one server each: layers on one board do not wait for one another, and
 * a board waits as long as those before it take, not as the slowest of all. The model's time has
 * more waits, which only makes it longer. A design in which these are over 3 % of it must be within
 * 5 % without them. One that drains for a fifth of the time must only not be too short.
 */
static bool check_drain(const struct cluster_design *d, const struct chain *c, struct tally *t)
{
	double images = cluster_term(d, 0, "m"), model_s = images * cluster_term(d, 0, "t_image"),
	       beyond = beyond_s(d, c);
	double simulated_s = minibatch_s(c, (int)images), error = model_s / simulated_s - 1;
	double rest = (model_s - beyond) / simulated_s - 1;
	bool waits = beyond > 0.03 * model_s, drains = cluster_term(d, 0, "D_m") > images / 4;

	count(&t[waits + (waits && drains)], c, waits ? rest : error);
	if (waits ? rest >= -CLOSE && (rest <= CLOSE || drains) : fabs(error) <= CLOSE)
		return true;
	print_failure(d, c, "mini-batch", model_s, simulated_s);
	return false;
}

typedef bool (*check)(const struct cluster_design *d, const struct chain *c, struct tally *t);

/* 1 when a design is off, -1 when it could not be made. */
static int check_one(struct barista_device *dev, const char *name, const struct cluster_kind *kind,
		     check how, uint64_t *seed, struct tally *t)
{
	static struct cluster_design d;
	static struct chain c;
	struct barista_err err;
	int rc = cluster_design_open(&d, dev, name, kind, seed, &err);

	if (rc)
		fprintf(stderr, "check-cluster: %s\n", err.msg);
	else if (make_chain(&d, &c))
		fprintf(stderr, "check-cluster: out of memory\n");
	else
		rc = how(&d, &c, t) ? 0 : 1;
	cluster_design_close(&d);
	return rc;
}

static void print(const char *name, const struct tally *t)
{
	printf("%-38s %7zu %10zu %13zu %8zu %10zu %+8.2f %+8.2f\n", name, t->n, t->link_bound,
	       t->n - t->link_bound, t->spilling, t->close, 100 * t->low, 100 * t->high);
}

int main(int argc, char **argv)
{
	uint64_t seed = 0x9e3779b97f4a7c15 * (argc > 1 ? strtoull(argv[1], NULL, 10) : 1) | 1;
	long n = argc > 2 ? strtol(argv[2], NULL, 10) : 500;
	struct tally random = {.n = 0}, real = {.n = 0}, rows[3] = {{.n = 0}, {.n = 0}, {.n = 0}};
	struct barista_device *dev;
	struct barista_err err;
	int failed = 0;

	if (barista_device_load(&dev, "vc709", ".", &err)) {
		fprintf(stderr, "check-cluster: %s\n", err.msg);
		return 1;
	}
	for (long i = 0; i < n; i++)
		failed += check_one(dev, NULL, &image_wise, check_steady, &seed, &random) != 0;
	for (int i = 0; i < ROUNDS * NETWORKS; i++)
		failed += check_one(dev, networks[i % NETWORKS], &image_wise, check_steady, &seed,
				    &real) != 0;
	for (long i = 0; i < n / ROW_WISE_PART; i++)
		failed += check_one(dev, NULL, &row_wise, check_drain, &seed, rows) != 0;
	printf("%-38s %7s %10s %13s %8s %10s %8s %8s\n", "cluster, model against simulation",
	       "designs", "link-bound", "compute-bound", "spilling", "within 5 %", "low %",
	       "high %");
	print("interval, random networks", &random);
	print("interval, AlexNet VGG ResNet", &real);
	print("mini-batch row by row", &rows[0]);
	print("- the model waits more, without that", &rows[1]);
	print("- and it drains for a fifth of it", &rows[2]);
	barista_device_free(dev);
	return failed ? 1 : 0;
}
