/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "io/file.h"
#include "network/workload.h"

#include <string.h>
#include <sys/stat.h>

static int write_to(const char *path, const struct barista_workload *net, struct barista_err *err)
{
	struct barista_out_file out;
	int rc = barista_out_open(&out, path, err);

	if (rc)
		return rc;
	fputs(net->yaml, out.f);
	return barista_out_commit(&out, err);
}

/* The output may be the network itself, or a workload that was changed by hand. */
static int check_paths(const struct cli_args *args, struct barista_err *err)
{
	const char *to = args->output;
	struct stat st;

	if (barista_ends_with(args->rest[0], ".yaml"))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.300s' is a workload already: use it with -w",
				    args->rest[0]);
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

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct barista_workload *net;
	int rc = check_paths(args, err);

	if (rc || (rc = barista_workload_import(&net, args->rest[0], &args->import, err)))
		return rc;
	if (net->remarks && !args->quiet)
		fputs(net->remarks, stderr);
	if (args->output && !(rc = write_to(args->output, net, err))) {
		rc = cli_print_network(args, net, err);
		if (!rc && !args->quiet)
			fprintf(stderr, "barista-dse: written to %s, for use with -w\n",
				args->output);
	} else if (!args->output) {
		fputs(net->yaml, stdout);
	}
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
	.options = CLI_IMPORT_OPTIONS | 1ULL << OPT_OUTPUT | 1ULL << OPT_QUIET | 1ULL << OPT_HELP,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
