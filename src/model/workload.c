/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"
#include "base/text.h"
#include "import/import.h"
#include "io/schema.h"
#include "model/data.h"

#include <stdio.h>
#include <string.h>

static const double max_size = 1 << 24;   /* of one dimension: far above any network */

struct raw_layer {
	const char *name, *type;
	const struct barista_node *in, *out;
	const struct barista_node *pad;
	int64_t kernel[2], stride[2], dilation[2], groups, positions;
	bool input_gradient, weight_gradient;
};

static int fail_layer(struct barista_err *err, const struct barista_doc *doc,
		      const struct barista_node *node, const char *name, const char *what)
{
	return barista_fail_node(err, doc, node, "layer '%.80s': %s", name, what);
}

/* Output size of a convolution along one axis, Caffe's rule; 0 when nothing fits. */
static int64_t conv_out(int64_t in, int64_t k, int64_t stride, int64_t pads, int64_t dil)
{
	int64_t room = in + pads - (dil * (k - 1) + 1);

	return room < 0 ? 0 : room / stride + 1;
}

static int64_t deconv_out(int64_t in, int64_t k, int64_t stride, int64_t pads, int64_t dil)
{
	return stride * (in - 1) + dil * (k - 1) + 1 - pads;
}

/* [height, width], or [top, left, bottom, right]. The end of a deconvolution's padding may be negative: rows and
 * columns that it adds there. */
static int decode_pad(struct barista_layer *l, const struct barista_doc *doc, const struct barista_node *node,
		      struct barista_err *err)
{
	int64_t pad[4] = {0};
	bool four = node && node->kind == BARISTA_SEQUENCE && node->n == 4;
	double lo = four && l->type == BARISTA_DECONV ? -65536 : 0;
	int rc = node ? barista_decode_ints(doc, node, "pad", lo, 65536, four ? 4 : 2, pad, err) : 0;

	if (rc)
		return rc;
	if (pad[0] < 0 || pad[1] < 0)
		return barista_fail_node(err, doc, node, "only the last two of four pads may be negative");
	l->pad_h = pad[0], l->pad_w = pad[1];
	l->pad_end_h = four ? pad[2] : pad[0], l->pad_end_w = four ? pad[3] : pad[1];
	return 0;
}

static int count_macs(struct barista_layer *l, const struct barista_doc *doc,
		      const struct barista_node *node, struct barista_err *err)
{
	/* A deconvolution multiplies at its input's positions, a convolution at its output's. */
	bool deconv = l->type == BARISTA_DECONV;
	int64_t weights[] = {l->cout, l->cin / l->groups, l->kh, l->kw};
	int64_t positions = deconv ? l->h * l->w : l->oh * l->ow;

	/* fc: h and oh are the rows that it works on per image. */
	if (!barista_mul_exact(&l->weights, 4, weights) ||
	    !barista_mul_exact(&l->macs, 2, (int64_t[]){l->weights, positions}))
		return fail_layer(err, doc, node, l->name,
				  "more than 2^53 multiply-accumulates per image: counts would not be exact");
	return 0;
}

static int finish_conv(struct barista_layer *l, const struct raw_layer *raw,
		       const struct barista_doc *doc, const struct barista_node *node,
		       struct barista_err *err)
{
	int64_t in[3], out;
	int rc = barista_decode_ints(doc, raw->in, "in", 1, max_size, 3, in, err);

	if (rc || (rc = barista_decode_int(doc, raw->out, "out", 1, max_size, &out, err)))
		return rc;
	if (!raw->kernel[0])
		return fail_layer(err, doc, node, l->name, "missing key 'kernel'");
	l->cin = in[0], l->h = in[1], l->w = in[2], l->cout = out;
	l->kh = raw->kernel[0], l->kw = raw->kernel[1];
	l->stride_h = raw->stride[0], l->stride_w = raw->stride[1];
	if ((rc = decode_pad(l, doc, raw->pad, err)))
		return rc;
	l->dil_h = raw->dilation[0], l->dil_w = raw->dilation[1];
	l->groups = raw->groups;
	if (barista_node_get(node, "positions"))
		return barista_fail_node(err, doc, barista_node_get(node, "positions"),
					 "'positions' belongs to layers of type fc");
	if (l->cin % l->groups || l->cout % l->groups)
		return fail_layer(err, doc, node, l->name, "'groups' must divide both channel counts");
	if (l->type == BARISTA_CONV) {
		l->oh = conv_out(l->h, l->kh, l->stride_h, l->pad_h + l->pad_end_h, l->dil_h);
		l->ow = conv_out(l->w, l->kw, l->stride_w, l->pad_w + l->pad_end_w, l->dil_w);
	} else {
		l->oh = deconv_out(l->h, l->kh, l->stride_h, l->pad_h + l->pad_end_h, l->dil_h);
		l->ow = deconv_out(l->w, l->kw, l->stride_w, l->pad_w + l->pad_end_w, l->dil_w);
	}
	if (l->oh < 1 || l->ow < 1)
		return fail_layer(err, doc, node, l->name, l->type == BARISTA_CONV
				  ? "the output is empty: the kernel is larger than the padded input"
				  : "the output is empty: the padding takes all of it");
	return count_macs(l, doc, node, err);
}

