/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network in Caffe's text format: its inputs, its layers in order, what learns. */
#include "import/caffe.h"

#include "base/text.h"
#include "io/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LAYERS = 65536, MAX_BLOBS = 1 << 18 };

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), e = strlen(ending);

	return n >= e && !strcmp(text + n - e, ending);
}

/* ---- what the types of layers use ---- */

int barista_caffe_params(struct barista_caffe_layer *l, struct barista_proto **out)
{
	*out = NULL;
	if (!l->type->message)
		return 0;
	return barista_proto_message(&l->net->text, l->p, l->type->message, out, l->net->err);
}

const struct barista_dims *barista_caffe_in(const struct barista_caffe_layer *l, size_t i)
{
	return &barista_op_in(l->net->g, l->op, i)->dims;
}

int barista_caffe_fail(struct barista_caffe_layer *l, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return barista_fail_proto(l->net->err, &l->net->text, l->p, "layer '%.80s' (%.40s): %s", l->op->name, l->op->type,
				  text);
}

int barista_caffe_misfit(struct barista_caffe_layer *l, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	if (l->known == BARISTA_GUESSED)
		return 0;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return barista_caffe_fail(l, "%s", text);
}

int barista_caffe_out(struct barista_caffe_layer *l, size_t i, const struct barista_dims *dims)
{
	struct barista_blob *b = barista_op_out(l->net->g, l->op, i);
	struct barista_dims copy = *dims;
	int64_t all;

	for (size_t a = 0; a < dims->n; a++)
		if (dims->at[a] > INT32_MAX || dims->at[a] < 0)
			return barista_caffe_misfit(l, "axis %zu of its output would have %lld elements", a,
						    (long long)dims->at[a]);
	if (!barista_dims_product(dims, 0, dims->n, &all))
		return barista_caffe_misfit(l, "its output has more than 2^53 elements");
	if (b) {
		b->dims = copy;
		b->known = l->known;
	}
	return 0;
}

/* ---- inputs ---- */

static void list_input(struct barista_caffe *c, const char *name)
{
	size_t used = strlen(c->input_names);

	snprintf(c->input_names + used, sizeof c->input_names - used, "%s'%.60s'", used ? ", " : "", name);
}

/* The size that a data layer cuts images to. */
static int apply_crop(struct barista_caffe *c, const char *name, struct barista_dims *d, int64_t crop)
{
	if (!crop)
		return 0;
	if (d->n != 4)
		return barista_fail(c->err, BARISTA_USAGE, "--input: '%.80s' has CHANNELSxHEIGHTxWIDTH, without the batch; "
				    "%zu sizes are given", name, d->n - 1);
	if (d->at[2] < crop || d->at[3] < crop)
		return barista_fail(c->err, BARISTA_USAGE, "--input: height and width of '%.80s' are cut to %lld (crop_size), "
				    "so they cannot be smaller, as in CHANNELSxHEIGHTxWIDTH %lldx%lldx%lld", name, (long long)crop,
				    (long long)d->at[1], (long long)d->at[2], (long long)d->at[3]);
	if (d->at[2] != crop || d->at[3] != crop)
		barista_remark(c->src, "%.300s: input '%.80s' is cut from %lldx%lld to %lldx%lld by crop_size", c->src->path, name,
			       (long long)d->at[2], (long long)d->at[3], (long long)crop, (long long)crop);
	d->at[2] = d->at[3] = crop;
	return 0;
}

/* The user's sizes stand above the file's. */
static void remark_other(struct barista_caffe *c, const char *name, const struct barista_dims *given,
			 const struct barista_dims *in_file)
{
	char one[160], other[160];

	if (!in_file || barista_dims_equal(given, in_file))
		return;
	barista_dims_text(one, sizeof one, given);
	barista_dims_text(other, sizeof other, in_file);
	barista_remark(c->src, "%.300s: input '%.80s' is %s, as --input says, not the file's %s", c->src->path, name,
		       one, other);
}

