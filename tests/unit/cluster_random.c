/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random chains: the splits that are chosen are compared with all that there are, and properties
 * that hold for every chain are checked. */
#include "chains.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "network/workload.h"

/* The largest time of a board or a link, with what spills add or without it. */
static double slowest(const struct cluster_chain *chain, bool spilled)
{
	double most = 0;

	for (size_t i = 0; i < chain->setup.boards; i++)
		most = fmax(most, (chain->edge_macs[i + 1] - chain->edge_macs[i]) /
					  chain->setup.macs_per_s);
	for (size_t x = 1; x < chain->setup.boards; x++)
		most = fmax(most, (chain->setup.word_bits * chain->words[x] +
				   (spilled ? chain->spilled_bits[x] : 0)) /
					  chain->setup.link_bits_per_s);
	return most;
}

/* The largest time when layer l is split by inputs where bit l of `ways` is set, by whole numbers.
 */
static double slowest_of(const struct barista_lowered *lowered, const struct cluster_setup *setup,
			 unsigned ways)
{
	long long n = (long long)setup->boards,
		  total = (long long)barista_cluster_total_macs(lowered), before = 0;
	struct cluster_chain chain = {.setup = *setup};
	size_t l = 0;

	for (long long x = 1; x < n; x++) {
		const struct barista_mac_layer *layer;
		long long macs, units, left;
		double in, out;

		while (x * total > n * (before + (long long)barista_cluster_macs(lowered, l)))
			before += (long long)barista_cluster_macs(lowered, l++);
		layer = &lowered->net->mac_layer[lowered->mac_layer[l]];
		macs = (long long)barista_cluster_macs(lowered, l);
		units = ways >> l & 1 ? layer->cin : layer->cout;
		left = (2 * (x * total - n * before) * units + n * macs) / (2 * n * macs);
		in = barista_cluster_words_in(lowered, l),
		out = barista_cluster_words_out(lowered, l);
		chain.edge_macs[x] = (double)(before + macs / units * left);
		chain.words[x] = ways >> l & 1 ? out + (double)(units - left) / (double)units * in
					       : in + (double)left / (double)units * out;
		if (!left)
			chain.words[x] = l ? barista_cluster_words_out(lowered, l - 1) : in;
		if (left == units)
			chain.words[x] = out;
	}
	chain.edge_macs[n] = (double)total;
	return slowest(&chain, false);
}

static void random_board(struct random *r, struct barista_device *dev)
{
	dev->param[BARISTA_LINK_BANDWIDTH].value = 1e9 * exp(6 * random_unit(r));
	dev->param[BARISTA_CHAIN_USE].value = 0.1 + 0.9 * random_unit(r);
	dev->param[BARISTA_RES_DSP].value = random_size(r, 4000);
	dev->param[BARISTA_RES_BRAM].value = (double)random_int(r, 1, 8);
}

static void fine_splits_are_best(void **state)
{
	struct random r = {31};
	size_t inputs = 0;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct barista_point p = boards((size_t)random_int(&r, 1, 16), "fine");
		struct cluster_chain chain;
		double best = INFINITY;
		struct fixture f;

		chain_net(&f, "vc709", random_convs(&r, random_int(&r, 1, 6)), false);
		random_board(&r, f.dev);
		barista_cluster_chain(&f.model, &p, &chain);
		for (unsigned ways = 0; ways < 1U << f.lowered->nlayers; ways++)
			best = fmin(best, slowest_of(f.lowered, &chain.setup, ways));
		inputs += best < slowest_of(f.lowered, &chain.setup, 0);
		CHECK(near(slowest(&chain, false), best, 1e-14),
		      "round %d: %.17g s, the best is %.17g s", i, slowest(&chain, false), best);
		fixture_close(&f);
	}
	CHECK(inputs > 20, "input channels were better %zu times only", inputs);
}

/* The most MACs of a group and the most words between two groups, when the layers at the set bits
 * of `begins` begin one. */
static void measure_groups(const struct barista_lowered *lowered, unsigned begins, double *macs,
			   double *words)
{
	double sum = 0;

	*macs = *words = 0;
	for (size_t l = 0; l < lowered->nlayers; l++) {
		if (l && begins >> l & 1) {
			*words = fmax(*words, barista_cluster_words_out(lowered, l - 1));
			sum = 0;
		}
		sum += barista_cluster_macs(lowered, l);
		*macs = fmax(*macs, sum);
	}
}

