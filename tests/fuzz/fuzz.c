/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* mkstemps */
#include "fuzz.h"

#include "barista/family.h"
#include "families/registry.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fuzz_violated(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: violated: %s\n", file, line, what);
	abort();
}

void fuzz_make_file(char *path, size_t size, const char *ending)
{
	const char *folder = getenv("TMPDIR");
	int fd;

	if (!folder)
		folder = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	snprintf(path, size, "%.150s/barista-fuzz-XXXXXX%s", folder, ending);
	fd = mkstemps(path, (int)strlen(ending));
	REQUIRE(fd >= 0);
	close(fd);
}

void fuzz_write(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	REQUIRE(f && fwrite(data, 1, size, f) == size && !fclose(f));
}

int fuzz_failed(int rc, const struct barista_err *err)
{
	REQUIRE(rc == BARISTA_OK || rc == BARISTA_E_INPUT || rc == BARISTA_E_ARGUMENT);
	REQUIRE(rc == BARISTA_OK ||
		(err->status == rc && *err->msg && memchr(err->msg, 0, sizeof err->msg)));
	return rc;
}

/* 16x16x64 in the first precision that the device has. */
static void evaluate(const struct barista_device *dev, const struct barista_lowered *lowered)
{
	const struct barista_model model = {dev, lowered, barista_families[0]};
	double *time = calloc(lowered->nclasses, sizeof *time);
	struct barista_point point = {
		.knob = {16, 16, 64, 0, 2, 4, 2, 3}}; /* a rich kernel: all terms */
	struct barista_result result = {.class_time = time};
	struct barista_err err;
	int p = 0;

	REQUIRE(time);
	while (p < BARISTA_NPRECISIONS && !dev->has_precision[p])
		p++;
	REQUIRE(p < BARISTA_NPRECISIONS);
	point.knob[3] = barista_precision_knob_all((enum barista_precision)p);
	REQUIRE(!barista_evaluate_point(&model, &point, &result, &err));
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		REQUIRE(isfinite(result.metric[m]) && result.metric[m] >= 0);
	for (size_t s = 0; s < lowered->nclasses; s++)
		REQUIRE(isfinite(time[s]) && time[s] > 0);
	REQUIRE(result.metric[BARISTA_TIME] > 0 &&
		result.metric[BARISTA_RATE] <= result.metric[BARISTA_PEAK]);
	free(time);
}

void fuzz_check_network(const struct barista_workload *net, const struct barista_device *dev)
{
	struct barista_err err = {0, ""};

	for (int how = 0; how < 4; how++) {
		struct barista_lowered *lowered;

		/* It may be refused: without convolutions, or for counts that are not exact. */
		if (fuzz_failed(barista_lower(&lowered, net,
					      (struct barista_lowering){.batched_gemm = how & 1,
									.all_layers = how & 2},
					      &err),
				&err))
			continue;
		REQUIRE(lowered->ops > 0 && lowered->nlayers >= 1 &&
			lowered->nlayers <= net->nmac_layers);
		evaluate(dev, lowered);
		barista_lowered_free(lowered);
	}
}
