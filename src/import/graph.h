/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_GRAPH_H
#define IMPORT_GRAPH_H

#include "base/arena.h"
#include "base/err.h"
#include "network/workload.h"

#include <jansson.h>

/* A graph is a network as a file describes it, whatever the file's format. Ops read blobs and make
 * blobs. The order of the ops is topological: readers add an op only once the blobs that it reads
 * exist, so one walk up the list sees every blob made before it is read, and one walk down sees it
 * read before it is made. */

enum { BARISTA_MAX_AXES = 16, BARISTA_NO_BLOB = -1 };

/* The sizes of a blob, axis by axis. Every size is at least 0, and a scalar has no axes. */
struct barista_dims {
	size_t n;
	int64_t at[BARISTA_MAX_AXES];
};

/* How far the sizes of a blob are known. They are GUESSED below a layer that is not understood,
 * which is taken to keep the shape of its input. The values are in the order of certainty, so that
 * the least of several tells what follows from all of them. */
enum barista_known { BARISTA_UNKNOWN, BARISTA_GUESSED, BARISTA_KNOWN };

struct barista_blob {
	const char *name;
	enum barista_known known;
	struct barista_dims dims; /* has a meaning unless `known` is BARISTA_UNKNOWN */
	int ask;    /* of unknown sizes: the blob that the user could size, or BARISTA_NO_BLOB */
	bool fixed; /* it is the same for every image, as weights and sizes are */
	bool wants_gradient;           /* something at or before it learns */
	bool under_loss, read, passed; /* work space of barista_graph_gradients() */
};

/* The multiply-accumulates of an op, per image, as a layer of a workload has them. Pairs are height
 * and width. */
struct barista_mac {
	enum barista_mac_layer_type type;
	int64_t cin, h, w, cout; /* of a fully connected layer: sizes in and out, and 1 for h, w */
	int64_t kernel[2], stride[2], dilation[2], groups;
	int64_t pad[4];    /* top, left, bottom, right */
	int64_t positions; /* of a fully connected layer: rows of its input per image; else 1 */
	int64_t macs;      /* per image, at most 2^53 */
};

/* Whether the file wants a gradient for an input of an op; by default Caffe's rules decide. */
enum barista_flow { BARISTA_FLOW_DEFAULT, BARISTA_FLOW_OFF, BARISTA_FLOW_ON };

struct barista_op {
	const char *name, *type;
	int line, col; /* its place in a text, from 1; 0 in a binary file */
	size_t number; /* its node in a binary file, from 0 */
	size_t nin, nout;
	int *in, *out;              /* numbers of blobs, or BARISTA_NO_BLOB */
	enum barista_flow *flow;    /* [nin] */
	bool multiplies;            /* ops of its type do multiply-accumulates */
	bool learns, weights_learn; /* training changes some of its parameters, or its weights */
	bool bias;                  /* it multiplies, and adds one number per output channel */
	/* The kind of layer that it is when it multiplies nothing; BARISTA_NLAYER_TYPES when it
	 * does nothing at run time. */
	enum barista_layer_type layer_type;
	int64_t window[2]; /* height and width of a pool; elements that LRN sums, and 1 */
	bool sizes_only;   /* of all inputs but the first it reads no more than the sizes */
	/* An op that multiplies nothing has `params` elements that the update changes, in `blobs`
	 * blobs. */
	int64_t params, blobs;
	size_t data; /* number of the input that its weights multiply; 1 in ONNX's product W x */
	bool loss;   /* gradients start from here */
	struct barista_mac *mac; /* NULL when it has none, or none that is understood */
	const char *problem;     /* says what is not understood, or NULL */
	int64_t missing_macs;    /* of a problem, per image; -1 when they are not known */
	/* barista_graph_gradients() sets these. An op that multiplies has a gradient of its weights
	 * and one of the data that they multiply; any other one of its parameters and one of its
	 * inputs. */
	bool weight_gradient, input_gradient;
};

struct barista_graph {
	struct barista_arena *arena;
	const char *name;          /* the name that the file gives the network, or NULL */
	int64_t batch;             /* images in the blobs; 0 until an input says it */
	struct barista_dims input; /* sizes of the main input, with the batch as the first axis */
	size_t nblobs, max_blobs;
	struct barista_blob *blob;
	size_t nops, max_ops;
	struct barista_op *op;
	json_t *names;       /* maps a name to the number of the latest blob of that name */
	bool force_backward; /* the file wants every gradient, whether something needs it or not */
};

/* Makes a graph with room for max_blobs and max_ops. Everything but `names` lives in the arena;
 * barista_graph_release() frees `names`, and may be called twice. Errors: BARISTA_E_SYSTEM. */
int barista_graph_init(struct barista_graph *g, struct barista_arena *arena, size_t max_blobs,
		       size_t max_ops, struct barista_err *err);
void barista_graph_release(struct barista_graph *g);

/* Adds a blob of unknown size and gives its number in *id; an older one of that name is hidden by
 * it. name must outlive the graph. Errors: BARISTA_E_SYSTEM when there is no room or memory. */
int barista_graph_blob(struct barista_graph *g, const char *name, int *id, struct barista_err *err);
/* Returns the number of the latest blob of that name, or BARISTA_NO_BLOB. */
int barista_graph_find(const struct barista_graph *g, const char *name);
/* Adds an op, whose inputs and outputs are still BARISTA_NO_BLOB. Errors: BARISTA_E_SYSTEM when
 * there is no room or memory. */
int barista_graph_op(struct barista_graph *g, const char *name, const char *type, size_t nin,
		     size_t nout, struct barista_op **out, struct barista_err *err);
/* Return the blob of input or output i, or NULL when the op has no such input or output. */
struct barista_blob *barista_op_in(const struct barista_graph *g, const struct barista_op *op,
				   size_t i);
struct barista_blob *barista_op_out(const struct barista_graph *g, const struct barista_op *op,
				    size_t i);

/* Returns how far the sizes of all inputs of the op are known, which is that of the least known
 * one. Without inputs it is BARISTA_KNOWN. */
enum barista_known barista_op_known(const struct barista_graph *g, const struct barista_op *op);

/* Notes that the op is not understood. The text, which is copied, says why; macs counts its
 * multiply-accumulates per image, or is -1 when they are not known. Only the first problem of an op
 * is kept. Errors: BARISTA_E_SYSTEM. */
int barista_op_problem(struct barista_graph *g, struct barista_op *op, int64_t macs,
		       struct barista_err *err, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Returns whether any op of the graph is a loss, from which training starts. */
bool barista_graph_has_loss(const struct barista_graph *g);

/* Finds which ops need gradients of their weights and inputs, by Caffe's rules: a gradient flows
 * from a loss down to whatever learns. A network without a loss is taken to be trained at every
 * output; without training no gradient is needed. */
void barista_graph_gradients(struct barista_graph *g, bool training);

#endif