static void whole_splits_are_best(void **state)
{
	struct random r = {32};

	(void)state;
	for (int i = 0; i < 400; i++) {
		size_t n = (size_t)random_int(&r, 1, 10);
		struct barista_point p = boards(n, "whole");
		double macs = INFINITY, words = INFINITY, most_macs = 0, most_words = 0;
		struct cluster_chain chain;
		struct fixture f;

		chain_net(&f, "vc709", random_convs(&r, random_int(&r, 1, 9)), false);
		barista_cluster_chain(&f.model, &p, &chain);
		for (unsigned begins = 1; begins < 1U << f.lowered->nlayers; begins += 2) {
			double m, w;

			measure_groups(f.lowered, begins, &m, &w);
			if ((size_t)__builtin_popcount(begins) > n || m > macs ||
			    (m == macs && w >= words))
				continue;
			macs = m, words = w;
		}
		for (size_t b = 0; b < n; b++)
			most_macs = fmax(most_macs, chain.edge_macs[b + 1] - chain.edge_macs[b]);
		for (size_t x = 1; x < n; x++)
			most_words = fmax(most_words, chain.words[x]);
		CHECK(most_macs == macs && most_words == words,
		      "round %d: %.0f MACs, %.0f words; the best are %.0f, %.0f", i, most_macs,
		      most_words, macs, words);
		fixture_close(&f);
	}
}

/* ---- properties ---- */

static bool has_spills(const struct cluster_chain *chain)
{
	for (size_t x = 1; x < chain->setup.boards; x++)
		if (chain->spilled_bits[x] > 0)
			return true;
	return false;
}

static void check_stored(const struct fixture *f, const struct cluster_chain *chain)
{
	double bits = 0, sum = 0, over = 0, crossed = 0,
	       delays = barista_cluster_total_row_delay(f->lowered);

	for (size_t l = 0; l < f->lowered->nlayers; l++) {
		bits += barista_cluster_layer_bits(f->lowered, l, delays, chain->setup.word_bits);
		delays -= barista_cluster_row_delay(f->lowered, l);
	}
	for (size_t i = 0; i < chain->setup.boards; i++) {
		sum += chain->wanted_bits[i];
		over += fmax(0, chain->wanted_bits[i] - chain->setup.usable_bits);
		crossed += i ? chain->spilled_bits[i] : 0;
	}
	CHECK(near(sum, bits, 1e-12), "%.17g bits on the boards, %.17g of the layers", sum, bits);
	CHECK(!chain->fits || crossed >= over * (1 - 1e-9), "%g bits too much, %g bits cross", over,
	      crossed);
	CHECK(chain->fits || crossed == 0, "a chain without room spills");
	CHECK(chain->fits == (chain->fullest_bits <= chain->setup.usable_bits), "%g bits in %g",
	      chain->fullest_bits, chain->setup.usable_bits);
}

/* What the layers keep on other boards is, together, what the boards have too much. */
static void check_spill_terms(const struct fixture *f, const struct barista_point *p,
			      const struct cluster_chain *chain)
{
	double over = 0, sum = 0;

	for (size_t i = 0; i < chain->setup.boards; i++)
		over += chain->fits ? fmax(0, chain->wanted_bits[i] - chain->setup.usable_bits) : 0;
	for (size_t s = 0; s < f->lowered->nclasses; s++)
		sum += chain_term(f, p, s, "spill");
	CHECK(fabs(sum - over) <= 1e-9 * over, "%.17g bits of layers, %.17g of boards", sum, over);
}

/* Twice of a quantity of the board is never slower, spills aside, which may come to other boards.
 */
static void check_more(struct fixture *f, const struct barista_point *p,
		       const struct cluster_chain *chain, enum barista_param param)
{
	double value = f->dev->param[param].value, dsp = chain_result(f, p).metric[BARISTA_DSP];
	struct cluster_chain more;

	f->dev->param[param].value = 2 * value;
	barista_cluster_chain(&f->model, p, &more);
	CHECK(chain_result(f, p).metric[BARISTA_DSP] >= dsp, "fewer DSPs");
	CHECK(has_spills(chain) || has_spills(&more) ||
		      more.interval_s <= chain->interval_s * (1 + 1e-14),
	      "twice the %s: %.17g s, %.17g s before", barista_param_defs[param].path,
	      more.interval_s, chain->interval_s);
	f->dev->param[param].value = value;
}