int barista_caffe_input(struct barista_caffe *c, int blob, const char *layer, const struct barista_dims *in_file,
			int64_t batch, int64_t crop)
{
	struct barista_blob *b = &c->g->blob[blob];
	bool main = c->main_input == BARISTA_NO_BLOB;
	const struct barista_dims *given = barista_inputs_find(c->src->inputs, b->name, main);
	struct barista_dims d = {0};
	int rc;

	if (!given && layer && main)
		given = barista_inputs_find(c->src->inputs, layer, false);
	if (main)
		c->main_input = blob, c->main_crop = crop;
	list_input(c, b->name);
	b->ask = blob;
	if (!given && !in_file)
		return 0;
	if (given) {
		d.n = given->n + 1;
		d.at[0] = batch;
		memcpy(d.at + 1, given->at, given->n * sizeof *d.at);
		if ((rc = apply_crop(c, b->name, &d, crop)))
			return rc;
		remark_other(c, b->name, &d, in_file);
	} else {
		d = *in_file;
	}
	b->dims = d;
	b->known = BARISTA_KNOWN;
	/* Of the first whose sizes are known and that may hold images; until then of any: labels may stand before. */
	if (d.n && (!c->g->batch || (c->g->input.n < 2 && d.n > 1)))
		c->g->input = d, c->g->batch = d.at[0];
	return 0;
}

static int no_room(struct barista_caffe *c)
{
	return barista_no_memory(c->err);
}

/* input_dim: four numbers per input, of the oldest files. */
enum { MAX_OLD_DIMS = 4 * 64 };
struct old_dims { size_t n; int64_t at[MAX_OLD_DIMS]; };

static int read_old_dims(struct barista_caffe *c, struct old_dims *old)
{
	struct barista_proto *first = barista_proto_find(c->net->first, "input_dim");
	int rc = barista_proto_ints(&c->text, c->net, "input_dim", 1, INT32_MAX, MAX_OLD_DIMS, old->at, &old->n, c->err);

	if (rc || !first)
		return rc;
	if (barista_proto_find(c->net->first, "input_shape"))
		return barista_fail_proto(c->err, &c->text, first, "a network has either input_shape or, in old files, input_dim");
	if (old->n != 4 * barista_proto_count(c->net, "input"))
		return barista_fail_proto(c->err, &c->text, first, "input_dim stands %zu times, expected four per input", old->n);
	return 0;
}

