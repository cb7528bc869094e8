/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file lists every operator that is understood, and those that are known but not
 * understood. */
#include "import/onnx/operators.h"

#include "network/workload.h"

#include <string.h>

#define OP(type, inputs, function, step)                                        \
	{                                                                       \
		type, inputs, function, NULL, false, NULL, BARISTA_LAYER_##step \
	}
#define MAKES(type, inputs, function)                                           \
	{                                                                       \
		type, inputs, function, NULL, false, NULL, BARISTA_NLAYER_TYPES \
	}
#define ACTIVATION(type) OP(type, 1, barista_onnx_same, ACTIVATION)
#define UNARY(type, step) OP(type, 1, barista_onnx_same, step)
#define FOLDED(type)                                                              \
	{                                                                         \
		type, 1, barista_onnx_same, barista_onnx_fold_unary, false, NULL, \
			BARISTA_LAYER_ACTIVATION                                  \
	}
#define BINARY(type)                                                                    \
	{                                                                               \
		type, 2, barista_onnx_broadcast, barista_onnx_fold_binary, false, NULL, \
			BARISTA_LAYER_SUM                                               \
	}
#define VARIADIC(type)                                                                  \
	{                                                                               \
		type, 1, barista_onnx_broadcast, barista_onnx_fold_binary, false, NULL, \
			BARISTA_LAYER_SUM                                               \
	}
#define REDUCE(type)                                                                 \
	{                                                                            \
		type, 1, barista_onnx_reduce, barista_onnx_fold_reduce, false, NULL, \
			BARISTA_LAYER_OTHER                                          \
	}
#define VARIES(type)                                                                      \
	{                                                                                 \
		type, 0, NULL, NULL, false, "the size of its output depends on the data", \
			BARISTA_LAYER_OTHER                                               \
	}
#define UNKNOWN(type, why)                                          \
	{                                                           \
		type, 0, NULL, NULL, true, why, BARISTA_LAYER_OTHER \
	}
#define MACS(type, function)                                           \
	{                                                              \
		type, 2, function, NULL, true, NULL, BARISTA_LAYER_MAC \
	}

static const char recurrent[] = "recurrent operators are not modelled";
static const char control[] = "operators that hold a graph are not modelled";

