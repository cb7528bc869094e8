/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the closed form of a sample's time leaves out of a design, in cycles. */
#include <math.h>

#include "streaming_gap.h"

static size_t segment_end(const struct gap_item *item, size_t n, size_t from)
{
	size_t end = from;

	while (end < n && item[end].pass->segment == item[from].pass->segment)
		end++;
	return end;
}

static double row(const struct gap_item *i)
{
	return i->interval / (double)i->pass->rows;
}

static double work(const struct gap_item *i)
{
	return row(i) * (double)i->pass->useful_rows;
}

static double slowest(const struct gap_item *item, size_t from, size_t to)
{
	double most = 0;

	for (size_t i = from; i < to; i++)
		most = fmax(most, work(&item[i]));
	return most;
}

double gap_valley(const struct gap_item *item, size_t n)
{
	double lost = 0;

	for (size_t from = 0, to; from < n; from = to) {
		to = segment_end(item, n, from);
		for (size_t i = from + 1; i + 1 < to; i++) {
			double rim = fmin(slowest(item, from, i), slowest(item, i + 1, to));
			double lag =
				item[i].pass->additive_weight / (double)item[i].pass->useful_rows;

			if (rim >= 1.2 * work(&item[i]))
				lost += lag * (rim - work(&item[i]));
		}
	}
	return lost;
}

double gap_lump(const struct gap_item *item, size_t n)
{
	double most = 0;

	for (size_t from = 0, to; from < n; from = to) {
		to = segment_end(item, n, from);
		for (size_t i = from; i < to && to > from + 1; i++)
			most = fmax(most, row(&item[i]));
	}
	return most;
}

/* The time of a segment whose slowest is `at`: stages before it add their fills, those behind it
 * their tails. */
static double path(const struct gap_item *item, size_t from, size_t to, size_t at)
{
	double time = work(&item[at]);

	for (size_t i = from; i < at; i++)
		time += row(&item[i]) * fmin((double)item[i].pass->useful_rows,
					     (double)item[i + 1].pass->fill_rows);
	for (size_t i = at + 1; i < to; i++)
		time += row(&item[i]) * (double)item[i].pass->tail_rows;
	return time;
}

double gap_by_side(const struct gap_item *item, size_t n)
{
	double time = 0;

	for (size_t from = 0, to; from < n; from = to) {
		double longest = 0;

		to = segment_end(item, n, from);
		for (size_t at = from; at < to; at++)
			longest = fmax(longest, path(item, from, to, at));
		time += longest;
	}
	return time;
}
