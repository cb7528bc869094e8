/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onnx_model.h"

#include "base/arena.h"
#include "import/onnx/onnx.h"

static void *room(struct model *m, size_t n, size_t size)
{
	void *p = barista_arena_alloc(m->arena, n, size);

	assert_non_null(p);
	return p;
}

static char *copy(struct model *m, const char *text)
{
	char *p = barista_arena_strdup(m->arena, text);

	assert_non_null(p);
	return p;
}

static size_t parts(const char *text, char separator)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == separator;
	return n;
}

static void add_input(struct model *m, const char *name, char *sizes)
{
	Barista__Onnx__ValueInfoProto *v = room(m, 1, sizeof *v);
	Barista__Onnx__TensorShapeProto *shape = room(m, 1, sizeof *shape);

	barista__onnx__value_info_proto__init(v);
	barista__onnx__tensor_shape_proto__init(shape);
	v->name = copy(m, name);
	v->type = room(m, 1, sizeof *v->type);
	barista__onnx__type_proto__init(v->type);
	v->type->tensor_type = room(m, 1, sizeof *v->type->tensor_type);
	barista__onnx__tensor_type_proto__init(v->type->tensor_type);
	v->type->tensor_type->shape = shape;
	shape->dim = room(m, parts(sizes, 'x'), sizeof *shape->dim);
	for (char *next, *p = strcmp(sizes, "scalar") ? sizes : NULL; p; p = next) {
		Barista__Onnx__DimensionProto *d = room(m, 1, sizeof *d);

		next = strchr(p, 'x');
		if (next)
			*next++ = '\0';
		barista__onnx__dimension_proto__init(d);
		d->has_dim_value = strspn(p, "-0123456789") == strlen(p);
		d->dim_value = atoll(p);
		if (!d->has_dim_value)
			d->dim_param = copy(m, p);
		shape->dim[shape->n_dim++] = d;
	}
	m->input[m->graph.n_input++] = v;
}

static Barista__Onnx__TensorProto *add_tensor(struct model *m, const char *name)
{
	Barista__Onnx__TensorProto *t = m->tensor[m->graph.n_initializer++] = room(m, 1, sizeof *t);

	barista__onnx__tensor_proto__init(t);
	t->name = copy(m, name);
	t->has_data_type = true;
	return t;
}

static void add_weights(struct model *m, const char *name, char *sizes)
{
	Barista__Onnx__TensorProto *t = add_tensor(m, name);

	t->data_type = 1;
	t->has_data_location = true;
	t->data_location = 1;
	t->dims = room(m, parts(sizes, 'x'), sizeof *t->dims);
	for (char *p = strtok(sizes, "x"); p; p = strtok(NULL, "x"))
		t->dims[t->n_dims++] = atoll(p);
}

static void add_elements(struct model *m, const char *name, char *values, bool real)
{
	Barista__Onnx__TensorProto *t = add_tensor(m, name);
	size_t n = parts(values, ',');
	bool scalar = strchr(values, 'x');

	t->data_type = real ? 1 : 7;
	t->float_data = room(m, n, sizeof *t->float_data);
	t->int64_data = room(m, n, sizeof *t->int64_data);
	for (char *p = strtok(values, ","); p && strcmp(p, "none"); p = strtok(NULL, ","))
		if (real)
			t->float_data[t->n_float_data++] = strtof(p, NULL);
		else
			t->int64_data[t->n_int64_data++] = atoll(p);
	t->dims = room(m, 1, sizeof *t->dims);
	t->n_dims = !scalar;
	t->dims[0] = (int64_t)(t->n_float_data + t->n_int64_data);
}

static void add_attribute(struct model *m, Barista__Onnx__NodeProto *node, char *text)
{
	Barista__Onnx__AttributeProto *a = node->attribute[node->n_attribute++] =
		room(m, 1, sizeof *a);
	char *value = strchr(text, '=');

	*value++ = '\0';
	barista__onnx__attribute_proto__init(a);
	a->name = copy(m, text);
	a->has_type = true;
	if (*value == '[' && strchr(value, '.')) {
		a->type = 6;
		a->floats = room(m, parts(value, ','), sizeof *a->floats);
		for (char *p = value + 1; *p && *p != ']'; p += *p == ',')
			a->floats[a->n_floats++] = strtof(p, &p);
	} else if (*value == '[') {
		a->type = 7;
		a->ints = room(m, parts(value, ','), sizeof *a->ints);
		for (char *p = value + 1; *p && *p != ']'; p += *p == ',')
			a->ints[a->n_ints++] = strtoll(p, &p, 10);
	} else if (strspn(value, "-0123456789") == strlen(value)) {
		a->type = 2;
		a->has_i = true;
		a->i = atoll(value);
	} else {
		a->type = 3;
		a->has_s = true;
		a->s = (ProtobufCBinaryData){strlen(value), (uint8_t *)copy(m, value)};
	}
}

