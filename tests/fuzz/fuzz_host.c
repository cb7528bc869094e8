/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a host that `calibrate` wrote, or a baseline: what loads must feed a board, and give
 * figures of a network that are positive or unknown. */
#include "fuzz.h"

#include "barista/family.h"
#include "cli/load.h"
#include "families/registry.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/family.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static char path[200];
static struct barista_workload *net;
static struct barista_lowered *lowered;

static void remove_file(void)
{
	unlink(path);
}

static void prepare(void)
{
	struct barista_err err;

	fuzz_make_file(path, sizeof path, ".yaml");
	atexit(remove_file);
	REQUIRE(!barista_workload_load(&net, "lenet-mnist", ".", &err));
	REQUIRE(!barista_lower(
		&lowered, net,
		barista_family_lowering(barista_families[0], false, BARISTA_LAYERS_ALL), &err));
}

static void try_host(void)
{
	const struct cli_board_options none = {.device = NULL};
	struct barista_baseline *host = NULL;
	struct barista_device *dev;
	struct barista_err err = {0, ""};

	if (fuzz_failed(cli_load_host(&host, path, ".", &err), &err))
		return;
	REQUIRE(!cli_load_device(&dev, "aws-f1-vu9p", ".", host, &none, &err));
	fuzz_check_network(net, dev);
	barista_device_free(dev);
	barista_baseline_free(host);
}

static void try_baseline(void)
{
	struct barista_baseline *base;
	struct barista_err err = {0, ""};
	const char *from[64];
	double ppw[64];

	if (fuzz_failed(barista_baseline_load(&base, path, ".", &err), &err))
		return;
	REQUIRE(lowered->nlayers <= 64);
	barista_baseline_ppw(base, lowered, ppw, from);
	for (size_t l = 0; l < lowered->nlayers; l++)
		REQUIRE(isnan(ppw[l]) || (ppw[l] > 0 && isfinite(ppw[l])));
	REQUIRE(!(barista_baseline_mean(base, net) <= 0));
	barista_baseline_free(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!*path)
		prepare();
	fuzz_write(path, data, size);
	try_host();
	try_baseline();
	return 0;
}
