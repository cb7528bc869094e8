/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart maps the objective over the family's first two knobs, in the best kernel's
 * precision. */
#include "report/charts/chart.h"

#include "report/charts/script.h"
#include "report/charts/sizes.h"
#include "search/search.h"

#include <math.h>

static int map_row(const struct barista_report *r, FILE *f, size_t i, double down,
		   struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	size_t choice_knob = b->model.family->knob_order[0];
	double choice = barista_board_choice(b)->point.knob[choice_knob];
	double across[BARISTA_MAX_SIDES];
	size_t n = barista_sides(b, 1, across);

	for (size_t j = 0; j < n; j++) {
		struct barista_size_best best;
		int rc = barista_best_of_size(r, down, across[j], choice, &best, err);

		if (rc)
			return rc;
		fprintf(f, "%zu,%zu,%.0f,%.0f", i, j, down, across[j]);
		barista_script_field(f, best.fits ? best.value : (double)NAN, 1);
		fputc('\n', f);
	}
	return 0;
}

static int map_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_family *family = b->model.family;
	double down[BARISTA_MAX_SIDES];
	size_t n = barista_sides(b, 0, down);
	char label[64];
	int rc = 0;

	fprintf(f, "row,column,%s,%s,%s\n", family->knob[0].name, family->knob[1].name,
		barista_size_label(r, label));
	for (size_t i = 0; !rc && i < n; i++)
		rc = map_row(r, f, i, down[i], err);
	return rc;
}

/* The tics of the axis stand at 0, 1, 2, ... and are labelled with the values of a knob. */
static void put_tics(const struct barista_board *b, FILE *f, char axis, size_t knob)
{
	double side[BARISTA_MAX_SIDES];
	size_t n = barista_sides(b, knob, side);

	fprintf(f, "set %clabel '%s'\nset %crange [-0.5:%zu.5]\nset %ctics (", axis,
		b->model.family->knob[knob].name, axis, n - 1, axis);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s'%.0f' %zu", i ? ", " : "", side[i], i);
	fputs(")\n", f);
}

static int map_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	char title[160], label[64];

	(void)err;
	snprintf(title, sizeof title, "%s, other knobs at their best; blank: does not fit",
		 barista_size_label(r, label));
	barista_script_head(f, r, title);
	put_tics(&r->board[0], f, 'x', 1);
	put_tics(&r->board[0], f, 'y', 0);
	fputs("unset grid\nset border 15\nunset key\n", f);
	/* Times and energies of small tiles are many times those of good ones. */
	fputs(barista_more_is_better(r)
		      ? "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#2171b5')\n"
			"set cbrange [0:*]\n"
		      : "set palette defined (0 '#2171b5', 0.5 '#6baed6', 1 '#f7fbff')\n"
			"set logscale cb\n",
	      f);
	barista_script_plot(
		f, "ppw_map", "800,640",
		"plot 'ppw_map.csv' skip 1 using 2:1:(0.5):(0.5):5 with boxxyerror fs solid 1 "
		"lc palette, "
		"'' skip 1 using 2:1:(sprintf($5 < 1000 ? '%.3g' : '%.0f', $5)) with labels "
		"font ',8' tc rgb '#222222'");
	return 0;
}

static size_t map_searches(const struct barista_report *r)
{
	double side[BARISTA_MAX_SIDES];

	return barista_sides(&r->board[0], 0, side) * barista_sides(&r->board[0], 1, side);
}

const struct chart_def barista_chart_map = {"ppw_map", map_data, map_script, barista_ranks_layers,
					    map_searches};
