/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The streaming family: cycles and resources worked out by hand, its notation, and what it refuses.
 * No published time can be tested: [BP] gives 2.8, 5.8 and 3 times that of a GPU, for networks
 * whose layers it does not list. */
#include "check.h"

#include "families/streaming/streaming.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"

void streaming_open(struct fixture *f, const char *device, const char *network)
{
	fixture_open(f, device, network,
		     barista_family_lowering(barista_family_find("streaming"), false,
					     BARISTA_LAYERS_DEFAULT));
	f->model.family = barista_family_find("streaming");
}

static const char two_layers[] = "kind: workload\nname: two\ntitle: two layers\nsource: a "
				 "test\nstatus: assumed\nbatch: 1\ninput: [4, 8, 8]\nlayers:\n"
				 "  - {name: conv, type: conv, in: [4, 8, 8], out: 6, kernel: [3, "
				 "3], pad: [1, 1], input_gradient: false}\n"
				 "  - {name: fc, type: fc, in: 384, out: 10}\n";

static int evaluate_text(const struct fixture *f, const char *text, struct barista_result *out,
			 struct barista_err *err)
{
	struct barista_point p;
	int rc = f->model.family->parse(text, &p, err);

	return rc ? rc : barista_evaluate_point(&f->model, &p, out, err);
}

/* The layer conv, unrolled 2.3.9, has 2*2*1 = 4 folds. Its intervals are max(4*10*10/2, 6*64/3,
 * 64*4) = 256 forward and 64*4 = 256 for its weights; it passes no errors on. Its 8 rows need 2, 3,
 * .. 8 and 8 rows of input: two wait for the last, so that 2*256/8 = 64 cycles add to the slowest
 * of its segment and 6*256/8 = 192 compete to be the slowest. Its source takes 400/2 = 200 cycles
 * and gives two of 8 rows before the first can start: 50 cycles add, 150 compete.
 *
 * The layer fc, unrolled 8.5.1, has 48*2 = 96 folds. Forward it takes max(384/8, 10/5, 96) = 96
 * cycles, alone in its segment as it needs all of conv; backward it takes 96, after the 10/5 = 2 of
 * the loss.
 *
 * With separate engines its weight gradient takes no longer than its errors, and that of conv
 * follows them, which takes as long as if engines were shared. */
static void times_by_hand(void **state)
{
	double class_time[2];
	struct barista_result r = {.class_time = class_time};
	struct barista_err err;
	struct fixture f;
	double f_hz;

	(void)state;
	streaming_open(&f, "zynq-7100", write_text("two.yaml", two_layers));
	f_hz = f.dev->param[BARISTA_CLOCK].value;
	CHECK_OK(evaluate_text(&f, "shared/2.3.9,8.5.1:int16", &r, &err), &err);
	CHECK(near(class_time[0] * f_hz, 256 + 256, 1e-14), "conv: %g cycles",
	      class_time[0] * f_hz);
	CHECK(near(class_time[1] * f_hz, 3 * 96, 1e-14), "fc: %g cycles", class_time[1] * f_hz);
	CHECK(near(r.metric[BARISTA_TIME] * f_hz, 50 + 64 + 192 + 96 + 2 + 96 + 256, 1e-14), "%g",
	      r.metric[BARISTA_TIME] * f_hz);
	assert_true(r.metric[BARISTA_DSP] == 54 + 40);
	CHECK_OK(evaluate_text(&f, "separate/2.3.9,8.5.1:int16", &r, &err), &err);
	CHECK(near(class_time[1] * f_hz, 2 * 96, 1e-14), "fc: %g cycles", class_time[1] * f_hz);
	CHECK(near(r.metric[BARISTA_TIME] * f_hz, 50 + 64 + 192 + 96 + 2 + 96 + 256, 1e-14), "%g",
	      r.metric[BARISTA_TIME] * f_hz);
	assert_true(r.metric[BARISTA_DSP] == 2 * (54 + 40));
	assert_true(r.metric[BARISTA_LUT] == 60 * 188 && r.metric[BARISTA_FF] == 100 * 188);
	CHECK(near(r.metric[BARISTA_PEAK], 2 * 188 * f_hz, 1e-14), "%g", r.metric[BARISTA_PEAK]);
	CHECK(near(r.metric[BARISTA_RATE], f.lowered->ops / r.metric[BARISTA_TIME], 1e-14), "%g",
	      r.metric[BARISTA_RATE]);
	fixture_close(&f);
}

