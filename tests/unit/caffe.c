/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caffe networks: sizes, gradients and phases are what Caffe's own layers and Net::Init make of the
 * same text. */
#include "check.h"

#include "network/workload.h"

struct attempt {
	const char *path, *yaml;
	const struct barista_import_options *options;
};

static int import_again(void *user, struct barista_err *err)
{
	const struct attempt *a = user;
	struct barista_workload *net;
	int rc = barista_workload_import(&net, a->path, a->options, err);

	if (!rc) {
		CHECK(!a->yaml || !strcmp(net->yaml, a->yaml), "another network:\n%s", net->yaml);
		barista_workload_free(net);
	}
	return rc;
}

/* Imports a text, and first with every request for memory failing in turn. */
static int import(struct barista_workload **net, const char *text,
		  const struct barista_import_options *options, struct barista_err *err)
{
	static const struct barista_import_options none;
	struct attempt a = {.path = write_text("net.prototxt", text),
			    .options = options ? options : &none};
	int rc = barista_workload_import(net, a.path, a.options, err);

	a.yaml = rc ? NULL : (*net)->yaml;
	each_out_of_memory(import_again, &a);
	return rc;
}

static const struct barista_mac_layer *find_layer(const struct barista_workload *net,
						  const char *name)
{
	for (size_t i = 0; i < net->nmac_layers; i++)
		if (!strcmp(net->mac_layer[i].name, name))
			return &net->mac_layer[i];
	return NULL;
}

/* "4x8x8" of a convolution, "10" or, with rows per image, "3*10" of a fully connected layer. */
static void say_in(char *to, size_t size, const struct barista_mac_layer *l)
{
	if (l->type != BARISTA_FC)
		snprintf(to, size, "%lldx%lldx%lld", (long long)l->cin, (long long)l->h,
			 (long long)l->w);
	else if (l->h != 1)
		snprintf(to, size, "%lld*%lld", (long long)l->h, (long long)l->cin);
	else
		snprintf(to, size, "%lld", (long long)l->cin);
}

/* Imports the layers between an input 'x' and a layer 'see' that reads 'y'; what 'see' reads is
 * *got, or the error. */
static void see(char *got, size_t size, const char *dims, const char *layers, bool conv)
{
	struct barista_workload *net;
	struct barista_err err = {0, ""};
	const char *from = dims;
	char text[4000], dim[200] = "";
	const char *const rois = "layer { name: 'r' type: 'DummyData' top: 'rois' dummy_data_param "
				 "{ shape { dim: [6, 5] } } }\n";

	for (; *from; from += strcspn(from, "x"), from += *from == 'x')
		snprintf(dim + strlen(dim), sizeof dim - strlen(dim), "dim: %d ", atoi(from));
	snprintf(text, sizeof text,
		 "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { %s } } }\n%s%s\n"
		 "layer { name: 'see' type: '%s' bottom: 'y' top: 'see' %s }\n",
		 dim, strstr(layers, "rois") ? rois : "", layers,
		 conv ? "Convolution" : "InnerProduct",
		 conv ? "convolution_param { num_output: 1 kernel_size: 1 }"
		      : "inner_product_param { num_output: 1 axis: -1 }");
	if (import(&net, text, NULL, &err)) {
		snprintf(got, size, "%s", err.msg);
		return;
	}
	say_in(got, size, find_layer(net, "see"));
	barista_workload_free(net);
}

#define LAYER(type, rest) "layer { name: 'l' type: '" type "' bottom: 'x' top: 'y' " rest " }"
#define CONV(rest) LAYER("Convolution", "convolution_param { num_output: 4 " rest " }")
#define POOL(rest) LAYER("Pooling", "pooling_param { " rest " }")

