/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"
#include "barista/family.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "io/file.h"
#include "measure/blas.h"
#include "measure/calibrate.h"
#include "measure/fit_burst.h"
#include "model/baseline.h"

#include <math.h>
#include <string.h>

struct host_power {
	double watts;
	const char *status, *source;
	char note[256];
};

/* Energy counters when they can be read, else the figure of the CPU's file. */
static struct host_power find_power(const struct barista_baseline *cpu, const struct cli_args *args,
				    const struct barista_host *host)
{
	struct host_power power = {cpu->power.value, "assumed", "file", ""};

	if (!isnan(host->power_w) && !args->cpu)
		return (struct host_power){host->power_w, "measured", "measured",
					   "package energy counters while OpenBLAS ran"};
	snprintf(power.note, sizeof power.note, "power of %.60s: %s", cpu->name,
		 args->cpu ? "given with --cpu"
			   : "the energy counters of this host cannot be read");
	return power;
}

static void real(FILE *f, double v)
{
	char text[32];

	barista_format_real(text, sizeof text, v);
	fputs(text, f);
}

/* YAML in single quotes. */
static void quoted(FILE *f, const char *s)
{
	fputc('\'', f);
	for (; *s; s++) {
		if (*s == '\'')
			fputc('\'', f);
		fputc(*s, f);
	}
	fputc('\'', f);
}

static void write_host(FILE *f, const struct barista_host *h, const struct host_power *power)
{
	char title[200];

	fputs("# SPDX-License-Identifier: GPL-3.0-or-later\n# written by barista-dse calibrate\n"
	      "kind: cpu\nname: this-host\ntitle: ",
	      f);
	snprintf(title, sizeof title, "%s%s", h->cpu,
		 barista_blas_is_behind() ? ", OpenBLAS with code for an older CPU" : "");
	quoted(f, title);
	fputs("\nsources:\n  measured: ", f);
	quoted(f, "measured by barista-dse calibrate on this host");
	fputs("\n  file: ", f);
	quoted(f, "the power of another CPU's file");
	fputs("\npower:\n  total: {value: ", f);
	real(f, power->watts);
	fprintf(f, " W, source: %s, status: %s, note: ", power->source, power->status);
	quoted(f, power->note);
	fputs("}\nmemory:\n  bandwidth: {value: ", f);
	real(f, h->mem_bandwidth);
	fputs(" bit/s, source: measured, status: measured, note: 'copy of 256 MiB, bits read and "
	      "written'}\n"
	      "host:\n  tile_time: {value: ",
	      f);
	real(f, h->tile_time * 1e9);
	fputs(" ns, source: measured, status: measured, note: 'both ways in tiles of 16 x 64 "
	      "fp32,\n"
	      "    one thread; robust fit over 64 KiB to 64 MiB'}\n"
	      "  tile_time_low: ",
	      f);
	real(f, h->tile_lo * 1e9);
	fputs(" ns\n  tile_time_high: ", f);
	real(f, h->tile_hi * 1e9);
	fputs(" ns\n# fp32, ", f);
	fprintf(f, "%s\ngemms:\n", h->blas);
	for (size_t i = 0; i < h->ngemms; i++) {
		fprintf(f, "  - {m: %lld, n: %lld, k: %lld, time: ", (long long)h->gemm[i].m,
			(long long)h->gemm[i].n, (long long)h->gemm[i].k);
		real(f, h->gemm[i].seconds * 1e6);
		fputs(" us}\n", f);
	}
}

static int print(const struct cli_args *args, const struct barista_host *h,
		 const struct host_power *power, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"M", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"N", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"K", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"OpenBLAS time", BARISTA_REAL, BARISTA_DIM_SECOND},
		{"rate", BARISTA_REAL, BARISTA_DIM_OP_PER_S},
		{"ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
	};
	struct barista_table *t = barista_table_make(columns, 6);

	if (args->format == BARISTA_TABLE)
		printf("%s\ntile and untile: %.3g ns per element (95 %% interval %.3g to %.3g)\n"
		       "memory: %.4g GB/s (copy, read and written)\npower: %.4g W, %s: %s\n%s\n\n",
		       h->cpu, h->tile_time * 1e9, h->tile_lo * 1e9, h->tile_hi * 1e9,
		       h->mem_bandwidth / 8e9, power->watts, power->status, power->note, h->blas);
	for (size_t i = 0; t && i < h->ngemms; i++) {
		const struct barista_gemm_time *g = &h->gemm[i];
		double rate = 2 * (double)g->m * (double)g->n * (double)g->k / g->seconds;

		barista_cell_real(t, (double)g->m);
		barista_cell_real(t, (double)g->n);
		barista_cell_real(t, (double)g->k);
		barista_cell_real(t, g->seconds);
		barista_cell_real(t, rate);
		barista_cell_real(t, rate / power->watts);
	}
	return cli_print_table(args, t, err);
}