/* In int16, unrolled 1.1.1, the memories of conv take half a block each: its line buffer of 4 rows
 * of 10 words of 4 channels has 160 x 16 bits, its weights and their gradients 216 x 16 each, its
 * input 256 x 16, and the errors 384 x 16. Those of fc are two rows of 384, half a block; 10
 * errors, which go into LUTs; weights and gradients of 3840 words, padded to 4096, whose 16 bits
 * take four memories of 4096 x 4, two blocks each; and an input of 384 x 16, half a block. */
static void block_rams_by_hand(void **state)
{
	double class_time[2];
	struct barista_result r = {.class_time = class_time};
	struct barista_err err;
	struct fixture f;

	(void)state;
	streaming_open(&f, "zynq-7100", write_text("two.yaml", two_layers));
	CHECK_OK(evaluate_text(&f, "shared/1.1.1", &r, &err), &err);
	CHECK(r.metric[BARISTA_BRAM] == 5 * 0.5 + 0.5 + 2 + 2 + 0.5, "%g", r.metric[BARISTA_BRAM]);
	/* Unrolled 8.1.1, the weights of fc are 480 x 128 bits: four times 512 x 36, two blocks.
	 * So are their gradients, its input of 48 x 128, and two rows of it. */
	CHECK_OK(evaluate_text(&f, "shared/1.1.1,8.1.1", &r, &err), &err);
	CHECK(r.metric[BARISTA_BRAM] == 5 * 0.5 + 2 + 2 + 2 + 2, "%g", r.metric[BARISTA_BRAM]);
	/* With separate engines, the one row of fc's errors is all 8 of conv's: a buffer of these
	 * and the next has 16 * 8 * 6 words of 16 bits, which is half a block. */
	CHECK_OK(evaluate_text(&f, "separate/1.1.1", &r, &err), &err);
	CHECK(r.metric[BARISTA_BRAM] == 5 * 0.5 + 0.5 + 2 + 2 + 0.5, "%g", r.metric[BARISTA_BRAM]);
	fixture_close(&f);
}

/* The rows that the line buffer of a single layer holds: those made and not yet let go of, when
 * both sides go on evenly and the stage starts so late that it never waits. With a kernel of 3 x 3
 * and pads, row r starts two rows late, reads from row r - 1 on, and ends when row r + 2 is in: 4
 * rows. Without pads, 8 rows become 6 and the stage is 3 rows late, which is 18/48 of the interval.
 * While it makes its row 3, which ends at 50/48, row 8, the next sample's first, comes and rows 3
 * to 7 are held: 6 rows. */
struct row_case {
	const char *line; /* of a workload file */
	int64_t tail_fp, tail_bp;
	double line_buffer, error_buffer; /* words */
};

static void check_rows(const struct row_case *want)
{
	struct barista_lowering lowering = barista_family_lowering(barista_family_find("streaming"),
								   false, BARISTA_LAYERS_DEFAULT);
	struct barista_workload *net;
	struct barista_lowered *lowered;
	struct streaming_stage s;
	struct barista_err err;

	CHECK_OK(load_layer(want->line, 1, &net, &err), &err);
	CHECK_OK(barista_lower(&lowered, net, lowering, &err), &err);
	barista_streaming_stages(lowered, STREAMING_ENGINES_SHARED, &s);
	CHECK(s.passes.fp.tail_rows == want->tail_fp, "%s: %d rows wait", want->line,
	      (int)s.passes.fp.tail_rows);
	CHECK(s.passes.bp.tail_rows == want->tail_bp, "%s: %d rows wait backward", want->line,
	      (int)s.passes.bp.tail_rows);
	CHECK(s.line_buffer == want->line_buffer, "%s: %g words of line buffer", want->line,
	      s.line_buffer);
	CHECK(s.error_buffer == want->error_buffer, "%s: %g words of errors", want->line,
	      s.error_buffer);
	barista_lowered_free(lowered);
	barista_workload_free(net);
}

