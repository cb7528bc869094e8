/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include "barista/family.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/isa.h"
#include "families/registry.h"
#include "families/systolic/loops.h"
#include "measure/timer.h"
#include "model/family.h"
#include "network/lowering.h"
#include "search/search.h"
#include "search/space.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { RUNS = 5, LENGTH = 512, TIMES = 1000 };

struct subject {
	struct barista_workload *net;
	struct barista_device *dev;
	struct barista_lowered *lowered;
	struct barista_model model;
	struct barista_space space;
};

static double median(double *x, size_t n)
{
	gsl_sort(x, 1, n);
	return gsl_stats_median_from_sorted_data(x, 1, n);
}

static void check(int rc, const struct barista_err *err)
{
	if (!rc)
		return;
	fprintf(stderr, "bench: %s\n", err->msg);
	exit(BARISTA_E_SYSTEM);
}

/* Every integer tile of ResNet-50 on the default board in fp32. */
static struct subject open_subject(void)
{
	struct subject s;
	struct barista_err err;

	check(barista_workload_load(&s.net, "resnet50", ".", &err), &err);
	check(barista_device_load(&s.dev, "aws-f1-vu9p", ".", &err), &err);
	check(barista_lower(&s.lowered, s.net,
			    (struct barista_lowering){.batched_gemm = false, .all_layers = false},
			    &err),
	      &err);
	s.model = (struct barista_model){s.dev, s.lowered, barista_families[0]};
	barista_space_default(&s.space, &s.model);
	for (size_t k = 0; k < s.model.family->nknobs; k++) {
		s.space.range[k].powers_of_two = false;
		if (isnan(s.model.family->knob[k].default_value))
			s.space.range[k].hi = s.model.family->max_useful(&s.model, k);
	}
	return s;
}

static void close_subject(struct subject *s)
{
	barista_lowered_free(s->lowered);
	barista_device_free(s->dev);
	barista_workload_free(s->net);
}

/* GEMM evaluations per second of an exhaustive sweep. */
static double sweep_rate(const struct subject *s, const struct barista_space *space, int threads)
{
	struct barista_search_options options = {.keep = 1, .exhaustive = true, .threads = threads};
	struct barista_search *search;
	struct barista_err err;
	double start = barista_now(), rate;

	check(barista_search_run(&search, &s->model, space, &options, &err), &err);
	rate = search->certificate.evaluated * (double)s->lowered->ngemms / (barista_now() - start);
	barista_search_free(search);
	return rate;
}

/* The same arithmetic on columns that stay in the first cache, and nothing around it. */
struct arithmetic {
	struct class_run run;
	double column[4 * LENGTH];
	double sink;
};

static void calculate(void *arg)
{
	struct arithmetic *a = arg;

	const struct barista_loops *loops = barista_loops_for(barista_isa_best());

	for (int i = 0; i < TIMES; i++)
		a->sink += loops->class(&a->run);
}

static double arithmetic_rate(void)
{
	static struct arithmetic a;

	a.run = (struct class_run){.n = LENGTH,
				   .ngemms = BARISTA_NPASSES,
				   .kind = RUN_BASIC,
				   .time = a.column + 3 * LENGTH};
	for (size_t i = 0; i < 3 * LENGTH; i++)
		a.column[i] = (double)(576 + i % 61);
	for (size_t g = 0; g < BARISTA_NPASSES; g++) {
		a.run.line[g] = (struct linear_in_kprime){.host_k = 1e-6,
							  .host_0 = 1e-5,
							  .mem_k = 1e-7,
							  .mem_0 = 1e-6,
							  .cycle = 2e-7,
							  .fixed = 40};
		a.run.weight[g] = 1;
		a.run.q_k[g] = a.column + g * LENGTH;
	}
	return (double)BARISTA_NPASSES * LENGTH * TIMES / barista_time_min(calculate, &a, 3, 0.02);
}

/* The richer kernel: a space cut down to layouts that divide their tiles. */
static struct barista_space richer_space(const struct subject *s)
{
	static const double fixed[] = {4, 2, 4, 2}; /* V, R_M, R_N, U */
	struct barista_space space = s->space;

	for (size_t k = 0; k < 4; k++)
		space.range[4 + k] = (struct barista_range){fixed[k], fixed[k], false};
	space.range[8] = space.range[9] = (struct barista_range){2, 2, false};
	return space;
}

static void add_precisions(struct subject *s)
{
	struct barista_point p;
	struct barista_err err;

	check(s->model.family->parse("1x1x64:int16", &p, &err), &err);
	s->space.choice[s->space.nchoices++] = p.knob[s->model.family->knob_order[0]];
}

