/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes the folder of a comparison: its files and its chart. */
#include "report/compare_folder.h"

#include "io/file.h"
#include "network/workload.h"
#include "report/atomic_folder.h"
#include "report/charts/chart.h"
#include "report/charts/registry.h"
#include "report/provenance.h"
#include "report/put_file.h"

#include <string.h>

static int put_data(const void *comparison, FILE *f, struct barista_err *err)
{
	(void)err;
	return barista_chart_compare_data(comparison, f);
}

static int put_script(const void *comparison, FILE *f, struct barista_err *err)
{
	(void)err;
	return barista_chart_compare_script(comparison, f);
}

/* This is a comparison that is being written. */
struct writing {
	const struct barista_comparison *comparison;
	uint64_t drawn; /* bit i: there is a picture of chart i */
};

static int put_in(int format, const void *writing, FILE *f, struct barista_err *err)
{
	const struct writing *w = writing;

	return barista_formats[format].write(&barista_compare_document, w->comparison,
					     (struct barista_style){.charts = w->drawn}, f, err);
}

static int put_report(const void *writing, FILE *f, struct barista_err *err)
{
	return put_in(BARISTA_FORMAT_MARKDOWN, writing, f, err);
}

static int put_table(const void *writing, FILE *f, struct barista_err *err)
{
	return put_in(BARISTA_FORMAT_CSV, writing, f, err);
}

static bool first_of_board(const struct barista_comparison *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(c->row[j].board, c->row[i].board))
			return false;
	return true;
}

static int put_json(const void *writing, FILE *f, struct barista_err *err)
{
	const struct barista_comparison *c = ((const struct writing *)writing)->comparison;
	json_t *inputs = json_array();

	barista_run_input(inputs, "workload", c->net->name, c->net->sha256);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		if (first_of_board(c, i)) {
			barista_run_input(inputs, "device", r->board, r->sha256);
			barista_run_input(inputs, "precisions", r->precision_table,
					  r->precision_sha256);
		}
	}
	return barista_json_print(barista_run_json(c->command, inputs, barista_compare_json(c)), f,
				  err);
}

/* The folder holds these files beside its chart. */
static const struct {
	const char *name;
	int (*put)(const void *writing, FILE *f, struct barista_err *err);
} files[] = {
	{"run.json", put_json},
	{"compare.csv", put_table},
	{"report.md", put_report},
};
enum { NFILES = sizeof files / sizeof *files };

static bool is_ours(const char *name)
{
	size_t i = 0;

	while (i < NFILES && strcmp(files[i].name, name) != 0)
		i++;
	return i < NFILES;
}

static int write_chart(const struct barista_comparison *c, const char *dir, struct barista_err *err)
{
	int rc = barista_make_folders(dir, err);

	if (!rc)
		rc = barista_put_file(dir, "compare.csv", put_data, c, err);
	return rc ? rc : barista_put_file(dir, "compare.gp", put_script, c, err);
}

int barista_compare_try(const char *dir, struct barista_err *err)
{
	return barista_folder_try(dir, is_ours, err);
}

int barista_compare_write(const struct barista_comparison *c, const char *dir, bool draw,
			  const volatile sig_atomic_t *stop, struct barista_written *out,
			  struct barista_err *err)
{
	struct barista_pictures drawn = {0, 0, false};
	struct barista_folder folder;
	char charts[4200];
	int rc = barista_folder_begin(&folder, dir, is_ours, err);

	if (rc)
		return rc;
	out->charts = (struct barista_err){0, ""};
	snprintf(charts, sizeof charts, "%s/charts", folder.temp);
	rc = write_chart(c, charts, err);
	if (!rc && draw)
		(void)barista_charts_draw(folder.temp, &(struct barista_draw_options){true, stop},
					  &drawn, &out->charts);
	for (size_t i = 0; !rc && i < NFILES; i++)
		rc = barista_put_file(folder.temp, files[i].name, files[i].put,
				      &(struct writing){c, drawn.png}, err);
	if (out->charts.status == BARISTA_E_STOPPED)
		barista_folder_spare(&folder);
	if (drawn.no_gnuplot)
		out->charts.status = 0;
	snprintf(out->place, sizeof out->place, "%s", folder.dir);
	return barista_folder_end(&folder, rc, err);
}
