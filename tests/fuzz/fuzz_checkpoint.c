/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a checkpoint: as they are, and, when they are JSON, written and sealed as the program
 * does, so that what lies behind the checksum is reached. Kept kernels must be of the space. */
#include "fuzz.h"

#include "base/arena.h"
#include "barista/family.h"
#include "families/registry.h"
#include "io/file.h"
#include "io/json.h"
#include "model/device.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"
#include "search/checkpoint.h"
#include "search/incumbents.h"
#include "search/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUTS "inputs"

enum { NBLOCKS = 9 };

static char path[200];
static struct barista_device *dev;
static struct barista_workload *net;
static struct barista_lowered *lowered;
static struct barista_space space;

static void remove_file(void)
{
	unlink(path);
}

static void prepare(void)
{
	const struct barista_family *family = barista_families[0];
	struct barista_err err;

	fuzz_make_file(path, sizeof path, "");
	atexit(remove_file);
	REQUIRE(!barista_device_load(&dev, "aws-f1-vu9p", ".", &err));
	REQUIRE(!barista_workload_load(&net, "lenet-mnist", ".", &err));
	REQUIRE(!barista_lower(&lowered, net,
			       barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT),
			       &err));
	for (size_t k = 0; k < family->nknobs; k++)
		space.range[k] = (struct barista_range){1, 64, false};
	space.nchoices = 1;
	space.choice[0] = barista_precision_knob_all(BARISTA_FP32);
}

static void check_kept(const struct barista_search *s)
{
	size_t precision = s->model->family->knob_order[0];

	for (size_t r = 0; r < s->nranked + BARISTA_NRANKINGS; r++) {
		const struct barista_ranking *top = barista_incumbents_ranking(s, r);

		for (size_t i = 0; i < top->n; i++) {
			const struct barista_candidate *c = &top->item[i];

			REQUIRE(c->metric[BARISTA_TIME] > 0 && isfinite(c->metric[BARISTA_TIME]));
			for (size_t k = 0; k < s->model->family->nknobs; k++)
				REQUIRE(k == precision
						? c->point.knob[k] == space.choice[0]
						: c->point.knob[k] >= 1 && c->point.knob[k] <= 64);
		}
	}
	REQUIRE(s->certificate.evaluated >= 0 && isfinite(s->certificate.evaluated));
}

static void try_load(void)
{
	const struct barista_model model = {dev, lowered, barista_families[0]};
	const struct barista_search_options options = {.keep = 2};
	struct barista_arena *arena = barista_arena_make();
	struct barista_search search = {.model = &model, .arena = arena};
	unsigned char done[NBLOCKS] = {0};
	struct barista_checkpoint file = {.path = path, .inputs = INPUTS};
	struct barista_err err = {0, ""};
	int rc;

	REQUIRE(arena && barista_incumbents_init(&search, &options));
	rc = barista_checkpoint_load(&file, &space, &search, done, NBLOCKS, &err);
	/* Text that is not as the program writes it counts as lost for want of memory. */
	if (rc == BARISTA_E_SYSTEM)
		REQUIRE(strstr(err.msg, "memory"));
	else if (!fuzz_failed(rc, &err))
		check_kept(&search);
	barista_arena_free(arena);
}

static void write_sealed(const char *text)
{
	char hex[65], line[200];
	FILE *f = fopen(path, "wb");

	barista_sha256(text, strlen(text), hex);
	snprintf(line, sizeof line,
		 "{\"program\": \"barista-dse\", \"kind\": \"checkpoint\", \"sha256\": \"%s\"}\n",
		 hex);
	REQUIRE(f && fputs(line, f) >= 0 && fputs(text, f) >= 0 && !fclose(f));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *value;
	char *text;

	if (!*path)
		prepare();
	fuzz_write(path, data, size);
	try_load();
	value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	text = value ? barista_json_dump(value) : NULL;
	json_decref(value);
	if (text) {
		write_sealed(text);
		try_load();
	}
	free(text);
	return 0;
}
