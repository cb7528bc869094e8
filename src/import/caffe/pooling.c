/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file sizes the layers that change height and width: all kinds of pooling and upsampling. */
#include "import/caffe/caffe.h"

#include "base/num.h"
#include "network/workload.h"

#include <math.h>
#include <string.h>

/* Checks that the input has four axes: images, channels, height and width. */
static int check_four_axes(struct barista_caffe_layer *l)
{
	if (barista_caffe_in(l, 0)->n == 4)
		return 0;
	return barista_caffe_fail_shape(
		l, "its input has %zu axes, expected images, channels, height, width",
		barista_caffe_in(l, 0)->n);
}

/* Gives every output the same sizes, because a second one holds the places of the maxima. */
static int out_all(struct barista_caffe_layer *l, const struct barista_dims *d)
{
	int rc = 0;

	for (size_t i = 0; i < l->op->nout && !rc; i++)
		rc = barista_caffe_out(l, i, d);
	return rc;
}

/* Reads one of the names, or its number; *choice stays as it is when the file has none. */
static int read_choice(struct barista_caffe_layer *l, struct barista_proto *params,
		       const char *field, const char *const names[3], size_t *choice)
{
	const char *word = NULL;
	int rc = barista_proto_word(&l->net->text, params, field, &word, l->net->err);

	if (rc || !word)
		return rc;
	for (size_t i = 0; i < 3 && names[i]; i++) {
		if (strcmp(word, names[i]) != 0 &&
		    strcmp(word, (char[]){(char)('0' + i), '\0'}) != 0)
			continue;
		*choice = i;
		return 0;
	}
	return barista_caffe_fail_layer(l, "%s is '%.40s', expected %s%s%s%s%s", field, word,
					names[0], names[2] ? ", " : " or ", names[1],
					names[2] ? " or " : "", names[2] ? names[2] : "");
}

/* Reads how the number of positions is rounded. BVLC Caffe rounds up; forks have round_mode or
 * ceil_mode to say otherwise. */
static int read_rounding(struct barista_caffe_layer *l, struct barista_proto *params,
			 enum barista_round *round)
{
	static const char *const names[3] = {"CEIL", "FLOOR"};
	bool ceil_mode = true;
	size_t mode;
	int rc = barista_proto_bool(&l->net->text, params, "ceil_mode", &ceil_mode, l->net->err);

	mode = !ceil_mode;
	if (rc || (rc = read_choice(l, params, "round_mode", names, &mode)))
		return rc;
	*round = mode ? BARISTA_FLOOR : BARISTA_CEIL;
	return 0;
}

static int read_pooling(struct barista_caffe_layer *l, struct barista_proto *params,
			struct barista_window *w)
{
	int rc;

	if ((rc = barista_caffe_per_axis(l, params, "kernel_size", "kernel", 1, 0, 2, w->kernel)) ||
	    (rc = barista_caffe_per_axis(l, params, "stride", "stride", 1, 1, 2, w->stride)) ||
	    (rc = barista_caffe_per_axis(l, params, "pad", "pad", 0, 0, 2, w->begin)))
		return rc;
	for (size_t a = 0; a < 2; a++) {
		w->end[a] = w->begin[a];
		w->dilation[a] = 1;
		if (!w->kernel[a])
			return barista_caffe_fail_layer(l, "its kernel_size is missing");
		if (w->begin[a] >= w->kernel[a])
			return barista_caffe_fail_layer(
				l, "its padding must be smaller than its kernel");
	}
	return 0;
}

/* Reads the kind of pooling. STOCHASTIC picks one element of a window, so it counts as a pooling of
 * maxima, which the type is unless it averages. */
static int read_kind(struct barista_caffe_layer *l, struct barista_proto *params)
{
	static const char *const names[3] = {"MAX", "AVE", "STOCHASTIC"};
	size_t kind = 0;
	int rc = read_choice(l, params, "pool", names, &kind);

	if (kind == 1)
		l->op->layer_type = BARISTA_LAYER_AVE_POOL;
	return rc;
}

