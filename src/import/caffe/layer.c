/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads a layer:
 *
 *   1. It is passed over when it belongs to another phase, stage or level.
 *   2. An op is made for it, with the blobs that its bottoms name as inputs and a new blob for
 *      every top. A bottom must name a blob that an earlier layer or an input has made, so that
 *      the order of the file is a topological order.
 *   3. Its type is looked up, and fields that may be misspelt are remarked on.
 *   4. It is found what of it learns, and whether it is a loss.
 *   5. Its type sizes the outputs, and counts the parameters that learn.
 *
 * Names are looked up in a hash table, so that the cost of a layer is linear in its fields. */
#include "import/caffe/caffe.h"

#include "base/text.h"
#include "network/workload.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- blobs of a layer ---- */

static const char *blob_name(const void *list, size_t i)
{
	const struct barista_graph *g = list;

	return i < g->nblobs ? g->blob[i].name : NULL;
}

/* Returns the line of the first layer that has the blob as a top, whatever its phase; 0 when there
 * is none. It searches the whole file, which only messages of failures do. */
static int made_elsewhere(struct barista_caffe *c, const char *blob)
{
	for (struct barista_proto *l = c->net->first; l; l = l->next)
		for (struct barista_proto *t = barista_caffe_is_layer(l) ? l->first : NULL; t;
		     t = t->next)
			if (!strcmp(t->name, "top") && t->kind == BARISTA_PROTO_STRING &&
			    !strcmp(t->text, blob))
				return l->line;
	return 0;
}

static int fail_bottom(struct barista_caffe_layer *l, const struct barista_proto *at,
		       const char *name)
{
	struct barista_caffe *c = l->net;
	char hint[200] = "";
	int line = made_elsewhere(c, name);

	if (line > l->p->line)
		snprintf(hint, sizeof hint,
			 ": the layer in line %d makes it, which must stand before", line);
	else if (line && line < l->p->line)
		snprintf(hint, sizeof hint,
			 ": the layer in line %d makes it, but not in the %s phase", line,
			 c->state.test ? "test" : "train");
	else if (c->g->nblobs < 4096)
		barista_suggest(hint, sizeof hint, name, blob_name, c->g);
	return barista_fail_proto(
		c->err, &c->text, at,
		"layer '%.80s' reads the blob '%.80s', which nothing before it makes%s",
		l->op->name, name, hint);
}

static int connect_bottoms(struct barista_caffe_layer *l)
{
	size_t i = 0;

	for (struct barista_proto *f = barista_proto_find(l->p->first, "bottom"); f;
	     f = barista_proto_find(f->next, "bottom")) {
		const char *name;
		int rc = barista_proto_string_value(&l->net->text, f, &name, l->net->err);

		if (rc)
			return rc;
		l->op->in[i] = barista_graph_find(l->net->g, name);
		if (l->op->in[i++] == BARISTA_NO_BLOB)
			return fail_bottom(l, f, name);
	}
	return 0;
}

/* Makes a blob for every top. A top may repeat the name of the bottom in its place, because Caffe
 * lets layers work in place: the new blob then hides the old one from later layers. */
static int make_tops(struct barista_caffe_layer *l)
{
	struct barista_graph *g = l->net->g;
	size_t i = 0;

	for (struct barista_proto *f = barista_proto_find(l->p->first, "top"); f;
	     f = barista_proto_find(f->next, "top"), i++) {
		const struct barista_blob *in = barista_op_in(g, l->op, i);
		const char *name;
		int rc = barista_proto_string_value(&l->net->text, f, &name, l->net->err);

		if (rc)
			return rc;
		if (barista_graph_find(g, name) != BARISTA_NO_BLOB &&
		    (!in || strcmp(in->name, name)))
			return barista_fail_proto(l->net->err, &l->net->text, f,
						  "layer '%.80s' makes the blob '%.80s', which an "
						  "earlier layer or an input has made",
						  l->op->name, name);
		if ((rc = barista_graph_blob(g, name, &l->op->out[i], l->net->err)))
			return rc;
	}
	return 0;
}

/* ---- sizes of a layer ---- */

/* Notes which input the user could size, for outputs whose sizes are still unknown because an input
 * of the layer is unknown. */
