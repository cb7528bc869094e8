/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shows a file: a network, a board or a processor. */
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "import/format.h"
#include "io/catalog.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/workload.h"
#include "report/network.h"
#include "report/quantities.h"

#include <string.h>

static int show_network(const char *name, const char *data_dir, const struct cli_import_options *o,
			const struct cli_output_options *output, struct barista_err *err)
{
	struct barista_workload *net;
	int rc = cli_load_workload(&net, name, data_dir, o, output->quiet, err);

	if (rc)
		return rc;
	rc = cli_print(&barista_network_document, net, output, err);
	barista_workload_free(net);
	return rc;
}

static int show_device(const char *name, const char *data_dir,
		       const struct cli_output_options *output, struct barista_err *err)
{
	struct barista_device *dev;
	int rc = barista_device_load(&dev, name, data_dir, err);

	if (rc)
		return rc;
	rc = cli_print(&barista_device_document, dev, output, err);
	barista_device_free(dev);
	return rc;
}

static int show_baseline(const char *name, const char *data_dir,
			 const struct cli_output_options *output, struct barista_err *err)
{
	struct barista_baseline *b;
	int rc = barista_baseline_load(&b, name, data_dir, err);

	if (rc)
		return rc;
	rc = cli_print(&barista_baseline_document, b, output, err);
	barista_baseline_free(b);
	return rc;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const char *name = args->operand[0], *data_dir = cli_data_dir(args->problem.data);
	char kind[32] = "workload";
	int rc = 0;

	if (!barista_import_format_find(name))
		rc = barista_catalog_find_kind(name, data_dir, kind, sizeof kind, err);
	if (rc)
		return rc;
	if (!strcmp(kind, "workload"))
		return show_network(name, data_dir, &args->problem.import, &args->output, err);
	return strcmp(kind, "fpga") ? show_baseline(name, data_dir, &args->output, err)
				    : show_device(name, data_dir, &args->output, err);
}

const struct cli_command cli_show = {
	.name = "show",
	.summary = "every value of a device, host or network, with its unit and source",
	.operands = "NAME|FILE",
	.example = "barista-dse show aws-f1-vu9p",
	.options = CLI_IMPORT_OPTIONS | CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_DATA) |
		   CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP),
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