static int input_dims(struct barista_caffe *c, const struct old_dims *old, size_t i, struct barista_proto *shape,
		      struct barista_dims *d, bool *found)
{
	*found = shape || old->n;
	if (!shape) {
		d->n = old->n ? 4 : 0;
		memcpy(d->at, old->at + (old->n ? 4 * i : 0), 4 * sizeof *d->at);
		return 0;
	}
	if (shape->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(c->err, &c->text, shape, "'input_shape' must be a message in { }");
	return barista_proto_ints(&c->text, shape, "dim", 1, INT32_MAX, BARISTA_MAX_AXES, d->at, &d->n, c->err);
}

/* The inputs that stand before all layers. */
static int read_inputs(struct barista_caffe *c)
{
	struct barista_proto *shape = barista_proto_find(c->net->first, "input_shape");
	struct old_dims old = {.n = 0};
	size_t i = 0;
	int rc = read_old_dims(c, &old);

	if (rc)
		return rc;
	for (struct barista_proto *f = barista_proto_find(c->net->first, "input"); f;
	     f = barista_proto_find(f->next, "input"), i++) {
		struct barista_dims d = {0};
		const char *name;
		bool found;
		int blob;

		if ((rc = barista_proto_string_value(&c->text, f, &name, c->err)) ||
		    (rc = input_dims(c, &old, i, shape, &d, &found)))
			return rc;
		if (barista_graph_find(c->g, name) != BARISTA_NO_BLOB)
			return barista_fail_proto(c->err, &c->text, f, "two inputs are named '%.80s'", name);
		if ((blob = barista_graph_blob(c->g, name)) == BARISTA_NO_BLOB)
			return no_room(c);
		if ((rc = barista_caffe_input(c, blob, NULL, found ? &d : NULL,
					      found && d.n ? d.at[0] : 1, 0)))
			return rc;
		if (shape)
			shape = barista_proto_find(shape->next, "input_shape");
	}
	return 0;
}

/* ---- blobs of a layer ---- */

static const char *blob_name(const void *list, size_t i)
{
	const struct barista_graph *g = list;

	return i < g->nblobs ? g->blob[i].name : NULL;
}

static bool is_layer(const struct barista_proto *field)
{
	return !strcmp(field->name, "layer") || !strcmp(field->name, "layers");
}

/* The line of a layer outside this phase that makes the blob, or 0. */
static int made_elsewhere(struct barista_caffe *c, const char *blob)
{
	for (struct barista_proto *l = c->net->first; l; l = l->next)
		for (struct barista_proto *t = is_layer(l) ? l->first : NULL; t; t = t->next)
			if (!strcmp(t->name, "top") && t->kind == BARISTA_PROTO_STRING && !strcmp(t->text, blob))
				return l->line;
	return 0;
}

static int fail_bottom(struct barista_caffe_layer *l, const struct barista_proto *at, const char *name)
{
	struct barista_caffe *c = l->net;
	char hint[200] = "";
	int line = made_elsewhere(c, name);

	if (line > l->p->line)
		snprintf(hint, sizeof hint, ": the layer in line %d makes it, which must stand before", line);
	else if (line && line < l->p->line)
		snprintf(hint, sizeof hint, ": the layer in line %d makes it, but not in the %s phase", line,
			 c->state.test ? "test" : "train");
	else if (c->g->nblobs < 4096)
		barista_suggest(hint, sizeof hint, name, blob_name, c->g);
	return barista_fail_proto(c->err, &c->text, at,
				  "layer '%.80s' reads the blob '%.80s', which nothing before it makes%s", l->op->name, name, hint);
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

/* A top of the name of the bottom in its place works in place: a new blob hides the old. */
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
		if (barista_graph_find(g, name) != BARISTA_NO_BLOB && (!in || strcmp(in->name, name)))
			return barista_fail_proto(l->net->err, &l->net->text, f,
						  "layer '%.80s' makes the blob '%.80s', which an earlier layer or an input has made", l->op->name, name);
		if ((l->op->out[i] = barista_graph_blob(g, name)) == BARISTA_NO_BLOB)
			return no_room(l->net);
	}
	return 0;
}

/* ---- what learns ---- */

/* Learning rates of the parameters: `param { lr_mult }`, or blobs_lr of old layers. */
static int learning_rate(struct barista_caffe_layer *l, struct barista_proto **field, const char *name, bool *learns)
{
	struct barista_proto *f = *field = barista_proto_find(*field, name);
	double rate = 1;
	int rc = 0;

	if (f && f->kind == BARISTA_PROTO_MESSAGE)
		rc = barista_proto_real(&l->net->text, f, "lr_mult", &rate, l->net->err);
	else if (f && !strcmp(name, "blobs_lr"))
		rc = barista_proto_real_value(&l->net->text, f, &rate, l->net->err);
	if (f)
		*field = f->next;
	*learns = rate != 0;
	return rc;
}

/* Scale and Bias may take theirs from a second bottom. */
static int count_parameters(struct barista_caffe_layer *l, int *n)
{
	bool scale = !strcmp(l->type->name, "Scale"), second = l->op->nin > 1 && (scale || !strcmp(l->type->name, "Bias"));
	bool bias = !scale;
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_proto_bool(&l->net->text, params, "bias_term", &bias, l->net->err)))
		return rc;
	*n = l->type->parameters - second - (l->type->parameters == 2 && !bias);
	return 0;
}

/* Caffe reads no file with the rates of the other format, so that nobody meant them. */
static int check_format(struct barista_caffe_layer *l, bool old)
{
	struct barista_proto *f = barista_proto_find(l->p->first, old ? "param" : "blobs_lr");

	if (!f || (old && f->kind != BARISTA_PROTO_MESSAGE))
		return 0;
	return barista_fail_proto(l->net->err, &l->net->text, f, old
				  ? "'param { lr_mult }' belongs in 'layer': in the old 'layers' it is blobs_lr"
				  : "'blobs_lr' belongs in the old 'layers': in 'layer' it is param { lr_mult }");
}