static const struct barista_onnx_operator operators[] = {
	MACS("Conv", barista_onnx_conv),
	MACS("ConvTranspose", barista_onnx_conv_transpose),
	MACS("Gemm", barista_onnx_gemm),
	MACS("MatMul", barista_onnx_matmul),

	OP("MaxPool", 1, barista_onnx_pool, MAX_POOL),
	OP("AveragePool", 1, barista_onnx_pool, AVE_POOL),
	OP("LpPool", 1, barista_onnx_pool, AVE_POOL),
	OP("GlobalAveragePool", 1, barista_onnx_global_pool, AVE_POOL),
	OP("GlobalMaxPool", 1, barista_onnx_global_pool, MAX_POOL),
	OP("GlobalLpPool", 1, barista_onnx_global_pool, AVE_POOL),
	OP("Pad", 1, barista_onnx_pad, OTHER),
	OP("Resize", 1, barista_onnx_resize, OTHER),
	OP("Upsample", 1, barista_onnx_resize, OTHER),
	OP("DepthToSpace", 1, barista_onnx_depth_to_space, OTHER),
	OP("SpaceToDepth", 1, barista_onnx_space_to_depth, OTHER),

	OP("BatchNormalization", 5, barista_onnx_normalize, BATCH_NORM),
	OP("InstanceNormalization", 3, barista_onnx_normalize, BATCH_NORM),
	OP("GroupNormalization", 3, barista_onnx_normalize, BATCH_NORM),
	OP("LayerNormalization", 2, barista_onnx_layer_norm, BATCH_NORM),
	OP("PRelu", 2, barista_onnx_prelu, ACTIVATION),

	ACTIVATION("Relu"),
	ACTIVATION("LeakyRelu"),
	ACTIVATION("ThresholdedRelu"),
	ACTIVATION("Sigmoid"),
	ACTIVATION("HardSigmoid"),
	ACTIVATION("HardSwish"),
	ACTIVATION("Mish"),
	ACTIVATION("Elu"),
	ACTIVATION("Selu"),
	ACTIVATION("Celu"),
	ACTIVATION("Gelu"),
	ACTIVATION("Softplus"),
	ACTIVATION("Softsign"),
	UNARY("Softmax", SOFTMAX),
	UNARY("LogSoftmax", SOFTMAX),
	UNARY("Hardmax", SOFTMAX),
	ACTIVATION("Shrink"),
	ACTIVATION("Clip"),
	UNARY("Dropout", DROPOUT),
	OP("LRN", 1, barista_onnx_lrn, LRN),
	UNARY("LpNormalization", OTHER),
	UNARY("MeanVarianceNormalization", BATCH_NORM),
	UNARY("CumSum", OTHER),
	ACTIVATION("Exp"),
	ACTIVATION("Log"),
	ACTIVATION("Erf"),
	ACTIVATION("Sign"),
	ACTIVATION("Sin"),
	ACTIVATION("Cos"),
	ACTIVATION("Tan"),
	ACTIVATION("Asin"),
	ACTIVATION("Acos"),
	ACTIVATION("Atan"),
	ACTIVATION("Sinh"),
	ACTIVATION("Cosh"),
	ACTIVATION("Tanh"),
	ACTIVATION("Asinh"),
	ACTIVATION("Acosh"),
	ACTIVATION("Atanh"),
	ACTIVATION("IsInf"),
	ACTIVATION("IsNaN"),
	ACTIVATION("BitwiseNot"),
	ACTIVATION("QuantizeLinear"),
	ACTIVATION("DequantizeLinear"),
	UNARY("EyeLike", OTHER),
	UNARY("Trilu", OTHER),
	UNARY("Bernoulli", OTHER),
	UNARY("RandomNormalLike", OTHER),
	UNARY("RandomUniformLike", OTHER),
	UNARY("ReverseSequence", OTHER),
	{"Identity", 1, barista_onnx_same, barista_onnx_fold_unary, false, NULL,
	 BARISTA_NLAYER_TYPES},
	FOLDED("Neg"),
	FOLDED("Abs"),
	FOLDED("Floor"),
	FOLDED("Ceil"),
	FOLDED("Round"),
	FOLDED("Sqrt"),
	FOLDED("Reciprocal"),
	FOLDED("Not"),
	OP("Cast", 1, barista_onnx_cast, OTHER),
	UNARY("CastLike", OTHER),
	UNARY("Scatter", OTHER),
	UNARY("ScatterElements", OTHER),
	UNARY("ScatterND", OTHER),

	BINARY("Add"),
	BINARY("Sub"),
	BINARY("Mul"),
	BINARY("Div"),
	BINARY("Pow"),
	BINARY("Mod"),
	BINARY("And"),
	BINARY("Or"),
	BINARY("Xor"),
	BINARY("Equal"),
	BINARY("Less"),
	BINARY("LessOrEqual"),
	BINARY("Greater"),
	BINARY("GreaterOrEqual"),
	BINARY("BitShift"),
	BINARY("BitwiseAnd"),
	BINARY("BitwiseOr"),
	BINARY("BitwiseXor"),
	VARIADIC("Sum"),
	VARIADIC("Mean"),
	VARIADIC("Max"),
	VARIADIC("Min"),
	{"Where", 3, barista_onnx_broadcast, barista_onnx_fold_where, false, NULL,
	 BARISTA_LAYER_SUM},

	REDUCE("ReduceSum"),
	REDUCE("ReduceProd"),
	REDUCE("ReduceMax"),
	REDUCE("ReduceMin"),
	REDUCE("ReduceMean"),
	REDUCE("ReduceL1"),
	REDUCE("ReduceL2"),
	REDUCE("ReduceLogSum"),
	REDUCE("ReduceLogSumExp"),
	REDUCE("ReduceSumSquare"),
	OP("ArgMax", 1, barista_onnx_arg, OTHER),
	OP("ArgMin", 1, barista_onnx_arg, OTHER),
	OP("TopK", 1, barista_onnx_topk, OTHER),

	OP("Reshape", 2, barista_onnx_reshape, VIEW),
	OP("Flatten", 1, barista_onnx_flatten, VIEW),
	OP("Transpose", 1, barista_onnx_transpose, OTHER),
	OP("Squeeze", 1, barista_onnx_squeeze, VIEW),
	OP("Unsqueeze", 1, barista_onnx_unsqueeze, VIEW),
	OP("Expand", 2, barista_onnx_expand, OTHER),
	OP("Tile", 2, barista_onnx_tile, OTHER),
	OP("Concat", 1, barista_onnx_concat, CONCAT),
	OP("Split", 1, barista_onnx_split, CONCAT),
	OP("Slice", 1, barista_onnx_slice, CONCAT),
	OP("Gather", 2, barista_onnx_gather, OTHER),
	OP("GatherElements", 2, barista_onnx_gather_elements, OTHER),
	OP("GatherND", 2, barista_onnx_gather_nd, OTHER),

	MAKES("Shape", 1, barista_onnx_shape),
	MAKES("Size", 1, barista_onnx_size),
	MAKES("Range", 3, barista_onnx_range),
	MAKES("ConstantOfShape", 1, barista_onnx_constant_of_shape),
	MAKES("Constant", 0, barista_onnx_make_constant),
	MAKES("RandomNormal", 0, barista_onnx_random),
	MAKES("RandomUniform", 0, barista_onnx_random),
	OP("OneHot", 3, barista_onnx_one_hot, OTHER),

	OP("SoftmaxCrossEntropyLoss", 2, barista_onnx_loss, LOSS),
	OP("NegativeLogLikelihoodLoss", 2, barista_onnx_loss, LOSS),

	VARIES("NonZero"),
	VARIES("Unique"),
	VARIES("Compress"),
	VARIES("NonMaxSuppression"),
	UNKNOWN("RNN", recurrent),
	UNKNOWN("LSTM", recurrent),
	UNKNOWN("GRU", recurrent),
	UNKNOWN("If", control),
	UNKNOWN("Loop", control),
	UNKNOWN("Scan", control),
};

const struct barista_onnx_operator *barista_onnx_operator(const char *type)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (!strcmp(operators[i].type, type))
			return &operators[i];
	return NULL;
}