/* "Conv x w > y group=2", cut into words. */
static void add_node(struct model *m, char **word, size_t n)
{
	Barista__Onnx__NodeProto *node = m->node[m->graph.n_node++] = room(m, 1, sizeof *node);
	bool behind = false;
	char *dot = strrchr(word[0], '.');

	barista__onnx__node_proto__init(node);
	node->op_type = copy(m, dot ? dot + 1 : word[0]);
	if (dot)
		*dot = '\0';
	node->domain = dot ? copy(m, word[0]) : NULL;
	node->input = room(m, n, sizeof *node->input);
	node->output = room(m, n, sizeof *node->output);
	node->attribute = room(m, n, sizeof *node->attribute);
	for (size_t i = 1; i < n; i++) {
		char *name = copy(m, strcmp(word[i], "-") ? word[i] : "");

		if (!strcmp(word[i], ">"))
			behind = true;
		else if (strchr(word[i], '='))
			add_attribute(m, node, word[i]);
		else if (behind)
			node->output[node->n_output++] = name;
		else
			node->input[node->n_input++] = name;
	}
}

static void add_statement(struct model *m, char *text)
{
	char *word[MODEL_ROOM];
	size_t n = 0;

	for (char *save, *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save))
		word[n++] = p;
	if (!strcmp(word[0], "in"))
		add_input(m, word[1], word[2]);
	else if (!strcmp(word[0], "w"))
		add_weights(m, word[1], word[2]);
	else if (!strcmp(word[0], "c") || !strcmp(word[0], "f"))
		add_elements(m, word[1], word[2], word[0][0] == 'f');
	else
		add_node(m, word, n);
}

void model_make(struct model *m, int opset, const char *text)
{
	*m = (struct model){.arena = barista_arena_make()};
	barista__onnx__model_proto__init(&m->proto);
	barista__onnx__graph_proto__init(&m->graph);
	barista__onnx__operator_set_id_proto__init(&m->opset);
	m->proto.graph = &m->graph;
	m->proto.n_opset_import = 1;
	m->proto.opset_import = m->opsets;
	m->opsets[0] = &m->opset;
	m->opset.has_version = true;
	m->opset.version = opset;
	m->graph.node = m->node;
	m->graph.initializer = m->tensor;
	m->graph.input = m->input;
	for (char *save, *p = strtok_r(copy(m, text), ";", &save); p;
	     p = strtok_r(NULL, ";", &save))
		add_statement(m, p);
}

struct attempt {
	const struct barista_source *src;
	const char *given;
};

static int read_again(void *user, struct barista_err *err)
{
	const struct attempt *a = user;
	struct barista_source src = *a->src;
	struct barista_graph g = {0};
	int rc;

	src.arena = barista_arena_make();
	if (!src.arena)
		return barista_no_memory(err);
	rc = barista_inputs_parse(&src.inputs, &a->given, a->given != NULL, src.arena, err);
	if (!rc)
		rc = barista_onnx_read(&src, &g, err);
	barista_graph_release(&g);
	barista_arena_free(src.arena);
	return rc;
}

int model_read_bytes(struct model *m, const void *data, size_t size, const char *given)
{
	struct barista_import_options *options = room(m, 1, sizeof *options);
	char *bytes = room(m, size + 1, 1);

	memcpy(bytes, data, size);
	m->src = (struct barista_source){.path = "x.onnx",
					 .format = barista_import_format_find("x.onnx"),
					 .data = bytes,
					 .size = size,
					 .options = options,
					 .arena = m->arena};
	CHECK_OK(barista_inputs_parse(&m->src.inputs, &given, given != NULL, m->arena, &m->err),
		 &m->err);
	each_out_of_memory(read_again, &(struct attempt){&m->src, given});
	return barista_onnx_read(&m->src, &m->g, &m->err);
}

int model_read(struct model *m, const char *given)
{
	size_t size = barista__onnx__model_proto__get_packed_size(&m->proto);
	uint8_t *data = room(m, size + 1, 1);

	assert_int_equal(barista__onnx__model_proto__pack(&m->proto, data), size);
	return model_read_bytes(m, data, size, given);
}

void model_free(struct model *m)
{
	barista_graph_release(&m->g);
	barista_arena_free(m->arena);
}

const char *model_sizes(const struct model *m, const char *blob)
{
	static char text[200];
	int id = barista_graph_find(&m->g, blob);
	const struct barista_blob *b;

	CHECK(id != BARISTA_NO_BLOB, "no blob %s", blob);
	b = &m->g.blob[id];
	if (b->known == BARISTA_UNKNOWN)
		return "?";
	text[0] = '~';
	barista_dims_text(text + 1, sizeof text - 1, &b->dims);
	return text + (b->known == BARISTA_KNOWN);
}

int64_t model_macs(const struct model *m)
{
	int64_t sum = 0;

	for (size_t i = 0; i < m->g.nops; i++)
		sum += m->g.op[i].mac ? m->g.op[i].mac->macs : 0;
	return sum;
}

int64_t model_missing(const struct model *m)
{
	int64_t sum = 0;

	for (size_t i = 0; i < m->g.nops; i++)
		if (m->g.op[i].problem)
			sum += m->g.op[i].missing_macs;
	return sum;
}
