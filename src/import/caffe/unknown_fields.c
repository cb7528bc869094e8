/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file remarks on fields that nothing reads. Caffe refuses them, but its forks have many
 * fields of their own, so that they are passed over here. Where a misspelt word would silently
 * change sizes or gradients, the user is told. */
#include "import/caffe/caffe.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define FIELDS(...)               \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/* The messages whose fields are checked, and the fields that Caffe gives them. */
static const struct message {
	const char *name;
	bool all; /* remark on every unknown field, not only on those similar to a known one */
	const char *const *known;
} messages[] = {
	{"convolution_param", true,
	 FIELDS("num_output", "bias_term", "pad", "kernel_size", "group", "stride", "dilation",
		"pad_h", "pad_w", "kernel_h", "kernel_w", "stride_h", "stride_w", "weight_filler",
		"bias_filler", "engine", "axis", "force_nd_im2col")},
	{"pooling_param", true,
	 FIELDS("pool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride",
		"stride_h", "stride_w", "engine", "global_pooling", "round_mode", "ceil_mode")},
	{"inner_product_param", true,
	 FIELDS("num_output", "bias_term", "weight_filler", "bias_filler", "axis", "transpose")},
	{"param", true, FIELDS("name", "share_mode", "lr_mult", "decay_mult")},
	{"include", true, FIELDS("phase", "min_level", "max_level", "stage", "not_stage")},
	{"exclude", true, FIELDS("phase", "min_level", "max_level", "stage", "not_stage")},
	{"data_param", false,
	 FIELDS("source", "batch_size", "rand_skip", "backend", "scale", "mean_file", "crop_size",
		"mirror", "force_encoded_color", "prefetch")},
	{"image_data_param", false,
	 FIELDS("source", "batch_size", "rand_skip", "shuffle", "new_height", "new_width",
		"is_color", "scale", "mean_file", "crop_size", "mirror", "root_folder")},
	{"hdf5_data_param", false, FIELDS("source", "batch_size", "shuffle")},
	{"memory_data_param", false, FIELDS("batch_size", "channels", "height", "width")},
	{"transform_param", false,
	 FIELDS("scale", "mirror", "crop_size", "mean_file", "mean_value", "force_color",
		"force_gray")},
	{"reshape_param", false, FIELDS("shape", "axis", "num_axes")},
	{"concat_param", false, FIELDS("axis", "concat_dim")},
	{"slice_param", false, FIELDS("axis", "slice_point", "slice_dim")},
	{"crop_param", false, FIELDS("axis", "offset")},
	{"flatten_param", false, FIELDS("axis", "end_axis")},
	{"interp_param", false,
	 FIELDS("height", "width", "zoom_factor", "shrink_factor", "pad_beg", "pad_end")},
	{"upsample_param", false,
	 FIELDS("scale", "scale_h", "scale_w", "pad_out_h", "pad_out_w", "upsample_h",
		"upsample_w")},
};

static const char *const of_network[] = {"name",           "input", "input_shape", "input_dim",
					 "force_backward", "state", "debug_info",  "layer",
					 "layers",         NULL};

/* Remarks on a field that is not in the list of known ones; `what` names the message that it is
 * in. */
static int point_at(struct barista_caffe *c, const struct barista_proto *f, const char *what,
		    bool all, const char *const *known)
{
	char hint[160] = "";

	if (known[barista_word_index(known, f->name)])
		return 0;
	barista_suggest_from(hint, sizeof hint, f->name, known);
	if (!*hint && !all)
		return 0;
	return barista_source_note(c->src, c->err,
				   "%.300s:%d: '%.60s' is not a field of %.60s%s; it is ignored",
				   c->text.path, f->line, f->name, what, hint);
}

static int check_message(struct barista_caffe *c, const struct barista_proto *p)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		char what[64];

		if (strcmp(messages[i].name, p->name))
			continue;
		snprintf(what, sizeof what, "'%s'", p->name);
		for (const struct barista_proto *f = p->first; f && !rc; f = f->next)
			rc = point_at(c, f, what, messages[i].all, messages[i].known);
	}
	return rc;
}

int barista_caffe_check_layer(struct barista_caffe *c, const struct barista_proto *layer,
			      const char *message)
{
	const char *const known[] = {
		"name",     "type",         "bottom",          "top",
		"phase",    "loss_weight",  "param",           "blobs",
		"blobs_lr", "weight_decay", "blob_share_mode", "propagate_down",
		"include",  "exclude",      message,           NULL};

	for (const struct barista_proto *f = layer->first; f; f = f->next) {
		int rc = 0;

		/* Caffe passes over the parameters of other types, of which there are many. */
		if (!barista_ends_with(f->name, "_param"))
			rc = point_at(c, f, "a layer", false, known);
		if (rc || (rc = check_message(c, f)))
			return rc;
	}
	return 0;
}

int barista_caffe_check_network(struct barista_caffe *c)
{
	int rc = 0;

	for (const struct barista_proto *f = c->net->first; f && !rc; f = f->next)
		rc = point_at(c, f, "a network", false, of_network);
	return rc;
}
