/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How large the table of the knapsack is. It counts multipliers and block RAMs in the largest units
 * that keep all options whole, and runs from the least that all layers can take together to the
 * budgets or, if that is less, to the most that they can take. */
#include "families/streaming/knapsack.h"

#include <math.h>

struct range {
	double least, most;
};

static double gcd(double a, double b)
{
	while (b != 0) {
		double rest = fmod(a, b);

		a = b;
		b = rest;
	}
	return a;
}

static void find_units(const struct streaming_front *f, struct streaming_knapsack_size *size)
{
	size->multiplier_unit = size->bram_unit = 0;
	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->options[l].n; i++) {
			const struct streaming_option *o = &f->options[l].option[i];

			size->multiplier_unit = gcd(size->multiplier_unit, o->multipliers);
			size->bram_unit = gcd(size->bram_unit, 2 * o->bram);
		}
	}
	size->multiplier_unit = fmax(size->multiplier_unit, 1);
	size->bram_unit = fmax(size->bram_unit, 1);
}

/* An int holds them: no board has more than 10^6 blocks, and a multiplier takes at least 0.01. */
static void count_units(struct streaming_front *f, const struct streaming_knapsack_size *size)
{
	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->options[l].n; i++) {
			struct streaming_option *o = &f->options[l].option[i];

			o->multiplier_units = (int)(o->multipliers / size->multiplier_unit);
			o->bram_units = (int)(2 * o->bram / size->bram_unit);
		}
	}
}

static void add_layer(const struct streaming_options *options, struct range *rows,
		      struct range *columns)
{
	struct range r = {INFINITY, 0}, c = {INFINITY, 0};

	for (size_t i = 0; i < options->n; i++) {
		const struct streaming_option *o = &options->option[i];

		r = (struct range){fmin(r.least, o->multiplier_units),
				   fmax(r.most, o->multiplier_units)};
		c = (struct range){fmin(c.least, o->bram_units), fmax(c.most, o->bram_units)};
	}
	rows->least += r.least;
	rows->most += r.most;
	columns->least += c.least;
	columns->most += c.most;
}

struct streaming_knapsack_size barista_streaming_knapsack_size(struct streaming_front *f)
{
	struct streaming_knapsack_size size;
	struct range rows = {0, 0}, columns = {0, 0};

	find_units(f, &size);
	count_units(f, &size);
	for (size_t l = 0; l < f->nlayers; l++)
		add_layer(&f->options[l], &rows, &columns);
	rows.most = fmin(rows.most, floor(f->max_multipliers / size.multiplier_unit));
	columns.most = fmin(columns.most, floor(2 * f->max_bram / size.bram_unit));
	size.least_row = (int)rows.least;
	size.least_column = (int)columns.least;
	size.rows = (int)(rows.most - rows.least) + 1;
	size.columns = (int)(columns.most - columns.least) + 1;
	return size;
}
