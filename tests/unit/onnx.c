/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes and counts by the ONNX operator specification, by hand. */
#include "onnx_model.h"

#include "import/completeness.h"

struct row {
	int opset;
	const char *model, *sizes;
	int64_t macs, missing;
};

/* The blob y (and z, behind a space) of each row. */
static void check_rows(const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &row[i];
		struct model m;
		char sizes[400];
		int rc;

		model_make(&m, r->opset, r->model);
		rc = model_read(&m, NULL);
		CHECK(!rc, "'%s': %s", r->model, m.err.msg);
		snprintf(sizes, sizeof sizes, "%s", model_sizes(&m, "y"));
		if (barista_graph_find(&m.g, "z") != BARISTA_NO_BLOB)
			snprintf(sizes + strlen(sizes), sizeof sizes - strlen(sizes), " %s",
				 model_sizes(&m, "z"));
		CHECK(!strcmp(sizes, r->sizes), "'%s': %s, expected %s", r->model, sizes, r->sizes);
		CHECK(model_macs(&m) == r->macs, "'%s': %lld macs", r->model,
		      (long long)model_macs(&m));
		CHECK(model_missing(&m) == r->missing, "'%s': %lld macs missing", r->model,
		      (long long)model_missing(&m));
		model_free(&m);
	}
}

#define XW "in x 1x4x9x12;w w 6x4x3x2;"
#define XD "in x 1x4x5x7;w w 4x3x3x2;"

