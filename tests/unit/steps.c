/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers of any kind: as a workload file has them, and as import writes them. */
#include "onnx_model.h"

#include "import/workload_writer.h"
#include "network/workload.h"

/* A network of these entries and one convolution before them. */
static int load_entries(const char *entries, struct barista_workload **net, struct barista_err *err)
{
	char text[2000];

	snprintf(text, sizeof text,
		 "kind: workload\nname: n\ntitle: t\nsource: s\nstatus: assumed\nbatch: 2\n"
		 "input: [3, 8, 8]\nlayers:\n  - {name: c, type: conv, in: [3, 8, 8], out: 4, "
		 "kernel: [3, 3], pad: [1, 1]}\n%s",
		 entries);
	return barista_workload_load(net, write_text("steps.yaml", text), ".", err);
}

/* "max_pool 256>64 w4", and what is not the usual: i inputs, p params in b blobs, - no input
 * gradient. */
static const char *say(const struct barista_layer *s)
{
	static char text[160];
	int n = snprintf(text, sizeof text, "%s %lld>%lld w%lld", barista_layer_defs[s->type].name,
			 (long long)s->in, (long long)s->out, (long long)s->window);

	if (s->inputs != 1)
		n += snprintf(text + n, sizeof text - (size_t)n, " i%lld", (long long)s->inputs);
	if (s->params || s->blobs)
		n += snprintf(text + n, sizeof text - (size_t)n, " p%lld/%lld",
			      (long long)s->params, (long long)s->blobs);
	if (!s->input_gradient)
		snprintf(text + n, sizeof text - (size_t)n, " -");
	return text;
}

static const struct barista_layer *find_step(const struct barista_workload *net, const char *name)
{
	for (size_t i = 0; i < net->nlayers; i++)
		if (!strcmp(net->layer[i].name, name))
			return &net->layer[i];
	return NULL;
}

static void types(void **state)
{
	(void)state;
	for (int i = 0; i < BARISTA_NLAYER_TYPES; i++) {
		const struct barista_layer_def *d = &barista_layer_defs[i];

		CHECK(d->name && *d->name && d->help && *d->help, "type %d", i);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(d->name, barista_layer_defs[j].name);
	}
}

