/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_WORKLOAD_H
#define NETWORK_WORKLOAD_H

#include "barista.h"

/* What a layer does to its data. Each has a row in barista_layer_defs[]. */
enum barista_layer_type {
	BARISTA_LAYER_MAC, /* multiplies: it also is a struct barista_mac_layer */
	BARISTA_LAYER_MAX_POOL,
	BARISTA_LAYER_AVE_POOL,
	BARISTA_LAYER_ACTIVATION, /* ReLU and all else that works on each element by itself */
	BARISTA_LAYER_LRN,
	BARISTA_LAYER_BATCH_NORM,
	BARISTA_LAYER_SCALE,
	BARISTA_LAYER_DROPOUT,
	BARISTA_LAYER_SUM,    /* of several inputs, element by element; also products and maxima */
	BARISTA_LAYER_CONCAT, /* also splits and slices: data move, nothing is computed */
	BARISTA_LAYER_SOFTMAX,
	BARISTA_LAYER_LOSS,  /* loss: softmax and its cross-entropy; other losses too */
	BARISTA_LAYER_VIEW,  /* flatten, reshape: nothing moves */
	BARISTA_LAYER_OTHER, /* what is none of these: reads its inputs, writes its outputs */
	BARISTA_NLAYER_TYPES
};

struct barista_layer_def {
	const char *name, *help; /* name: as `type` in a workload file */
	bool kernel, window;     /* the key that says what one output is made from, if any */
	bool many;               /* it may read several blobs */
	bool learns;             /* it may have parameters */
};

extern const struct barista_layer_def barista_layer_defs[BARISTA_NLAYER_TYPES];

/* One layer of the whole network, in its order. */
struct barista_layer {
	const char *name;
	enum barista_layer_type type;
	size_t mac_layer; /* index into the layers that multiply; SIZE_MAX for the others */
	int64_t inputs;   /* blobs that it reads, at least 1 */
	int64_t in, out;  /* elements per image, of all inputs and outputs together */
	int64_t window; /* elements that one output is made from: kernel of a pooling, size of LRN;
			   else 1 */
	int64_t params; /* elements that learn, bias included */
	int64_t blobs;  /* in so many blobs */
	bool input_gradient; /* its backward pass runs */
};

enum { BARISTA_MAX_MAC_LAYERS = 4096, BARISTA_MAX_LAYERS = 1 << 17 }; /* of a workload */

struct barista_workload {
	const char *name, *title, *source, *status, *path;
	int64_t batch;      /* images of one pass through the network */
	int64_t iterations; /* passes per update of the weights: Caffe's iter_size */
	int64_t input[3];   /* channels, height, width */
	size_t nmac_layers;
	struct barista_mac_layer *mac_layer; /* those that multiply */
	size_t nlayers;
	struct barista_layer *layer; /* all of them */
	bool macs_only; /* the file names none but those that multiply: the others are not known */
	bool imported;  /* from Caffe or ONNX, now or before */
	/* What an import leaves behind, or NULL: the share of the multiply-accumulates that it left
	 * out, in words; the text of the workload file; lines that the user should read. */
	const char *incomplete, *yaml, *remarks;
	char sha256[65]; /* of the file at path */
	struct barista_arena *arena;
};

struct barista_doc;

/* Makes an empty network, and fills one from a workload file. */
int barista_workload_make(struct barista_workload **out, struct barista_err *err);
int barista_workload_decode(struct barista_workload *net, const struct barista_doc *doc,
			    struct barista_err *err);

#endif