static int read_learning(struct barista_caffe_layer *l, bool old)
{
	const char *name = old ? "blobs_lr" : "param";
	struct barista_proto *field = l->p->first;
	/* Caffe freezes the statistics too late for Net::Init, which passes gradients down to them, unless the old
	 * three `param` stand there, which it rewrites. */
	bool frozen = !strcmp(l->type->name, "BatchNorm") && barista_proto_count(l->p, "param") == 3, learns;
	int n = 0, rc = check_format(l, old);

	if (!rc && l->type->parameters && !frozen)
		rc = count_parameters(l, &n);
	for (int i = 0; i < n && !rc; i++) {
		rc = learning_rate(l, &field, name, &learns);
		l->op->learns |= learns;
		if (!i)
			l->op->weights_learn = learns;
	}
	return rc;
}

/* loss_weight, or the name of the type. */
static int read_loss(struct barista_caffe_layer *l)
{
	size_t n = strlen(l->op->type);
	struct barista_proto *f = barista_proto_find(l->p->first, "loss_weight");

	l->op->loss = !f && n > 4 && !strcmp(l->op->type + n - 4, "Loss");
	for (; f; f = barista_proto_find(f->next, "loss_weight")) {
		double weight;
		int rc = barista_proto_real_value(&l->net->text, f, &weight, l->net->err);

		if (rc)
			return rc;
		l->op->loss |= weight != 0;
	}
	return 0;
}

static int read_flow(struct barista_caffe_layer *l)
{
	struct barista_proto *first = barista_proto_find(l->p->first, "propagate_down");
	size_t i = 0, n = barista_proto_count(l->p, "propagate_down");

	if (n && n != l->op->nin)
		return barista_fail_proto(l->net->err, &l->net->text, first,
					  "layer '%.80s' has %zu propagate_down for %zu bottoms, expected none or as many",
					  l->op->name, n, l->op->nin);
	for (struct barista_proto *f = first; f; f = barista_proto_find(f->next, "propagate_down")) {
		bool on;
		int rc = barista_proto_bool_value(&l->net->text, f, &on, l->net->err);

		if (rc)
			return rc;
		l->op->flow[i++] = on ? BARISTA_FLOW_ON : BARISTA_FLOW_OFF;
	}
	return 0;
}

/* ---- a layer ---- */

/* Outputs that its type has not sized: below an unknown input, or of unknown sizes themselves. */
static void leave_unknown(struct barista_caffe_layer *l)
{
	struct barista_graph *g = l->net->g;
	int ask = BARISTA_NO_BLOB;

	for (size_t i = 0; i < l->op->nin && ask == BARISTA_NO_BLOB; i++)
		if (barista_op_in(g, l->op, i) && barista_op_in(g, l->op, i)->known == BARISTA_UNKNOWN)
			ask = barista_op_in(g, l->op, i)->ask;
	for (size_t i = 0; i < l->op->nout; i++)
		if (barista_op_out(g, l->op, i) && barista_op_out(g, l->op, i)->ask == BARISTA_NO_BLOB)
			barista_op_out(g, l->op, i)->ask = ask;
}

/* A layer that multiplies needs its sizes: the user is asked for what would tell them. */
static int ask_user(struct barista_caffe_layer *l, const struct barista_blob *in)
{
	struct barista_caffe *c = l->net;
	const char *name = c->g->blob[in->ask].name;
	char size[64] = "3x224x224";
	size_t i = 0;

	for (const char *given; (given = barista_inputs_unused(c->src->inputs, &i));)
		if (!made_elsewhere(c, given))
			return barista_fail(c->err, BARISTA_USAGE, "--input: no input is named '%.80s'; there is %.300s", given,
					    c->input_names);
	if (in->ask == c->main_input && c->main_crop)
		snprintf(size, sizeof size, "3x%lldx%lld", (long long)c->main_crop, (long long)c->main_crop);
	barista_fail_proto(c->err, &c->text, l->p, "layer '%.80s' needs the size of '%.80s', which is not in the file: "
			   "give it without the batch, e.g. --input %s%.80s%s", l->op->name, name,
			   in->ask == c->main_input ? "" : name, in->ask == c->main_input ? "" : "=", size);
	return c->err->status = BARISTA_USAGE;
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

	if (!l->op->nin && l->type->role != BARISTA_SOURCE && l->type->sizes != barista_caffe_nothing)
		return barista_caffe_fail(l, "it has no bottom");
	l->known = barista_op_known(l->net->g, l->op);
	if (l->known != BARISTA_UNKNOWN)
		rc = l->type->sizes(l);
	else if (l->type->role == BARISTA_MULTIPLIES)
		rc = need_sizes(l);
	leave_unknown(l);
	return rc;
}

