/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file lists the types of layers that are understood: those of BVLC Caffe, and those that are
 * common in its forks. */
#include "import/caffe/caffe.h"

#include "network/workload.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN(name, step, sizes, message)                                            \
	{                                                                            \
		name, sizes, BARISTA_NO_MACS, 0, message, BARISTA_LAYER_##step, NULL \
	}
#define LEARNS(name, step, sizes, parameters, message, learned)                                  \
	{                                                                                        \
		name, sizes, BARISTA_NO_MACS, parameters, message, BARISTA_LAYER_##step, learned \
	}
#define MULTIPLIES(name, sizes, message)                                             \
	{                                                                            \
		name, sizes, BARISTA_MULTIPLIES, 2, message, BARISTA_LAYER_MAC, NULL \
	}
#define SOURCE(name, sizes, message)                                                \
	{                                                                           \
		name, sizes, BARISTA_SOURCE, 0, message, BARISTA_NLAYER_TYPES, NULL \
	}
#define NOTHING(name, sizes)                                                      \
	{                                                                         \
		name, sizes, BARISTA_NO_MACS, 0, NULL, BARISTA_NLAYER_TYPES, NULL \
	}

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
	{"Parameter", barista_caffe_parameter, BARISTA_SOURCE, 1, "parameter_param",
	 BARISTA_NLAYER_TYPES, NULL},
	SOURCE("WindowData", barista_caffe_data, "window_data_param"),

	PLAIN("AbsVal", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("BNLL", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("Clip", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("Dropout", DROPOUT, barista_caffe_same_shape, NULL),
	PLAIN("ELU", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("Exp", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("Log", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("LRN", LRN, barista_caffe_lrn, NULL),
	PLAIN("Mish", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("MVN", BATCH_NORM, barista_caffe_same_shape, NULL),
	PLAIN("Power", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("ReLU", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("ReLU6", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("ShuffleChannel", OTHER, barista_caffe_same_shape, NULL),
	PLAIN("Sigmoid", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("Softmax", SOFTMAX, barista_caffe_same_shape, NULL),
	PLAIN("Split", CONCAT, barista_caffe_same_shape, NULL),
	PLAIN("Swish", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("TanH", ACTIVATION, barista_caffe_same_shape, NULL),
	PLAIN("Threshold", ACTIVATION, barista_caffe_same_shape, NULL),

	LEARNS("BN", BATCH_NORM, barista_caffe_same_shape, 2, NULL, barista_caffe_per_channel),
	LEARNS("BatchNorm", BATCH_NORM, barista_caffe_same_shape, 3, NULL, NULL),
	LEARNS("Bias", SCALE, barista_caffe_same_shape, 1, NULL, barista_caffe_scale),
	LEARNS("Embed", OTHER, barista_caffe_embed, 2, "embed_param", barista_caffe_embedding),
	LEARNS("Normalize", OTHER, barista_caffe_same_shape, 1, NULL, barista_caffe_per_channel),
	LEARNS("PReLU", ACTIVATION, barista_caffe_same_shape, 1, NULL, barista_caffe_per_channel),
	LEARNS("Scale", SCALE, barista_caffe_same_shape, 2, "scale_param", barista_caffe_scale),

	PLAIN("ArgMax", OTHER, barista_caffe_argmax, "argmax_param"),
	PLAIN("BatchReindex", OTHER, barista_caffe_batch_reindex, NULL),
	PLAIN("Concat", CONCAT, barista_caffe_concat, "concat_param"),
	PLAIN("Crop", CONCAT, barista_caffe_crop, "crop_param"),
	PLAIN("Eltwise", SUM, barista_caffe_eltwise, NULL),
	PLAIN("Flatten", VIEW, barista_caffe_flatten, "flatten_param"),
	PLAIN("Im2col", OTHER, barista_caffe_im2col, "convolution_param"),
	PLAIN("Interp", OTHER, barista_caffe_interp, "interp_param"),
	PLAIN("Permute", OTHER, barista_caffe_permute, "permute_param"),
	PLAIN("Pooling", MAX_POOL, barista_caffe_pooling, "pooling_param"),
	PLAIN("PriorBox", OTHER, barista_caffe_prior_box, "prior_box_param"),
	PLAIN("PSROIPooling", OTHER, barista_caffe_psroi_pooling, "psroi_pooling_param"),
	PLAIN("Reduction", OTHER, barista_caffe_reduction, "reduction_param"),
	PLAIN("Reorg", OTHER, barista_caffe_reorg, "reorg_param"),
	PLAIN("Reshape", VIEW, barista_caffe_reshape, "reshape_param"),
	PLAIN("ROIPooling", OTHER, barista_caffe_roi_pooling, "roi_pooling_param"),
	PLAIN("Slice", CONCAT, barista_caffe_slice, "slice_param"),
	PLAIN("SPP", OTHER, barista_caffe_spp, "spp_param"),
	PLAIN("Tile", OTHER, barista_caffe_tile, "tile_param"),
	PLAIN("Upsample", OTHER, barista_caffe_upsample, "upsample_param"),

	/* What these make depends on the data or on code that the file does not hold. They have no
	 * multiply-accumulates, and the user is asked for their sizes when something needs them. */
	PLAIN("Accuracy", OTHER, barista_caffe_loss, NULL),
	PLAIN("DetectionEvaluate", OTHER, barista_caffe_no_outputs, NULL),
	PLAIN("DetectionOutput", OTHER, barista_caffe_no_outputs, NULL),
	PLAIN("Filter", OTHER, barista_caffe_no_outputs, NULL),
	PLAIN("Proposal", OTHER, barista_caffe_no_outputs, NULL),
	PLAIN("Python", OTHER, barista_caffe_no_outputs, NULL),
	NOTHING("HDF5Output", barista_caffe_no_outputs),
	NOTHING("Silence", barista_caffe_no_outputs),
	{NULL, NULL, BARISTA_NO_MACS, 0, NULL, BARISTA_NLAYER_TYPES, NULL},
};

/* These are the values of V1LayerParameter.LayerType in caffe.proto, with their numbers. */
static const struct {
	int number;
	const char *old, *name;
} v1_types[] = {
	{1, "ACCURACY", "Accuracy"},
	{2, "BNLL", "BNLL"},
	{3, "CONCAT", "Concat"},
	{4, "CONVOLUTION", "Convolution"},
	{5, "DATA", "Data"},
	{6, "DROPOUT", "Dropout"},
	{7, "EUCLIDEAN_LOSS", "EuclideanLoss"},
	{8, "FLATTEN", "Flatten"},
	{9, "HDF5_DATA", "HDF5Data"},
	{10, "HDF5_OUTPUT", "HDF5Output"},
	{11, "IM2COL", "Im2col"},
	{12, "IMAGE_DATA", "ImageData"},
	{13, "INFOGAIN_LOSS", "InfogainLoss"},
	{14, "INNER_PRODUCT", "InnerProduct"},
	{15, "LRN", "LRN"},
	{16, "MULTINOMIAL_LOGISTIC_LOSS", "MultinomialLogisticLoss"},
	{17, "POOLING", "Pooling"},
	{18, "RELU", "ReLU"},
	{19, "SIGMOID", "Sigmoid"},
	{20, "SOFTMAX", "Softmax"},
	{21, "SOFTMAX_LOSS", "SoftmaxWithLoss"},
	{22, "SPLIT", "Split"},
	{23, "TANH", "TanH"},
	{24, "WINDOW_DATA", "WindowData"},
	{25, "ELTWISE", "Eltwise"},
	{26, "POWER", "Power"},
	{27, "SIGMOID_CROSS_ENTROPY_LOSS", "SigmoidCrossEntropyLoss"},
	{28, "HINGE_LOSS", "HingeLoss"},
	{29, "MEMORY_DATA", "MemoryData"},
	{30, "ARGMAX", "ArgMax"},
	{31, "THRESHOLD", "Threshold"},
	{32, "DUMMY_DATA", "DummyData"},
	{33, "SLICE", "Slice"},
	{34, "MVN", "MVN"},
	{35, "ABSVAL", "AbsVal"},
	{36, "SILENCE", "Silence"},
	{37, "CONTRASTIVE_LOSS", "ContrastiveLoss"},
	{38, "EXP", "Exp"},
	{39, "DECONVOLUTION", "Deconvolution"},
};

const char *barista_caffe_v1_type(const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	for (size_t i = 0; i < sizeof v1_types / sizeof *v1_types; i++)
		if (!strcmp(v1_types[i].old, word) ||
		    (end != word && !*end && v1_types[i].number == number))
			return v1_types[i].name;
	return NULL;
}
