/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes a graph as a workload file, through libyaml. */
#include "import/workload_writer.h"

#include "import/graph.h"
#include "import/completeness.h"
#include "import/format.h"
#include "import/source.h"
#include "import/other_layers.h"
#include "import/window.h"
#include "io/yaml_writer.h"
#include "network/workload.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- layers ---- */

static int fail_write(const struct barista_source *src, struct barista_err *err)
{
	return barista_fail(err, BARISTA_E_SYSTEM,
			    "cannot write '%.300s' as a workload: out of memory", src->path);
}

/* Makes the name of a layer unique. The first layer of a name keeps it, the next one gets "#2" and
 * so on. `taken` maps every name that is in use to the last number that was tried with it, so that
 * n layers of one name take n steps, not n^2. */
static int layer_name(const struct barista_source *src, json_t *taken, const char *name,
		      const char **unique, struct barista_err *err)
{
	char base[480], out[520];
	json_int_t n;

	barista_yaml_writer_clean(base, sizeof base, *name ? name : "layer");
	snprintf(out, sizeof out, "%s", base);
	for (n = json_integer_value(json_object_get(taken, base)); json_object_get(taken, out);)
		snprintf(out, sizeof out, "%s#%lld", base, (long long)++n);
	*unique = barista_arena_strdup(src->arena, out);
	if (!*unique || json_object_set_new(taken, base, json_integer(n ? n : 1)) ||
	    json_object_set_new(taken, out, json_integer(1)))
		return fail_write(src, err);
	return 0;
}

static void window(struct barista_yaml_writer *w, const struct barista_mac *m)
{
	bool even = m->pad[0] == m->pad[2] && m->pad[1] == m->pad[3];

	barista_yaml_writer_numbers_pair(w, "kernel", m->kernel, 2);
	if (m->stride[0] != 1 || m->stride[1] != 1)
		barista_yaml_writer_numbers_pair(w, "stride", m->stride, 2);
	if (!even || m->pad[0] || m->pad[1])
		barista_yaml_writer_numbers_pair(w, "pad", m->pad, even ? 2 : 4);
	if (m->dilation[0] != 1 || m->dilation[1] != 1)
		barista_yaml_writer_numbers_pair(w, "dilation", m->dilation, 2);
	if (m->groups != 1)
		barista_yaml_writer_number_pair(w, "groups", m->groups);
}

static void layer(struct barista_yaml_writer *w, const char *name, const struct barista_op *op)
{
	static const char *const types[] = {"conv", "fc", "deconv"};
	const struct barista_mac *m = op->mac;

	barista_yaml_writer_open_map(w, true);
	barista_yaml_writer_pair(w, "name", name);
	barista_yaml_writer_scalar(w, "type", false);
	barista_yaml_writer_scalar(w, types[m->type], false);
	if (m->type == BARISTA_FC) {
		barista_yaml_writer_number_pair(w, "in", m->cin);
		barista_yaml_writer_number_pair(w, "out", m->cout);
		if (m->positions != 1)
			barista_yaml_writer_number_pair(w, "positions", m->positions);
	} else {
		barista_yaml_writer_numbers_pair(w, "in", (int64_t[]){m->cin, m->h, m->w}, 3);
		barista_yaml_writer_number_pair(w, "out", m->cout);
		window(w, m);
	}
	if (!op->bias)
		barista_yaml_writer_flag(w, "bias", false);
	if (!op->input_gradient)
		barista_yaml_writer_flag(w, "input_gradient", false);
	if (!op->weight_gradient)
		barista_yaml_writer_flag(w, "weight_gradient", false);
	barista_yaml_writer_close_map(w);
}

/* ---- layers that multiply nothing ---- */

static void size_pair(struct barista_yaml_writer *w, const char *key,
		      const struct barista_layer_size *size)
{
	if (size->chw)
		barista_yaml_writer_numbers_pair(w, key, size->chw, 3);
	else
		barista_yaml_writer_number_pair(w, key, size->elements);
}

static void step(struct barista_yaml_writer *w, const char *name, const struct barista_op *op,
		 const struct barista_sizes *s)
{
	const struct barista_layer_def *def = &barista_layer_defs[op->layer_type];

	barista_yaml_writer_open_map(w, true);
	barista_yaml_writer_pair(w, "name", name);
	barista_yaml_writer_scalar(w, "type", false);
	barista_yaml_writer_scalar(w, def->name, false);
	if (def->many && (s->inputs > 1 || op->layer_type == BARISTA_LAYER_SUM))
		barista_yaml_writer_number_pair(w, "inputs", s->inputs);
	size_pair(w, "in", &s->in);
	size_pair(w, "out", &s->out);
	if (def->kernel)
		barista_yaml_writer_numbers_pair(w, "kernel", op->window, 2);
	if (def->window)
		barista_yaml_writer_number_pair(w, "window", op->window[0]);
	if (op->weight_gradient && op->params) {
		barista_yaml_writer_number_pair(w, "params", op->params);
		if (op->blobs > 1)
			barista_yaml_writer_number_pair(w, "blobs", op->blobs);
	}
	if (!op->input_gradient)
		barista_yaml_writer_flag(w, "input_gradient", false);
	barista_yaml_writer_close_map(w);
}

