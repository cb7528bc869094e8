/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_CAFFE_CAFFE_H
#define IMPORT_CAFFE_CAFFE_H

#include "import/caffe/prototext.h"
#include "import/graph.h"
#include "import/source.h"
#include "import/window.h"
#include "network/workload.h"

enum { BARISTA_MAX_STAGES = 64 };

/* Caffe's NetState, which decides what layers of a file belong to the network. */
struct barista_caffe_state {
	bool test;
	int64_t level;
	size_t nstages;
	const char *stage[BARISTA_MAX_STAGES];
};

/* A network that is being read. */
struct barista_caffe {
	struct barista_source *src;
	struct barista_graph *g;
	struct barista_proto_text text;
	struct barista_proto root; /* holds all fields of the file */
	struct barista_proto *net; /* holds those of the network; it may be the root */
	struct barista_caffe_state state;
	struct barista_proto_text solver_text;
	struct barista_proto *solver_state; /* the state that the solver gives, or NULL */
	int main_input;                     /* blob of the first input, or BARISTA_NO_BLOB */
	int64_t main_crop;     /* its images are cut to this height and width, unless 0 */
	char input_names[400]; /* lists all inputs, for messages */
	struct barista_err *err;
};

/* A layer of the network while its sizes are worked out. */
struct barista_caffe_layer {
	struct barista_caffe *net;
	struct barista_proto *p;
	const struct barista_caffe_type *type;
	struct barista_op *op;
	enum barista_known known; /* how far the sizes of its inputs are known */
	bool learning[2];         /* whether the learning rate of parameter i is not 0 */
	bool guess_failed;        /* barista_caffe_fail_shape() has failed on guessed sizes */
};

/* A type of layer: how to size it, and what it does. */
struct barista_caffe_type {
	const char *name;
	/* Sets the sizes of the outputs; it is called when those of every input are known or
	 * guessed. */
	int (*sizes)(struct barista_caffe_layer *l);
	enum { BARISTA_NO_MACS, BARISTA_MULTIPLIES, BARISTA_SOURCE } role;
	int parameters; /* blobs that may learn, bias included; in MULTIPLIES weights come first */
	const char *message; /* the field that holds its parameters, such as convolution_param */
	enum barista_layer_type layer_type; /* BARISTA_NLAYER_TYPES: it does nothing at run time */
	/* Counts the elements of parameter i. It is NULL when the update changes none. */
	int (*learned)(struct barista_caffe_layer *l, int i, int64_t *elements);
};
extern const struct barista_caffe_type barista_caffe_types[]; /* the last row has no name */

/* Returns the name that a type has in `layer`, for the word or number that it has in the old
 * `layers`; NULL when there is no such type. */
const char *barista_caffe_v1_type(const char *word);

/* Reads iter_size and the state of a solver. When `net` is not NULL, it also finds the network that
 * the solver trains: a message of the solver, or a file that is looked for beside it and takes the
 * solver's place in src. Errors: BARISTA_E_INPUT, BARISTA_E_SYSTEM. */
int barista_caffe_solver(struct barista_caffe *c, const struct barista_proto_text *text,
			 struct barista_proto *solver, struct barista_proto **net);

/* Tells in *out whether the layer belongs to the network in the state c->state. Errors:
 * BARISTA_E_INPUT. */
int barista_caffe_included(struct barista_caffe *c, struct barista_proto *layer, bool *out);
/* Merges a NetState into *state: phase and level replace what is there, stages are added. A message
 * of NULL changes nothing. Errors: BARISTA_E_INPUT. */
int barista_caffe_read_state(struct barista_caffe *c, const struct barista_proto_text *text,
			     struct barista_proto *message, struct barista_caffe_state *state);

/* Remark on fields that nothing reads and that may be misspelt. `message` is the field of the
 * parameters of the layer's type, or NULL. Errors: BARISTA_E_SYSTEM. */
int barista_caffe_check_layer(struct barista_caffe *c, const struct barista_proto *layer,
			      const char *message);
int barista_caffe_check_network(struct barista_caffe *c);

/* Returns whether a field of the network is a layer, in the format of today or the old one. */
bool barista_caffe_is_layer(const struct barista_proto *field);
/* Read the inputs that stand before all layers, and one layer, unless it belongs to another phase.
 * Errors: BARISTA_E_INPUT at the field; BARISTA_E_ARGUMENT when the user has to give the size of an
 * input, or has given one that does not fit; BARISTA_E_SYSTEM. */
int barista_caffe_read_inputs(struct barista_caffe *c);
int barista_caffe_read_layer(struct barista_caffe *c, struct barista_proto *p);
/* Reads learning rates, losses and propagate_down; in the old `layers` the rates have another
 * name. Errors: BARISTA_E_INPUT. */
int barista_caffe_read_training(struct barista_caffe_layer *l, bool old);
/* Finds whether the layer is a loss, by its loss_weight or by the name of its type. Errors:
 * BARISTA_E_INPUT. */
int barista_caffe_read_loss(struct barista_caffe_layer *l);

/* Gives the message with the parameters of the layer, which its type names; NULL when it is absent.
 * Errors: BARISTA_E_INPUT. */
int barista_caffe_params(struct barista_caffe_layer *l, struct barista_proto **out);
/* Reads a number of the parameters from lo to hi; *out stays when it is absent. Errors:
 * BARISTA_E_INPUT. */
int barista_caffe_int(struct barista_caffe_layer *l, const struct barista_proto *params,
		      const char *name, int64_t lo, int64_t hi, int64_t *out);
