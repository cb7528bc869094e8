/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a Caffe or an ONNX network (FUZZ_ENDING says which): no input may crash the import, and
 * what it makes must load again as the same network. Run from the project's root. */
#include "fuzz.h"

#include "network/workload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char input[200], yaml[200];
static struct barista_device *dev;

static void remove_files(void)
{
	unlink(input);
	unlink(yaml);
}

static void prepare(void)
{
	struct barista_err err;

	fuzz_make_file(input, sizeof input, FUZZ_ENDING);
	fuzz_make_file(yaml, sizeof yaml, ".yaml");
	atexit(remove_files);
	REQUIRE(!barista_device_load(&dev, "aws-f1-vu9p", ".", &err));
}

static void check_same(const struct barista_workload *a, const struct barista_workload *b)
{
	REQUIRE(a->nmac_layers == b->nmac_layers && a->batch == b->batch &&
		a->iterations == b->iterations);
	REQUIRE(!strcmp(a->name, b->name) && !strcmp(a->title, b->title) &&
		!strcmp(a->source, b->source));
	for (size_t i = 0; i < a->nmac_layers; i++) {
		struct barista_mac_layer la = a->mac_layer[i], lb = b->mac_layer[i];

		REQUIRE(!strcmp(la.name, lb.name));
		la.name = lb.name = NULL;
		REQUIRE(la.macs == lb.macs && la.weights == lb.weights && la.oh == lb.oh &&
			la.ow == lb.ow && la.type == lb.type &&
			la.input_gradient == lb.input_gradient &&
			la.weight_gradient == lb.weight_gradient);
	}
}

static void try_import(const struct barista_import_options *options)
{
	struct barista_err err = {0, ""};
	struct barista_workload *net, *again;

	if (fuzz_failed(barista_workload_import(&net, input, options, &err), &err))
		return;
	REQUIRE(net->nmac_layers >= 1 && net->batch >= 1);
	fuzz_write(yaml, (const uint8_t *)net->yaml, strlen(net->yaml));
	REQUIRE(!barista_workload_load(&again, yaml, ".", &err));
	check_same(net, again);
	fuzz_check_network(net, dev);
	barista_workload_free(again);
	barista_workload_free(net);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const main_input = "3x32x32";

	if (!*input)
		prepare();
	fuzz_write(input, data, size);
	try_import(&(struct barista_import_options){.input = NULL});
	try_import(&(struct barista_import_options){
		.input = &main_input, .ninputs = 1, .lenient = true});
	try_import(&(struct barista_import_options){
		.input = &main_input, .ninputs = 1, .batch = 7, .test_phase = true});
	return 0;
}
