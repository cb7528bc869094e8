/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cluster family: published counts, and small chains worked out by hand. Sources: FPDeep (FPL
 * 2018, arXiv 1901.01007); the bands of boards are an independent evaluation of its equations. */
#include "chains.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/precision.h"
#include "network/workload.h"

/* ---- published ---- */

/* A network of 3 x 3 convolutions with these widths; a width of 0 stands for pooling. */
static const char *vgg(const int *widths, size_t n)
{
	static struct net_text t;
	int c = 3, h = 224;

	net_begin(&t, 64, 3, 224);
	for (size_t i = 0; i < n; i++) {
		if (!widths[i]) {
			h /= 2;
			continue;
		}
		net_add(&t,
			"  - {name: c%zu, type: conv, in: [%d, %d, %d], out: %d, kernel: [3, 3], "
			"pad: [1, 1]%s}\n",
			i, c, h, h, widths[i], i ? "" : ", input_gradient: false");
		c = widths[i];
	}
	return write_text("vgg.yaml", t.at);
}

static const int vgg19[] = {64, 64,  0,   128, 128, 0, 256, 256, 256, 256,
			    0,  512, 512, 512, 512, 0, 512, 512, 512, 512};

static void published_counts(void **state)
{
	static const struct {
		const char *net;
		double ops, mbit, drain;
	} rows[] = {
		{"alexnet", 3783878784, 37.3, 2.85},
		{"vgg16", 91906375680, 235.4, 3.41},
		{NULL, 116877164544, 320.3, 4.16},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *net = rows[i].net ? rows[i].net : vgg(vgg19, COUNT(vgg19));
		double weights = 0, drain;
		struct fixture f;

		chain_net(&f, "vc709", net, true);
		for (size_t l = 0; l < f.lowered->nlayers; l++)
			weights += barista_cluster_weights(f.lowered, l);
		drain = barista_cluster_link_bound_drain(
			barista_cluster_total_row_delay(f.lowered));
		CHECK(2 * barista_cluster_total_macs(f.lowered) == rows[i].ops, "%s: %.0f op", net,
		      2 * barista_cluster_total_macs(f.lowered));
		CHECK(f.lowered->ops == rows[i].ops, "%s: %.0f op", net, f.lowered->ops);
		CHECK(fabs(16 * weights / 1e6 - rows[i].mbit) < 0.05, "%s: %g Mbit", net,
		      16 * weights / 1e6);
		CHECK(fabs(drain - rows[i].drain) < 0.005, "%s: D_1 %g", net, drain);
		fixture_close(&f);
	}
}

/* The most boards with which, in all smaller chains too, the words pass the links at least as fast
 * as evenly spread work is done. */
static size_t linear(const struct fixture *f)
{
	for (size_t n = 2; n <= CLUSTER_MAX_BOARDS; n++) {
		struct barista_point p = boards(n, "fine");

		if ((double)n > chain_term(f, &p, 0, "N_lin"))
			return n - 1;
	}
	return CLUSTER_MAX_BOARDS;
}

/* AlexNet's convolutions on VC709-class boards of 200 MHz; the bands are without rounding to whole
 * channels, which moves one of them by a board. */
static void linear_bands(void **state)
{
	static const struct {
		const char *link, *use;
		size_t boards;
	} rows[] = {
		{"link.bandwidth=60 Gbit/s", "link.compute_share=0.9", 50},
		{"link.bandwidth=60 Gbit/s", "link.compute_share=0.7", 62},
		{"link.bandwidth=78.6 Gbit/s", "link.compute_share=0.9", 64},
		{"link.bandwidth=78.6 Gbit/s", "link.compute_share=0.7", 82},
		{"link.bandwidth=125 Gbit/s", "link.compute_share=0.9", 102},
		{"link.bandwidth=125 Gbit/s", "link.compute_share=0.7", 132},
	};
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", "alexnet", true);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n;

		fixture_set(&f, rows[i].link);
		fixture_set(&f, rows[i].use);
		n = linear(&f);
		CHECK(n + 1 >= rows[i].boards && n <= rows[i].boards + 1,
		      "%s, %s: %zu boards, not %zu", rows[i].link, rows[i].use, n, rows[i].boards);
	}
	fixture_close(&f);
}

/* ---- by hand ---- */

