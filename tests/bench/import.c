/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The import of a residual network of 100 convolutions in Caffe's text format, as a whole command.
 */
#include "bench.h"

#include "base/clock.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RUNS = 15, BLOCKS = 33 }; /* 3 convolutions each, and one before them */

static void convolution(FILE *f, const char *in, const char *out, int channels, int kernel)
{
	fprintf(f,
		"layer {\n  name: \"%s\"\n  type: \"Convolution\"\n  bottom: \"%s\"\n  top: "
		"\"%s\"\n"
		"  param { lr_mult: 1 decay_mult: 1 }\n  convolution_param {\n    num_output: %d\n "
		"   kernel_size: %d\n    pad: %d\n"
		"    bias_term: false\n    weight_filler { type: \"msra\" }\n  }\n}\n",
		out, in, out, channels, kernel, kernel / 2);
	fprintf(f,
		"layer { name: \"%s_bn\" type: \"BatchNorm\" bottom: \"%s\" top: \"%s\" }\n"
		"layer { name: \"%s_scale\" type: \"Scale\" bottom: \"%s\" top: \"%s\" scale_param "
		"{ bias_term: true } }\n"
		"layer { name: \"%s_relu\" type: \"ReLU\" bottom: \"%s\" top: \"%s\" }\n",
		out, out, out, out, out, out, out, out, out);
}

static void write_network(FILE *f)
{
	fprintf(f, "name: \"residual\"\nlayer { name: \"data\" type: \"Input\" top: \"data\"\n"
		   "  input_param { shape { dim: 32 dim: 3 dim: 56 dim: 56 } } }\n");
	convolution(f, "data", "sum0", 256, 3);
	for (int i = 1; i <= BLOCKS; i++) {
		char name[4][32];

		snprintf(name[0], 32, "sum%d", i - 1);
		snprintf(name[1], 32, "a%d", i);
		snprintf(name[2], 32, "b%d", i);
		snprintf(name[3], 32, "c%d", i);
		convolution(f, name[0], name[1], 64, 1);
		convolution(f, name[1], name[2], 64, 3);
		convolution(f, name[2], name[3], 256, 1);
		fprintf(f,
			"layer { name: \"add%d\" type: \"Eltwise\" bottom: \"%s\" bottom: \"%s\" "
			"top: \"sum%d\" }\n",
			i, name[0], name[3], i);
	}
}

void bench_import(json_t *out, const char *program)
{
	char path[] = "/tmp/barista-bench-XXXXXX", command[4400];
	double t[RUNS];
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (f)
		write_network(f);
	snprintf(command, sizeof command, "%s import -q %s >/dev/null", program, path);
	for (int i = 0; i < RUNS; i++) {
		double start = barista_now();

		if (!f || (!i && fclose(f)) || system(command)) {
			fprintf(stderr, "bench: failed: %s\n", command);
			exit(4);
		}
		t[i] = barista_now() - start;
	}
	unlink(path);
	gsl_sort(t, 1, RUNS);
	json_object_set_new(out, "import_100_layers_s",
			    json_real(gsl_stats_median_from_sorted_data(t, 1, RUNS)));
	printf("import of 100 convolutions (%d layers) from Caffe, whole command: %.1f ms\n",
	       1 + 400 + BLOCKS, 1e3 * gsl_stats_median_from_sorted_data(t, 1, RUNS));
}
