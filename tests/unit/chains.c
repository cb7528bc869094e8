/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chains.h"

#include "barista/family.h"
#include "model/evaluate.h"
#include "model/family.h"

void chain_net(struct fixture *f, const char *device, const char *network, bool conv)
{
	const struct barista_family *family = barista_family_find("cluster");

	assert_non_null(family);
	fixture_open(f, device, network,
		     barista_family_lowering(family, false,
					     conv ? BARISTA_LAYERS_CONV : BARISTA_LAYERS_DEFAULT));
	f->model.family = family;
}

void net_add(struct net_text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->n += (size_t)vsnprintf(t->at + t->n, sizeof t->at - t->n, fmt, args);
	va_end(args);
	assert_true(t->n < sizeof t->at);
}

void net_begin(struct net_text *t, int64_t batch, int64_t c, int64_t h)
{
	t->n = 0;
	net_add(t,
		"kind: workload\nname: made\ntitle: made\nsource: a test\nstatus: assumed\nbatch: "
		"%lld\n"
		"input: [%lld, %lld, %lld]\nlayers:\n",
		(long long)batch, (long long)c, (long long)h, (long long)h);
}

struct barista_point chain_point(const char *text)
{
	struct barista_point p;
	struct barista_err err;

	CHECK_OK(barista_family_find("cluster")->parse(text, &p, &err), &err);
	return p;
}

struct barista_point boards(size_t n, const char *split)
{
	char text[64];

	snprintf(text, sizeof text, "%zux/%s:int16", n, split);
	return chain_point(text);
}

struct barista_result chain_result(const struct fixture *f, const struct barista_point *p)
{
	double *time = calloc(f->lowered->nclasses, sizeof *time);
	struct barista_result r = {.class_time = time};
	struct barista_err err;

	assert_non_null(time);
	CHECK_OK(barista_evaluate_point(&f->model, p, &r, &err), &err);
	free(time);
	r.class_time = NULL;
	return r;
}

double chain_term(const struct fixture *f, const struct barista_point *p, size_t layer_class,
		  const char *symbol)
{
	struct barista_time_part part;
	size_t i = 0;

	while (i < f->model.family->nterms && strcmp(f->model.family->term[i].symbol, symbol))
		i++;
	CHECK(i < f->model.family->nterms, "no term %s", symbol);
	assert_int_equal(barista_time_part_count(&f->model, p, layer_class), 1);
	barista_time_part(&f->model, p, layer_class, 0, &part);
	return part.value[i];
}

const char *random_convs(struct random *r, int64_t layers)
{
	static struct net_text t;
	int64_t c = random_int(r, 1, 6), h = random_int(r, 6, 20);

	net_begin(&t, random_int(r, 1, 20), c, h);
	for (int64_t l = 0; l < layers; l++) {
		int64_t out = (int64_t)random_size(r, 12);

		net_add(&t,
			"  - {name: l%lld, type: conv, in: [%lld, %lld, %lld], out: %lld, kernel: "
			"[3, 3], pad: [1, 1]%s%s}\n",
			(long long)l, (long long)c, (long long)h, (long long)h, (long long)out,
			l ? "" : ", input_gradient: false",
			random_int(r, 0, 3) ? "" : ", weight_gradient: false");
		c = out;
		h = h > 5 && random_int(r, 0, 1) ? h / 2 : h;
	}
	return write_text("random.yaml", t.at);
}