static const char *const by_hand =
	"kind: workload\nname: hand\ntitle: hand\nsource: a test\nstatus: assumed\nbatch: "
	"6\ninput: [2, 4, 4]\nlayers:\n"
	"  - {name: a, type: conv, in: [2, 4, 4], out: 4, kernel: [1, 1], input_gradient: false}\n"
	"  - {name: b, type: conv, in: [4, 4, 4], out: 4, kernel: [1, 1]}\n";

static void check_row(const double *got, const double *want, size_t n, const char *what)
{
	for (size_t i = 0; i < n; i++)
		CHECK(got[i] == want[i], "%s %zu: %.17g, not %.17g", what, i, got[i], want[i]);
}

/* The layers have 256 and 768 MACs. `b` is cut at a third and at two thirds, which round to one and
 * three channels of four. */
static void cuts_by_hand(void **state)
{
	struct cluster_chain chain;
	struct barista_point p = boards(4, "fine");
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", write_text("hand.yaml", by_hand), false);
	barista_cluster_chain(&f.model, &p, &chain);
	check_row(chain.edge_macs, (const double[]){0, 256, 448, 832, 1024}, 5, "edge");
	check_row(chain.words + 1, (const double[]){64, 64 + 16, 64 + 48}, 3, "words");
	check_row(chain.wanted_bits, (const double[]){1280, 512, 1024, 512}, 4, "bits");
	assert_true(chain.fits && chain.fullest_bits == 1280);
	/* 0.8 of 3600 multipliers at 200 MHz, 60 Gbit/s */
	CHECK(near(chain.compute_s, 384 / 576e9, 1e-15) &&
		      near(chain.link_s, 16 * 112 / 60e9, 1e-15),
	      "%g s, %g s", chain.compute_s, chain.link_s);
	CHECK(near(chain_result(&f, &p).metric[BARISTA_TIME], 16 * 112 / 60e9 * (6 + 2) / 6, 1e-15),
	      "6 images, 2 lost");
	p = boards(2, "whole");
	barista_cluster_chain(&f.model, &p, &chain);
	check_row(chain.edge_macs, (const double[]){0, 256, 1024}, 3, "edge");
	check_row(chain.words + 1, (const double[]){64}, 1, "words");
	p = boards(4, "whole");
	barista_cluster_chain(&f.model, &p, &chain);
	check_row(chain.edge_macs, (const double[]){0, 256, 1024, 1024, 1024}, 5, "edge");
	check_row(chain.words + 1, (const double[]){64, 0, 0}, 3, "words");
	p = boards(1, "fine");
	barista_cluster_chain(&f.model, &p, &chain);
	check_row(chain.edge_macs, (const double[]){0, 1024}, 2, "edge");
	assert_true(chain.link_s == 0);
	fixture_close(&f);
}

/* The boards do 128, 64, 128 and 64 MACs forward and 128, 128, 256 and 128 backward, and the layers
 * wait for a quarter of an image each. */
static void drain_by_hand(void **state)
{
	struct barista_point p = boards(4, "fine");
	struct cluster_chain chain;
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", write_text("hand.yaml", by_hand), false);
	barista_cluster_chain(&f.model, &p, &chain);
	CHECK(near(chain.forward_s, 128 / 576e9, 1e-15) &&
		      near(chain.backward_s, 256 / 576e9, 1e-15),
	      "%g s, %g s", chain.forward_s, chain.backward_s);
	CHECK(near(barista_cluster_drain(f.lowered, &chain), 2, 1e-15), "a link binds: %g",
	      barista_cluster_drain(f.lowered, &chain));
	f.dev->param[BARISTA_LINK_BANDWIDTH].value = 60e15;
	barista_cluster_chain(&f.model, &p, &chain);
	CHECK(near(barista_cluster_drain(f.lowered, &chain), 1.5 - 1, 1e-15), "%g",
	      barista_cluster_drain(f.lowered, &chain));
	CHECK(near(chain_result(&f, &p).metric[BARISTA_TIME], 384 / 576e9 * (6 + 0.5) / 6, 1e-15),
	      "6 images, half of one lost");
	/* Forward steps as long as the link takes: 1792 bits. */
	f.dev->param[BARISTA_LINK_BANDWIDTH].value = 1792 / (200 / 576e9);
	barista_cluster_chain(&f.model, &p, &chain);
	CHECK(near(barista_cluster_drain(f.lowered, &chain), (200 + 256) / 384.0 * 1.5 - 1, 1e-14),
	      "%g", barista_cluster_drain(f.lowered, &chain));
	fixture_close(&f);
}