static void leave_unknown(struct barista_caffe_layer *l)
{
	struct barista_graph *g = l->net->g;
	int ask = BARISTA_NO_BLOB;

	for (size_t i = 0; i < l->op->nin && ask == BARISTA_NO_BLOB; i++)
		if (barista_op_in(g, l->op, i) &&
		    barista_op_in(g, l->op, i)->known == BARISTA_UNKNOWN)
			ask = barista_op_in(g, l->op, i)->ask;
	for (size_t i = 0; i < l->op->nout; i++)
		if (barista_op_out(g, l->op, i) &&
		    barista_op_out(g, l->op, i)->ask == BARISTA_NO_BLOB)
			barista_op_out(g, l->op, i)->ask = ask;
}

/* Fails because a layer that multiplies has an input of unknown size, and tells the user which
 * input of the network to size. A name that the user has given but no layer makes is reported
 * instead, since it may be this one, misspelt. */
static int ask_user(struct barista_caffe_layer *l, const struct barista_blob *in)
{
	struct barista_caffe *c = l->net;
	const char *name = c->g->blob[in->ask].name;
	char size[64] = "3x224x224";
	size_t i = 0;

	for (const char *given; (given = barista_inputs_unused(c->src->inputs, &i));)
		if (!made_elsewhere(c, given))
			return barista_fail(
				c->err, BARISTA_E_ARGUMENT,
				"option input: no input is named '%.80s'; there is %.300s", given,
				c->input_names);
	if (in->ask == c->main_input && c->main_crop)
		snprintf(size, sizeof size, "3x%lldx%lld", (long long)c->main_crop,
			 (long long)c->main_crop);
	barista_fail_proto(c->err, &c->text, l->p,
			   "layer '%.80s' needs the size of '%.80s', which is not in the file: "
			   "give it without the batch, e.g. option input %s%.80s%s",
			   l->op->name, name, in->ask == c->main_input ? "" : name,
			   in->ask == c->main_input ? "" : "=", size);
	return c->err->status = BARISTA_E_ARGUMENT;
}

static int need_sizes(struct barista_caffe_layer *l)
{
	for (size_t i = 0; i < l->op->nin; i++) {
		const struct barista_blob *in = barista_op_in(l->net->g, l->op, i);

		if (in->known == BARISTA_UNKNOWN && in->ask != BARISTA_NO_BLOB)
			return ask_user(l, in);
	}
	return 0;
}

static int size_outputs(struct barista_caffe_layer *l)
{
	int rc = 0;

	if (!l->op->nin && l->type->role != BARISTA_SOURCE &&
	    l->type->sizes != barista_caffe_no_outputs)
		return barista_caffe_fail_layer(l, "it has no bottom");
	l->known = barista_op_known(l->net->g, l->op);
	if (l->known != BARISTA_UNKNOWN)
		rc = barista_caffe_forgive(l, l->type->sizes(l));
	else if (l->type->role == BARISTA_MULTIPLIES)
		rc = need_sizes(l);
	leave_unknown(l);
	return rc;
}

/* Guesses that a layer of an unknown type keeps the shape of its first input. */
static void guess_outputs(struct barista_caffe_layer *l)
{
	const struct barista_blob *in = barista_op_in(l->net->g, l->op, 0);

	for (size_t i = 0; in && in->known != BARISTA_UNKNOWN && i < l->op->nout; i++) {
		struct barista_blob *out = barista_op_out(l->net->g, l->op, i);

		out->dims = in->dims;
		out->known = BARISTA_GUESSED;
	}
}

static const char *type_name(const void *list, size_t i)
{
	const struct barista_caffe_type *types = list;

	return types[i].name;
}

/* Returns the type of that name for a layer of nin inputs, or NULL when it is not known. Data and
 * loss layers of forks are recognised by how their names end. */
