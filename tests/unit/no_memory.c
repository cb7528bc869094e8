/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading, searching and what follows from a search, with every request for memory failing in turn.
 * The tests of imports do the same with what they import. */
#include "check.h"

#include "families/registry.h"
#include "measure/check_gemm.h"
#include "measure/fit_burst.h"
#include "measure/measurements.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/family.h"
#include "network/lowering.h"
#include "search/kernel_set.h"
#include "search/search.h"
#include "search/space.h"
#include "search/uncertainty.h"
#include "search/what_if.h"

static int load_device(void *user, struct barista_err *err)
{
	struct barista_device *dev;
	int rc = barista_device_load(&dev, user, ".", err);

	if (!rc)
		barista_device_free(dev);
	return rc;
}

static int load_network(void *user, struct barista_err *err)
{
	struct barista_workload *net;
	int rc = barista_workload_load(&net, user, ".", err);

	if (!rc)
		barista_workload_free(net);
	return rc;
}

static int load_baseline(void *user, struct barista_err *err)
{
	struct barista_baseline *base;
	int rc = barista_baseline_load(&base, user, ".", err);

	if (!rc)
		barista_baseline_free(base);
	return rc;
}

static int load_measured(void *user, struct barista_err *err)
{
	struct barista_measured *m;
	struct barista_prediction p;
	int rc = barista_measured_load(&m, user, ".", err);

	if (rc)
		return rc;
	rc = barista_measured_predict(&m->row[0], ".", &p, err);
	barista_measured_free(m);
	return rc;
}

static int list_names(void *user, struct barista_err *err)
{
	struct barista_names *names;
	int rc = barista_workload_names(&names, user, err);

	if (!rc)
		barista_names_free(names);
	return rc;
}

static int fit_bursts(void *user, struct barista_err *err)
{
	struct barista_burst_fit fit;

	return barista_burst_fit_file(&fit, user, err);
}

static void loads(void **state)
{
	static const struct {
		int (*load)(void *user, struct barista_err *err);
		const char *name;
	} rows[] = {
		{load_device, "aws-f1-vu9p"},
		{load_device, "s10-gx2800-520n"},
		{load_device, "aws-f1"},
		{load_network, "lenet-mnist"},
		{load_network, "no such one"},
		{load_baseline, "gtx-1080-ti"},
		{load_baseline, "tests/cli/data/small-host.yaml"},
		{load_measured, "silicon"},
		{load_measured, "tests/cli/data/bad-measured.yaml"},
		{list_names, "."},
		{fit_bursts, "tests/cli/data/bursts.csv"},
		{fit_bursts, "tests/cli/data/bad-bursts.csv"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		each_out_of_memory(rows[i].load, (void *)rows[i].name);
}

static int check_gemm(void *user, struct barista_err *err)
{
	const struct fixture *f = user;
	struct barista_point point = kernel("4x4x16:fp32");
	struct barista_check check;
	int rc = barista_check_run(&f->model, &point, 0, BARISTA_FP32, 1, &check, err);

	CHECK(rc || (check.counts_equal && check.results_ok), "a GEMM differs");
	return rc;
}

static void reference_gemm(void **state)
{
	struct fixture f;

	(void)state;
	fixture_layer(&f, "aws-f1-vu9p", "type: conv, in: [2, 4, 4], out: 2, kernel: [3, 3]", 2,
		      false);
	each_out_of_memory(check_gemm, &f);
	fixture_close(&f);
}

/* Small enough for a pipeline, of which every split is looked at. */
static const char tiny[] =
	"kind: workload\nname: tiny\ntitle: one layer\nsource: this test\nstatus: assumed\nbatch: "
	"2\n"
	"input: [2, 4, 4]\nlayers:\n"
	"  - {name: c, type: conv, in: [2, 4, 4], out: 2, kernel: [3, 3], input_gradient: false}\n";

/* A search whose front and rankings must be those of the undisturbed one. */
struct repeated {
	struct fixture f;
	struct barista_space space;
	struct barista_search_options options;
	struct barista_search *first;
};

static int search_again(void *user, struct barista_err *err)
{
	struct repeated *h = user;
	struct barista_search *search;
	int rc = barista_search_run(&search, &h->f.model, &h->space, &h->options, err);

	if (rc)
		return rc;
	if (!h->first) {
		h->first = search;
		return 0;
	}
	check_same_kept(h->first, search);
	barista_search_free(search);
	return 0;
}

static int follow_up(void *user, struct barista_err *err)
{
	const struct repeated *h = user;
	struct barista_kernel_set set;
	struct barista_uncertainty uncertainty;
	struct barista_interval class[64];
	struct barista_what_if what_if[BARISTA_WHAT_IF_PARAMS];
	const struct barista_search_options plain = {.keep = 0};
	int rc = 0;

	if (h->first->nranked)
		rc = barista_search_kernel_set(h->first, 2, NULL, &set, err);
	if (!rc)
		rc = barista_uncertainty_run(&h->f.model,
					     &barista_search_top(h->first)->item[0].point, 1,
					     BARISTA_TIME, &uncertainty, class, NULL, err);
	return rc ? rc : barista_what_if(&h->f.model, &h->space, &plain, what_if, err);
}

static void search_family(const struct barista_family *family, bool exhaustive)
{
	static const enum barista_metric front[] = {BARISTA_PPW_MEAN, BARISTA_DSP, BARISTA_TIME};
	struct repeated h = {.first = NULL};
	struct barista_err err;

	fixture_open(&h.f, family->default_board, write_text("tiny.yaml", tiny),
		     barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT));
	h.f.model.family = family;
	barista_space_default(&h.space, &h.f.model);
	h.space.model = &h.f.model;
	barista_space_set_powers_of_two(&h.space);
	CHECK_OK(barista_space_set_precisions(&h.space, &family->default_precision, 1, &err), &err);
	h.options = (struct barista_search_options){.keep = 2,
						    .exhaustive = exhaustive,
						    .threads = 1,
						    .npareto = COUNT(front),
						    .pareto = front};
	CHECK_OK(search_again(&h, &err), &err);
	each_out_of_memory(search_again, &h);
	if (!exhaustive)
		each_out_of_memory(follow_up, &h);
	barista_search_free(h.first);
	fixture_close(&h.f);
}

static void searches(void **state)
{
	(void)state;
	for (size_t i = 0; barista_families[i]; i++)
		search_family(barista_families[i], false);
	search_family(barista_families[0], true);
}

int test_no_memory(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),
		cmocka_unit_test(searches),
		cmocka_unit_test(reference_gemm),
	};

	return GROUP(tests);
}
