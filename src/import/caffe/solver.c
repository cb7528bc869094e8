/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads what a solver says about the network that it trains, and finds that network. */
#include "import/caffe/caffe.h"

#include "io/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Puts a path together from the first `folder` bytes of the solver's and the network's; returns
 * whether it fits and names a file that can be read. */
static bool readable(char *path, size_t size, int folder, const char *solver, const char *net)
{
	return snprintf(path, size, "%.*s%s", folder, solver, net) < (int)size &&
	       !access(path, R_OK);
}

/* Looks for the network that a solver names, and tells in *found whether there is a file, whose
 * path goes to path. It is looked for in this order:
 *
 *   1. beside the solver;
 *   2. from the current folder, as Caffe does;
 *   3. beside the solver, with the first folder of the network's name left out, then the second and
 *      so on, because names usually begin at Caffe's own root. The user is told of this guess. */
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

/* Reads the network that a field of the solver names, which takes the solver's place in src. */
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

/* Finds the field that names the network. A solver names exactly one network to train. It may name
 * several to test, of which the first is taken, or else the one to train. */
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

/* Keeps the state that the solver gives the network. Of several test_state the first belongs to the
 * first network to test. */
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