static int finish_fc(struct barista_layer *l, const struct raw_layer *raw,
		     const struct barista_doc *doc, const struct barista_node *node,
		     struct barista_err *err)
{
	static const char *const conv_only[] = {"kernel", "stride", "pad", "dilation", "groups", NULL};
	int rc = barista_decode_int(doc, raw->in, "in", 1, 1e12, &l->cin, err);

	if (rc || (rc = barista_decode_int(doc, raw->out, "out", 1, 1e12, &l->cout, err)))
		return rc;
	for (size_t i = 0; conv_only[i]; i++)
		if (barista_node_get(node, conv_only[i]))
			return barista_fail_node(err, doc, barista_node_get(node, conv_only[i]),
						 "'%s' does not belong to a layer of type fc", conv_only[i]);
	l->w = l->kh = l->kw = l->stride_h = l->stride_w = l->dil_h = l->dil_w = l->groups = l->ow = 1;
	l->h = l->oh = raw->positions;
	return count_macs(l, doc, node, err);
}

static int decode_layer(struct barista_layer *l, const struct barista_doc *doc,
			const struct barista_node *node, struct barista_err *err)
{
	static const struct barista_field fields[] = {
		{"name", BARISTA_FIELD_STRING, offsetof(struct raw_layer, name), true, 0, 0, 0, 0},
		{"type", BARISTA_FIELD_STRING, offsetof(struct raw_layer, type), true, 0, 0, 0, 0},
		{"in", BARISTA_FIELD_ANY, offsetof(struct raw_layer, in), true, 0, 0, 0, 0},
		{"out", BARISTA_FIELD_ANY, offsetof(struct raw_layer, out), true, 0, 0, 0, 0},
		{"kernel", BARISTA_FIELD_INTS, offsetof(struct raw_layer, kernel), false, 1, 65536, 0, 2},
		{"stride", BARISTA_FIELD_INTS, offsetof(struct raw_layer, stride), false, 1, 65536, 0, 2},
		{"pad", BARISTA_FIELD_ANY, offsetof(struct raw_layer, pad), false, 0, 0, 0, 0},
		{"dilation", BARISTA_FIELD_INTS, offsetof(struct raw_layer, dilation), false, 1, 65536, 0, 2},
		{"groups", BARISTA_FIELD_INT, offsetof(struct raw_layer, groups), false, 1, 1 << 24, 0, 0},
		{"positions", BARISTA_FIELD_INT, offsetof(struct raw_layer, positions), false, 1, 1 << 24, 0, 0},
		{"weight_gradient", BARISTA_FIELD_BOOL, offsetof(struct raw_layer, weight_gradient), false,
		 0, 0, 0, 0},
		{"input_gradient", BARISTA_FIELD_BOOL, offsetof(struct raw_layer, input_gradient), false,
		 0, 0, 0, 0},
	};
	static const char *const types[] = {"conv", "fc", "deconv", NULL};
	struct raw_layer raw = {.stride = {1, 1}, .dilation = {1, 1}, .groups = 1, .positions = 1,
				.input_gradient = true, .weight_gradient = true};
	size_t t;
	int rc;

	if (node->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, node, "a layer must be a mapping");
	if ((rc = barista_decode(doc, node, fields, sizeof fields / sizeof *fields, &raw, err)))
		return rc;
	t = barista_word_index(types, raw.type);
	if (!types[t])
		return barista_fail_unknown(doc, barista_node_get(node, "type"), "type", types, err);
	*l = (struct barista_layer){.name = raw.name, .type = (enum barista_layer_type)t,
				    .input_gradient = raw.input_gradient, .weight_gradient = raw.weight_gradient};
	return t == BARISTA_FC ? finish_fc(l, &raw, doc, node, err) : finish_conv(l, &raw, doc, node, err);
}

/* A layer without an input gradient reads the network's input: their shapes must agree. Not so above frozen layers,
 * and an importer has followed the network itself. */
