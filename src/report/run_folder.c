/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes the folder of a run, from one table of the files that it can hold. */
#include "report/run_folder.h"

#include "io/file.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/workload.h"
#include "report/atomic_folder.h"
#include "report/charts/registry.h"
#include "report/provenance.h"
#include "report/put_file.h"
#include "report/report_document.h"

#include <string.h>

static json_t *run_json(const struct barista_report *r)
{
	json_t *inputs = json_array();

	barista_run_input(inputs, "workload", r->net->name, r->net->sha256);
	for (size_t i = 0; i < r->nboards; i++) {
		const struct barista_device *dev = r->board[i].dev;

		barista_run_input(inputs, "device", dev->name, dev->sha256);
		barista_run_input(inputs, "precisions", dev->precision_table,
				  dev->precision_sha256);
	}
	barista_run_input(inputs, "baseline", r->baseline->name, r->baseline->sha256);
	if (r->host)
		barista_run_input(inputs, "host", r->host->name, r->host->sha256);
	return barista_run_json(r->command, inputs, barista_report_json(r));
}

static int write_json(const struct barista_report *r, FILE *f, uint64_t drawn,
		      struct barista_err *err)
{
	(void)drawn;
	return barista_json_print(run_json(r), f, err);
}

static int write_report(const struct barista_report *r, FILE *f, uint64_t drawn,
			struct barista_err *err)
{
	return barista_formats[BARISTA_FORMAT_MARKDOWN].write(
		&barista_report_document, r, (struct barista_style){.charts = drawn}, f, err);
}

static int write_workload(const struct barista_report *r, FILE *f, uint64_t drawn,
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

/* A run can hold these files. Each is a table, or what write() puts into it. */
static const struct run_file {
	const char *name;
	struct barista_table *(*table)(const struct barista_report *r, bool wide);
	int (*write)(const struct barista_report *r, FILE *f, uint64_t drawn,
		     struct barista_err *err);
	bool (*wanted)(const struct barista_report *r); /* NULL: always */
} run_files[] = {
	{"run.json", NULL, write_json, NULL},
	{"layers.csv", barista_layers_table, NULL, NULL},
	{"kernels.csv", barista_kernels_table, NULL, NULL},
	{"selection.csv", barista_selection_table, NULL, barista_ranks_layers},
	{"boards.csv", barista_boards_table, NULL, NULL},
	{"pareto.csv", barista_pareto_table, NULL, barista_pareto_wanted},
	{"scaling.csv", barista_scaling_table, NULL, barista_scaling_wanted},
	{"whatif.csv", barista_what_if_table, NULL, barista_what_if_wanted},
	{"workload.yaml", NULL, write_workload, is_imported},
	{"report.md", NULL, write_report, NULL},
};
enum { NRUN_FILES = sizeof run_files / sizeof *run_files };

static bool is_run_file(const char *name)
{
	for (size_t i = 0; i < NRUN_FILES; i++)
		if (!strcmp(run_files[i].name, name))
			return true;
	return false;
}

/* This is one file of a run that is being written. */
struct writing {
	const struct run_file *file;
	const struct barista_report *report;
	uint64_t drawn; /* bit i: there is a picture of chart i */
};

static int put(const void *writing, FILE *f, struct barista_err *err)
{
	const struct writing *w = writing;
	struct barista_table *t;
	int rc;

	if (w->file->write)
		return w->file->write(w->report, f, w->drawn, err);
	t = w->file->table(w->report, true);
	rc = t ? barista_table_csv(t, f, err) : barista_no_memory(err);
	barista_table_free(t);
	return rc;
}

int barista_run_try(const char *dir, struct barista_err *err)
{
	return barista_folder_try(dir, is_run_file, err);
}

int barista_run_write(const struct barista_report *r, const char *dir, bool draw, bool stopped,
		      struct barista_written *out, struct barista_err *err)
{
	struct barista_folder folder;
	struct barista_pictures drawn = {0, 0, false};
	char charts[4200];
	int rc = barista_folder_begin(&folder, dir, is_run_file, err);

	if (rc)
		return rc;
	snprintf(charts, sizeof charts, "%s/charts", folder.temp);
	out->charts = (struct barista_err){0, ""};
	rc = barista_charts_write(r, charts, err);
	if (rc == BARISTA_E_STOPPED) {
		out->charts = *err;
		rc = 0;
	} else if (!rc && draw)
		(void)barista_charts_draw(folder.temp,
					  &(struct barista_draw_options){true, r->watch->stop},
					  &drawn, &out->charts);
	for (size_t i = 0; !rc && i < NRUN_FILES; i++)
		if (!run_files[i].wanted || run_files[i].wanted(r))
			rc = barista_put_file(folder.temp, run_files[i].name, put,
					      &(struct writing){&run_files[i], r, drawn.png}, err);
	if (stopped || out->charts.status == BARISTA_E_STOPPED)
		barista_folder_spare(&folder);
	if (drawn.no_gnuplot)
		out->charts.status = 0;
	snprintf(out->place, sizeof out->place, "%s", folder.dir);
	return barista_folder_end(&folder, rc, err);
}
