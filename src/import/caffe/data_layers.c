/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file sizes the layers that bring data, as far as the file tells their sizes. What it does
 * not tell is asked of the user once a layer that multiplies needs it. */
#include "import/caffe/caffe.h"

#include "base/text.h"

#include <string.h>

/* Sizes output i, if there is such an output; d is NULL when the file does not tell its sizes. */
static int give(struct barista_caffe_layer *l, size_t i, const struct barista_dims *d,
		int64_t batch, int64_t crop)
{
	if (i >= l->op->nout)
		return 0;
	return barista_caffe_input(l->net, l->op->out[i], l->op->name, d, batch, crop);
}

/* What the parameters of a data layer say about its images; 0 stands for nothing. */
struct data_said {
	int64_t batch, crop, height, width, channels;
};

/* Reads one message of parameters. The number of channels follows from the mean values, of which
 * there is one per channel, and from whether the images are in color. */
static int said_here(struct barista_caffe_layer *l, const struct barista_proto *m,
		     struct data_said *s)
{
	const struct barista_proto_text *text = &l->net->text;
	bool color = true, force_color = false, force_gray = false;
	int rc;

	if ((rc = barista_caffe_int(l, m, "batch_size", 1, 1 << 24, &s->batch)) ||
	    (rc = barista_caffe_int(l, m, "crop_size", 0, 1 << 24, &s->crop)) ||
	    (rc = barista_caffe_int(l, m, "new_height", 0, 1 << 24, &s->height)) ||
	    (rc = barista_caffe_int(l, m, "new_width", 0, 1 << 24, &s->width)) ||
	    (rc = barista_proto_bool(text, m, "is_color", &color, l->net->err)) ||
	    (rc = barista_proto_bool(text, m, "force_color", &force_color, l->net->err)) ||
	    (rc = barista_proto_bool(text, m, "force_gray", &force_gray, l->net->err)))
		return rc;
	if (!strcmp(l->op->type, "ImageData") && !s->channels)
		s->channels = 3;
	if ((int64_t)barista_proto_count(m, "mean_value") > 1)
		s->channels = (int64_t)barista_proto_count(m, "mean_value");
	if (!color || force_gray)
		s->channels = 1;
	else if (force_color)
		s->channels = 3;
	return 0;
}

/* Reads every message of parameters, because any of them may say some of it: data_param,
 * transform_param, or one that only a fork has. */
static int read_said(struct barista_caffe_layer *l, struct data_said *s)
{
	for (struct barista_proto *f = l->p->first; f; f = f->next) {
		int rc;

		if (f->kind != BARISTA_PROTO_MESSAGE || !barista_ends_with(f->name, "_param"))
			continue;
		if ((rc = said_here(l, f, s)))
			return rc;
	}
	if (!strcmp(l->op->type, "WindowData"))
		s->channels = 3;
	return 0;
}

int barista_caffe_data(struct barista_caffe_layer *l)
{
	struct data_said s = {0};
	struct barista_dims d = {.n = 4};
	int rc = read_said(l, &s);

	if (rc)
		return rc;
	if (!s.batch)
		s.batch = 1;
	d.at[0] = s.batch;
	d.at[1] = s.channels;
	d.at[2] = s.crop ? s.crop : s.height;
	d.at[3] = s.crop ? s.crop : s.width;
	if ((rc = give(l, 0, d.at[1] && d.at[2] && d.at[3] ? &d : NULL, s.batch, s.crop)))
		return rc;
	/* Behind the images come labels, one per image when they are the only other output. The
	 * sizes of anything else are asked for only when a layer multiplies it. */
	for (size_t i = 1; i < l->op->nout && !rc; i++)
		rc = give(l, i,
			  l->op->nout == 2 && strcmp(l->op->type, "HDF5Data")
				  ? &(struct barista_dims){1, {s.batch}}
				  : NULL,
			  s.batch, 0);
	return rc;
}

static int shape_dims(struct barista_caffe_layer *l, struct barista_proto *shape,
		      struct barista_dims *d)
{
	if (shape->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(l->net->err, &l->net->text, shape,
					  "'shape' must be a message in { }");
	return barista_proto_ints(&l->net->text, shape, "dim", 1, INT32_MAX, BARISTA_MAX_AXES,
				  d->at, &d->n, l->net->err);
}

/* Sizes every output by its own `shape`, or by the last one when there are fewer of them. */
static int give_shapes(struct barista_caffe_layer *l, struct barista_proto *params)
{
	struct barista_proto *shape = params ? barista_proto_find(params->first, "shape") : NULL,
			     *next;

	for (size_t i = 0; i < l->op->nout; i++) {
		struct barista_dims d = {0};
		int rc = shape ? shape_dims(l, shape, &d) : 0;

		if (rc || (rc = give(l, i, shape ? &d : NULL, shape && d.n ? d.at[0] : 1, 0)))
			return rc;
		next = shape ? barista_proto_find(shape->next, "shape") : NULL;
		shape = next ? next : shape;
	}
	return 0;
}

int barista_caffe_input_layer(struct barista_caffe_layer *l)
{
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	return rc ? rc : give_shapes(l, params);
}

/* Sizes every output by the four repeated numbers of older files. An output for which a number is
 * missing takes the last one. */
static int give_numbers(struct barista_caffe_layer *l, struct barista_proto *params)
{
	static const char *const names[] = {"num", "channels", "height", "width"};
	int64_t at[4][64];
	size_t n[4];

	for (size_t k = 0; k < 4; k++) {
		int rc = barista_proto_ints(&l->net->text, params, names[k], 1, INT32_MAX, 64,
					    at[k], &n[k], l->net->err);

		if (rc)
			return rc;
		if (!n[k])
			return barista_caffe_fail_layer(l, "its %s is missing", names[k]);
	}
	for (size_t i = 0; i < l->op->nout; i++) {
		struct barista_dims d = {.n = 4};
		int rc;

		for (size_t k = 0; k < 4; k++)
			d.at[k] = at[k][i < n[k] ? i : n[k] - 1];
		if ((rc = give(l, i, &d, d.at[0], 0)))
			return rc;
	}
	return 0;
}

int barista_caffe_dummy_data(struct barista_caffe_layer *l)
{
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	if (rc)
		return rc;
	return params && barista_proto_find(params->first, "num") ? give_numbers(l, params)
								  : give_shapes(l, params);
}

int barista_caffe_memory_data(struct barista_caffe_layer *l)
{
	static const char *const names[] = {"batch_size", "channels", "height", "width"};
	struct barista_dims d = {.n = 4};
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	for (size_t i = 0; i < 4 && !rc; i++) {
		rc = barista_caffe_int(l, params, names[i], 1, 1 << 24, &d.at[i]);
		if (!rc && !d.at[i])
			return barista_caffe_fail_layer(l, "its %s is missing", names[i]);
	}
	if (rc || (rc = give(l, 0, &d, d.at[0], 0)))
		return rc;
	return give(l, 1, &(struct barista_dims){1, {d.at[0]}}, d.at[0], 0);
}

int barista_caffe_parameter(struct barista_caffe_layer *l)
{
	struct barista_proto *params, *shape = NULL;
	struct barista_dims d = {0};
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_proto_message(&l->net->text, params, "shape", &shape, l->net->err)))
		return rc;
	if (!shape)
		return barista_caffe_fail_layer(l, "its shape is missing");
	if ((rc = shape_dims(l, shape, &d)))
		return rc;
	return barista_caffe_out(l, 0, &d);
}
