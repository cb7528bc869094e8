/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a data file: no input may crash a loader, and what loads must hold together.
 * Run from the project's root, so that devices find their tables of precisions. */
#include "fuzz.h"

#include "io/catalog.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/workload.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char input[200], device[200]; /* the bytes; a device whose table of precisions they are */

static void remove_files(void)
{
	unlink(input);
	unlink(device);
}

static void prepare(void)
{
	FILE *f;

	fuzz_make_file(input, sizeof input, "");
	fuzz_make_file(device, sizeof device, "");
	atexit(remove_files);
	f = fopen(device, "w");
	REQUIRE(f);
	fprintf(f,
		"kind: fpga\nname: d\ntitle: t\npart: p\nblock_ram: m20k\nprecisions: %s\nsources: "
		"{s: x}\n"
		"resources:\n  dsp: {value: 1, source: s, status: assumed}\n"
		"  bram: {value: 1, source: s, status: assumed}\n  lut: {value: 1, source: s, "
		"status: assumed}\n"
		"  ff: {value: 1, source: s, status: assumed}\n"
		"clock: {kernel: {value: 1 MHz, source: s, status: assumed}}\n"
		"memory: {bandwidth: {value: 1 Mbit/s, source: s, status: assumed}}\n"
		"pcie: {bandwidth: {value: 1 Mbit/s, source: s, status: assumed}}\n"
		"power: {total: {value: 1 W, source: s, status: assumed}}\n",
		input);
	REQUIRE(!fclose(f));
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
	fuzz_check_network(net ? net : known_net, dev ? dev : known_dev);
}

static void try_device(const char *path)
{
	struct barista_err err = {0, ""};
	struct barista_device *dev;

	if (fuzz_failed(barista_device_load(&dev, path, ".", &err), &err))
		return;
	for (int p = 0; p < BARISTA_NPARAMS; p++) {
		const struct barista_param_def *def = &barista_param_defs[p];
		double v = dev->param[p].value;

		REQUIRE(isnan(v) ? !def->required : v >= def->lo && v <= def->hi);
	}
	check_with_known(NULL, dev);
	barista_device_free(dev);
}

static void try_network(void)
{
	struct barista_err err = {0, ""};
	struct barista_workload *net;

	if (fuzz_failed(barista_workload_load(&net, input, ".", &err), &err))
		return;
	REQUIRE(net->nmac_layers >= 1 && net->batch >= 1);
	check_with_known(net, NULL);
	barista_workload_free(net);
}

static void try_baseline(void)
{
	struct barista_err err = {0, ""};
	struct barista_baseline *base;

	if (fuzz_failed(barista_baseline_load(&base, input, ".", &err), &err))
		return;
	REQUIRE(base->power.value > 0 && isfinite(base->power.value));
	for (size_t i = 0; i < base->ntimes; i++)
		REQUIRE(base->time[i].m >= 1 && base->time[i].n >= 1 && base->time[i].k >= 1 &&
			base->time[i].seconds > 0);
	barista_baseline_free(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct barista_err err = {0, ""};
	char kind[64] = "";

	if (!*input)
		prepare();
	fuzz_write(input, data, size);
	/* Without a kind all loaders refuse alike: one is enough. */
	if (fuzz_failed(barista_catalog_find_kind(input, ".", kind, sizeof kind, &err), &err) ||
	    !strcmp(kind, "fpga"))
		try_device(input);
	else if (!strcmp(kind, "workload"))
		try_network();
	else if (!strcmp(kind, "precisions"))
		try_device(device);
	else
		try_baseline();
	return 0;
}