static void convolutions(void **state)
{
	static const struct row rows[] = {
		{7, XW "Conv x w > y", "1x6x7x11", 24 * 6 * 77, 0},
		{7, XW "Conv x w > y kernel_shape=[3,2] pads=[1,0,1,1]", "1x6x9x12", 24 * 6 * 108,
		 0},
		{7, XW "Conv x w > y strides=[2,3] dilations=[2,1]", "1x6x3x4", 24 * 6 * 12, 0},
		{7, XW "Conv x w > y auto_pad=SAME_UPPER strides=[2,5]", "1x6x5x3", 24 * 6 * 15, 0},
		{7, XW "Conv x w > y auto_pad=SAME_LOWER dilations=[2,2]", "1x6x9x12", 24 * 6 * 108,
		 0},
		{7, XW "Conv x w > y auto_pad=VALID pads=[9,9,9,9]", "1x6x7x11", 24 * 6 * 77, 0},
		{7, "in x 2x4x9x9;w w 6x2x3x3;w b 6;Conv x w b > y group=2", "2x6x7x7",
		 2 * 6 * 9 * 49, 0},
		{7, "in x 1x4x9;w w 6x4x3;Conv x w > y", "1x6x7", 12 * 6 * 7, 0},
		{7, "in x 1x2x5x5x5;w w 3x2x2x2x2;Conv x w > y", "1x3x4x4x4", 0, 2 * 8 * 3 * 64},
		{7, "in i 2x3;in x 1x4x9x9;w w 6x4x1x1;Conv x w > y", "1x6x9x9", 0, 972},
		{7, "in x 1x4x9x9;in w 6x4x1x1;Conv x w > y", "1x6x9x9", 24 * 81, 0},
		{7, XD "ConvTranspose x w > y", "1x3x7x8", 24 * 3 * 35, 0},
		{7, XD "ConvTranspose x w > y strides=[2,2] output_padding=[1,0]", "1x3x12x14",
		 24 * 3 * 35, 0},
		{7, XD "ConvTranspose x w > y strides=[2,2] output_shape=[10,15]", "1x3x10x15",
		 24 * 3 * 35, 0},
		{7, XD "ConvTranspose x w > y strides=[3,3] auto_pad=SAME_UPPER", "1x3x15x21",
		 24 * 3 * 35, 0},
		{7, XD "ConvTranspose x w > y group=2 pads=[1,0,1,0]", "1x6x5x8", 12 * 6 * 35, 0},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void products(void **state)
{
	static const struct row rows[] = {
		{9, "in x 2x8;w w 5x8;Gemm x w > y transB=1", "2x5", 40, 0},
		{9, "in x 8x4;w w 8x5;Gemm x w > y transA=1", "4x5", 0, -1},
		{9, "in x 8x8;w w 5x8;Gemm w x > y", "5x8", 40, 0},
		{9, "in x 1x8;in v 8x5;Gemm x v > y", "1x5", 0, 40},
		{9, "in x 1x8;w v 3x8;w w 8x5;Gemm v w > y", "3x5", 0, 0},
		{9, "in x 2x7x8;w w 8x5;MatMul x w > y", "2x7x5", 7 * 40, 0},
		{9, "in x 2x7x8;w w 1x8x5;MatMul x w > y", "2x7x5", 7 * 40, 0},
		{9, "in x 2x7x8;w w 8;MatMul x w > y", "2x7", 56, 0},
		{9, "in x 2x8x7;w w 5x8;MatMul w x > y", "2x5x7", 7 * 40, 0},
		{9, "in x 2x3x7x8;in v 2x1x8x7;MatMul x v > y", "2x3x7x7", 0, 3 * 49 * 8},
		{9, "in x 2x7x8;w w 2x8x5;MatMul x w > y", "2x7x5", 0, 7 * 40},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

#define X44 "in x 1x2x4x5;"

static void windows(void **state)
{
	static const struct row rows[] = {
		{7, X44 "MaxPool x > y z kernel_shape=[2,2] strides=[2,2]", "1x2x2x2 1x2x2x2", 0,
		 0},
		{10, X44 "AveragePool x > y kernel_shape=[2,2] strides=[2,2] ceil_mode=1",
		 "1x2x2x3", 0, 0},
		{10, X44 "MaxPool x > y kernel_shape=[1,1] strides=[3,3] ceil_mode=1", "1x2x2x2", 0,
		 0},
		{10,
		 X44 "MaxPool x > y kernel_shape=[1,1] strides=[3,3] pads=[0,0,3,3] ceil_mode=1",
		 "1x2x2x3", 0, 0},
		{10, X44 "MaxPool x > y kernel_shape=[2,2] dilations=[2,3]", "1x2x2x2", 0, 0},
		{11, X44 "LpPool x > y kernel_shape=[3,3] auto_pad=SAME_LOWER strides=[2,2]",
		 "1x2x2x3", 0, 0},
		{7, X44 "GlobalAveragePool x > y", "1x2x1x1", 0, 0},
		{7, X44 "Pad x > y pads=[0,0,1,-1,0,0,2,-1]", "1x2x7x3", 0, 0},
		{11, X44 "c p 0,0,1,1,0,0,1,1;Pad x p > y", "1x2x6x7", 0, 0},
		{18, X44 "c p 1,1;c a -1;Pad x p - a > y", "1x2x4x7", 0, 0},
		{10, X44 "f s 1,1,2,0.5;Resize x s > y", "1x2x8x2", 0, 0},
		{13, X44 "c s 1,2,9,9;Resize x - - s > y", "1x2x9x9", 0, 0},
		{18, X44 "f s 2;Resize x - s > y axes=[3]", "1x2x4x10", 0, 0},
		{9, X44 "f s 1,1,2,2;Upsample x s > y", "1x2x8x10", 0, 0},
		{8, X44 "Upsample x > y scales=[1.0,1.0,2.0,2.0]", "1x2x8x10", 0, 0},
		{18, X44 "c s 9;Resize x - - s > y axes=[3] keep_aspect_ratio_policy=not_larger",
		 "~1x2x4x5", 0, 0},
		{7, "in x 1x8x2x3;DepthToSpace x > y blocksize=2", "1x2x4x6", 0, 0},
		{7, "in x 1x2x4x6;SpaceToDepth x > y blocksize=2", "1x8x2x3", 0, 0},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

#define X234 "in x 2x3x4;"

static void arrangements(void **state)
{
	static const struct row rows[] = {
		{7, X234 "c s 0,-1;Reshape x s > y", "2x12", 0, 0},
		{7, X234 "c s 4,1,6;Reshape x s > y", "4x1x6", 0, 0},
		{14, "in v 2x1;c n 0;c e 2,0;Expand v e > x;c s 0,4;Reshape x s > y allowzero=1",
		 "0x4", 0, 0},
		{7, X234 "Flatten x > y axis=2", "6x4", 0, 0},
		{7, X234 "Flatten x > y axis=0", "1x24", 0, 0},
		{11, X234 "Flatten x > y axis=-1", "6x4", 0, 0},
		{7, X234 "Transpose x > y", "4x3x2", 0, 0},
		{7, X234 "Transpose x > y perm=[1,0,2]", "3x2x4", 0, 0},
		{7, "in x 2x1x4x1;Squeeze x > y;Squeeze x > z axes=[3]", "2x4 2x1x4", 0, 0},
		{13, "in x 2x1x4x1;c a -1;Squeeze x a > y", "2x1x4", 0, 0},
		{7, X234 "Unsqueeze x > y axes=[0,4]", "1x2x3x4x1", 0, 0},
		{13, X234 "c a -1,0;Unsqueeze x a > y", "1x2x3x4x1", 0, 0},
		{8, "in x 3x1;c s 2,1,4;Expand x s > y", "2x3x4", 0, 0},
		{7, X234 "c r 1,2,3;Tile x r > y", "2x6x12", 0, 0},
		{7, X234 "in v 2x5x4;Concat x v > y axis=1", "2x8x4", 0, 0},
		{7, X234 "Split x > y z axis=2 split=[1,3]", "2x3x1 2x3x3", 0, 0},
		{13, X234 "c s 1,2;Split x s > y z axis=1", "2x1x4 2x2x4", 0, 0},
		{18, X234 "Split x > y z axis=1 num_outputs=2", "2x2x4 2x1x4", 0, 0},
		{7, X234 "Slice x > y starts=[-1,1] ends=[9223372036854775807,-1] axes=[0,2]",
		 "1x3x2", 0, 0},
		{10, X234 "c s -1;c e -9223372036854775807;c a 2;c t -2;Slice x s e a t > y",
		 "2x3x2", 0, 0},
		{7, X234 "in i 5x6;Gather x i > y axis=1", "2x5x6x4", 0, 0},
		{11, X234 "in i 2x3x9;GatherElements x i > y axis=2", "2x3x9", 0, 0},
		{12, X234 "in i 5x2;GatherND x i > y", "5x4", 0, 0},
		{9, X234 "c d 7;f v 0,1;OneHot x d v > y axis=0", "7x2x3x4", 0, 0},
		{7, X234 "ReduceMean x > y axes=[-1] keepdims=0;ReduceMax x > z", "2x3 1x1x1", 0,
		 0},
		{13, X234 "c a 1;ReduceSum x a > y;ReduceSum x > z noop_with_empty_axes=1",
		 "2x1x4 2x3x4", 0, 0},
		{18, X234 "c a 1;ReduceMax x a > y keepdims=0", "2x4", 0, 0},
		{7, X234 "ArgMax x > y axis=1", "2x1x4", 0, 0},
		{7, X234 "TopK x > y z k=2", "2x3x2 2x3x2", 0, 0},
		{10, X234 "c k 1;TopK x k > y z axis=0", "1x3x4 1x3x4", 0, 0},
		{7, X234 "in v 3x1;Add x v > y;Sum x v x > z", "2x3x4 2x3x4", 0, 0},
		{9, "in c 4x1;in x 2x3;in v scalar;Where c v v > y", "4x1", 0, 0},
		{17, X234 "w s 4;LayerNormalization x s > y z", "2x3x4 2x3x1", 0, 0},
		{12, "in x 4x5;in l 4;SoftmaxCrossEntropyLoss x l > y z reduction=none", "4 4x5", 0,
		 0},
		{12, "in x 4x5;in l 4;NegativeLogLikelihoodLoss x l > y", "scalar", 0, 0},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

/* Sizes that other nodes compute. */
static void folding(void **state)
{
	static const struct row rows[] = {
		{9,
		 X234 "Shape x > s;c i 0x;Gather s i > n;Unsqueeze n > u axes=[0];c r -1;Concat u "
		      "r > t axis=0;"
		      "Reshape x t > y",
		 "2x12", 0, 0},
		{11,
		 X234 "Shape x > s;c b -2;c e 9223372036854775807;Slice s b e > t;c k 2,3;Mul t k "
		      "> p;c d 4x;"
		      "Div p d > q;ConstantOfShape q > y",
		 "1x3", 0, 0},
		{13,
		 "in x 1x6;c c 5;Cast c > b to=9;Cast b > i to=7;c r -1;Concat i r > s "
		 "axis=0;Reshape x s > y",
		 "1x6", 0, 0},
		{13,
		 X234 "Shape x > s;Cast s > f to=1;f k 1.5,1.5,2.5;Mul f k > g;Floor g > h;Cast h "
		      "> i to=7;"
		      "ConstantOfShape i > y",
		 "3x4x10", 0, 0},
		{9,
		 X234 "Shape x > s;c m 1,-1,-1;c o 1;Equal m o > e;Where e m s > t;ConstantOfShape "
		      "t > y",
		 "1x3x4", 0, 0},
		{11, X234 "Shape x > s;ReduceProd s > p keepdims=0;c a 0x;c b 5x;Range a p b > y",
		 "5", 0, 0},
		{15, X234 "Shape x > s start=1 end=-1;ConstantOfShape s > y", "3", 0, 0},
		{9, X234 "Size x > n;c u 1;Reshape n u > t;ConstantOfShape t > y", "24", 0, 0},
		{9, X234 "Constant > c value_ints=[3,8];Reshape x c > y", "3x8", 0, 0},
		{9,
		 X234 "Shape x > s;Transpose s > t;Split t > a b c axis=0;Max a c > "
		      "d;ConstantOfShape d > y",
		 "4", 0, 0},
		/* Overflow and a division by zero leave the size unknown. */
		{9, X234 "c a 9223372036854775807;c b 1;Add a b > s;ConstantOfShape s > y", "?", 0,
		 0},
		{9, X234 "c a 4;c b 0;Div a b > s;Expand x s > y", "~2x3x4", 0, 0},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

/* Each function that sizes are computed with, on whole and real numbers; without a result the size
 * stays unknown. */
static void arithmetic(void **state)
{
	static const struct row rows[] = {
		{13, "c a 2,3;c b 4,1;Add a b > s;ConstantOfShape s > y", "6x4", 0, 0},
		{13, "c a 7,9;c b 4,9;Sub a b > s;ConstantOfShape s > y", "3x0", 0, 0},
		{13, "c a 9,8;c b 2,8;Div a b > s;ConstantOfShape s > y", "4x1", 0, 0},
		{13, "c a 7,-7,7,-7;c b 5,5,-8,-8;Mod a b > t;Abs t > s;ConstantOfShape s > y",
		 "2x3x1x7", 0, 0},
		{13, "c a 2,3,-2;c b 3,2,2;Pow a b > s;ConstantOfShape s > y", "8x9x4", 0, 0},
		{13, "c a 2,9;c b 4,1;Min a b > s;ConstantOfShape s > y", "2x1", 0, 0},
		{13, "c a 2,9;c b 4,1;Max a b > s;ConstantOfShape s > y", "4x9", 0, 0},
		{13, "c a 1,1,0,0;c b 1,0,1,0;And a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "1x0x0x0", 0, 0},
		{13, "c a 1,1,0,0;c b 1,0,1,0;Or a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "1x1x1x0", 0, 0},
		{13, "c a 1,1,0,0;c b 1,0,1,0;Xor a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "0x1x1x0", 0, 0},
		{13, "c a 1,5,7;c b 5,5,5;Less a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "1x0x0", 0, 0},
		{13,
		 "c a 1,5,7;c b 5,5,5;LessOrEqual a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "1x1x0", 0, 0},
		{13, "c a 1,5,7;c b 5,5,5;Greater a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "0x0x1", 0, 0},
		{13,
		 "c a 1,5,7;c b 5,5,5;GreaterOrEqual a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "0x1x1", 0, 0},
		{13, "f a 1.5,2;f b 2.5,3;Add a b > t;Cast t > s to=7;ConstantOfShape s > y", "4x5",
		 0, 0},
		{13, "f a 4.5,3;f b 0.5,1;Sub a b > t;Cast t > s to=7;ConstantOfShape s > y", "4x2",
		 0, 0},
		{13, "f a 9,7;f b 2,2;Div a b > t;Cast t > s to=7;ConstantOfShape s > y", "4x3", 0,
		 0},
		{13, "f a 1.5,3;f b 2,2;Pow a b > t;Cast t > s to=7;ConstantOfShape s > y", "2x9",
		 0, 0},
		{13, "f a 2.5,9;f b 4,1;Min a b > t;Cast t > s to=7;ConstantOfShape s > y", "2x1",
		 0, 0},
		{13, "f a 2.5,9;f b 4,1;Max a b > t;Cast t > s to=7;ConstantOfShape s > y", "4x9",
		 0, 0},
		{13, "f a 1,5,7;f b 5,5,5;Less a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "1x0x0", 0, 0},
		{13,
		 "f a 1,5,7;f b 5,5,5;LessOrEqual a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "1x1x0", 0, 0},
		{13, "f a 1,5,7;f b 5,5,5;Greater a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "0x0x1", 0, 0},
		{13,
		 "f a 1,5,7;f b 5,5,5;GreaterOrEqual a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "0x1x1", 0, 0},
		{13, "f a 1,5,7;f b 5,5,5;Equal a b > t;Cast t > s to=7;ConstantOfShape s > y",
		 "0x1x0", 0, 0},
		{13, "c a -3,-5;Neg a > t;Cast t > s to=7;ConstantOfShape s > y", "3x5", 0, 0},
		{13, "c a -3,5;Abs a > t;Cast t > s to=7;ConstantOfShape s > y", "3x5", 0, 0},
		{13, "c a 0,1;Not a > t;Cast t > s to=7;ConstantOfShape s > y", "1x0", 0, 0},
		{13, "f a -3.5,-5;Neg a > t;Cast t > s to=7;ConstantOfShape s > y", "3x5", 0, 0},
		{13, "f a 2.5,3;Ceil a > t;Cast t > s to=7;ConstantOfShape s > y", "3x3", 0, 0},
		{13, "f a 2.6,3.4;Round a > t;Cast t > s to=7;ConstantOfShape s > y", "3x3", 0, 0},
		{13, "f a 9,17;Sqrt a > t;Cast t > s to=7;ConstantOfShape s > y", "3x4", 0, 0},
		{13, "f a 0.25,0.5;Reciprocal a > t;Cast t > s to=7;ConstantOfShape s > y", "4x2",
		 0, 0},
		{13, "c a 4,2;Identity a > t;Cast t > s to=7;ConstantOfShape s > y", "4x2", 0, 0},
		{13, "c a 2,10;c b 63,30;Pow a b > s;ConstantOfShape s > y", "?", 0, 0},
		{13, "c a 3,2;c b -1,1;Pow a b > s;ConstantOfShape s > y", "?", 0, 0},
		{13, "c a 7,7;c b 0,5;Mod a b > s;ConstantOfShape s > y", "?", 0, 0},
		{13, "c a -9223372036854775807,1;c b 9,1;Sub a b > s;ConstantOfShape s > y", "?", 0,
		 0},
		{13, "c a -9223372036854775808,1;Neg a > t;Cast t > s to=7;ConstantOfShape s > y",
		 "?", 0, 0},
		{13, "f a 1,1;f b 1,1;And a b > t;Cast t > s to=7;ConstantOfShape s > y", "?", 0,
		 0},
		{13, "f a 7,7;f b 2,5;Mod a b > t;Cast t > s to=7;ConstantOfShape s > y", "?", 0,
		 0},
		{13, "c a 0x;c b 9x;c d 2x;Range a b d > y", "5", 0, 0},
		{13, "c a 9x;c b 0x;c d -2x;Range a b d > y", "5", 0, 0},
		{13, "c a 9x;c b 0x;c d 2x;Range a b d > y", "0", 0, 0},
		{13, "f a 0x;f b 2.5x;f d 0.5x;Range a b d > y", "5", 0, 0},
		{13, "f a 3x;f b 0x;f d 1x;Range a b d > y", "0", 0, 0},
		{13, "Constant > f value_floats=[3.0,8.5];Cast f > s to=7;ConstantOfShape s > y",
		 "3x8", 0, 0},
		{13, "Constant > f value_int=4;c s 2,3;ConstantOfShape s > y", "2x3", 0, 0},
		{13, "c a 10;c b 30;Pow a b > s;ConstantOfShape s > y", "?", 0, 0},
		{13, "f a 1e30;Cast a > s to=7;ConstantOfShape s > y", "?", 0, 0},
		{13, "c a 3;c b 2;Sum a b > s;ConstantOfShape s > y", "5", 0, 0},
		{13, "c a 7;c b 5;Mod a b > s fmod=1;ConstantOfShape s > y", "?", 0, 0},
		{13,
		 "c v 1,2,3,4,5;c b -1;c e -9;c a 0;c t -2;Slice v b e a t > s;ConstantOfShape s > "
		 "y",
		 "5x3x1", 0, 0},
		{13, "c v 4,5,6;c i -1,0;Gather v i > s;ConstantOfShape s > y", "6x4", 0, 0},
		{13, "c v 4,5,6;c i 9;Gather v i > s;ConstantOfShape s > y", "?", 0, 0},
		{13, "c v 4,5,6;ReduceMax v > s;ConstantOfShape s > y", "6", 0, 0},
		{13, "c v 4,5,6;ReduceMin v > s;ConstantOfShape s > y", "4", 0, 0},
		{13, "c v 4,5,6;ReduceSum v > s;ConstantOfShape s > y", "15", 0, 0},
		{13, "RandomNormal > y shape=[2,3]", "2x3", 0, 0},
		{13, "in v 3;ConstantOfShape v > y", "~3", 0, 0},
		{13, "in v 1;Range v v v > y", "~1", 0, 0},
		{13, "in x 2x3;in b 2;in e 2;Slice x b e > y", "~2x3", 0, 0},
		{13, "in d 1;c i 0,1;f o 0,1;OneHot i d o > y", "~1", 0, 0},
		{13, "in t 3;c a 1,2,3;c b 4,5,6;Where t a b > s;ConstantOfShape s > y", "~3", 0,
		 0},
		{13, "in x 2x3;in k 1;TopK x k > y i", "~2x3", 0, 0},
		{13, "in x 2x3;in p 4;Pad x p > y", "~2x3", 0, 0},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

/* What is not understood is guessed to keep its input's shape; what does not fit then is unknown.
 */
static void guesses(void **state)
{
	static const struct row rows[] = {
		{9, "in x 1x3x8x8;com.microsoft.Thing x > y;w w 2x3x1x1;Conv y w > z",
		 "~1x3x8x8 ~1x2x8x8", 6 * 64, -1},
		{9, "in x 1x3x8x8;Einsum x > y;w w 2x9x1x1;Conv y w > z", "~1x3x8x8 ?", 0, -2},
		{9, "in x 1x3x8x8;NonZero x > y;c s 5,5;Reshape y s > z", "~1x3x8x8 ?", 0, 0},
		{9, "in x 1x3x8x8;LSTM x > y;Relu y > z", "~1x3x8x8 ~1x3x8x8", 0, -1},
		{9, "in x 1x3x8x8;If x > y;Shape y > s;Reshape y s > z", "~1x3x8x8 ~1x3x8x8", 0,
		 -1},
		{9, "in x 1x3x8x8;c c 1;Unique c > y;w w 2x3;MatMul y w > z", "? ?", 0, -1},
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void learning(void **state)
{
	char incomplete[200];
	struct model m;

	(void)state;
	model_make(
		&m, 9,
		"in x 1x3x8x8;c s 2,3,1,1;ConstantOfShape s > v;Identity v > w;Conv x w > c;w a 2;"
		"BatchNormalization c a a a a > b;w e 8;Mul b e > d;MatMul d d > y");
	CHECK_OK(model_read(&m, NULL), &m.err);
	CHECK(m.g.op[2].learns && m.g.op[2].weights_learn && m.g.op[3].learns,
	      "constants are weights");
	CHECK(!m.g.op[0].learns && !m.g.op[4].learns && !m.g.op[5].learns, "nothing else learns");
	CHECK(!strcmp(m.g.op[2].name, "c") && m.g.op[2].number == 2,
	      "a node is named by its output");
	model_free(&m);
	model_make(&m, 9, "in x 1x8;w u 8x3;w v 3x5;MatMul u v > w;MatMul x w > y");
	CHECK_OK(model_read(&m, NULL), &m.err);
	CHECK_OK(barista_graph_check_complete(&m.g, &m.src, incomplete, sizeof incomplete, &m.err),
		 &m.err);
	CHECK(!*incomplete && !m.g.op[0].mac && m.g.op[1].mac,
	      "a product of constants is a constant");
	model_free(&m);
	model_make(&m, 12, "in x 4x5;in l 4;SoftmaxCrossEntropyLoss x l > y");
	CHECK_OK(model_read(&m, NULL), &m.err);
	CHECK(m.g.op[0].loss && m.g.batch == 4, "a loss");
	model_free(&m);
}

/* Per layer: of weights, of its input, both, or none. */
static void gradients(void **state)
{
	static const struct {
		const char *model, *gradients;
	} rows[] = {
		{"in x 1x3x9x9;w v 4x3x3x3;Conv x v > c;w w 2x4x1x1;Conv c w > y", "wb"},
		{"in x 1x3x9x9;in v 4x3x3x3;Conv x v > c;Conv c c > y", "wb"},
		{"in x 1x8x7;w v 8x8;w w 5x8;MatMul v x > t;MatMul w t > y", "wb"},
		{"in x 8x8;w v 8x8;w w 5x8;Gemm v x > t;Gemm w t > y", "wb"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char got[16] = "";
		struct model m;

		model_make(&m, 13, rows[i].model);
		CHECK_OK(model_read(&m, NULL), &m.err);
		barista_graph_gradients(&m.g, true);
		for (size_t o = 0; o < m.g.nops && o + 1 < sizeof got; o++)
			got[o] = "-wib"[m.g.op[o].weight_gradient + 2 * m.g.op[o].input_gradient];
		CHECK(!strcmp(got, rows[i].gradients), "'%s': %s", rows[i].model, got);
		model_free(&m);
	}
}

int test_onnx(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(convolutions), cmocka_unit_test(products),
		cmocka_unit_test(windows),      cmocka_unit_test(arrangements),
		cmocka_unit_test(folding),      cmocka_unit_test(arithmetic),
		cmocka_unit_test(guesses),      cmocka_unit_test(learning),
		cmocka_unit_test(gradients),
	};

	return GROUP(tests);
}
