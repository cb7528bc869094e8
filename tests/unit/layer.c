/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output shapes and counts of layers, by Caffe's rules. */
#include "check.h"

#include "network/workload.h"

static void shapes(void **state)
{
	static const struct {
		const char *line;
		int64_t oh, ow, macs, weights;
	} rows[] = {
		{"type: conv, in: [3, 32, 32], out: 64, kernel: [11, 11], stride: [4, 4], pad: [5, "
		 "5]",
		 8, 8, 1486848, 23232},
		{"type: conv, in: [1, 28, 28], out: 20, kernel: [5, 5]", 24, 24, 288000, 500},
		{"type: conv, in: [1, 1, 1], out: 1, kernel: [1, 1]", 1, 1, 1, 1},
		/* Floors: 7 columns, a kernel of 3 and a stride of 2 leave the last column out
		   of 8. */
		{"type: conv, in: [1, 7, 8], out: 1, kernel: [3, 3], stride: [2, 2]", 3, 3, 81, 9},
		{"type: conv, in: [2, 9, 5], out: 3, kernel: [3, 1], stride: [1, 2], pad: [1, 0]",
		 9, 3, 486, 18},
		{"type: conv, in: [64, 56, 56], out: 128, kernel: [1, 1], stride: [2, 2]", 28, 28,
		 6422528, 8192},
		/* groups divide the input channels of each output */
		{"type: conv, in: [96, 27, 27], out: 256, kernel: [5, 5], pad: [2, 2], groups: 2",
		 27, 27, 223948800, 307200},
		{"type: conv, in: [32, 8, 8], out: 32, kernel: [3, 3], pad: [1, 1], groups: 32", 8,
		 8, 18432, 288},
		/* a dilated kernel spans dilation*(k - 1) + 1 */
		{"type: conv, in: [512, 90, 90], out: 4096, kernel: [7, 7], dilation: [4, 4]", 66,
		 66, 447624511488, 102760448},
		{"type: conv, in: [1, 5, 5], out: 1, kernel: [3, 3], dilation: [2, 1]", 1, 3, 27,
		 9},
		{"type: conv, in: [21, 66, 66], out: 42, kernel: [3, 3], pad: [33, 33]", 130, 130,
		 134152200, 7938},
		/* A deconvolution multiplies at its input's positions. */
		{"type: deconv, in: [21, 16, 16], out: 21, kernel: [4, 4], stride: [2, 2]", 34, 34,
		 1806336, 7056},
		{"type: deconv, in: [8, 3, 5], out: 4, kernel: [4, 4], stride: [2, 3], pad: [1, 1]",
		 6, 14, 7680, 512},
		{"type: deconv, in: [8, 3, 3], out: 4, kernel: [3, 3], dilation: [2, 2], groups: 4",
		 7, 7, 648, 72},
		{"type: fc, in: 256, out: 10", 1, 1, 2560, 2560},
		{"type: fc, in: 1000000000000, out: 9007", 1, 1, 9007000000000000,
		 9007000000000000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		const struct barista_mac_layer *l;

		CHECK_OK(load_layer(rows[i].line, 1, &net, &err), &err);
		l = net->mac_layer;
		CHECK(l->oh == rows[i].oh && l->ow == rows[i].ow, "%s: %lld x %lld", rows[i].line,
		      (long long)l->oh, (long long)l->ow);
		CHECK(l->macs == rows[i].macs && l->weights == rows[i].weights,
		      "%s: %lld MACs, %lld weights", rows[i].line, (long long)l->macs,
		      (long long)l->weights);
		assert_true(l->input_gradient);
		barista_workload_free(net);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *line, *message;
	} rows[] = {
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [5, 5]", "the output is empty"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [3, 3], dilation: [1, 2]",
		 "the output is empty"},
		{"type: deconv, in: [3, 1, 1], out: 8, kernel: [2, 2], pad: [1, 1]",
		 "the output is empty"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [3, 3], groups: 2",
		 "'groups' must divide both channel counts"},
		{"type: conv, in: [4, 4, 4], out: 6, kernel: [3, 3], groups: 4",
		 "'groups' must divide both channel counts"},
		{"type: conv, in: [3, 4, 4], out: 8", "missing key 'kernel'"},
		{"type: conv, in: [3, 4, 4], out: 0, kernel: [1, 1]", "'out' must be"},
		{"type: conv, in: [3, 4], out: 8, kernel: [1, 1]", "'in' must hold 3"},
		{"type: conv, in: [3, 0, 4], out: 8, kernel: [1, 1]", "'in' must be"},
		{"type: conv, in: 3, out: 8, kernel: [1, 1]", "'in' must be a list"},
		{"type: conv, in: [3, 4, 4], out: [8], kernel: [1, 1]",
		 "'out' must be a single value"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [0, 1]", "'kernel' must be"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [1, 1], stride: [0, 1]",
		 "'stride' must be"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [1, 1], pad: [-1, 0]",
		 "'pad' must be"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [1, 1], dilation: [0, 1]",
		 "'dilation' must be"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [1, 1], groups: 0",
		 "'groups' must be"},
		{"type: conv, in: [16777217, 4, 4], out: 8, kernel: [1, 1]", "'in' must be"},
		{"type: conv, in: [16777216, 16777216, 16777216], out: 8, kernel: [1, 1]", "2^53"},
		{"type: deconv, in: [16777216, 16777216, 16777216], out: 16777216, kernel: [65536, "
		 "65536], stride: [65536, 65536]",
		 "2^53"},
		{"type: fc, in: 1000000000000, out: 1000000000000", "2^53"},
		{"type: fc, in: 1000000000001, out: 1", "'in' must be"},
		{"type: fc, in: 10, out: 10, kernel: [1, 1]",
		 "does not belong to a layer of type fc"},
		{"type: fc, in: [10, 1, 1], out: 10", "'in' must be a single value"},
		{"type: pool, in: 10, out: 10", "'pool', did you mean 'max_pool'"},
		{"type: convolution, in: 10, out: 10",
		 "'convolution', expected one of: conv, fc, deconv, max_pool, "},
		{"type: convv, in: 10, out: 10", "did you mean 'conv'"},
		{"type: conv, in: [3, 4, 4], out: 8, kernal: [1, 1]",
		 "unknown key 'kernal', did you mean 'kernel'"},
		{"in: [3, 4, 4], out: 8, kernel: [1, 1]", "missing key 'type'"},
		{"type: conv, out: 8, kernel: [1, 1]", "missing key 'in'"},
		{"type: conv, in: [3, 4, 4], kernel: [1, 1]", "missing key 'out'"},
		{"type: conv, in: [3, 4, 4], out: 8, kernel: [1, 1], input_gradient: no",
		 "true or false"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net = NULL;
		struct barista_err err = {0, ""};
		int rc = load_layer(rows[i].line, 1, &net, &err);

		CHECK(rc == BARISTA_E_INPUT && strstr(err.msg, rows[i].message), "%s: %d %s",
		      rows[i].line, rc, err.msg);
		CHECK(strstr(err.msg, "layer.yaml:9:"), "%s: the place in %s", rows[i].line,
		      err.msg);
		assert_null(net);
	}
}

/* Places where a kernel fits, found by trying them one by one. */
static int64_t places(int64_t in, int64_t k, int64_t stride, int64_t pad, int64_t dil)
{
	int64_t n = 0;

	for (int64_t at = -pad; at + dil * (k - 1) < in + pad; at += stride)
		n++;
	return n;
}

struct axis {
	int64_t in, k, stride, pad, dil;
};

static struct axis random_axis(struct random *r)
{
	return (struct axis){random_int(r, 1, 30), random_int(r, 1, 5), random_int(r, 1, 4),
			     random_int(r, 0, 3), random_int(r, 1, 3)};
}

static void random_shapes(void **state)
{
	struct random r = {6};

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct axis y = random_axis(&r), x = random_axis(&r);
		int64_t oh = places(y.in, y.k, y.stride, y.pad, y.dil);
		int64_t ow = places(x.in, x.k, x.stride, x.pad, x.dil);
		struct barista_workload *net = NULL;
		struct barista_err err = {0, ""};
		char line[300];
		int rc;

		snprintf(line, sizeof line,
			 "type: conv, in: [6, %d, %d], out: 4, kernel: [%d, %d], stride: [%d, %d], "
			 "pad: [%d, %d], dilation: [%d, %d], groups: 2",
			 (int)y.in, (int)x.in, (int)y.k, (int)x.k, (int)y.stride, (int)x.stride,
			 (int)y.pad, (int)x.pad, (int)y.dil, (int)x.dil);
		rc = load_layer(line, 1, &net, &err);
		CHECK(!rc == (oh > 0 && ow > 0), "%s: %s", line, err.msg);
		CHECK(rc || (net->mac_layer->oh == oh && net->mac_layer->ow == ow &&
			     net->mac_layer->macs == oh * ow * 4 * 3 * y.k * x.k),
		      "%s: %lld x %lld", line, (long long)net->mac_layer->oh,
		      (long long)net->mac_layer->ow);
		barista_workload_free(net);
	}
}

int test_layer(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),
		cmocka_unit_test(refused),
		cmocka_unit_test(random_shapes),
	};

	return GROUP(tests);
}
