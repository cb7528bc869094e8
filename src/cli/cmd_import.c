/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a network of Caffe or ONNX into a workload file. */
#include "base/err.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "import/import.h"
#include "io/file.h"
#include "network/workload.h"
#include "report/network.h"

#include <sys/stat.h>

/* The output may be the network itself, or a workload that was changed by hand. */
static int check_paths(const char *from, const char *to, struct barista_err *err)
{
	struct stat st;

	if (barista_ends_with(from, ".yaml"))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.300s' is a workload already: use it with -w", from);
	if (!to)
		return 0;
	if (!barista_ends_with(to, ".yaml"))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--output: '%.300s' must end in .yaml, for -w to take it", to);
	if (!lstat(to, &st))
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"--output: '%.300s' exists; it is left alone, name another file", to);
	return 0;
}

static int put_yaml(const void *net, FILE *f, struct barista_err *err)
{
	(void)err;
	fputs(((const struct barista_workload *)net)->yaml, f);
	return 0;
}

static int write_file(const struct barista_workload *net, const struct cli_output_options *output,
		      struct barista_err *err)
{
	int rc = barista_write_file(output->path, true, put_yaml, net, err);

	if (rc || (rc = cli_print(&barista_network_document, net, output, err)))
		return rc;
	cli_remark(output->quiet, "written to %s, for use with -w", output->path);
	return 0;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const char *from = args->operand[0];
	struct barista_import_options options = cli_import_options(&args->problem.import);
	struct barista_workload *net;
	int rc = check_paths(from, args->output.path, err);

	if (rc || (rc = barista_workload_import(&net, from, &options, err)))
		return rc;
	if (net->remarks && !args->output.quiet)
		cli_put_message(net->remarks);
	if (args->output.path)
		rc = write_file(net, &args->output, err);
	else
		fputs(net->yaml, stdout);
	barista_workload_free(net);
	return rc;
}

const struct cli_command cli_import = {
	.name = "import",
	.summary = "a network of Caffe or ONNX as a workload file",
	.operands = "FILE",
	.example = "barista-dse import train_val.prototxt --input 3x227x227 -o net.yaml && "
		   "barista-dse search -w ./net.yaml",
	.details = "FILE is Caffe's text format, of a network or of the solver that trains it, or, "
		   "when it ends in .onnx,\n"
		   "an ONNX model. Without -o the workload goes to standard output. Commands with "
		   "-w take FILE itself too.\n",
	.options =
		CLI_IMPORT_OPTIONS | CLI_BIT(OPT_OUTPUT) | CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP),
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
