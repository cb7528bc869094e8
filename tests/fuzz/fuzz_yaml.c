/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a data file: no input may crash a loader, and what loads must hold together.
 * Run from the project's root, so that devices find their tables of precisions. */
#include "fuzz.h"

#include "barista.h"
#include "model/baseline.h"
#include "model/data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char input[200], device[200];   /* the bytes; a device whose table of precisions they are */

#define REQUIRE(ok) ((ok) ? (void)0 : violated(#ok, __LINE__))

static void violated(const char *what, int line)
{
	fprintf(stderr, "fuzz_yaml.c:%d: violated: %s\n", line, what);
	abort();
}

static void remove_files(void)
{
	unlink(input);
	unlink(device);
}

static void make_file(char *path, size_t size)
{
	const char *folder = getenv("TMPDIR");
	int fd;

	if (!folder)
		folder = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	snprintf(path, size, "%.150s/barista-fuzz-XXXXXX", folder);
	fd = mkstemp(path);
	REQUIRE(fd >= 0);
	close(fd);
}

static void prepare(void)
{
	FILE *f;

	make_file(input, sizeof input);
	make_file(device, sizeof device);
	atexit(remove_files);
	f = fopen(device, "w");
	REQUIRE(f);
	fprintf(f, "kind: fpga\nname: d\ntitle: t\npart: p\nblock_ram: m20k\nprecisions: %s\nsources: {s: x}\n"
		"resources:\n  dsp: {value: 1, source: s, status: assumed}\n"
		"  bram: {value: 1, source: s, status: assumed}\n  lut: {value: 1, source: s, status: assumed}\n"
		"  ff: {value: 1, source: s, status: assumed}\n"
		"clock: {kernel: {value: 1 MHz, source: s, status: assumed}}\n"
		"memory: {bandwidth: {value: 1 Mbit/s, source: s, status: assumed}}\n"
		"pcie: {bandwidth: {value: 1 Mbit/s, source: s, status: assumed}}\n"
		"power: {total: {value: 1 W, source: s, status: assumed}}\n", input);
	REQUIRE(!fclose(f));
}

/* A failure has its status, a text, and is the input's fault; true when it is one. */
static int failed(int rc, const struct barista_err *err)
{
	REQUIRE(rc == BARISTA_OK || rc == BARISTA_BAD_INPUT || rc == BARISTA_USAGE);
	REQUIRE(rc == BARISTA_OK || (err->status == rc && *err->msg && memchr(err->msg, 0, sizeof err->msg)));
	return rc;
}

/* 16x16x64 in the first precision that the device has. */
static void evaluate(const struct barista_device *dev, const struct barista_plan *plan)
{
	const struct barista_model model = {dev, plan, barista_families[0]};
	double *time = calloc(plan->nshapes, sizeof *time);
	struct barista_point point = {{16, 16, 64, 0, 2, 4, 2, 3}};   /* a rich kernel: all terms */
	struct barista_result result = {.shape_time = time};
	struct barista_err err;
	int p = 0;

	REQUIRE(time);
	while (p < BARISTA_NPRECISIONS && !dev->has_precision[p])
		p++;
	REQUIRE(p < BARISTA_NPRECISIONS);
	point.knob[3] = p * 0x111;
	REQUIRE(!barista_evaluate_point(&model, &point, &result, &err));
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		REQUIRE(isfinite(result.metric[m]) && result.metric[m] >= 0);
	for (size_t s = 0; s < plan->nshapes; s++)
		REQUIRE(isfinite(time[s]) && time[s] > 0);
	REQUIRE(result.metric[BARISTA_TIME] > 0 && result.metric[BARISTA_RATE] <= result.metric[BARISTA_PEAK]);
	free(time);
}

static void check_network(const struct barista_workload *net, const struct barista_device *dev)
{
	struct barista_err err = {0, ""};

	for (int how = 0; how < 4; how++) {
		struct barista_plan *plan;

		/* It may be refused: without convolutions, or for counts that are not exact. */
		if (failed(barista_plan_make(&plan, net, (struct barista_lowering){how & 1, how & 2}, &err), &err))
			continue;
		REQUIRE(plan->ops > 0 && plan->nlayers >= 1 && plan->nlayers <= net->nlayers);
		evaluate(dev, plan);
		barista_plan_free(plan);
	}
}

/* The other half of a model, for whichever the input is. */
static void check_with_known(const struct barista_workload *net, const struct barista_device *dev)
{
	static struct barista_workload *known_net;
	static struct barista_device *known_dev;
	struct barista_err err;

	if (!known_net) {
		REQUIRE(!barista_workload_load(&known_net, "lenet-mnist", ".", &err));
		REQUIRE(!barista_device_load(&known_dev, "aws-f1-vu9p", ".", &err));
	}
	check_network(net ? net : known_net, dev ? dev : known_dev);
}

static void try_device(const char *path)
{
	struct barista_err err = {0, ""};
	struct barista_device *dev;

	if (failed(barista_device_load(&dev, path, ".", &err), &err))
		return;
	for (int p = 0; p < BARISTA_NPARAMS; p++) {
		const struct barista_param_def *def = &barista_param_defs[p];
		double v = dev->fact[p].value;

		REQUIRE(isnan(v) ? !def->required : v >= def->lo && v <= def->hi);
	}
	check_with_known(NULL, dev);
	barista_device_free(dev);
}

static void try_network(void)
{
	struct barista_err err = {0, ""};
	struct barista_workload *net;

	if (failed(barista_workload_load(&net, input, ".", &err), &err))
		return;
	REQUIRE(net->nlayers >= 1 && net->batch >= 1);
	check_with_known(net, NULL);
	barista_workload_free(net);
}

static void try_baseline(void)
{
	struct barista_err err = {0, ""};
	struct barista_baseline *base;

	if (failed(barista_baseline_load(&base, input, ".", &err), &err))
		return;
	REQUIRE(base->power.value > 0 && isfinite(base->power.value));
	for (size_t i = 0; i < base->ntimes; i++)
		REQUIRE(base->time[i].m >= 1 && base->time[i].n >= 1 && base->time[i].k >= 1 && base->time[i].seconds > 0);
	barista_baseline_free(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct barista_err err = {0, ""};
	char kind[64] = "";
	FILE *f;

	if (!*input)
		prepare();
	f = fopen(input, "wb");
	REQUIRE(f && fwrite(data, 1, size, f) == size && !fclose(f));
	/* Without a kind all loaders refuse alike: one is enough. */
	if (failed(barista_data_find_kind(input, ".", kind, sizeof kind, &err), &err) || !strcmp(kind, "fpga"))
		try_device(input);
	else if (!strcmp(kind, "workload"))
		try_network();
	else if (!strcmp(kind, "precisions"))
		try_device(device);
	else
		try_baseline();
	return 0;
}