static void rows_by_hand(void **state)
{
	static const struct row_case rows[] = {
		{"type: conv, in: [4, 8, 8], out: 6, kernel: [3, 3], pad: [1, 1]", 2, 2, 4 * 10 * 4,
		 4 * 8 * 6},
		{"type: conv, in: [4, 8, 8], out: 6, kernel: [3, 3]", 1, 3, 6 * 8 * 4, 5 * 6 * 6},
		{"type: conv, in: [4, 9, 8], out: 6, kernel: [3, 3], stride: [2, 2], pad: [1, 1]",
		 1, 2, 6 * 10 * 4, 3 * 4 * 6},
		{"type: deconv, in: [4, 4, 4], out: 6, kernel: [4, 4], stride: [2, 2], pad: [1, 1]",
		 3, 1, 3 * 4 * 4, 6 * 8 * 6},
		{"type: conv, in: [4, 8, 8], out: 6, kernel: [1, 1]", 1, 1, 2 * 8 * 4, 2 * 8 * 6},
		{"type: fc, in: 12, out: 6", 1, 1, 2 * 12, 2 * 6},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_rows(&rows[i]);
}

/* Counts the rows that need as much of the input as the last one does. */
static int64_t count_tail_rows(int64_t rows, int64_t input, int64_t stride, int64_t reach,
			       int64_t pad, bool spread)
{
	int64_t n = 0, last = 0;

	for (int64_t r = rows; r-- > 0;) {
		int64_t need = spread ? (r + pad) / stride + 1 : r * stride + reach - pad;

		need = need < 1 ? 1 : need > input ? input : need;
		last = r == rows - 1 ? need : last;
		n += need == last;
	}
	return n;
}

static struct barista_mac_layer random_window(struct random *r, enum barista_mac_layer_type type)
{
	struct barista_mac_layer l = {.type = type,
				      .cin = 1,
				      .cout = 1,
				      .w = 1,
				      .ow = 1,
				      .kw = 1,
				      .stride_w = 1,
				      .dil_w = 1,
				      .groups = 1,
				      .input_gradient = true,
				      .weight_gradient = true};

	l.kh = random_int(r, 1, 5), l.stride_h = random_int(r, 1, 4);
	l.dil_h = random_int(r, 1, 3), l.pad_h = random_int(r, 0, 4);
	l.h = random_int(r, 1, 20), l.oh = random_int(r, 1, 20);
	return l;
}

static void rows_counted(void **state)
{
	struct random r = {31};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct barista_mac_layer l =
			random_window(&r, i & 1 ? BARISTA_DECONV : BARISTA_CONV);
		const struct barista_mac_layer *layer = &l;
		int64_t reach = (l.kh - 1) * l.dil_h + 1;
		struct streaming_sources source;
		struct streaming_passes s;

		barista_streaming_latency_weights(&layer, 1, i & 2, &s, &source);
		CHECK(s.fp.tail_rows ==
			      count_tail_rows(l.oh, l.h, l.stride_h, reach, l.pad_h, i & 1),
		      "%d: %d", i, (int)s.fp.tail_rows);
		CHECK(s.bp.tail_rows ==
			      count_tail_rows(l.h, l.oh, l.stride_h, reach, l.pad_h, !(i & 1)),
		      "%d: %d", i, (int)s.bp.tail_rows);
		CHECK(s.fp.additive_weight + s.fp.competing_weight == (double)s.fp.useful_rows &&
			      s.fp.useful_rows == l.oh,
		      "%d", i);
	}
}

