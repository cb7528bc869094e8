/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_PROVENANCE_H
#define REPORT_PROVENANCE_H

#include <jansson.h>

/* Adds a file that a run follows from, {role, name, sha256}, to the list of its inputs. */
void barista_run_input(json_t *list, const char *role, const char *name, const char *sha256);

/* Returns the whole of run.json: program, version, command, inputs and result. Takes over the
 * references; NULL without memory. */
json_t *barista_run_json(const char *command, json_t *inputs, json_t *result);

#endif