int barista_caffe_pooling(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_window w = {.n = 2};
	struct barista_proto *params;
	enum barista_round round = BARISTA_CEIL;
	bool global = false;
	int rc = barista_caffe_params(l, &params);

	if (rc ||
	    (rc = barista_proto_bool(&l->net->text, params, "global_pooling", &global,
				     l->net->err)) ||
	    (rc = read_rounding(l, params, &round)) || (rc = read_kind(l, params)) ||
	    (rc = check_four_axes(l)))
		return rc;
	if (global) {
		memcpy(l->op->window, out.at + 2, sizeof l->op->window);
		out.at[2] = out.at[3] = 1;
		return out_all(l, &out);
	}
	if ((rc = read_pooling(l, params, &w)))
		return rc;
	memcpy(l->op->window, w.kernel, sizeof l->op->window);
	for (size_t a = 0; a < 2; a++)
		if ((rc = barista_window_out(&out.at[a + 2], out.at[a + 2], &w, a, round,
					     w.begin[0] || w.begin[1], l->net->err)))
			return barista_caffe_at_layer(l, rc);
	return out_all(l, &out);
}

/* Sizes an LRN layer, which sums over neighbouring channels or over a square of its own channel. */
int barista_caffe_lrn(struct barista_caffe_layer *l)
{
	static const char *const names[3] = {"ACROSS_CHANNELS", "WITHIN_CHANNEL"};
	struct barista_proto *params = NULL;
	size_t region = 0;
	int64_t size = 5;
	int rc = barista_proto_message(&l->net->text, l->p, "lrn_param", &params, l->net->err);

	if (rc || (rc = barista_caffe_int(l, params, "local_size", 1, 1 << 24, &size)) ||
	    (rc = read_choice(l, params, "norm_region", names, &region)))
		return rc;
	l->op->window[0] = region ? size * size : size;
	return barista_caffe_same_shape(l);
}

/* Checks that the mask, which holds the places of the maxima, comes from a pooling whose output has
 * the size of the input. Guessed sizes that differ are forgiven here, because the size of the
 * output does not depend on the mask. */
static int check_mask(struct barista_caffe_layer *l)
{
	char one[160], other[160];

	if (l->op->nin < 2 || barista_dims_equal(barista_caffe_in(l, 0), barista_caffe_in(l, 1)))
		return 0;
	barista_dims_text(one, sizeof one, barista_caffe_in(l, 0));
	barista_dims_text(other, sizeof other, barista_caffe_in(l, 1));
	return barista_caffe_forgive(
		l, barista_caffe_fail_shape(
			   l, "its input is %s, the mask '%.60s' %s: they must be of one size", one,
			   barista_op_in(l->net->g, l->op, 1)->name, other));
}

/* Sizes SegNet's Upsample: height and width grow by a factor, less one where pad_out is set, or to
 * a size that the file gives. */
int barista_caffe_upsample(struct barista_caffe_layer *l)
{
	static const char *const factors[] = {"scale_h", "scale_w"},
				 *const sizes[] = {"upsample_h", "upsample_w"},
				 *const cuts[] = {"pad_out_h", "pad_out_w"};
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	int64_t scale = 2;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "scale", 1, 1 << 16, &scale)) ||
	    (rc = check_four_axes(l)) || (rc = check_mask(l)))
		return rc;
	for (size_t a = 0; a < 2; a++) {
		int64_t factor = scale, size = 0;
		bool cut = false;

		if ((rc = barista_caffe_int(l, params, factors[a], 1, 1 << 16, &factor)) ||
		    (rc = barista_caffe_int(l, params, sizes[a], 1, INT32_MAX, &size)) ||
		    (rc = barista_proto_bool(&l->net->text, params, cuts[a], &cut, l->net->err)))
			return rc;
		out.at[a + 2] = size ? size : out.at[a + 2] * factor - cut;
	}
	return barista_caffe_out(l, 0, &out);
}