static int check_reads_input(const struct barista_workload *net, const struct barista_layer *l,
			     const struct barista_doc *doc, const struct barista_node *node,
			     struct barista_err *err)
{
	const int64_t *in = net->input;
	bool same = l->type == BARISTA_FC ? l->cin == in[0] * in[1] * in[2]
					  : l->cin == in[0] && l->h == in[1] && l->w == in[2];

	if (l->input_gradient || !l->weight_gradient || same || net->imported)
		return 0;
	for (const struct barista_layer *below = net->layer; below < l; below++)
		if (!below->weight_gradient)
			return 0;
	return barista_fail_node(err, doc, barista_node_get(node, "in"),
				 "layer '%.80s' has no input gradient, so it reads the network's input, but that is "
				 "%lldx%lldx%lld", l->name, (long long)in[0], (long long)in[1], (long long)in[2]);
}

struct raw_workload {
	const char *kind, *name, *title, *source, *status;
	int64_t batch, iterations, input[3];
	const struct barista_node *layers, *imported;
};

/* Where `import` had it from: texts. */
static int read_imported(struct barista_workload *net, const struct barista_doc *doc, const struct barista_node *map,
			 struct barista_err *err)
{
	struct raw { const char *format, *file, *sha256, *solver, *solver_sha256, *phase, *incomplete; } raw = {0};
	static const struct barista_field fields[] = {
		{"format", BARISTA_FIELD_STRING, offsetof(struct raw, format), true, 0, 0, 0, 0},
		{"file", BARISTA_FIELD_STRING, offsetof(struct raw, file), true, 0, 0, 0, 0},
		{"sha256", BARISTA_FIELD_STRING, offsetof(struct raw, sha256), true, 0, 0, 0, 0},
		{"solver", BARISTA_FIELD_STRING, offsetof(struct raw, solver), false, 0, 0, 0, 0},
		{"solver_sha256", BARISTA_FIELD_STRING, offsetof(struct raw, solver_sha256), false, 0, 0, 0, 0},
		{"phase", BARISTA_FIELD_STRING, offsetof(struct raw, phase), true, 0, 0, 0, 0},
		{"incomplete", BARISTA_FIELD_STRING, offsetof(struct raw, incomplete), false, 0, 0, 0, 0},
	};
	int rc = map ? barista_decode(doc, map, fields, sizeof fields / sizeof *fields, &raw, err) : 0;

	net->imported = map != NULL;
	net->incomplete = raw.incomplete;
	return rc;
}

static int decode_layers(struct barista_workload *net, const struct barista_doc *doc,
			 const struct barista_node *list, struct barista_err *err)
{
	if (!list->n)
		return barista_fail_node(err, doc, list, "the network has no layers");
	if (list->n > BARISTA_MAX_LAYERS)
		return barista_fail_node(err, doc, list, "more than %d layers", BARISTA_MAX_LAYERS);
	net->layer = barista_arena_alloc(net->arena, list->n, sizeof *net->layer);
	if (!net->layer)
		return barista_no_memory(err);
	for (size_t i = 0; i < list->n; i++) {
		int rc = decode_layer(&net->layer[i], doc, list->item[i], err);

		if (rc)
			return rc;
		if ((rc = check_reads_input(net, &net->layer[i], doc, list->item[i], err)))
			return rc;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(net->layer[j].name, net->layer[i].name))
				return barista_fail_node(err, doc, list->item[i], "two layers are named '%.80s'",
							 net->layer[i].name);
	}
	net->nlayers = list->n;
	net->step = barista_arena_alloc(net->arena, list->n, sizeof *net->step);
	if (!net->step)
		return barista_no_memory(err);
	for (size_t i = 0; i < list->n; i++)
		net->step[i] = (struct barista_step){.name = net->layer[i].name, .layer = i,
						     .input_gradient = net->layer[i].input_gradient};
	net->nsteps = list->n;
	net->only_layers = true;
	return 0;
}

