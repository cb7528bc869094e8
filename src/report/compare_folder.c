/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a comparison: its table, its report, what it follows from, and the chart. */
#include "report/compare.h"

#include "base/err.h"
#include "base/text.h"
#include "io/file.h"
#include "network/workload.h"
#include "report/atomic_folder.h"
#include "report/charts/chart.h"
#include "report/run_folder.h"

#include <string.h>

static const char *const files[] = {"run.json", "compare.csv", "report.md", NULL};

static bool is_ours(const char *name)
{
	return files[barista_word_index(files, name)];
}

static int write_one(const struct barista_comparison *c, const char *dir, const char *name,
		     int (*put)(const struct barista_comparison *, FILE *, struct barista_err *),
		     struct barista_err *err)
{
	struct barista_out_file out;
	char path[4300];
	int rc;

	snprintf(path, sizeof path, "%.4200s/%s", dir, name);
	if ((rc = barista_out_open(&out, path, err)))
		return rc;
	if ((rc = put(c, out.f, err)))
		barista_out_abandon(&out);
	else
		rc = barista_out_commit(&out, err);
	return rc;
}

static int put_data(const struct barista_comparison *c, FILE *f, struct barista_err *err)
{
	(void)err;
	barista_chart_compare_data(c, f);
	return 0;
}

static int put_script(const struct barista_comparison *c, FILE *f, struct barista_err *err)
{
	(void)err;
	barista_chart_compare_script(c, f);
	return 0;
}

static int put_report(const struct barista_comparison *c, FILE *f, struct barista_err *err)
{
	return barista_compare_print(c, f, true, err);
}

static int put_table(const struct barista_comparison *c, FILE *f, struct barista_err *err)
{
	struct barista_table *t = barista_compare_table(c, true);
	int rc = t ? barista_table_csv(t, f, err) : barista_no_memory(err);

	barista_table_free(t);
	return rc;
}

static bool first_of_board(const struct barista_comparison *c, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(c->row[j].board, c->row[i].board))
			return false;
	return true;
}

static int put_json(const struct barista_comparison *c, FILE *f, struct barista_err *err)
{
	json_t *root, *inputs = json_array();

	barista_run_input(inputs, "workload", c->net->name, c->net->sha256);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		if (first_of_board(c, i)) {
			barista_run_input(inputs, "device", r->board, r->sha256);
			barista_run_input(inputs, "precisions", r->precision_table,
					  r->precision_sha256);
		}
	}
	root = json_pack("{s:s, s:s, s:s, s:o, s:o}", "program", "barista-dse", "version",
			 BARISTA_VERSION, "command", c->command, "inputs", inputs, "result",
			 barista_compare_json(c));
	return barista_json_print(root, f, err);
}

int barista_compare_write(const struct barista_comparison *c, const char *dir, bool draw,
			  struct barista_err *undrawn, struct barista_err *err)
{
	struct barista_folder folder;
	char charts[4200];
	int rc = barista_folder_begin(&folder, dir, is_ours, err);

	if (rc)
		return rc;
	undrawn->status = 0;
	snprintf(charts, sizeof charts, "%s/charts", folder.temp);
	rc = barista_make_folders(charts, err);
	if (!rc && !(rc = write_one(c, charts, "compare.csv", put_data, err)) &&
	    !(rc = write_one(c, charts, "compare.gp", put_script, err)) && draw)
		barista_charts_draw(charts, true, undrawn);
	if (!rc && !(rc = write_one(c, folder.temp, files[0], put_json, err)) &&
	    !(rc = write_one(c, folder.temp, files[1], put_table, err)))
		rc = write_one(c, folder.temp, files[2], put_report, err);
	return barista_folder_end(&folder, rc, err);
}
