/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A graph as a workload file, through libyaml. */
#include "import/geometry.h"
#include "import/import.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct writer {
	yaml_emitter_t emitter;
	struct barista_arena *arena;
	struct barista_text text;
	json_t *taken;                 /* names of layers */
	bool failed;
};

/* ---- text ---- */

static int append(void *data, unsigned char *bytes, size_t n)
{
	struct writer *w = data;

	return barista_text_add(&w->text, w->arena, bytes, n);
}

/* Text that a workload file may hold: no control characters, valid UTF-8, of a length that people read. */
static void clean(char *to, size_t size, const char *from)
{
	json_t *valid;
	bool plain;

	snprintf(to, size, "%s", from);
	for (char *p = to; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	valid = json_string(to);
	/* C1 controls, byte-order marks and U+FFFE and U+FFFF are valid UTF-8, but YAML has none. */
	plain = valid && !strstr(to, "\xef\xbb\xbf") && !strstr(to, "\xef\xbf\xbe") && !strstr(to, "\xef\xbf\xbf") &&
		!strchr(to, '\xc2');
	for (char *p = to; *p && !plain; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	json_decref(valid);
}

static void comment(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void comment(struct writer *w, const char *fmt, ...)
{
	char text[600], safe[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	clean(safe, sizeof safe, text);
	w->failed |= !append(w, (unsigned char *)"# ", 2) || !append(w, (unsigned char *)safe, strlen(safe)) ||
		     !append(w, (unsigned char *)"\n", 1);
}

/* ---- YAML ---- */

static void emit(struct writer *w, yaml_event_t *event, int made)
{
	if (!made || w->failed || !yaml_emitter_emit(&w->emitter, event))
		w->failed = true;
}

static void scalar(struct writer *w, const char *text, bool quoted)
{
	yaml_event_t e;

	emit(w, &e, yaml_scalar_event_initialize(&e, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
						  quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE));
}

static void pair(struct writer *w, const char *key, const char *text)
{
	char safe[600];

	clean(safe, sizeof safe, text);
	scalar(w, key, false);
	scalar(w, safe, true);
}

static void number(struct writer *w, int64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)value);
	scalar(w, text, false);
}

static void number_pair(struct writer *w, const char *key, int64_t value)
{
	scalar(w, key, false);
	number(w, value);
}

static void open_map(struct writer *w, bool flow)
{
	yaml_event_t e;

	emit(w, &e, yaml_mapping_start_event_initialize(&e, NULL, NULL, 1,
		flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE));
}

static void close_map(struct writer *w)
{
	yaml_event_t e;

	emit(w, &e, yaml_mapping_end_event_initialize(&e));
}

static void open_list(struct writer *w, bool flow)
{
	yaml_event_t e;

	emit(w, &e, yaml_sequence_start_event_initialize(&e, NULL, NULL, 1,
		flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE));
}

static void close_list(struct writer *w)
{
	yaml_event_t e;

	emit(w, &e, yaml_sequence_end_event_initialize(&e));
}

static void numbers_pair(struct writer *w, const char *key, const int64_t *value, size_t n)
{
	scalar(w, key, false);
	open_list(w, true);
	for (size_t i = 0; i < n; i++)
		number(w, value[i]);
	close_list(w);
}

/* ---- layers ---- */

/* A name of its own: another layer of that name gets a number. `taken` holds the last one. */
static void layer_name(struct writer *w, const char *name, char *out, size_t size)
{
	char base[480];
	json_int_t n;

	clean(base, sizeof base, *name ? name : "layer");
	snprintf(out, size, "%s", base);
	for (n = json_integer_value(json_object_get(w->taken, base)); json_object_get(w->taken, out);)
		snprintf(out, size, "%s#%lld", base, (long long)++n);
	w->failed |= json_object_set_new(w->taken, base, json_integer(n ? n : 1)) ||
		     json_object_set_new(w->taken, out, json_integer(1));
}

static void window(struct writer *w, const struct barista_mac *m)
{
	bool even = m->pad[0] == m->pad[2] && m->pad[1] == m->pad[3];

	numbers_pair(w, "kernel", m->kernel, 2);
	if (m->stride[0] != 1 || m->stride[1] != 1)
		numbers_pair(w, "stride", m->stride, 2);
	if (!even || m->pad[0] || m->pad[1])
		numbers_pair(w, "pad", m->pad, even ? 2 : 4);
	if (m->dilation[0] != 1 || m->dilation[1] != 1)
		numbers_pair(w, "dilation", m->dilation, 2);
	if (m->groups != 1)
		number_pair(w, "groups", m->groups);
}

static void layer(struct writer *w, const struct barista_op *op)
{
	static const char *const types[] = {"conv", "fc", "deconv"};
	const struct barista_mac *m = op->mac;
	char name[520];

	layer_name(w, op->name, name, sizeof name);
	open_map(w, true);
	pair(w, "name", name);
	scalar(w, "type", false);
	scalar(w, types[m->type], false);
	if (m->type == BARISTA_MAC_FC) {
		number_pair(w, "in", m->cin);
		number_pair(w, "out", m->cout);
		if (m->positions != 1)
			number_pair(w, "positions", m->positions);
	} else {
		numbers_pair(w, "in", (int64_t[]){m->cin, m->h, m->w}, 3);
		number_pair(w, "out", m->cout);
		window(w, m);
	}
	if (!op->input_gradient) {
		scalar(w, "input_gradient", false);
		scalar(w, "false", false);
	}
	if (!op->weight_gradient) {
		scalar(w, "weight_gradient", false);
		scalar(w, "false", false);
	}
	close_map(w);
}

/* ---- the head ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Without folders and ending. */
static void stem_name(char *to, size_t size, const char *path)
{
	char *dot;

	snprintf(to, size, "%s", base_name(path));
	dot = strrchr(to, '.');
	if (dot && dot > to)
		*dot = '\0';
}

/* What is not multiply-accumulates, counted by type in the order of the file. */
static void comment_left_out(struct writer *w, const struct barista_graph *g, const struct barista_source *src)
{
	json_t *counts = json_object(), *count;
	const char *type;
	char line[500] = "";

	for (size_t i = 0; i < g->nops; i++)
		if (!g->op[i].mac && !g->op[i].problem && !g->op[i].multiplies)
			json_object_set_new_nocheck(counts, g->op[i].type,
				json_integer(json_integer_value(json_object_get(counts, g->op[i].type)) + 1));
	json_object_foreach(counts, type, count) {
		size_t used = strlen(line);

		if (used < 400)
			snprintf(line + used, sizeof line - used, "%s%lld %.40s", used ? ", " : "",
				 (long long)json_integer_value(count), type);
		else if (line[used - 1] != '.')
			snprintf(line + used, sizeof line - used, ", ...");
	}
	json_decref(counts);
	if (*line)
		comment(w, "Without multiply-accumulates, so not here: %s.", line);
	if (src->other_phase)
		comment(w, "Layers of another phase, stage or level: %zu.", src->other_phase);
}

static void comments(struct writer *w, const struct barista_graph *g, const struct barista_source *src,
		     const char *incomplete)
{
	comment(w, "Made by `barista-dse import` from %.400s.", base_name(src->path));
	if (*incomplete)
		comment(w, "INCOMPLETE: %s.", incomplete);
	comment_left_out(w, g, src);
	if (!src->test_phase && !barista_graph_has_loss(g))
		comment(w, "Without a loss, every output is taken to be trained.");
}

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

static void imported(struct writer *w, const struct barista_source *src, const char *incomplete)
{
	scalar(w, "imported", false);
	open_map(w, true);
	pair(w, "format", src->format);
	pair(w, "file", src->path);
	pair(w, "sha256", src->sha256);
	if (src->solver) {
		pair(w, "solver", src->solver);
		pair(w, "solver_sha256", src->solver_sha256);
	}
	pair(w, "phase", src->test_phase ? "test" : "train");
	if (*incomplete)
		pair(w, "incomplete", incomplete);
	close_map(w);
}

/* Channels, height, width: further axes are drawn into the height. */
static void input_pair(struct writer *w, const struct barista_dims *d)
{
	int64_t chw[3] = {1, 1, 1};

	for (size_t i = 1; i < d->n && i < 3; i++)
		chw[i - 1] = d->at[i];
	if (d->n > 3 && !barista_dims_product(d, 2, d->n - 1, &chw[1]))
		w->failed = true;
	if (d->n > 3)
		chw[2] = d->at[d->n - 1];
	numbers_pair(w, "input", chw, 3);
}

static void head(struct writer *w, const struct barista_graph *g, const struct barista_source *src,
		 const char *incomplete)
{
	char stem[300], name[64], source[600];
	const char *title = g->name && *g->name ? g->name : stem;

	stem_name(stem, sizeof stem, src->path);
	slug(name, sizeof name, title);
	snprintf(source, sizeof source, "imported from %.300s", base_name(src->path));
	scalar(w, "kind", false);
	scalar(w, "workload", false);
	pair(w, "name", name);
	pair(w, "title", title);
	pair(w, "source", source);
	scalar(w, "status", false);
	scalar(w, *incomplete ? "unverified" : "derived", false);
	imported(w, src, incomplete);
	number_pair(w, "batch", src->options->batch ? src->options->batch : g->batch ? g->batch : 1);
	if (src->iterations != 1)
		number_pair(w, "iterations", src->iterations);
	input_pair(w, &g->input);
}

static void document(struct writer *w, const struct barista_graph *g, struct barista_source *src,
		     const char *incomplete)
{
	yaml_event_t e;

	comments(w, g, src, incomplete);
	emit(w, &e, yaml_stream_start_event_initialize(&e, YAML_UTF8_ENCODING));
	emit(w, &e, yaml_document_start_event_initialize(&e, NULL, NULL, NULL, 1));
	open_map(w, false);
	head(w, g, src, incomplete);
	scalar(w, "layers", false);
	open_list(w, false);
	for (size_t i = 0; i < g->nops; i++)
		if (barista_op_is_layer(g, &g->op[i]))
			layer(w, &g->op[i]);
	close_list(w);
	close_map(w);
	emit(w, &e, yaml_document_end_event_initialize(&e, 1));
	emit(w, &e, yaml_stream_end_event_initialize(&e));
}

int barista_graph_write(const struct barista_graph *g, struct barista_source *src, const char *incomplete,
			const char **yaml, size_t *size, struct barista_err *err)
{
	struct writer w = {.arena = src->arena, .taken = json_object()};

	if (!w.taken || !yaml_emitter_initialize(&w.emitter)) {
		json_decref(w.taken);
		return barista_no_memory(err);
	}
	yaml_emitter_set_output(&w.emitter, append, &w);
	yaml_emitter_set_unicode(&w.emitter, 1);
	yaml_emitter_set_width(&w.emitter, -1);
	document(&w, g, src, incomplete);
	yaml_emitter_delete(&w.emitter);
	json_decref(w.taken);
	if (w.failed)
		return barista_fail(err, BARISTA_SYSTEM, "cannot write '%.300s' as a workload: out of memory", src->path);
	*yaml = w.text.data;
	*size = w.text.size;
	return 0;
}