static int calibrate(const struct cli_inputs *in, const struct cli_args *args,
		     struct barista_err *err)
{
	struct barista_out_file out;
	struct barista_host host;
	struct host_power power;
	struct cli_progress progress;
	const char *path = args->output ? args->output : "host.yaml";
	int rc = barista_out_open(&out, path, err);

	if (rc)
		return rc;
	barista_out_abandon(
		&out); /* it can be written; an interrupted measurement leaves nothing */
	cli_progress_start(&progress, args, "calibrating");
	rc = barista_host_measure(&host, in->lowered, cli_progress_step, &progress, err);
	cli_progress_end(&progress);
	if (rc)
		return rc;
	power = find_power(in->baseline, args, &host);
	if (!(rc = barista_out_open(&out, path, err))) {
		write_host(out.f, &host, &power);
		rc = barista_out_commit(&out, err);
	}
	if (!rc)
		rc = print(args, &host, &power, err);
	if (!rc && !args->quiet && barista_blas_is_behind())
		fprintf(stderr, "barista-dse: OpenBLAS does not know this CPU and runs its oldest "
				"code, so the "
				"baseline is slower than the CPU: measure again with "
				"OPENBLAS_CORETYPE=Haswell\n");
	if (!rc && !args->quiet)
		fprintf(stderr, "barista-dse: written to %s, for use with -H\n", path);
	barista_host_free(&host);
	return rc;
}

/* Facts of a board, ready to be put into its file. */
static int fit_bursts(const struct cli_args *args, struct barista_err *err)
{
	static const struct barista_column columns[] = {
		{"fact", BARISTA_TEXT, 0},
		{"value", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"low", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"high", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"unit", BARISTA_TEXT, 0},
	};
	struct barista_burst_fit fit;
	struct barista_table *t;
	int rc = barista_burst_fit_file(&fit, args->bursts, err);

	if (rc)
		return rc;
	t = barista_table_make(columns, 5);
	if (!t)
		return barista_no_memory(err);
	barista_cell_text(t, "memory.bandwidth");
	barista_cell_real(t, fit.peak / 8e9);
	barista_cell_real(t, fit.peak_lo / 8e9);
	barista_cell_real(t, fit.peak_hi / 8e9);
	barista_cell_text(t, "GB/s");
	barista_cell_text(t, "memory.burst_overhead");
	barista_cell_real(t, round(fit.overhead));
	barista_cell_real(t, round(fit.overhead_lo));
	barista_cell_real(t, round(fit.overhead_hi));
	barista_cell_text(t, "bit");
	if (args->format == BARISTA_TABLE)
		printf("peak * burst/(burst + overhead), robust fit on %zu pairs, 95 %% intervals; "
		       "largest error %.1f %%\n",
		       fit.n, 100 * fit.worst);
	return cli_print_table(args, t, err);
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct cli_inputs in = {.net = NULL};
	int rc;

	if (args->bursts)
		return fit_bursts(args, err);
	rc = cli_load_network(&in, args, err);

	if (!rc)
		rc = barista_baseline_load(&in.baseline, args->cpu ? args->cpu : "xeon-e5-2686v4",
					   in.data, err);
	if (!rc)
		rc = calibrate(&in, args, err);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_calibrate = {
	.name = "calibrate",
	.summary = "measure this host: tiling, memory, OpenBLAS time of a network's GEMMs, power",
	.operands = "",
	.example = "barista-dse calibrate -w alexnet-cifar10 -o host.yaml && "
		   "barista-dse search -w alexnet-cifar10 -H host.yaml",
	.details = "Writes a host file (default host.yaml) for the -H of other commands. The "
		   "figures are of\n"
		   "this machine as it is: leave it idle meanwhile.\n",
	.options = CLI_NETWORK_OPTIONS | 1ULL << OPT_LOWERING | 1ULL << OPT_LAYERS |
		   1ULL << OPT_OUTPUT | 1ULL << OPT_CPU | 1ULL << OPT_BURSTS | 1ULL << OPT_FORMAT |
		   1ULL << OPT_QUIET | 1ULL << OPT_DATA | 1ULL << OPT_HELP,
	.min_operands = 0,
	.max_operands = 0,
	.run = run,
};
