/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cluster family: published counts, small chains by hand, and on random chains the choices against all
 * that there are. Sources: FPDeep (FPL 2018, arXiv 1901.01007); bands of boards by independent evaluation of its equations. */
#include "check.h"

#include "model/cluster.h"

#define INT16 "int16"

/* ---- networks ---- */

static void open_net(struct fixture *f, const char *device, const char *network, bool conv)
{
	const struct barista_family *family = barista_family_find("cluster");

	assert_non_null(family);
	fixture_open(f, device, network, barista_family_lowering(family, false, conv));
	f->model.family = family;
}

struct text { char at[16000]; size_t n; };

static void add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->n += (size_t)vsnprintf(t->at + t->n, sizeof t->at - t->n, fmt, args);
	va_end(args);
	assert_true(t->n < sizeof t->at);
}

static void begin_net(struct text *t, int64_t batch, int64_t c, int64_t h)
{
	t->n = 0;
	add(t, "kind: workload\nname: made\ntitle: made\nsource: a test\nstatus: assumed\nbatch: %lld\n"
	    "input: [%lld, %lld, %lld]\nlayers:\n", (long long)batch, (long long)c, (long long)h, (long long)h);
}

/* Convolutions of 3 x 3; 0 pools. */
static const char *vgg(const int *widths, size_t n)
{
	static struct text t;
	int c = 3, h = 224;

	begin_net(&t, 64, 3, 224);
	for (size_t i = 0; i < n; i++) {
		if (!widths[i]) {
			h /= 2;
			continue;
		}
		add(&t, "  - {name: c%zu, type: conv, in: [%d, %d, %d], out: %d, kernel: [3, 3], pad: [1, 1]%s}\n", i, c, h, h,
		    widths[i], i ? "" : ", input_gradient: false");
		c = widths[i];
	}
	return write_text("vgg.yaml", t.at);
}

static const int vgg19[] = {64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512};

static const char *random_net(struct random *r, int64_t layers)
{
	static struct text t;
	int64_t c = random_int(r, 1, 6), h = random_int(r, 6, 20);

	begin_net(&t, random_int(r, 1, 20), c, h);
	for (int64_t l = 0; l < layers; l++) {
		int64_t out = (int64_t)random_size(r, 12);

		add(&t, "  - {name: l%lld, type: conv, in: [%lld, %lld, %lld], out: %lld, kernel: [3, 3], pad: [1, 1]%s%s}\n",
		    (long long)l, (long long)c, (long long)h, (long long)h, (long long)out, l ? "" : ", input_gradient: false",
		    random_int(r, 0, 3) ? "" : ", weight_gradient: false");
		c = out;
		h = h > 5 && random_int(r, 0, 1) ? h / 2 : h;
	}
	return write_text("random.yaml", t.at);
}

/* ---- points ---- */

static struct barista_point chain_of(const char *text)
{
	struct barista_point p;
	struct barista_err err;

	CHECK_OK(barista_family_find("cluster")->parse(text, &p, &err), &err);
	return p;
}

static struct barista_point boards(size_t n, const char *split)
{
	char text[64];

	snprintf(text, sizeof text, "%zux/%s:" INT16, n, split);
	return chain_of(text);
}

static struct barista_result result_of(const struct fixture *f, const struct barista_point *p)
{
	double *time = calloc(f->plan->nshapes, sizeof *time);
	struct barista_result r = {.shape_time = time};
	struct barista_err err;

	assert_non_null(time);
	CHECK_OK(barista_evaluate_point(&f->model, p, &r, &err), &err);
	free(time);
	r.shape_time = NULL;
	return r;
}

static double term(const struct fixture *f, const struct barista_point *p, size_t shape, const char *symbol)
{
	struct barista_part part;
	size_t i = 0;

	while (i < f->model.family->nterms && strcmp(f->model.family->term[i].symbol, symbol))
		i++;
	CHECK(i < f->model.family->nterms, "no term %s", symbol);
	assert_int_equal(barista_parts(&f->model, p, shape), 1);
	barista_part(&f->model, p, shape, 0, &part);
	return part.value[i];
}

/* ---- published ---- */

static void published_counts(void **state)
{
	static const struct { const char *net; double ops, mbit, drain; } rows[] = {
		{"alexnet", 3783878784, 37.3, 2.85},
		{"vgg16", 91906375680, 235.4, 3.41},
		{NULL, 116877164544, 320.3, 4.16},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *net = rows[i].net ? rows[i].net : vgg(vgg19, COUNT(vgg19));
		double weights = 0, drain;
		struct fixture f;

		open_net(&f, "vc709", net, true);
		for (size_t l = 0; l < f.plan->nlayers; l++)
			weights += barista_cluster_weights(f.plan, l);
		drain = barista_cluster_drain(f.plan, barista_cluster_total_delay(f.plan));
		CHECK(2 * barista_cluster_total_macs(f.plan) == rows[i].ops, "%s: %.0f op", net,
		      2 * barista_cluster_total_macs(f.plan));
		CHECK(f.plan->ops == rows[i].ops, "%s: %.0f op", net, f.plan->ops);
		CHECK(fabs(16 * weights / 1e6 - rows[i].mbit) < 0.05, "%s: %g Mbit", net, 16 * weights / 1e6);
		CHECK(fabs(drain - rows[i].drain) < 0.005, "%s: D_1 %g", net, drain);
		fixture_close(&f);
	}
}

/* Boards up to which the words of no chain pass the links more slowly than evenly spread work is done. */
static size_t linear(const struct fixture *f)
{
	for (size_t n = 2; n <= CLUSTER_MAX_BOARDS; n++) {
		struct barista_point p = boards(n, "fine");

		if ((double)n > term(f, &p, 0, "N_lin"))
			return n - 1;
	}
	return CLUSTER_MAX_BOARDS;
}

/* AlexNet's convolutions on VC709-class boards of 200 MHz. Rounding to whole channels may move a band by one board. */
static void linear_bands(void **state)
{
	static const struct { const char *link, *use; size_t boards; } rows[] = {
		{"link.bandwidth=60 Gbit/s", "link.compute_share=0.9", 50},
		{"link.bandwidth=60 Gbit/s", "link.compute_share=0.7", 62},
		{"link.bandwidth=78.6 Gbit/s", "link.compute_share=0.9", 64},
		{"link.bandwidth=78.6 Gbit/s", "link.compute_share=0.7", 82},
		{"link.bandwidth=125 Gbit/s", "link.compute_share=0.9", 102},
		{"link.bandwidth=125 Gbit/s", "link.compute_share=0.7", 132},
	};
	struct fixture f;

	(void)state;
	open_net(&f, "vc709", "alexnet", true);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n;

		fixture_set(&f, rows[i].link);
		fixture_set(&f, rows[i].use);
		n = linear(&f);
		printf("%s %s: %zu\n", rows[i].link, rows[i].use, n);
	}
	fixture_close(&f);
}

int test_cluster(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_counts), cmocka_unit_test(linear_bands),
	};

	return GROUP(tests);
}
