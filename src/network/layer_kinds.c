/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of what layers do. To add one: its enumerator in network/workload.h and a row here.
 */
#include "barista.h"

#include "network/workload.h"

const struct barista_layer_def barista_layer_defs[BARISTA_NLAYER_TYPES] = {
	[BARISTA_LAYER_MAC] = {.name = "multiply",
			       .learns = true,
			       .help = "convolution, deconvolution or fully connected layer"},
	[BARISTA_LAYER_MAX_POOL] = {.name = "max_pool",
				    .kernel = true,
				    .help = "the largest of each window"},
	[BARISTA_LAYER_AVE_POOL] = {.name = "ave_pool",
				    .kernel = true,
				    .help = "the mean of each window"},
	[BARISTA_LAYER_ACTIVATION] = {.name = "activation",
				      .learns = true,
				      .help = "a function of each element by itself"},
	[BARISTA_LAYER_LRN] = {.name = "lrn",
			       .window = true,
			       .help = "local response normalisation"},
	[BARISTA_LAYER_BATCH_NORM] = {.name = "batch_norm",
				      .learns = true,
				      .help = "normalisation by mean and variance"},
	[BARISTA_LAYER_SCALE] = {.name = "scale",
				 .many = true,
				 .learns = true,
				 .help = "times or plus numbers per channel, or of a second blob"},
	[BARISTA_LAYER_DROPOUT] = {.name = "dropout", .help = "random elements become zero"},
	[BARISTA_LAYER_SUM] = {.name = "sum",
			       .many = true,
			       .help = "several blobs into one, element by element"},
	[BARISTA_LAYER_CONCAT] = {.name = "concat",
				  .many = true,
				  .help = "blobs are joined, split, cut or copied"},
	[BARISTA_LAYER_SOFTMAX] = {.name = "softmax", .help = "exponentials over their sum"},
	[BARISTA_LAYER_LOSS] = {.name = "loss",
				.many = true,
				.help = "softmax and its cross-entropy, and other losses"},
	[BARISTA_LAYER_VIEW] = {.name = "view", .help = "the same elements in another shape"},
	[BARISTA_LAYER_OTHER] = {.name = "other",
				 .many = true,
				 .learns = true,
				 .help = "reads its inputs, writes its outputs"},
};
