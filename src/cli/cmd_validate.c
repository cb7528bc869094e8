/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds the model against measured times of designs that ran. */
#include "base/array.h"
#include "base/err.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/print.h"
#include "report/validation.h"

#include <stdlib.h>

enum { MAX_FILES = 64 };

/* The rows of the validation point into the files, which therefore stay loaded. */
struct work {
	struct barista_validation v;
	size_t room; /* of v.row */
	size_t nfiles;
	struct barista_measured *file[MAX_FILES];
};

/* A row that cannot be modelled is an error of its file. */
static int predict(const struct barista_measured *m, const struct barista_measured_row *row,
		   const char *data_dir, struct barista_validated *out, struct barista_err *err)
{
	char where[1200];
	int rc = barista_measured_predict(row, data_dir, &out->prediction, err);

	out->row = row;
	if (!rc)
		return 0;
	snprintf(where, sizeof where, "%.1000s:%d", m->path, row->line);
	barista_err_context(err, where);
	return rc == BARISTA_E_ARGUMENT ? err->status = BARISTA_E_INPUT : rc;
}

static int add_file(struct work *w, const char *name, const char *data_dir, struct barista_err *err)
{
	struct barista_validation *v = &w->v;
	struct barista_measured *m;
	int rc = barista_measured_load(&m, name, data_dir, err);

	if (rc)
		return rc;
	w->file[w->nfiles++] = m;
	if (!barista_array_reserve(&v->row, &w->room, v->n + m->n, sizeof *v->row))
		return barista_no_memory(err);
	for (size_t i = 0; !rc && i < m->n; i++)
		if (!(rc = predict(m, &m->row[i], data_dir, &v->row[v->n], err)))
			v->n++;
	return rc;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	static char shipped[] = "silicon";
	static char *const default_files[] = {shipped};
	char *const *file = args->noperands ? args->operand : default_files;
	int nfiles = args->noperands ? args->noperands : 1, rc = 0;
	struct work w = {.nfiles = 0};

	for (int i = 0; !rc && i < nfiles; i++)
		rc = add_file(&w, file[i], cli_data_dir(args->problem.data), err);
	if (!rc && !(rc = cli_print(&barista_validation_document, &w.v, &args->output, err)))
		rc = barista_validation_verdict(&w.v, err);
	for (size_t i = 0; i < w.nfiles; i++)
		barista_measured_free(w.file[i]);
	free(w.v.row);
	return rc;
}

const struct cli_command cli_validate = {
	.name = "validate",
	.summary = "hold the model against measured kernel times of designs that ran",
	.operands = "[FILE...]",
	.example = "barista-dse validate ./my-design.yaml",
	.options = CLI_BIT(OPT_FORMAT) | CLI_BIT(OPT_DATA) | CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP),
	.details = "Without FILE: the published designs in devices/measured/silicon.yaml; copy a "
		   "row of it to add\n"
		   "one of your own. Exits with 1 when a row is more than 15 % off, or the median "
		   "of those that\n"
		   "no constant was fitted on is above 5 %.\n",
	.max_operands = MAX_FILES,
	.run = run,
};