static int decode_workload(struct barista_workload *net, const struct barista_doc *doc,
			   struct barista_err *err)
{
	static const char *const kinds[] = {"workload", NULL};
	static const char *const statuses[] = {"verified", "unverified", "derived", "assumed", NULL};
	static const struct barista_field fields[] = {
		{"kind", BARISTA_FIELD_STRING, offsetof(struct raw_workload, kind), true, 0, 0, 0, 0},
		{"name", BARISTA_FIELD_STRING, offsetof(struct raw_workload, name), true, 0, 0, 0, 0},
		{"title", BARISTA_FIELD_STRING, offsetof(struct raw_workload, title), true, 0, 0, 0, 0},
		{"source", BARISTA_FIELD_STRING, offsetof(struct raw_workload, source), true, 0, 0, 0, 0},
		{"status", BARISTA_FIELD_STRING, offsetof(struct raw_workload, status), true, 0, 0, 0, 0},
		{"batch", BARISTA_FIELD_INT, offsetof(struct raw_workload, batch), true, 1, 1 << 24, 0, 0},
		{"iterations", BARISTA_FIELD_INT, offsetof(struct raw_workload, iterations), false, 1, 1 << 24, 0, 0},
		{"imported", BARISTA_FIELD_MAP, offsetof(struct raw_workload, imported), false, 0, 0, 0, 0},
		{"input", BARISTA_FIELD_INTS, offsetof(struct raw_workload, input), true, 1, 1 << 24, 0, 3},
		{"layers", BARISTA_FIELD_LIST, offsetof(struct raw_workload, layers), true, 0, 0, 0, 0},
	};
	struct raw_workload raw = {.iterations = 1};
	int rc = barista_data_kind(doc, kinds, err);

	if (rc || (rc = barista_decode(doc, doc->root, fields, sizeof fields / sizeof *fields, &raw, err)))
		return rc;
	if (!statuses[barista_word_index(statuses, raw.status)])
		return barista_fail_unknown(doc, barista_node_get(doc->root, "status"), "status", statuses,
					    err);
	net->name = raw.name;
	net->title = raw.title;
	net->source = raw.source;
	net->status = raw.status;
	net->batch = raw.batch;
	net->iterations = raw.iterations;
	if ((rc = read_imported(net, doc, raw.imported, err)))
		return rc;
	memcpy(net->input, raw.input, sizeof net->input);
	return decode_layers(net, doc, raw.layers, err);
}

static int make_empty(struct barista_workload **out, struct barista_err *err)
{
	struct barista_arena *arena = barista_arena_make();

	*out = arena ? barista_arena_alloc(arena, 1, sizeof **out) : NULL;
	if (*out) {
		(*out)->arena = arena;
		return 0;
	}
	barista_arena_free(arena);
	return barista_no_memory(err);
}

int barista_workload_load(struct barista_workload **out, const char *name, const char *data_dir,
			  struct barista_err *err)
{
	struct barista_workload *net;
	struct barista_doc doc;
	int rc;

	if (barista_is_importable(name))
		return barista_workload_import(out, name, &(struct barista_import_options){0}, err);
	if ((rc = make_empty(&net, err)))
		return rc;
	rc = barista_data_load(&doc, name, data_dir, "workloads", net->arena, net->sha256, err);
	if (!rc)
		rc = decode_workload(net, &doc, err);
	if (rc) {
		barista_workload_free(net);
		return rc;
	}
	net->path = doc.path;
	*out = net;
	return 0;
}

/* The workload is decoded from the text that import made, as it will be from the file. */
static int decode_imported(struct barista_workload *net, const struct barista_source *src, const char *yaml,
			   size_t size, struct barista_err *err)
{
	struct barista_doc doc;
	char *text = barista_arena_strdup(net->arena, yaml), name[600];

	net->yaml = text;
	net->path = barista_arena_strdup(net->arena, src->path);
	net->remarks = src->remarks.data ? barista_arena_strdup(net->arena, src->remarks.data) : NULL;
	if (!text || !net->path || (src->remarks.data && !net->remarks))
		return barista_no_memory(err);
	memcpy(net->sha256, src->sha256, sizeof net->sha256);
	/* Its lines are not those of the file. */
	snprintf(name, sizeof name, "%.560s, as a workload", src->path);
	if (barista_doc_parse(&doc, name, text, size, net->arena, err))
		return err->status;
	return decode_workload(net, &doc, err);
}

int barista_workload_import(struct barista_workload **out, const char *path,
			    const struct barista_import_options *options, struct barista_err *err)
{
	struct barista_source src = {.options = options, .arena = barista_arena_make()};
	struct barista_workload *net;
	const char *yaml;
	size_t size;
	int rc = src.arena ? make_empty(&net, err) : barista_no_memory(err);

	if (rc) {
		barista_arena_free(src.arena);
		return rc;
	}
	rc = barista_import(&src, path, &yaml, &size, err);
	if (!rc)
		rc = decode_imported(net, &src, yaml, size, err);
	barista_arena_free(src.arena);
	if (rc)
		barista_workload_free(net);
	else
		*out = net;
	return rc;
}

void barista_workload_free(struct barista_workload *net)
{
	if (net)
		barista_arena_free(net->arena);
}
