/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as the notation of a kernel or a design, in every family: what is understood must be
 * written and read again as the same point, and evaluate or be refused. */
#include "fuzz.h"

#include "barista/family.h"
#include "families/registry.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A board and LeNet, as each family takes it. */
static struct barista_device *dev;
static struct barista_workload *net;
static struct barista_lowered *lowered[8];

static void prepare(void)
{
	struct barista_err err;

	REQUIRE(!barista_device_load(&dev, "aws-f1-vu9p", ".", &err));
	REQUIRE(!barista_workload_load(&net, "lenet-mnist", ".", &err));
	for (size_t f = 0; barista_families[f]; f++)
		REQUIRE(!barista_lower(
			&lowered[f], net,
			barista_family_lowering(barista_families[f], false, BARISTA_LAYERS_DEFAULT),
			&err));
}

static void evaluate(size_t f, const struct barista_point *point)
{
	const struct barista_model model = {dev, lowered[f], barista_families[f]};
	double time[64];
	struct barista_result result = {.class_time = time};
	struct barista_err err = {0, ""};

	REQUIRE(lowered[f]->nclasses <= 64);
	if (fuzz_failed(barista_evaluate_point(&model, point, &result, &err), &err))
		return;
	REQUIRE(result.metric[BARISTA_TIME] > 0 && isfinite(result.metric[BARISTA_TIME]));
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		REQUIRE(!(result.metric[m] < 0));
}

static void try_family(size_t f, const char *text)
{
	const struct barista_family *family = barista_families[f];
	char written[BARISTA_POINT_TEXT], again[BARISTA_POINT_TEXT];
	struct barista_point point, same;
	struct barista_err err = {0, ""};

	if (fuzz_failed(family->parse(text, &point, &err), &err))
		return;
	family->format(&point, written, sizeof written);
	REQUIRE(memchr(written, 0, sizeof written));
	REQUIRE(!family->parse(written, &same, &err));
	for (size_t k = 0; k < family->nknobs; k++)
		REQUIRE(point.knob[k] == same.knob[k]);
	REQUIRE(point.nstages == same.nstages);
	family->format(&same, again, sizeof again);
	REQUIRE(!strcmp(written, again));
	evaluate(f, &point);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	REQUIRE(text);
	if (!dev)
		prepare();
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t f = 0; barista_families[f]; f++)
		try_family(f, text);
	free(text);
	return 0;
}
