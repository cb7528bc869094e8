/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "barista.h"

#include "network/workload.h"

const struct barista_layer_def barista_layer_defs[BARISTA_NLAYER_TYPES] = {
	[BARISTA_LAYER_MAC] = {"multiply", "convolution, deconvolution or fully connected layer",
			       false, false, false, true},
	[BARISTA_LAYER_MAX_POOL] = {"max_pool", "the largest of each window", true, false, false,
				    false},
	[BARISTA_LAYER_AVE_POOL] = {"ave_pool", "the mean of each window", true, false, false,
				    false},
	[BARISTA_LAYER_ACTIVATION] = {"activation", "a function of each element by itself", false,
				      false, false, true},
	[BARISTA_LAYER_LRN] = {"lrn", "local response normalisation", false, true, false, false},
	[BARISTA_LAYER_BATCH_NORM] = {"batch_norm", "normalisation by mean and variance", false,
				      false, false, true},
	[BARISTA_LAYER_SCALE] = {"scale", "times or plus numbers per channel, or of a second blob",
				 false, false, true, true},
	[BARISTA_LAYER_DROPOUT] = {"dropout", "random elements become zero", false, false, false,
				   false},
	[BARISTA_LAYER_SUM] = {"sum", "several blobs into one, element by element", false, false,
			       true, false},
	[BARISTA_LAYER_CONCAT] = {"concat", "blobs are joined, split, cut or copied", false, false,
				  true, false},
	[BARISTA_LAYER_SOFTMAX] = {"softmax", "exponentials over their sum", false, false, false,
				   false},
	[BARISTA_LAYER_LOSS] = {"loss", "softmax and its cross-entropy, and other losses", false,
				false, true, false},
	[BARISTA_LAYER_VIEW] = {"view", "the same elements in another shape", false, false, false,
				false},
	[BARISTA_LAYER_OTHER] = {"other", "reads its inputs, writes its outputs", false, false,
				 true, true},
};