static bool is_step(const struct barista_graph *g, const struct barista_op *op)
{
	struct barista_sizes s;

	return barista_op_is_step(g, op, &s);
}

/* Names every layer. Those that multiply are named before the others, so that their names do not
 * depend on which other layers an import understands. */
static int all_names(const struct barista_graph *g, const struct barista_source *src,
		     const char **name, struct barista_err *err)
{
	json_t *taken = json_object();
	int rc = taken ? 0 : fail_write(src, err);

	for (int multiplies = 1; multiplies >= 0; multiplies--)
		for (size_t i = 0; i < g->nops && !rc; i++)
			if (barista_op_is_layer(g, &g->op[i])
				    ? multiplies
				    : !multiplies && is_step(g, &g->op[i]))
				rc = layer_name(src, taken, g->op[i].name, &name[i], err);
	json_decref(taken);
	return rc;
}

static int all_layers(struct barista_yaml_writer *w, const struct barista_graph *g,
		      const struct barista_source *src, struct barista_err *err)
{
	const char **name = barista_arena_alloc(src->arena, g->nops + 1, sizeof *name);
	int rc = name ? all_names(g, src, name, err) : fail_write(src, err);

	if (rc)
		return rc;
	barista_yaml_writer_scalar(w, "layers", false);
	barista_yaml_writer_open_list(w, false);
	for (size_t i = 0; i < g->nops; i++) {
		struct barista_sizes s;

		if (barista_op_is_layer(g, &g->op[i]))
			layer(w, name[i], &g->op[i]);
		else if (barista_op_is_step(g, &g->op[i], &s))
			step(w, name[i], &g->op[i], &s);
	}
	barista_yaml_writer_close_list(w);
	return 0;
}

/* ---- the head ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Copies the name of a file without its folders and its ending. */
static void stem_name(char *to, size_t size, const char *path)
{
	char *dot;

	snprintf(to, size, "%s", base_name(path));
	dot = strrchr(to, '.');
	if (dot && dot > to)
		*dot = '\0';
}

/* Writes a comment that counts, by type, the layers that are left out because their sizes are not
 * known. The types are in the order of the file; a list of 400 characters is cut off. */
static int comment_left_out(struct barista_yaml_writer *w, const struct barista_graph *g,
			    const struct barista_source *src, struct barista_err *err)
{
	json_t *counts = json_object(), *count;
	const char *type;
	char line[500] = "";
	bool failed = !counts;

	for (size_t i = 0; i < g->nops && !failed; i++)
		if (barista_op_is_unsized(g, &g->op[i])) {
			json_int_t n = json_integer_value(json_object_get(counts, g->op[i].type));

			failed = json_object_set_new_nocheck(counts, g->op[i].type,
							     json_integer(n + 1));
		}
	json_object_foreach(counts, type, count)
	{
		size_t used = strlen(line);

		if (used < 400)
			snprintf(line + used, sizeof line - used, "%s%lld %.40s", used ? ", " : "",
				 (long long)json_integer_value(count), type);
		else if (line[used - 1] != '.')
			snprintf(line + used, sizeof line - used, ", ...");
	}
	json_decref(counts);
	if (failed)
		return fail_write(src, err);
	if (*line)
		barista_yaml_writer_comment(w,
					    "Without multiply-accumulates, and of sizes that are "
					    "not known, so not here: %s.",
					    line);
	if (src->other_phase)
		barista_yaml_writer_comment(w, "Layers of another phase, stage or level: %zu.",
					    src->other_phase);
	return 0;
}

static int comments(struct barista_yaml_writer *w, const struct barista_graph *g,
		    const struct barista_source *src, const char *incomplete,
		    struct barista_err *err)
{
	int rc;

	barista_yaml_writer_comment(w, "Made by `barista-dse import` from %.400s.",
				    base_name(src->path));
	if (*incomplete)
		barista_yaml_writer_comment(w, "INCOMPLETE: %s.", incomplete);
	if ((rc = comment_left_out(w, g, src, err)))
		return rc;
	if (!src->test_phase && !barista_graph_has_loss(g))
		barista_yaml_writer_comment(w,
					    "Without a loss, every output is taken to be trained.");
	return 0;
}

/* Turns a title into the name of a workload: letters in lower case, digits, dots and underscores,
 * with one dash for each run of other characters. */
