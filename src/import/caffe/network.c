/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads a network in Caffe's text format: its state, its inputs, its layers in the order
 * of the file, and the solver that comes with it. */
#include "import/caffe/caffe.h"

#include "io/file.h"

#include <string.h>

enum { MAX_LAYERS = 65536, MAX_BLOBS = 1 << 18 };

/* Counts the layers and the blobs that they make, so that the graph has room for them, and limits
 * both. */
static int check_size(struct barista_caffe *c, size_t *nlayers, size_t *nblobs)
{
	*nlayers = *nblobs = 0;
	for (struct barista_proto *f = c->net->first; f; f = f->next) {
		if (!strcmp(f->name, "input")) {
			++*nblobs;
		} else if (barista_caffe_is_layer(f)) {
			*nblobs += barista_proto_count(f, "top");
			if (++*nlayers > MAX_LAYERS)
				return barista_fail_proto(c->err, &c->text, f,
							  "more than %d layers", MAX_LAYERS);
		}
		if (*nblobs > MAX_BLOBS)
			return barista_fail_proto(c->err, &c->text, f, "more than %d blobs",
						  MAX_BLOBS);
	}
	if (!*nlayers)
		return barista_fail_at(c->err, c->text.path, c->text.text, 1, 1, "%s",
				       c->net->first ? "no layers: this is not a network of Caffe"
						     : "the file is empty");
	return 0;
}

static int read_layers(struct barista_caffe *c)
{
	const struct barista_proto *one = barista_proto_find(c->net->first, "layer");
	const struct barista_proto *other = barista_proto_find(c->net->first, "layers");
	int rc = 0;

	if (one && other)
		return barista_fail_proto(
			c->err, &c->text, one->line > other->line ? one : other,
			"a network has either 'layer' or, in the old format, 'layers'");
	for (struct barista_proto *f = c->net->first; f && !rc; f = f->next)
		if (barista_caffe_is_layer(f))
			rc = barista_caffe_read_layer(c, f);
	return rc;
}

/* Takes the network in the phase that the user has chosen, whatever the file says, because a
 * network that was deployed for testing can be trained. */
static int settle_phase(struct barista_caffe *c)
{
	bool test = c->src->test_phase, other = c->state.test != test;

	c->state.test = test;
	if (!other)
		return 0;
	return barista_source_note(c->src, c->err,
				   "%.300s: its state is the %s phase; it is taken in the %s "
				   "phase, as option phase says",
				   c->src->path, test ? "train" : "test", test ? "test" : "train");
}

static int read_network(struct barista_caffe *c)
{
	struct barista_proto *state = NULL;
	size_t nlayers, nblobs;
	int rc = barista_proto_message(&c->text, c->net, "state", &state, c->err);

	/* Caffe's solver merges its own state over that of the network. */
	if (rc || (rc = barista_caffe_read_state(c, &c->text, state, &c->state)) ||
	    (rc = barista_caffe_read_state(c, &c->solver_text, c->solver_state, &c->state)))
		return rc;
	/* The graph has room for an op per layer and per blob, since a convolution becomes an op
	 * for each of its tops. */
	if ((rc = check_size(c, &nlayers, &nblobs)) ||
	    (rc = barista_graph_init(c->g, c->src->arena, nblobs, nlayers + nblobs, c->err)) ||
	    (rc = settle_phase(c)) || (rc = barista_caffe_check_network(c)) ||
	    (rc = barista_proto_string(&c->text, c->net, "name", &c->g->name, c->err)) ||
	    (rc = barista_proto_bool(&c->text, c->net, "force_backward", &c->g->force_backward,
				     c->err)) ||
	    (rc = barista_caffe_read_inputs(c)) || (rc = read_layers(c)))
		return rc;
	return barista_inputs_check(c->src->inputs, c->input_names, c->err);
}

/* Returns whether the file is a solver: it has a field that solvers have, and no layers. */
static bool is_solver(struct barista_proto *root)
{
	static const char *const names[] = {"net",      "net_param", "train_net", "train_net_param",
					    "test_net", "base_lr",   "max_iter",  "lr_policy",
					    NULL};

	if (barista_proto_find(root->first, "layer") || barista_proto_find(root->first, "layers"))
		return false;
	for (size_t i = 0; names[i]; i++)
		if (barista_proto_find(root->first, names[i]))
			return true;
	return false;
}

/* Reads the solver that the user has named, but only what it says about training: the network is
 * the one that the user has named beside it. */
static int read_solver_option(struct barista_caffe *c, const char *path)
{
	struct barista_source *src = c->src;
	struct barista_proto_text text = {path, NULL};
	struct barista_proto root;
	char *data;
	size_t size;
	int rc = barista_read_file(path, src->arena, &data, &size, c->err);

	if (rc)
		return rc;
	text.text = data;
	src->solver = path;
	barista_sha256(data, size, src->solver_sha256);
	if ((rc = barista_proto_parse(&root, &text, size, src->arena, c->err)))
		return rc;
	if (!is_solver(&root))
		return barista_fail_at(c->err, path, data, 1, 1, "this is not a solver of Caffe");
	return barista_caffe_solver(c, &text, &root, NULL);
}

int barista_caffe_read(struct barista_source *src, struct barista_graph *g, struct barista_err *err)
{
	struct barista_caffe c = {.src = src,
				  .g = g,
				  .text = {src->path, src->data},
				  .net = &c.root,
				  .err = err,
				  .state.test = src->test_phase,
				  .main_input = BARISTA_NO_BLOB};
	int rc = barista_proto_parse(&c.root, &c.text, src->size, src->arena, err);

	if (rc)
		return rc;
	src->iterations = 1;
	if (is_solver(&c.root)) {
		if (src->options->solver)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "option solver: '%.300s' is itself a solver",
					    src->path);
		if ((rc = barista_caffe_solver(&c,
					       &(struct barista_proto_text){src->path, src->data},
					       &c.root, &c.net)))
			return rc;
	} else if (src->options->solver && (rc = read_solver_option(&c, src->options->solver))) {
		return rc;
	}
	rc = read_network(&c);
	if (src->test_phase)
		src->iterations = 1; /* without training there are no updates to count by */
	if (rc)
		barista_graph_release(g);
	return rc;
}