/* Of a type that is not known: as if it kept the size of its first input. */
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

/* NULL: not known. The data and loss layers of others are known by their names. */
static const struct barista_caffe_type *find_type(const char *name, size_t nin)
{
	static const struct barista_caffe_type
		data = {"Data", barista_caffe_data, BARISTA_SOURCE, 0, NULL},
		loss = {"Loss", barista_caffe_loss, BARISTA_PLAIN, 0, NULL};
	bool sized = !strcmp(name, "DummyData") || !strcmp(name, "MemoryData");

	if (!nin && ((ends_with(name, "Data") && !sized) || !strcmp(name, "Python")))
		return &data;
	for (size_t i = 0; barista_caffe_types[i].name; i++)
		if (!strcmp(barista_caffe_types[i].name, name))
			return &barista_caffe_types[i];
	return ends_with(name, "Loss") && nin ? &loss : NULL;
}

static int read_type(struct barista_caffe_layer *l, bool old, const char **out)
{
	struct barista_caffe *c = l->net;
	const char *word = NULL;
	const struct barista_proto *field = old ? barista_proto_find(l->p->first, "type") : NULL;
	int rc;

	if (field && field->kind == BARISTA_PROTO_STRING)
		return barista_fail_proto(c->err, &c->text, field, "in the old 'layers' a type is a word, as CONVOLUTION; with "
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
	l->op = barista_graph_op(c->g, name && *name ? name : type, type, barista_proto_count(l->p, "bottom"),
				 barista_proto_count(l->p, "top"));
	if (!l->op)
		return no_room(c);
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
		barista_op_problem(l->net->g, l->op, -1, "the layer type '%.80s' is not known%s", l->op->type, hint);
		guess_outputs(l);
		leave_unknown(l);
		return read_loss(l);
	}
	l->op->multiplies = l->type->role == BARISTA_MULTIPLIES;
	barista_caffe_check_layer(l->net, l->p, l->type->message);
	if (!strcmp(l->type->name, "Python"))
		barista_remark(l->net->src, "%.300s:%d: layer '%.80s': what Python code multiplies is not counted",
			       l->net->text.path, l->p->line, l->op->name);
	if ((rc = read_learning(l, old)) || (rc = read_loss(l)) || (rc = read_flow(l)))
		return rc;
	return size_outputs(l);
}

