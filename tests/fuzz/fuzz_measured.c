/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as measurements: rows of designs that ran, which the model must predict or refuse, and
 * pairs of burst and rate to fit. */
#include "fuzz.h"

#include "measure/fit_burst.h"
#include "measure/measurements.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static char path[200];

static void remove_file(void)
{
	unlink(path);
}

static void try_rows(void)
{
	struct barista_measured *m;
	struct barista_err err = {0, ""};

	if (fuzz_failed(barista_measured_load(&m, path, ".", &err), &err))
		return;
	for (size_t i = 0; i < m->n && i < 8; i++) {
		struct barista_prediction p;
		int rc = barista_measured_predict(&m->row[i], ".", &p, &err);

		REQUIRE(m->row[i].time_s > 0 && isfinite(m->row[i].time_s));
		/* A row may be of a kernel that its board cannot build. */
		if (rc != BARISTA_E_INFEASIBLE && !fuzz_failed(rc, &err))
			REQUIRE(p.time_s > 0 && isfinite(p.time_s) && p.binds);
	}
	barista_measured_free(m);
}

static void try_bursts(void)
{
	struct barista_burst_fit fit;
	struct barista_err err = {0, ""};

	if (fuzz_failed(barista_burst_fit_file(&fit, path, &err), &err))
		return;
	REQUIRE(fit.n >= 3 && fit.peak > 0 && isfinite(fit.peak) && fit.overhead >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!*path) {
		fuzz_make_file(path, sizeof path, ".yaml");
		atexit(remove_file);
	}
	fuzz_write(path, data, size);
	try_rows();
	try_bursts();
	return 0;
}