/* Returns the sizes of input i, which must exist. */
const struct barista_dims *barista_caffe_in(const struct barista_caffe_layer *l, size_t i);
/* Sets the sizes of an output, if there is such an output. Errors: BARISTA_E_INPUT when an axis has
 * more than INT32_MAX elements or all together more than 2^53; guessed ones stay unknown
 * instead. */
int barista_caffe_out(struct barista_caffe_layer *l, size_t i, const struct barista_dims *dims);
/* Fails at the layer because sizes do not fit. When they are guessed, barista_caffe_forgive() takes
 * this failure back. */
int barista_caffe_fail_shape(struct barista_caffe_layer *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Returns the status rc of a failure, but 0 when it is that of barista_caffe_fail_shape() and the
 * sizes were guessed: then the file may be right, and the outputs stay unknown. */
int barista_caffe_forgive(struct barista_caffe_layer *l, int rc);
/* Names the layer before the message of a failure with status rc of import/window.h, as
 * barista_caffe_fail_shape() does; any other status passes through, as does 0. */
int barista_caffe_at_layer(struct barista_caffe_layer *l, int rc);
/* Fails at the layer for a fault that does not depend on the sizes of its inputs. */
int barista_caffe_fail_layer(struct barista_caffe_layer *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads a number per axis of a window into out[BARISTA_MAX_AXES], each at least lo, and `preset`
 * where the file has none. The field `name` stands once for all axes or once for each; with two
 * axes prefix_h and prefix_w may stand instead. Errors: BARISTA_E_INPUT. */
int barista_caffe_per_axis(struct barista_caffe_layer *l, const struct barista_proto *params,
			   const char *name, const char *prefix, int64_t lo, int64_t preset,
			   size_t naxes, int64_t *out);

/* Sizes a blob that the network takes from outside. The sizes that the user gives, which lack the
 * batch, take precedence over in_file, those of the file, which may be NULL; without either the
 * blob stays unknown. `layer` is the name of the layer that brings the data, or NULL. Unless crop
 * is 0, height and width are cut to it. Errors: BARISTA_E_ARGUMENT, BARISTA_E_SYSTEM. */
int barista_caffe_input(struct barista_caffe *c, int blob, const char *layer,
			const struct barista_dims *in_file, int64_t batch, int64_t crop);

/* These are the sizes() of all types, by the file that has them: data_layers.c, convolution.c,
 * pooling.c and reshaping.c. Errors: BARISTA_E_INPUT, BARISTA_E_ARGUMENT of data layers,
 * BARISTA_E_SYSTEM. */
int barista_caffe_data(struct barista_caffe_layer *l);
int barista_caffe_dummy_data(struct barista_caffe_layer *l);
int barista_caffe_input_layer(struct barista_caffe_layer *l);
int barista_caffe_memory_data(struct barista_caffe_layer *l);
int barista_caffe_parameter(struct barista_caffe_layer *l);
int barista_caffe_convolution(struct barista_caffe_layer *l);
int barista_caffe_depthwise(struct barista_caffe_layer *l);
int barista_caffe_deconvolution(struct barista_caffe_layer *l);
int barista_caffe_inner_product(struct barista_caffe_layer *l);
int barista_caffe_embed(struct barista_caffe_layer *l);
int barista_caffe_im2col(struct barista_caffe_layer *l);
int barista_caffe_pooling(struct barista_caffe_layer *l);
int barista_caffe_lrn(struct barista_caffe_layer *l);
int barista_caffe_upsample(struct barista_caffe_layer *l);
int barista_caffe_interp(struct barista_caffe_layer *l);
int barista_caffe_spp(struct barista_caffe_layer *l);
int barista_caffe_roi_pooling(struct barista_caffe_layer *l);
int barista_caffe_psroi_pooling(struct barista_caffe_layer *l);
int barista_caffe_prior_box(struct barista_caffe_layer *l);
int barista_caffe_reorg(struct barista_caffe_layer *l);
int barista_caffe_same_shape(struct barista_caffe_layer *l);
int barista_caffe_loss(struct barista_caffe_layer *l);
int barista_caffe_no_outputs(struct barista_caffe_layer *l);
int barista_caffe_eltwise(struct barista_caffe_layer *l);
int barista_caffe_concat(struct barista_caffe_layer *l);
int barista_caffe_slice(struct barista_caffe_layer *l);
int barista_caffe_flatten(struct barista_caffe_layer *l);
int barista_caffe_reshape(struct barista_caffe_layer *l);
int barista_caffe_permute(struct barista_caffe_layer *l);
int barista_caffe_crop(struct barista_caffe_layer *l);
int barista_caffe_tile(struct barista_caffe_layer *l);
int barista_caffe_reduction(struct barista_caffe_layer *l);
int barista_caffe_argmax(struct barista_caffe_layer *l);
int barista_caffe_batch_reindex(struct barista_caffe_layer *l);

/* These are the learned() of the types that have parameters but multiply nothing. Errors:
 * BARISTA_E_INPUT. */
int barista_caffe_scale(struct barista_caffe_layer *l, int i, int64_t *elements);
int barista_caffe_per_channel(struct barista_caffe_layer *l, int i, int64_t *elements);
int barista_caffe_embedding(struct barista_caffe_layer *l, int i, int64_t *elements);
/* Counts the elements that the update changes in a layer that multiplies nothing, unless the sizes
 * of its inputs are unknown. Errors: BARISTA_E_INPUT. */
int barista_caffe_count_learned(struct barista_caffe_layer *l);

/* Reads networks and solvers, as the format's `read` in import/format.h. */
int barista_caffe_read(struct barista_source *src, struct barista_graph *graph,
		       struct barista_err *err);

#endif