static void properties(void **state)
{
	struct random r = {33};
	size_t spilled = 0, full = 0;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct barista_point p =
			boards((size_t)random_int(&r, 1, 20), i & 1 ? "fine" : "whole");
		struct barista_result result;
		struct cluster_chain chain;
		struct fixture f;

		chain_net(&f, "vc709", random_convs(&r, random_int(&r, 1, 12)),
			  random_int(&r, 0, 1));
		random_board(&r, f.dev);
		barista_cluster_chain(&f.model, &p, &chain);
		result = chain_result(&f, &p);
		spilled += has_spills(&chain), full += !chain.fits;
		check_stored(&f, &chain);
		check_spill_terms(&f, &p, &chain);
		CHECK(result.metric[BARISTA_TIME] * result.metric[BARISTA_PEAK] >=
			      f.lowered->ops * (1 - 1e-14),
		      "above its peak");
		CHECK(chain.fits == !(result.over & 2), "over the block RAM: %u, fits: %d",
		      result.over, chain.fits);
		CHECK(chain.interval_s == slowest(&chain, true), "%.17g s, %.17g s",
		      chain.interval_s, slowest(&chain, true));
		CHECK(result.metric[BARISTA_BOARDS] == (double)chain.setup.boards, "boards");
		CHECK(near(result.metric[BARISTA_POWER], 40 * (double)chain.setup.boards, 1e-15),
		      "power of every board");
		check_more(&f, &p, &chain, BARISTA_LINK_BANDWIDTH);
		check_more(&f, &p, &chain, BARISTA_RES_DSP);
		check_more(&f, &p, &chain, BARISTA_CLOCK);
		fixture_close(&f);
	}
	CHECK(spilled > 20 && full > 20, "%zu chains spill, %zu are full", spilled, full);
}

/* A batch gives each point what it gets alone, on whole networks. */
static void batch_is_points(void **state)
{
	static const char *const nets[] = {"alexnet", "vgg16", "googlenet", "resnet20-cifar10-b",
					   "segnet-basic"};
	enum { POINTS = 12 };

	(void)state;
	for (size_t i = 0; i < COUNT(nets); i++) {
		double metric[BARISTA_NMETRICS][POINTS], *time;
		uint16_t over[POINTS];
		unsigned char broken[POINTS];
		struct barista_point p[POINTS];
		struct barista_batch b = {
			.n = POINTS, .points = p, .over = over, .not_conserved = broken};
		struct barista_err err;
		struct fixture f;

		chain_net(&f, "vc709", nets[i], false);
		b.class_time = time = calloc(f.lowered->nclasses * POINTS, sizeof *time);
		for (int m = 0; m < BARISTA_NMETRICS; m++)
			b.metric[m] = metric[m];
		for (size_t j = 0; j < POINTS; j++)
			p[j] = boards(1 + j * j, j & 1 ? "fine" : "whole");
		barista_resources(&f.model, &b);
		CHECK_OK(barista_evaluate(&f.model, &b, &err), &err);
		for (size_t j = 0; j < POINTS; j++) {
			struct barista_result one = chain_result(&f, &p[j]);

			for (int m = 0; m < BARISTA_NMETRICS; m++)
				CHECK(!memcmp(&one.metric[m], &metric[m][j], sizeof(double)),
				      "%s: %s", nets[i], barista_metric_defs[m].name);
			for (size_t s = 0; s < f.lowered->nclasses; s++)
				CHECK(time[s * POINTS + j] == chain_term(&f, &p[j], s, "t_layer"),
				      "%s, class %zu", nets[i], s);
		}
		free(time);
		fixture_close(&f);
	}
}

int test_cluster_random(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fine_splits_are_best),
		cmocka_unit_test(whole_splits_are_best),
		cmocka_unit_test(properties),
		cmocka_unit_test(batch_is_points),
	};

	return GROUP(tests);
}
