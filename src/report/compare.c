/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Architectures and boards side by side, in the same terms. */
#include "report/compare.h"

#include "barista/family.h"
#include "base/err.h"
#include "base/text.h"
#include "io/file.h"
#include "io/unit.h"
#include "model/metric.h"
#include "network/workload.h"
#include "report/atomic_folder.h"
#include "report/charts/chart.h"
#include "report/run_folder.h"

#include <math.h>
#include <string.h>

static const enum barista_metric shown[] = {BARISTA_PPW_MEAN, BARISTA_PPW_TOTAL, BARISTA_DSP,
					    BARISTA_BRAM, BARISTA_BOARDS};
enum { NSHOWN = sizeof shown / sizeof *shown };

static size_t make_columns(struct barista_column *c, bool wide)
{
	size_t n = 0;

	c[n++] = (struct barista_column){"family", BARISTA_TEXT, 0};
	c[n++] = (struct barista_column){"board", BARISTA_TEXT, 0};
	c[n++] = (struct barista_column){"best for", BARISTA_TEXT, 0};
	c[n++] = (struct barista_column){"time per image", BARISTA_REAL, BARISTA_DIM_SECOND};
	c[n++] = (struct barista_column){"images/s", BARISTA_REAL, BARISTA_DIM_COUNT};
	for (size_t m = 0; m < (wide ? (size_t)BARISTA_NMETRICS : NSHOWN); m++) {
		const struct barista_metric_def *d =
			&barista_metric_defs[wide ? m : (size_t)shown[m]];

		c[n++] = (struct barista_column){d->name, BARISTA_REAL, d->dimension};
	}
	c[n++] = (struct barista_column){"binds", BARISTA_TEXT, 0};
	if (wide)
		c[n++] = (struct barista_column){"design", BARISTA_TEXT, 0};
	if (wide)
		c[n++] = (struct barista_column){"why not", BARISTA_TEXT, 0};
	return n;
}

static void add_row(struct barista_table *t, const struct barista_compared *r, bool wide)
{
	const double time = r->feasible ? r->metric[BARISTA_TIME] : (double)NAN;

	barista_cell_text(t, r->family->name);
	barista_cell_text(t, r->board);
	barista_cell_text(t, r->feasible ? r->aim : "-");
	barista_cell_real(t, time);
	barista_cell_real(t, 1 / time);
	for (size_t m = 0; m < (wide ? (size_t)BARISTA_NMETRICS : NSHOWN); m++)
		barista_cell_real(t, r->feasible ? r->metric[wide ? m : (size_t)shown[m]]
						 : (double)NAN);
	barista_cell_text(t, r->feasible ? r->binds : "does not fit");
	if (wide)
		barista_cell_text(t, r->feasible ? r->design : "");
	if (wide)
		barista_cell_text(t, r->feasible ? "" : r->why_not);
}

struct barista_table *barista_compare_table(const struct barista_comparison *c, bool wide)
{
	struct barista_column column[8 + BARISTA_NMETRICS];
	struct barista_table *t = barista_table_make(column, make_columns(column, wide));

	for (size_t i = 0; t && i < c->n; i++)
		add_row(t, &c->row[i], wide);
	return t;
}

json_t *barista_compare_json(const struct barista_comparison *c)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];
		json_t *o = json_object();

		json_object_set_new(o, "family", json_string(r->family->name));
		json_object_set_new(o, "device", json_string(r->board));
		json_object_set_new(o, "feasible", json_boolean(r->feasible));
		json_object_set_new(o, "why_not",
				    r->feasible ? json_null() : json_string(r->why_not));
		json_object_set_new(o, "best_for", r->feasible ? json_string(r->aim) : json_null());
		json_object_set_new(o, "kernel",
				    r->feasible ? json_string(r->design) : json_null());
		json_object_set_new(o, "binds", r->feasible ? json_string(r->binds) : json_null());
		json_object_set_new(
			o, "images_per_s",
			barista_json_real(r->feasible ? 1 / r->metric[BARISTA_TIME] : (double)NAN));
		for (int m = 0; m < BARISTA_NMETRICS; m++)
			json_object_set_new(
				o, barista_metric_defs[m].key,
				barista_json_real(r->feasible ? r->metric[m] : (double)NAN));
		json_array_append_new(rows, o);
	}
	return json_pack("{s:s, s:f, s:o}", "workload", c->net->name, "op_per_image", c->ops,
			 "designs", rows);
}