static void entries(void **state)
{
	static const struct {
		const char *line, *step;
	} rows[] = {
		{"type: max_pool, in: [4, 8, 8], out: [4, 4, 4], kernel: [3, 2]",
		 "max_pool 256>64 w6"},
		{"type: ave_pool, in: 256, out: 4, kernel: [8, 8]", "ave_pool 256>4 w64"},
		{"type: activation, in: [4, 8, 8], out: [4, 8, 8]", "activation 256>256 w1"},
		{"type: activation, in: 256, out: 256, params: 4", "activation 256>256 w1 p4/1"},
		{"type: lrn, in: 256, out: 256, window: 5", "lrn 256>256 w5"},
		{"type: batch_norm, in: 256, out: 256, params: 8, blobs: 2",
		 "batch_norm 256>256 w1 p8/2"},
		{"type: scale, in: 512, out: 256, inputs: 2", "scale 512>256 w1 i2"},
		{"type: dropout, in: 256, out: 256, input_gradient: false", "dropout 256>256 w1 -"},
		{"type: sum, in: 768, out: [4, 8, 8], inputs: 3", "sum 768>256 w1 i3"},
		{"type: concat, in: 512, out: [8, 8, 8], inputs: 2", "concat 512>512 w1 i2"},
		{"type: concat, in: 256, out: 256", "concat 256>256 w1"},
		{"type: softmax, in: 256, out: 256", "softmax 256>256 w1"},
		{"type: loss, in: 257, out: 1, inputs: 2", "loss 257>1 w1 i2"},
		{"type: view, in: [4, 8, 8], out: 256", "view 256>256 w1"},
		{"type: other, in: 9007199254740991, out: 1, inputs: 7, params: 9007199254740991, "
		 "blobs: 16",
		 "other 9007199254740991>1 w1 i7 p9007199254740991/16"},
		{"type: conv, in: [4, 8, 8], out: 6, kernel: [3, 3]", "multiply 256>216 w1 p222/2"},
		{"type: conv, in: [4, 8, 8], out: 6, kernel: [3, 3], bias: false",
		 "multiply 256>216 w1 p216/1"},
		{"type: conv, in: [4, 8, 8], out: 6, kernel: [3, 3], weight_gradient: false",
		 "multiply 256>216 w1"},
		{"type: deconv, in: [4, 3, 3], out: 2, kernel: [2, 2], stride: [2, 2], groups: 2",
		 "multiply 36>72 w1 p18/2"},
		{"type: fc, in: 16, out: 5, positions: 3", "multiply 48>15 w1 p85/2"},
		{"type: fc, in: 192, out: 5, bias: true, input_gradient: false",
		 "multiply 192>5 w1 p965/2 -"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		char line[300];
		bool multiplies = !strncmp(rows[i].step, "multiply", 8);

		snprintf(line, sizeof line, "  - {name: l, %s}\n", rows[i].line);
		CHECK_OK(load_entries(line, &net, &err), &err);
		assert_int_equal(net->nlayers, 2);
		CHECK(!strcmp(say(&net->layer[1]), rows[i].step), "%s: %s", rows[i].line,
		      say(&net->layer[1]));
		assert_int_equal(net->nmac_layers, 1 + multiplies);
		assert_int_equal(net->macs_only, multiplies);
		assert_true(net->layer[1].mac_layer == (multiplies ? 1 : SIZE_MAX));
		assert_int_equal(net->layer[0].mac_layer, 0);
		barista_workload_free(net);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *line, *message;
	} rows[] = {
		{"name: l, type: activation, in: 4, out: 4, kernel: [1, 1]",
		 ":10:56: 'kernel' does not belong to a layer of type activation"},
		{"name: l, type: max_pool, in: 4, out: 4, window: 4",
		 "'window' does not belong to a layer of type max_pool"},
		{"name: l, type: lrn, in: 4, out: 4, inputs: 2",
		 "'inputs' does not belong to a layer of type lrn"},
		{"name: l, type: view, in: 4, out: 4, params: 4",
		 "'params' does not belong to a layer of type view"},
		{"name: l, type: sum, in: 4, out: 4, inputs: 1, blobs: 2",
		 "'blobs' does not belong to a layer of type sum"},
		{"name: l, type: view, in: 4, out: 4, bias: false", "unknown key 'bias'"},
		{"name: l, type: conv, in: [1, 1, 1], out: 4, kernel: [1, 1], inputs: 2",
		 "unknown key 'inputs'"},
		{"name: l, type: max_pool, in: 4, out: 4", "layer 'l': missing key 'kernel'"},
		{"name: l, type: lrn, in: 4, out: 4", "layer 'l': missing key 'window'"},
		{"name: l, type: sum, in: 4, out: 4", "layer 'l': missing key 'inputs'"},
		{"name: l, type: scale, in: 4, out: 4, blobs: 2",
		 "layer 'l': missing key 'params'"},
		{"name: l, type: softmax, in: 4", "missing key 'out'"},
		{"name: l, type: softmax, in: 0, out: 4", "'in' must be"},
		{"name: l, type: softmax, in: 9007199254740992, out: 4", "'in' must be"},
		{"name: l, type: softmax, in: [1, 2], out: 4", "'in' must hold 3"},
		{"name: l, type: softmax, in: {a: 1}, out: 4", "'in' must be a single value"},
		{"name: l, type: softmax, in: 4, out: [16777216, 16777216, 16777216]",
		 "more than 2^53 elements per image"},
		{"name: l, type: max_pool, in: 4, out: 4, kernel: [9007199254740991, 2]",
		 "more than 2^53"},
		{"name: l, type: conv, in: [16777216, 16777216, 16777216], out: 1, kernel: [1, 1], "
		 "stride: [65536, 65536], groups: 16777216",
		 "'groups' must divide"},
		{"name: l, type: conv, in: [64, 16777216, 16777216], out: 64, kernel: [1, 1], "
		 "stride: [65536, 65536]",
		 "more than 2^53 elements per image"},
		{"name: l, type: other, in: 4, out: 4, input_gradient: 1", "true or false"},
		{"name: c, type: softmax, in: 4, out: 4", "two layers are named 'c'"},
		{"name: l, type: multiply, in: 4, out: 4", "unknown type 'multiply'"},
		{"name: l, type: soft_max, in: 4, out: 4", "did you mean 'softmax'"},
		{"name: l, type: [softmax], in: 4, out: 4", "'type' must be"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net = NULL;
		struct barista_err err = {0, ""};
		char line[300];
		int rc;

		snprintf(line, sizeof line, "  - {%s}\n", rows[i].line);
		rc = load_entries(line, &net, &err);
		CHECK(rc == BARISTA_E_INPUT && strstr(err.msg, rows[i].message), "%s: %d %s",
		      rows[i].line, rc, err.msg);
		CHECK(strstr(err.msg, "steps.yaml:10:"), "%s", err.msg);
	}
}

/* Published training operations per image of the convolutions and bits of their weights. */
static void published(void **state)
{
	static const struct {
		const char *net;
		int64_t macs, weights;
		double gop, mbit;
	} rows[] = {
		{"vgg19", 19508428800, 20018880, 116.877, 320.3},
		{"vgg16", 15346630656, 14710464, 91.906, 235.4},
		{"alexnet", 665784864, 2332704, 3.784, 37.3},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t macs = 0, weights = 0, passes = 0;
		struct barista_workload *net;
		struct barista_err err;

		CHECK_OK(barista_workload_load(&net, rows[i].net, ".", &err), &err);
		for (size_t l = 0; l < net->nmac_layers; l++) {
			if (net->mac_layer[l].type != BARISTA_CONV)
				continue;
			macs += net->mac_layer[l].macs;
			weights += net->mac_layer[l].weights;
			passes += net->mac_layer[l].macs * (2 + net->mac_layer[l].input_gradient);
		}
		CHECK(macs == rows[i].macs && weights == rows[i].weights,
		      "%s: %lld MACs, %lld weights", rows[i].net, (long long)macs,
		      (long long)weights);
		CHECK(fabs(2e-9 * (double)passes - rows[i].gop) < 5e-4, "%s: %.4f Gop", rows[i].net,
		      2e-9 * (double)passes);
		CHECK(fabs(16e-6 * (double)weights - rows[i].mbit) < 0.05, "%s: %.2f Mbit",
		      rows[i].net, 16e-6 * (double)weights);
		barista_workload_free(net);
	}
}

/* Layers per type of the networks that come along, and parameters that learn, all of them known
 * from elsewhere. */
static void networks(void **state)
{
	static const struct {
		const char *net;
		size_t steps, layers, pools, norms, sums;
		int64_t params;
	} rows[] = {
		{"lenet-mnist", 8, 4, 2, 0, 0, 431080},
		{"alexnet", 23, 8, 3, 0, 0, 60965224},
		{"vgg16", 39, 16, 5, 0, 0, 138357544},
		{"vgg19", 45, 19, 5, 0, 0, 143667240},
		{"squeezenet-1.0", 66, 26, 4, 0, 0, 1248424},
		{"googlenet", 142, 58, 14, 0, 0, 6998552},
		{"resnet50", 228, 54, 2, 53, 16, 25557032},
		{"resnet101", 449, 105, 2, 104, 33, 44549160},
		{"mobilenet-v1", 111, 28, 1, 27, 0, 4231976},
		{"resnet20-cifar10-a", 92, 20, 1, 19, 9, 270410},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n[BARISTA_NLAYER_TYPES] = {0};
		int64_t params = 0;
		struct barista_workload *net;
		struct barista_err err;

		CHECK_OK(barista_workload_load(&net, rows[i].net, ".", &err), &err);
		for (size_t s = 0; s < net->nlayers; s++) {
			n[net->layer[s].type]++;
			params += net->layer[s].params;
		}
		CHECK(net->nlayers == rows[i].steps && net->nmac_layers == rows[i].layers &&
			      n[0] == rows[i].layers,
		      "%s: %zu steps, %zu layers", rows[i].net, net->nlayers, net->nmac_layers);
		CHECK(n[BARISTA_LAYER_MAX_POOL] + n[BARISTA_LAYER_AVE_POOL] == rows[i].pools &&
			      n[BARISTA_LAYER_BATCH_NORM] == rows[i].norms &&
			      n[BARISTA_LAYER_SUM] == rows[i].sums,
		      "%s", rows[i].net);
		CHECK(params == rows[i].params, "%s: %lld parameters", rows[i].net,
		      (long long)params);
		barista_workload_free(net);
	}
}

static void lenet(void **state)
{
	static const char *const rows[][2] = {
		{"conv1", "multiply 784>11520 w1 p520/2 -"}, {"pool1", "max_pool 11520>2880 w4"},
		{"conv2", "multiply 2880>3200 w1 p25050/2"}, {"pool2", "max_pool 3200>800 w4"},
		{"ip1", "multiply 800>500 w1 p400500/2"},    {"relu1", "activation 500>500 w1"},
		{"ip2", "multiply 500>10 w1 p5010/2"},       {"loss", "loss 11>1 w1 i2"},
	};
	struct barista_workload *net;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_workload_load(&net, "lenet-mnist", ".", &err), &err);
	assert_int_equal(net->nlayers, COUNT(rows));
	assert_false(net->macs_only);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_string_equal(net->layer[i].name, rows[i][0]);
		assert_string_equal(say(&net->layer[i]), rows[i][1]);
	}
	barista_workload_free(net);
}

