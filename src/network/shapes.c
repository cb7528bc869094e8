/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workload file does not say which layer reads which, but whoever changes a layer and forgets
 * those behind it leaves something that nobody gives, or that nobody reads. */
#include "network/layers.h"

#include "base/err.h"
#include "io/schema.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

/* The sizes, in elements per image, that there are. Some layers give several blobs, whose sizes
 * the file does not tell, and some read several: then all up to the largest are taken to be there.
 */
struct sizes {
	json_t *exact; /* an object with a key for each */
	int64_t up_to;
};

static const char *key_of(int64_t size, char key[24])
{
	snprintf(key, 24, "%" PRId64, size);
	return key;
}

static bool holds(const struct sizes *s, int64_t size)
{
	char key[24];

	return size <= s->up_to || json_object_get(s->exact, key_of(size, key));
}

/* False without memory. */
static bool add(struct sizes *s, int64_t size, bool parts)
{
	char key[24];

	if (parts && size > s->up_to)
		s->up_to = size;
	return parts || !json_object_set_new(s->exact, key_of(size, key), json_true());
}

static bool gives_parts(const struct barista_layer *l)
{
	return l->type == BARISTA_LAYER_OTHER ||
	       (l->type == BARISTA_LAYER_CONCAT && l->inputs == 1);
}

static bool reads_parts(const struct barista_layer *l)
{
	return l->type == BARISTA_LAYER_OTHER || (l->inputs > 1 && l->type != BARISTA_LAYER_SUM);
}

/* The blobs of a sum are of one size. */
static int64_t size_of_blob(const struct barista_layer *l)
{
	return l->type == BARISTA_LAYER_SUM ? l->in / l->inputs : l->in;
}

/* Does what the layer gives follow from what it reads, as far as its type tells? */
static bool is_consistent(const struct barista_layer *l)
{
	switch (l->type) {
	case BARISTA_LAYER_SUM: return l->out * l->inputs == l->in;
	case BARISTA_LAYER_CONCAT:
	case BARISTA_LAYER_VIEW: return l->out == l->in;
	case BARISTA_LAYER_ACTIVATION:
	case BARISTA_LAYER_LRN:
	case BARISTA_LAYER_BATCH_NORM:
	case BARISTA_LAYER_SCALE:
	case BARISTA_LAYER_DROPOUT:
	case BARISTA_LAYER_SOFTMAX: return l->inputs > 1 || l->out == l->in;
	default: return true;
	}
}

static int fail_inconsistent(const struct barista_layer *l, const struct barista_doc *doc,
			     const struct barista_node *node, struct barista_err *err)
{
	const struct barista_node *out = barista_node_get(node, "out");

	return barista_fail_node(err, doc, out ? out : node,
				 "layer '%.80s' gives %" PRId64
				 " elements per image, which do not follow from "
				 "the %" PRId64 " that it reads%s",
				 l->name, l->out, l->in, l->inputs > 1 ? " in all its inputs" : "");
}

static int fail_not_given(const struct barista_workload *net, size_t i,
			  const struct barista_doc *doc, const struct barista_node *node,
			  struct barista_err *err)
{
	const struct barista_layer *l = &net->layer[i];
	const struct barista_node *in = barista_node_get(node, "in");

	return barista_fail_node(
		err, doc, in ? in : node,
		"layer '%.80s' reads %" PRId64 " elements per image, but neither the network's "
		"input nor a layer above gives as many; '%.80s', the last one above, gives "
		"%" PRId64,
		l->name, l->in, i ? net->layer[i - 1].name : "input",
		i ? net->layer[i - 1].out : net->input[0] * net->input[1] * net->input[2]);
}

static int fail_not_read(const struct barista_workload *net, size_t i,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err)
{
	const struct barista_layer *l = &net->layer[i];
	const struct barista_node *out = barista_node_get(node, "out");

	return barista_fail_node(err, doc, out ? out : node,
				 "layer '%.80s' gives %" PRId64
				 " elements per image, but no layer below reads as "
				 "many; '%.80s', the next one, reads %" PRId64,
				 l->name, l->out, net->layer[i + 1].name, net->layer[i + 1].in);
}

/* read[i]: a layer below reads what layer i gives. */
static int check(const struct barista_workload *net, const bool *read, struct sizes *given,
		 const struct barista_doc *doc, const struct barista_node *list,
		 struct barista_err *err)
{
	bool ok = add(given, net->input[0] * net->input[1] * net->input[2], false);

	for (size_t i = 0; ok && i < net->nlayers; i++) {
		const struct barista_layer *l = &net->layer[i];

		if (!is_consistent(l))
			return fail_inconsistent(l, doc, list->item[i], err);
		if (!reads_parts(l) && !holds(given, size_of_blob(l)))
			return fail_not_given(net, i, doc, list->item[i], err);
		if (!read[i] && i + 1 < net->nlayers)
			return fail_not_read(net, i, doc, list->item[i], err);
		ok = add(given, l->out, gives_parts(l));
	}
	return ok ? 0 : barista_no_memory(err);
}

/* Sets read[i] when a layer below may read what layer i gives; false without memory. */
static bool mark_read(const struct barista_workload *net, bool *read, struct sizes *wanted)
{
	bool ok = true;

	for (size_t i = net->nlayers; ok && i-- > 0;) {
		const struct barista_layer *l = &net->layer[i];

		read[i] = gives_parts(l) || holds(wanted, l->out);
		ok = add(wanted, size_of_blob(l), reads_parts(l));
	}
	return ok;
}

int barista_shapes_check(const struct barista_workload *net, const struct barista_doc *doc,
			 const struct barista_node *list, struct barista_err *err)
{
	struct sizes given = {json_object(), 0}, wanted = {json_object(), 0};
	bool *read = barista_arena_alloc(net->arena, net->nlayers, sizeof *read);
	int rc = given.exact && wanted.exact && read && mark_read(net, read, &wanted)
			 ? check(net, read, &given, doc, list, err)
			 : barista_no_memory(err);

	json_decref(given.exact);
	json_decref(wanted.exact);
	return rc;
}