int barista_compare_print(const struct barista_comparison *c, FILE *f, bool markdown,
			  struct barista_err *err)
{
	struct barista_table *t = barista_compare_table(c, false);
	char ops[64];
	int rc;

	barista_quantity_format(ops, sizeof ops, c->ops, BARISTA_DIM_OP);
	fprintf(f, "%s%s%s\n%s per %simage; times are per image\n\n", markdown ? "# " : "",
		c->net->title, markdown ? "\n" : "", ops, c->training ? "training " : "");
	if (c->net->incomplete)
		fprintf(f, "INCOMPLETE: %s\n\n", c->net->incomplete);
	rc = !t         ? barista_no_memory(err)
	     : markdown ? barista_table_markdown(t, f, err)
			: barista_table_print(t, f, false, err);
	barista_table_free(t);
	fputc('\n', f);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		fprintf(f, "%s%s on %s%s%s: %s\n", markdown ? "- " : "", r->family->name, r->board,
			r->feasible ? ", best for " : "", r->feasible ? r->aim : "",
			r->feasible ? r->design : r->why_not);
	}
	if (markdown)
		fputs("\n![compare](charts/compare.png)\n", f);
	return rc;
}

/* ---- the folder ---- */

static const char *const files[] = {"run.json", "compare.csv", "report.md", NULL};

static bool is_ours(const char *name)
{
	return files[barista_word_index(files, name)];
}

static void write_data(const struct barista_comparison *c, FILE *f)
{
	char name[256];

	fputs("design,time per image [s],ppw [Gop/s/W]\n", f);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		snprintf(name, sizeof name, "%s, %s%s%s", r->family->name, r->board,
			 r->feasible ? ", for " : ": does not fit", r->feasible ? r->aim : "");
		barista_script_name(f, name);
		fputc(',', f);
		barista_script_real(f, r->feasible ? r->metric[BARISTA_TIME] : (double)NAN, 1);
		fputc(',', f);
		barista_script_real(f, r->feasible ? r->metric[BARISTA_PPW_TOTAL] : (double)NAN,
				    1e9);
		fputc('\n', f);
	}
}

/* Horizontal bars; a time spans decades, so that its axis is logarithmic. */
static void write_script(const struct barista_comparison *c, FILE *f)
{
	char size[32];

	barista_script_style(f, "Architectures side by side", c->net->title);
	fprintf(f,
		"set yrange [%zu.6:-0.6]\nset grid noytics xtics lc rgb '#dddddd'\nset ytics font ',9' noenhanced\nunset key\n",
		c->n - 1);
	snprintf(size, sizeof size, "1000,%zu", 140 + 34 * c->n);
	barista_script_plot(
		f, "compare", size,
		"set multiplot layout 1,2 title heading noenhanced font ',10'\nset lmargin at screen 0.36\nset rmargin at screen 0.66\n"
		"unset title\nset logscale x\nset format x '%.0s %cs'\nset xlabel 'time per image'\nset bmargin at screen 0.18\n"
		"set tmargin at screen 0.86\nset xtics font ',9'\n"
		"plot 'compare.csv' skip 1 using 2:0:(0.35):ytic(1) with points pt 7 ps 1.4 lt 1\n"
		"set lmargin at screen 0.69\nset rmargin at screen 0.97\nunset logscale x\nset format x '%g'\nset format y ''\n"
		"set xlabel 'PPW [Gop/s/W]'\nset xrange [0:*]\n"
		"plot 'compare.csv' skip 1 using 3:0:(0):3:($0-0.35):($0+0.35) with boxxyerror lt 2\n"
		"unset multiplot\nset format y\nset xrange [*:*]");
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
	write_data(c, f);
	return 0;
}

static int put_script(const struct barista_comparison *c, FILE *f, struct barista_err *err)
{
	(void)err;
	write_script(c, f);
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

static bool never(const struct barista_report *r)
{
	(void)r;
	return false;
}

const struct chart_def barista_chart_compare = {"compare", NULL, NULL, never};
