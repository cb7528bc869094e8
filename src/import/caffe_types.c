/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The types of layers: those of BVLC Caffe, and what is common in its forks. */
#include "import/caffe.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN(name, sizes, message) {name, sizes, BARISTA_PLAIN, 0, message}
#define LEARNS(name, sizes, parameters, message) {name, sizes, BARISTA_PLAIN, parameters, message}
#define MULTIPLIES(name, sizes, message) {name, sizes, BARISTA_MULTIPLIES, 2, message}
#define SOURCE(name, sizes, message) {name, sizes, BARISTA_SOURCE, 0, message}

const struct barista_caffe_type barista_caffe_types[] = {
	MULTIPLIES("Convolution", barista_caffe_convolution, "convolution_param"),
	MULTIPLIES("ConvolutionDepthwise", barista_caffe_depthwise, "convolution_param"),
	MULTIPLIES("DepthwiseConvolution", barista_caffe_depthwise, "convolution_param"),
	MULTIPLIES("Deconvolution", barista_caffe_deconvolution, "convolution_param"),
	MULTIPLIES("InnerProduct", barista_caffe_inner_product, "inner_product_param"),

	SOURCE("AnnotatedData", barista_caffe_data, "data_param"),
	SOURCE("Data", barista_caffe_data, "data_param"),
	SOURCE("DummyData", barista_caffe_dummy_data, "dummy_data_param"),
	SOURCE("HDF5Data", barista_caffe_data, "hdf5_data_param"),
	SOURCE("ImageData", barista_caffe_data, "image_data_param"),
	SOURCE("Input", barista_caffe_input_layer, "input_param"),
	SOURCE("MemoryData", barista_caffe_memory_data, "memory_data_param"),
	{"Parameter", barista_caffe_parameter, BARISTA_SOURCE, 1, "parameter_param"},
	SOURCE("WindowData", barista_caffe_data, "window_data_param"),

	PLAIN("AbsVal", barista_caffe_same, NULL),
	PLAIN("BNLL", barista_caffe_same, NULL),
	PLAIN("Clip", barista_caffe_same, NULL),
	PLAIN("Dropout", barista_caffe_same, NULL),
	PLAIN("ELU", barista_caffe_same, NULL),
	PLAIN("Exp", barista_caffe_same, NULL),
	PLAIN("Log", barista_caffe_same, NULL),
	PLAIN("LRN", barista_caffe_same, NULL),
	PLAIN("Mish", barista_caffe_same, NULL),
	PLAIN("MVN", barista_caffe_same, NULL),
	PLAIN("Power", barista_caffe_same, NULL),
	PLAIN("ReLU", barista_caffe_same, NULL),
	PLAIN("ReLU6", barista_caffe_same, NULL),
	PLAIN("ShuffleChannel", barista_caffe_same, NULL),
	PLAIN("Sigmoid", barista_caffe_same, NULL),
	PLAIN("Softmax", barista_caffe_same, NULL),
	PLAIN("Split", barista_caffe_same, NULL),
	PLAIN("Swish", barista_caffe_same, NULL),
	PLAIN("TanH", barista_caffe_same, NULL),
	PLAIN("Threshold", barista_caffe_same, NULL),

	LEARNS("BN", barista_caffe_same, 2, NULL),
	LEARNS("BatchNorm", barista_caffe_same, 3, NULL),
	LEARNS("Bias", barista_caffe_same, 1, NULL),
	LEARNS("Embed", barista_caffe_embed, 2, "embed_param"),
	LEARNS("Normalize", barista_caffe_same, 1, NULL),
	LEARNS("PReLU", barista_caffe_same, 1, NULL),
	LEARNS("Scale", barista_caffe_same, 2, "scale_param"),

	PLAIN("ArgMax", barista_caffe_argmax, "argmax_param"),
	PLAIN("BatchReindex", barista_caffe_batch_reindex, NULL),
	PLAIN("Concat", barista_caffe_concat, "concat_param"),
	PLAIN("Crop", barista_caffe_crop, "crop_param"),
	PLAIN("Eltwise", barista_caffe_eltwise, NULL),
	PLAIN("Flatten", barista_caffe_flatten, "flatten_param"),
	PLAIN("Im2col", barista_caffe_im2col, "convolution_param"),
	PLAIN("Interp", barista_caffe_interp, "interp_param"),
	PLAIN("Permute", barista_caffe_permute, "permute_param"),
	PLAIN("Pooling", barista_caffe_pooling, "pooling_param"),
	PLAIN("PriorBox", barista_caffe_prior_box, "prior_box_param"),
	PLAIN("PSROIPooling", barista_caffe_psroi_pooling, "psroi_pooling_param"),
	PLAIN("Reduction", barista_caffe_reduction, "reduction_param"),
	PLAIN("Reorg", barista_caffe_reorg, "reorg_param"),
	PLAIN("Reshape", barista_caffe_reshape, "reshape_param"),
	PLAIN("ROIPooling", barista_caffe_roi_pooling, "roi_pooling_param"),
	PLAIN("Slice", barista_caffe_slice, "slice_param"),
	PLAIN("SPP", barista_caffe_spp, "spp_param"),
	PLAIN("Tile", barista_caffe_tile, "tile_param"),
	PLAIN("Upsample", barista_caffe_upsample, "upsample_param"),

	/* What these make depends on data or on code elsewhere: no multiply-accumulates, sizes asked when needed. */
	PLAIN("Accuracy", barista_caffe_loss, NULL),
	PLAIN("DetectionEvaluate", barista_caffe_nothing, NULL),
	PLAIN("DetectionOutput", barista_caffe_nothing, NULL),
	PLAIN("Filter", barista_caffe_nothing, NULL),
	PLAIN("HDF5Output", barista_caffe_nothing, NULL),
	PLAIN("Proposal", barista_caffe_nothing, NULL),
	PLAIN("Python", barista_caffe_nothing, NULL),
	PLAIN("Silence", barista_caffe_nothing, NULL),
	{NULL, NULL, BARISTA_PLAIN, 0, NULL},
};

