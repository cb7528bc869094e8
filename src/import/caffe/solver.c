/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/caffe/caffe.h"

#include "io/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool readable(char *path, size_t size, int folder, const char *solver, const char *net)
{
	return snprintf(path, size, "%.*s%s", folder, solver, net) < (int)size &&
	       !access(path, R_OK);
}

/* Beside the solver; as Caffe does, from where it is started; and, as that is usually Caffe's own
 * root, beside the solver without the first folders. */
static int find_net_file(struct barista_caffe *c, const char *solver, const char *net, char *path,
			 size_t size, bool *found)
{
	const char *slash = strrchr(solver, '/');
	int folder = slash ? (int)(slash - solver) + 1 : 0;

	*found = (*net != '/' && readable(path, size, folder, solver, net)) ||
		 readable(path, size, 0, "", net);
	for (const char *rest = strchr(net, '/'); rest && !*found; rest = strchr(rest, '/')) {
		rest += strspn(rest, "/");
		if (!*rest || !readable(path, size, folder, solver, rest))
			continue;
		*found = true;
		return barista_source_note(c->src, c->err,
					   "%.300s: its network '%.200s' is taken to be '%.300s'",
					   solver, net, path);
	}
	return 0;
}

static int load_net(struct barista_caffe *c, const struct barista_proto_text *text,
		    const struct barista_proto *field, const char *name)
{
	struct barista_source *src = c->src;
	char path[4096];
	bool found;
	int rc = find_net_file(c, text->path, name, path, sizeof path, &found);

	if (rc)
		return rc;
	if (!found)
		return barista_fail_proto(
			c->err, text, field,
			"there is no '%.200s' here or beside the solver: name the network's "
			"file instead, with option solver for this one",
			name);
	src->solver = src->path;
	memcpy(src->solver_sha256, src->sha256, sizeof src->sha256);
	src->path = barista_arena_strdup(src->arena, path);
	if (!src->path)
		return barista_no_memory(c->err);
	if ((rc = barista_read_file(path, src->arena, &src->data, &src->size, c->err)))
		return rc;
	barista_sha256(src->data, src->size, src->sha256);
	c->text = (struct barista_proto_text){src->path, src->data};
	return barista_proto_parse(&c->root, &c->text, src->size, src->arena, c->err);
}

/* The one field that says which network to train. A solver may have others to test; else it is that
 * one. */
static int find_net(struct barista_caffe *c, const struct barista_proto_text *text,
		    struct barista_proto *solver, struct barista_proto **out)
{
	static const char *const names[] = {"test_net_param", "test_net",  "net",
					    "net_param",      "train_net", "train_net_param"};
	bool test = c->src->options->test_phase;

	*out = NULL;
	for (size_t i = test ? 0 : 2; i < (test ? 4 : 6); i++) {
		struct barista_proto *f = barista_proto_find(solver->first, names[i]);

		if (f && *out && !test)
			return barista_fail_proto(c->err, text, f,
						  "the solver has both '%s' and '%s'", (*out)->name,
						  names[i]);
		if (f && !*out)
			*out = f;
	}
	if (*out)
		return 0;
	return barista_fail_at(c->err, text->path, text->text, 1, 1,
			       "the solver names no network to %s",
			       test ? "test (net or test_net)" : "train (net or train_net)");
}

/* The first test_state is that of the first network to test. */
static int keep_state(struct barista_caffe *c, const struct barista_proto_text *text,
		      struct barista_proto *solver)
{
	const char *name = c->src->options->test_phase ? "test_state" : "train_state";
	struct barista_proto *state = barista_proto_find(solver->first, name);

	if (state && state->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(c->err, text, state, "'%s' must be a message in { }",
					  name);
	c->solver_state = state;
	c->solver_text = *text;
	return 0;
}

int barista_caffe_solver(struct barista_caffe *c, const struct barista_proto_text *text,
			 struct barista_proto *solver, struct barista_proto **net)
{
	struct barista_proto *field;
	const char *name;
	int rc = barista_proto_int(text, solver, "iter_size", 1, 1 << 24, &c->src->iterations,
				   c->err);

	if (rc || (rc = keep_state(c, text, solver)) || !net)
		return rc;
	if ((rc = find_net(c, text, solver, &field)))
		return rc;
	if (field->kind == BARISTA_PROTO_MESSAGE) {
		*net = field;
		return 0;
	}
	if (!(rc = barista_proto_string_value(text, field, &name, c->err)))
		rc = load_net(c, text, field, name);
	if (!rc)
		*net = &c->root;
	return rc;
}