static void bench_sweeps(json_t *out)
{
	struct subject s = open_subject();
	struct barista_space richer = richer_space(&s);
	double one[RUNS], two[RUNS], rich[RUNS], limit[RUNS], share[RUNS], gain[RUNS],
		quarter[RUNS];

	for (int i = 0; i < RUNS; i++) {
		limit[i] = arithmetic_rate();
		one[i] = sweep_rate(&s, &s.space, 1);
		rich[i] = sweep_rate(&s, &richer, 1);
		share[i] = one[i] / limit[i];
		quarter[i] = rich[i] / one[i];
	}
	/* Some seconds of work, so that neither a thread's start nor a neighbour's moment decides.
	 */
	add_precisions(&s);
	for (int i = 0; i < RUNS; i++) {
		two[i] = sweep_rate(&s, &s.space, 2);
		gain[i] = two[i] / sweep_rate(&s, &s.space, 1);
	}
	json_object_set_new(out, "evals_per_s_core", json_real(median(one, RUNS)));
	json_object_set_new(out, "limit_ratio", json_real(median(share, RUNS)));
	json_object_set_new(out, "threads2_speedup", json_real(median(gain, RUNS)));
	json_object_set_new(out, "richer_vs_plain", json_real(median(quarter, RUNS)));
	printf("every integer tile of ResNet-50, one core, %s: %.3g GEMM evaluations/s, %.2f of "
	       "the bare arithmetic's %.3g; two "
	       "threads %.2f times one; the richer kernel %.2f of Barista's\n",
	       barista_isa_names[barista_isa_best()], one[RUNS / 2], share[RUNS / 2],
	       median(limit, RUNS), gain[RUNS / 2], quarter[RUNS / 2]);
	close_subject(&s);
}

/* ---- whole commands, start-up and files included ---- */

/* Wall time: the work is another process's. */
static double run_command(const char *command)
{
	double start = barista_now();

	if (system(command)) {
		fprintf(stderr, "bench: failed: %s\n", command);
		exit(BARISTA_E_SYSTEM);
	}
	return barista_now() - start;
}

static double command_median(const char *command, size_t n)
{
	double t[16];

	for (size_t i = 0; i < n; i++)
		t[i] = run_command(command);
	return median(t, n);
}

static double peak_rss_bytes(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return 1024 * (double)usage.ru_maxrss;
}

#define RICHER                                                                              \
	"--vector 1:64 --outputs-m 1:64 --outputs-n 1:64 --replicas 1:16 --in-buffers 1:2 " \
	"--out-buffers 1:2"

/* Share of the space that was evaluated, what was evaluated to begin with included. */
static double fraction_evaluated(const char *program)
{
	char command[4400];
	FILE *f;
	json_t *all, *board;
	double evaluated, points;

	snprintf(command, sizeof command, "%s search -w resnet50 --precision all -q --format json",
		 program);
	f = popen(command, "r");
	all = f ? json_loadf(f, 0, NULL) : NULL;
	board = json_array_size(json_object_get(all, "boards"))
			? json_array_get(json_object_get(all, "boards"), 0)
			: all;
	evaluated = json_number_value(
			    json_object_get(json_object_get(board, "certificate"), "evaluated")) +
		    json_number_value(json_object_get(json_object_get(board, "certificate"),
						      "evaluated_to_begin_with"));
	points = json_number_value(json_object_get(board, "points"));
	json_decref(all);
	if (f)
		pclose(f);
	return evaluated / points;
}

static void bench_commands(json_t *out, const char *program)
{
	char exact[4400], swept[4400], richer[4600];
	double a, b, c;

	snprintf(exact, sizeof exact, "%s search -w resnet50 --precision all -q >/dev/null",
		 program);
	snprintf(swept, sizeof swept, "%s search -w resnet50 --exhaustive -q >/dev/null", program);
	snprintf(richer, sizeof richer, "%s search -w resnet50 " RICHER " -q >/dev/null", program);
	a = command_median(exact, 15);
	b = command_median(richer, 3);
	c = command_median(swept, 3);
	json_object_set_new(out, "exact_resnet50_s", json_real(a));
	json_object_set_new(out, "exact_fraction_evaluated",
			    json_real(fraction_evaluated(program)));
	json_object_set_new(out, "exact_richer_resnet50_s", json_real(b));
	json_object_set_new(out, "exhaustive_resnet50_fp32_s", json_real(c));
	json_object_set_new(out, "peak_rss_bytes", json_real(peak_rss_bytes()));
	printf("ResNet-50, whole commands: exact, all precisions %.0f ms; exact, the richer kernel "
	       "in fp32 %.2f s; exhaustive in "
	       "fp32 %.2f s; at most %.1f MiB\n",
	       a * 1e3, b, c, peak_rss_bytes() / 1048576);
}

static void bench_ranks(json_t *out, const char *mpi_program)
{
	char one[4600], two[4600];
	double gain[3];
	const char *how = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun "
			  "--oversubscribe -n";
	const char *what = "search -w resnet50 --exhaustive --precision int8,int16 -q >/dev/null";

	snprintf(one, sizeof one, "%s 1 %s %s", how, mpi_program, what);
	snprintf(two, sizeof two, "%s 2 %s %s", how, mpi_program, what);
	for (int i = 0; i < 3; i++)
		gain[i] = run_command(one) / run_command(two);
	json_object_set_new(out, "ranks2_speedup", json_real(median(gain, 3)));
	printf("two ranks %.2f times one, mpirun's start included\n", gain[1]);
}

void bench_search(json_t *out, const char *program, const char *mpi_program)
{
	bench_sweeps(out);
	bench_commands(out, program);
	bench_ranks(out, mpi_program);
}
