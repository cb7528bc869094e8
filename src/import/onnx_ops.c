/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every operator that is understood. */
#include "import/onnx_ops.h"

#include <string.h>

#define UNARY(type) {type, 1, barista_onnx_same, NULL, false, NULL}
#define FOLDED(type) {type, 1, barista_onnx_same, barista_onnx_fold_unary, false, NULL}
#define BINARY(type) {type, 2, barista_onnx_broadcast, barista_onnx_fold_binary, false, NULL}
#define VARIADIC(type) {type, 1, barista_onnx_broadcast, barista_onnx_fold_binary, false, NULL}
#define REDUCE(type) {type, 1, barista_onnx_reduce, barista_onnx_fold_reduce, false, NULL}
#define VARIES(type) {type, 0, NULL, NULL, false, "the size of its output depends on the data"}
#define UNKNOWN(type, why) {type, 0, NULL, NULL, true, why}
#define OP(type, inputs, function) {type, inputs, function, NULL, false, NULL}
#define MACS(type, function) {type, 2, function, NULL, true, NULL}

static const char recurrent[] = "recurrent operators are not modelled";
static const char control[] = "operators that hold a graph are not modelled";

static const struct barista_onnx_operator operators[] = {
	MACS("Conv", barista_onnx_conv), MACS("ConvTranspose", barista_onnx_conv_transpose),
	MACS("Gemm", barista_onnx_gemm), MACS("MatMul", barista_onnx_matmul),

	OP("MaxPool", 1, barista_onnx_pool), OP("AveragePool", 1, barista_onnx_pool),
	OP("LpPool", 1, barista_onnx_pool),
	OP("GlobalAveragePool", 1, barista_onnx_global_pool), OP("GlobalMaxPool", 1, barista_onnx_global_pool),
	OP("GlobalLpPool", 1, barista_onnx_global_pool), OP("Pad", 1, barista_onnx_pad),
	OP("Resize", 1, barista_onnx_resize), OP("Upsample", 1, barista_onnx_resize),
	OP("DepthToSpace", 1, barista_onnx_depth_to_space), OP("SpaceToDepth", 1, barista_onnx_space_to_depth),

	OP("BatchNormalization", 5, barista_onnx_normalize), OP("InstanceNormalization", 3, barista_onnx_normalize),
	OP("GroupNormalization", 3, barista_onnx_normalize), OP("LayerNormalization", 2, barista_onnx_layer_norm),
	OP("PRelu", 2, barista_onnx_prelu),

	UNARY("Relu"), UNARY("LeakyRelu"), UNARY("ThresholdedRelu"), UNARY("Sigmoid"), UNARY("HardSigmoid"),
	UNARY("HardSwish"), UNARY("Mish"), UNARY("Elu"), UNARY("Selu"), UNARY("Celu"), UNARY("Gelu"),
	UNARY("Softplus"), UNARY("Softsign"), UNARY("Softmax"), UNARY("LogSoftmax"), UNARY("Hardmax"),
	UNARY("Shrink"), UNARY("Clip"), UNARY("Dropout"), UNARY("LRN"), UNARY("LpNormalization"),
	UNARY("MeanVarianceNormalization"), UNARY("CumSum"), UNARY("Exp"), UNARY("Log"), UNARY("Erf"), UNARY("Sign"),
	UNARY("Sin"), UNARY("Cos"), UNARY("Tan"), UNARY("Asin"), UNARY("Acos"), UNARY("Atan"), UNARY("Sinh"),
	UNARY("Cosh"), UNARY("Tanh"), UNARY("Asinh"), UNARY("Acosh"), UNARY("Atanh"), UNARY("IsInf"), UNARY("IsNaN"),
	UNARY("BitwiseNot"), UNARY("QuantizeLinear"), UNARY("DequantizeLinear"), UNARY("EyeLike"), UNARY("Trilu"),
	UNARY("Bernoulli"), UNARY("RandomNormalLike"), UNARY("RandomUniformLike"), UNARY("ReverseSequence"),
	FOLDED("Identity"), FOLDED("Neg"), FOLDED("Abs"), FOLDED("Floor"), FOLDED("Ceil"), FOLDED("Round"),
	FOLDED("Sqrt"),
	FOLDED("Reciprocal"), FOLDED("Not"), {"Cast", 1, barista_onnx_cast, NULL, false, NULL}, UNARY("CastLike"),
	UNARY("Scatter"), UNARY("ScatterElements"), UNARY("ScatterND"),

	BINARY("Add"), BINARY("Sub"), BINARY("Mul"), BINARY("Div"), BINARY("Pow"), BINARY("Mod"), BINARY("And"),
	BINARY("Or"), BINARY("Xor"), BINARY("Equal"), BINARY("Less"), BINARY("LessOrEqual"), BINARY("Greater"),
	BINARY("GreaterOrEqual"), BINARY("BitShift"), BINARY("BitwiseAnd"), BINARY("BitwiseOr"), BINARY("BitwiseXor"),
	VARIADIC("Sum"), VARIADIC("Mean"), VARIADIC("Max"), VARIADIC("Min"),
	{"Where", 3, barista_onnx_broadcast, barista_onnx_fold_where, false, NULL},

	REDUCE("ReduceSum"), REDUCE("ReduceProd"), REDUCE("ReduceMax"), REDUCE("ReduceMin"), REDUCE("ReduceMean"),
	REDUCE("ReduceL1"), REDUCE("ReduceL2"), REDUCE("ReduceLogSum"), REDUCE("ReduceLogSumExp"),
	REDUCE("ReduceSumSquare"), OP("ArgMax", 1, barista_onnx_arg), OP("ArgMin", 1, barista_onnx_arg),
	OP("TopK", 1, barista_onnx_topk),

	OP("Reshape", 2, barista_onnx_reshape), OP("Flatten", 1, barista_onnx_flatten),
	OP("Transpose", 1, barista_onnx_transpose), OP("Squeeze", 1, barista_onnx_squeeze),
	OP("Unsqueeze", 1, barista_onnx_unsqueeze), OP("Expand", 2, barista_onnx_expand),
	OP("Tile", 2, barista_onnx_tile),
	OP("Concat", 1, barista_onnx_concat), OP("Split", 1, barista_onnx_split), OP("Slice", 1, barista_onnx_slice),
	OP("Gather", 2, barista_onnx_gather), OP("GatherElements", 2, barista_onnx_gather_elements),
	OP("GatherND", 2, barista_onnx_gather_nd),

	OP("Shape", 1, barista_onnx_shape), OP("Size", 1, barista_onnx_size), OP("Range", 3, barista_onnx_range),
	OP("ConstantOfShape", 1, barista_onnx_constant_of_shape), OP("Constant", 0, barista_onnx_make_constant),
	OP("RandomNormal", 0, barista_onnx_random), OP("RandomUniform", 0, barista_onnx_random),
	OP("OneHot", 3, barista_onnx_one_hot),

	OP("SoftmaxCrossEntropyLoss", 2, barista_onnx_loss), OP("NegativeLogLikelihoodLoss", 2, barista_onnx_loss),

	VARIES("NonZero"), VARIES("Unique"), VARIES("Compress"), VARIES("NonMaxSuppression"),
	UNKNOWN("RNN", recurrent), UNKNOWN("LSTM", recurrent), UNKNOWN("GRU", recurrent), UNKNOWN("If", control),
	UNKNOWN("Loop", control), UNKNOWN("Scan", control),
};

const struct barista_onnx_operator *barista_onnx_operator(const char *type)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (!strcmp(operators[i].type, type))
			return &operators[i];
	return NULL;
}