/* What import makes of a layer 'l' between a convolution 'c' of x, 2x3x8x8, to 2x4x8x8, and a loss.
 */
static void from_caffe(void **state)
{
	static const struct {
		const char *layer, *step;
	} rows[] = {
		{"type: 'Pooling' pooling_param { kernel_size: 3 stride: 2 }",
		 "max_pool 256>64 w9"},
		{"type: 'Pooling' pooling_param { pool: STOCHASTIC kernel_h: 3 kernel_w: 2 }",
		 "max_pool 256>168 w6"},
		{"type: 'Pooling' pooling_param { pool: AVE global_pooling: true }",
		 "ave_pool 256>4 w64"},
		{"type: 'LRN'", "lrn 256>256 w5"},
		{"type: 'LRN' lrn_param { local_size: 3 norm_region: WITHIN_CHANNEL }",
		 "lrn 256>256 w9"},
		{"type: 'BatchNorm'", "batch_norm 256>256 w1"},
		{"type: 'BN'", "batch_norm 256>256 w1 p8/2"},
		{"type: 'Scale'", "scale 256>256 w1 p4/1"},
		{"type: 'Scale' scale_param { bias_term: true }", "scale 256>256 w1 p8/2"},
		{"type: 'Scale' param { lr_mult: 0 } scale_param { bias_term: true }",
		 "scale 256>256 w1 p4/1"},
		{"type: 'Scale' param { lr_mult: 0 }", "scale 256>256 w1"},
		{"type: 'Scale' scale_param { axis: 1 num_axes: -1 }", "scale 256>256 w1 p256/1"},
		{"type: 'Scale' scale_param { num_axes: 0 }", "scale 256>256 w1 p1/1"},
		{"type: 'Scale' bottom: 'c' scale_param { axis: 0 bias_term: true }",
		 "scale 512>256 w1 i2 p512/1"},
		{"type: 'Bias' bias_param { axis: 2 }", "scale 256>256 w1 p8/1"},
		{"type: 'PReLU'", "activation 256>256 w1 p4/1"},
		{"type: 'PReLU' prelu_param { channel_shared: true }",
		 "activation 256>256 w1 p1/1"},
		{"type: 'Normalize' norm_param { channel_shared: false }", "other 256>256 w1 p4/1"},
		{"type: 'Embed' embed_param { num_output: 3 input_dim: 7 }",
		 "other 256>768 w1 p24/2"},
		{"type: 'ReLU'", "activation 256>256 w1"},
		{"type: 'TanH'", "activation 256>256 w1"},
		{"type: 'Dropout'", "dropout 256>256 w1"},
		{"type: 'MVN'", "batch_norm 256>256 w1"},
		{"type: 'Softmax'", "softmax 256>256 w1"},
		{"type: 'Flatten'", "view 256>256 w1"},
		{"type: 'Reshape' reshape_param { shape { dim: [2, -1] } }", "view 256>256 w1"},
		{"type: 'Eltwise' bottom: 'c'", "sum 512>256 w1 i2"},
		{"type: 'Concat' bottom: 'x'", "concat 448>448 w1 i2"},
		{"type: 'Slice' top: 'm'", "concat 256>256 w1"},
		{"type: 'Split' top: 'm'", "concat 256>512 w1"},
		{"type: 'Crop' bottom: 'x' crop_param { axis: 2 }", "concat 256>256 w1"},
		{"type: 'Permute' permute_param { order: [0, 2, 3, 1] }", "other 256>256 w1"},
		{"type: 'ReLU' propagate_down: false", "activation 256>256 w1 -"},
		{"type: 'Reduction' reduction_param { axis: 0 }", "other 256>1 w1"},
		{"type: 'Silence'", NULL},
		{"type: 'HDF5Output'", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err = {0, ""};
		const struct barista_layer *s;
		char text[1500];

		snprintf(text, sizeof text,
			 "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [2, "
			 "3, 8, 8] } } }\n"
			 "layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'c' "
			 "convolution_param { num_output: 4 kernel_size: 1 } }\n"
			 "layer { name: 'l' bottom: 'c' %s %s }\n",
			 rows[i].step ? "top: 'l'" : "", rows[i].layer);
		CHECK(!barista_workload_import(&net, write_text("net.prototxt", text),
					       &(struct barista_import_options){0}, &err),
		      "%s: %s", rows[i].layer, err.msg);
		s = find_step(net, "l");
		CHECK(rows[i].step ? s && !strcmp(say(s), rows[i].step) : !s, "%s: %s",
		      rows[i].layer, s ? say(s) : "none");
		barista_workload_free(net);
	}
}

/* A model's graph as a workload, loaded. */
static struct barista_workload *load_model(struct model *m)
{
	static const struct barista_import_options none;
	struct barista_workload *net;
	const char *yaml;
	size_t size;

	m->src.options = &none;
	strcpy(m->src.sha256, "-");
	barista_graph_gradients(&m->g, true);
	CHECK_OK(barista_graph_write(&m->g, &m->src, "", &yaml, &size, &m->err), &m->err);
	CHECK_OK(barista_workload_load(&net, write_text("model.yaml", yaml), ".", &m->err),
		 &m->err);
	return net;
}

/* The node that makes y, between a convolution to c, 2x4x8x8, and nothing. */
static void from_onnx(void **state)
{
	static const struct {
		const char *node, *step;
	} rows[] = {
		{"MaxPool c > y z kernel_shape=[3,2]", "max_pool 256>168 w6"},
		{"AveragePool c > y kernel_shape=[2,2] strides=[2,2]", "ave_pool 256>64 w4"},
		{"GlobalAveragePool c > y", "ave_pool 256>4 w64"},
		{"w s 4;w t 4;BatchNormalization c s t s t > y", "batch_norm 256>256 w1 p8/2"},
		{"w s 4;PRelu c s > y", NULL},
		{"w s 4x1x1;PRelu c s > y", "activation 256>256 w1 p4/1"},
		{"LRN c > y size=3", "lrn 256>256 w3"},
		{"Relu c > y", "activation 256>256 w1"},
		{"Dropout c > y z", "dropout 256>256 w1"},
		{"Softmax c > y", "softmax 256>256 w1"},
		{"Add c c > y", "sum 512>256 w1 i2"},
		{"w s 4x1x1;Mul s c > y", "scale 256>256 w1"},
		{"Concat c x > y axis=1", "concat 448>448 w1 i2"},
		{"Split c > y z axis=1", "concat 256>256 w1"},
		{"c s 2,-1;Reshape c s > y", "view 256>256 w1"},
		{"Flatten c > y", "view 256>256 w1"},
		{"Transpose c > y perm=[0,2,3,1]", "other 256>256 w1"},
		{"Identity c > y", NULL},
		{"Shape c > y", NULL},
		{"w s 3x3;Relu s > y", NULL},
		{"w s 5x4x3x3;w t 5;Conv c s t > y", "multiply 256>180 w1 p185/2"},
		{"w s 5x4x3x3;Conv c s > y", "multiply 256>180 w1 p180/1"},
		{"Flatten c > f;w s 256x7;w t 7;Gemm f s t > y", "multiply 256>7 w1 p1799/2"},
		{"Flatten c > f;w s 256x7;Gemm f s > y", "multiply 256>7 w1 p1792/1"},
		{"w s 8x7;MatMul c s > y", "multiply 256>224 w1 p56/1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		const struct barista_layer *s;
		struct model m;
		char text[400];

		snprintf(text, sizeof text, "in x 2x3x8x8;w k 4x3x1x1;Conv x k > c;%s",
			 rows[i].node);
		model_make(&m, 11, text);
		if (model_read(&m, NULL)) {
			CHECK(!rows[i].step, "%s: %s", rows[i].node, m.err.msg);
			model_free(&m);
			continue;
		}
		net = load_model(&m);
		s = find_step(net, "y");
		CHECK(rows[i].step ? s && !strcmp(say(s), rows[i].step) : !s, "%s: %s",
		      rows[i].node, s ? say(s) : "none");
		barista_workload_free(net);
		model_free(&m);
	}
}

static void check_same(const struct barista_workload *a, const struct barista_workload *b)
{
	assert_int_equal(a->nlayers, b->nlayers);
	assert_int_equal(a->nmac_layers, b->nmac_layers);
	for (size_t i = 0; i < a->nlayers; i++) {
		char one[160];

		snprintf(one, sizeof one, "%s", say(&a->layer[i]));
		assert_string_equal(one, say(&b->layer[i]));
		assert_string_equal(a->layer[i].name, b->layer[i].name);
		assert_true(a->layer[i].mac_layer == b->layer[i].mac_layer);
	}
	for (size_t i = 0; i < a->nmac_layers; i++)
		assert_true(a->mac_layer[i].bias == b->mac_layer[i].bias &&
			    a->mac_layer[i].macs == b->mac_layer[i].macs);
}

/* A layer that multiplies keeps its name, wherever another of that name stands. */
static void names(void **state)
{
	static const char text[] = "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { "
				   "dim: [1, 3, 8, 8] } } }\n"
				   "layer { name: 'c' type: 'ReLU' bottom: 'x' top: 'x' }\n"
				   "layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'c' "
				   "convolution_param { num_output: 4 kernel_size: 1 } }\n"
				   "layer { name: 'c' type: 'ReLU' bottom: 'c' top: 'c' }\n";
	static const char *const expected[] = {"c#2", "c", "c#3"};
	struct barista_workload *net;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_workload_import(&net, write_text("net.prototxt", text),
					 &(struct barista_import_options){0}, &err),
		 &err);
	assert_int_equal(net->nlayers, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(net->layer[i].name, expected[i]);
	barista_workload_free(net);
}

/* The file that import writes holds the network that it imported. */
static void round_trip(void **state)
{
	static const struct {
		const char *file, *input;
		size_t steps;
	} rows[] = {
		{"residual", NULL, 15},          {"frozen", NULL, 12}, {"detector", NULL, 17},
		{"segmentation", "3x45x60", 12}, {"shuffle", NULL, 9}, {"siamese", "2x28x28", 6},
		{"train_val", "3x32x32", 10},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_import_options options = {.input = &rows[i].input,
							 .ninputs = rows[i].input != NULL};
		struct barista_workload *net, *again;
		struct barista_err err;
		char path[100];

		snprintf(path, sizeof path, "tests/cli/nets/%s.prototxt", rows[i].file);
		CHECK_OK(barista_workload_import(&net, path, &options, &err), &err);
		CHECK(net->nlayers == rows[i].steps && !net->macs_only, "%s: %zu", path,
		      net->nlayers);
		CHECK_OK(barista_workload_load(&again, write_text("again.yaml", net->yaml), ".",
					       &err),
			 &err);
		check_same(net, again);
		barista_workload_free(net);
		barista_workload_free(again);
	}
}

int test_steps(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),      cmocka_unit_test(entries),
		cmocka_unit_test(refused),    cmocka_unit_test(published),
		cmocka_unit_test(networks),   cmocka_unit_test(lenet),
		cmocka_unit_test(from_caffe), cmocka_unit_test(from_onnx),
		cmocka_unit_test(names),      cmocka_unit_test(round_trip),
	};

	return GROUP(tests);
}
