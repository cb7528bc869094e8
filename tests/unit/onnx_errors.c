/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ONNX models that are refused, each with its reason; their inputs' sizes; broken files. */
#include "onnx_model.h"

struct row {
	const char *model, *why;
};

static void check_refused(int opset, const struct row *row, size_t n, int status)
{
	for (size_t i = 0; i < n; i++) {
		struct model m;
		int rc;

		model_make(&m, opset, row[i].model);
		rc = model_read(&m, NULL);
		CHECK(rc == status && m.err.status == status, "'%s': status %d, %s", row[i].model,
		      rc, m.err.msg);
		CHECK(strstr(m.err.msg, row[i].why), "'%s': %s", row[i].model, m.err.msg);
		model_free(&m);
	}
}

#define IN "in x 1x4x9x9;"
#define CONV "in x 1x4x9x9;w w 6x4x3x3;Conv x w > y "

static void refused(void **state)
{
	static const struct row rows[] = {
		{IN "Relu v > y",
		 "x.onnx: node 0 'y' (Relu): it reads 'v', which no initialiser, input or earlier "
		 "node makes"},
		{IN "Relu b > a;Relu a > b", "node 0 'a' (Relu): it reads 'b', which no"},
		{IN "Relu x > y;Relu x > y",
		 "node 1 'y' (Relu): it makes 'y', which exists already"},
		{IN "Relu x > x", "it makes 'x', which exists already"},
		{IN IN "Relu x > y", "input 'x': it is listed twice"},
		{"w w 3;w w 3", "initialiser 'w': it is listed twice"},
		{IN "Relu - > y", "its input 1 is missing"},
		{IN "Relu x", "its first output is missing"},
		{"in x 1x-3x4", "input 'x': its axis 1 has the size -3, expected 1 to 2^31"},
		{"in x 1x2x9999999999", "its axis 2 has the size 9999999999, expected 1 to 2^31"},
		{"in x 1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1",
		 "it has 17 axes, at most 16 are supported"},
		{"w w 1x-3", "initialiser 'w': its axis 1 has the size -3, expected 0 to 2^31"},
		{"w w 2147483648x2147483648", "more than 2^53 elements"},
		{CONV "kernel_shape=[3,4]",
		 "'kernel_shape' does not fit the weights, which are 6x4x3x3"},
		{CONV "kernel_shape=3", "'kernel_shape' must be a list of whole numbers"},
		{CONV "group=x", "'group' must be a whole number"},
		{CONV "group=0", "'group' must be at least 1"},
		{CONV "auto_pad=1", "'auto_pad' must be a text"},
		{CONV "auto_pad=SOME",
		 "'auto_pad' must be NOTSET, SAME_UPPER, SAME_LOWER or VALID"},
		{CONV "strides=[0,1]", "the stride must be at least 1"},
		{CONV "strides=[1]", "'strides' has 1 values, expected 2"},
		{CONV "dilations=[9,9]", "the kernel (19) is larger than the padded input (9)"},
		{CONV "pads=[1,1]", "'pads' has 2 values, expected 4"},
		{CONV "pads=[-1,0,0,0]", "the padding is out of range"},
		{CONV "group=2", "but weights of 6x4x3x3 in 2 groups want 8 channels"},
		{IN "w w 6x4;Conv x w > y",
		 "the input is 1x4x9x9, the weights are 6x4: expected as many axes"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y output_padding=[-1,0]",
		 "'output_padding' must be at least 0"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y output_shape=[0,9]",
		 "its output would have the size 0"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y pads=[9,9,9,9]",
		 "the padding takes all of it"},
		{IN "MaxPool x > y", "'kernel_shape' is missing"},
		{IN "MaxPool x > y kernel_shape=[0,1]", "the kernel must be at least 1"},
		{"in x 1x8;w w 9x5;Gemm x w > y", "1x8 and 9x5 cannot be multiplied"},
		{IN "w w 9x5;Gemm x w > y",
		 "the inputs are 1x4x9x9 and 9x5, expected two matrices"},
		{IN "w w 8x5;MatMul x w > y", "1x4x9x9 and 8x5 cannot be multiplied"},
		{IN "w w 3;BatchNormalization x w w w w > y",
		 "the input is 1x4x9x9, the scale has 3 elements"},
		{IN "w w 5;Add x w > y", "1x4x9x9 and 5 do not broadcast to one shape"},
		{IN "w w 2x4x1x1;PRelu x w > y", "do not broadcast to one shape"},
		{IN "w w 1x4x8x9;Concat x w > y axis=1",
		 "1x4x9x9 and 1x4x8x9 cannot be joined along axis 1"},
		{IN "Concat x x > y", "'axis' is missing"},
		{IN "Concat x x > y axis=4", "'axis' is 4, and there are 4 axes"},
		{IN "c s 5,-1;Reshape x s > y", "1x4x9x9 cannot be reshaped to 5x-1"},
		{IN "c s -1,-1;Reshape x s > y", "cannot be reshaped"},
		{IN "c s -2;Reshape x s > y", "cannot be reshaped"},
		{IN "Transpose x > y perm=[0,1]", "'perm' has 2 values, and there are 4 axes"},
		{IN "Transpose x > y perm=[0,1,1,2]", "axis 1 is listed twice"},
		{IN "Squeeze x > y axes=[1]", "axis 1 has the size 4, expected 1"},
		{IN "Squeeze x > y axes=[7]", "axis 7, and there are 4 axes"},
		{IN "Split x > a b axis=2", "9 cannot be split into 2 equal parts"},
		{IN "Split x > a b axis=2 split=[4,4]", "'split' does not add up to 9"},
		{IN "Slice x > y starts=[1] ends=[1,2]", "must be lists of one length, at most 4"},
		{IN "f s 1,1,2;Upsample x s > y", "'scales' has 3 values, expected 4"},
		{IN "f s 1,1,-2,1;Upsample x s > y", "'scales' holds -2, which is out of range"},
		{IN "DepthToSpace x > y blocksize=3",
		 "'blocksize' 3 squared does not divide 4 channels"},
		{IN "c r 1,1,1,9223372036854775807;Tile x r > y", "'repeats' is out of range"},
		{IN "c s 3000000000;ConstantOfShape s > y",
		 "its output would be 3000000000: every size must be from "
		 "0"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y output_shape=[9,9] strides=[0,1]",
		 "kernel, stride, dilation and input must be at least 1"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y auto_pad=SAME_UPPER strides=[0,1]",
		 "kernel, stride, dilation and input must be at least 1"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y strides=[0,1]", "must be at least 1"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y group=x", "'group'"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y output_padding=[1]", "1 values, expected 2"},
		{IN "w w 4x6x3x3;ConvTranspose x w > y output_shape=[1]", "1 values, expected 2"},
		{IN "MaxPool x > y kernel_shape=[2,2] ceil_mode=x", "'ceil_mode'"},
		{IN "MaxPool x > y kernel_shape=x", "'kernel_shape' must be"},
		{IN "DepthToSpace x > y blocksize=x", "'blocksize' must be"},
		{IN "SpaceToDepth x > y blocksize=x", "'blocksize' must be"},
		{IN "Split x > a b axis=x", "'axis' must be"},
		{IN "Split x > a b axis=2 split=x", "'split' must be"},
		{IN "Slice x > y starts=x ends=[1]", "'starts' must be"},
		{IN "Slice x > y starts=[1] ends=x", "'ends' must be"},
		{IN "Slice x > y starts=[1] ends=[2] axes=x", "'axes' must be"},
		{IN "w w 2;Gather x w > y axis=x", "'axis' must be"},
		{IN "Squeeze x > y axes=x", "'axes' must be"},
		{IN "Unsqueeze x > y axes=x", "'axes' must be"},
		{IN "ReduceSum x > y axes=x", "'axes' must be"},
		{IN "ReduceMax x > y axes=[1,1]", "axis 1 is listed twice"},
		{IN "Cast x > y to=x", "'to' must be"},
		{IN "c s 3,3,9,9;Expand x s > y", "do not broadcast"},
		{"in x 1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1;Unsqueeze x > y axes=[0]",
		 "more than 16 axes"},
		{IN "Pad x > y pads=x", "'pads' must be"},
		{IN "TopK x > y i k=x", "'k' must be"},
		{IN "Cast x > y", "'to' is missing"},
	};

	(void)state;
	check_refused(9, rows, COUNT(rows), BARISTA_E_INPUT);
}

/* Later versions of the operators, whose attributes have become inputs; and values of the file that
 * do not fit. */
static void refused_later(void **state)
{
	static const struct row rows[] = {
		{IN "c s 4,4;Split x s > a b axis=2", "'split' does not add up to 9"},
		{IN "c s 4,5;Split x s > a axis=2", "'split' has 2 values, but it has 1 outputs"},
		{IN "Split x > a b axis=2 num_outputs=3",
		 "'num_outputs' is 3, but it has 2 outputs"},
		{IN "c b 0;c e 2;c a 1;c t 0;Slice x b e a t > y", "'steps' must not be 0"},
		{IN "Slice x > y", "'starts' or 'ends' is missing"},
		{IN "c b 0;c e 2;c a 9;Slice x b e a > y", "axis 9, and there are 4 axes"},
		{IN "w w 3x3;GatherElements x w > y", "its data has 4 axes, its indices 2"},
		{IN "w w 3x5;GatherND x w > y", "more coordinates than its data axes"},
		{IN "w w 3x2;GatherND x w > y batch_dims=2", "more coordinates than its data axes"},
		{IN "w w 2;Gather x w > y axis=4", "'axis' is 4, and there are 4 axes"},
		{IN "c k 99;TopK x k > y i axis=1",
		 "'k' must be from 0 to 4, the size of the axis"},
		{IN "c k -1;TopK x k > y i axis=1",
		 "'k' must be from 0 to 4, the size of the axis"},
		{"in x 9;GlobalAveragePool x > y", "its input has 1 axes, expected at least 2"},
		{"in x 4x9;MaxPool x > y kernel_shape=[2]", "its input has 2 axes"},
		{IN "DepthToSpace x > y blocksize=0", "'blocksize' must be from 1 to 32768"},
		{"in x 1x4x9;DepthToSpace x > y blocksize=2", "its input has 3 axes, expected 4"},
		{IN "SpaceToDepth x > y blocksize=2", "'blocksize' 2 does not divide 9x9"},
		{IN "c p 0,0,-9,0,0,0,-9,0;Pad x p > y", "every size must be from 0"},
		{IN "c p 0,0,1;Pad x p > y", "'pads' has 3 values, expected 8"},
		{IN "c u 1,2;Unsqueeze x u > y;c r 1,1;Tile x r > z",
		 "'repeats' has 2 values, and there are 4 axes"},
		{IN "c u 0,9;Unsqueeze x u > y", "axis 9, and there are 6 axes"},
		{IN "Unsqueeze x > y", "'axes' is missing"},
		{IN "c s 1x;c z 0x;Range s s z > y",
		 "its step is 0, or its limits are out of range"},
		{IN "c s 1,2;Range s s s > y", "its input 1 must be one number"},
		{IN "c s 0x;f e 1e30x;f d 1x;Range d e d > y",
		 "its output has more than 2^31 elements"},
		{IN "c s 2;ConstantOfShape s > y value=3", "'value' must be a tensor"},
		{IN "c n 2,3;c v 1;OneHot x n v > y", "its depth must be one number"},
		{IN "c v 1;c n 3x;OneHot x n v > y axis=9", "'axis' is 9, and there are 5 axes"},
		{IN "c l 3;SoftmaxCrossEntropyLoss x l > y reduction=most",
		 "'reduction' must be none, sum or mean"},
		{IN "Resize x > y", "both 'scales' and 'sizes' are missing"},
		{IN "f r 1;f s 1,1,2;Resize x r s > y", "'scales' has 3 values, expected 4"},
		{IN "c s 1,4,0;f r 1;Resize x r - s > y", "'sizes' has 3 values, expected 4"},
		{IN "LRN x > y size=x", "'size' must be a whole number"},
		{IN "Flatten x > y axis=9", "'axis' is 9"},
		{IN "Concat x x > y axis=x", "'axis' must be a whole number"},
		{IN "ReduceMax x > y keepdims=x", "'keepdims' must be"},
		{IN "ArgMax x > y axis=7", "'axis' is 7, and there are 4 axes"},
		{IN "Shape x > y start=x", "'start' must be a whole number"},
		{IN "Gemm x x > y transA=x", "'transA' must be"},
		{IN "LayerNormalization x x > y axis=9", "'axis' is 9"},
		{IN "c s 4,81;Reshape x s > y allowzero=x", "'allowzero' must be"},
		{IN "w w 3x2;GatherND x w > y batch_dims=x", "'batch_dims' must be"},
		{IN "c k 1;TopK x k > y i axis=x", "'axis' must be"},
		{IN "Split x > a b axis=2 num_outputs=x", "'num_outputs' must be"},
		{IN "c l 3;SoftmaxCrossEntropyLoss x l > y reduction=1", "'reduction' must be"},
		{IN "f r 1;f s 1,1,2,2;Resize x r s > y coordinate_transformation_mode=1",
		 "'coordinate_transformation_mode' must be"},
		{IN "f r 1;f s 1,1,2,2;Resize x r s > y axes=x", "'axes' must be"},
		{IN "f r 1;f s 2,2;Resize x r s > y axes=[2,9]", "axis 9, and there are 4 axes"},
		{IN "Shape x > y end=x", "'end' must be"},
		{IN "c p 9223372036854775807,0,0,0,0,0,0,0;Pad x p > y", "'pads' is out of range"},
		{IN "c b -1;c e 2;c a 1;c t -9223372036854775808;Slice x b e a t > y;Relu z > q",
		 "it reads 'z'"},
		{IN "c b 0,1;c e 2;Slice x b e > y", "must be lists of one length"},
		{IN "c b 0;c e 2;c a 1,2;Slice x b e a > y", "must be lists of one length"},
		{IN "c b 0;c e 2;c a 1;c t 1,1;Slice x b e a t > y", "must be lists of one length"},
		{IN "LayerNormalization x x > y axis=x", "'axis' must be"},
		{IN "c n 2;c v 1;OneHot x n v > y axis=x", "'axis' must be"},
		{IN "MatMul x x > y;w w 2x3;MatMul x w > z", "cannot be multiplied"},
		{IN "Transpose x > y perm=1", "'perm' must be a list of whole numbers"},
	};

	(void)state;
	check_refused(18, rows, COUNT(rows), BARISTA_E_INPUT);
}

/* Earlier versions, whose inputs were attributes. */
static void refused_earlier(void **state)
{
	static const struct row rows[] = {
		{IN "Upsample x > y", "'scales' must be a list of numbers"},
		{IN "Upsample x > y scales=1", "'scales' must be a list of numbers"},
		{IN "Upsample x > y scales=[1.0,1.0,2.0]", "'scales' has 3 values, expected 4"},
	};

	(void)state;
	check_refused(8, rows, COUNT(rows), BARISTA_E_INPUT);
}

static void without_names(void **state)
{
	static const char *const why[] = {
		"x.onnx: input 0 has no name",
		"x.onnx: initialiser 0 has no name",
		"x.onnx: node 0 'y' (): it has no operator",
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct model m;

		model_make(&m, 9, "in x 1x3;w w 3;Add x w > y");
		*(i == 0   ? &m.input[0]->name
		  : i == 1 ? &m.tensor[0]->name
			   : &m.node[0]->op_type) = NULL;
		CHECK(model_read(&m, NULL) == BARISTA_E_INPUT && !strcmp(m.err.msg, why[i]), "%s",
		      m.err.msg);
		model_free(&m);
	}
}

static void sizes_missing(void **state)
{
	static const struct row rows[] = {
		{"in x Nx3xHx8;Relu x > y",
		 "the input 'x' is [N, 3, H, 8], not all sizes are in the file: give them without "
		 "the first axis, the batch, e.g. option input 3x224x8"},
		{"in x Nx3x0x-1;in v N;Relu x > y", "[N, 3, ?, ?]"},
		{"in x NxCxHxW;in v N;Relu x > y", "e.g. option input x=3x224x224"},
		{"in x NxHxWx3;Relu x > y", "e.g. option input 224x224x3"},
		{"in x 4xT;Relu x > y", "e.g. option input 224"},
		{"in x Nx3;in v NxT;Relu x > y;Add y v > z", "the input 'v' is [N, T]"},
	};

	(void)state;
	check_refused(9, rows, COUNT(rows), BARISTA_E_ARGUMENT);
}

static void sizes_given(void **state)
{
	static const struct {
		const char *model, *given, *sizes, *why;
		int64_t batch;
	} rows[] = {
		{"in x Nx3xHxW;Relu x > y", "3x6x7", "1x3x6x7", NULL, 1},
		{"in l 5;in x 4x3xHxW;Relu x > y", "3x6x7", "4x3x6x7", NULL, 4},
		{"in x 2x3x8x8;Relu x > y", "x=1x6x7", "2x1x6x7", NULL, 2},
		{"in v 2x3;in x NxT;Relu x > y", "x=9", "1x9", NULL, 2},
		{"in x Nx3;Relu x > y", NULL, "1x3", NULL, 1},
		{"in x -1x3;w w 1x3;in w 1x3;Add x w > y", NULL, "1x3", NULL, 1},
		{"in x Nx3xHxW;Relu x > y", "3x6", NULL,
		 "'x' has 3 axes behind the batch in 'x.onnx', but 2 sizes", 0},
		{"in x NxT;in v 1x4;Relu x > y", "t=3", NULL,
		 "no input is named 't'; there is x, v", 0},
		{"in x 1x3;in v 1x4;Relu x > y", "t=3x6", NULL,
		 "no input is named 't'; there is x, v", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct model m;
		int rc;

		model_make(&m, 9, rows[i].model);
		rc = model_read(&m, rows[i].given);
		CHECK(rc == (rows[i].why ? BARISTA_E_ARGUMENT : 0), "'%s': %s", rows[i].model,
		      m.err.msg);
		if (rows[i].why)
			CHECK(strstr(m.err.msg, rows[i].why), "'%s': %s", rows[i].model, m.err.msg);
		else
			CHECK(!strcmp(model_sizes(&m, "y"), rows[i].sizes) &&
				      m.g.batch == rows[i].batch,
			      "'%s': %s", rows[i].model, model_sizes(&m, "y"));
		model_free(&m);
	}
}

static void opsets(void **state)
{
	static const int refused_versions[] = {0, 6, 22, -1};
	struct model m;

	(void)state;
	for (size_t i = 0; i < COUNT(refused_versions); i++) {
		model_make(&m, refused_versions[i], "in x 1x3;Relu x > y");
		CHECK(model_read(&m, NULL) == BARISTA_E_INPUT, "version %d", refused_versions[i]);
		CHECK(strstr(m.err.msg, "supported are 7 to 21"), "%s", m.err.msg);
		model_free(&m);
	}
	model_make(&m, 9, "in x 1x3;Relu x > y");
	m.proto.n_opset_import = 0;
	CHECK(model_read(&m, NULL) == BARISTA_E_INPUT, "no version");
	CHECK(strstr(m.err.msg, "version 1 of ONNX's operators"), "%s", m.err.msg);
	model_free(&m);
	model_make(&m, 9, "");
	m.proto.graph = NULL;
	CHECK(model_read(&m, NULL) == BARISTA_E_INPUT, "no graph");
	CHECK(strstr(m.err.msg, "has no graph"), "%s", m.err.msg);
	model_free(&m);
}

/* Names that a terminal should not see, and elements in all their forms. */
static void names_and_elements(void **state)
{
	static const uint8_t raw[] = {2, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0};
	struct model m;

	(void)state;
	model_make(&m, 9, "in x 2x3x4;c s 1,1;Reshape x s > y");
	m.tensor[0]->n_int64_data = 0;
	m.tensor[0]->has_raw_data = true;
	m.tensor[0]->raw_data = (ProtobufCBinaryData){sizeof raw, (uint8_t *)raw};
	m.graph.name = (char *)"a\033b\xc3\xa4\xff\xc0\x80";
	CHECK_OK(model_read(&m, NULL), &m.err);
	CHECK(!strcmp(model_sizes(&m, "y"), "2x12"), "%s", model_sizes(&m, "y"));
	CHECK(!strcmp(m.g.name, "a?b\xc3\xa4???"), "%s", m.g.name);
	CHECK(m.src.iterations == 1, "iterations");
	model_free(&m);
	model_make(&m, 9, "in x 2x3x4;c s 1,1;Reshape x s > y");
	m.tensor[0]->n_int64_data = 1;
	CHECK(model_read(&m, NULL) == BARISTA_E_INPUT, "too few elements");
	CHECK(strstr(m.err.msg, "initialiser 's': the file holds 1 of its 2 elements"), "%s",
	      m.err.msg);
	model_free(&m);
}

/* Every way to cut a file short, and a byte changed anywhere: an answer, or an error with a text.
 */
static void broken_files(void **state)
{
	struct model m, n;
	uint8_t data[1000];
	size_t size;
	int truncated = 0;

	(void)state;
	model_make(&m, 9,
		   "in x 1x3x8x8;w w 2x3x3x3;Conv x w > c pads=[1,1,1,1];c s 1,-1;Reshape c s > y");
	size = barista__onnx__model_proto__get_packed_size(&m.proto);
	assert_true(size < sizeof data);
	barista__onnx__model_proto__pack(&m.proto, data);
	for (size_t i = 0; i < 2 * size; i++) {
		int rc;

		model_make(&n, 9, "");
		data[i % size] ^= (uint8_t)(i < size ? 0 : 0x41);
		rc = model_read_bytes(&n, data, i < size ? i : size, NULL);
		data[i % size] ^= (uint8_t)(i < size ? 0 : 0x41);
		CHECK(!rc || ((rc == BARISTA_E_INPUT || rc == BARISTA_E_ARGUMENT) && *n.err.msg),
		      "%zu: status %d", i, rc);
		truncated += rc &&
			     strstr(n.err.msg, "'x.onnx' is not an ONNX model, or it is truncated");
		model_free(&n);
	}
	CHECK(truncated > 50, "%d", truncated);
	model_free(&m);
}

/* Two bytes of file per empty node, each of which takes a hundred. */
static void memory_bounded(void **state)
{
	enum { NODES = 4 << 20 };
	uint8_t *data = malloc(2 * NODES + 8), *p = data;
	struct model m;

	(void)state;
	assert_non_null(data);
	*p++ = 7 << 3 | 2;
	for (size_t left = 2 * NODES; left; left >>= 7)
		*p++ = (uint8_t)((left & 0x7f) | (left >> 7 ? 0x80 : 0));
	for (size_t i = 0; i < NODES; i++) {
		*p++ = 1 << 3 | 2;
		*p++ = 0;
	}
	model_make(&m, 9, "");
	CHECK(model_read_bytes(&m, data, (size_t)(p - data), NULL) == BARISTA_E_INPUT, "%s",
	      m.err.msg);
	CHECK(strstr(m.err.msg, "needs more memory than 256 MiB and three times its size"), "%s",
	      m.err.msg);
	model_free(&m);
	free(data);
}

int test_onnx_errors(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),         cmocka_unit_test(refused_later),
		cmocka_unit_test(refused_earlier), cmocka_unit_test(without_names),
		cmocka_unit_test(sizes_missing),   cmocka_unit_test(sizes_given),
		cmocka_unit_test(opsets),          cmocka_unit_test(names_and_elements),
		cmocka_unit_test(broken_files),    cmocka_unit_test(memory_bounded),
	};

	return GROUP(tests);
}
