/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks the simulator against cases worked out by hand, and against what its buffers promise. */
#include <inttypes.h>
#include <stdio.h>

#include "streaming.h"

enum { LAYERS = 12, SAMPLES = 16 };

static int expect(const char *what, double got, double want)
{
	if (got == want)
		return 0;
	printf("streaming, %s: %.17g, not %.17g\n", what, got, want);
	return 1;
}

/* A stage whose backward pass mirrors its forward one. */
static struct sim_stage stage_of(int64_t in, int64_t out, int64_t kernel, int64_t pad,
				 int64_t cycles)
{
	struct sim_rows rows = {.rows_in = in,
				.rows_out = out,
				.kernel = kernel,
				.stride = 1,
				.pad = pad,
				.cycles = cycles,
				.cycles_in = cycles / 2,
				.line_rows = kernel + 1};
	struct sim_stage stage = {.forward = rows, .backward = rows, .wgrad_cycles = cycles};

	stage.backward.rows_in = out;
	stage.backward.rows_out = in;
	stage.backward.transposed = true;
	return stage;
}

/* The rows take 10 cycles each and need 2, 3, 4 and 4 rows of input. */
static int check_same(void)
{
	struct sim_stage stage = stage_of(4, 4, 3, 1, 40);
	struct sim_options paced = {.source = SIM_PACED}, separate = {.separate = true};
	struct sim_sample t;
	int failed = expect("status", sim_sample(&stage, 1, &paced, &t), SIM_OK);

	failed += expect("same, forward", t.forward, 60) +
		  expect("same, backward", t.backward, 60) + expect("same, total", t.total, 160);
	separate.source = SIM_FREE;
	failed += expect("status", sim_sample(&stage, 1, &separate, &t), SIM_OK);
	return failed + expect("free, forward", t.forward, 50) +
	       expect("free, both gradients", t.backward, 50);
}

/* The two rows take 20 cycles each and hold all four rows of input: those of the next sample wait
 * unless there is room for two of them. */
static int check_valid(void)
{
	struct sim_stage stage = stage_of(4, 2, 3, 0, 40);
	struct sim_interval t;
	int failed = expect("status", sim_interval(&stage, 1, SAMPLES, SIM_PACED, &t), SIM_OK);

	failed += expect("valid, narrow", (double)t.exact, 60) +
		  expect("valid, stalls", t.stall > 0, 1);
	sim_widen(&stage, 1);
	failed += expect("valid, buffer", (double)stage.forward.line_rows, 6);
	failed += expect("status", sim_interval(&stage, 1, SAMPLES, SIM_PACED, &t), SIM_OK);
	return failed + expect("valid, wide", (double)t.exact, 40) +
	       expect("valid, no stalls", t.stall, 0);
}

/* One row of the producer becomes eight at once. */
static int check_deadlock(void)
{
	struct sim_stage stage[2] = {stage_of(1, 1, 1, 0, 8), stage_of(8, 8, 3, 1, 8)};
	struct sim_options opt = {.source = SIM_PACED};
	struct sim_sample t;
	int failed = expect("deadlock", sim_sample(stage, 2, &opt, &t), SIM_DEADLOCK);

	sim_widen(stage, 2);
	failed += expect("no deadlock", sim_sample(stage, 2, &opt, &t), SIM_OK);
	return failed + expect("after one row", t.forward, 8 + 8 + 8);
}

static int check_count(void)
{
	struct sim_layer layer = {.type = SIM_CONV,
				  .cin = 4,
				  .h = 5,
				  .w = 5,
				  .cout = 6,
				  .oh = 3,
				  .ow = 3,
				  .kh = 3,
				  .kw = 3,
				  .stride_h = 2,
				  .stride_w = 2,
				  .dil_h = 1,
				  .dil_w = 1,
				  .groups = 2,
				  .pad_top = 1,
				  .pad_bottom = 1,
				  .pad_left = 1,
				  .pad_right = 1,
				  .input_gradient = true,
				  .weight_gradient = true,
				  .unroll_in = 1,
				  .unroll_out = 3,
				  .unroll_kernel = 9};
	struct sim_stage stage;
	int failed = expect("status", sim_stage_count(&layer, &stage), SIM_OK);

	return failed + expect("words bind", (double)stage.forward.cycles, 4 * 7 * 7) +
	       expect("backward", (double)stage.backward.cycles, 5 * 5 * 2 * 2) +
	       expect("weight gradient", (double)stage.wgrad_cycles, 3 * 3 * 2 * 2);
}

static int check_random(uint64_t *seed)
{
	struct sim_layer layer[LAYERS];
	struct sim_stage stage[LAYERS];
	size_t n = sim_random_network(seed, layer, LAYERS);
	int64_t slowest = 0;
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		failed += expect("status", sim_stage_count(&layer[i], &stage[i]), SIM_OK);
		slowest = stage[i].forward.cycles > slowest ? stage[i].forward.cycles : slowest;
	}
	sim_widen(stage, n);
	for (int source = SIM_PACED; n && source <= SIM_FREE; source++) {
		struct sim_interval t;

		failed += expect("status", sim_interval(stage, n, SAMPLES, source, &t), SIM_OK);
		failed += expect("interval", (double)t.exact, (double)slowest);
	}
	return failed;
}

int sim_streaming_self(uint64_t seed, size_t n)
{
	int failed = check_same() + check_valid() + check_deadlock() + check_count();

	for (size_t i = 0; i < n; i++) {
		uint64_t before = seed;
		int bad = check_random(&seed);

		if (bad)
			printf("streaming: seed %" PRIu64 "\n", before);
		failed += bad;
	}
	return failed;
}