/* The parameters of Interp; 0 stands for what the file does not give. */
struct interp {
	int64_t begin, end, shrink, zoom, height, width;
};

static int read_interp(struct barista_caffe_layer *l, struct interp *p)
{
	const struct {
		const char *name;
		int64_t lo, hi, *to;
	} fields[] = {
		{"pad_beg", -(1 << 24), 0, &p->begin},     {"pad_end", -(1 << 24), 0, &p->end},
		{"shrink_factor", 1, 1 << 16, &p->shrink}, {"zoom_factor", 1, 1 << 16, &p->zoom},
		{"height", 1, INT32_MAX, &p->height},      {"width", 1, INT32_MAX, &p->width},
	};
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	for (size_t i = 0; i < 6 && !rc; i++)
		rc = barista_caffe_int(l, params, fields[i].name, fields[i].lo, fields[i].hi,
				       fields[i].to);
	return rc;
}

/* Sizes DeepLab's Interp, which resamples bilinearly. The padding, which is negative, is cut off
 * first, then the image is shrunk and zoomed; height and width of the file take precedence over
 * that, and those of a second bottom over all. */
int barista_caffe_interp(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct interp p = {0};
	int rc = read_interp(l, &p);

	if (rc || (rc = check_four_axes(l)))
		return rc;
	for (size_t a = 2; a < 4; a++) {
		int64_t size = out.at[a] + p.begin + p.end;

		if (size < 1)
			return barista_caffe_fail_shape(l, "its padding takes all of the input");
		if (p.shrink)
			size = (size - 1) / p.shrink + 1;
		if (p.zoom)
			size += (size - 1) * (p.zoom - 1);
		out.at[a] = size;
	}
	if (p.height && p.width && !p.shrink == !p.zoom)
		out.at[2] = p.height, out.at[3] = p.width;
	l->op->sizes_only = true;
	if (l->op->nin > 1 && barista_caffe_in(l, 1)->n == 4)
		memcpy(out.at + 2, barista_caffe_in(l, 1)->at + 2, 2 * sizeof *out.at);
	return barista_caffe_out(l, 0, &out);
}

/* Sizes a spatial pyramid, which has 1 + 4 + 16 + ... bins per channel. */
int barista_caffe_spp(struct barista_caffe_layer *l)
{
	struct barista_dims out = {.n = 2};
	struct barista_proto *params;
	int64_t height = 0, bins = 0;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "pyramid_height", 1, 12, &height)) ||
	    (rc = check_four_axes(l)))
		return rc;
	if (!height)
		return barista_caffe_fail_layer(l, "its pyramid_height is missing");
	for (int64_t i = 0; i < height; i++)
		bins = bins * 4 + 1;
	out.at[0] = barista_caffe_in(l, 0)->at[0];
	if (!barista_mul_exact(&out.at[1], 2, (int64_t[]){bins, barista_caffe_in(l, 0)->at[1]}))
		return barista_caffe_fail_shape(l, "its output is too large");
	return barista_caffe_out(l, 0, &out);
}

/* Sizes a pooling of regions, which makes channels x height x width for every region of bottom
 * 1. */
static int regions(struct barista_caffe_layer *l, int64_t channels, int64_t height, int64_t width)
{
	int rc = 0;

	if (l->op->nin < 2 || !barista_caffe_in(l, 1)->n)
		return barista_caffe_fail_layer(l, "it needs a second bottom: the regions");
	if ((rc = check_four_axes(l)))
		return rc;
	if (!height || !width || !channels)
		return barista_caffe_fail_layer(l, "the size of its output is missing");
	return barista_caffe_out(
		l, 0,
		&(struct barista_dims){4,
				       {barista_caffe_in(l, 1)->at[0], channels, height, width}});
}

