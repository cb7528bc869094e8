/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures this host, or fits a board's memory to measured bursts. */
#include "base/err.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "io/file.h"
#include "io/seal.h"
#include "measure/blas.h"
#include "model/baseline.h"
#include "report/calibration.h"

#include <math.h>

/* Energy counters tell the power when they can be read, unless a CPU was named; else its file
 * does. */
static void set_power(struct barista_calibration *c, const struct barista_baseline *cpu, bool named)
{
	c->power.measured = !isnan(c->host.power_w) && !named;
	c->power.watts = c->power.measured ? c->host.power_w : cpu->power.value;
	if (c->power.measured)
		snprintf(c->power.note, sizeof c->power.note,
			 "package energy counters while OpenBLAS ran");
	else
		snprintf(c->power.note, sizeof c->power.note, "power of %.60s: %s", cpu->name,
			 named ? "given with --cpu"
			       : "the energy counters of this host cannot be read");
}

static int measure(struct barista_calibration *c, const struct barista_lowered *lowered, bool quiet,
		   struct barista_err *err)
{
	struct cli_progress progress;
	int rc;

	cli_progress_start(&progress, "calibrating", quiet);
	rc = barista_host_measure(&c->host, lowered, cli_progress_step, &progress, err);
	cli_progress_end(&progress);
	return rc;
}

static int put_host(const void *calibration, FILE *f, struct barista_err *err)
{
	return barista_calibration_write(calibration, f, err);
}

/* Fails early when the file cannot be written; an interrupted measurement leaves nothing. */
static int try_file(const char *path, struct barista_err *err)
{
	struct barista_out_file out;
	int rc = barista_out_open(&out, path, err);

	if (rc)
		return rc;
	barista_out_abandon(&out);
	return barista_seal_check_replaceable(path, err);
}

/* The file may have changed while this host was measured. */
static int write_host(const char *path, const struct barista_calibration *c,
		      struct barista_err *err)
{
	int rc = barista_seal_check_replaceable(path, err);

	return rc ? rc : barista_write_file(path, true, put_host, c, err);
}

static int calibrate(const struct barista_lowered *lowered, const struct barista_baseline *cpu,
		     bool named, const struct cli_output_options *output, struct barista_err *err)
{
	const char *path = output->path ? output->path : "host.yaml";
	struct barista_calibration c;
	int rc = try_file(path, err);

	if (rc || (rc = measure(&c, lowered, output->quiet, err)))
		return rc;
	set_power(&c, cpu, named);
	rc = write_host(path, &c, err);
	if (!rc)
		rc = cli_print(&barista_calibration_document, &c, output, err);
	if (!rc && barista_blas_is_behind())
		cli_remark(output->quiet,
			   "OpenBLAS does not know this CPU and runs its oldest code, so the "
			   "baseline is slower than the CPU: measure again with "
			   "OPENBLAS_CORETYPE=Haswell");
	if (!rc)
		cli_remark(output->quiet, "written to %s, for use with -H", path);
	barista_host_free(&c.host);
	return rc;
}

static int fit_bursts(const char *path, const struct cli_output_options *output,
		      struct barista_err *err)
{
	struct barista_burst_fit fit;
	int rc;

	if (output->path)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--output: with --bursts no file is written; the fit goes to "
				    "standard output");
	rc = barista_burst_fit_file(&fit, path, err);
	return rc ? rc : cli_print(&barista_burst_fit_document, &fit, output, err);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	const char *cpu_name = args->calibration.cpu;
	struct cli_inputs in = {.net = NULL};
	struct barista_baseline *cpu = NULL;
	int rc;

	if (args->calibration.bursts)
		return fit_bursts(args->calibration.bursts, &args->output, err);
	rc = cli_load_network(&in, &args->problem, args->output.quiet, err);
	if (!rc)
		rc = barista_baseline_load(&cpu, cpu_name ? cpu_name : CLI_DEFAULT_CPU,
					   cli_data_dir(args->problem.data), err);
	if (!rc)
		rc = calibrate(in.lowered, cpu, cpu_name != NULL, &args->output, err);
	barista_baseline_free(cpu);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_calibrate = {
	.name = "calibrate",
	.summary = "measure this host: tiling, memory, OpenBLAS time of a network's GEMMs, power",
	.example = "barista-dse calibrate -w alexnet-cifar10 -o host.yaml && "
		   "barista-dse search -w alexnet-cifar10 -H host.yaml",
	.options = CLI_NETWORK_OPTIONS | CLI_BIT(OPT_LOWERING) | CLI_BIT(OPT_LAYERS) |
		   CLI_BIT(OPT_OUTPUT) | CLI_BIT(OPT_CPU) | CLI_BIT(OPT_BURSTS) |
		   CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_DATA) | CLI_BIT(OPT_HELP),
	.details = "Writes a host file (default host.yaml) for the -H of other commands; an older "
		   "one is replaced\n"
		   "unless you edited it. The figures are of this machine as it is: leave it idle "
		   "meanwhile.\n",
	.run = run,
};