static void slug(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 1 < size; from++) {
		bool good = isalnum((unsigned char)*from) || *from == '.' || *from == '_';

		if (good)
			to[n++] = (char)tolower((unsigned char)*from);
		else if (n && to[n - 1] != '-')
			to[n++] = '-';
	}
	while (n && to[n - 1] == '-')
		n--;
	to[n] = '\0';
	if (!n)
		snprintf(to, size, "network");
}

static void imported(struct barista_yaml_writer *w, const struct barista_source *src,
		     const char *incomplete)
{
	barista_yaml_writer_scalar(w, "imported", false);
	barista_yaml_writer_open_map(w, true);
	barista_yaml_writer_pair(w, "format", src->format->name);
	barista_yaml_writer_pair(w, "file", src->path);
	barista_yaml_writer_pair(w, "sha256", src->sha256);
	if (src->solver) {
		barista_yaml_writer_pair(w, "solver", src->solver);
		barista_yaml_writer_pair(w, "solver_sha256", src->solver_sha256);
	}
	barista_yaml_writer_pair(w, "phase", src->test_phase ? "test" : "train");
	if (*incomplete)
		barista_yaml_writer_pair(w, "incomplete", incomplete);
	barista_yaml_writer_close_map(w);
}

/* Writes the sizes of the main input as channels, height and width. Of more than three axes the
 * last is the width, and the product of those in between is the height. */
static int input_pair(struct barista_yaml_writer *w, const struct barista_dims *d,
		      const struct barista_source *src, struct barista_err *err)
{
	int64_t chw[3] = {1, 1, 1};

	for (size_t i = 1; i < d->n && i < 3; i++)
		chw[i - 1] = d->at[i];
	if (d->n > 3 && !barista_dims_product(d, 2, d->n - 1, &chw[1]))
		return fail_write(src, err);
	if (d->n > 3)
		chw[2] = d->at[d->n - 1];
	barista_yaml_writer_numbers_pair(w, "input", chw, 3);
	return 0;
}

static int head(struct barista_yaml_writer *w, const struct barista_graph *g,
		const struct barista_source *src, const char *incomplete, struct barista_err *err)
{
	char stem[300], name[64], source[600];
	const char *title = g->name && *g->name ? g->name : stem;

	stem_name(stem, sizeof stem, src->path);
	slug(name, sizeof name, title);
	snprintf(source, sizeof source, "imported from %.300s", base_name(src->path));
	barista_yaml_writer_scalar(w, "kind", false);
	barista_yaml_writer_scalar(w, "workload", false);
	barista_yaml_writer_pair(w, "name", name);
	barista_yaml_writer_pair(w, "title", title);
	barista_yaml_writer_pair(w, "source", source);
	barista_yaml_writer_scalar(w, "status", false);
	barista_yaml_writer_scalar(w, *incomplete ? "unverified" : "derived", false);
	imported(w, src, incomplete);
	barista_yaml_writer_number_pair(w, "batch",
					src->options->batch ? src->options->batch
					: g->batch          ? g->batch
							    : 1);
	if (src->iterations != 1)
		barista_yaml_writer_number_pair(w, "iterations", src->iterations);
	return input_pair(w, &g->input, src, err);
}

static int document(struct barista_yaml_writer *w, const struct barista_graph *g,
		    const struct barista_source *src, const char *incomplete,
		    struct barista_err *err)
{
	yaml_event_t e;
	int rc = comments(w, g, src, incomplete, err);

	if (rc)
		return rc;
	barista_yaml_writer_event(w, &e,
				  yaml_stream_start_event_initialize(&e, YAML_UTF8_ENCODING));
	barista_yaml_writer_event(w, &e,
				  yaml_document_start_event_initialize(&e, NULL, NULL, NULL, 1));
	barista_yaml_writer_open_map(w, false);
	if ((rc = head(w, g, src, incomplete, err)) || (rc = all_layers(w, g, src, err)))
		return rc;
	barista_yaml_writer_close_map(w);
	barista_yaml_writer_event(w, &e, yaml_document_end_event_initialize(&e, 1));
	barista_yaml_writer_event(w, &e, yaml_stream_end_event_initialize(&e));
	return 0;
}

int barista_graph_write(const struct barista_graph *g, const struct barista_source *src,
			const char *incomplete, const char **yaml, size_t *size,
			struct barista_err *err)
{
	struct barista_yaml_writer w;
	int rc;

	if (!barista_yaml_writer_open(&w, src->arena))
		return barista_no_memory(err);
	rc = document(&w, g, src, incomplete, err);
	barista_yaml_writer_close(&w);
	if (rc)
		return rc;
	/* The writer keeps the failure of any of its calls until now. */
	if (w.failed)
		return fail_write(src, err);
	*yaml = w.text.data;
	*size = w.text.size;
	return 0;
}
