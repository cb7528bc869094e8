/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_CAFFE_CAFFE_H
#define IMPORT_CAFFE_CAFFE_H

#include "import/caffe/prototext.h"
#include "import/graph.h"
#include "import/source.h"
#include "import/window.h"
#include "network/workload.h"

enum { BARISTA_MAX_STAGES = 64 };

/* Which layers belong to the network: Caffe's NetState. */
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
	struct barista_proto root; /* of the file */
	struct barista_proto *net; /* the network in it */
	struct barista_caffe_state state;
	struct barista_proto_text solver_text;
	struct barista_proto *solver_state; /* or NULL */
	int main_input;                     /* blob, once there is one */
	int64_t main_crop;                  /* what its images are cut to, or 0 */
	char input_names[400];              /* of all inputs, for messages */
	struct barista_err *err;
};

/* One of its layers, while its sizes are worked out. */
struct barista_caffe_layer {
	struct barista_caffe *net;
	struct barista_proto *p;
	const struct barista_caffe_type *type;
	struct barista_op *op;
	enum barista_known known; /* of its inputs */
	bool learning[2];         /* does parameter i have a learning rate? */
	bool misfit;              /* barista_caffe_fail_shape() has failed on guessed sizes */
};

/* What is known of a type of layer. */
struct barista_caffe_type {
	const char *name;
	int (*sizes)(struct barista_caffe_layer
			     *l); /* sets the outputs; runs when every input is known or guessed */
	enum { BARISTA_NO_MACS, BARISTA_MULTIPLIES, BARISTA_SOURCE } role;
	int parameters; /* how many learn, its bias too; of MULTIPLIES the first is the weights */
	const char *message; /* its parameters: convolution_param */
	enum barista_layer_type
		layer_type; /* what it does; BARISTA_NLAYER_TYPES: nothing at run time */
	int (*learned)(struct barista_caffe_layer *l, int i,
		       int64_t *elements); /* of parameter i; NULL: no update */
};
extern const struct barista_caffe_type barista_caffe_types[]; /* ends with a NULL name */

/* The name of a type as `layer` has it, for what the old `layers` has: a word or a number. NULL:
 * not known. */
const char *barista_caffe_v1_type(const char *word);

/* The solver: its iter_size, train_state, and, when `net` is not NULL, the network that it trains:
 * a message of its own, or a file that is looked for beside it and takes the place of the solver in
 * src. */
int barista_caffe_solver(struct barista_caffe *c, const struct barista_proto_text *text,
			 struct barista_proto *solver, struct barista_proto **net);

/* Does the layer belong to the network in this state? */
int barista_caffe_included(struct barista_caffe *c, struct barista_proto *layer, bool *out);
int barista_caffe_read_state(struct barista_caffe *c, const struct barista_proto_text *text,
			     struct barista_proto *message, struct barista_caffe_state *state);

/* Remarks on fields that nobody reads and that may be misspelt. message: of the layer's parameters,
 * or NULL. */
int barista_caffe_check_layer(struct barista_caffe *c, const struct barista_proto *layer,
			      const char *message);
int barista_caffe_check_network(struct barista_caffe *c);

/* A field of the network that is one of its layers, in the format of today or the old one. */
bool barista_caffe_is_layer(const struct barista_proto *field);
/* The inputs that stand before all layers; a layer, unless it belongs to another phase. */
int barista_caffe_read_inputs(struct barista_caffe *c);
int barista_caffe_read_layer(struct barista_caffe *c, struct barista_proto *p);
/* Learning rates, losses and propagate_down; old: the rates are those of `layers`. */
int barista_caffe_read_training(struct barista_caffe_layer *l, bool old);
/* Is it a loss: by loss_weight, or by the name of its type? */
int barista_caffe_read_loss(struct barista_caffe_layer *l);

/* Parameters of a layer: the message named by its type; NULL when absent. */
int barista_caffe_params(struct barista_caffe_layer *l, struct barista_proto **out);
/* Sizes of input i, which is there. */
const struct barista_dims *barista_caffe_in(const struct barista_caffe_layer *l, size_t i);
/* Sets the sizes of an output. */
int barista_caffe_out(struct barista_caffe_layer *l, size_t i, const struct barista_dims *dims);
/* Fails at the layer because sizes do not fit, which barista_caffe_forgive() forgives when they are
 * guessed. */
int barista_caffe_fail_shape(struct barista_caffe_layer *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Returns the status rc of a failure, but 0 when it is that of barista_caffe_fail_shape() and the
 * sizes were guessed: then the file may be right, and the outputs stay unknown. */
int barista_caffe_forgive(struct barista_caffe_layer *l, int rc);
/* Names the layer before the message of a failure with status rc of import/window.h, as
 * barista_caffe_fail_shape() does; any other status passes through, as does 0. */
int barista_caffe_at_layer(struct barista_caffe_layer *l, int rc);
/* Any other fault of the layer. */
int barista_caffe_fail_layer(struct barista_caffe_layer *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A size per axis of a window: name for all of them or for each, or prefix_h and prefix_w for two
 * axes; preset where the file has none. */
int barista_caffe_per_axis(struct barista_caffe_layer *l, const struct barista_proto *params,
			   const char *name, const char *prefix, int64_t lo, int64_t preset,
			   size_t naxes, int64_t *out);

/* A blob that the data or the user gives: sizes in the file, or NULL, then asked of the user. crop:
 * 0, or what height and width are cut to. */
int barista_caffe_input(struct barista_caffe *c, int blob, const char *layer,
			const struct barista_dims *in_file, int64_t batch, int64_t crop);

/* sizes() of the types, by file. */
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

/* learned() of the types that have parameters but multiply nothing. */
int barista_caffe_scale(struct barista_caffe_layer *l, int i, int64_t *elements);
int barista_caffe_per_channel(struct barista_caffe_layer *l, int i, int64_t *elements);
int barista_caffe_embedding(struct barista_caffe_layer *l, int i, int64_t *elements);
/* Counts what the update changes, of a layer whose sizes are known. */
int barista_caffe_count_learned(struct barista_caffe_layer *l);

/* The reader of networks and solvers, see import/format.h. */
int barista_caffe_read(struct barista_source *src, struct barista_graph *graph,
		       struct barista_err *err);

#endif
