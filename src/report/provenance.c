/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of results says how it was made, so that it can be made again. */
#include "report/provenance.h"

#include "barista.h"
#include "io/json.h"

void barista_run_input(json_t *list, const char *role, const char *name, const char *sha256)
{
	json_t *o = json_object();

	barista_json_set_text(o, "role", role);
	barista_json_set_text(o, "name", name);
	barista_json_set_text(o, "sha256", sha256);
	barista_json_append(list, o);
}

json_t *barista_run_json(const char *command, json_t *inputs, json_t *result)
{
	json_t *root = json_object();

	barista_json_set_text(root, "program", "barista-dse");
	barista_json_set_text(root, "version", BARISTA_VERSION);
	barista_json_set_text(root, "command", command);
	barista_json_set(root, "inputs", inputs);
	barista_json_set(root, "result", result);
	return root;
}
