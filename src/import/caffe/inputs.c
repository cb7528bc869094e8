/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file sizes what the network takes from outside, by the file or by the user's options. */
#include "import/caffe/caffe.h"

#include <stdio.h>
#include <string.h>

/* Adds a name to the list of inputs that messages show. */
static void list_input(struct barista_caffe *c, const char *name)
{
	size_t used = strlen(c->input_names);

	snprintf(c->input_names + used, sizeof c->input_names - used, "%s'%.60s'", used ? ", " : "",
		 name);
}

/* Cuts height and width of an input to crop, as its data layer does with the images. */
static int apply_crop(struct barista_caffe *c, const char *name, struct barista_dims *d,
		      int64_t crop)
{
	int rc = 0;

	if (!crop)
		return 0;
	if (d->n != 4)
		return barista_fail(
			c->err, BARISTA_E_ARGUMENT,
			"option input: '%.80s' has CHANNELSxHEIGHTxWIDTH, without the batch; "
			"%zu sizes are given",
			name, d->n - 1);
	if (d->at[2] < crop || d->at[3] < crop)
		return barista_fail(
			c->err, BARISTA_E_ARGUMENT,
			"option input: height and width of '%.80s' are cut to %lld (crop_size), "
			"so they cannot be smaller, as in CHANNELSxHEIGHTxWIDTH %lldx%lldx%lld",
			name, (long long)crop, (long long)d->at[1], (long long)d->at[2],
			(long long)d->at[3]);
	if (d->at[2] != crop || d->at[3] != crop)
		rc = barista_source_note(
			c->src, c->err,
			"%.300s: input '%.80s' is cut from %lldx%lld to %lldx%lld by crop_size",
			c->src->path, name, (long long)d->at[2], (long long)d->at[3],
			(long long)crop, (long long)crop);
	d->at[2] = d->at[3] = crop;
	return rc;
}

/* Remarks that the sizes of the user are taken, and not those of the file, when they differ. */
static int remark_other(struct barista_caffe *c, const char *name, const struct barista_dims *given,
			const struct barista_dims *in_file)
{
	char one[160], other[160];

	if (!in_file || barista_dims_equal(given, in_file))
		return 0;
	barista_dims_text(one, sizeof one, given);
	barista_dims_text(other, sizeof other, in_file);
	return barista_source_note(
		c->src, c->err,
		"%.300s: input '%.80s' is %s, as option input says, not the file's %s",
		c->src->path, name, one, other);
}

int barista_caffe_input(struct barista_caffe *c, int blob, const char *layer,
			const struct barista_dims *in_file, int64_t batch, int64_t crop)
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
		if ((rc = apply_crop(c, b->name, &d, crop)) ||
		    (rc = remark_other(c, b->name, &d, in_file)))
			return rc;
	} else {
		d = *in_file;
	}
	b->dims = d;
	b->known = BARISTA_KNOWN;
	/* The network's batch and input are those of the first blob that may hold images, which has
	 * two axes or more. Until one comes, a blob of one axis stands in, such as labels. */
	if (d.n && (!c->g->batch || (c->g->input.n < 2 && d.n > 1)))
		c->g->input = d, c->g->batch = d.at[0];
	return 0;
}

/* The oldest files have input_dim, which stands four times per input. */
enum { MAX_OLD_DIMS = 4 * 64 };
struct old_dims {
	size_t n;
	int64_t at[MAX_OLD_DIMS];
};

static int read_old_dims(struct barista_caffe *c, struct old_dims *old)
{
	struct barista_proto *first = barista_proto_find(c->net->first, "input_dim");
	int rc = barista_proto_ints(&c->text, c->net, "input_dim", 1, INT32_MAX, MAX_OLD_DIMS,
				    old->at, &old->n, c->err);

	if (rc || !first)
		return rc;
	if (barista_proto_find(c->net->first, "input_shape"))
		return barista_fail_proto(
			c->err, &c->text, first,
			"a network has either input_shape or, in old files, input_dim");
	if (old->n != 4 * barista_proto_count(c->net, "input"))
		return barista_fail_proto(c->err, &c->text, first,
					  "input_dim stands %zu times, expected four per input",
					  old->n);
	return 0;
}

/* Reads the sizes of input i from its `shape` or, without one, from input_dim. *found tells whether
 * the file has either. */
static int input_dims(struct barista_caffe *c, const struct old_dims *old, size_t i,
		      struct barista_proto *shape, struct barista_dims *d, bool *found)
{
	*found = shape || old->n;
	if (!shape) {
		d->n = old->n ? 4 : 0;
		memcpy(d->at, old->at + (old->n ? 4 * i : 0), 4 * sizeof *d->at);
		return 0;
	}
	if (shape->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(c->err, &c->text, shape,
					  "'input_shape' must be a message in { }");
	return barista_proto_ints(&c->text, shape, "dim", 1, INT32_MAX, BARISTA_MAX_AXES, d->at,
				  &d->n, c->err);
}

int barista_caffe_read_inputs(struct barista_caffe *c)
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
			return barista_fail_proto(c->err, &c->text, f,
						  "two inputs are named '%.80s'", name);
		if ((rc = barista_graph_blob(c->g, name, &blob, c->err)) ||
		    (rc = barista_caffe_input(c, blob, NULL, found ? &d : NULL,
					      found && d.n ? d.at[0] : 1, 0)))
			return rc;
		if (shape)
			shape = barista_proto_find(shape->next, "input_shape");
	}
	return 0;
}