static void binds(void **state)
{
	static const struct {
		const char *design, *link, *text;
	} rows[] = {
		{"4x/fine:int16", "link.bandwidth=60 Gbit/s",
		 "link behind board 3 of 4 (b); activations fill the links first at 2 boards"},
		{"1x/fine:int16", "link.bandwidth=60 Gbit/s",
		 "compute: board 1 of 1 (b); activations fill the links first at 2 boards"},
		{"4x/fine:int16", "link.bandwidth=4 Tbit/s",
		 "compute: board 3 of 4 (b); activations fill the links first at 5 boards"},
		{"2x/whole:int16", "link.bandwidth=4 Tbit/s",
		 "compute: board 2 of 2 (b); activations never fill the links"},
	};
	char text[128];
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", write_text("hand.yaml", by_hand), false);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_point p = chain_point(rows[i].design);

		fixture_set(&f, rows[i].link);
		f.model.family->bottleneck(&f.model, &p, text, sizeof text);
		CHECK(!strcmp(text, rows[i].text), "%s, %s: %s", rows[i].design, rows[i].link,
		      text);
	}
	fixture_close(&f);
}

/* Where nothing is learned nothing drains, and features are let go of as soon as the rows below the
 * kernel are through. */
static void without_gradients(void **state)
{
	struct barista_point p = boards(2, "fine");
	struct cluster_chain chain;
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709",
		  write_text("frozen.yaml",
			     "kind: workload\nname: frozen\ntitle: frozen\nsource: a test\nstatus: "
			     "assumed\nbatch: 1\ninput: [2, 4, 4]\nlayers:\n"
			     "  - {name: a, type: conv, in: [2, 4, 4], out: 4, kernel: [3, 3], "
			     "pad: [1, 1], input_gradient: false, "
			     "weight_gradient: false}\n"),
		  false);
	barista_cluster_chain(&f.model, &p, &chain);
	assert_true(chain.interval_s == chain_result(&f, &p).metric[BARISTA_TIME]);
	check_row(chain.edge_macs, (const double[]){0, 576, 1152}, 3, "edge");
	check_row(chain.words + 1, (const double[]){32 + 32}, 1, "words");
	/* Three quarters of 32 features, and 72 weights once. */
	check_row(chain.wanted_bits, (const double[]){8 * (24 + 72), 8 * (24 + 72)}, 2, "bits");
	fixture_close(&f);
}

static void spill_by_hand(void **state)
{
	struct cluster_chain chain;
	struct barista_point p = boards(4, "fine");
	struct fixture f;

	(void)state;
	chain_net(&f, "vc709", write_text("hand.yaml", by_hand), false);
	barista_cluster_chain(&f.model, &p, &chain);
	/* Board 0 has 380 bits too much, which go to 1; board 2 has 124, of which 8 go to 1 and the
	 * others to 3. */
	chain.setup.usable_bits = 900;
	barista_cluster_place_on_chip(f.lowered, &chain);
	check_row(chain.spilled_bits + 1, (const double[]){380, 8, 116}, 3, "spill");
	assert_true(chain.fits && chain.fullest_bits == 900);
	chain.setup.usable_bits = 832;
	barista_cluster_place_on_chip(f.lowered, &chain);
	check_row(chain.spilled_bits + 1, (const double[]){448, 128, 320}, 3, "spill");
	assert_true(chain.fits && chain.fullest_bits == 832);
	chain.setup.usable_bits = 831;
	barista_cluster_place_on_chip(f.lowered, &chain);
	check_row(chain.spilled_bits + 1, (const double[]){0, 0, 0}, 3, "spill");
	assert_true(!chain.fits && chain.fullest_bits == 832);
	fixture_close(&f);
}

int test_cluster(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_counts),
		cmocka_unit_test(linear_bands),
		cmocka_unit_test(cuts_by_hand),
		cmocka_unit_test(drain_by_hand),
		cmocka_unit_test(binds),
		cmocka_unit_test(without_gradients),
		cmocka_unit_test(spill_by_hand),
	};

	return GROUP(tests);
}
