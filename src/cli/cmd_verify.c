/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the network's GEMMs on this CPU, in the kernel's order, and holds what was counted, computed
 * and timed against the model. */
#include "base/err.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/space.h"
#include "model/device.h"
#include "model/precision.h"
#include "report/verification.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>

/* Returns the kernel's own precision in the GEMM's pass. */
static enum barista_precision own_precision(const struct barista_verification *v, size_t gemm)
{
	const struct barista_family *f = v->model->family;
	enum barista_precision own = BARISTA_FP32;

	for (size_t k = 0; k < f->nknobs; k++)
		if (f->knob[k].categorical)
			own = barista_pass_precision(v->point.knob[k],
						     v->model->lowered->gemm[gemm].pass);
	return own;
}

static void add_run(struct barista_verification *v, enum barista_precision p, bool own,
		    const struct barista_check *c)
{
	struct barista_verified_precision *by = &v->precision[p];

	v->runs++;
	v->count_failures += !c->counts_equal;
	v->result_failures += !c->results_ok;
	by->runs++;
	by->error = fmax(by->error, c->max_error);
	by->of_bound = fmax(by->of_bound, c->max_of_bound);
	by->differing += c->differing;
	if (own)
		v->tile_time[v->ntile_times++] = c->tile_s_per_element;
}

/* Runs one GEMM on one set of data in every precision of the board. The kernel's own precision
 * gets a row on the first set. */
static int run_gemm(struct barista_verification *v, size_t gemm, int64_t image, int64_t seed,
		    struct barista_err *err)
{
	enum barista_precision own = own_precision(v, gemm);
	int64_t gemm_seed = seed + 2 * (image * 4096 + (int64_t)gemm);

	for (int i = 0; i < BARISTA_NPRECISIONS; i++) {
		enum barista_precision p = (enum barista_precision)i;
		struct barista_check check;
		int rc;

		if (!v->model->dev->has_precision[p])
			continue;
		rc = barista_check_run(v->model, &v->point, gemm, p, (unsigned long)gemm_seed,
				       &check, err);
		if (rc)
			return rc;
		add_run(v, p, p == own, &check);
		if (p == own && !image)
			v->gemm[v->ngemms++] = (struct barista_verified_gemm){gemm, own, check};
	}
	return 0;
}

static int run_gemms(struct barista_verification *v, const struct cli_check_options *o, bool quiet,
		     struct barista_err *err)
{
	size_t n = v->model->lowered->ngemms;
	struct cli_progress progress;
	int rc = 0;

	v->gemm = calloc(n, sizeof *v->gemm);
	v->tile_time = calloc(n * (size_t)o->images, sizeof *v->tile_time);
	if (!v->gemm || !v->tile_time)
		return barista_no_memory(err);
	cli_progress_start(&progress, "reference GEMMs", quiet);
	for (size_t g = 0; !rc && g < n; g++) {
		bool fits = barista_check_fits(v->model, &v->point, g, o->max_macs.value);

		v->skipped += !fits;
		for (int64_t image = 0; !rc && fits && image < o->images; image++)
			rc = run_gemm(v, g, image, o->seed, err);
		cli_progress_step(&progress, (double)(g + 1), (double)n, (double)NAN);
	}
	cli_progress_end(&progress);
	if (!rc && !v->runs)
		rc = barista_fail(err, BARISTA_E_INFEASIBLE,
				  "every GEMM is above --max-macs: nothing was verified, raise it");
	return rc;
}

/* Holds the model's equations against the times of this CPU. It is no failure when all GEMMs are
 * too large to be timed, but the user is told. */
static int time_pairs(struct barista_verification *v, const struct cli_check_options *o, bool quiet,
		      struct barista_err *err)
{
	struct cli_progress progress;
	int rc;

	cli_progress_start(&progress, "timing (GEMM, kernel) pairs", quiet);
	rc = barista_cpu_fit_run(&v->fit, v->model, (unsigned long)o->seed, o->max_macs.value,
				 cli_progress_step, &progress, err);
	cli_progress_end(&progress);
	if (rc != BARISTA_E_INFEASIBLE)
		return rc;
	cli_remark(quiet, "times not checked: %s", err->msg);
	v->fit.n = 0;
	return 0;
}

/* Parses the kernel that is named, or takes the best single one of the default search. */
static int choose_kernel(struct barista_verification *v, const char *text,
			 const struct cli_space_options *o, struct barista_err *err)
{
	const struct barista_search_options options = {.keep = 1};
	struct barista_search *search;
	struct barista_space space;
	int rc;

	if (text)
		return cli_parse_kernel(v->model, text, &v->point, err);
	if ((rc = cli_make_space(&space, v->model, o, err)) ||
	    (rc = barista_search_run(&search, v->model, &space, &options, err)))
		return rc;
	v->point = barista_search_top(search)->item[0].point;
	barista_search_free(search);
	return 0;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct cli_inputs in = {.net = NULL};
	struct barista_verification v = {.model = &in.model};
	bool quiet = args->output.quiet;
	int rc = cli_load_model(&in, &args->problem, quiet, err);

	if (!rc)
		rc = choose_kernel(&v, args->kernel, &args->space, err);
	if (!rc)
		rc = run_gemms(&v, &args->check, quiet, err);
	if (!rc)
		rc = time_pairs(&v, &args->check, quiet, err);
	if (!rc)
		rc = cli_print(&barista_verification_document, &v, &args->output, err);
	if (!rc)
		rc = barista_verification_verdict(&v, err);
	barista_cpu_fit_free(&v.fit);
	free(v.gemm);
	free(v.tile_time);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_verify = {
	.name = "verify",
	.summary = "run the reference GEMM on this CPU and hold it against the model",
	.example = "barista-dse verify -w resnet20-cifar10-b -k 16x16x64:fp32",
	.options = CLI_NETWORK_OPTIONS | CLI_BIT(OPT_DEVICE) | CLI_BIT(OPT_KERNEL) |
		   CLI_BIT(OPT_LOWERING) | CLI_BIT(OPT_LAYERS) | CLI_BIT(OPT_HOST) |
		   CLI_BIT(OPT_SET) | CLI_BIT(OPT_IMAGES) | CLI_BIT(OPT_MAX_MACS) |
		   CLI_BIT(OPT_SEED) | CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_QUIET) |
		   CLI_BIT(OPT_DATA) | CLI_BIT(OPT_HELP),
	.details =
		"Every distinct GEMM of the network, tile by tile in the kernel's order, in every\n"
		"precision of the device: tiles, multiply-accumulates (real and padded) and bytes "
		"(words\n"
		"of the precision's length) counted while it runs must equal the model's; results "
		"must\n"
		"match OpenBLAS within the rounding bound, integers exactly. Then the same "
		"equations with\n"
		"this CPU as the device, constants fitted on a random half of (GEMM, kernel) "
		"pairs, must\n"
		"predict the times of the other half. Exits with 1 otherwise.\n"
		"Without -k: the best single kernel of `search`.\n",
	.run = run,
};
