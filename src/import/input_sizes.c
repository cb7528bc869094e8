/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/input_sizes.h"

#include "base/num.h"

#include <string.h>

struct given {
	const char *name; /* NULL for the main input */
	struct barista_dims dims;
	bool used;
};

struct barista_inputs {
	size_t n;
	struct given *given;
};

/* Reads sizes such as "3x224x224", and cuts the text at each x. Returns false when it is none. */
static bool parse_dims(char *text, struct barista_dims *d)
{
	char *p = text;

	for (d->n = 0; p; d->n++) {
		char *next = strchr(p, 'x');

		if (next)
			*next++ = '\0';
		if (d->n == 5 || !barista_parse_int(p, &d->at[d->n]) || d->at[d->n] < 1 ||
		    d->at[d->n] > 1 << 24)
			return false;
		p = next;
	}
	return true;
}

static int parse_one(struct given *out, const char *text, struct barista_arena *arena,
		     struct barista_err *err)
{
	char *copy = barista_arena_strdup(arena, text), *equals;

	if (!copy)
		return barista_no_memory(err);
	equals = strrchr(copy, '=');
	if (equals)
		*equals = '\0';
	out->name = equals ? copy : NULL;
	if (!parse_dims(equals ? equals + 1 : copy, &out->dims) || (equals && !*copy))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "option input: '%.80s' is not CHANNELSxHEIGHTxWIDTH or "
				    "NAME=CHANNELSxHEIGHTxWIDTH, "
				    "e.g. 3x224x224",
				    text);
	return 0;
}

int barista_inputs_parse(struct barista_inputs **out, const char *const *text, size_t n,
			 struct barista_arena *arena, struct barista_err *err)
{
	struct barista_inputs *in = barista_arena_alloc(arena, 1, sizeof *in);

	if (!in || !(in->given = barista_arena_alloc(arena, n + 1, sizeof *in->given)))
		return barista_no_memory(err);
	for (in->n = 0; in->n < n; in->n++) {
		struct given *g = &in->given[in->n];
		int rc = parse_one(g, text[in->n], arena, err);

		if (rc)
			return rc;
		for (size_t i = 0; i < in->n; i++)
			if (g->name ? in->given[i].name && !strcmp(in->given[i].name, g->name)
				    : !in->given[i].name)
				return barista_fail(err, BARISTA_E_ARGUMENT,
						    "option input: %s%.80s%s is given twice",
						    g->name ? "'" : "",
						    g->name ? g->name : "the first input",
						    g->name ? "'" : "");
	}
	*out = in;
	return 0;
}

const struct barista_dims *barista_inputs_find(struct barista_inputs *inputs, const char *name,
					       bool main)
{
	struct given *unnamed = NULL;

	for (size_t i = 0; i < inputs->n; i++) {
		struct given *g = &inputs->given[i];

		if (!g->name)
			unnamed = g;
		else if (!strcmp(g->name, name)) {
			g->used = true;
			return &g->dims;
		}
	}
	if (!unnamed || !main)
		return NULL;
	unnamed->used = true;
	return &unnamed->dims;
}

const char *barista_inputs_unused(const struct barista_inputs *inputs, size_t *i)
{
	while (*i < inputs->n) {
		const struct given *g = &inputs->given[(*i)++];

		if (g->name && !g->used)
			return g->name;
	}
	return NULL;
}

int barista_inputs_check(const struct barista_inputs *inputs, const char *known,
			 struct barista_err *err)
{
	for (size_t i = 0; i < inputs->n; i++) {
		const struct given *g = &inputs->given[i];

		if (g->used)
			continue;
		if (!g->name)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    *known ? "option input: the first input has its size "
						     "by name already"
						   : "option input: the network has no input to "
						     "give a size to");
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "option input: no input is named '%.80s'%s%.300s", g->name,
				    *known ? "; there is " : "", known);
	}
	return 0;
}