static void notation(void **state)
{
	static const struct {
		const char *text, *back;
	} rows[] = {
		{"shared/1.1.1", "shared/1.1.1:int16"},
		{"shared/2.4.9,1.8.1:int8", "shared/2.4.9,1.8.1:int8"},
		{"separate/1.1.1,2*4.4.9,4.4.9,2.2.1:fp32", "separate/1.1.1,3*4.4.9,2.2.1:fp32"},
		{"shared/1*3.4.5:int16", "shared/3.4.5:int16"},
		{"shared/128*65535.65535.65535", "shared/128*65535.65535.65535:int16"},
		{"shared/1.1.1:fwd=int8,wgrad=fp32", "shared/1.1.1:fwd=int8,wgrad=fp32,igrad=fp32"},
	};
	const struct barista_family *family = barista_family_find("streaming");
	struct random r = {5};
	struct barista_err err;
	char text[BARISTA_POINT_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_point p;

		CHECK_OK(family->parse(rows[i].text, &p, &err), &err);
		family->format(&p, text, sizeof text);
		CHECK(!strcmp(text, rows[i].back), "%s became %s", rows[i].text, text);
	}
	for (int i = 0; i < 500; i++) {
		struct barista_point p = {.nstages =
						  (size_t)random_int(&r, 1, BARISTA_MAX_UNROLLED)},
				     back;

		p.knob[STREAMING_ENGINES] = (double)random_int(&r, 1, 2);
		p.knob[STREAMING_PRECISION] = barista_precision_knob_all(BARISTA_INT8_PACKED);
		for (size_t l = 0; l < p.nstages; l++)
			p.stage[l] =
				l && random_int(&r, 0, 1)
					? p.stage[l - 1]
					: (struct barista_unroll){(uint16_t)random_size(&r, 65535),
								  (uint16_t)random_size(&r, 65535),
								  (uint16_t)random_size(&r, 65535)};
		family->format(&p, text, sizeof text);
		CHECK_OK(family->parse(text, &back, &err), &err);
		assert_memory_equal(&p, &back, sizeof p);
	}
}

static void bad_notation(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "unknown engines ''"},
		{"both/1.1.1", "unknown engines 'both' (shared or separate)"},
		{"shard/1.1.1", "did you mean 'shared'"},
		{"shared", "no unrolls"},
		{"shared/", "P_i must be a whole number"},
		{"shared/1.1", "three factors"},
		{"shared/1.x.1", "P_o must be a whole number from 1 to 65535, not 'x.1'"},
		{"shared/0.1.1", "P_i must be"},
		{"shared/1.1.65536", "P_k must be"},
		{"shared/1.1.1.1", "comes a comma"},
		{"shared/1.1.1,", "P_i must be"},
		{"shared/0*1.1.1", "how often must be"},
		{"shared/129*1.1.1", "how often must be"},
		{"shared/128*1.1.1,1.1.1", "more than 128"},
		{"shared/1.1.1:", "no precision after"},
		{"shared/1.1.1:int17", "unknown precision 'int17'"},
		{"shared/99999999999999999999999999.1.1", "P_i must be"},
	};
	const struct barista_family *family = barista_family_find("streaming");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_point p;
		struct barista_err err;
		int rc = family->parse(rows[i].text, &p, &err);

		CHECK(rc == BARISTA_E_ARGUMENT && strstr(err.msg, rows[i].says), "'%s': %d, %s",
		      rows[i].text, rc, err.msg);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *text, *says;
		int status;
	} rows[] = {
		{"shared/3.3.9,8.5.1", "layer 'conv': P_i = 3 does not divide its 4 input channels",
		 BARISTA_E_ARGUMENT},
		{"shared/2.4.9,8.5.1",
		 "layer 'conv': P_o = 4 does not divide its 6 output channels", BARISTA_E_ARGUMENT},
		{"shared/2.3.9,8.5.3",
		 "layer 'fc': P_k = 3 does not divide its 1 weights of a kernel",
		 BARISTA_E_ARGUMENT},
		{"shared/3*1.1.1", "unrolls 3 layers, the network 'two' has 2 that multiply",
		 BARISTA_E_ARGUMENT},
		{"shared/1.1.1:fwd=int8", "one precision for all passes", BARISTA_E_ARGUMENT},
		{"shared/1.1.1:bf16", "has no cost for precision 'bf16'", BARISTA_E_INFEASIBLE},
	};
	double class_time[2];
	struct barista_result r = {.class_time = class_time};
	struct barista_point p = {.nstages = 1};
	struct barista_err err;
	struct fixture f;

	(void)state;
	streaming_open(&f, "zynq-7100", write_text("two.yaml", two_layers));
	f.dev->has_precision[BARISTA_BF16] = false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int rc = evaluate_text(&f, rows[i].text, &r, &err);

		CHECK(rc == rows[i].status && strstr(err.msg, rows[i].says), "%s: %d, %s",
		      rows[i].text, rc, err.msg);
	}
	p.knob[STREAMING_ENGINES] = 1;
	assert_int_equal(barista_evaluate_point(&f.model, &p, &r, &err),
			 BARISTA_E_ARGUMENT); /* factors of 0 */
	p.knob[STREAMING_PRECISION] = BARISTA_PRECISION_CHOICES;
	assert_int_equal(barista_evaluate_point(&f.model, &p, &r, &err), BARISTA_E_ARGUMENT);
	fixture_close(&f);
}