static int read_layer(struct barista_caffe *c, struct barista_proto *p)
{
	struct barista_caffe_layer l = {.net = c, .p = p};
	bool old = !strcmp(p->name, "layers"), included;
	int rc;

	if (p->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(c->err, &c->text, p, "'%s' must be a message in { }", p->name);
	if (old && barista_proto_find(p->first, "layer"))
		return barista_fail_proto(c->err, &c->text, p,
					  "the layer format of 2013 (V0) is not read: upgrade it with Caffe's upgrade_net_proto_text");
	if ((rc = barista_caffe_included(c, p, &included)) || !included) {
		c->src->other_phase += !rc;
		return rc;
	}
	if ((rc = make_op(&l, old)) || (rc = connect_bottoms(&l)) || (rc = make_tops(&l)))
		return rc;
	return size_layer(&l, old);
}

/* ---- the network ---- */

static int check_size(struct barista_caffe *c, size_t *nlayers, size_t *nblobs)
{
	*nlayers = *nblobs = 0;
	for (struct barista_proto *f = c->net->first; f; f = f->next) {
		if (!strcmp(f->name, "input")) {
			++*nblobs;
		} else if (is_layer(f)) {
			*nblobs += barista_proto_count(f, "top");
			if (++*nlayers > MAX_LAYERS)
				return barista_fail_proto(c->err, &c->text, f, "more than %d layers", MAX_LAYERS);
		}
		if (*nblobs > MAX_BLOBS)
			return barista_fail_proto(c->err, &c->text, f, "more than %d blobs", MAX_BLOBS);
	}
	if (!*nlayers)
		return barista_fail_at(c->err, c->text.path, c->text.text, 1, 1, "%s",
				       c->net->first ? "no layers: this is not a network of Caffe" : "the file is empty");
	return 0;
}

static int read_layers(struct barista_caffe *c)
{
	const struct barista_proto *one = barista_proto_find(c->net->first, "layer");
	const struct barista_proto *other = barista_proto_find(c->net->first, "layers");
	int rc = 0;

	if (one && other)
		return barista_fail_proto(c->err, &c->text, one->line > other->line ? one : other,
					  "a network has either 'layer' or, in the old format, 'layers'");
	for (struct barista_proto *f = c->net->first; f && !rc; f = f->next)
		if (is_layer(f))
			rc = read_layer(c, f);
	return rc;
}

/* The user's phase stands above the file's: a deployed network can be trained. */
static void settle_phase(struct barista_caffe *c)
{
	bool test = c->src->options->test_phase;

	if (c->state.test != test)
		barista_remark(c->src, "%.300s: its state is the %s phase; it is taken in the %s phase, as --phase says",
			       c->src->path, test ? "train" : "test", test ? "test" : "train");
	c->state.test = test;
	c->src->test_phase = test;
}

static int read_network(struct barista_caffe *c)
{
	struct barista_proto *state = NULL;
	size_t nlayers, nblobs;
	int rc = barista_proto_message(&c->text, c->net, "state", &state, c->err);

	/* As the solver merges them: its own state above the network's. */
	if (rc || (rc = barista_caffe_read_state(c, &c->text, state, &c->state)) ||
	    (rc = barista_caffe_read_state(c, &c->solver_text, c->solver_state, &c->state)))
		return rc;
	if ((rc = check_size(c, &nlayers, &nblobs)) ||
	    (rc = barista_graph_init(c->g, c->src->arena, nblobs, nlayers + nblobs, c->err)))
		return rc;
	settle_phase(c);
	barista_caffe_check_network(c);
	if ((rc = barista_proto_string(&c->text, c->net, "name", &c->g->name, c->err)) ||
	    (rc = barista_proto_bool(&c->text, c->net, "force_backward", &c->g->force_backward, c->err)) ||
	    (rc = read_inputs(c)) || (rc = read_layers(c)))
		return rc;
	return barista_inputs_check(c->src->inputs, c->input_names, c->err);
}

static bool is_solver(struct barista_proto *root)
{
	static const char *const names[] = {"net", "net_param", "train_net", "train_net_param", "test_net", "base_lr",
					    "max_iter", "lr_policy", NULL};

	if (barista_proto_find(root->first, "layer") || barista_proto_find(root->first, "layers"))
		return false;
	for (size_t i = 0; names[i]; i++)
		if (barista_proto_find(root->first, names[i]))
			return true;
	return false;
}

/* --solver: only what it says about training is used. */
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
	struct barista_caffe c = {.src = src, .g = g, .text = {src->path, src->data}, .net = &c.root, .err = err,
				  .state.test = src->options->test_phase, .main_input = BARISTA_NO_BLOB};
	int rc = barista_proto_parse(&c.root, &c.text, src->size, src->arena, err);

	if (rc)
		return rc;
	src->format = "caffe";
	src->iterations = 1;
	if (is_solver(&c.root)) {
		if (src->options->solver)
			return barista_fail(err, BARISTA_USAGE, "--solver: '%.300s' is itself a solver", src->path);
		if ((rc = barista_caffe_solver(&c, &(struct barista_proto_text){src->path, src->data}, &c.root, &c.net)))
			return rc;
	} else if (src->options->solver && (rc = read_solver_option(&c, src->options->solver))) {
		return rc;
	}
	rc = read_network(&c);
	if (src->test_phase)
		src->iterations = 1;   /* nothing is updated */
	if (rc)
		barista_graph_release(g);
	return rc;
}
