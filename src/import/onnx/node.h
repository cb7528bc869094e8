/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_NODE_H
#define IMPORT_ONNX_NODE_H

#include "import/graph.h"
#include "import/source.h"
#include "import/onnx/onnx.pb-c.h"
#include "import/window.h"

/* Elements of larger blobs are not kept, because only those that sizes are computed from matter. */
enum { BARISTA_ONNX_MAX_ELEMENTS = 4096 };

/* So many bytes hold what does not fit in a node or a tensor. */
enum { BARISTA_ONNX_WHY = 240 };

/* What is known of a blob beside its sizes. Of `whole` and `real` at most one is not NULL. */
struct barista_onnx_value {
	bool constant;       /* it is in the file, or is made of nothing else */
	int64_t *whole;      /* its elements, row by row, when they are known and whole numbers */
	double *real;        /* the same for real numbers */
	const char *sizes;   /* of an input whose sizes the file lacks: how the file names them */
	const char *example; /* sizes that would do for it, as option input has them */
};

/* A model that is being read. */
struct barista_onnx {
	struct barista_source *src;
	struct barista_graph *g;
	struct barista_err *err;
	int64_t opset;                    /* version of the standard operators */
	struct barista_onnx_value *value; /* of each blob, by its number */
	size_t elements;                  /* so many elements may still be kept */
	size_t ninputs;                   /* inputs that are no initialisers */
	int first_input, main_input;      /* blobs; those of the inputs have consecutive numbers */
};

/* A node that is becoming an op. */
struct barista_onnx_node {
	struct barista_onnx *model;
	const Barista__Onnx__NodeProto *proto;
	struct barista_graph *g;
	struct barista_op *op;
	int64_t opset;
	enum barista_known known;   /* how far its outputs are known at most */
	char why[BARISTA_ONNX_WHY]; /* the last message of barista_onnx_fail_node(), without the
				       node */
};

/* Fails with BARISTA_E_INPUT at the node: the message names it before the text. */
int barista_onnx_fail_node(struct barista_onnx_node *n, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Names the node before the message of a failure with status rc that tells only what does not fit,
 * such as one of import/window.h; returns rc. Any other status passes through, as does 0. */
int barista_onnx_at_node(struct barista_onnx_node *n, int rc);
/* Makes it a problem of the op that the sizes of its outputs depend on the values of the input
 * `what`, which are not known. Errors: BARISTA_E_SYSTEM. */
int barista_onnx_size_depends_on(struct barista_onnx_node *n, const char *what);

/* Return the sizes of input i, or NULL when there is none; what is known of it beside, which is
 * nothing when there is none; and whether it is constant. */
const struct barista_dims *barista_onnx_in(const struct barista_onnx_node *n, size_t i);
const struct barista_onnx_value *barista_onnx_value(const struct barista_onnx_node *n, size_t i);
bool barista_onnx_constant(const struct barista_onnx_node *n, size_t i);
/* Sets the sizes of output i, if there is such an output. Errors: BARISTA_E_INPUT when one of them
 * is not from 0 to 2^31. */
int barista_onnx_set_output(struct barista_onnx_node *n, size_t i, const struct barista_dims *d);
/* Append an axis, or `count` of them. Errors: BARISTA_E_INPUT when there are more than
 * BARISTA_MAX_AXES. */
int barista_onnx_append_axis(struct barista_onnx_node *n, struct barista_dims *d, int64_t size);
int barista_onnx_append_axes(struct barista_onnx_node *n, struct barista_dims *d, size_t count,
			     const int64_t *size);
/* Make room for the elements of output `out`, whose sizes are set, and let its value point there.
 * When they are too many to be kept, *room is NULL and the elements stay unknown. Errors:
 * BARISTA_E_SYSTEM, with *room NULL. */
int barista_onnx_alloc_ints(struct barista_onnx_node *n, size_t out, int64_t **room);
int barista_onnx_alloc_reals(struct barista_onnx_node *n, size_t out, double **room);

/* These read attributes. One that is absent leaves *out as it was. Errors: BARISTA_E_INPUT when it
 * has another type. barista_onnx_attribute() returns NULL for an absent one. */
const Barista__Onnx__AttributeProto *barista_onnx_attribute(const struct barista_onnx_node *n,
							    const char *name);
int barista_onnx_int(struct barista_onnx_node *n, const char *name, int64_t *out);
int barista_onnx_flag(struct barista_onnx_node *n, const char *name, bool *out);
/* Gives the index of its text in a NULL-terminated list, or the index of the NULL when it is not in
 * the list. */
int barista_onnx_word(struct barista_onnx_node *n, const char *name, const char *const *words,
		      size_t *out);
/* Gives an axis of a blob with naxes axes; *out holds the default before, which may be negative
 * too. It fails also when there is no such axis. */
int barista_onnx_axis(struct barista_onnx_node *n, const char *name, size_t naxes, size_t *out);

/* A list of whole numbers is absent, given with its elements, or known by its length only, because
 * its elements vary with the data. */
enum barista_onnx_got { BARISTA_ONNX_ABSENT, BARISTA_ONNX_GIVEN, BARISTA_ONNX_VARIES };
struct barista_onnx_ints {
	enum barista_onnx_got got;
	size_t n;
	const int64_t *at;
};
int barista_onnx_ints(struct barista_onnx_node *n, const char *name, struct barista_onnx_ints *out);
/* Reads a list from input i when as_input is set and there is such an input, and else from the
 * attribute: later versions of ONNX have turned many attributes into inputs. */
int barista_onnx_list(struct barista_onnx_node *n, const char *name, bool as_input, size_t i,
		      struct barista_onnx_ints *out);
/* The same for a list that decides the size of the output: when it varies, that becomes a problem
 * of the op. */
int barista_onnx_known_list(struct barista_onnx_node *n, const char *name, bool as_input, size_t i,
			    struct barista_onnx_ints *out);
/* Turns a list of numbers into axes of a blob with naxes axes, in the order of the list, and marks
 * each of them. Errors: BARISTA_E_INPUT when one is no axis or listed twice. */
int barista_onnx_axes(struct barista_onnx_node *n, const struct barista_onnx_ints *list,
		      size_t naxes, size_t axis[BARISTA_MAX_AXES], bool marked[BARISTA_MAX_AXES]);

#endif