static void too_many_layers(void **state)
{
	enum { LAYERS = BARISTA_MAX_UNROLLED + 1 };
	static char text[LAYERS * 64 + 400];
	size_t n = (size_t)snprintf(
		text, sizeof text,
		"kind: workload\nname: deep\ntitle: deep\nsource: a test\nstatus: assumed\n"
		"batch: 1\ninput: [2, 1, 1]\nlayers:\n");
	double class_time[LAYERS];
	struct barista_result r = {.class_time = class_time};
	struct barista_err err;
	struct fixture f;

	(void)state;
	for (int i = 0; i < LAYERS; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "  - {name: fc%d, type: fc, in: 2, out: 2}\n", i);
	streaming_open(&f, "zynq-7100", write_text("deep.yaml", text));
	assert_int_equal(evaluate_text(&f, "shared/1.1.1", &r, &err), BARISTA_E_INFEASIBLE);
	CHECK(strstr(err.msg, "has 129 layers that multiply: a streaming design has at most 128"),
	      "%s", err.msg);
	fixture_close(&f);
}

/* More of an unroll takes neither fewer multipliers nor longer, as do engines of their own for
 * weight gradients; and nothing is faster than with all multipliers at work. */
static void properties(void **state)
{
	static const char *const nets[] = {"resnet20-cifar10-a", "lenet-mnist", "mobilenet-v1",
					   "segnet-basic", "alexnet"};
	struct random r = {77};
	double class_time[BARISTA_MAX_UNROLLED];
	struct barista_err err;

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct barista_point p = {.nstages = 1};
		struct barista_result a = {.class_time = class_time},
				      b = {.class_time = class_time};
		struct fixture f;

		streaming_open(&f, "zynq-7100", nets[i % COUNT(nets)]);
		p.knob[STREAMING_PRECISION] = barista_precision_knob_all(BARISTA_INT8_PACKED);
		p.knob[STREAMING_ENGINES] = 1;
		p.stage[0] = (struct barista_unroll){(uint16_t)random_size(&r, 300),
						     (uint16_t)random_size(&r, 300),
						     (uint16_t)random_size(&r, 9)};
		CHECK_OK(barista_evaluate_point(&f.model, &p, &a, &err), &err);
		CHECK(a.metric[BARISTA_RATE] <= a.metric[BARISTA_PEAK], "%g of %g",
		      a.metric[BARISTA_RATE], a.metric[BARISTA_PEAK]);
		for (size_t s = 0; s < f.lowered->nclasses; s++)
			CHECK(class_time[s] <= a.metric[BARISTA_TIME], "a layer alone takes %g",
			      class_time[s]);
		p.stage[0].out = (uint16_t)(p.stage[0].out + random_int(&r, 0, 300));
		CHECK_OK(barista_evaluate_point(&f.model, &p, &b, &err), &err);
		CHECK(b.metric[BARISTA_DSP] >= a.metric[BARISTA_DSP] &&
			      b.metric[BARISTA_TIME] <= a.metric[BARISTA_TIME],
		      "%d", i);
		p.knob[STREAMING_ENGINES] = 2;
		CHECK_OK(barista_evaluate_point(&f.model, &p, &a, &err), &err);
		CHECK(a.metric[BARISTA_DSP] >= b.metric[BARISTA_DSP] &&
			      a.metric[BARISTA_TIME] <= b.metric[BARISTA_TIME],
		      "%d: %g s, %g s", i, a.metric[BARISTA_TIME], b.metric[BARISTA_TIME]);
		fixture_close(&f);
	}
}

int test_streaming(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_by_hand), cmocka_unit_test(block_rams_by_hand),
		cmocka_unit_test(rows_by_hand),  cmocka_unit_test(rows_counted),
		cmocka_unit_test(notation),      cmocka_unit_test(bad_notation),
		cmocka_unit_test(refused),       cmocka_unit_test(too_many_layers),
		cmocka_unit_test(properties),
	};

	return GROUP(tests);
}