static const struct barista_caffe_type *find_type(const char *name, size_t nin)
{
	static const struct barista_caffe_type
		data = {"Data", barista_caffe_data, BARISTA_SOURCE, 0, NULL, BARISTA_NLAYER_TYPES,
			NULL},
		loss = {"Loss", barista_caffe_loss, BARISTA_NO_MACS, 0, NULL, BARISTA_LAYER_LOSS,
			NULL};

	if (!strcmp(name, "Python") && !nin)
		return &data;
	for (size_t i = 0; barista_caffe_types[i].name; i++)
		if (!strcmp(barista_caffe_types[i].name, name))
			return &barista_caffe_types[i];
	if (barista_ends_with(name, "Data") && !nin)
		return &data;
	return barista_ends_with(name, "Loss") && nin ? &loss : NULL;
}

/* Gives the name of the layer's type as `layer` has it. */
static int read_type(struct barista_caffe_layer *l, bool old, const char **out)
{
	struct barista_caffe *c = l->net;
	const char *word = NULL;
	const struct barista_proto *field = old ? barista_proto_find(l->p->first, "type") : NULL;
	int rc;

	if (field && field->kind == BARISTA_PROTO_STRING)
		return barista_fail_proto(
			c->err, &c->text, field,
			"in the old 'layers' a type is a word, as CONVOLUTION; with "
			"types in quotes the field is called 'layer'");
	rc = old ? barista_proto_word(&c->text, l->p, "type", &word, c->err)
		 : barista_proto_string(&c->text, l->p, "type", &word, c->err);
	if (rc)
		return rc;
	if (!word)
		return barista_fail_proto(c->err, &c->text, l->p, "a layer without a type");
	*out = old ? barista_caffe_v1_type(word) : word;
	if (!*out)
		*out = word;
	return 0;
}

static int make_op(struct barista_caffe_layer *l, bool old)
{
	struct barista_caffe *c = l->net;
	const char *name = NULL, *type = NULL;
	int rc = barista_proto_string(&c->text, l->p, "name", &name, c->err);

	if (rc || (rc = read_type(l, old, &type)))
		return rc;
	rc = barista_graph_op(c->g, name && *name ? name : type, type,
			      barista_proto_count(l->p, "bottom"), barista_proto_count(l->p, "top"),
			      &l->op, c->err);
	if (rc)
		return rc;
	l->op->line = l->p->line;
	l->op->col = l->p->col;
	return 0;
}

static int size_layer(struct barista_caffe_layer *l, bool old)
{
	char hint[160] = "";
	int rc;

	l->type = find_type(l->op->type, l->op->nin);
	if (!l->type) {
		barista_suggest(hint, sizeof hint, l->op->type, type_name, barista_caffe_types);
		rc = barista_op_problem(l->net->g, l->op, -1, l->net->err,
					"the layer type '%.80s' is not known%s", l->op->type, hint);
		guess_outputs(l);
		leave_unknown(l);
		return rc ? rc : barista_caffe_read_loss(l);
	}
	l->op->multiplies = l->type->role == BARISTA_MULTIPLIES;
	l->op->layer_type = l->type->layer_type;
	rc = barista_caffe_check_layer(l->net, l->p, l->type->message);
	if (!rc && !strcmp(l->type->name, "Python"))
		rc = barista_source_note(
			l->net->src, l->net->err,
			"%.300s:%d: layer '%.80s': what Python code multiplies is not counted",
			l->net->text.path, l->p->line, l->op->name);
	if (rc || (rc = barista_caffe_read_training(l, old)) || (rc = size_outputs(l)))
		return rc;
	return barista_caffe_count_learned(l);
}

int barista_caffe_read_layer(struct barista_caffe *c, struct barista_proto *p)
{
	struct barista_caffe_layer l = {.net = c, .p = p};
	bool old = !strcmp(p->name, "layers"), included;
	int rc;

	if (p->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(c->err, &c->text, p, "'%s' must be a message in { }",
					  p->name);
	if (old && barista_proto_find(p->first, "layer"))
		return barista_fail_proto(c->err, &c->text, p,
					  "the layer format of 2013 (V0) is not read: upgrade it "
					  "with Caffe's upgrade_net_proto_text");
	if ((rc = barista_caffe_included(c, p, &included)) || !included) {
		c->src->other_phase += !rc;
		return rc;
	}
	if ((rc = make_op(&l, old)) || (rc = connect_bottoms(&l)) || (rc = make_tops(&l)))
		return rc;
	return size_layer(&l, old);
}