int barista_caffe_roi_pooling(struct barista_caffe_layer *l)
{
	struct barista_proto *params;
	int64_t height = 0, width = 0;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "pooled_h", 1, 1 << 16, &height)) ||
	    (rc = barista_caffe_int(l, params, "pooled_w", 1, 1 << 16, &width)))
		return rc;
	return regions(l, barista_caffe_in(l, 0)->n > 1 ? barista_caffe_in(l, 0)->at[1] : 0, height,
		       width);
}

int barista_caffe_psroi_pooling(struct barista_caffe_layer *l)
{
	struct barista_proto *params;
	int64_t channels = 0, size = 0;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "output_dim", 1, 1 << 24, &channels)) ||
	    (rc = barista_caffe_int(l, params, "group_size", 1, 1 << 16, &size)))
		return rc;
	return regions(l, channels, size, size);
}

/* Counts the distinct aspect ratios: 1, those of the file, and with flip their inverses. */
static int count_ratios(struct barista_caffe_layer *l, struct barista_proto *params, bool flip,
			int64_t *out)
{
	enum { MAX_RATIOS = 64 };
	double ratio[2 * MAX_RATIOS + 1] = {1};
	size_t n = 1;

	for (struct barista_proto *f = barista_proto_find(params->first, "aspect_ratio"); f;
	     f = barista_proto_find(f->next, "aspect_ratio")) {
		double r;
		bool seen = false;
		int rc = barista_proto_real_value(&l->net->text, f, &r, l->net->err);

		if (rc)
			return rc;
		if (!(r > 0) || n > 2 * MAX_RATIOS - 1)
			return barista_fail_proto(l->net->err, &l->net->text, f,
						  r > 0 ? "more than 64 aspect ratios"
							: "an aspect ratio must be above zero");
		for (size_t i = 0; i < n; i++)
			seen |= fabs(ratio[i] - r) < 1e-6;
		if (!seen)
			ratio[n++] = r;
		if (!seen && flip)
			ratio[n++] = 1 / r;
	}
	*out = (int64_t)n;
	return 0;
}

/* Sizes SSD's PriorBox. It makes boxes at every position, one per smallest size and ratio and one
 * per largest size, each with four coordinates; a second channel holds their variances. */
int barista_caffe_prior_box(struct barista_caffe_layer *l)
{
	struct barista_dims out = {3, {1, 2}};
	struct barista_proto *params;
	int64_t ratios = 1, boxes;
	bool flip = true;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = check_four_axes(l)))
		return rc;
	l->op->sizes_only = true;
	if (!params || !(int64_t)barista_proto_count(params, "min_size"))
		return barista_caffe_fail_layer(l, "its min_size is missing");
	if ((rc = barista_proto_bool(&l->net->text, params, "flip", &flip, l->net->err)) ||
	    (rc = count_ratios(l, params, flip, &ratios)))
		return rc;
	boxes = ratios * (int64_t)barista_proto_count(params, "min_size") +
		(int64_t)barista_proto_count(params, "max_size");
	if (!barista_mul_exact(&out.at[2], 4,
			       (int64_t[]){boxes, 4, barista_caffe_in(l, 0)->at[2],
					   barista_caffe_in(l, 0)->at[3]}))
		return barista_caffe_fail_shape(l, "its output is too large");
	return barista_caffe_out(l, 0, &out);
}

/* Sizes YOLO's Reorg, which turns blocks of stride x stride pixels into channels, or the
 * reverse. */
int barista_caffe_reorg(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	int64_t stride = 0;
	bool reverse = false;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "stride", 1, 1 << 15, &stride)) ||
	    (rc = barista_proto_bool(&l->net->text, params, "reverse", &reverse, l->net->err)) ||
	    (rc = check_four_axes(l)))
		return rc;
	if (!stride)
		return barista_caffe_fail_layer(l, "its stride is missing");
	out.at[1] = reverse ? out.at[1] / (stride * stride) : out.at[1] * stride * stride;
	out.at[2] = reverse ? out.at[2] * stride : out.at[2] / stride;
	out.at[3] = reverse ? out.at[3] * stride : out.at[3] / stride;
	return barista_caffe_out(l, 0, &out);
}
