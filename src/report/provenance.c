/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of results says how it was made, so that it can be made again. */
#include "report/provenance.h"

#include "barista.h"

/* A name that is not UTF-8 has no place in JSON: its key is left out. */
static void set_string(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

void barista_run_input(json_t *list, const char *role, const char *name, const char *sha256)
{
	json_t *o = json_object();

	set_string(o, "role", role);
	set_string(o, "name", name);
	set_string(o, "sha256", sha256);
	json_array_append_new(list, o);
}

json_t *barista_run_json(const char *command, json_t *inputs, json_t *result)
{
	json_t *root = json_object();

	set_string(root, "program", "barista-dse");
	set_string(root, "version", BARISTA_VERSION);
	set_string(root, "command", command);
	json_object_set_new(root, "inputs", inputs);
	json_object_set_new(root, "result", result);
	return root;
}
