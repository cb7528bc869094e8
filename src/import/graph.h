/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_GRAPH_H
#define IMPORT_GRAPH_H

#include "base/arena.h"
#include "base/err.h"
#include "network/workload.h"

#include <jansson.h>

/* A network as a file describes it, whatever its format: blobs, and the ops that make them, in
 * an order in which every blob is made before it is used. */

enum { BARISTA_MAX_AXES = 16, BARISTA_NO_BLOB = -1 };

/* Sizes of a blob, axis by axis; none for a scalar. Every size is at least 0. */
struct barista_dims {
	size_t n;
	int64_t at[BARISTA_MAX_AXES];
};

/* GUESSED: below a layer that is not understood, as if that kept the shape of its input. */
enum barista_known { BARISTA_UNKNOWN, BARISTA_GUESSED, BARISTA_KNOWN };

struct barista_blob {
	const char *name;
	enum barista_known known;
	struct barista_dims dims; /* unless unknown */
	int ask;    /* unknown: the blob whose size would tell it, or BARISTA_NO_BLOB */
	bool fixed; /* the same for every image: weights, and what sizes are computed from */
	bool wants_gradient;           /* set by barista_graph_gradients() */
	bool under_loss, read, passed; /* its work space */
};

/* What an op multiplies and accumulates per image, as a layer of a workload has it. */
struct barista_mac {
	enum barista_mac_layer_type type;
	int64_t cin, h, w, cout; /* fc: sizes in and out; h and w are 1 */
	int64_t kernel[2], stride[2], dilation[2], groups;
	int64_t pad[4];    /* top, left, bottom, right */
	int64_t positions; /* fc: rows of its input per image */
	int64_t macs;
};

enum barista_flow { BARISTA_FLOW_DEFAULT, BARISTA_FLOW_OFF, BARISTA_FLOW_ON };

struct barista_op {
	const char *name, *type;
	int line, col; /* in the text; 0 in a binary file */
	size_t number; /* node of a binary file, from 0 */
	size_t nin, nout;
	int *in, *out;              /* blobs, or BARISTA_NO_BLOB */
	enum barista_flow *flow;    /* per input: does the file want its gradient? */
	bool multiplies;            /* a layer of its kind has multiply-accumulates */
	bool learns, weights_learn; /* any parameter changes in training; its weights do */
	bool bias;                  /* of what multiplies: it adds one number per output channel */
	enum barista_layer_type layer_type; /* what it does when it multiplies nothing;
					 BARISTA_NLAYER_TYPES: nothing at run time */
	int64_t window[2];     /* of pooling: height and width; of LRN: elements, and 1 */
	bool sizes_only;       /* of all inputs but the first it takes no more than their sizes */
	int64_t params, blobs; /* elements that the update changes, when it multiplies nothing; in
				  so many blobs */
	size_t data; /* the input that its weights multiply: not the first in ONNX's W x */
	bool loss;   /* training starts from here */
	struct barista_mac *mac; /* NULL when it has none, or none that is understood */
	const char *problem;     /* what is not understood, or NULL */
	int64_t missing_macs;    /* per image, of a problem; -1: not known */
	/* Set by barista_graph_gradients(): of the weights, or of any parameter when it multiplies
	 * nothing; of the data that its weights multiply, or of any input. */
	bool weight_gradient, input_gradient;
};

struct barista_graph {
	struct barista_arena *arena;
	const char *name;          /* the network's own, or NULL */
	int64_t batch;             /* images in the blobs; 0 until an input says it */
	struct barista_dims input; /* of the first input, with the batch */
	size_t nblobs, max_blobs;
	struct barista_blob *blob;
	size_t nops, max_ops;
	struct barista_op *op;
	json_t *names;       /* of blobs, to the latest of that name */
	bool force_backward; /* gradients everywhere, whoever needs them */
};

/* Room for so many blobs and ops; everything but `names` lives in the arena. */
int barista_graph_init(struct barista_graph *g, struct barista_arena *arena, size_t max_blobs,
		       size_t max_ops, struct barista_err *err);
void barista_graph_release(struct barista_graph *g);

/* Adds a blob of unknown size and gives its number in *id; an older one of that name is hidden by
 * it. name must outlive the graph. Errors: BARISTA_E_SYSTEM when there is no room or memory. */
int barista_graph_blob(struct barista_graph *g, const char *name, int *id, struct barista_err *err);
/* The latest blob of that name, or BARISTA_NO_BLOB. */
int barista_graph_find(const struct barista_graph *g, const char *name);
/* Adds an op, whose inputs and outputs are still BARISTA_NO_BLOB. Errors: BARISTA_E_SYSTEM when
 * there is no room or memory. */
int barista_graph_op(struct barista_graph *g, const char *name, const char *type, size_t nin,
		     size_t nout, struct barista_op **out, struct barista_err *err);
/* The blob of an input, or NULL. */
struct barista_blob *barista_op_in(const struct barista_graph *g, const struct barista_op *op,
				   size_t i);
struct barista_blob *barista_op_out(const struct barista_graph *g, const struct barista_op *op,
				    size_t i);

/* What the blobs of all its inputs are at least. */
enum barista_known barista_op_known(const struct barista_graph *g, const struct barista_op *op);

/* The op is not understood: text (copied) says why; macs per image, or -1. Only the first
 * problem of an op is kept. It fails without memory only. */
int barista_op_problem(struct barista_graph *g, struct barista_op *op, int64_t macs,
		       struct barista_err *err, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Does training start from a loss? */
bool barista_graph_has_loss(const struct barista_graph *g);

/* Which ops need gradients of weights and inputs, by Caffe's rules: a gradient flows from a loss
 * (from every output, when there is none) down to where something learns. Without training
 * none is needed. */
void barista_graph_gradients(struct barista_graph *g, bool training);

#endif
