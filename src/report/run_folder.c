/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/run_folder.h"

#include "io/file.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/workload.h"
#include "report/atomic_folder.h"
#include "report/charts/registry.h"

#include <string.h>

void barista_run_input(json_t *list, const char *role, const char *name, const char *sha256)
{
	json_t *o = json_object();

	json_object_set_new(o, "role", json_string(role));
	json_object_set_new(o, "name", json_string(name));
	json_object_set_new(o, "sha256", json_string(sha256));
	json_array_append_new(list, o);
}

static json_t *run_json(const struct barista_report *r)
{
	json_t *root = json_object(), *inputs = json_array();

	barista_run_input(inputs, "workload", r->net->name, r->net->sha256);
	for (size_t i = 0; i < r->nboards; i++) {
		barista_run_input(inputs, "device", r->board[i].dev->name, r->board[i].dev->sha256);
		barista_run_input(inputs, "precisions", r->board[i].dev->precision_table,
				  r->board[i].dev->precision_sha256);
	}
	barista_run_input(inputs, "baseline", r->baseline->name, r->baseline->sha256);
	if (r->host)
		barista_run_input(inputs, "host", r->host->name, r->host->sha256);
	json_object_set_new(root, "program", json_string("barista-dse"));
	json_object_set_new(root, "version", json_string(BARISTA_VERSION));
	json_object_set_new(root, "command", json_string(r->command));
	json_object_set_new(root, "inputs", inputs);
	json_object_set_new(root, "result", barista_report_json(r));
	return root;
}

static int write_json(const struct barista_report *r, FILE *f, bool drawn, struct barista_err *err)
{
	(void)drawn;
	return barista_json_print(run_json(r), f, err);
}

static int write_report(const struct barista_report *r, FILE *f, bool drawn,
			struct barista_err *err)
{
	return barista_report_print(r, f, true, false, drawn, err);
}

static struct barista_table *layers(const struct barista_report *r)
{
	return barista_layers_table(r, true);
}

static struct barista_table *kernels(const struct barista_report *r)
{
	return barista_kernels_table(r, true);
}

static struct barista_table *selection(const struct barista_report *r)
{
	return barista_selection_table(r, true);
}

static struct barista_table *pareto(const struct barista_report *r)
{
	return barista_pareto_table(r, true);
}

static struct barista_table *curve(const struct barista_report *r)
{
	return barista_scaling_table(r, true);
}

static struct barista_table *what_if(const struct barista_report *r)
{
	return barista_what_if_table(r, true);
}

static int write_workload(const struct barista_report *r, FILE *f, bool drawn,
			  struct barista_err *err)
{
	(void)drawn;
	fputs(r->net->yaml, f);
	return barista_check_stream(f, "workload.yaml", err);
}

static bool is_imported(const struct barista_report *r)
{
	return r->net->yaml != NULL;
}

/* Every file that a run can hold: a table, or what write() puts into it. */
static const struct run_file {
	const char *name;
	struct barista_table *(*table)(const struct barista_report *r);
	int (*write)(const struct barista_report *r, FILE *f, bool drawn, struct barista_err *err);
	bool (*wanted)(const struct barista_report *r); /* NULL: always */
} run_files[] = {
	{"run.json", NULL, write_json, NULL},
	{"layers.csv", layers, NULL, NULL},
	{"kernels.csv", kernels, NULL, NULL},
	{"selection.csv", selection, NULL, barista_ranks_layers},
	{"boards.csv", barista_boards_table, NULL, NULL},
	{"pareto.csv", pareto, NULL, barista_pareto_wanted},
	{"scaling.csv", curve, NULL, barista_scaling_wanted},
	{"whatif.csv", what_if, NULL, barista_what_if_wanted},
	{"workload.yaml", NULL, write_workload, is_imported},
	{"report.md", NULL, write_report, NULL},
};
enum { NRUN_FILES = sizeof run_files / sizeof *run_files };

static int write_table(struct barista_table *t, FILE *f, struct barista_err *err)
{
	int rc = t ? barista_table_csv(t, f, err) : barista_no_memory(err);

	barista_table_free(t);
	return rc;
}

static int write_file(const struct barista_report *r, const char *dir, const struct run_file *file,
		      bool drawn, struct barista_err *err)
{
	struct barista_out_file out;
	char path[4096];
	int rc;

	if (file->wanted && !file->wanted(r))
		return 0;
	snprintf(path, sizeof path, "%.3900s/%s", dir, file->name);
	if ((rc = barista_out_open(&out, path, err)))
		return rc;
	rc = file->table ? write_table(file->table(r), out.f, err)
			 : file->write(r, out.f, drawn, err);
	if (rc)
		barista_out_abandon(&out);
	else
		rc = barista_out_commit(&out, err);
	return rc;
}

static bool is_run_file(const char *name)
{
	for (size_t i = 0; i < NRUN_FILES; i++)
		if (!strcmp(run_files[i].name, name))
			return true;
	return false;
}

int barista_run_write(const struct barista_report *r, const char *dir, bool draw,
		      struct barista_err *undrawn, struct barista_err *err)
{
	struct barista_folder folder;
	char charts[4200];
	bool drawn;
	int rc = barista_folder_begin(&folder, dir, is_run_file, err);

	if (rc)
		return rc;
	snprintf(charts, sizeof charts, "%s/charts", folder.temp);
	rc = barista_charts_write(r, charts, err);
	undrawn->status = 0;
	drawn = !rc && draw && !barista_charts_draw(charts, true, undrawn);
	for (size_t i = 0; !rc && i < NRUN_FILES; i++)
		rc = write_file(r, folder.temp, &run_files[i], drawn, err);
	return barista_folder_end(&folder, rc, err);
}