/* V1LayerParameter.LayerType, with its numbers. */
static const struct { int number; const char *old, *name; } v1_types[] = {
	{1, "ACCURACY", "Accuracy"}, {2, "BNLL", "BNLL"}, {3, "CONCAT", "Concat"}, {4, "CONVOLUTION", "Convolution"},
	{5, "DATA", "Data"}, {6, "DROPOUT", "Dropout"}, {7, "EUCLIDEAN_LOSS", "EuclideanLoss"},
	{8, "FLATTEN", "Flatten"}, {9, "HDF5_DATA", "HDF5Data"}, {10, "HDF5_OUTPUT", "HDF5Output"},
	{11, "IM2COL", "Im2col"}, {12, "IMAGE_DATA", "ImageData"}, {13, "INFOGAIN_LOSS", "InfogainLoss"},
	{14, "INNER_PRODUCT", "InnerProduct"}, {15, "LRN", "LRN"},
	{16, "MULTINOMIAL_LOGISTIC_LOSS", "MultinomialLogisticLoss"}, {17, "POOLING", "Pooling"}, {18, "RELU", "ReLU"},
	{19, "SIGMOID", "Sigmoid"}, {20, "SOFTMAX", "Softmax"}, {21, "SOFTMAX_LOSS", "SoftmaxWithLoss"},
	{22, "SPLIT", "Split"}, {23, "TANH", "TanH"}, {24, "WINDOW_DATA", "WindowData"}, {25, "ELTWISE", "Eltwise"},
	{26, "POWER", "Power"}, {27, "SIGMOID_CROSS_ENTROPY_LOSS", "SigmoidCrossEntropyLoss"},
	{28, "HINGE_LOSS", "HingeLoss"}, {29, "MEMORY_DATA", "MemoryData"}, {30, "ARGMAX", "ArgMax"},
	{31, "THRESHOLD", "Threshold"}, {32, "DUMMY_DATA", "DummyData"}, {33, "SLICE", "Slice"}, {34, "MVN", "MVN"},
	{35, "ABSVAL", "AbsVal"}, {36, "SILENCE", "Silence"}, {37, "CONTRASTIVE_LOSS", "ContrastiveLoss"},
	{38, "EXP", "Exp"}, {39, "DECONVOLUTION", "Deconvolution"},
};

const char *barista_caffe_v1_type(const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	for (size_t i = 0; i < sizeof v1_types / sizeof *v1_types; i++)
		if (!strcmp(v1_types[i].old, word) || (end != word && !*end && v1_types[i].number == number))
			return v1_types[i].name;
	return NULL;
}
