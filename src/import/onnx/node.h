/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_NODE_H
#define IMPORT_ONNX_NODE_H

#include "import/graph.h"
#include "import/source.h"
#include "import/onnx/onnx.pb-c.h"
#include "import/window.h"

/* Only values that sizes are computed from matter: small ones. */
enum { BARISTA_ONNX_MAX_ELEMENTS = 4096 };

enum { BARISTA_ONNX_WHY = 240 };

/* What is known of a blob beside its sizes. */
struct barista_onnx_value {
	bool constant;  /* in the file, or made of nothing else */
	int64_t *whole; /* its elements, when they are known: whole or real */
	double *real;
	const char *sizes;   /* of an input whose sizes the file lacks: how it names them */
	const char *example; /* and sizes that would do, as --input has them */
};

struct barista_onnx {
	struct barista_source *src;
	struct barista_graph *g;
	struct barista_err *err;
	int64_t opset;
	struct barista_onnx_value *value; /* of each blob */
	size_t elements;                  /* that may still be kept */
	size_t ninputs;                   /* without initialisers; their blobs follow one another */
	int first_input, main_input;
};

/* A node on its way to become an op. */
struct barista_onnx_node {
	struct barista_onnx *model;
	const Barista__Onnx__NodeProto *proto;
	struct barista_graph *g;
	struct barista_op *op;
	int64_t opset;
	enum barista_known known;   /* what its outputs are at most */
	char why[BARISTA_ONNX_WHY]; /* what barista_onnx_fail_node() last said, without the node */
};

/* Fails with BARISTA_E_INPUT at the node: the message names it before the text. */
int barista_onnx_fail_node(struct barista_onnx_node *n, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Names the node before the message of a failure with status rc that tells only what does not fit,
 * such as one of import/window.h; returns rc. Any other status passes through, as does 0. */
int barista_onnx_at_node(struct barista_onnx_node *n, int rc);
/* Makes it a problem of the node that the size of its outputs depends on the values of `what`. */
int barista_onnx_size_depends_on(struct barista_onnx_node *n, const char *what);

/* Sizes of an input, or NULL; its values. */
const struct barista_dims *barista_onnx_in(const struct barista_onnx_node *n, size_t i);
const struct barista_onnx_value *barista_onnx_value(const struct barista_onnx_node *n, size_t i);
bool barista_onnx_constant(const struct barista_onnx_node *n, size_t i);
int barista_onnx_set_output(struct barista_onnx_node *n, size_t i, const struct barista_dims *d);
int barista_onnx_append_axis(struct barista_onnx_node *n, struct barista_dims *d, int64_t size);
int barista_onnx_append_axes(struct barista_onnx_node *n, struct barista_dims *d, size_t count,
			     const int64_t *size);
/* Makes room for the elements of an output; *room is NULL when they are too many to be kept. */
int barista_onnx_alloc_ints(struct barista_onnx_node *n, size_t out, int64_t **room);
int barista_onnx_alloc_reals(struct barista_onnx_node *n, size_t out, double **room);

/* Attributes. A wrong type fails; when there is none, out stays as it is. */
const Barista__Onnx__AttributeProto *barista_onnx_attribute(const struct barista_onnx_node *n,
							    const char *name);
int barista_onnx_int(struct barista_onnx_node *n, const char *name, int64_t *out);
int barista_onnx_flag(struct barista_onnx_node *n, const char *name, bool *out);
/* The index of its text in a NULL-terminated list; that of the list's end when it is not there. */
int barista_onnx_word(struct barista_onnx_node *n, const char *name, const char *const *words,
		      size_t *out);
/* An axis of a blob of so many. */
int barista_onnx_axis(struct barista_onnx_node *n, const char *name, size_t naxes, size_t *out);

enum barista_onnx_got { BARISTA_ONNX_ABSENT, BARISTA_ONNX_GIVEN, BARISTA_ONNX_VARIES };
struct barista_onnx_ints {
	enum barista_onnx_got got;
	size_t n;
	const int64_t *at;
};
int barista_onnx_ints(struct barista_onnx_node *n, const char *name, struct barista_onnx_ints *out);
/* From input i, when `as_input`; failing that, the attribute. */
int barista_onnx_list(struct barista_onnx_node *n, const char *name, bool as_input, size_t i,
		      struct barista_onnx_ints *out);
/* Marks the axes of a list among naxes; each at most once. */
int barista_onnx_axes(struct barista_onnx_node *n, const struct barista_onnx_ints *list,
		      size_t naxes, size_t axis[BARISTA_MAX_AXES], bool marked[BARISTA_MAX_AXES]);

#endif