static void windows(void **state)
{
	static const struct {
		const char *in, *layers, *out;
	} rows[] = {
		/* ConvolutionLayer::compute_output_shape: floor */
		{"2x3x8x8", CONV("kernel_size: 3"), "4x6x6"},
		{"2x3x8x9", CONV("kernel_size: 3 stride: 2"), "4x3x4"},
		{"2x3x8x8", CONV("kernel_size: 3 pad: 1 stride: 2"), "4x4x4"},
		{"2x3x8x8", CONV("kernel_size: 3 dilation: 2"), "4x4x4"},
		{"2x3x8x8", CONV("kernel_size: [3, 5]"), "4x6x4"},
		{"2x3x8x8",
		 CONV("kernel_h: 1 kernel_w: 7 pad_w: 3 pad_h: 0 stride_h: 1 stride_w: 2"),
		 "4x8x4"},
		{"2x3x8x8", CONV("kernel_size: 3 pad_w: 1"), "4x6x8"},
		{"2x3x8x8", CONV("kernel_size: 8 axis: -3"), "4x1x1"},
		{"2x3x8", CONV("kernel_size: 3"), "4x6x1"},
		{"2x4x8x8", CONV("kernel_size: 1 group: 4"), "4x8x8"},
		{"2x4x8x8",
		 LAYER("ConvolutionDepthwise",
		       "convolution_param { num_output: 8 kernel_size: 3 }"),
		 "8x6x6"},
		{"2x4x8x8",
		 LAYER("DepthwiseConvolution",
		       "convolution_param { num_output: 4 kernel_size: 3 pad: 1 }"),
		 "4x8x8"},
		/* DeconvolutionLayer::compute_output_shape */
		{"2x3x8x8",
		 LAYER("Deconvolution",
		       "convolution_param { num_output: 4 kernel_size: 4 stride: 2 pad: 1 }"),
		 "4x16x16"},
		{"2x3x8x8",
		 LAYER("Deconvolution",
		       "convolution_param { num_output: 4 kernel_size: 3 dilation: 2 }"),
		 "4x12x12"},
		{"2x3x8x8", LAYER("Im2col", "convolution_param { kernel_size: 3 stride: 2 }"),
		 "27x3x3"},
		/* PoolingLayer::Reshape: ceil, clipped when padded */
		{"2x3x8x8", POOL("kernel_size: 2 stride: 2"), "3x4x4"},
		{"2x3x7x8", POOL("kernel_size: 2 stride: 2"), "3x4x4"},
		{"2x3x8x8", POOL("kernel_size: 3 stride: 2"), "3x4x4"},
		{"2x3x112x112", POOL("pool: MAX kernel_size: 3 stride: 2"), "3x56x56"},
		{"2x3x8x8", POOL("kernel_size: 2 stride: 2 pad: 1"), "3x5x5"},
		{"2x3x7x7", POOL("kernel_size: 2 stride: 2 pad: 1"), "3x4x4"},
		{"2x3x7x7", POOL("kernel_size: 3 stride: 3 pad: 2"), "3x3x3"},
		{"2x3x3x3", POOL("kernel_size: 1 stride: 2"), "3x2x2"},
		{"2x3x6x6", POOL("kernel_size: 1 stride: 4"), "3x3x3"},
		{"2x3x6x6", POOL("kernel_h: 3 kernel_w: 2 stride_h: 3 stride_w: 2"), "3x2x3"},
		{"2x3x2x2", POOL("kernel_size: 3 stride: 2"), "3x1x1"},
		{"2x3x1x2", POOL("kernel_size: 3 stride: 2"), "the kernel (3) is larger"},
		{"2x3x8x8", POOL("kernel_size: 3 stride: 2 round_mode: FLOOR"), "3x3x3"},
		{"2x3x8x8", POOL("kernel_size: 3 stride: 2 ceil_mode: false"), "3x3x3"},
		{"2x3x8x9", POOL("pool: AVE global_pooling: true"), "3x1x1"},
		{"2x3x8x8", POOL("kernel_size: 2 stride_h: 2"), "one of 'stride_h' and 'stride_w'"},
		{"2x3x8x8", POOL("kernel_size: 2 pad: 2"), "padding must be smaller"},
		{"2x3x8x8", LAYER("Upsample", "upsample_param { scale: 2 pad_out_w: true }"),
		 "3x16x15"},
		{"2x3x8x8", LAYER("Upsample", "upsample_param { upsample_h: 9 upsample_w: 11 }"),
		 "3x9x11"},
		{"2x3x8x8", LAYER("Upsample", "upsample_param { scale_h: 3 scale_w: 1 }"),
		 "3x24x8"},
		{"2x3x8x8", LAYER("Interp", "interp_param { zoom_factor: 2 }"), "3x15x15"},
		{"2x3x9x9",
		 LAYER("Interp", "interp_param { shrink_factor: 2 pad_beg: -1 pad_end: -1 }"),
		 "3x4x4"},
		{"2x3x9x9", LAYER("Interp", "interp_param { shrink_factor: 2 height: 3 width: 3 }"),
		 "3x5x5"},
		{"2x3x9x9", LAYER("Interp", "interp_param { height: 3 width: 4 }"), "3x3x4"},
		{"2x4x9x9", LAYER("Reorg", "reorg_param { stride: 3 }"), "36x3x3"},
		{"2x4x9x9", LAYER("Reorg", "reorg_param { stride: 2 reverse: true }"), "1x18x18"},
		{"1x4x9x9",
		 LAYER("ROIPooling",
		       "bottom: 'rois' roi_pooling_param { pooled_h: 2 pooled_w: 3 }"),
		 "its input holds 6 images"},
		{"6x8x9x9",
		 LAYER("ROIPooling",
		       "bottom: 'rois' roi_pooling_param { pooled_h: 2 pooled_w: 3 }"),
		 "8x2x3"},
		{"6x8x9x9",
		 LAYER("PSROIPooling",
		       "bottom: 'rois' psroi_pooling_param { output_dim: 2 group_size: 2 }"),
		 "2x2x2"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char got[1500];

		see(got, sizeof got, rows[i].in, rows[i].layers, true);
		CHECK(strpbrk(rows[i].out, " ") ? strstr(got, rows[i].out) != NULL
						: !strcmp(got, rows[i].out),
		      "%s: %s, not %s", rows[i].layers, got, rows[i].out);
	}
}

/* Parameters that are missing, of another type, out of range, or of no shape that fits. */
static void mistakes(void **state)
{
	static const struct {
		const char *in, *layers, *why;
	} rows[] = {
		{"2x3x8x8", LAYER("Upsample", "upsample_param { scale: x }"), "'scale'"},
		{"2x3x8x8", LAYER("Upsample", "upsample_param { scale_w: 0 }"), "'scale_w'"},
		{"2x3x8x8", LAYER("Upsample", "upsample_param { upsample_h: -1 }"), "'upsample_h'"},
		{"2x3x8x8", LAYER("Upsample", "upsample_param { pad_out_w: 2 }"), "'pad_out_w'"},
		{"2x3x8", LAYER("Upsample", ""), "its input has 3 axes"},
		{"2x3x8x8", LAYER("Interp", "interp_param { pad_beg: -4 pad_end: -4 }"),
		 "its padding takes all of the input"},
		{"2x3x8x8", LAYER("Interp", "interp_param { pad_beg: 1 }"), "'pad_beg'"},
		{"2x3x8", LAYER("Interp", "interp_param { height: 3 width: 4 }"),
		 "its input has 3 axes"},
		{"2x3x8x8", LAYER("SPP", ""), "its pyramid_height is missing"},
		{"2x3x8x8", LAYER("SPP", "spp_param { pyramid_height: 13 }"), "'pyramid_height'"},
		{"2x3x8", LAYER("SPP", "spp_param { pyramid_height: 2 }"), "its input has 3 axes"},
		{"2x3x8x8", LAYER("ROIPooling", "roi_pooling_param { pooled_h: 2 pooled_w: 3 }"),
		 "it needs a second bottom: the regions"},
		{"2x3x8x8", LAYER("ROIPooling", "bottom: 'rois' roi_pooling_param { pooled_h: 2 }"),
		 "the size of its output is missing"},
		{"2x3x8x8", LAYER("ROIPooling", "bottom: 'rois' roi_pooling_param { pooled_h: 0 }"),
		 "'pooled_h'"},
		{"2x3x8x8",
		 LAYER("ROIPooling", "bottom: 'rois' roi_pooling_param { pooled_w: 'a' }"),
		 "'pooled_w'"},
		{"2x3x8", LAYER("ROIPooling", "bottom: 'rois' roi_pooling_param { pooled_h: 2 }"),
		 "its input has 3 axes"},
		{"2x3x8x8",
		 LAYER("PSROIPooling", "bottom: 'rois' psroi_pooling_param { group_size: 2 }"),
		 "the size of its output is missing"},
		{"2x3x8x8",
		 LAYER("PSROIPooling", "bottom: 'rois' psroi_pooling_param { output_dim: 0 }"),
		 "'output_dim'"},
		{"2x3x8x8",
		 LAYER("PSROIPooling", "bottom: 'rois' psroi_pooling_param { group_size: 0 }"),
		 "'group_size'"},
		{"2x3x8x8", LAYER("PriorBox", "bottom: 'x' prior_box_param { max_size: 4 }"),
		 "its min_size is missing"},
		{"2x3x8x8", LAYER("PriorBox", "bottom: 'x'"), "its min_size is missing"},
		{"2x3x8x8",
		 LAYER("PriorBox", "bottom: 'x' prior_box_param { min_size: 3 aspect_ratio: 0 }"),
		 "an aspect ratio must be above zero"},
		{"2x3x8x8",
		 LAYER("PriorBox", "bottom: 'x' prior_box_param { min_size: 3 aspect_ratio: x }"),
		 "'x'"},
		{"2x3x8x8",
		 LAYER("PriorBox", "bottom: 'x' prior_box_param { min_size: 3 flip: 7 }"),
		 "'flip'"},
		{"2x3x8", LAYER("PriorBox", "bottom: 'x' prior_box_param { min_size: 3 }"),
		 "its input has 3 axes"},
		{"2x3x8x8", LAYER("Reorg", ""), "its stride is missing"},
		{"2x3x8x8", LAYER("Reorg", "reorg_param { stride: 0 }"), "'stride'"},
		{"2x3x8x8", LAYER("Reorg", "reorg_param { stride: 2 reverse: 2 }"), "'reverse'"},
		{"2x3x8", LAYER("Reorg", "reorg_param { stride: 2 }"), "its input has 3 axes"},
		{"2x3x8x8", LAYER("LRN", "lrn_param { local_size: 0 }"), "'local_size'"},
		{"2x3x8x8", LAYER("LRN", "lrn_param { norm_region: 5 }"),
		 "norm_region is '5', expected ACROSS_CHANNELS or WITHIN_CHANNEL"},
		{"2x3x8x8", POOL("kernel_size: 2 round_mode: SOME"),
		 "round_mode is 'SOME', expected CEIL or FLOOR"},
		{"2x3x8x8", POOL("kernel_size: 2 ceil_mode: 2"), "'ceil_mode'"},
		{"2x3x8x8", POOL("kernel_size: 2 pool: 9"),
		 "pool is '9', expected MAX, AVE or STOCHASTIC"},
		{"2x3x8x8", LAYER("Tile", ""), "its tiles are missing"},
		{"2x3x8x8", LAYER("Tile", "tile_param { tiles: 0 }"), "'tiles'"},
		{"2x3x8x8", LAYER("Tile", "tile_param { tiles: 2 axis: 4 }"), "axis"},
		{"2x3x8x8", LAYER("Tile", "tile_param { tiles: 2147483647 }"),
		 "would have 6442450941 elements"},
		{"2x3x8x8", LAYER("Embed", "embed_param { input_dim: 9 }"), "num_output"},
		{"2x3x8x8", LAYER("Embed", "embed_param { num_output: 0 }"), "'num_output'"},
		{"2x3x8x8", LAYER("ArgMax", "argmax_param { top_k: 0 }"), "'top_k'"},
		{"2x3x8x8", LAYER("ArgMax", "argmax_param { out_max_val: 3 }"), "'out_max_val'"},
		{"2x3x8x8", LAYER("ArgMax", "argmax_param { axis: 9 }"), "axis"},
		{"2x3x8x8", LAYER("BatchReindex", ""),
		 "it needs a second bottom: the images to take"},
		{"2x3x8x8", LAYER("Crop", "bottom: 'rois'"), "its bottoms have 4 and 2 axes"},
		{"2x3x8x8",
		 LAYER("Reshape", "reshape_param { axis: 1 num_axes: 9 shape { dim: 1 } }"),
		 "axis"},
		{"2x3x8x8", LAYER("Reshape", "reshape_param { num_axes: x shape { dim: 1 } }"),
		 "'num_axes'"},
		{"2x3x8x8", LAYER("Reshape", "reshape_param { axis: x shape { dim: 1 } }"),
		 "'axis'"},
		{"2x3x8x8", LAYER("Reshape", "reshape_param { shape { dim: x } }"), "'dim'"},
		{"2x3x8x8",
		 LAYER("Reshape", "reshape_param { shape { dim: [2147483647, 2147483647, "
				  "2147483647] } }"),
		 "its output is too large"},
		{"2x3x8x8",
		 LAYER("Reshape",
		       "reshape_param { shape { dim: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "
		       "1, 1, 1, 1, 1] } }"),
		 "'dim' stands more than 16 times"},
		{"2x3x8x8", LAYER("Im2col", "convolution_param { kernel_size: x }"),
		 "'kernel_size'"},
		{"2x3x8x8", LAYER("Im2col", "convolution_param { kernel_size: 9 }"),
		 "the kernel (9) is larger"},
		{"2x3x8x8", CONV("kernel_size: 3 group: x"), "'group'"},
		{"2x3x8x8", CONV("kernel_size: 3 dilation: 16777217"),
		 "the kernel (33554435) is larger"},
		{"2x3x8x8", CONV("kernel_size: 3 stride: 16777217"),
		 "axes above 2^24, windows above 65536"},
		{"2x3x8x8", LAYER("Concat", "bottom: 'x' concat_param { concat_dim: 7 }"),
		 "concat_dim"},
		{"2x3x8x8", LAYER("Slice", "slice_param { slice_dim: 7 }"), "slice_dim"},
		{"2x3x8x8", LAYER("Flatten", "flatten_param { axis: 5 }"), "axis"},
		{"2x3x8x8", LAYER("Flatten", "flatten_param { end_axis: x }"), "'end_axis'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char got[1500];

		see(got, sizeof got, rows[i].in, rows[i].layers, true);
		CHECK(strpbrk(got, " ") && strstr(got, rows[i].why), "%s: %s, not %s",
		      rows[i].layers, got, rows[i].why);
	}
}

static void shapes(void **state)
{
	static const struct {
		const char *in, *layers, *out;
	} rows[] = {
		{"2x3x8x8", LAYER("Concat", "bottom: 'x'"), "6x8x8"},
		{"2x3x8x8", LAYER("Concat", "bottom: 'x' concat_param { axis: -1 }"), "3x8x16"},
		{"2x3x8x8", LAYER("Concat", "bottom: 'x' concat_param { concat_dim: 2 }"),
		 "3x16x8"},
		{"2x6x8x8", LAYER("Slice", "top: 'b' top: 'c'"), "2x8x8"},
		{"2x6x8x8", LAYER("Slice", "top: 'b' slice_param { slice_point: 1 }"), "1x8x8"},
		{"2x6x8x8", LAYER("Slice", "top: 'b' slice_param { slice_dim: 3 }"), "6x8x4"},
		{"2x6x8x8", LAYER("Eltwise", "bottom: 'x' eltwise_param { operation: MAX }"),
		 "6x8x8"},
		{"2x6x8x8", LAYER("Flatten", "flatten_param { axis: 2 }"), "6x64x1"},
		{"2x6x8x8", LAYER("Reshape", "reshape_param { shape { dim: [0, 3, -1, 8] } }"),
		 "3x16x8"},
		{"2x6x8x8",
		 LAYER("Reshape", "reshape_param { shape { dim: [3, 2] } axis: 1 num_axes: 1 }"),
		 "convolutions over 3 axes"},
		{"2x6x8x8", LAYER("Reshape", "reshape_param { shape { dim: [32, -1] } axis: 2 }"),
		 "6x32x2"},
		{"2x6x8x8",
		 LAYER("Reshape", "reshape_param { shape { dim: [4, 2] } axis: -2 num_axes: 2 }"),
		 "axes 3 and on"},
		{"2x6x8x8", LAYER("Reshape", "reshape_param { shape { dim: [2, 8] } axis: -2 }"),
		 "768 elements cannot take a shape of 1536"},
		{"2x6x8x9", LAYER("Permute", "permute_param { order: [0, 2, 3, 1] }"), "8x9x6"},
		{"2x6x8x9", LAYER("Permute", "permute_param { order: 0 order: 3 }"), "9x6x8"},
		{"2x6x8x8",
		 "layer { name: 'p' type: 'Pooling' bottom: 'x' top: 'p' pooling_param { "
		 "kernel_size: 3 } }"
		 "layer { name: 'l' type: 'Crop' bottom: 'x' bottom: 'p' top: 'y' crop_param { "
		 "offset: 2 } }",
		 "6x6x6"},
		{"2x6x8x8",
		 "layer { name: 'p' type: 'Pooling' bottom: 'x' top: 'p' pooling_param { "
		 "kernel_size: 3 } }"
		 "layer { name: 'l' type: 'Crop' bottom: 'x' bottom: 'p' top: 'y' crop_param { "
		 "axis: -1 } }",
		 "6x8x6"},
		{"2x6x8x8", LAYER("Tile", "tile_param { tiles: 3 }"), "18x8x8"},
		{"2x6x8x8", LAYER("Tile", "tile_param { tiles: 2 axis: -1 }"), "6x8x16"},
		{"2x6x8x8", LAYER("ArgMax", "argmax_param { axis: 1 top_k: 2 }"), "2x8x8"},
		{"2x6x8x8", LAYER("ArgMax", "argmax_param { top_k: 5 out_max_val: true }"),
		 "2x5x1"},
		{"6x4x8x8", LAYER("BatchReindex", "bottom: 'rois'"), "4x8x8"},
	};
	static const char *const same[] = {
		"AbsVal",    "BatchNorm", "BNLL",  "Clip",      "Dropout",
		"ELU",       "Exp",       "Log",   "LRN",       "Mish",
		"MVN",       "Power",     "ReLU",  "ReLU6",     "ShuffleChannel",
		"Sigmoid",   "Softmax",   "Split", "Swish",     "TanH",
		"Threshold", "BN",        "Bias",  "Normalize", "PReLU",
		"Scale"};
	char got[1500];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		see(got, sizeof got, rows[i].in, rows[i].layers, true);
		CHECK(strpbrk(rows[i].out, " ") ? strstr(got, rows[i].out) != NULL
						: !strcmp(got, rows[i].out),
		      "%s: %s, not %s", rows[i].layers, got, rows[i].out);
	}
	for (size_t i = 0; i < COUNT(same); i++) {
		char layer[200];

		snprintf(layer, sizeof layer, LAYER("%s", ""), same[i]);
		see(got, sizeof got, "2x3x5x7", layer, true);
		CHECK(!strcmp(got, "3x5x7"), "%s: %s", same[i], got);
	}
}

static void matrices(void **state)
{
	static const struct {
		const char *in, *layers, *out;
	} rows[] = {
		{"2x3x8x8", LAYER("InnerProduct", "inner_product_param { num_output: 7 }"), "7"},
		{"2x3x8x8", LAYER("InnerProduct", "inner_product_param { num_output: 7 axis: 2 }"),
		 "3*7"},
		{"2x3x8x8",
		 LAYER("InnerProduct",
		       "inner_product_param { num_output: 7 axis: -1 transpose: true }"),
		 "24*7"},
		{"2x3x8x8", LAYER("Flatten", ""), "192"},
		{"2x3x8x8", LAYER("Flatten", "flatten_param { axis: 1 end_axis: 2 }"), "24*8"},
		{"2x3x8x8", LAYER("Flatten", "flatten_param { axis: -2 }"), "3*64"},
		{"2x3x8x8", LAYER("Reduction", "reduction_param { axis: 2 }"), "3"},
		{"2x3x8x8", LAYER("Reduction", "reduction_param { axis: -1 }"), "3*8"},
		{"2x5", LAYER("Embed", "embed_param { num_output: 4 input_dim: 9 }"), "5*4"},
		{"2x5", LAYER("ArgMax", ""), "1"},
		{"2x3x8x8", LAYER("SPP", "spp_param { pyramid_height: 3 }"), "63"},
		{"2x3x8x8",
		 LAYER("Reshape", "reshape_param { shape { dim: [3, 2] } axis: 1 num_axes: 0 }"),
		 "elements cannot take"},
		{"2x3x8x8",
		 LAYER("Reshape", "reshape_param { shape { dim: 1 } axis: 1 num_axes: 0 }"),
		 "24*8"},
		{"2x3x8x8", LAYER("Reshape", "reshape_param { shape { dim: 0 dim: -1 } }"), "192"},
		{"2x3x8x8",
		 LAYER("PriorBox", "bottom: 'x' prior_box_param { min_size: 3 max_size: 4 "
				   "aspect_ratio: 2 aspect_ratio: 1 }"),
		 "1024"},
		{"2x3x8x8",
		 LAYER("PriorBox",
		       "bottom: 'x' prior_box_param { min_size: 3 flip: false aspect_ratio: 2 }"),
		 "512"},
		{"2x3x8x8", LAYER("SoftmaxWithLoss", "bottom: 'x'"),
		 "axis -1 of an input of 0 axes"},
		{"2x3x8x8", LAYER("Accuracy", "bottom: 'x'"), "axis -1 of an input of 0 axes"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char got[1500];

		see(got, sizeof got, rows[i].in, rows[i].layers, false);
		CHECK(strpbrk(rows[i].out, " ") ? strstr(got, rows[i].out) != NULL
						: !strcmp(got, rows[i].out),
		      "%s: %s, not %s", rows[i].layers, got, rows[i].out);
	}
}

#define READ(rest)                                                             \
	rest "layer { name: 'see' type: 'Convolution' bottom: 'y' top: 'see' " \
	     "convolution_param { num_output: 1 kernel_size: 1 } }"
#define DATA(type, rest) READ("layer { name: 'd' type: '" type "' top: 'y' top: 'label' " rest " }")

/* What data layers say of sizes, and what the user says. */
static void inputs(void **state)
{
	static const struct {
		const char *text, *input[2], *out;
		int batch;
	} rows[] = {
		{READ("input: 'y' input_dim: [4, 3, 8, 9] "), {0}, "3x8x9", 4},
		{READ("input: 'y' input_shape { dim: [4, 3, 8, 9] } "), {0}, "3x8x9", 4},
		{READ("input: 'z' input: 'y' input_dim: [2, 1, 1, 1, 2, 3, 8, 9] "),
		 {0},
		 "3x8x9",
		 2},
		{READ("input: 'y' "), {"3x8x9"}, "3x8x9", 1},
		{READ("input: 'y' input_dim: [4, 3, 8, 9] "), {"3x5x5"}, "3x5x5", 4},
		{READ("layer { name: 'd' type: 'Input' top: 'y' input_param { shape { dim: [4, 3, "
		      "8, 9] } } } "),
		 {0},
		 "3x8x9",
		 4},
		{READ("layer { name: 'd' type: 'Input' top: 'z' top: 'y' input_param { shape { "
		      "dim: [4, 3, 8, 9] } } } "),
		 {0},
		 "3x8x9",
		 4},
		{READ("layer { name: 'd' type: 'Input' top: 'y' } "), {"y=3x5x5"}, "3x5x5", 1},
		{READ("layer { name: 'd' type: 'Parameter' top: 'p' parameter_param { shape { dim: "
		      "5 } } } input: 'y' "),
		 {"3x5x5"},
		 "3x5x5",
		 1},
		{DATA("Data", "data_param { batch_size: 16 }"), {"3x8x9"}, "3x8x9", 16},
		{DATA("Data", "data_param { batch_size: 16 }"), {"d=3x8x9"}, "3x8x9", 16},
		{DATA("Data", "data_param { batch_size: 16 }"),
		 {"y=3x8x9", "label=1"},
		 "3x8x9",
		 16},
		{DATA("Data", "transform_param { crop_size: 6 } data_param { batch_size: 16 }"),
		 {"3x8x9"},
		 "3x6x6",
		 16},
		{DATA("Data", "transform_param { crop_size: 6 force_color: true } data_param { "
			      "batch_size: 16 }"),
		 {0},
		 "3x6x6",
		 16},
		{DATA("Data", "transform_param { crop_size: 6 force_gray: true } data_param { "
			      "batch_size: 16 }"),
		 {0},
		 "1x6x6",
		 16},
		{DATA("Data", "data_param { batch_size: 16 crop_size: 6 }"),
		 {"3x8x9"},
		 "3x6x6",
		 16},
		/* DataTransformer: one mean, or one per channel */
		{DATA("Data", "transform_param { crop_size: 6 mean_value: 104 mean_value: 117 "
			      "mean_value: 123 }"),
		 {0},
		 "3x6x6",
		 1},
		{DATA("Data", "transform_param { crop_size: 6 mean_value: 104 }"),
		 {"1x8x8"},
		 "1x6x6",
		 1},
		{DATA("AnnotatedData", "data_param { batch_size: 3 }"), {"3x8x9"}, "3x8x9", 3},
		{DATA("HDF5Data", "hdf5_data_param { batch_size: 3 }"), {"3x8x9"}, "3x8x9", 3},
		{DATA("ImageData", "image_data_param { batch_size: 5 new_height: 7 new_width: 8 }"),
		 {0},
		 "3x7x8",
		 5},
		{DATA("ImageData", "image_data_param { batch_size: 5 new_height: 7 new_width: 8 "
				   "is_color: false }"),
		 {0},
		 "1x7x8",
		 5},
		{DATA("ImageData", "image_data_param { batch_size: 5 new_height: 7 new_width: 8 } "
				   "transform_param { crop_size: 4 }"),
		 {0},
		 "3x4x4",
		 5},
		{DATA("WindowData", "window_data_param { batch_size: 6 crop_size: 9 }"),
		 {0},
		 "3x9x9",
		 6},
		{DATA("MemoryData",
		      "memory_data_param { batch_size: 2 channels: 3 height: 4 width: 5 }"),
		 {0},
		 "3x4x5",
		 2},
		/* labels that nothing multiplies stand first, and their sizes are not known */
		{"layer { name: 'first' type: 'HDF5Data' top: 'first' hdf5_data_param { "
		 "batch_size: 2 } }" DATA(
			 "MemoryData",
			 "memory_data_param { batch_size: 2 channels: 3 height: 4 width: 5 }"),
		 {0},
		 "3x4x5",
		 2},
		{"input: 'first' input_shape { dim: 1 } " DATA(
			 "MemoryData",
			 "memory_data_param { batch_size: 2 channels: 3 height: 4 width: 5 }"),
		 {0},
		 "3x4x5",
		 2},
		{DATA("DummyData", "dummy_data_param { num: 2 channels: 3 height: 4 width: 5 }"),
		 {0},
		 "3x4x5",
		 2},
		{DATA("DummyData",
		      "dummy_data_param { shape { dim: [2, 3, 4, 5] } shape { dim: 2 } }"),
		 {0},
		 "3x4x5",
		 2},
		{DATA("Python", "python_param { module: 'm' layer: 'L' }"), {"3x4x5"}, "3x4x5", 1},
		{DATA("RoastedData", "roasted_data_param { batch_size: 9 }"),
		 {"3x4x5"},
		 "3x4x5",
		 9},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_import_options o = {.input = rows[i].input};
		struct barista_workload *net;
		struct barista_err err;
		char got[100];

		while (o.ninputs < 2 && rows[i].input[o.ninputs])
			o.ninputs++;
		CHECK_OK(import(&net, rows[i].text, &o, &err), &err);
		say_in(got, sizeof got, find_layer(net, "see"));
		CHECK(!strcmp(got, rows[i].out) && net->batch == rows[i].batch,
		      "row %zu: %s, batch %lld", i, got, (long long)net->batch);
		barista_workload_free(net);
		o.batch = 77;
		CHECK_OK(import(&net, rows[i].text, &o, &err), &err);
		CHECK(net->batch == 77, "row %zu", i);
		barista_workload_free(net);
	}
}

#define C(name, bottom, rest)                                                                     \
	"layer { name: '" name "' type: 'Convolution' bottom: '" bottom "' top: '" name "' " rest \
	" convolution_param { num_output: 3 kernel_size: 1 } }\n"
#define CT(name, bottom, top, rest)                                                              \
	"layer { name: '" name "' type: 'Convolution' bottom: '" bottom "' top: '" top "' " rest \
	" convolution_param { num_output: 3 kernel_size: 1 } }\n"
#define L(name, type, bottom, rest)                                                            \
	"layer { name: '" name "' type: '" type "' bottom: '" bottom "' top: '" name "' " rest \
	" }\n"
#define LOSS(bottom)                                                              \
	"layer { name: 'loss" bottom "' type: 'SoftmaxWithLoss' bottom: '" bottom \
	"' bottom: 'x' top: 'loss" bottom "' }\n"
#define FROZEN "param { lr_mult: 0 } param { lr_mult: 0 }"
#define BIAS_ONLY "param { lr_mult: 0 } param { lr_mult: 1 }"

/* Net::Init: per convolution, of the weights and of the input. w, i, b: both, -: none. */
static void gradients(void **state)
{
	static const struct {
		const char *layers, *want;
	} rows[] = {
		{C("a", "x", "") C("b", "a", ""), "wb"},
		{C("a", "x", "") C("b", "a", "") LOSS("b"), "wb"},
		{C("a", "x", FROZEN) C("b", "a", "") LOSS("b"), "-w"},
		{C("a", "x", "param { lr_mult: 0 }") C("b", "a", "") LOSS("b"), "-b"},
		{C("a", "x", BIAS_ONLY) C("b", "a", FROZEN) LOSS("b"), "-i"},
		{C("a", "x", "") C("b", "a", FROZEN) C("c", "b", "") LOSS("c"), "wib"},
		{C("a", "x", FROZEN) C("b", "a", FROZEN) LOSS("b"), "--"},
		{C("a", "x", "param { lr_mult: 0.0 } param { lr_mult: 0e5 }") LOSS("a"), "-"},
		{C("a", "x", "param { lr_mult: 1 } param { lr_mult: 0 }") LOSS("a"), "w"},
		/* blobs_under_loss */
		{C("a", "x", "") C("b", "a", "") C("c", "a", "") LOSS("b"), "wb-"},
		{C("a", "x", "") C("b", "a", "") L("s", "Silence", "b", "") LOSS("a"), "w-"},
		{C("a", "x", "") C("b", "a", "") L("acc", "Accuracy", "b", "") LOSS("a"), "w-"},
		{C("a", "x", "") LOSS("a") C("b", "x", "")
			 L("l", "EuclideanLoss", "b", "bottom: 'x' loss_weight: 0"),
		 "w-"},
		{C("a", "x", "") L("l", "Python", "a", "loss_weight: 1") C("b", "x", ""), "w-"},
		{C("a", "x", "") L("r", "Reduction", "a", "loss_weight: 0.1") C("b", "a", ""),
		 "w-"},
		/* propagate_down, blobs_skip_backp */
		{C("a", "x", "") C("b", "a", "propagate_down: false") LOSS("b"), "-w"},
		{C("a", "x", "") CT("b", "a", "b", "propagate_down: false") C("c", "b", "")
			 LOSS("c"),
		 "-wb"},
		{C("a", "x", "propagate_down: true") LOSS("a"), "b"},
		{C("a", "x", FROZEN "propagate_down: true") LOSS("a"), "-"},
		{C("a", "x", "") C("b", "a", FROZEN "propagate_down: false") C("c", "b", "")
			 LOSS("c"),
		 "--b"},
		{C("a", "x", FROZEN) C("b", "a", FROZEN "propagate_down: true") C("c", "b", "")
			 LOSS("c"),
		 "--w"},
		{C("a", "x", "") C("b", "a", "propagate_down: false") C("c", "a", "") LOSS("b")
			 LOSS("c"),
		 "wwb"},
		{C("a", "x", "") L("r", "ReLU", "a", "propagate_down: false") LOSS("r"), "-"},
		{C("a", "x", "") L("e", "Eltwise", "a", "bottom: 'x' propagate_down: [false, true]")
			 LOSS("e"),
		 "-"},
		{C("a", "x",
		   "") "layer { name: 'cut' type: 'Slice' bottom: 'a' top: 'p' top: 'q' top: 'r' }"
		       "layer { name: 'e' type: 'ReLU' bottom: 'p' top: 'e' propagate_down: false "
		       "}" LOSS("e"),
		 "w"},
		{C("a", "x", "") "layer { name: 'r' type: 'ReLU' bottom: 'a' top: 'a' }" C(
			 "b", "a", "propagate_down: false") LOSS("b"),
		 "-w"},
		/* force_backward */
		{"force_backward: true " C("a", "x", FROZEN) C("b", "a", "propagate_down: false")
			 C("c", "a", "") LOSS("b"),
		 "bbb"},
		/* what learns besides */
		{L("n", "BatchNorm", "x", "") C("a", "n", ""), "b"},
		{L("n", "BatchNorm", "x",
		   "param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 }")
			 C("a", "n", ""),
		 "w"},
		{L("n", "Scale", "x", "") C("a", "n", ""), "b"},
		{L("n", "Scale", "x", "param { lr_mult: 0 }") C("a", "n", ""), "w"},
		{L("n", "Scale", "x", "param { lr_mult: 0 } scale_param { bias_term: true }")
			 C("a", "n", ""),
		 "b"},
		{L("n", "Scale", "x", FROZEN "scale_param { bias_term: true }") C("a", "n", ""),
		 "w"},
		{L("n", "Scale", "x", "bottom: 'x'") C("a", "n", ""), "w"},
		{L("n", "Bias", "x", "") C("a", "n", ""), "b"},
		{L("n", "Bias", "x", "bottom: 'x'") C("a", "n", ""), "w"},
		{L("n", "PReLU", "x", "") C("a", "n", ""), "b"},
		{L("n", "PReLU", "x", "param { lr_mult: 0 }") C("a", "n", ""), "w"},
		{L("n", "ReLU", "x", "") C("a", "n", ""), "w"},
		{"layer { name: 'p' type: 'Parameter' top: 'p' parameter_param { shape { dim: [2, "
		 "3, 4, 4] } } }" C("a", "p", ""),
		 "b"},
		{"layer { name: 'p' type: 'Parameter' top: 'p' param { lr_mult: 0 } "
		 "parameter_param { shape { dim: [2, 3, 4, 4] } } }" C("a", "p", ""),
		 "w"},
		{"layer { name: 'a' type: 'Convolution' bottom: 'x' top: 'a' param { lr_mult: 0 } "
		 "convolution_param { num_output: 3 kernel_size: 1 bias_term: false } }" C("b", "a",
											   ""),
		 "-w"},
		/* one layer on two blobs */
		{"layer { name: 'a' type: 'Convolution' bottom: 'x' bottom: 'x' top: 'p' top: 'q' "
		 "convolution_param { num_output: 3 kernel_size: 1 } }" LOSS("p") LOSS("q"),
		 "ww"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		char text[4000], got[20] = "";

		snprintf(text, sizeof text, "input: 'x' input_dim: [2, 3, 4, 4]\n%s",
			 rows[i].layers);
		CHECK_OK(import(&net, text, NULL, &err), &err);
		for (size_t l = 0; l < net->nmac_layers; l++)
			got[l] = "-wib"[net->mac_layer[l].weight_gradient +
					2 * net->mac_layer[l].input_gradient];
		CHECK(!strcmp(got, rows[i].want), "row %zu: %s, not %s: %s", i, got, rows[i].want,
		      rows[i].layers);
		barista_workload_free(net);
		CHECK_OK(import(&net, text, &(struct barista_import_options){.test_phase = true},
				&err),
			 &err);
		for (size_t l = 0; l < net->nmac_layers; l++)
			CHECK(!net->mac_layer[l].weight_gradient &&
				      !net->mac_layer[l].input_gradient,
			      "row %zu", i);
		barista_workload_free(net);
	}
}

/* NetStateRule: which of three convolutions belong. */
static void phases(void **state)
{
	static const struct {
		const char *state, *rule;
		bool test, in;
	} rows[] = {
		{"", "", false, true},
		{"", "", true, true},
		{"", "include { phase: TRAIN }", false, true},
		{"", "include { phase: TRAIN }", true, false},
		{"", "include { phase: 1 }", true, true},
		{"", "exclude { phase: TEST }", true, false},
		{"", "include { phase: TEST } include { phase: TRAIN }", false, true},
		{"", "exclude { phase: TEST } exclude { phase: TRAIN }", false, false},
		{"", "include { }", false, true},
		{"", "exclude { }", false, false},
		{"state { phase: TEST }", "include { phase: TEST }", false, false},
		{"state { phase: TRAIN }", "include { phase: TEST }", true, true},
		{"state { level: 2 }", "include { min_level: 2 max_level: 2 }", false, true},
		{"state { level: 2 }", "include { min_level: 3 }", false, false},
		{"state { level: -1 }", "include { max_level: -2 }", false, false},
		{"", "include { min_level: 1 }", false, false},
		{"", "include { stage: 'a' }", false, false},
		{"", "include { not_stage: 'a' }", false, true},
		{"state { stage: 'a' stage: 'b' }", "include { stage: 'a' stage: 'b' }", false,
		 true},
		{"state { stage: 'a' }", "include { stage: 'a' stage: 'b' }", false, false},
		{"state { stage: ['a', 'b'] }", "include { stage: 'a' not_stage: 'b' }", false,
		 false},
		{"state { stage: 'a' }", "include { phase: TEST stage: 'a' }", false, false},
		{"state { stage: 'a' }", "exclude { stage: 'b' } exclude { stage: 'a' }", false,
		 false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		char text[1000];

		snprintf(text, sizeof text,
			 "%s input: 'x' input_dim: [2, 3, 4, 4]\n%s"
			 "layer { name: 'b' type: 'Convolution' bottom: 'x' top: 'b' %s "
			 "convolution_param { num_output: 3 kernel_size: 1 } }",
			 rows[i].state, C("a", "x", ""), rows[i].rule);
		CHECK_OK(import(&net, text,
				&(struct barista_import_options){.test_phase = rows[i].test}, &err),
			 &err);
		CHECK((net->nmac_layers == 2) == rows[i].in, "row %zu: %zu layers", i,
		      net->nmac_layers);
		barista_workload_free(net);
	}
}

#define NET                                                                                  \
	"{ input: 'x' input_dim: [2, 3, 4, 4] " C("a", "x", "")                              \
		C("b", "x", "include { phase: TEST }") C("c", "x", "include { stage: 's' }") \
			C("d", "x", "include { min_level: 1 }") "}"

/* Which network a solver trains or tests, in which state. */
static void solvers(void **state)
{
	static const struct {
		const char *text, *layers;
		bool test;
		int iterations;
	} rows[] = {
		{"net: 'net-a.prototxt' max_iter: 1", "a", false, 1},
		{"net: 'models/deep/net-a.prototxt' iter_size: 3", "a", false, 3},
		{"net: '/nowhere/deep/net-a.prototxt'", "a", false, 1},
		{"net: 'net-a.prototxt' iter_size: 3", "ab", true, 1},
		{"train_net: 'net-a.prototxt' test_net: 'net-b.prototxt'", "a", false, 1},
		{"train_net: 'net-a.prototxt' test_net: 'net-b.prototxt'", "z", true, 1},
		{"net: 'net-a.prototxt' test_net: 'net-b.prototxt'", "z", true, 1},
		{"net: 'net-a.prototxt' train_state { stage: 's' } test_state { level: 1 }", "ac",
		 false, 1},
		{"net: 'net-a.prototxt' train_state { stage: 's' } test_state { level: 1 } "
		 "test_state { stage: 's' }",
		 "abd", true, 1},
		{"net: 'net-a.prototxt' train_state { phase: TEST }", "a", false, 1},
		{"net_param " NET " iter_size: 2", "a", false, 2},
		{"train_net_param " NET " train_state { level: 2 }", "ad", false, 1},
		{"net_param { state { level: 1 stage: 's' } " C(
			 "a", "x",
			 "include { max_level: 0 stage: 's' }") "input: 'x' input_dim: [2, 3, 4, "
								"4] } train_state { level: 0 }",
		 "a", false, 1},
	};

	(void)state;
	write_text("net-a.prototxt",
		   "input: 'x' input_dim: [2, 3, 4, 4] " C("a", "x", "")
			   C("b", "x", "include { phase: TEST }")
				   C("c", "x", "include { stage: 's' }")
					   C("d", "x", "include { min_level: 1 }"));
	write_text("net-b.prototxt", "input: 'x' input_dim: [2, 3, 4, 4] " C("z", "x", ""));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		char got[20] = "";

		CHECK_OK(import(&net, rows[i].text,
				&(struct barista_import_options){.test_phase = rows[i].test}, &err),
			 &err);
		for (size_t l = 0; l < net->nmac_layers; l++)
			got[l] = *net->mac_layer[l].name;
		CHECK(!strcmp(got, rows[i].layers) && net->iterations == rows[i].iterations,
		      "row %zu: %s, %lld iterations", i, got, (long long)net->iterations);
		barista_workload_free(net);
	}
}

static void solver_option(void **state)
{
	const char *solver =
		write_text("solver.prototxt",
			   "net: 'elsewhere.prototxt' iter_size: 4 train_state { stage: 's' }");
	const char *net_path = write_text(
		"net-c.prototxt",
		"input: 'x' input_dim: [2, 3, 4, 4] " C("c", "x", "include { stage: 's' }"));
	struct barista_import_options o = {.solver = solver};
	struct barista_workload *net;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_workload_import(&net, net_path, &o, &err), &err);
	assert_int_equal(net->iterations, 4);
	assert_int_equal(net->nmac_layers, 1);
	assert_non_null(strstr(net->yaml, "solver_sha256"));
	barista_workload_free(net);
	assert_int_equal(barista_workload_import(&net, solver, &o, &err), BARISTA_E_ARGUMENT);
	assert_non_null(strstr(err.msg, "is itself a solver"));
}

/* Names are made unique, and of characters that a workload may hold. */
static void names(void **state)
{
	static const char *const want[] = {"a", "a#2", "a#2#2", "Convolution", "b?c", "b?c#2"};
	struct barista_workload *net;
	struct barista_err err;

	(void)state;
	CHECK_OK(import(&net,
			"name: 'Odd \\x01 Name!' input: 'x' input_dim: [2, 3, 4, 4] " C(
				"a", "x", "") CT("a", "x", "t2", "") CT("a#2", "x", "t3", "")
				CT("", "x", "t4", "") CT("b\\tc", "x", "t5", "")
					CT("b\\nc", "x", "t6", "") L("l", "\\uffffLoss", "a", ""),
			NULL, &err),
		 &err);
	assert_string_equal(net->name, "odd-name");
	assert_string_equal(net->title, "Odd ? Name!");
	assert_int_equal(net->nmac_layers, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++)
		assert_string_equal(net->mac_layer[i].name, want[i]);
	barista_workload_free(net);
}

/* Shares of what is left out: convolutions of 144 MACs per image each, the one over three axes of
 * 288 per two. */
static void lenient(void **state)
{
	static const struct {
		const char *layers, *say;
		size_t left;
	} rows[] = {
		{C("a", "x", "") "layer { name: 'u' type: 'Wonder' bottom: 'a' top: 'u' }",
		 "an unknown share", 1},
		{C("a", "x",
		   "") "layer { name: 'u' type: 'Wonder' bottom: 'a' top: 'u' }" C("b", "u", ""),
		 "at least 50 % of the multiply-accumulates are missing, if what is not understood "
		 "keeps the shape of its input",
		 1},
		{C("a", "x", "") "layer { name: 'u' type: 'Wonder' bottom: 'a' top: 'u' }" C(
			 "b", "u", "") C("c", "b", ""),
		 "at least 66.7 %", 1},
		{C("a", "x", "") "layer { name: 'r' type: 'Reshape' bottom: 'x' top: 'r' "
				 "reshape_param { shape { dim: [1, 3, 2, 4, 4] } } }" C("b", "r",
											""),
		 "50 % of the multiply-accumulates are missing", 1},
		{C("a", "x", "") "layer { name: 'u' type: 'Wonder' top: 'u' }" C("b", "u", ""),
		 "an unknown share", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		char text[2000];

		snprintf(text, sizeof text, "input: 'x' input_dim: [2, 3, 4, 4]\n%s",
			 rows[i].layers);
		CHECK(import(&net, text, NULL, &err) == BARISTA_E_INPUT &&
			      strstr(err.msg, rows[i].say) && strstr(err.msg, "option lenient"),
		      "row %zu: %s", i, err.msg);
		CHECK_OK(
			import(&net, text, &(struct barista_import_options){.lenient = true}, &err),
			&err);
		CHECK(net->nmac_layers == rows[i].left && strstr(net->incomplete, rows[i].say) &&
			      strstr(net->remarks, rows[i].say),
		      "row %zu: %zu layers, %s", i, net->nmac_layers, net->incomplete);
		assert_string_equal(net->status, "unverified");
		barista_workload_free(net);
	}
}

/* ---- random networks ---- */

struct drawn {
	char text[20000];
	int64_t macs, c, h, w;
};

static void add(struct drawn *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct drawn *d, const char *fmt, ...)
{
	size_t n = strlen(d->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->text + n, sizeof d->text - n, fmt, ap);
	va_end(ap);
}

static const char *rate(struct random *r)
{
	return random_int(r, 0, 2) ? "" : "param { lr_mult: 0 }";
}

/* By brute force: every position of the window at which it fits. */
static int64_t fits(int64_t in, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation)
{
	int64_t n = 0;

	for (int64_t at = -pad; at + dilation * (kernel - 1) < in + pad; at += stride)
		n++;
	return n;
}

static void draw_conv(struct random *r, struct drawn *d, int i)
{
	int64_t k = random_int(r, 1, 3), s = random_int(r, 1, 2), p = random_int(r, 0, 2),
		dil = random_int(r, 1, 2);
	int64_t g = d->c % 2 ? 1 : random_int(r, 1, 2), out = g * random_int(r, 1, 6);
	int64_t h = fits(d->h, k, s, p, dil), w = fits(d->w, k, s, p, dil);

	if (h < 1 || w < 1)
		return;
	add(d,
	    "layer { name: 'c%d' type: 'Convolution' bottom: 'b' top: 'n' %s convolution_param { "
	    "num_output: %d group: %d "
	    "kernel_size: %d stride: %d pad: %d dilation: %d } }\n",
	    (int)random_int(r, 0, i), rate(r), (int)out, (int)g, (int)k, (int)s, (int)p, (int)dil);
	d->macs += d->c / g * out * k * k * h * w;
	d->c = out, d->h = h, d->w = w;
}

static void draw_deconv(struct random *r, struct drawn *d)
{
	int64_t k = random_int(r, 2, 4), s = random_int(r, 1, 2), out = random_int(r, 1, 5);

	add(d,
	    "layer { name: 'd' type: 'Deconvolution' bottom: 'b' top: 'n' %s convolution_param { "
	    "num_output: %d kernel_size: %d "
	    "stride: %d } }\n",
	    rate(r), (int)out, (int)k, (int)s);
	d->macs += d->c * out * k * k * d->h * d->w;
	d->c = out, d->h = (d->h - 1) * s + k, d->w = (d->w - 1) * s + k;
}

static void draw_pool(struct drawn *d)
{
	add(d, "layer { name: 'p' type: 'Pooling' bottom: 'b' top: 'n' pooling_param { "
	       "kernel_size: 2 stride: 2 } }\n");
	d->h = (d->h + 1) / 2, d->w = (d->w + 1) / 2;
}

/* Each layer reads the blob 'b' and makes 'n'; the text is renamed as it grows: b0, b1, ... */
static void draw_layer(struct random *r, struct drawn *d, int i, int *blob)
{
	size_t before = strlen(d->text);

	switch (random_int(r, 0, 4)) {
	case 0: draw_deconv(r, d); break;
	case 1: draw_pool(d); break;
	case 2: add(d, "layer { name: 'r' type: 'BatchNorm' bottom: 'b' top: 'n' }\n"); break;
	default: draw_conv(r, d, i);
	}
	if (strlen(d->text) > before) {
		char layer[600], *b, *n;

		snprintf(layer, sizeof layer, "%s", d->text + before);
		b = strstr(layer, "'b'"), n = strstr(layer, "'n'");
		d->text[before] = '\0';
		add(d, "%.*s'b%d'%.*s'b%d'%s", (int)(b - layer), layer, *blob, (int)(n - b - 3),
		    b + 3, *blob + 1, n + 3);
		++*blob;
	}
}

static void draw(struct random *r, struct drawn *d)
{
	int blob = 0, n = (int)random_int(r, 0, 12), out = (int)random_int(r, 1, 9);

	*d = (struct drawn){
		.c = random_int(r, 1, 6), .h = random_int(r, 4, 20), .w = random_int(r, 4, 20)};
	add(d, "name: 'Random' input: 'b0' input_dim: [%d, %d, %d, %d]\n", (int)random_int(r, 1, 5),
	    (int)d->c, (int)d->h, (int)d->w);
	for (int i = 0; i < n; i++)
		draw_layer(r, d, i, &blob);
	add(d,
	    "layer { name: 'ip' type: 'InnerProduct' bottom: 'b%d' top: 'ip' %s "
	    "inner_product_param { num_output: %d } }\n",
	    blob, rate(r), out);
	d->macs += d->c * d->h * d->w * out;
}

static void check_same(const struct barista_workload *a, const struct barista_workload *b)
{
	assert_int_equal(a->nmac_layers, b->nmac_layers);
	assert_int_equal(a->batch, b->batch);
	assert_memory_equal(a->input, b->input, sizeof a->input);
	for (size_t i = 0; i < a->nmac_layers; i++) {
		struct barista_mac_layer la = a->mac_layer[i], lb = b->mac_layer[i];

		assert_string_equal(la.name, lb.name);
		CHECK(la.type == lb.type && la.cin == lb.cin && la.h == lb.h && la.w == lb.w &&
			      la.cout == lb.cout && la.oh == lb.oh && la.ow == lb.ow &&
			      la.macs == lb.macs && la.weights == lb.weights &&
			      la.groups == lb.groups && la.input_gradient == lb.input_gradient &&
			      la.weight_gradient == lb.weight_gradient,
		      "%s", la.name);
	}
}

static void random_networks(void **state)
{
	struct random r = {2024};

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct barista_workload *net, *again, *loaded;
		struct barista_err err;
		static struct drawn d;
		int64_t macs = 0;

		draw(&r, &d);
		CHECK_OK(import(&net, d.text, NULL, &err), &err);
		for (size_t l = 0; l < net->nmac_layers; l++)
			macs += net->mac_layer[l].macs;
		CHECK(macs == d.macs, "%lld MACs, counted %lld:\n%s", (long long)macs,
		      (long long)d.macs, d.text);
		CHECK_OK(import(&again, d.text, NULL, &err), &err);
		assert_string_equal(net->yaml, again->yaml);
		CHECK_OK(barista_workload_load(&loaded, write_text("net.yaml", net->yaml), ".",
					       &err),
			 &err);
		check_same(net, loaded);
		barista_workload_free(loaded);
		barista_workload_free(again);
		barista_workload_free(net);
	}
}

int test_caffe(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows),       cmocka_unit_test(shapes),
		cmocka_unit_test(mistakes),      cmocka_unit_test(matrices),
		cmocka_unit_test(inputs),        cmocka_unit_test(gradients),
		cmocka_unit_test(phases),        cmocka_unit_test(solvers),
		cmocka_unit_test(solver_option), cmocka_unit_test(names),
		cmocka_unit_test(lenient),       cmocka_unit_test(random_networks),
	};

	return GROUP(tests);
}
